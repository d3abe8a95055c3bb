"""Every kind of chart, in both languages, from real series: for eyes.

    python benchmarks/gallery.py FOLDER [--fonts FOLDER] [--series FOLDER]

Writes SVG, PNG and an HTML page with all of them, still and interactive.
"""

from __future__ import annotations

import argparse
import csv
import html
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path

from briefings import charts
from briefings.briefing import (
    Briefing,
    ChartKind,
    ChartRequest,
    Figure,
    House,
    IndicatorNames,
    Input,
    Names,
    PlaceNames,
    PlottedSeries,
    Point,
    figure_id,
)

Series = dict[str, dict[str, float]]
"""Place -> period -> value."""

CHINESE = {
    "China": "中国", "Japan": "日本", "India": "印度", "Brazil": "巴西", "South Korea": "韩国", "Switzerland": "瑞士",
    "United States": "美国", "Germany": "德国", "United Kingdom": "英国", "France": "法国", "Italy": "意大利", "Canada": "加拿大",
    "Russian Federation": "俄罗斯", "Mexico": "墨西哥", "Australia": "澳大利亚", "Korea, Rep.": "韩国", "Brent": "布伦特原油",
    "Bosnia and Herzegovina": "波斯尼亚和黑塞哥维那", "Sweden": "瑞典", "Norway": "挪威", "Denmark": "丹麦", "Singapore": "新加坡",
    "South Africa": "南非", "Thailand": "泰国", "Taiwan": "台湾", "Malaysia": "马来西亚", "Hong Kong": "香港", "Sri Lanka": "斯里兰卡",
    "Euro": "欧元区", "New Zealand": "新西兰", "Venezuela": "委内瑞拉", "Spain": "西班牙", "Argentina": "阿根廷",
}  # fmt: skip


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


class Maker:
    """Collects figures and requests."""

    def __init__(self) -> None:
        self.figures: dict[str, Figure] = {}
        self.requests: list[tuple[ChartRequest, dict[str, tuple[str, str]]]] = []
        self.places: set[str] = set()

    def add(
        self,
        kind: ChartKind,
        measure: str,
        unit: str,
        series: Series,
        places: Sequence[str],
        periods: Sequence[str],
        words: dict[str, tuple[str, str]],
        *,
        highlight: Iterable[str] = (),
        decimals: int | None = None,
        breaks: tuple[str, ...] = (),
        tentative: Iterable[str] = (),
        height: str = "normal",
    ) -> None:
        number = len(self.requests) + 1
        plotted = []
        for place in places:
            points = []
            for period in periods:
                value = series[place].get(period)
                points.append(
                    Point(
                        period=period,
                        figure=self.figure(number, place, period, value, unit, decimals, period in tentative),
                    )
                )
            plotted.append(
                PlottedSeries(indicator="x", place=place, highlight=place in highlight, points=tuple(points))
            )
        self.places |= set(places)
        request = ChartRequest(
            id=f"c{number:02d}-{kind.replace(' ', '-')}", kind=kind, measure=measure, unit=unit, indicator="x",
            periods=tuple(periods), series=tuple(plotted), sources=("s",), breaks=breaks, height=height,  # type: ignore[arg-type]
        )  # fmt: skip
        self.requests.append((request, words))

    def figure(
        self,
        number: int,
        place: str,
        period: str,
        value: float | None,
        unit: str,
        decimals: int | None,
        tentative: bool,
    ) -> str | None:
        if value is None:
            return None
        identifier = figure_id(number, place, period)
        given = Input(value=value, unit=unit, indicator="x", place=place, period=period, source="s", published="2026-07-03",
                      snapshot="0" * 64, locator="row=2,column=Value")  # fmt: skip
        self.figures[identifier] = Figure(
            id=identifier, value=value, unit=unit, kind="level", indicator="x", place=place, period=period,
            status="preliminary" if tentative else "actual", decimals=decimals, inputs=(given,),
        )  # fmt: skip
        return identifier

    def briefing(self) -> Briefing:
        places = {
            place: PlaceNames(name={"en": place, "zh": CHINESE.get(place, place)}, kind="country")
            for place in self.places
        }
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
            figures=self.figures, sources=(), names=Names(indicators={"x": indicator}, places=places),
            house=House(publisher={"en": "Gallery"}),
        )  # fmt: skip


