# ruff: noqa: E501
"""A briefing made by hand, in English and Chinese, for the tests of tables and render, and to look at.

`python -m tests.samples FOLDER` renders it into a folder.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from briefings.briefing import (
    Briefing,
    Cell,
    ChartRequest,
    Column,
    Figure,
    Finding,
    House,
    IndicatorNames,
    Input,
    Names,
    PlaceNames,
    PlottedSeries,
    Point,
    Row,
    Section,
    SourceNote,
    TableRequest,
)
from briefings.configuration import read_plain
from briefings.narrative import Caption, Narrative, Run, Sentence

TEMPLATES = Path(__file__).parents[1] / "templates"

MONTHS = [f"2025-{month:02}" for month in range(1, 13)]

PLACES = {
    "china": ("China", "中国", "CNY", 7.29, 7.05),
    "japan": ("Japan", "日本", "JPY", 156.48, 155.86),
    "india": ("India", "印度", "INR", 86.2, 89.9),
    "brazil": ("Brazil", "巴西", "BRL", 6.02, 5.45),
    "korea": ("South Korea", "韩国", "KRW", 1455.67, 1467.1),
    "euro_area": ("Euro area", "欧元区", "EUR", 0.9659, 0.8547),
}


def _input(place: str, period: str, value: float, row: int) -> Input:
    return Input(
        value=value,
        unit="LCU per USD",
        indicator="exchange_rate",
        place=place,
        period=period,
        source="exchange_rates",
        published="2026-01-05",
        snapshot="3f" * 32,
        locator=f"row={row},column=Exchange rate",
        quote=str(value),
    )


def _figures() -> dict[str, Figure]:
    found = []
    for n, (place, (_, _, currency, first, last)) in enumerate(PLACES.items()):
        unit = f"{currency} per USD"
        for m, period in enumerate(MONTHS):
            value = round(first + (last - first) * m / 11, 4)
            found.append(
                Figure(
                    id=f"level_{place}_{m + 1}",
                    value=value,
                    unit=unit,
                    kind="level",
                    indicator="exchange_rate",
                    place=place,
                    period=period,
                    inputs=(_input(place, period, value, 600 * n + m + 2),),
                )
            )
            found.append(
                Figure(
                    id=f"index_{place}_{m + 1}",
                    value=value / first * 100,
                    unit="index",
                    kind="index",
                    basis="from 2025-01",
                    indicator="exchange_rate",
                    place=place,
                    period=period,
                    computed=True,
                    decimals=1,
                    formula="a / b * 100",
                    inputs=(
                        _input(place, period, value, 600 * n + m + 2),
                        _input(place, "2025-01", first, 600 * n + 2),
                    ),
                )
            )
        found.append(
            Figure(
                id=f"growth_{place}",
                value=(last / first - 1) * 100,
                unit="percent",
                kind="growth",
                basis="since 2025-01",
                indicator="exchange_rate",
                place=place,
                period="2025-12",
                computed=True,
                decimals=1,
                formula="(a / b - 1) * 100",
                inputs=(_input(place, "2025-12", last, 600 * n + 13), _input(place, "2025-01", first, 600 * n + 2)),
            )
        )
    return {figure.id: figure for figure in found}


def _chart(
    identifier: str, finding: str | None, kind: str = "line", places: tuple[str, ...] = ("china",)
) -> ChartRequest:
    measure = "level" if len(places) == 1 else "index"
    return ChartRequest(
        id=identifier,
        kind=kind,  # type: ignore[arg-type]
        measure="level" if len(places) == 1 else "index from 2025-01",
        unit="CNY per USD" if len(places) == 1 else "index",
        indicator="exchange_rate",
        periods=tuple(MONTHS),
        series=tuple(
            PlottedSeries(
                indicator="exchange_rate",
                place=place,
                highlight=place == "china",
                points=tuple(Point(period=p, figure=f"{measure}_{place}_{m + 1}") for m, p in enumerate(MONTHS)),
            )
            for place in places
        ),
        finding=finding,
        sources=("exchange_rates",),
    )


def _table(identifier: str) -> TableRequest:
    return TableRequest(
        id=identifier,
        rows_are="places",
        columns=(
            Column(id="level", indicator="exchange_rate", measure="level", unit="LCU per USD", period="2025-12"),
            Column(
                id="growth", indicator="exchange_rate", measure="growth since 2025-01", unit="percent", period="2025-12"
            ),
        ),
        rows=(
            *(
                Row(
                    place=place,
                    cells=(
                        Cell(figure=f"level_{place}_12", flags=("p",) if place == "india" else ()),
                        Cell(figure=f"growth_{place}"),
                    ),
                    highlight=place == "china",
                    benchmark=place == "euro_area",
                )
                for place in PLACES
            ),
            Row(place="venezuela", cells=(Cell(absence="held"), Cell(absence="refused"))),
        ),
        of=23,
        sources=("exchange_rates",),
    )


def briefing(**changes: Any) -> Briefing:
    """The sample. `changes` replace fields of it."""

    def finding(identifier: str) -> Finding:
        return Finding(
            id=identifier,
            kind="growth",
            indicator="exchange_rate",
            place="china",
            period="2025-12",
            figures={"growth": "growth_china", "level": "level_china_12"},
        )

    names = {key: {"en": en, "zh": zh} for key, (en, zh, *_) in PLACES.items()} | {
        "venezuela": {"en": "Venezuela", "zh": "委内瑞拉"}
    }
    whole = Briefing(
        theme="markets",
        title={"en": "Markets briefing", "zh": "市场简报"},
        place="china",
        period="2025-12",
        cadence="monthly",
        cut_off="2026-01-05",
        languages=("en", "zh"),
        headline=(finding("h1"), finding("h2"), finding("h3")),
        summary=_table("summary"),
        sections=(
            Section(
                id="yuan",
                title={"en": "The yuan against the dollar", "zh": "人民币对美元汇率"},
                findings=(finding("s1"), finding("s2"), finding("s3")),
                charts=(_chart("yuan", "s2"), _chart("peers", None, "line", ("china", "brazil"))),
            ),
            Section(
                id="peers",
                title={"en": "Peers", "zh": "主要货币"},
                findings=(finding("p1"), finding("p2")),
                charts=(_chart("moves", "p1", "small multiples", tuple(PLACES)),),
                tables=(_table("peers"),),
            ),
        ),
        notes=(),
        figures=_figures(),
        sources=(
            SourceNote(
                id="exchange_rates",
                title={"en": "Exchange rates", "zh": "汇率"},
                publisher={"en": "Federal Reserve", "zh": "美联储"},
                url="https://www.federalreserve.gov/releases/h10/",
                licence="ODC-PDDL-1.0",
                published="2026-01-05",
                snapshots=("3f" * 32,),
            ),
        ),
        names=Names(
            indicators={
                "exchange_rate": IndicatorNames(
                    name={"en": "Exchange rate against the US dollar", "zh": "对美元汇率"},
                    short={"en": "Exchange rate", "zh": "汇率"},
                    unit="LCU per USD",
                    nature="rate",
                    growth_class="from levels",
                    direction="neither",
                )
            },
            places={
                key: PlaceNames(name=name, kind="country", currency=PLACES[key][2] if key in PLACES else "VES")
                for key, name in names.items()
            },
        ),
        house=House(
            publisher={"en": "Office of Policy Research", "zh": "政策研究室"},
            contact={"name": "Data desk", "email": "desk@example.org", "phone": "+86 10 0000 0000"},
            disclaimer={"en": "For official use; figures may be revised.", "zh": "供内部参考，数据以后续修订为准。"},
            zone="Asia/Shanghai",
        ),
    )
    return whole.model_copy(update=changes)


_SENTENCES: dict[str, tuple[str, str]] = {
    "h1": (
        "The yuan stood at {level_china_12:CNY 7.05 per US dollar} in December 2025, {growth_china:3.3%} stronger than in January.",
        "2025年12月，人民币对美元汇率为{level_china_12:7.05元/美元}，较1月升值{growth_china:3.3%}。",
    ),
    "h2": (
        "The euro gained most of all peers: a dollar cost {level_euro_area_12:EUR 0.85} at the end of the year, {growth_euro_area:11.5%} less than in January.",
        "主要货币中欧元升幅最大：年末1美元兑{level_euro_area_12:0.85欧元}，较1月下降{growth_euro_area:11.5%}。",
    ),
    "h3": (
        "The Indian rupee fell for the whole year and ended it at {level_india_12:INR 89.90 per US dollar}.",
        "印度卢比全年走弱，年末为{level_india_12:89.90卢比/美元}。",
    ),
    "s1": (
        "Over the year the yuan moved within a narrow range, from {level_china_1:7.29} in January to {level_china_12:7.05} in December.",
        "全年人民币汇率波动区间较窄，由1月的{level_china_1:7.29元/美元}升至12月的{level_china_12:7.05元/美元}。",
    ),
    "s2": (
        "It rose in each of the twelve months, the longest run since the series begins; a lower number means a stronger yuan.",
        "人民币连续十二个月升值，为有数据以来最长；数值越低表示人民币越强，与Brent原油价格走势相反。",
    ),
    "s3": (
        "By the middle of the year a dollar cost {level_china_6:CNY 7.18}.",
        "年中1美元兑{level_china_6:7.18元}。",
    ),
    "p1": (
        "Against the dollar, {growth_brazil:9.5%} was the gain of the Brazilian real, and the yen was little changed at {level_japan_12:JPY 155.86 per US dollar}.",
        "巴西雷亚尔对美元升值{growth_brazil:9.5%}；日元基本稳定，为{level_japan_12:155.86日元/美元}。",
    ),
    "p2": (
        "The won ended the year at {level_korea_12:KRW 1,467.10 per US dollar}, {growth_korea:0.8%} weaker than in January.",
        "韩元年末为{level_korea_12:1467.10韩元/美元}，较1月贬值{growth_korea:0.8%}。",
    ),
}


def sentence(text: str) -> Sentence:
    """`... {figure:printed} ...` as runs."""
    runs: list[Run] = []
    for n, part in enumerate(text.replace("}", "{").split("{")):
        figure, _, printed = part.partition(":")
        if part:
            runs.append(Run(printed, figure) if n % 2 else Run(part))
    return tuple(runs)


def narrative(language: str, **changes: Any) -> Narrative:
    """The sample's words. `changes` replace fields."""
    zh = language == "zh"
    captions = {
        "yuan": (
            "The yuan rose all year",
            "Yuan per US dollar, China, January to December 2025",
            "人民币全年走强",
            "元/美元，中国，2025年1—12月",
        ),
        "peers": (
            "The yuan and the real against the dollar",
            "Units of currency per US dollar, 2025",
            "人民币与雷亚尔对美元汇率",
            "每美元兑本币，2025年1—12月",
        ),
        "moves": (
            "Six currencies against the dollar",
            "Units of currency per US dollar, 2025",
            "六种货币对美元汇率",
            "每美元兑本币，2025年1—12月",
        ),
    }
    words = {
        "title": "市场简报" if zh else "Markets briefing",
        "period": "2025年12月" if zh else "December 2025",
    }
    fields: dict[str, Any] = {
        "language": language,
        **words,
        "summary": sentence(
            "人民币对美元年末为{level_china_12:7.05元/美元}，全年升值{growth_china:3.3%}。"
            if zh
            else "The yuan ended 2025 at {level_china_12:CNY 7.05 per US dollar}, {growth_china:3.3%} stronger than in January."
        ),
        "sentences": {key: sentence(texts[zh]) for key, texts in _SENTENCES.items()},
        "charts": {
            key: Caption((Run(texts[2 * zh]),), (Run(texts[2 * zh + 1]),), (Run(texts[2 * zh] + "."),))
            for key, texts in captions.items()
        },
        "tables": {
            "summary": (Run("主要货币对美元汇率" if zh else "Currencies against the dollar"),),
            "peers": (Run("同类货币比较" if zh else "Peers compared"),),
        },
        "notes": (
            sentence(
                "委内瑞拉2025年12月数据较上期变动超过一百倍，待核实，暂不列示。"
                if zh
                else "The figure of Venezuela for December 2025 differs from the last one more than a hundredfold; it is held back until checked."
            ),
            sentence("增长率由汇率水平计算。" if zh else "Growth is computed from the levels of the rates."),
        ),
        "furniture": furniture(language),
    }
    return Narrative(**(fields | changes))


