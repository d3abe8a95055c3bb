"""Which period a figure has, and whether it is actual, an estimate or a target.

In come the drafts of one sentence with their kinds; they are completed in place. The order of evidence: a time beside
the figure, the earlier or later end of from ... to, the figure it belongs to, a time carried over, the section.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from briefings.extraction.drafts import Draft
from briefings.extraction.lexicon import Lexicon, alternatives, lexicon
from briefings.extraction.scopes import Dated
from briefings.extraction.times import year_period, years_period
from briefings.periods import Language, Period, Shape

_NEAR = 24  # characters between the time of the earlier end of a pair and its figure


def tell_periods(drafts: Sequence[Draft], words: Lexicon, last: Draft | None, head: str) -> None:
    """Give every draft its period. `last`: the last figure of the sentence before, in the same paragraph;
    `head`: how the sentence begins."""
    pair: tuple[Period, Period] | None = None
    if last is not None and drafts:
        _refer_back(drafts[0], last, head, words)
    for draft in drafts:
        if draft.to_figure is not None:
            pair = _date_pair(draft, draft.to_figure, pair, words)
        elif draft.from_figure is None:
            draft.period = _period(draft, words)


def _refer_back(draft: Draft, last: Draft, head: str, words: Lexicon) -> None:
    """A sentence that begins by pointing back (this growth rate, 其中) and has no time speaks of the same period."""
    setting = draft.setting
    if not setting.times and last.explicit and re.match(words.text("refers_back"), head, re.IGNORECASE):
        draft.referred = last.period


def _date_pair(
    first: Draft, second: Draft, known: tuple[Period, Period] | None, words: Lexicon
) -> tuple[Period, Period]:
    """The two ends of from ... to: as told, as the pair before in the sentence, else the ends of the scope."""
    scope = first.setting.scope
    early, late = _own_time(first, second), _own_time(second, first)
    if early is None and late is None and known is not None:
        first.period, second.period = known
        return known
    end = late or _end_for(early, first)
    if early is None:
        base = scope.period.start.year - 1 if scope.long and late is None else end.start.year - 1
        early = year_period(base)
        first.doubts.add("from a year before")
    first.period, second.period = early, end
    if late is None:
        second.doubts.add("to the reporting period")
    return early, end


def _end_for(early: Period | None, draft: Draft) -> Period:
    """The later end where the text names the earlier alone: of the same shape as that, at the end of the scope."""
    setting = draft.setting
    if early is not None and early.shape is Shape.CUMULATED_YEARS:
        return setting.scope.period
    if early is None:
        before = [dated for dated in draft_times(draft) if dated.end <= draft.mention.start]
        told = before[-1].period if before else setting.carried
        if told is not None and told.shape is not Shape.CUMULATED_YEARS:
            return told
    return _last_year(setting.scope.period) if setting.scope.long else setting.scope.period


def _own_time(draft: Draft, other: Draft) -> Period | None:
    """The time of one end of a pair: between `from` or the other end and it, or right behind it."""
    behind = _behind(draft)
    if behind is not None:
        return behind.period
    taken = _behind(other)
    begin = draft.mention.lead - len(draft.before)
    found = [d for d in draft_times(draft) if begin <= d.start < draft.mention.lead and d is not taken]
    if other.mention.start > draft.mention.start:
        found = [d for d in found if draft.mention.lead - d.end <= _NEAR]
    return found[-1].period if found else None


def draft_times(draft: Draft) -> list[Dated]:
    """The times of a draft's sentence that date figures."""
    return [dated for dated in draft.setting.times if not dated.mention.compared]


def _period(draft: Draft, words: Lexicon) -> Period:
    """The first evidence that there is, the strongest first; what is assumed goes to the draft's doubts."""
    told = _beside(draft, words)
    if told is not None:
        draft.explicit = True
        return told
    return (
        _run(draft, words)
        or _referred(draft)
        or _inherited(draft, words)
        or _earlier(draft, words)
        or _ahead(draft)
        or _assumed(draft, words)
    )


def _referred(draft: Draft) -> Period | None:
    draft.explicit = draft.referred is not None
    return draft.referred


def _inherited(draft: Draft, words: Lexicon) -> Period | None:
    """The period of the figure before, where this one says more of it."""
    previous = draft.previous
    if previous is None or previous.period is None or not _belongs(draft, words):
        return None
    draft.explicit = previous.explicit
    draft.doubts |= previous.doubts & {"state or deed", "reporting period", "carried over"}
    return previous.period


def _assumed(draft: Draft, words: Lexicon) -> Period:
    """What the sentences before, the section or the registration say."""
    scope = draft.setting.scope
    told = draft.setting.leading or draft.setting.carried
    if scope.long and told is not None and _says(words.table("stock")["cumulative"], draft.clause_before):
        told = None  # 累计 is over all the years of the section, whatever year its sentence begins with
    if draft.setting.leading is None and told is not None:
        draft.doubts.add("carried over")
    if told is None and not scope.told:
        draft.doubts.add("reporting period")
    return _by_state(draft, told or scope.period, words)


