"""Every kind of chart, in both languages, from real series: for eyes.

    python benchmarks/gallery.py FOLDER [--fonts FOLDER] [--series FOLDER]

Writes SVG, PNG and an HTML page with all of them.
"""

from __future__ import annotations

import argparse
import csv
import html
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from briefings import charts
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
    figure_id,
)
from briefings.fonts import ensure_fonts
from briefings.periods import Language

Series = dict[str, dict[str, float]]
"""Place -> period -> value."""

NAMES = """
China=中国 Japan=日本 India=印度 Brazil=巴西 South_Korea=韩国 Switzerland=瑞士 United_States=美国 Germany=德国
Spain=西班牙 United_Kingdom=英国 France=法国 Italy=意大利 Canada=加拿大 Mexico=墨西哥 Australia=澳大利亚
Euro=欧元区 Sweden=瑞典 Bosnia_and_Herzegovina=波斯尼亚和黑塞哥维那 Norway=挪威 Denmark=丹麦 Singapore=新加坡
Thailand=泰国 South_Africa=南非 Taiwan=台湾 Malaysia=马来西亚 Hong_Kong=香港 Sri_Lanka=斯里兰卡
New_Zealand=新西兰 Venezuela=委内瑞拉 Brent=布伦特原油
Budget_revenue=一般公共预算收入 Debt_resolved=化解政府债务 Measures_for_business=优化营商环境措施
World=世界 Projects_attracted=引进工业项目 Projects_started=新开工工业项目
"""
CHINESE = dict(pair.replace("_", " ").split("=") for pair in NAMES.split())
SUBTITLES = {
    "GDP": ("Gross domestic product, current US dollars", "国内生产总值，现价美元"),
    "rate": ("Units of currency per US dollar, monthly average", "每美元合本币，月平均"),
    "rate growth": ("Rate against the US dollar, change on the year, %", "对美元汇率同比变动，%"),
    "GDP growth": (
        "Gross domestic product in US dollars, change on the year, %",
        "国内生产总值（现价美元）比上年变动，%",
    ),
    "Brent": ("Brent crude, US dollars per barrel", "布伦特原油价格，美元/桶"),
    "Brent growth": ("Price of Brent crude, change on the year, %", "布伦特原油价格同比变动，%"),
    "completion": ("Part of each target completed, %", "各项目标完成率，%"),
    "shares": ("Shares of gross domestic product, %, Hohhot, 2020", "占地区生产总值比重，%，呼和浩特市，2020年"),
    "tiers": ("Industrial projects by investment, Changde, 2018", "工业项目按投资额分档，常德市，2018年"),
    "contribution": (
        "GDP in current US dollars, contributions to the growth of the world, percentage points, 2023",
        "国内生产总值（现价美元），对全球增长的拉动，百分点，2023年",
    ),
    "rank": ("Rank by gross domestic product among ten economies", "国内生产总值在十国中的位次"),
}


def read(path: Path, place: str, day: str, value: str, period: Callable[[str], str]) -> Series:
    found: Series = {}
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            if row[value]:
                found.setdefault(row[place] if place else "Brent", {})[period(row[day])] = float(row[value])
    return found


def year_earlier(period: str) -> str:
    return f"{int(period[:4]) - 1:04d}{period[4:]}"


def growth(series: Series) -> Series:
    return {
        place: {
            period: (value / known[year_earlier(period)] - 1) * 100
            for period, value in known.items()
            if known.get(year_earlier(period))
        }
        for place, known in series.items()
    }


def ranks(series: Series, places: Sequence[str], periods: Sequence[str]) -> Series:
    found: Series = {}
    for period in periods:
        ordered = sorted(
            (place for place in places if period in series[place]), key=lambda place: -series[place][period]
        )
        for number, place in enumerate(ordered, 1):
            found.setdefault(place, {})[period] = float(number)
    return found


def months(first: str, last: str) -> list[str]:
    start, end = date.fromisoformat(f"{first}-01"), date.fromisoformat(f"{last}-01")
    count = (end.year - start.year) * 12 + end.month - start.month + 1
    return [
        f"{start.year + (start.month - 1 + n) // 12:04d}-{(start.month - 1 + n) % 12 + 1:02d}" for n in range(count)
    ]


