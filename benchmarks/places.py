"""Thousands of places: ingest, check, and editions that rank among all of them. Prints one line of JSON.

A country in 31 provinces, 333 prefectures and 2,843 counties, made in a temporary folder from a fixed seed: 12
indicators of every county in 60 months (2 million figures), of the prefectures, provinces and the country their sums.
`county` briefs on one county, ranked among all; `counties` sets all of them side by side, `top: 20`; `siblings` ranks
one among those of its prefecture, the small edition that the others are set beside. Each command is a process of its
own, with what it and its children took. Run: python benchmarks/places.py [PLACES [MONTHS]]
"""

from __future__ import annotations

import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

PROVINCES, PREFECTURES, COUNTIES = 31, 333, 2843
MONTHS = 60
NOW = "2026-11-21T08:00+08:00"
#: Indicator -> its name in Chinese, unit and nature; all of them add up over places.
INDICATORS = {
    "retail_sales": ("社会消费品零售总额", "CNY", "flow"),
    "industrial_output": ("工业总产值", "CNY", "flow"),
    "fixed_investment": ("固定资产投资", "CNY", "flow"),
    "budget_revenue": ("一般公共预算收入", "CNY", "flow"),
    "budget_spending": ("一般公共预算支出", "CNY", "flow"),
    "exports": ("出口总额", "CNY", "flow"),
    "deposits": ("存款余额", "CNY", "stock"),
    "loans": ("贷款余额", "CNY", "stock"),
    "freight": ("货运量", "tonne", "flow"),
    "electricity": ("用电量", "kWh", "flow"),
    "visitors": ("游客人次", "person-time", "flow"),
    "firms": ("企业数量", "firm", "count"),
}


HAN = "云林石河山清平安宁江湖海东西南北龙凤金银玉泉松柏梅兰竹菊岭谷川原溪津桥城堡塔岩沙洲岛港湾田园丰和永长广新古大双"
SYLLABLES = [f"{first}{rest}" for first in "BDFGKLMN" for rest in ("al", "er", "in")]


def names(en: str, zh: str) -> dict[str, str]:
    return {"en": en, "zh": zh}


