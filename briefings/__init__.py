"""Periodic briefings whose every number can be followed to its source."""

__version__ = "0.1.0"