PARTS = {
    "part=primary": {"en": "Primary", "zh": "第一产业"},
    "part=secondary": {"en": "Secondary", "zh": "第二产业"},
    "part=tertiary": {"en": "Tertiary", "zh": "第三产业"},
    "part=100m": {"en": "CNY 100 to 500 million", "zh": "1亿—5亿元"},
    "part=500m": {"en": "CNY 500 million to 1 billion", "zh": "5亿—10亿元"},
    "part=1bn": {"en": "Over CNY 1 billion", "zh": "10亿元以上"},
}


class Maker:
    """Collects figures and requests."""

    def __init__(self) -> None:
        self.figures: dict[str, Figure] = {}
        self.requests: list[ChartRequest] = []
        self.words: dict[str, dict[str, tuple[str, str]]] = {}
        self.places: set[str] = set()

    def add(
        self,
        kind: ChartKind,
        what: str,
        unit: str,
        series: Series,
        places: Sequence[str],
        periods: Sequence[str],
        english: str,
        chinese: str,
        *,
        highlight: Iterable[str] = (),
        decimals: int | None = None,
        breaks: tuple[str, ...] = (),
        tentative: Iterable[str] = (),
        height: Literal["normal", "tall"] = "normal",
        benchmark: str = "",
        roles: dict[str, str] = MappingProxyType({}),  # type: ignore[assignment]
    ) -> None:
        number, plotted = len(self.requests) + 1, []
        for place in places:
            values = [(period, series[place].get(period)) for period in periods]
            points = tuple(
                Point(
                    period=period,
                    figure=self.figure((number, place), period, value, unit, decimals, period in tentative),
                )
                for period, value in values
            )
            colour = 2 if place == benchmark else None
            role = roles.get(place, "")
            plotted.append(
                PlottedSeries(
                    indicator="x",
                    place=place,
                    row=role,
                    highlight=place in highlight and not role,
                    colour=colour,
                    points=points,
                )
            )
        self.places |= set(places)
        measure = "growth on year" if what.endswith("growth") else "rank" if what == "rank" else "level"
        measure = "contribution World" if what == "contribution" else measure
        request = ChartRequest(
            id=f"c{number:02d}-{kind.replace(' ', '-')}", kind=kind, measure=measure, unit=unit, indicator="x",
            periods=tuple(periods), series=tuple(plotted), sources=("s",), breaks=breaks, height=height,
        )  # fmt: skip
        self.requests.append(request)
        subtitle = SUBTITLES[what]
        self.words[request.id] = {"en": (english, subtitle[0]), "zh": (chinese, subtitle[1])}

    def add_bars(
        self, kind: ChartKind, what: str, unit: str, bars: dict[str, dict[str, float]], english: str, chinese: str
    ) -> None:
        """Bar -> part -> value; the part named "" is the total of its bar."""
        number, series = len(self.requests) + 1, []
        for row, parts in bars.items():
            for part, value in parts.items():
                key = self.figure((number, f"{row} {part}"), "2020", value, unit, None, False)
                breakdown = f"part={part}" if part else ""
                points = (Point(period="2020", figure=key),)
                series.append(PlottedSeries(indicator="x", place=row, breakdown=breakdown, row=row, points=points))
        self.places |= set(bars)
        request = ChartRequest(
            id=f"c{number:02d}-{kind.replace(' ', '-')}", kind=kind, measure="share", unit=unit, indicator="x",
            periods=("2020",), series=tuple(series), sources=("s",),
        )  # fmt: skip
        self.requests.append(request)
        subtitle = SUBTITLES[what]
        self.words[request.id] = {"en": (english, subtitle[0]), "zh": (chinese, subtitle[1])}

    def figure(
        self, of: tuple[int, str], period: str, value: float | None, unit: str, decimals: int | None, tentative: bool
    ) -> str | None:
        if value is None:
            return None
        identifier = figure_id(*of, period)
        self.figures[identifier] = Figure(
            id=identifier, value=value, unit=unit, kind="level", indicator="x", place=of[1], period=period,
            status="preliminary" if tentative else "actual", decimals=decimals, inputs=(),
        )  # fmt: skip
        return identifier

    def briefing(self) -> Briefing:
        names = {place: {"en": place, "zh": CHINESE.get(place, place)} for place in self.places}
        places = {place: PlaceNames(name=name, kind="country") for place, name in names.items()}
        indicator = IndicatorNames(
            name={"en": "Indicator", "zh": "指标"},
            unit="USD",
            nature="flow",
            growth_class="nominal",
            direction="neither",
        )
        return Briefing(
            theme="gallery", title={"en": "Gallery", "zh": "图例"}, place="China", period="2026-06", cadence="monthly",
            cut_off="2026-07-03", languages=("en", "zh"), headline=(), summary=None, sections=(), notes=(),
            figures=self.figures, sources=(), names=Names(indicators={"x": indicator}, places=places, breakdowns=PARTS),
            house=House(publisher={"en": "Gallery"}),
        )  # fmt: skip


