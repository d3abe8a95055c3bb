"""What may hold a number in an edition and print no figure: its furniture, stated in one place.

In: the lines of a script, the briefing. Out: objections to numbers that are neither. Furniture is bound by position as
figures are, since it stands in the script's lines; what is checked here is that it is furniture at all. Each kind has
its reason. A run of plain words may hold the dates and names below and no other number, in digits or in words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import groupby

from briefings.audit.model import Objection
from briefings.audit.tokens import CHINESE_NUMBERS, plain
from briefings.briefing import Briefing
from briefings.script import Furniture, Line, Script

#: Kinds of furniture that a script marks, and why each may hold numbers.
KINDS: dict[Furniture, str] = {
    "list number": "numbers of notes, sources and items, by which the text points at them",
    "page number": "the foot of a page and the list of contents; worked out anew from the PDF itself",
    "label": "Table 1, Figure 2: what the text calls a table or a chart by",
    "period": "when something was",
    "name": "names of places, indicators, publishers and documents, dates of publication and of issue",
    "edition": "the edition's id, its revision, the hash of its content",
    "address": "links",
    "scale": "the ticks of an axis and the bounds of colours: no data, and no figure is printed at them",
    "locator": "where in its source an input stands: rows, characters, formulas over inputs",
    "quote": "the words of a source, in quotation marks",
    "unit": "units at the heads of columns: per 100 US dollars, 10,000 people",
    "data": "what programs read in a page; it is the very text of the script",
}

#: Dates and parts of them, as sentences, captions and axes write them. Years are checked apart.
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_YEAR = r"(?:1[5-9]|20|21)[0-9]{2}"
_A_YEAR, _DIGITS_ALONE = re.compile(_YEAR), re.compile("[0-9]+")
_DATES = re.compile(
    rf"(?P<day>[0-9]{{1,2}})(?:(?:[–—-]| to )[0-9]{{1,2}})? (?={_MONTH})"
    rf"|{_MONTH} [0-9]{{1,2}}(?:[–—-][0-9]{{1,2}})?(?![0-9])"
    rf"|(?P<years>{_YEAR})(?:[–—-](?P<until>{_YEAR}))?年?"
    r"|[0-9]{1,2}(?:[—–-][0-9]{1,2})?(?:月|日|季度|周)|Q[1-4]|H[12]|[Ww]eek [0-9]{1,2}"
    r"|[0-9]{1,2}(?:st|nd|rd|th) (?:Five-Year Plan|ten-day period)"
    r"|(?:first|second|third|fourth) (?:quarter|half|ten days)|half-year(?:s|ly)?|(?:上一个?|前一个?|[上下])半年"
    r"|第?[一二三四1-4]季度|[一二三四五六七八九十]+五(?=[”」》]|时期|规划|期)|[0-9]{1,2}:[0-9]{2}"
)
#: Labels that the text points with.
_LABELS = re.compile(
    r"(?:Figures?|Tables?)[ \u00a0][0-9]+|[图表][0-9]+|Showing [0-9]+ of [0-9]+|共[0-9]+项，列出[0-9]+项"
)
#: Words of the trade that hold a numeral and tell no figure, each with its reason.
_TERMS = re.compile(
    r"(?:first|second|third|fourth) (?:estimate|place)|第[一二三](?=产业|、|和)|一般公共预算|一次性|统一|一体化"
    r"|over [0-9]+ (?:years|quarters|months|periods)|近[0-9]+(?:年|季度|个月|期)"
    r"|百分之百|one hundred percent|首尾两年|两个时期|最多跑一次|第三方|二手房|三农|两会|五险一金|双一流"
)
#: Numbers in English words that no sentence uses for anything else.
_WORDS = re.compile(
    r"\b(?:doubl(?:e|ed|ing)|tripl(?:e|ed|ing)|trebled|twice|thrice|dozens?|half|halved|thirds|hundreds?|thousands?)\b"
)
#: What is filled in where a name stands in a sentence; other braces are part of the name.
_BLANK = re.compile(r"\{(?:place|currency|indicator|breakdown)\}")
#: An amount inside a name.
_AMOUNT = re.compile(r"(?:[A-Z]{3} )?[0-9][0-9,.]*(?: (?:million|billion)|[万亿]+元?)")
#: Scales in the names of units (单位：亿元), where no numeral stands before them.
_SCALES = re.compile("[万亿]+")
_DIGITS = re.compile(r"[0-9]+(?:[.,][0-9]+)*%?")


#: Where a number without a figure would be taken for a finding. Notes, heads and names tell of methods and windows
#: (over 10 years, by a factor of a hundred), and are bound by their place alone.
_SENTENCES = ("summary", "finding/", "section/")


def objections(script: Script, briefing: Briefing) -> Iterator[Objection]:
    """Numbers in plain words that are no figure, no date and no part of a name."""
    known = _Known(briefing)
    judged: dict[str, str] = {}
    for name, lines in script.files.items():
        for line in (line for line in lines if line.where.startswith(_SENTENCES)):
            for text in _plain_words(line):
                if text not in judged:
                    judged[text] = known.strange(text)
                if judged[text]:
                    expected = "a figure of the briefing, or furniture (audit.furniture)"
                    yield Objection(f"{name}, {line.where}", f"“{judged[text]}” in “{text.strip()[:60]}”", expected)


def _plain_words(line: Line) -> Iterator[str]:
    """The stretches of a line between its figures and its marked furniture."""
    for plain_one, runs in groupby(line.runs, key=lambda run: not run.figure and not run.furniture):
        if plain_one:
            yield "".join(run.text for run in runs)


class _Known:
    """The dates and names that a briefing knows."""

    def __init__(self, briefing: Briefing) -> None:
        self._briefing = briefing

    def strange(self, text: str) -> str:
        """The first number in a text that is no furniture, or nothing."""
        rest = self._names.sub(" ", plain(text).replace("\u00a0", " "))
        rest = _TERMS.sub(" ", _LABELS.sub(" ", rest))
        for date in _DATES.finditer(rest):
            for year in (date["years"], date["until"]):
                if year and int(year) not in self._years:
                    return year
        rest = _DATES.sub(" ", rest)
        found = _DIGITS.search(rest) or CHINESE_NUMBERS.search(_SCALES.sub(" ", rest)) or _WORDS.search(rest)
        return found.group() if found else ""

    @cached_property
    def _years(self) -> frozenset[int]:
        """The years that the briefing speaks of, and those beside them (what is compared, what is next)."""
        spoken = {digits for digits in _DIGITS_ALONE.findall(self._briefing.to_json()) if _A_YEAR.fullmatch(digits)}
        return frozenset(int(year) + off for year in spoken for off in (-1, 0, 1))

    @cached_property
    def _names(self) -> re.Pattern[str]:
        """Names that hold a numeral, the longest first, as they begin a sentence or stand in it; and the amounts in
        them, which a list of their parts repeats (of over CNY 1 billion, of CNY 500 million to CNY 1 billion)."""
        parts = (part.strip() for name in self._every_name() for part in _BLANK.split(name))
        every = {plain(part) for part in parts if any(map(str.isalpha, part)) and len(part) > 3}
        names = {name for name in every if _DIGITS.search(name) or CHINESE_NUMBERS.search(name) or _WORDS.search(name)}
        names |= {amount.group() for name in names for amount in _AMOUNT.finditer(name)}
        patterns = [re.escape(name) for name in sorted(names, key=len, reverse=True)]
        # Members of breakdowns may have no letter (65+, 15-64): they are names where they stand alone in brackets.
        told = ";".join({figure.breakdown for figure in self._briefing.figures.values()})
        members = {plain(part.partition("=")[2]) for part in told.split(";")}
        members |= {plain(text) for text in _texts(self._briefing.names.breakdowns)}
        patterns += [rf"(?<=[(（]){re.escape(text)}(?=[)）])" for text in sorted(members) if _DIGITS.search(text)]
        return re.compile("|".join(patterns) or "(?!)", re.IGNORECASE)

    def _every_name(self) -> Iterator[str]:
        briefing = self._briefing
        yield from _texts(briefing.names.model_dump(mode="json"))
        yield from _texts([source.model_dump(mode="json") for source in briefing.sources])
        yield from _texts(briefing.house.model_dump(mode="json"))
        yield from _texts([briefing.title, *(section.title for section in briefing.sections)])
        for finding in briefing.every_finding():
            yield from finding.facts.values()
            yield from (text for entry in finding.entries for text in entry.facts.values())
        for note in briefing.notes:
            yield from note.facts.values()
        for said in briefing.commentary.values():
            yield from _texts(said.model_dump(mode="json"))


def _texts(value: object) -> Iterator[str]:
    """Every text in a value of dicts and lists."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, Iterable):
        for each in value:
            yield from _texts(each)
