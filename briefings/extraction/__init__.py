"""Figures out of running text: press releases and government work reports, in English and in Chinese.

In comes a `Document` (text, its language and what is known of it); out go `Statement`s, one a figure, each with its
place in the text. Which files hold the text is for `sources`; whether a figure may be used is for a person, or for the
rules of a source.
"""

from briefings.extraction.blocks import blocks_of
from briefings.extraction.model import Block, Document, Statement, to_json
from briefings.extraction.reader import extract

__all__ = ["Block", "Document", "Statement", "blocks_of", "extract", "to_json"]
