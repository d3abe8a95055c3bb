"""What a figure measures: the noun phrase beside it, in the document's own words.

In come the drafts of one sentence with their kinds; out go subjects. Both languages say `what, verb, figure`
(地区生产总值完成…, GDP reached ...) or `figure, what` (78家企业, 53 enterprises); growth, ranks and gaps are of what
the figure before them measures; `respectively` and 分别 hand the members of a list out in turn. Which indicator that
is, is found in `matching`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from briefings.extraction.drafts import Draft
from briefings.extraction.lexicon import Lexicon, alternatives, lexicon
from briefings.extraction.mentions import COUNTED
from briefings.extraction.text import Prepared
from briefings.periods import Language

_LONGEST = 100  # characters of a clause in which a subject is looked for
_LIST_COMMA = "、"
_AROUND = " \t,.、，:：;；\"“”'"
_OF_ANOTHER = ("growth", "change", "gap", "rank", "multiple")


@lru_cache(maxsize=2)
def _ends(language: Language) -> tuple[re.Pattern[str], re.Pattern[str]]:
    subject = lexicon(language).table("subject")
    edge = r"(?![A-Za-z])" if language == "en" else ""
    before = r"(?<![A-Za-z])" if language == "en" else ""
    return (
        re.compile(rf"{alternatives(subject['first'])}{edge}", re.IGNORECASE),
        re.compile(rf"{before}{alternatives(subject['last'])}$", re.IGNORECASE),
    )


def tell_subjects(drafts: Sequence[Draft], prepared: Prepared, words: Lexicon) -> None:
    """Give every draft its subject, and the words in which its indicator is looked for."""
    same = re.compile(words.text("subject", "same"), re.IGNORECASE)
    for draft in drafts:
        _tell_subject(draft, prepared, words, same)
    _hand_out(drafts, words)


def _tell_subject(draft: Draft, prepared: Prepared, words: Lexicon, same: re.Pattern[str]) -> None:
    if "ratio" in draft.mention.notes:
        number = 0
        at = draft
        while "further" in at.mention.notes and at.previous is not None:
            number, at = number + 1, at.previous
        names = words.words("subject", "ratio")
        draft.subject = names[number] if number < len(names) else None
        draft.phrases = (draft.subject or "",)
        return
    before = _stripped(_last_clause(draft, prepared), words)
    behind = _behind(draft, words)
    previous = draft.previous
    if (
        previous is not None
        and previous.behind
        and before
        and before in _stripped(draft.before, words)
        and (previous.behind.startswith(before) or before.startswith(previous.behind))
    ):
        before = ""  # it says what the figure before counts
    draft.behind = behind
    source = draft.from_figure if draft.from_figure is not None and draft.from_figure is previous else None
    if previous is not None and (source is not None or draft.joined or _says_more(draft, before, same)):
        of = source or previous
        if not (draft.joined and behind and draft.mention.family == "amounts"):
            draft.subject, draft.phrases = of.subject, of.phrases
            draft.inherits = True
            return
    counts = draft.mention.unit in COUNTED and bool(behind)
    draft.subject = (behind if counts else before or behind) or None
    draft.phrases = tuple(dict.fromkeys(text for text in (before, behind, before + behind) if text))


def _says_more(draft: Draft, before: str, same: re.Pattern[str]) -> bool:
    """Whether a figure is of what the figure before it measures: its growth, rank or gap, with no own subject."""
    return draft.kind in _OF_ANOTHER and (len(before) < 2 or same.match(draft.before) is not None)


def _last_clause(draft: Draft, prepared: Prepared) -> str:
    """The words before a figure in its own clause, times taken out."""
    begin, end = draft.mention.lead - len(draft.before), draft.mention.lead
    text, at = "", begin
    for dated in draft.setting.times:
        if begin <= dated.start and dated.end <= end:
            text += prepared.plain[at : dated.start]
            at = dated.end
    text += prepared.plain[at:end]
    clauses = [clause for clause in re.split(r"[,，。:：;；](?!\d)", text) if clause.strip()]
    return clauses[-1][-_LONGEST:] if clauses else ""


def _stripped(text: str, words: Lexicon) -> str:
    """Verbs, prepositions and connectives taken off both ends."""
    first, last = _ends(words.language)
    text = text.strip(_AROUND)
    while (match := first.match(text)) and match.end():
        text = text[match.end() :].lstrip(_AROUND)
    while (match := last.search(text)) and match.start() < len(text):
        text = text[: match.start()].rstrip(_AROUND)
    return text


def _behind(draft: Draft, words: Lexicon) -> str:
    """The noun phrase right behind a figure."""
    if draft.after.startswith(_LIST_COMMA):
        return ""  # what follows in a list belongs to the next figure
    match = re.match(rf"\s*{words.text('before_noun')}\s*({words.text('subject', 'behind')})", draft.after)
    if not match or draft.mention.family not in ("amounts", "rates"):
        return ""
    text = re.sub(rf"^(?:{words.text('trailing')})\s*", "", match[1], flags=re.IGNORECASE)
    stop = re.search(words.text("subject", "stop"), text, re.IGNORECASE)
    return (text[: stop.start()] if stop else text).strip(_AROUND)


def _hand_out(drafts: Sequence[Draft], words: Lexicon) -> None:
    """三次产业, 城乡 before a list of as many figures: each figure gets its own member."""
    _hand_on(drafts)
    _hand_members(drafts, words)
    for together, members in words.table("subject", "together").items():
        for number, draft in enumerate(drafts):
            if draft.subject and draft.subject.startswith(together) and not draft.joined:
                run = _list_from(drafts, number)
                if len(run) == len(members):
                    rest = draft.subject.removeprefix(together)
                    for item, member in zip(run, members, strict=True):
                        item.subject = member + rest
                        item.phrases = (item.subject,)


def _hand_on(drafts: Sequence[Draft]) -> None:
    """增长0.8%和8%, up 5.3% and 7.1% respectively: each is of the figure at its place in the list before."""
    for number, draft in enumerate(drafts):
        run = _list_from(drafts, number)
        if draft.joined or draft.kind not in _OF_ANOTHER or len(run) < 2 or number < len(run):
            continue
        earlier = drafts[number - len(run) : number]
        if draft.inherits and all(item.mention.unit == earlier[0].mention.unit for item in earlier):
            for item, of in zip(run, earlier, strict=True):
                item.subject, item.phrases = of.subject, of.phrases


def _hand_members(drafts: Sequence[Draft], words: Lexicon) -> None:
    """A、B分别达到1和2: each figure gets its own member of the subject."""
    mark = re.compile(r"\s*" + words.text("list_mark") + r"\s*", re.IGNORECASE)
    for number, draft in enumerate(drafts):
        run = _list_from(drafts, number)
        if draft.joined or draft.inherits or len(run) < 2 or not draft.subject:
            continue
        members = [member for member in mark.split(draft.subject) if member]
        if len(members) == len(run):
            for item, member in zip(run, members, strict=True):
                item.subject, item.phrases = member, (member,)


def _list_from(drafts: Sequence[Draft], number: int) -> list[Draft]:
    run = [drafts[number]]
    for draft in drafts[number + 1 :]:
        if not draft.joined:
            break
        run.append(draft)
    return run
