"""Briefings made by hand for the tests of charts: places, periods and values, nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from briefings.briefing import (
    Briefing,
    ChartKind,
    ChartRequest,
    Figure,
    House,
    IndicatorNames,
    Names,
    PlaceNames,
    PlottedSeries,
    Point,
)
from briefings.charts import ChartText

NAMES = {
    "ridge": ("Ridge", "岭市"),
    "harbour": ("Harbour", "港市"),
    "plain": ("The Plain and its Twelve Villages", "平原及所辖十二个村"),
    "delta": ("Delta", "三角洲"),
    "script": ("</script><img src=x onerror=alert(1)>", "</script><img src=x onerror=alert(1)>"),
}
TEXTS = {
    "en": ChartText("Ridge fell behind", "Output, %, 2020 to 2025", "Output of Ridge fell.", "Source: own."),
    "zh": ChartText("岭市落后", "产出，%，2020—2025年", "岭市产出下降。", "资料来源：自制。"),
}
YEARS = tuple(str(year) for year in range(2018, 2026))
MONTHS = tuple(f"{year}-{month:02d}" for year in (2023, 2024, 2025) for month in range(1, 13))

Values = Mapping[str, Sequence[float | None]]


def with_roles(made: tuple[ChartRequest, Briefing], roles: Mapping[str, str]) -> tuple[ChartRequest, Briefing]:
    """The request with series that are no place but play a role."""
    request, held = made
    series = tuple(one.model_copy(update={"row": roles.get(one.place, "")}) for one in request.series)
    return request.model_copy(update={"series": series}), held


def chart(
    kind: ChartKind,
    values: Values,
    periods: Sequence[str],
    *,
    unit: str = "percent",
    measure: str = "growth on year",
    highlight: Sequence[str] = ("ridge",),
    decimals: int | None = 1,
    status: Mapping[str, str] | None = None,
    identifier: str = "c1",
    **options: Any,
) -> tuple[ChartRequest, Briefing]:
    """A request and the briefing that holds its figures; the id of a figure is `place period`."""
    figures = {
        f"{place} {period}": Figure(
            id=f"{place} {period}", value=value, unit=unit, kind="level", indicator="output", place=place,
            period=period, decimals=decimals, status=(status or {}).get(period, "actual"), inputs=(),
        )
        for place, row in values.items()
        for period, value in zip(periods, row, strict=True)
        if value is not None
    }  # fmt: skip
    series = tuple(
        PlottedSeries(
            indicator="output",
            place=place,
            highlight=place in highlight,
            points=tuple(
                Point(period=period, figure=None if value is None else f"{place} {period}")
                for period, value in zip(periods, row, strict=True)
            ),
        )
        for place, row in values.items()
    )
    request = ChartRequest(
        id=identifier, kind=kind, measure=measure, unit=unit, indicator="output", periods=tuple(periods), series=series,
        sources=("own",), **options,
    )  # fmt: skip
    return request, briefing(figures)


PARTS = {
    "first": ("Primary", "第一产业"),
    "second": ("Secondary", "第二产业"),
    "third": ("Tertiary", "第三产业"),
    "low": ("CNY 100 to 500 million", "1亿—5亿元"),
    "middle": ("CNY 500 million to 1 billion", "5亿—10亿元"),
    "high": ("Over CNY 1 billion", "10亿元以上"),
    "other": ("Other services, not elsewhere classified", "未列入其他类别的服务业"),
}
BARS = {"landed": ("Projects landed", "落地项目"), "started": ("Projects started", "开工项目")}


def parts(
    kind: ChartKind,
    values: Mapping[str, Mapping[str, float]],
    *,
    unit: str = "percent",
    measure: str = "share",
    decimals: int | None = 1,
    qualifier: Any = "exact",
    identifier: str = "c1",
) -> tuple[ChartRequest, Briefing]:
    """Bars of parts: bar -> part -> value; the part without a name is the bar's total."""
    figures, series = {}, []
    for row, given in values.items():
        period = row if row.isdigit() else "2025"
        for part, value in given.items():
            breakdown = f"part={part}" if part else ""
            figure = Figure(
                id=f"{row} {part}", value=value, unit=unit, kind="level", indicator="output", place="ridge",
                breakdown=breakdown, period=period, decimals=decimals, qualifier=qualifier, inputs=(),
            )  # fmt: skip
            figures[figure.id] = figure
            points = (Point(period=period, figure=figure.id),)
            series.append(PlottedSeries(indicator="output", place="ridge", breakdown=breakdown, row=row, points=points))
    request = ChartRequest(
        id=identifier, kind=kind, measure=measure, unit=unit, indicator="output", series=tuple(series),
        sources=("own",), periods=tuple(dict.fromkeys(point.period for one in series for point in one.points)),
    )  # fmt: skip
    return request, briefing(figures)