def _by_state(draft: Draft, period: Period, words: Lexicon) -> Period:
    """Of several years: all of them for what was done, the last for how things stand."""
    if period.shape is not Shape.CUMULATED_YEARS:
        return period
    draft.doubts.add("state or deed")
    return _last_year(period) if _is_state(draft, words) else period


def _average(draft: Draft, words: Lexicon) -> bool:
    return bool(re.search(alternatives(words.words("bases", "cagr")), draft.before + draft.after[:40], re.IGNORECASE))


def _run(draft: Draft, words: Lexicon) -> Period | None:
    """The years of average annual growth: those after the earlier end of from ... to, or the section's."""
    if draft.kind != "growth" or not _average(draft, words):
        return None
    previous = draft.previous
    first = previous.from_figure if previous is not None else None
    if previous is not None and first is not None and first.period is not None and previous.period is not None:
        begin, end = first.period.end.year + 1, previous.period.end.year
        return years_period(begin, end) if begin < end else previous.period
    scope = draft.setting.scope.period
    if draft.setting.scope.long:
        return scope
    ahead = [dated.period for dated in draft_times(draft) if dated.end <= draft.mention.start]
    if ahead and ahead[-1].shape is Shape.YEAR and ahead[-1].end.year > scope.end.year + 1:
        return years_period(scope.end.year + 1, ahead[-1].end.year)
    return None


def _last_year(period: Period) -> Period:
    return year_period(period.end.year)


def _beside(draft: Draft, words: Lexicon) -> Period | None:
    """The time in the words between the figure before and this one, or right behind it in its clause."""
    behind = _behind(draft)
    if behind is not None and not _is_base(draft, behind):
        return behind.period
    begin = draft.previous.mention.end if draft.previous else draft.setting.start
    found = [dated for dated in draft_times(draft) if begin <= dated.start and dated.end <= draft.mention.start]
    if not found or _is_reference(draft, found[-1]):
        return None
    return _of(draft, found[-1], words)


def _is_base(draft: Draft, dated: Dated) -> bool:
    """Whether a time behind growth or a multiple is what it starts from: 36% since 2005."""
    return draft.kind == "multiple" or (draft.kind in ("growth", "change") and dated.mention.form == "since")


def _is_reference(draft: Draft, dated: Dated) -> bool:
    """Whether a time right before a multiple is what it is a multiple of: 是2017年的3.4倍."""
    return draft.kind == "multiple" and draft.mention.lead - dated.end <= 1


def _earlier(draft: Draft, words: Lexicon) -> Period | None:
    """The last time of the sentence before the figure, the figure before included; of from ... to the later end."""
    before = [
        dated for dated in draft_times(draft) if draft.segment <= dated.start and dated.end <= draft.mention.start
    ]
    if not before or _is_reference(draft, before[-1]):
        return None
    last, previous = before[-1], draft.previous
    while previous is not None and previous.mention.start > last.end:
        if previous.from_figure is not None and last.end <= previous.from_figure.mention.start:
            return previous.period
        previous = previous.previous
    draft.explicit = True
    return _of(draft, last, words)


def _ahead(draft: Draft) -> Period | None:
    """The time behind the last of several figures that one clause tells: rose 6.9% to 280 billion yuan in 2020."""
    pattern = _joined_pattern(draft.language)
    figure = draft
    while pattern is not None and figure.following is not None and pattern.fullmatch(figure.after):
        figure = figure.following
        dated = _behind(figure)
        if dated is not None and not _is_base(figure, dated):
            if dated.period.shape is Shape.MONTH:
                return None  # by the end of October: what came about until then is no figure of the month
            draft.explicit = True
            return dated.period
    return None


@lru_cache(maxsize=2)
def _joined_pattern(language: Language) -> re.Pattern[str] | None:
    text = lexicon(language).table("time").get("joined")
    return re.compile(text, re.IGNORECASE) if text else None


def _of(draft: Draft, dated: Dated, words: Lexicon) -> Period | None:
    """The period that a time gives a figure."""
    if dated.mention.form.startswith("plan") and not dated.mention.form.startswith("plan_end") and _off(draft, dated):
        return None
    period = dated.period
    return _by_state(draft, period, words)


def _off(draft: Draft, dated: Dated) -> bool:
    """A plan named far before a figure, in another clause, is what the sentence is about, not when the figure was."""
    return draft.mention.start - dated.end > 160