def collect(folder: Path) -> Maker:
    rates = read(folder / "exchange-rates-monthly.csv", "Country", "Date", "Exchange rate", lambda day: day[:7])
    brent = read(folder / "brent-monthly.csv", "", "Date", "Price", lambda day: day[:7])
    gdp = read(folder / "gdp-annual.csv", "Country Name", "Year", "Value", str)
    make = Maker()
    over_time(make, rates, brent, gdp)
    compared(make, rates, gdp)
    published(make, gdp, folder.parents[1] / "seeds")
    return make


def published(make: Maker, gdp: Series, seeds: Path) -> None:
    """The kinds that show published figures: then and now, completion, parts, tiers."""
    rich = sorted(BIG, key=lambda place: -gdp[place]["2023"])
    title = "Two economies grew most", "两国增量最大"
    make.add("dumbbell", "GDP", "USD", gdp, rich, ["2013", "2023"], *title)
    told = {name: seed(seeds / f"{name}.csv") for name in ("qingshuihe", "wuhai", "hohhot", "changde")}
    completions = {
        "Budget revenue": told["qingshuihe"]["general_public_budget_revenue_target_completion"],
        "Debt resolved": told["qingshuihe"]["government_debt_resolved_target_completion"],
        "Measures for business": told["wuhai"]["business_environment_measures_completion_rate"],
    }
    title = "Two of three targets exceeded", "三项目标中两项超额完成"
    series = {name: {"2018": value} for name, value in completions.items()}
    make.add("bullet", "completion", "percent", series, list(series), ["2018"], *title)
    shares = {name: told["hohhot"][f"{name}_industry_share"] for name in ("primary", "secondary", "tertiary")}
    title = "Services made up two thirds", "第三产业占三分之二"
    make.add_bars("stacked bar", "shares", "percent", {"": shares}, *title)
    families = {"Projects attracted": "landed", "Projects started": "new"}
    bars = {name: tiers(told["changde"], family) for name, family in families.items()}
    title = "One project in five attracted is worth a billion", "引进项目中五分之一投资超10亿元"
    make.add_bars("tier bar", "tiers", "project", bars, *title)


