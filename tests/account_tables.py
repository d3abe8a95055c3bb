"""A briefing of accounts made by hand: what sources tell of an indicator, in every form that a table must set."""

from __future__ import annotations

from typing import Any

from briefings.briefing import (
    Briefing,
    Cell,
    Column,
    Figure,
    IndicatorNames,
    Input,
    Names,
    PlaceNames,
    Row,
    Section,
    TableRequest,
)
from tests import samples

PLACES = {
    "ridge": ("Ridge", "岭市", "city"),
    "old_town": ("Old Town", "老城区", "district"),
    "highlands": ("the Highlands", "高原省", "province"),
    "china": ("China", "中国", "country"),
}
#: Indicator -> name in English and Chinese, counting words.
INDICATORS: dict[str, tuple[str, str, dict[str, str]]] = {
    "revenue": ("General public budget revenue", "一般公共预算收入", {}),
    "industry": ("Value added of industry above designated size", "规模以上工业增加值", {}),
    "deposits": ("Deposits", "存款余额", {}),
    "loans": ("Loans", "贷款余额", {}),
    "projects": ("Projects of over CNY 1 billion completed", "竣工10亿元以上项目", {}),
    "beds": ("Beds in homes for the elderly", "养老床位", {"en": "bed|beds", "zh": "张"}),
    "matters": ("Government services handled at all-purpose counters", "综合窗口办理政务服务事项", {"zh": "项"}),
    "evaluation": ("Evaluation of the business environment", "营商环境评价", {}),
    "investment": ("Fixed asset investment", "固定资产投资", {}),
}

#: Indicator, place, breakdown, period; then the figures: measure, value, unit, decimals, and what else is said of them.
OVER: dict[str, Any] = {"qualifier": "over"}
TARGET: dict[str, Any] = {"status": "target", "flags": ("t",)}
Told = tuple[str, float, str, int | None, dict[str, Any]]
ACCOUNTS: tuple[tuple[str, str, str, str, tuple[Told, ...]], ...] = (
    (
        "revenue", "ridge", "", "2018",
        (
            ("level", 440_000_000, "CNY", None, {"status": "estimate", "flags": ("e",)}),
            ("growth on year", 67.18, "percent", 2, {"status": "estimate", "flags": ("e",)}),
            ("rank by growth among highlands", 1, "rank", 0, {}),
        ),
    ),
    (
        "industry", "ridge", "", "2018-01/2018-04",
        (
            ("growth on year", 19.2, "percent", 1, {}),
            ("gap in growth to china", 15.6, "percentage point", 1, {}),
            ("implied growth in china", 3.6, "percent", 1, {"computed": True}),
            ("rank by growth among highlands", 1, "rank", 0, {}),
        ),
    ),
    (
        "deposits", "ridge", "", "2018",
        (
            ("level", 133_934_000_000, "CNY", None, {}),
            ("average annual growth", 11.67, "percent", 2, {"flags": ("x",)}),
            ("share of all", 12.5, "percent", 1, {}),
        ),
    ),
    (
        "loans", "ridge", "size=small", "2018",
        (("level", 9_131_000_000, "CNY", None, {}), ("growth", 18.38, "percent", 2, {})),
    ),
    ("projects", "ridge", "", "2018", (("level", 98, "project", 0, OVER),)),
    ("projects", "ridge", "", "2021", (("level", 120, "project", 0, OVER | TARGET),)),
    (
        "beds", "ridge", "", "2018",
        (
            ("level", 12_628, "item", 0, {}),
            ("change", 1, "item", 0, {}),
            ("multiple of 2015", 4.8, "multiple", 1, {}),
        ),
    ),
    ("matters", "old_town", "", "2018", (("level", 1_350_000, "item", None, {"qualifier": "about"}),)),
    (
        "evaluation", "ridge", "", "2017",
        (("rank among cities", 2, "rank", 0, {}), ("rank from bottom among nobody", 1, "rank", 0, {})),
    ),
    (
        "investment", "ridge", "", "2016/2020",
        (
            ("level", 1_234_560_000_000, "CNY", None, {"qualifier": "under"} | TARGET),
            ("share of elsewhere", 4.2, "percent", 1, TARGET),
        ),
    ),
)  # fmt: skip


