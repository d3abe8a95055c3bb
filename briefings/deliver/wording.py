"""The few words that delivery adds to an edition, in English and in Chinese.

In: a language. Out: `Wording`. The sentences about figures are the narrative's, and stand in the edition already.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from briefings.narrative.amendments import Line
from briefings.periods import Period


@dataclass(frozen=True)
class Wording:
    """Words and sentences; {names in braces} are filled in. `attached` is what finished mails say (the narrative's
    phrase `in full`), which is not true of a mail that links to the edition."""

    language: Literal["en", "zh"]
    correction: str
    completion: str
    late: str
    partial: str
    corrects: str
    completes: str
    changed: str
    figure: str
    measure: str
    target: str
    value: str
    withdrawn: str
    more: str
    due: str
    lacking: str
    attached: str
    linked: str
    read: str
    page_one: str
    comma: str

    def period(self, text: str) -> str:
        """A period in the words of the language."""
        return Period.parse(text).write(self.language)

    def line(self, told: Line) -> str:
        """A figure that is told otherwise: what it is of, what it is now and what it was."""
        measure = (self.target if told.target else "") + (
            self.measure.format(measure=told.measure) if told.measure else ""
        )
        name = self.figure.format(indicator=told.indicator, place=told.place, period=told.period, measure=measure)
        said = self.value if told.after else self.withdrawn
        return said.format(name=name, after=told.after, before=told.before)

    def instant(self, moment: datetime) -> str:
        """A day and a time of day, in the zone that the moment has."""
        day = self.period(moment.date().isoformat())
        between = " " if self.language == "en" else ""
        return f"{day}{between}{moment:%H:%M}"


WORDINGS = {
    "en": Wording(
        language="en",
        correction="Correction: ",
        completion="Now complete: ",
        late=" (late)",
        partial=" (partial)",
        corrects="This edition corrects {edition}, which you received. Please use this one in its place.",
        completes="This edition completes {edition}, which you received in part. Please use this one in its place.",
        changed="Figures that changed: {figures}",
        figure="{indicator}, {place}, {period}{measure}",
        measure=", {measure}",
        target=", target",
        value="{name}: {after} (was {before})",
        withdrawn="{name}: withdrawn (was {before})",
        more="and {count} more",
        due="It was due on {due}, and is late.",
        lacking="Not in by the deadline, and left out: {names}.",
        attached="The full edition is attached.",
        linked="The files are too large for a mail. They are here: {url}",
        read="In full: {url}",
        page_one="Page one as a picture: {url}",
        comma="; ",
    ),
    "zh": Wording(
        language="zh",
        correction="更正：",
        completion="补全版：",
        late="（迟发）",
        partial="（部分数据）",
        corrects="本版更正您此前收到的 {edition}，请以本版为准。",
        completes="本版补全您此前收到的部分数据版 {edition}，请以本版为准。",
        changed="有变动的数据：{figures}",
        figure="{place}{indicator}（{period}）{measure}",
        measure="{measure}",
        target="目标",
        value="{name}：{after}（原为{before}）",
        withdrawn="{name}：已撤回（原为{before}）",
        more="另有{count}处",
        due="本期原定于{due}发送，现延迟送达。",
        lacking="截至发布时限尚未取得、本期暂缺：{names}。",
        attached="完整版见附件。",
        linked="文件过大，不便以附件发送，请在此查看：{url}",
        read="完整版：{url}",
        page_one="首页图片：{url}",
        comma="；",
    ),
}


def wording(language: str) -> Wording:
    """The words of a language. Raises `KeyError` for a language that editions are not made in."""
    return WORDINGS[language]