def seed(path: Path) -> dict[str, float]:
    """Indicator -> the last value of a file of seeds."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return {row["indicator"]: float(row["value"]) for row in csv.DictReader(lines) if not row["breakdown"]}


def tiers(told: dict[str, float], family: str) -> dict[str, float]:
    """What each tier holds that the next does not, and all of them."""
    low, middle, high = (told[f"{family}_industrial_projects_over_{over}"] for over in ("100m", "500m", "1bn"))
    return {"100m": low - middle, "500m": middle - high, "1bn": high, "": low}


BIG = ["United States", "China", "Japan", "Germany", "India", "United Kingdom", "France", "Italy", "Brazil", "Canada"]
LATELY = months("2021-01", "2026-06")
YEARS = [str(year) for year in range(2000, 2024)]
OWN: dict[str, Any] = {"highlight": ["China"]}


def over_time(make: Maker, rates: Series, brent: Series, gdp: Series) -> None:
    gaps = {"Brent": {p: v for p, v in brent["Brent"].items() if p not in ("2023-03", "2023-04", "2023-06")}}
    crowd = ["China", "Sweden", "Norway", "Denmark", "Switzerland", "Japan", "India", "Singapore"]
    add = make.add
    add("line", "rate", "LCU per USD", rates, ["China"], LATELY, "The yuan strengthened", "人民币走强", **OWN)
    title = "China drew away from Japan after 2010", "2010年后中国与日本的差距拉大"
    add("line", "GDP", "USD", gdp, BIG[:6], YEARS, *title, tentative=["2022", "2023"], **OWN)
    add(
        "line",
        "Brent",
        "USD per barrel",
        gaps,
        ["Brent"],
        LATELY,
        "A gap and a break",
        "缺口与口径变化",
        breaks=("2022-03",),
    )
    title = "The yuan moved less than its peers", "人民币波动小于其他货币"
    add("line", "rate growth", "percent", growth(rates), crowd, LATELY, *title, decimals=1, **OWN)
    title = "Brent has risen on the year since March", "3月以来布伦特原油价格同比上涨"
    add("column", "Brent growth", "percent", growth(brent), ["Brent"], LATELY[-24:], *title, decimals=1)
    title = "Output in dollars was a little lower in 2023", "2023年以美元计的总量略有下降"
    add("column", "GDP", "USD", gdp, ["China"], YEARS[-8:], *title)
    panels = [place for place in rates if place in CHINESE and "2026-06" in rates[place]]
    title = "Most currencies strengthened in 2026", "2026年多数货币走强"
    add("small multiples", "rate", "LCU per USD", rates, panels[:24], LATELY, *title, **OWN)
    title = "Swings in dollars were wide everywhere", "以美元计各国波动均较大"
    add("small multiples", "GDP growth", "percent", growth(gdp), BIG[:6], YEARS, *title, decimals=1, **OWN)


def compared(make: Maker, rates: Series, gdp: Series) -> None:
    add, near = make.add, growth(rates)
    rich = sorted([*BIG, "Bosnia and Herzegovina", "Mexico", "Spain"], key=lambda place: -gdp[place]["2023"])
    moved = sorted(
        (p for p in near if "2026-06" in near[p] and p in CHINESE), key=lambda place: -near[place]["2026-06"]
    )
    add(
        "bar", "GDP", "USD", gdp, rich, ["2023"], "China's economy is the second largest", "中国经济总量居第二位", **OWN
    )
    title = "The won weakened most after the bolivar", "除玻利瓦尔外韩元走弱幅度最大"
    add("bar", "rate growth", "percent", near, moved, ["2026-06"], *title, decimals=1, height="tall", **OWN)
    add("dot plot", "GDP", "USD", gdp, rich, ["2013", "2023"], "Two economies grew most", "两国增量最大", **OWN)
    add(
        "dot plot",
        "rate growth",
        "percent",
        near,
        moved[1:10],
        ["2026-06"],
        "Nine weakened",
        "九种货币走弱",
        decimals=1,
    )
    holes = {p: {k: v for k, v in s.items() if (p, k) != ("India", "2026-02")} for p, s in near.items()}
    title = "The won weakened through the year", "韩元全年走弱"
    add("heat map", "rate growth", "percent", holes, moved[:16], LATELY[-12:], *title, decimals=1, **OWN)
    add("heat map", "GDP", "USD", gdp, BIG, YEARS, "The United States led throughout", "美国始终居首", **OWN)
    further(make, near, gdp)
    ranked, two = ranks(gdp, BIG, YEARS), ["China", "India"]
    title = "India overtook France and Britain", "印度先后超过法国和英国"
    add("rank bump", "rank", "rank", ranked, BIG, YEARS[-9:], *title, highlight=two, decimals=0)
    title = "China rose from sixth to second", "中国由第6位升至第2位"
    add("rank bump", "rank", "rank", ranked, BIG, YEARS, *title, decimals=0, **OWN)


def further(make: Maker, near: Series, gdp: Series) -> None:
    """Slopes, contributions, ranges."""
    title = "China's share of ten economies rose most", "中国在十国中的份额升幅最大"
    whole = {year: sum(gdp[place][year] for place in BIG) for year in ("2003", "2023")}
    shares = {place: {year: 100 * gdp[place][year] / whole[year] for year in whole} for place in BIG}
    now = sorted(BIG, key=lambda place: -shares[place]["2023"])
    make.add("slope", "GDP growth", "percent", shares, now, ["2003", "2023"], *title, decimals=1, **OWN)
    title = "India rose from 10th to 5th", "印度由第10位升至第5位"
    places = ranks(gdp, BIG, ["2003", "2023"])
    india = {"highlight": ["India"], "benchmark": "China", "decimals": 0}
    make.add("slope", "rank", "rank", places, now, ["2003", "2023"], *title, **india)
    base = gdp["World"]["2022"]
    parts = {place: 100 * (gdp[place]["2023"] - gdp[place]["2022"]) / base for place in BIG}
    total = 100 * (gdp["World"]["2023"] / base - 1)
    values = {place: {"2023": value} for place, value in parts.items()}
    values |= {"Others": {"2023": total - sum(parts.values())}, "World": {"2023": total}}
    order = [*sorted(parts, key=lambda place: -parts[place]), "Others", "World"]
    title = "The United States contributed most to the world's growth", "美国对全球增长的拉动最大"
    roles = {"Others": "others", "World": "total"}
    make.add(
        "waterfall", "contribution", "percentage point", values, order, ["2023"], *title, decimals=1, roles=roles, **OWN
    )
    others = [place for place in CHINESE if place in near and place not in ("China", "Venezuela")]
    columns = {month: sorted(near[p][month] for p in others if month in near[p]) for month in LATELY}
    edges = {"upper quartile": 0.75, "median": 0.5, "lower quartile": 0.25}
    spans = {
        role: {month: column[round(share * (len(column) - 1))] for month, column in columns.items()}
        for role, share in edges.items()
    }
    series = {"China": near["China"]} | spans
    title = "The yuan moved less than its peers", "人民币波动小于其他货币"
    own = {"roles": {role: role for role in edges}, "decimals": 1}
    make.add("band", "rate growth", "percent", series, list(series), LATELY, *title, **own, **OWN)
    early = {"China": {year: value for year, value in gdp["China"].items() if year >= "2012"}}
    title = "The last two years are preliminary", "最近两年为初步数据"
    years = {"tentative": ["2022", "2023"], "highlight": ["China"]}
    make.add("column", "GDP", "USD", early, ["China"], YEARS[-12:], *title, **years)
    make.add("small multiples", "GDP", "USD", gdp, BIG[:6], YEARS, *title, **years)


PAGE = """<!doctype html><html lang="{language}"><meta charset="utf-8"><title>Gallery</title>
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<style>
@page {{ size: A4; margin: 15mm 20mm }}
body {{ font-family: 'Noto Sans', 'Noto Sans SC' }}
h2 {{ font-size: 12pt; margin: 0 }}
p {{ font-size: 9.5pt; margin: 0 0 6pt }}
section {{ break-inside: avoid; margin-bottom: 20pt }}
svg {{ width: 100%; height: auto }}
.narrow {{ display: none }}
</style>
<style media="screen and (max-width: 480px)">.wide {{ display: none }} .narrow {{ display: block }}</style>
<body>{sections}</body></html>"""

SECTION = """<section><h2>{title}</h2><p>{subtitle}</p><div id="{id}" class="wide">{wide}</div>
<div class="narrow">{narrow}</div></section>"""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fonts", type=Path, help="made where none is given")
    parser.add_argument("--series", type=Path, default=Path("data/inputs"))
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    fonts = options.fonts or ensure_fonts().folder
    made = collect(options.series)
    for language in ("en", "zh"):
        sections = [draw(options.folder, made, request, language, fonts) for request in made.requests]
        page = PAGE.format(language=language, sections="".join(sections))
        (options.folder / f"{language}.html").write_text(page, encoding="utf-8")


def draw(folder: Path, made: Maker, request: ChartRequest, language: Language, fonts: Path) -> str:
    """Draw one chart into the folder; return its section of the page."""
    title, subtitle = made.words[request.id][language]
    source = "Source: datasets on GitHub, ODC-PDDL." if language == "en" else "资料来源：GitHub datasets，ODC-PDDL。"
    if any(series.row for series in request.series) or request.kind == "bullet":
        source = "Source: work reports (seeds)." if language == "en" else "资料来源：政府工作报告（seeds）。"
    text = charts.ChartText(title, subtitle, f"{title}: {subtitle}", source)
    payload = charts.job(request, made.briefing(), language, text, str(fonts))
    started = time.process_time()
    drawn = charts.draw_chart(payload)
    took = 1000 * (time.process_time() - started)
    stem = f"{request.id}.{language}"
    print(f"{stem:26} {took:4.0f} ms CPU, {len(drawn['wide']) / 1000:5.1f} kB SVG, {drawn['marks']:4} marks, "
          f"{len(drawn['printed']):3} numbers printed")  # fmt: skip
    (folder / f"{stem}.svg").write_text(drawn["alone_svg"], encoding="utf-8")
    (folder / f"{stem}.png").write_bytes(drawn["alone_png"])
    (folder / f"{stem}.narrow.svg").write_text(drawn["narrow"], encoding="utf-8")
    about = {"id": request.id, "title": html.escape(title), "subtitle": html.escape(subtitle)}
    return SECTION.format(**about, **{key: drawn[key] for key in ("wide", "narrow")})


if __name__ == "__main__":
    main()
