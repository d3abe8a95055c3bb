"""What kind of figure it is: level, growth, change, share, gap, rank or multiple; its sign and its basis.

In come the drafts of one sentence, in order; they are completed in place. The words are in the lexicon's table of
kinds, whose first fitting line is taken; here is only how lists and pairs hand their kind on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from briefings.extraction.drafts import Draft
from briefings.extraction.lexicon import Lexicon, alternatives, lexicon
from briefings.extraction.mentions import COUNTED
from briefings.extraction.scopes import Dated
from briefings.extraction.times import year_period
from briefings.periods import Period, Shape

_PAIRED = ("level", "share")


def tell_kinds(drafts: Sequence[Draft], words: Lexicon) -> None:
    """Give every draft its kind, its sign, and ranks what they are of; link the two ends of from ... to."""
    for draft in drafts:
        draft.joined = draft.joined or "further" in draft.mention.notes
    for draft in drafts:
        if draft.mention.unit == "rank":
            _tell_rank(draft, words)
        elif _continues(draft, words) or _beside_another(draft, words):
            _inherit(draft)
        else:
            _by_table(draft, words)
        if draft.kind == "gap" and _versus(draft) is not None:
            draft.kind = "change"
    _link_pairs(drafts, words)


def _continues(draft: Draft, words: Lexicon) -> bool:
    previous = draft.previous
    if previous is None or previous.mention.family != draft.mention.family:
        return False
    again = previous.kind == "growth" and re.match(words.text("again"), draft.after, re.IGNORECASE)
    return draft.joined or bool(again)


def _beside_another(draft: Draft, words: Lexicon) -> bool:
    """Whether the figure before is set beside this one: 4.9 percent, compared with 6.8 percent in 2021."""
    previous = draft.previous
    if previous is None or previous.mention.family != draft.mention.family:
        return False
    return re.search(words.text("beside_another"), draft.before, re.IGNORECASE) is not None


def _inherit(draft: Draft) -> None:
    if draft.previous is not None:
        draft.kind, draft.sign = draft.previous.kind, draft.previous.sign


def _by_table(draft: Draft, words: Lexicon) -> None:
    family = "amounts" if draft.mention.family == "durations" else draft.mention.family
    if "ratio" in draft.mention.notes:
        draft.kind = "share"
        return
    for rule in words.kinds:
        if rule.units not in (family, draft.mention.family):
            continue
        if rule.before is not None and not rule.before.search(draft.before):
            continue
        if rule.after is not None and not rule.after.search(_after_list(draft)):
            continue
        draft.kind, draft.sign = rule.kind, rule.sign  # type: ignore[assignment]
        if rule.before is None and rule.after is None:
            _by_list(draft, words)
        return


def _after_list(draft: Draft) -> str:
    """What stands behind a figure, or behind the list that it opens: 2.3 and 3.1 points faster."""
    family = draft.mention.family
    while draft.following is not None and draft.following.joined and draft.following.mention.family == family:
        draft = draft.following
    return draft.after


def _by_list(draft: Draft, words: Lexicon) -> None:
    """A further item of a list of changes: 减排二氧化硫3269吨、氮氧化物1599吨."""
    draft.doubts.add("no word of its kind")
    previous = draft.previous
    if (
        draft.mention.family != "amounts"
        or previous is None
        or previous.kind not in ("change", "growth")
        or previous.mention.unit != draft.mention.unit
    ):
        return
    if re.match(r"\s*" + words.text("list_mark") + r"[^，,;；]{1,12}$", draft.before, re.IGNORECASE):
        draft.kind, draft.sign = previous.kind, previous.sign


def _tell_rank(draft: Draft, words: Lexicon) -> None:
    draft.kind = "rank"
    draft.counted_from = "bottom" if draft.mention.bottom else "top"
    growth = re.compile(words.text("rank", "growth"), re.IGNORECASE)
    draft.rank_of = "growth" if growth.search(draft.left + " ") or _growth_behind(draft, words) else "level"


def _growth_behind(draft: Draft, words: Lexicon) -> bool:
    behind = words.text("rank", "growth_behind")
    return re.match(behind, draft.after, re.IGNORECASE) is not None


@lru_cache(maxsize=2)
def _pair_patterns(words_language: str) -> tuple[re.Pattern[str], ...]:
    words = lexicon("en" if words_language == "en" else "zh")
    return (
        re.compile(words.text("from"), re.IGNORECASE),
        re.compile(words.text("from_regroup"), re.IGNORECASE),
        re.compile(words.text("arrow"), re.IGNORECASE),
        re.compile(words.text("from_behind"), re.IGNORECASE),
    )


def _link_pairs(drafts: Sequence[Draft], words: Lexicon) -> None:
    """从X增加到Y, from X to Y, to Y from X: the earlier figure and the later one, if they are of one unit."""
    begin, regroup, arrow, behind = _pair_patterns(words.language)
    heads = [draft for draft in drafts if "further" not in draft.mention.notes]
    for first, second in pairwise(heads):
        if not _alike(first, second) or len(second.before) > 40:
            continue
        if arrow.search(second.before) and (begin.search(first.before) or regroup.search(first.before)):
            _link(first, second)
        elif behind.search(second.before):
            _link(second, first)


def _alike(first: Draft, second: Draft) -> bool:
    """Whether two figures can be ends of one movement: of one unit, or both counts of things."""
    if first.mention.family != second.mention.family:
        return False
    return first.unit == second.unit or (first.unit in COUNTED and second.unit in COUNTED)


def _link(first: Draft, second: Draft) -> None:
    """Two ends of one movement: both are what was reached, not the movement itself."""
    first.to_figure, second.from_figure = second, first
    if first.unit != second.unit:
        second.mention.unit = first.mention.unit
    if second.kind not in (*_PAIRED, "rank"):
        second.kind, second.sign = "share" if second.mention.family == "rates" else "level", 1
    if first.kind not in (*_PAIRED, "rank"):
        first.kind, first.sign = second.kind, 1


def tell_bases(drafts: Sequence[Draft], words: Lexicon) -> None:
    """Give growth and change their basis, ranks and gaps their comparator. Periods must be known."""
    for draft in drafts:
        if draft.kind in ("growth", "change", "multiple"):
            draft.basis = _basis(draft, words)
        elif draft.kind in ("rank", "gap"):
            draft.basis = _comparator(draft, words)
    for first, second in pairwise(drafts):
        if first.kind == "change" and second.kind == "growth" and first.basis is None and len(second.before) <= 20:
            first.basis = second.basis  # increased by 30,933, a growth of 56.4% compared with ...


def _basis(draft: Draft, words: Lexicon) -> str | None:
    """What growth or change is against: as its clause says, as the figure before, the earlier end of from ... to."""
    near = draft.before + _near_after(draft)
    if re.search(alternatives(words.words("bases", "start")), near, re.IGNORECASE):
        return f"vs:{draft.period.start.year - 1:04}" if draft.period is not None else None
    if (told := _told_basis(draft, words)) is not None:
        return told
    versus = _versus(draft) or _earlier_end(draft)
    if versus is not None:
        return f"vs:{versus}"
    previous = draft.previous
    if previous is not None and previous.basis and _follows(draft, previous):
        return previous.basis
    if re.search(alternatives(words.words("no_basis")), draft.before, re.IGNORECASE):
        return None
    return _default_basis(draft)


def _told_basis(draft: Draft, words: Lexicon) -> str | None:
    """The basis in words: English has it behind the figure first, Chinese before it."""
    sides = (_near_after(draft), draft.before) if words.language == "en" else (draft.before, _near_after(draft))
    for side in sides:
        for name in ("cagr", "mom", "yoy"):
            if re.search(alternatives(words.words("bases", name)), side, re.IGNORECASE):
                return name
    return None


def _follows(draft: Draft, previous: Draft) -> bool:
    if previous.kind == draft.kind:
        return draft.joined or len(draft.before) <= 12
    near = draft.segment <= previous.mention.end and draft.mention.start - previous.mention.end <= 40
    return near and previous.kind == "change" and previous.mention.family != "points" and draft.kind == "growth"


def _earlier_end(draft: Draft) -> Period | None:
    """The period of the earlier end of a from ... to that stands right before a growth figure."""
    previous = draft.previous
    if previous is None or previous.from_figure is None or draft.mention.start - previous.mention.end > 40:
        return None
    return previous.from_figure.period


def _near_after(draft: Draft) -> str:
    """The words behind a figure up to the end of its clause, where English puts its basis."""
    match = re.match(r"[^，,;；。]{0,110}", draft.after)
    return match.group() if match else ""


def _default_basis(draft: Draft) -> str | None:
    """Growth of a year's figure with no basis is on the year before; of several years, or an amount, it is open."""
    if draft.kind != "growth" or draft.mention.unit == "multiple":
        return None
    draft.doubts.add("basis assumed")
    period = draft.period
    if period is None or period.shape is Shape.CUMULATED_YEARS:
        return None
    return "yoy"


