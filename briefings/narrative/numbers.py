"""Numbers, periods and bases of comparison in words.

In: the id of a figure and the form in which a slot wants it. Out: fills, each with its runs and its mask. Every number
becomes a run with the id of its figure, written by `quantities`; a verb before it carries the sign in the form `size`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from briefings import quantities
from briefings.briefing import Figure
from briefings.errors import RenderError
from briefings.narrative.model import Run
from briefings.narrative.names import Names, uncapitalised
from briefings.narrative.phrases import PhraseBook
from briefings.narrative.templates import Fill
from briefings.periods import Frequency, Language, Period, Shape

#: Percentage points as they are told right behind the rate that they are the distance of.
POINTS: dict[Language, tuple[str, str]] = {"en": ("percentage point", "point"), "zh": ("个百分点", "个百分点")}
#: The bases as stores of observations call them.
BASES = {"yoy": "on year", "mom": "on previous period"}


@dataclass(frozen=True)
class Numbers:
    """Writes figures of a briefing in one language, in the forms that slots ask for."""

    names: Names

    @property
    def book(self) -> PhraseBook:
        return self.names.book

    def figure(self, identifier: str) -> Figure:
        try:
            return self.names.briefing.figures[identifier]
        except KeyError:
            raise RenderError(f"Figure {identifier!r} is told of, but not among the briefing's figures.") from None

    def fill(self, identifier: str, form: str = "", *, facts: Mapping[str, str] | None = None) -> Fill:
        """The figure in a form (see `kinds.NUMBER_FORMS`)."""
        figure = self.figure(identifier)
        if form in ("verb", "moved"):
            return self._moving(figure, form)
        if form == "periods":
            return self._periods(figure)
        if form in ("place", "word"):
            return self._place_in_ranking(figure, facts or {}, form)
        return self._meant(figure, form)

    def _meant(self, figure: Figure, form: str) -> Fill:
        """The figure with what its source says of it: more than, less than, about; of a target: at least, within.
        A percentage under another is one held within it, which it may reach."""
        use = "is " if form == "is" else "target " if figure.status == "target" else ""
        within = figure.qualifier == "under" and figure.unit == "percent"
        pattern = self.book.qualifiers[use + ("within" if within else figure.qualifier)]
        if use == "is " and figure.status == "target":
            pattern = self.book.qualifiers["is exact"].replace(
                "{n}", self.book.qualifiers["target " + figure.qualifier]
            )
        return filled(pattern, Run(self.text(figure, form), figure.id))

    def text(self, figure: Figure, form: str = "") -> str:
        language, whole = self.book.language, round(figure.value)
        if form == "count":
            return quantities.write_count(whole, language)
        if form == "number":
            return quantities.write_number(figure.value, language, decimals=0)
        if form == "ordinal":
            return quantities.write_ordinal(whole, language)
        value = abs(figure.value) if form in ("size", "points") else figure.value
        if quantities.Unit(figure.unit).is_count or form == "bare":
            return self._counted(figure, value, bare=form == "bare", sign=form == "signed")
        return self._measured(figure, value, form)

    def _measured(self, figure: Figure, value: float, form: str) -> str:
        """An amount, a rate, a time, with the unit that English readers know beside it: 13,000 mu (867 hectares). What
        a source tells of less than one is not rounded to nothing or to one: half a working day. A growth of ten times
        and more is told in multiples, in English where its base is told."""
        language = self.book.language
        manifold = quantities.write_manifold(value, figure.unit, language) if form in ("size", "is") else ""
        if manifold and (language == "zh" or figure.kind == "since" or figure.basis.startswith("since ")):
            return manifold
        rounded = figure.decimals == 0 and abs(value) < 1 and not figure.computed
        decimals = None if rounded else figure.decimals
        text = quantities.write(value, figure.unit, language, decimals=decimals, sign=form == "signed")
        if form == "points" and figure.unit == "percentage point":
            text = text.replace(*POINTS[language])
        beside = quantities.beside(value, figure.unit, language)
        return f"{text} ({beside})" if beside else text

    def _counted(self, figure: Figure, value: float, *, bare: bool, sign: bool) -> str:
        """A count with the word that the catalogue gives it after a number (233场), else that of its unit; `bare`:
        without one, where the language can do so: the sentence names what is counted."""
        language = self.book.language
        if bare and language == "en":
            if value == 0:
                return quantities.write_count(0, language)
            return quantities.write(value, "number", language, decimals=figure.decimals, sign=sign)
        item = self.names.briefing.names.indicators.get(figure.indicator)
        counter = item.counter.get(language, "") if item else ""
        return quantities.write(value, figure.unit, language, decimals=figure.decimals, sign=sign, counter=counter)

    def direction(self, figure: Figure) -> str:
        """Up, down, or flat where it is printed as zero."""
        if figure.value == 0 or (
            figure.decimals is not None and not quantities.round_half_away(figure.value, figure.decimals)
        ):
            return "flat"
        return "up" if figure.value > 0 else "down"

    def manner(self, figure: Figure) -> str:
        """Which verbs of movement fit a figure: those of its indicator, or, of an absolute change of an amount, those
        of adding and taking away (增加, 减少). Things counted are taken away in percent, too (减少44%)."""
        manner = self.names.manner(figure.indicator)
        if manner != "amount":
            return manner
        if figure.unit not in ("percent", "percentage point", "multiple"):
            return "absolute"
        unit = self.names.briefing.names.indicators[figure.indicator].unit
        things = quantities.Unit.parse(unit)[0].is_count and not unit.startswith("person")
        return "fewer" if things and figure.value < 0 else "amount"

    def _moving(self, figure: Figure, form: str) -> Fill:
        """The figure with the verb or adverb that its own sign asks for: rose 5.2%, down 0.3%."""
        pattern = chosen(self.book.own[form][self.direction(figure)], self.manner(figure))
        return filled(pattern, *self._meant(figure, "size").runs)

    def _periods(self, figure: Figure) -> Fill:
        """A number of periods with its noun: seven months, 7个月."""
        nouns = self.book.nouns.get(figure.unit)
        if nouns is None:
            raise RenderError(f"{figure.unit!r} is no period to count; allowed are: {', '.join(self.book.nouns)}.")
        noun = nouns["one" if figure.value == 1 else "many"]
        return Fill((Run(self.text(figure, "count"), figure.id), Run(noun)), f"#{noun}")

    def _place_in_ranking(self, figure: Figure, facts: Mapping[str, str], form: str) -> Fill:
        """A rank in words: 2nd, joint 2nd, 2nd from the bottom; as a `word` second, last, among the first 100."""
        ranking, rank = self.book.ranking, round(figure.value)
        pattern, text = "{n}", self.text(figure, "ordinal")
        words = ranking["words"].split() if form == "word" else []
        if facts.get("counted_from") == "bottom":
            pattern = ranking["from bottom"]
            if rank == 1 and form == "word" and ranking["last"]:
                pattern, text = "{n}", ranking["last"]
        if rank <= len(words) and text != ranking["last"]:
            text = words[rank - 1]
        if figure.qualifier == "under":
            pattern, text = ranking["within"], quantities.write_number(rank, self.book.language, decimals=0)
        if facts.get("tie") == "yes":
            pattern = ranking["tied"].replace("{n}", pattern)
        return filled(pattern, Run(text, figure.id))


def basis_words(book: PhraseBook, basis: str, period: Period, form: str = "", before: Period | None = None) -> str:
    """What a rate compares with, in words: on the year, than in the previous month, since January 2020. `before`: the
    release before, where it is known; one that is not simply the period before is named, as that of cumulated months
    is."""
    word, _, since = BASES.get(basis, basis).partition("since ")
    word = "since" if since else word
    if word not in book.basis:
        raise RenderError(
            f"{basis!r} is no basis of comparison; allowed are: on year, on previous period, since PERIOD."
        )
    table = book.basis[word]
    step = period.step(-1) if before is not None or period.shape is Shape.CUMULATED_MONTHS else None
    named_ = before is not None and before != step and not before.contains(period)
    forms = table.get(Shape.CUMULATED_MONTHS.value if named_ else period.shape.value, table["other"])
    text: str = forms.get(form or "plain", forms["plain"])
    if since:
        base = Period.parse(since)
        text = text.replace("{in}", base.write(book.language, case="in")).replace("{period}", base.write(book.language))
    if "previous}" in text:
        before = before or period.step(-1)
        text = text.replace("{previous}", before.write(book.language))
        text = text.replace("{in previous}", before.write(book.language, case="in"))
    return text


def filled(pattern: str, *runs: Run) -> Fill:
    """A pattern of `{n}` with the runs in its hole; their number is masked."""
    before, hole, after = pattern.partition("{n}")
    parts = (Run(before), *(runs if hole else ()), Run(after))
    return Fill(tuple(run for run in parts if run.text), pattern.replace("{n}", "#"))


def dated(period: Period, language: Language, form: str = "name") -> Fill:
    """A period as a name or with its preposition; its name is masked."""
    name = period.write(language, plan=True)
    text = period.write(language, case="in", plan=True) if form == "in" else name
    return Fill((Run(text),), text.replace(name, "@"))


def released(period: Period) -> Period:
    """The release that a period is: the month to which cumulated months lead, else the period itself."""
    if period.shape is Shape.CUMULATED_MONTHS:
        return Period.of(period.end, Frequency.MONTHLY)
    return period


def chosen(entry: Any, manner: str) -> str:
    """A word, or the one for this manner (amount, rate, price); for an absolute change that of an amount, where it has
    none of its own."""
    return str(entry if isinstance(entry, str) else entry.get(manner, entry["amount"]))


def named(text: str) -> Fill:
    return Fill((Run(text),), "@")


def said(text: str) -> Fill:
    return Fill((Run(text),), text)


def measure_words(measure: str, names: Names, indicator: str = "", period: str = "") -> str:
    """A measure as a subtitle or a note names it: growth on the previous month, share of the world.

    The period says what "the previous period" is, the indicator which word its growth has. Raises `RenderError` for a
    measure that the phrase book does not name.
    """
    words = measure.split()
    for length in range(len(words), 0, -1):
        phrase = names.book.measures.get(" ".join(words[:length]))
        if phrase is not None:
            manner = names.manner(indicator) if indicator else "amount"
            phrase = phrase.replace("{pace}", chosen(names.book.words["manner"]["pace"], manner))
            return _completed(phrase, " ".join(words[length:]), names, Period.parse(period or names.briefing.period))
    raise RenderError(f"The measure {measure!r} has no words in {names.language!r}; add it under `measures:`.")


def _completed(phrase: str, rest: str, names: Names, period: Period) -> str:
    """The phrase with what follows the measure put in: a place, an indicator, a period, a number of periods."""
    phrase = phrase.replace("{on_year}", basis_words(names.book, "on year", period))
    phrase = phrase.replace("{on_previous}", basis_words(names.book, "on previous period", period))
    word = next((word for word in rest.split() if word not in ("to", "of", "from", "since", "over")), "")
    if "{place}" in phrase:
        known = word in names.briefing.names.places
        whole = names.place(word, in_text=True) if known else names.whole(word)
        return phrase.replace("{place}", whole or names.book.entities["other"])
    if "{indicator}" in phrase:
        return phrase.replace("{indicator}", uncapitalised(names.indicator(word), names.language))
    if "{period}" in phrase:
        return phrase.replace("{period}", Period.parse(word).write(names.language))
    return phrase.replace("{n}", word)
