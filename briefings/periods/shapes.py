"""The vocabulary of periods: how often figures come, and the shapes that their periods have."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

Language = Literal["en", "zh"]


class Frequency(StrEnum):
    """How often a series has a figure, from the rarest to the most frequent."""

    ANNUAL = "annual"
    HALF_YEARLY = "half-yearly"
    QUARTERLY = "quarterly"
    MONTHLY = "monthly"
    TEN_DAY = "ten-day"
    WEEKLY = "weekly"
    DAILY = "daily"


class Shape(StrEnum):
    """The shape of a period. Only figures of equal shapes are compared: a month never with January to that month."""

    YEAR = "year"
    HALF_YEAR = "half-year"
    QUARTER = "quarter"
    MONTH = "month"
    TEN_DAYS = "ten-day period"
    WEEK = "week"
    DAY = "day"
    CUMULATED_MONTHS = "cumulated months"
    TO_DATE = "year to date"
    CUMULATED_YEARS = "cumulated years"


SHAPE_OF = {
    Frequency.ANNUAL: Shape.YEAR,
    Frequency.HALF_YEARLY: Shape.HALF_YEAR,
    Frequency.QUARTERLY: Shape.QUARTER,
    Frequency.MONTHLY: Shape.MONTH,
    Frequency.TEN_DAY: Shape.TEN_DAYS,
    Frequency.WEEKLY: Shape.WEEK,
    Frequency.DAILY: Shape.DAY,
}
# Cumulated months are released month by month. A year to date and a run of years have no release of their own.
FREQUENCY_OF = {shape: frequency for frequency, shape in SHAPE_OF.items()} | {Shape.CUMULATED_MONTHS: Frequency.MONTHLY}
MONTHS_IN = {Shape.YEAR: 12, Shape.HALF_YEAR: 6, Shape.QUARTER: 3, Shape.MONTH: 1}