def briefing(figures: dict[str, Figure]) -> Briefing:
    places = {place: PlaceNames(name={"en": en, "zh": zh}, kind="city") for place, (en, zh) in NAMES.items()}
    output = IndicatorNames(
        name={"en": "Output", "zh": "产出"}, unit="CNY", nature="flow", growth_class="nominal", direction="higher"
    )
    bars = {
        bar: output.model_copy(update={"name": {"en": english, "zh": chinese}})
        for bar, (english, chinese) in BARS.items()
    }
    breakdowns = {f"part={part}": {"en": english, "zh": chinese} for part, (english, chinese) in PARTS.items()}
    return Briefing(
        theme="test", title={"en": "Test", "zh": "测试"}, place="ridge", period="2025", cadence="annual",
        cut_off="2026-01-01", languages=("en", "zh"), headline=(), summary=None, sections=(), notes=(), figures=figures,
        sources=(), names=Names(indicators={"output": output, **bars}, places=places, breakdowns=breakdowns),
        house=House(publisher={"en": "Test"}),
    )  # fmt: skip


#: One chart of every kind, with what each must cope with: gaps, negative values, ties, long names.
EVERY_KIND: dict[str, tuple[ChartRequest, Briefing]] = {
    "line": chart(
        "line",
        {"ridge": [1, 2, None, 4, None, 6, 5, 4], "harbour": [2, 2, 3, 3, 4, 4, 5, 5.5]},
        YEARS,
        identifier="line",
    ),
    "column": chart("column", {"ridge": [1.5, -2, None, 4, 0, 6, 5, -4]}, YEARS, identifier="column"),
    "bar": chart("bar", {"harbour": [7.5], "plain": [3], "delta": [0], "ridge": [-1.5]}, ["2025"], identifier="bar"),
    "dot plot": chart(
        "dot plot", {"harbour": [5, 7.5], "plain": [3, 3], "ridge": [-2, -1.5]}, ["2020", "2025"], identifier="dot-plot"
    ),
    "small multiples": chart(
        "small multiples",
        {place: [number * 1.0, None, 3, 4, 5, 6, 7, 8 + number] for number, place in enumerate(NAMES)},
        YEARS,
        identifier="small-multiples",
    ),
    "heat map": chart(
        "heat map",
        {"ridge": [1, -2, None, 4, 0, 6, 5, -4], "plain": [2, 2, 3, 90, 4, 4, 5, 5]},
        YEARS,
        identifier="heat-map",
    ),
    "rank bump": chart(
        "rank bump",
        {
            "ridge": [1, 2, 3, 3, None, 2, 1, 1],
            "harbour": [2, 1, 1, 2, 1, 1, 2, 2],
            "plain": [3, 3, 2, 1, 2, 2, 3, None],
        },
        YEARS, unit="rank", measure="rank", decimals=0, identifier="rank-bump",
    ),
    "dumbbell": chart(
        "dumbbell",
        {"harbour": [96.2e9, 133.9e9], "plain": [46.6e9, 47e9], "ridge": [12e9, 9.5e9], "delta": [None, 3e9]},
        ["2020", "2025"], unit="CNY", measure="level", decimals=None, identifier="dumbbell",
    ),
    "bullet": chart(
        "bullet", {"harbour": [157.14], "plain": [98.6], "delta": [0], "ridge": [118]}, ["2018"],
        measure="attainment", decimals=2, identifier="bullet",
    ),
    "stacked bar": parts(
        "stacked bar",
        {"2020": {"first": 5.1, "second": 33.6, "third": 61.3}, "2025": {"first": 4.6, "second": 29.7, "third": 65.7}},
        identifier="stacked-bar",
    ),
    "tier bar": parts(
        "tier bar",
        {
            "landed": {"low": 152, "middle": 37, "high": 47, "": 236},
            "started": {"low": 40, "middle": 12, "high": 13, "": 65},
        },
        unit="project", measure="increment", decimals=0, identifier="tier-bar",
    ),
    "slope": chart(
        "slope",
        {"ridge": [4, 6.5], "harbour": [5, 5.1], "plain": [5.1, 5.2], "delta": [None, -1.5]},
        ["2015", "2025"], identifier="slope",
    ),
    "waterfall": with_roles(
        chart(
            "waterfall", {"ridge": [1.5], "plain": [0.4], "delta": [-0.9], "script": [0], "harbour": [1.0]}, ["2025"],
            unit="percentage point", measure="contribution harbour", identifier="waterfall",
        ),
        {"harbour": "total", "script": "others"},
    ),
    "band": with_roles(
        chart(
            "band",
            {"ridge": [1, 2, 9, 4, None, 6, 5, 4], "harbour": [3, 4, 5, None, 6, 6, 7, 8.5],
             "plain": [0, -1, 0, None, 1, 2, 2, 1], "delta": [2, 2, 3, None, 4, 5, 5, 5]},
            YEARS, identifier="band",
        ),
        {"harbour": "highest", "plain": "lowest", "delta": "median"},
    ),
}  # fmt: skip