def _behind(draft: Draft) -> Dated | None:
    """A time behind the figure in its own clause, with nothing but a preposition and a few words between."""
    pattern = _behind_pattern(draft.language)
    if pattern is None:
        return None
    for dated in draft_times(draft):
        if draft.mention.end <= dated.start <= draft.mention.end + 60:
            between = draft.after[: dated.start - draft.mention.end]
            if len(between) != dated.start - draft.mention.end:
                continue
            if pattern.fullmatch(between) or pattern.fullmatch(between + dated.mention.leads):
                return dated
    return None


@lru_cache(maxsize=2)
def _behind_pattern(language: Language) -> re.Pattern[str] | None:
    text = lexicon(language).table("time").get("behind")
    return re.compile(text, re.IGNORECASE) if text else None


def _belongs(draft: Draft, words: Lexicon) -> bool:
    """Whether a figure says more of the one before it: its growth, its rank, a further item of its list."""
    previous = draft.previous
    if previous is None:
        return False
    if draft.joined:
        return True
    if draft.kind == "rank" and draft.setting.scope.long and not previous.explicit and previous.kind == "level":
        return previous.period is not None and previous.period.shape is not Shape.CUMULATED_YEARS
    if (
        draft.kind in ("growth", "gap", "rank", "change", "multiple")
        and draft.mention.start - previous.mention.end <= 160
    ):
        return True
    return re.match(words.text("belongs"), draft.before, re.IGNORECASE) is not None


def _is_state(draft: Draft, words: Lexicon) -> bool:
    """Whether the figure is of a state (a balance, a rate, a total), so that it belongs to the scope's last year."""
    if _says(words.table("stock")["kept"], draft.clause_before[-30:]):
        return False
    if draft.kind in ("growth", "change", "multiple"):
        yoy = _says(words.words("bases", "yoy"), draft.clause_before + draft.after[:60])
        return yoy and not _says(words.words("bases", "cagr"), draft.clause_before)
    return draft.kind in ("share", "rank") or draft.mention.family == "durations" or _is_stock(draft, words)


def _is_stock(draft: Draft, words: Lexicon) -> bool:
    table, clause = words.table("stock"), draft.clause_before
    if _says(table["done"], clause[-40:]):
        return False
    return _yearly(draft, words) or _says(table["state"], clause) or _says(table["state_after"], draft.clause_after)


def _says(texts: list[str], where: str) -> bool:
    return re.search(alternatives(texts), where, re.IGNORECASE) is not None


def _yearly(draft: Draft, words: Lexicon) -> bool:
    """Whether a later figure of the sentence compares this one with the year before: then it is of one year."""
    yoy = re.compile(alternatives(words.words("bases", "yoy")), re.IGNORECASE)
    later = draft.following
    while later is not None:
        if later.kind in ("growth", "change") and yoy.search(later.before + later.after[:40]):
            return True
        later = later.following
    return False


def tell_statuses(drafts: Sequence[Draft], plain: str, words: Lexicon) -> None:
    """Give every draft its status: the section's, unless the sentence says otherwise."""
    if not drafts:
        return
    setting = drafts[0].setting
    estimate = _cues("estimate", words).finditer(plain, setting.start, setting.end)
    estimates = [match.start() for match in estimate]
    ahead = _cues("target_strong", words)
    for draft in drafts:
        draft.status = setting.scope.status
        if draft.status == "target" and draft.period is not None and draft.period.end < setting.scope.period.start:
            draft.status = "actual"
        target = _last_before(ahead, draft)
        guess = max((position for position in estimates if position < draft.mention.start), default=-1)
        if guess > target and (draft.status == "actual" or draft.explicit):
            draft.status = "estimate"
        elif draft.status == "actual" and (target >= 0 or ahead.match(draft.after.lstrip()) or _to_come(draft)):
            draft.status = "target"


def _to_come(draft: Draft) -> bool:
    """Whether the figure is of a period that had not begun when the document was published."""
    published = draft.setting.clock.published
    if draft.period is None or published is None:
        return False
    ahead = any(dated.mention.form == "next_years" and dated.period == draft.period for dated in draft.setting.times)
    run = draft.period.shape is Shape.CUMULATED_YEARS and draft.period.start > draft.setting.scope.period.end
    return ahead or draft.period.start > published or (run and draft.period.end > published)


@lru_cache(maxsize=8)
def _cue_pattern(name: str, language: Language) -> re.Pattern[str]:
    return re.compile(alternatives(lexicon(language).words(name)), re.IGNORECASE)


def _cues(name: str, words: Lexicon) -> re.Pattern[str]:
    return _cue_pattern(name, words.language)


def _last_before(pattern: re.Pattern[str], draft: Draft) -> int:
    """Where the last match before the figure begins, as an offset in the text; -1 where there is none."""
    begin = draft.mention.lead - len(draft.left)
    return max((begin + match.start() for match in pattern.finditer(draft.left)), default=-1)