def _versus(draft: Draft) -> Period | None:
    """The period of a time that the figure is compared with."""
    setting = draft.setting
    begin = draft.mention.lead - len(draft.before)
    stop = draft.mention.end + len(_near_after(draft))
    for dated in setting.times:
        since = dated.mention.form == "since" and dated.start >= draft.mention.end
        base = draft.kind == "multiple" and 0 <= draft.mention.lead - dated.end <= 1
        if (dated.mention.compared or since or base) and begin <= dated.start < stop:
            return _start_of(dated)
    return None


def _start_of(dated: Dated) -> Period:
    """The period itself; of `since 2005` its first year."""
    return year_period(dated.period.start.year) if dated.mention.form == "since" else dated.period


def _comparator(draft: Draft, words: Lexicon) -> str | None:
    """Whom a rank or a gap is against: the nearest name of a comparison, or that of the rank before."""
    if draft.kind == "gap" and (plan := words.table("kinds_of_gap").get("plan")) and re.search(plan, draft.before):
        return "plan"
    nearest: tuple[int, str] | None = None
    around = draft.left[-60:] + "\x00" + _near_after(draft)
    middle = min(60, len(draft.left))
    for name, texts in words.table("places_of_comparison").items():
        for match in re.finditer(alternatives(texts), around, re.IGNORECASE):
            distance = abs(match.start() - middle)
            if nearest is None or distance < nearest[0]:
                nearest = distance, name
    previous = draft.previous
    if nearest is not None:
        among = previous is not None and previous.unit in COUNTED and previous.mention.start >= draft.clause[0]
        return None if among and draft.kind == "rank" else nearest[1]  # 在全国27个省会城市中: among these, not all
    if previous is not None and previous.kind == draft.kind:
        return previous.basis
    return None
