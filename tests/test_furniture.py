"""What stands around the figures: release and next release, kind of briefing, what is preliminary, subject and preview
of the mail, sparklines."""

from __future__ import annotations

import pytest

from briefings.briefing import Briefing, Point, Release
from briefings.narrative import narrate
from briefings.render.contexts import BriefingPage, Piece
from briefings.render.figures import Register
from briefings.render.mail import preview, subject
from briefings.render.page import Stamp, briefing_page, cover_facts
from briefings.tables import set_table
from tests import samples
from tests.narratives import BOOKS

RELEASE = Release(
    at="2026-01-20T08:30+08:00", zone="Asia/Shanghai", next="2026-02-20T08:30+08:00", next_period="2026-01"
)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            {
                "Release": "20 January 2026, 08:30 (Beijing time)",
                "Next release": "20 February 2026, 08:30 (Beijing time), for January 2026",
            },
        ),
        (
            "zh",
            {"发布时间": "2026年1月20日08:30（北京时间）", "下期发布": "2026年2月20日08:30（北京时间），2026年1月数据"},
        ),
    ],
)
def test_page_one_says_when_it_is_released_and_when_the_next_one(language: str, told: dict[str, str]) -> None:
    facts = cover_facts(samples.briefing(release=RELEASE), samples.narrative(language))
    assert {fact.label: fact.text for fact in facts[:2]} == told


def test_a_zone_without_a_name_is_told_by_its_distance_from_utc() -> None:
    release = RELEASE.model_copy(update={"zone": "Asia/Kathmandu", "at": "2026-01-20T08:30+05:45"})
    (fact, *_) = cover_facts(samples.briefing(release=release), samples.narrative("en"))
    assert fact.text == "20 January 2026, 08:30 (UTC+05:45)"


def test_without_a_schedule_no_release_is_claimed() -> None:
    labels = [fact.label for fact in cover_facts(samples.briefing(), samples.narrative("en"))]
    assert labels[:2] == ["Next period", "Data up to"]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Data desk, desk@example.org, +86 (0)471 000-0000"),
        ("zh", "数据室，desk@example.org，+86 (0)471 000-0000"),
    ],
)
def test_whom_to_ask_is_named_in_the_edition_s_language_and_each_way_has_its_link(language: str, said: str) -> None:
    contact: dict[str, str | dict[str, str]] = {
        "name": {"en": "Data desk", "zh": "数据室"},
        "email": "desk@example.org",
        "phone": "+86 (0)471 000-0000",
    }
    plain = samples.briefing()
    briefing = plain.model_copy(update={"house": plain.house.model_copy(update={"contact": contact})})
    *_, fact = cover_facts(briefing, samples.narrative(language))
    assert fact.text == said
    links = {part.href: part.text for part in fact.parts if part.href}
    assert links == {"mailto:desk@example.org": contact["email"], "tel:+864710000000": contact["phone"]}
    before = plain.model_copy(update={"house": plain.house.model_copy(update={"contact": {"name": "Desk"}})})
    assert cover_facts(before, samples.narrative(language))[-1].text == "Desk"


@pytest.mark.parametrize(
    ("number", "link"),
    [
        ("0471 123 4567", "tel:04711234567"),
        ("+44 (20) 7946.0000", "tel:+442079460000"),
        ("123 / 456", ""),
        ("1234567890123456", ""),
        ("00+1", ""),
    ],
)
def test_a_number_that_may_be_two_is_not_dialled(number: str, link: str) -> None:
    plain = samples.briefing()
    briefing = plain.model_copy(update={"house": plain.house.model_copy(update={"contact": {"phone": number}})})
    assert cover_facts(briefing, samples.narrative("en"))[-1].href == link


@pytest.mark.parametrize(
    ("period", "cadence", "kinds"),
    [
        ("2025", "annual", ("Annual bulletin", "年报")),
        ("2025-H1", "half-yearly", ("Half-yearly bulletin", "半年报")),
        ("2025-Q3", "quarterly", ("Quarterly bulletin", "季报")),
        ("2025-12", "monthly", ("Monthly bulletin", "月报")),
        ("2025-01/2025-10", "monthly", ("Monthly bulletin", "月报")),
        ("2025-12-T2", "ten-day", ("Ten-day bulletin", "旬报")),
        ("2025-01/2025-04", "annual", ("", "")),
        ("2021/2025", "annual", ("", "")),
    ],
)
def test_a_briefing_is_called_by_its_kind(period: str, cadence: str, kinds: tuple[str, str]) -> None:
    briefing = bare(period=period, cadence=cadence)
    assert tuple(narrate(briefing, language, BOOKS[language]).kind for language in ("en", "zh")) == kinds


def bare(**changes: object) -> Briefing:
    """A briefing without findings, tables or charts."""
    return samples.briefing(headline=(), sections=(), summary=None, notes=(), **changes)


def page(language: str, **words: object) -> BriefingPage:
    briefing = samples.briefing(sections=())
    told = samples.narrative(language, **words)
    return briefing_page(
        briefing, told, Register(briefing), {}, Stamp("a/b/c/en/r1", 1, "0"), medium="screen", style=""
    )


def test_subject_and_preview_carry_the_first_finding_and_do_not_say_the_same() -> None:
    chinese = page("zh", kind="月报")
    before, *_, last = subject(chinese, [Piece("汇率同比下降5.6%")])
    assert before.text.startswith("【月报】")
    assert last.text == "汇率同比下降5.6%"
    assert preview(chinese, [Piece("汇率同比下降5.6%")]) == chinese.summary
    english = page("en", kind="Monthly bulletin")
    assert not subject(english, [])[0].text.startswith("Monthly")
    assert preview(english, english.summary) in english.findings


def test_a_sparkline_ends_a_row_and_tells_its_course_without_numbers() -> None:
    briefing = samples.briefing()
    values = [7.1, 7.4, 7.0, 7.2]
    named = [
        briefing.figures["level_china_1"].model_copy(update={"id": f"x{n}", "value": value, "period": f"2025-0{n}"})
        for n, value in enumerate(values, start=1)
    ]
    told = samples.briefing(figures=briefing.figures | {each.id: each for each in named})
    assert told.summary is not None
    trend = tuple(Point(period=each.period, figure=each.id) for each in named)
    rows = (told.summary.rows[0].model_copy(update={"trend": trend}), *told.summary.rows[1:])
    done = set_table(told.summary.model_copy(update={"rows": rows}), told, "en", samples.narrative("en").furniture)
    assert done.trend is not None
    assert (done.trend.text, done.trend.period) == ("Course", "Jan 2025 – Apr 2025")
    course = done.rows[0].trend
    assert course == (tuple(values), "Jan 2025 to Apr 2025: higher at the end; highest in Feb 2025, lowest in Mar 2025")
    assert done.rows[1].trend is None
    assert any(": not available" in mark for mark in done.marks)  # the rows that have no course say so