def named(number: int, en: str, zh: str) -> dict[str, str]:
    """A name of one's own for the place of this number, without a digit."""
    first, second, third = number % 24, number // 24 % 24, number // 576 % 24
    han = HAN[number % len(HAN)] + HAN[number // len(HAN) % len(HAN)]
    return names(f"{''.join(SYLLABLES[n] for n in (first, second, third)).capitalize()} {en}".strip(), han + zh)


def tree_of_places(counties: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Places by id, and a group of peers for the counties of each prefecture."""
    prefectures = max(1, counties * PREFECTURES // COUNTIES)
    places: dict[str, Any] = {"country": {"name": names("the Country", "全国"), "kind": "country", "currency": "CNY"}}
    groups: dict[str, Any] = {}
    for n in range(min(PROVINCES, prefectures)):
        places[f"province_{n}"] = {"name": named(n, "Province", "省"), "kind": "province", "within": "country"}
    for n in range(prefectures):
        within = f"province_{n % min(PROVINCES, prefectures)}"
        places[f"prefecture_{n}"] = {"name": named(n, "City", "市"), "kind": "city", "within": within}
        groups[f"counties_of_{n}"] = {
            "name": named(n, "City counties", "市各县"),
            "members": [f"county_{each}" for each in range(n, counties, prefectures)],
        }
    for n in range(counties):
        of = n % prefectures
        places[f"county_{n}"] = {
            "name": named(n, "County", "县"),
            "kind": "county",
            "within": f"prefecture_{of}",
            "peers": f"counties_of_{of}",
        }
    return places, {key: group for key, group in groups.items() if len(group["members"]) > 1}


def theme(name: str, place: str, **more: Any) -> dict[str, Any]:
    return {
        "theme": name,
        "title": names(f"Briefing {name}", "县域经济简报"),
        "places": {"each": place, "beside": "counties"},
        "cadence": "monthly",
        "languages": ["zh"],
        **more,
    }


def themes() -> dict[str, dict[str, Any]]:
    headline = [{key: ["level", "growth"]} for key in ("retail_sales", "industrial_output", "loans")]
    ranked = [{key: ["level", "growth", "rank"]} for key in ("retail_sales", "industrial_output", "loans")]
    side = {"title": names("Side by side", "各县比较"), "places": "counties", "charts": "bar", "top": 20}
    over_time = {
        "title": names("Over time", "历年走势"),
        "show": {"retail_sales": ["level", "growth"], "loans": ["level", "growth"]},
        "charts": ["line"],
    }
    shown = {"show": {"retail_sales": ["level", "growth", "rank", "rank by growth"], "loans": ["growth", "rank"]}}
    return {
        "siblings": theme("siblings", "county_7", headline=ranked, sections=[over_time]),
        "county": theme("county", "county_7", headline=ranked, sections=[over_time, side | shown]),
        "counties": theme("counties", "country", headline=headline, sections=[side | shown]),
    }


def write(root: Path, counties: int, months: int) -> int:
    """The project; returns how many figures its table holds."""
    places, groups = tree_of_places(counties)
    numbers = random.Random(1)
    periods = [f"{2021 + n // 12}-{n % 12 + 1:02}" for n in range(months)]
    trees: dict[str, Any] = {
        "config/project.yaml": {
            "title": names("Counties", "县域"),
            "publisher": names("Desk", "统计室"),
            "zone": "Asia/Shanghai",
        },
        "config/indicators.yaml": {
            "indicators": {
                key: {"name": names(key.replace("_", " ").capitalize(), zh), "unit": unit, "nature": nature}
                for key, (zh, unit, nature) in INDICATORS.items()
            }
        },
        "config/places/places.yaml": {"places": places},
        "config/places/groups.yaml": {"peer_groups": groups},
        "config/sources.yaml": {
            "sources": {
                "counties": {
                    "path": "data/inputs/counties.csv",
                    "title": names("County statistics", "县域统计"),
                    "publisher": names("Bureau", "统计局"),
                    "published": "12 days after period",
                    "period": "Month",
                    "place": "Place",
                    "values": {key: key for key in INDICATORS},
                }
            }
        },
        **{f"config/themes/{key}.yaml": tree for key, tree in themes().items()},
    }
    for name, tree in trees.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(tree, ensure_ascii=False), "utf-8")
    table = root / "data/inputs/counties.csv"
    table.parent.mkdir(parents=True, exist_ok=True)
    rows = 0
    with table.open("w", encoding="utf-8", newline="") as file:
        written = csv.writer(file, lineterminator="\n")
        written.writerow(["Month", "Place", *INDICATORS])
        size = {n: [numbers.lognormvariate(15, 1) for _ in INDICATORS] for n in range(counties)}
        for at, period in enumerate(periods):
            sums: dict[str, list[int]] = {}
            for n in range(counties):
                key = f"county_{n}"
                values = [int(each * (1 + 0.004 * at) * numbers.uniform(0.9, 1.1)) for each in size[n]]
                while key:
                    sums[key] = [a + b for a, b in zip(sums.get(key, [0] * len(values)), values, strict=True)]
                    key = places[key].get("within", "")
            for key, values in sums.items():
                written.writerow([period, key, *values])
            rows += len(sums) * len(INDICATORS)
    return rows


def command(root: Path, *arguments: str) -> dict[str, float]:
    """A command in a process of its own: seconds by the clock, CPU seconds and peak memory with its children."""
    program = str(Path(sys.executable).with_name("briefings"))
    start = time.monotonic()
    process = subprocess.Popen(
        [program, "--project", str(root), "--now", NOW, "-q", *arguments], stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"briefings {' '.join(arguments)} ended with {process.returncode}")
    return {
        "wall_seconds": round(time.monotonic() - start, 1),
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 1),
        "peak_mb": usage.ru_maxrss // 1024,
    }


def main() -> None:
    counties, months = (int(each) for each in (*sys.argv[1:], *(str(COUNTIES), str(MONTHS))[len(sys.argv) - 1 :]))
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        result: dict[str, Any] = {"benchmark": "places", "places": counties, "figures": write(root, counties, months)}
        result["check"] = command(root, "check")
        result["ingest"] = command(root, "ingest")
        for name in themes():
            result[name] = command(root, "build", name)
        result["preview"] = command(root, "preview", "counties", "--to", str(root / "preview"))
    print(json.dumps(result))


if __name__ == "__main__":
    main()