def briefing(repeated: int = 1) -> Briefing:
    """The accounts above, so many times over, in one section and (the first time) in the summary."""
    figures: dict[str, Figure] = {}
    rows = [row for turn in range(repeated) for account in ACCOUNTS for row in _rows(account, turn, figures)]
    places = {
        key: PlaceNames(name={"en": en.removeprefix("the ").capitalize() if key != "old_town" else en, "zh": zh},
                        in_text={"en": en, "zh": zh}, kind=kind)
        for key, (en, zh, kind) in PLACES.items()
    }  # fmt: skip
    names = Names(
        indicators={key: _named(*texts) for key, texts in INDICATORS.items()},
        places=places,
        breakdowns={"size=small": {"en": "small and micro enterprises", "zh": "小微企业"}},
        groups={"cities": {"en": "35 large cities", "zh": "35个大中城市"}},
        wholes={"all": {"en": "deposits in the Highlands", "zh": "全省存款"}},
    )
    return samples.briefing(
        place="ridge",
        period="2018",
        headline=(),
        summary=table("summary", rows[:9]),
        sections=(
            Section(
                id="all", title={"en": "All figures", "zh": "全部数据"}, tables=(table("all", rows), places_table())
            ),
        ),
        figures=figures | _of_places(),
        names=names,
    )  # fmt: skip


def _rows(account: Any, turn: int, figures: dict[str, Figure]) -> list[Row]:
    indicator, place, breakdown, period, told = account
    rows = []
    for number, (measure, value, unit, decimals, more) in enumerate(told):
        key = f"{indicator} {place} {period} {number} {turn}"
        figures[key] = Figure(
            id=key, value=value, unit=unit, kind=measure.split(maxsplit=1)[0], indicator=indicator, place=place,
            breakdown=breakdown, period=period, decimals=decimals, qualifier=more.get("qualifier", "exact"),
            status=more.get("status", "actual"), computed=more.get("computed", False),
            inputs=(_input(indicator, place),),
        )  # fmt: skip
        row = Row(
            place=place, breakdown=breakdown, indicator=indicator, period=period, measure=measure, main=number == 0,
            cells=(Cell(figure=key, flags=more.get("flags", ())),),
        )  # fmt: skip
        rows.append(row)
    return rows


def _input(indicator: str, place: str) -> Input:
    return Input(
        value=1, unit="CNY", indicator=indicator, place=place, period="2018", source="exchange_rates",
        published="2019-01-05", snapshot="3f" * 32, locator="row=7,column=value",
    )  # fmt: skip


def table(identifier: str, rows: list[Row]) -> TableRequest:
    return TableRequest(
        id=identifier, rows_are="accounts", columns=(Column(id="figure", indicator="", measure="figure", unit=""),),
        rows=tuple(rows), sources=("exchange_rates",),
    )  # fmt: skip


LATEST = {
    "ridge": ("2018", 12.4e9, None),
    "old_town": ("2023-01/2023-06", 3.1e9, 4.2),
    "highlands": ("2020", 88e9, 3.0),
}


def _of_places() -> dict[str, Figure]:
    found = {}
    for place, (period, level, growth) in LATEST.items():
        for kind, value, unit in (("level", level, "CNY"), ("growth", growth, "percent")):
            if value is not None:
                found[f"{kind} {place}"] = Figure(
                    id=f"{kind} {place}", value=value, unit=unit, kind=kind, indicator="revenue", place=place,
                    period=period, inputs=(_input("revenue", place),),
                )  # fmt: skip
    return found


def places_table() -> TableRequest:
    """Places with the latest figure of each, the period in a column of its own."""
    return TableRequest(
        id="places",
        rows_are="places",
        columns=(
            Column(id="level", indicator="revenue", measure="level", unit="CNY"),
            Column(id="growth", indicator="revenue", measure="growth on year", unit="percent"),
        ),
        rows=tuple(
            Row(
                place=place,
                indicator="revenue",
                period=period,
                cells=(
                    Cell(figure=f"level {place}"),
                    Cell(absence="not available") if growth is None else Cell(figure=f"growth {place}"),
                ),
            )
            for place, (period, _, growth) in LATEST.items()
        ),
        sources=("exchange_rates",),
    )


def _named(english: str, chinese: str, counter: dict[str, str]) -> IndicatorNames:
    return IndicatorNames(
        name={"en": english, "zh": chinese}, unit="item", nature="flow", growth_class="nominal", direction="higher",
        counter=counter,
    )  # fmt: skip