def collect(folder: Path) -> Maker:
    rates = read(folder / "exchange-rates-monthly.csv", "Country", "Date", "Exchange rate", lambda day: day[:7])
    brent = read(folder / "brent-monthly.csv", "", "Date", "Price", lambda day: day[:7])
    gdp = read(folder / "gdp-annual.csv", "Country Name", "Year", "Value", str)
    make = Maker()
    lately = months("2021-01", "2026-06")
    big = [
        "United States",
        "China",
        "Japan",
        "Germany",
        "India",
        "United Kingdom",
        "France",
        "Italy",
        "Brazil",
        "Canada",
    ]
    years = [str(year) for year in range(2000, 2024)]
    make.add("line", "level", "LCU per USD", rates, ["China"], lately,
             {"en": ("The yuan strengthened for the fourth month", "Yuan per US dollar, monthly average, January 2021 to June 2026"),
              "zh": ("人民币连续第四个月走强", "人民币对美元汇率，月平均，2021年1月—2026年6月")}, highlight=["China"])  # fmt: skip
    make.add("line", "level", "USD", gdp, big[:6], years,
             {"en": ("China drew away from Japan after 2010", "Gross domestic product, current US dollars, 2000 to 2023"),
              "zh": ("2010年后中国与日本的差距拉大", "国内生产总值，现价美元，2000—2023年")}, highlight=["China"], tentative=["2022", "2023"])  # fmt: skip
    gapped = {"Brent": {p: v for p, v in brent["Brent"].items() if p not in ("2023-03", "2023-04", "2023-06")}}
    make.add("line", "level", "USD per barrel", gapped, ["Brent"], lately,
             {"en": ("Brent fell to its lowest since 2021", "Price of Brent crude, US dollars per barrel, January 2021 to June 2026"),
              "zh": ("布伦特原油价格降至2021年以来最低", "布伦特原油价格，美元/桶，2021年1月—2026年6月")}, breaks=("2022-03",))  # fmt: skip
    near = {p: v for p, v in growth(rates).items()}
    crowd = ["China", "Sweden", "Norway", "Denmark", "Switzerland", "Japan", "India", "Singapore"]
    make.add("line", "growth on year", "percent", near, crowd, lately,
             {"en": ("The yuan moved less than its peers", "Change in the rate against the US dollar on the year, %, January 2021 to June 2026"),
              "zh": ("人民币波动小于其他货币", "对美元汇率同比变动，%，2021年1月—2026年6月")}, highlight=["China"], decimals=1)  # fmt: skip
    make.add("column", "growth on year", "percent", growth(brent), ["Brent"], lately[-24:],
             {"en": ("Brent has fallen on the year since early 2025", "Price of Brent crude, change on the year, %, July 2024 to June 2026"),
              "zh": ("2025年初以来布伦特原油价格同比下降", "布伦特原油价格同比，%，2024年7月—2026年6月")}, decimals=1)  # fmt: skip
    make.add("column", "level", "USD", gdp, ["China"], years[-8:],
             {"en": ("China's output has doubled in seven years", "Gross domestic product of China, current US dollars, 2016 to 2023"),
              "zh": ("七年间中国经济总量翻番", "中国国内生产总值，现价美元，2016—2023年")})  # fmt: skip
    ordered = sorted([*big, "Bosnia and Herzegovina", "Mexico", "Spain"], key=lambda place: -gdp[place]["2023"])
    make.add("bar", "level", "USD", gdp, ordered, ["2023"],
             {"en": ("China's economy is the second largest", "Gross domestic product, current US dollars, 2023"),
              "zh": ("中国经济总量居世界第二位", "国内生产总值，现价美元，2023年")}, highlight=["China"])  # fmt: skip
    moved = sorted(
        (p for p in near if near[p].get("2026-06") is not None and p in CHINESE),
        key=lambda place: -near[place]["2026-06"],
    )
    make.add("bar", "growth on year", "percent", near, moved, ["2026-06"],
             {"en": ("The yen weakened most on the year", "Change in the rate against the US dollar on the year, %, June 2026"),
              "zh": ("日元同比走弱幅度最大", "对美元汇率同比变动，%，2026年6月")}, highlight=["China"], decimals=1, height="tall")  # fmt: skip
    make.add("dot plot", "level", "USD", gdp, ordered, ["2013", "2023"],
             {"en": ("The United States and China grew most", "Gross domestic product, current US dollars, 2013 and 2023"),
              "zh": ("美国和中国增量最大", "国内生产总值，现价美元，2013年和2023年")}, highlight=["China"])  # fmt: skip
    make.add("dot plot", "growth on year", "percent", near, moved[:9], ["2026-06"],
             {"en": ("Nine currencies weakened", "Change in the rate against the US dollar on the year, %, June 2026"),
              "zh": ("九种货币走弱", "对美元汇率同比变动，%，2026年6月")}, decimals=1)  # fmt: skip
    panels = [place for place in rates if place in CHINESE and "2026-06" in rates[place]]
    make.add("small multiples", "level", "LCU per USD", rates, panels[:24], lately,
             {"en": ("Most currencies strengthened in 2026", "Units of local currency per US dollar, January 2021 to June 2026"),
              "zh": ("2026年多数货币走强", "每美元合本币，2021年1月—2026年6月")}, highlight=["China"])  # fmt: skip
    make.add("small multiples", "growth on year", "percent", growth(gdp), big[:6], years,
             {"en": ("All six economies shrank in dollars in 2015 or 2009", "Gross domestic product in current US dollars, change on the year, %, 2000 to 2023"),
              "zh": ("六国经济增速比较", "国内生产总值（现价美元）比上年变动，%，2000—2023年")}, highlight=["China"], decimals=1)  # fmt: skip
    holes = {p: {k: v for k, v in s.items() if not (p == "India" and k == "2026-02")} for p, s in near.items()}
    make.add("heat map", "growth on year", "percent", holes, moved[:16], lately[-12:],
             {"en": ("The yen and the won weakened through the year", "Change in the rate against the US dollar on the year, %, July 2025 to June 2026"),
              "zh": ("日元和韩元全年走弱", "对美元汇率同比变动，%，2025年7月—2026年6月")}, highlight=["China"], decimals=1)  # fmt: skip
    make.add("heat map", "level", "USD", gdp, big, years,
             {"en": ("The United States led throughout", "Gross domestic product, current US dollars, 2000 to 2023"),
              "zh": ("美国始终居首", "国内生产总值，现价美元，2000—2023年")}, highlight=["China"])  # fmt: skip
    ranked = ranks(gdp, big, years)
    make.add("rank bump", "rank", "rank", ranked, big, years[-9:],
             {"en": ("India overtook France and Britain", "Rank by gross domestic product among ten economies, 2015 to 2023"),
              "zh": ("印度先后超过法国和英国", "国内生产总值在十国中的位次，2015—2023年")}, highlight=["China", "India"], decimals=0)  # fmt: skip
    make.add("rank bump", "rank", "rank", ranked, big, years,
             {"en": ("China rose from sixth to second", "Rank by gross domestic product among ten economies, 2000 to 2023"),
              "zh": ("中国由第6位升至第2位", "国内生产总值在十国中的位次，2000—2023年")}, highlight=["China"], decimals=0)  # fmt: skip
    return make


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fonts", type=Path, required=True)
    parser.add_argument("--series", type=Path, default=Path("data/inputs"))
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    made = collect(options.series)
    briefing = made.briefing()
    for language in ("en", "zh"):
        page = []
        for request, words in made.requests:
            title, subtitle = words[language]
            source = (
                "Source: datasets on GitHub, ODC-PDDL." if language == "en" else "资料来源：GitHub datasets，ODC-PDDL。"
            )
            text = charts.ChartText(title, subtitle, f"{title}. {subtitle}", source)
            name = f"{request.id}.{language}"
            drawn = {}
            for variant, titled, width in (
                ("", True, charts.WIDTH),
                ("page", False, charts.WIDTH),
                ("narrow", False, charts.NARROW),
            ):
                started = time.process_time(), time.perf_counter()
                asked = charts.specification(request, briefing, language, text, titled=titled, width=width)
                built = time.process_time()
                result = charts.draw(
                    {"specification": asked, "fonts": str(options.fonts), "png_scale": 0 if variant == "page" else 2}
                )
                now = time.process_time(), time.perf_counter()
                drawn[variant] = result["svg"], asked
                print(f"{name:34} {variant:7} specification {1000 * (built - started[0]):4.0f} ms, drawn {1000 * (now[0] - built):4.0f} ms, "
                      f"{len(result['svg']) / 1000:5.1f} kB, {result['marks']} marks")  # fmt: skip
                if variant != "page":
                    stem = f"{name}.{variant}".rstrip(".")
                    (options.folder / f"{stem}.svg").write_text(result["svg"], encoding="utf-8")
                    (options.folder / f"{stem}.png").write_bytes(result["png"])
            svg, asked = drawn["page"]
            printed = charts.printed(request, briefing, language)
            page.append(
                f"<section><h2>{html.escape(title)}</h2><p>{html.escape(subtitle)}</p>"
                f'<div id="{request.id}" class="wide">{svg}</div><div class="narrow">{drawn["narrow"][0]}</div>'
                f'<script type="application/json" data-chart="{request.id}">{charts.interactive(asked)}</script>'
                f"<small>{len(printed)} printed: {html.escape('; '.join(text for _, text, _ in printed[:12]))}</small></section>"
            )
        (options.folder / f"{language}.html").write_text(
            f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>Gallery</title>'
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:\">"
            '<meta name="viewport" content="width=device-width">'
            "<style>@page { size: A4; margin: 15mm 20mm } body { font-family: 'Noto Sans', 'Noto Sans SC' } h2 { font-size: 12pt; margin: 0 }"
            "p { font-size: 9.5pt; margin: 0 0 6pt } section { break-inside: avoid; margin-bottom: 20pt }"
            ".wide svg { width: 100%; height: auto } .narrow { display: none } @media (max-width: 480px) { .wide { display: none } .narrow { display: block } } </style>"
            f"<body>{''.join(page)}<script>{charts.bundle()}</script></body></html>",
            encoding="utf-8",
        )


if __name__ == "__main__":
    main()