def furniture(language: str) -> dict[str, str]:
    """The fixed words of the pages, from the phrase books of the program."""
    book = read_plain(TEMPLATES / "phrases" / f"{language}.yaml")
    return dict(book["furniture"])


class Here:
    """Stands in for `Workers`: runs in this process."""

    def call(self, function: str, payload: dict[str, Any], what: str = "") -> Any:
        module, _, name = function.partition(":")
        return getattr(importlib.import_module(module), name)(payload)

    def map(self, function: str, payloads: list[dict[str, Any]]) -> list[Any]:
        return [self.call(function, payload) for payload in payloads]


def page_to_set(html: str, **more: Any) -> dict[str, Any]:
    """What `render.pdf.write` is given to set a page as it stands: no contents, pictures or attachments but in `more`."""
    given = {"html": html, "html_with_contents": html, "long": False, "pictures": {}, "attachments": [], "phrases": {}}
    return given | more


def preview(folder: Path) -> None:
    """Render the sample in both languages into a folder."""
    from briefings.fonts import ensure_fonts, fontconfig_file
    from briefings.render import Stamp, render
    from briefings.workers import Workers

    fonts = ensure_fonts()
    with Workers(1, environment={"FONTCONFIG_FILE": str(fontconfig_file(fonts))}) as workers:
        for language in ("en", "zh"):
            done = render(
                briefing(),
                language,
                narrative=narrative(language),
                stamp=Stamp(f"markets/china/2025-12/{language}/r1", 1, "0" * 64),
                templates=(TEMPLATES,),
                workers=workers,
                fonts=fonts,
            )
            for name, content in done.files.items():
                path = folder / language / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)


if __name__ == "__main__":
    import sys

    preview(Path(sys.argv[1]))
