"""Which period and status the sentences of a document have before their own words are read.

In comes a prepared text with what is known of the document; out goes one `Setting` a sentence: the scope it stands in
(a section on the year behind, on the plan period, on the work of the year to come) and the times that it names itself.
A heading or a lead without figures (`“十三五”时期，我们…`, `During the 14th Five-Year Plan period, the city …`) rules
until the next one; a sentence that begins with a time and has figures dates itself and what follows in its paragraph.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from briefings.extraction.lexicon import Lexicon
from briefings.extraction.model import Block, Document, Status
from briefings.extraction.text import Prepared
from briefings.extraction.times import Clock, TimeMention, find, resolve, year_period
from briefings.periods import Period, Shape

_LONGEST_PARAGRAPH = 1500  # a page without line breaks is no paragraph, and carries no time from sentence to sentence
_LAST_MONTH_OF_REPORTS = 4  # reports on a year come out until April of the next
_TITLE = 3  # sentences at the head of a document among which its title is
NO_YEAR = 1  # stands for the year where nothing names one
_SHORT = 24  # characters of a sentence that is a heading run into its paragraph
_LEAD = 48  # characters of a sentence in which a cue of its section is looked for
_WHOLE_YEARS = (Shape.YEAR, Shape.CUMULATED_YEARS)
_SOME_TIME = {"plan", "past_years", "past_years_named", "next_years", "this_one", "years", "year_of", "since"}


@dataclass(frozen=True, slots=True)
class Dated:
    """A time of a sentence with the period it names."""

    mention: TimeMention
    period: Period

    @property
    def start(self) -> int:
        """Where it stands."""
        return self.mention.start

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.mention.end


@dataclass(frozen=True, slots=True)
class Scope:
    """What a section says of its figures.

    told   the text itself says so (a heading, a lead); else it is the document's reporting period
    """

    period: Period
    status: Status
    told: bool

    @property
    def long(self) -> bool:
        """Whether it covers several years, so that states and deeds have different periods."""
        return self.period.shape is Shape.CUMULATED_YEARS


@dataclass(frozen=True, slots=True)
class Setting:
    """One sentence: text[start:end], its scope, the time carried over from the sentences before, the one that it begins
    with, and all its own."""

    start: int
    end: int
    scope: Scope
    carried: Period | None
    leading: Period | None
    times: tuple[Dated, ...]
    clock: Clock


def reporting_period(document: Document, prepared: Prepared, words: Lexicon) -> Period:
    """What a document reports on: as registered, else as its review or title says, else the year of its publication.

    A report of the first four months of a year is on the year before, unless it does not speak of that at all.
    """
    if document.period is not None:
        return document.period
    years: Counter[int] = Counter()
    titles = [block for block in prepared.blocks[:_TITLE] if block.kind == "heading"]
    published = document.published.year if document.published else None
    review = re.compile(r"[^。，,.;；]{0,24}" + words.text("sections", "review"), re.IGNORECASE)
    for mention in find(prepared.plain, prepared.sentences[0][0], len(prepared.plain), words):
        parts = dict(mention.parts)
        if "year" not in parts or "year2" in parts:
            continue
        year = int(parts["year"])
        if review.match(prepared.plain, mention.end, mention.end + 60) and (published is None or year <= published):
            return year_period(year)
        block = prepared.block_at(mention.start)
        years[year] += block is None or block not in titles
    titled = _of_title(prepared, titles, document.published, words) if document.published else None
    return titled or year_period(_year_spoken_of(years, document.published))


def _of_title(prepared: Prepared, titles: list[Block], published: date, words: Lexicon) -> Period | None:
    """The period that a title names, if it had ended when the document was published.

    `Report on the work of 2023`, published in 2023, is named by its own year, not by the one that it reports on.
    """
    clock = Clock(published.year, year_period(published.year), published.year, published)
    for block in titles:
        for mention in find(prepared.plain, block.start, block.end, words):
            period = resolve(mention, clock, words)
            if period is not None and not mention.compared and period.end < published:
                return period
    return None


def _year_spoken_of(years: Counter[int], published: date | None) -> int:
    if published is None:
        return max(years, key=lambda year: (years[year], year)) if years else NO_YEAR
    early = published.month <= _LAST_MONTH_OF_REPORTS
    usual, other = published.year - early, published.year - (not early)
    return other if years[other] and not years[usual] and early else usual


class Scopes:
    """Walks through the sentences of a document, keeping the scope as it goes."""

    def __init__(self, document: Document, prepared: Prepared, words: Lexicon) -> None:
        self.prepared, self.words, self.document = prepared, words, document
        self.report = reporting_period(document, prepared, words)
        self.published = document.published
        flags = re.IGNORECASE
        sections = words.table("sections")
        self.review = re.compile(sections["review"], flags)
        self.plan = re.compile(sections["plan"], flags)
        self.plan_not = re.compile(sections["plan_not"], flags)
        self.actor = re.compile(f"(?:{sections['year_is']}|{sections['we']})", flags)
        self.lead = re.compile(words.text("time", "lead"), flags)
        self.aside = re.compile(words.text("time", "aside"), flags)
        self.stop = re.compile(words.text("clause_end"))
        attributive = words.table("time").get("attributive")
        self.attributive = re.compile(attributive, flags) if attributive else None

    @cached_property
    def planned(self) -> Period | None:
        """The years that the title of a plan names, if they are still to come or under way."""
        for start, end in self.prepared.sentences[:_TITLE]:
            block = self.prepared.block_at(start)
            if block is None or block.kind != "heading":
                continue
            for dated in self._times(start, end, self._clock(Scope(self.report, "actual", told=False), None)):
                if dated.period.shape is Shape.CUMULATED_YEARS and dated.period.end > self.report.end:
                    return dated.period
        return None

    def settings(self, with_figures: set[int]) -> Iterator[Setting]:
        """One setting a sentence, in order. `with_figures`: the numbers of the sentences that have figures."""
        scope = Scope(self.report, "actual", told=False)
        carried: Period | None = None
        block: Block | None = None
        year_named: int | None = None
        recent: Period | None = None
        for number, (start, end) in enumerate(self.prepared.sentences):
            here = self.prepared.block_at(start)
            if here is not block:
                block, carried, year_named = here, None, None
            scope = self._supposed(scope, number, year_named, block)
            clock = self._clock(scope, year_named, recent)
            times = self._times(start, end, clock)
            scope = self._after_cues(scope, start, end, times, block, number in with_figures)
            settled = self._clock(scope, year_named, recent)
            if settled != clock:
                clock, times = settled, self._times(start, end, settled)
            first = self._leading(start, times)
            paragraph = block is None or block.end - block.start <= _LONGEST_PARAGRAPH
            leading = first.period if first is not None and not first.mention.compared else None
            yield Setting(start, end, scope, carried, leading, tuple(times), clock)
            aside = first is not None and self.aside.match(self.prepared.plain[first.end : first.end + 12].lstrip())
            if leading is not None and paragraph and not aside:
                carried = leading
            for dated in times:
                if dated.period.shape not in _WHOLE_YEARS and not dated.mention.compared:
                    recent = dated.period
                if dated.mention.names_year and not dated.mention.compared:
                    year_named = dated.period.end.year

    def _supposed(self, scope: Scope, number: int, year_named: int | None, block: Block | None) -> Scope:
        """The scope where nothing is registered and no section rules: the year named last in the paragraph.

        A heading takes the first year of the sentence behind it: a file may hold articles of several years.
        """
        if scope.told or self.document.period is not None:
            return scope
        year = year_named
        if year is None and block is not None and block.kind == "heading":
            year = self._first_year(number + 1, scope)
        if year is None or (self.published is not None and year > self.published.year):
            return Scope(self.report, "actual", told=False)
        return Scope(year_period(year), "actual", told=False)

    def _first_year(self, number: int, scope: Scope) -> int | None:
        for start, end in self.prepared.sentences[number : number + 1]:
            for dated in self._times(start, end, self._clock(scope, None)):
                if dated.mention.form == "year_of" and dated.mention.names_year:
                    return dated.period.end.year
        return None

    def _clock(self, scope: Scope, year_named: int | None, recent: Period | None = None) -> Clock:
        last = scope.period.end.year
        this_year = self.published.year if self.published else last
        if scope.status == "target" and scope.period.shape is Shape.YEAR:
            this_year = last
        months = year_named or (last if scope.told or self.document.period or not self.published else this_year)
        return Clock(this_year, scope.period, months, self.published, recent)

    def _times(self, start: int, end: int, clock: Clock) -> list[Dated]:
        found = []
        for mention in find(self.prepared.plain, start, end, self.words):
            period = resolve(mention, clock, self.words)
            if period is not None and not self._in_title(mention):
                found.append(Dated(mention, period))
                if mention.names_year:
                    clock = replace(clock, months=period.end.year)
        return found

    def _in_title(self, mention: TimeMention) -> bool:
        """Whether a time is part of a name: in quotation marks, or of an event in a list of examples."""
        if mention.form.startswith("plan"):
            return False
        before = self.prepared.plain[max(0, mention.start - 200) : mention.start]
        if self.attributive is not None and self.attributive.search(before):
            return True
        return self.prepared.in_name(mention.start, mention.end)

    def _leading(self, start: int, times: list[Dated]) -> Dated | None:
        """The time that a sentence begins with, if it does."""
        if not times:
            return None
        before = self.prepared.plain[start : times[0].start]
        topic = re.fullmatch(r"[^,，。;；0-9]{2,14}[,，]\s?", before)
        return times[0] if (topic and not self.aside.search(before)) or self.lead.match(before) else None

    def _after_cues(
        self, scope: Scope, start: int, end: int, times: list[Dated], block: Block | None, has_figures: bool
    ) -> Scope:
        plain, heading, cue_end = self.prepared.plain, False, start
        for dated in times:
            if dated.mention.form.rstrip("0123456789") not in _SOME_TIME:
                continue
            clause = re.match(r"[^。，,;；:：\n]{0,40}", plain[dated.end : min(end, dated.end + 40)])
            behind = clause.group() if clause else ""
            if self.plan.search(behind) and self._ahead(dated.period):
                before = plain[max(start, dated.start - 12) : dated.start]
                if not self.plan_not.search(before + behind[: self.plan.search(behind).start()]):  # type: ignore[union-attr]
                    scope = Scope(dated.period, "target", told=True)
            elif self.review.search(behind):
                scope = Scope(dated.period, "actual", told=True)
                heading = True
            elif heading and not has_figures and not self.stop.search(plain[cue_end : dated.start]):
                scope = self._lead(dated, scope, end)
                heading = False
            cue_end = dated.end
        first = self._leading(start, times)
        if first is None:
            return scope if has_figures else self._untimed(scope, start, end, block)
        return scope if has_figures else self._lead(first, scope, end)

    def _lead(self, dated: Dated, scope: Scope, end: int) -> Scope:
        """The scope that a lead such as `“十三五”时期，我们` sets for what follows."""
        form = dated.mention.form.rstrip("0123456789")
        if form not in _SOME_TIME or dated.mention.compared:
            return scope
        long = dated.period.shape is Shape.CUMULATED_YEARS
        if form == "this_one" or long or self.actor.match(self.prepared.plain[dated.end : min(end, dated.end + _LEAD)]):
            return Scope(dated.period, "target" if self._beyond(dated.period) else "actual", told=True)
        return scope

    def _untimed(self, scope: Scope, start: int, end: int, block: Block | None) -> Scope:
        """A heading that announces plans without saying when: they are for the year after the one reported on."""
        heading = block is not None and block.kind == "heading"
        if scope.status == "target" or not (heading or end - start <= _SHORT):
            return scope
        if self.plan.search(self.prepared.plain[start:end]):
            return Scope(self.planned or year_period(self.report.end.year + 1), "target", told=True)
        return scope

    def _ahead(self, period: Period) -> bool:
        """Whether a period can be planned for: it ends after the reporting period, or is the year of publication."""
        if period.end > self.report.end:
            return True
        return self.published is not None and period.end.year >= self.published.year > self.report.end.year

    def _beyond(self, period: Period) -> bool:
        if self.published is not None:
            return period.end >= self.published and period.end > self.report.end
        return period.start > self.report.end
