"""Small projects with odd content: the same one each time, with a payload in each of its texts, or with odd figures.

`Project()` is one theme about two indicators, in the place Riverton beside three others. A test changes its parts
(plain dicts and lists, as in its YAML) and its table, writes it, and builds it by the commands that a person gives.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from briefings.archive import Archive, Edition
from briefings.cli.main import run

NOW = "2026-11-21T08:00+08:00"
MONTHS = tuple(f"{year}-{month:02}" for year in (2024, 2025, 2026) for month in range(1, 13))[:34]
PLACES = ("riverton", "hillford", "lakeside", "marshby")

#: What is said of a field where a payload is put: the field's name and its own words, to the words that stand there.
Say = Callable[[str, str], str]


def table(rows: Sequence[Sequence[object]]) -> str:
    """Rows as CSV."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def rows(places: Sequence[str] = PLACES, months: Sequence[str] = MONTHS) -> list[list[object]]:
    """Plain figures: a season, a trend, places of different size."""
    found: list[list[object]] = [["Month", "City", "Stays", "Revenue"]]
    for size, place in enumerate(places, 2):
        for at, month in enumerate(months):
            stays = size * (20_000 + 300 * at + 150 * (at % 12) * (-1) ** (at % 2))
            found.append([month, place, stays, round(stays / 31.7, 1)])
    return found


def _in(en: str, zh: str) -> dict[str, str]:
    return {"en": en, "zh": zh}


@dataclass
class Project:
    """The files of a project, as trees that YAML holds."""

    project: dict[str, Any] = field(
        default_factory=lambda: {
            "title": _in("Regional briefings", "区域经济简报"),
            "publisher": _in("Statistics Desk", "统计室"),
            "contact": {"name": "Desk of figures", "email": "desk@example.org"},
            "disclaimer": _in("Figures may be revised.", "数据以后续修订为准。"),
            "zone": "Asia/Shanghai",
        }
    )
    indicators: dict[str, Any] = field(
        default_factory=lambda: {
            "stays": {
                "name": _in("Overnight stays", "过夜游客人次"),
                "unit": "person-time",
                "nature": "flow",
                "direction": "higher",
            },
            "revenue": {"name": _in("Room revenue", "客房收入"), "unit": "CNY", "nature": "flow"},
        }
    )
    breakdowns: dict[str, Any] = field(default_factory=dict)
    places: dict[str, Any] = field(
        default_factory=lambda: {
            "riverland": {"name": _in("Riverland", "河原省"), "kind": "province"},
            "riverton": {"name": _in("Riverton", "河城市"), "kind": "city", "within": "riverland"},
            "hillford": {"name": _in("Hillford", "山渡市"), "kind": "city", "within": "riverland"},
            "lakeside": {"name": _in("Lakeside", "湖滨市"), "kind": "city", "within": "riverland"},
            "marshby": {"name": _in("Marshby", "泽岸市"), "kind": "city", "within": "riverland"},
        }
    )
    source: dict[str, Any] = field(
        default_factory=lambda: {
            "path": "data/inputs/stays.csv",
            "title": _in("Tourism statistics", "旅游统计"),
            "publisher": _in("Tourism Bureau", "文旅局"),
            "published": "12 days after period",
            "period": "Month",
            "place": "City",
            "values": {"Stays": "stays", "Revenue": {"indicator": "revenue", "unit": "万元"}},
        }
    )
    theme: dict[str, Any] = field(
        default_factory=lambda: {
            "theme": "stays",
            "title": _in("Tourism briefing", "旅游经济简报"),
            "places": {"each": "riverton", "beside": "cities"},
            "cadence": "monthly",
            "headline": [{"stays": ["level", "growth"]}, {"revenue": ["level", "growth"]}],
            "sections": [
                {
                    "title": _in("Stays over time", "过夜游客走势"),
                    "show": {"stays": ["level", "growth"], "revenue": "level"},
                    "charts": ["line", "column"],
                },
                {
                    "title": _in("The cities side by side", "各市比较"),
                    "show": {"stays": ["level", "growth", "rank"]},
                    "places": "cities",
                    "charts": "bar",
                },
            ],
        }
    )
    rows: list[list[object]] = field(default_factory=rows)
    more: dict[str, Any] = field(default_factory=dict)
    """Further files: trees for YAML, texts as they are, bytes for what is neither."""

    def texts(self) -> Iterator[tuple[str, dict[str, Any], str]]:
        """Every text that an edition may show: what it is, where it stands, under which key."""
        yield "contact", self.project["contact"], "name"
        for key in ("title", "publisher", "disclaimer"):
            yield from _both(f"project {key}", self.project[key])
        for indicator in self.indicators.values():
            for key in ("name", "short", "note"):
                yield from _both(f"indicator {key}", indicator.get(key, {}))
        for place in self.places.values():
            yield from _both("place", place["name"])
        for key in ("title", "publisher"):
            yield from _both(f"source {key}", self.source[key])
        yield from _both("theme", self.theme["title"])
        for section in self.theme["sections"]:
            yield from _both("section", section["title"])

    def saying(self, say: Say) -> Project:
        """The project with other words in each of its texts."""
        for what, where, key in self.texts():
            where[key] = say(what, where[key])
        return self

    def write(self, root: Path) -> Path:
        trees: dict[str, Any] = {
            "config/project.yaml": self.project,
            "config/indicators.yaml": {"indicators": self.indicators, "breakdowns": self.breakdowns},
            "config/places.yaml": {"places": self.places},
            "config/sources.yaml": {"sources": {"tourism": self.source}},
            "config/themes/stays.yaml": self.theme,
            "data/inputs/stays.csv": table(self.rows),
            **self.more,
        }
        for name, tree in trees.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(tree, bytes):
                path.write_bytes(tree)
            else:
                path.write_text(
                    tree if isinstance(tree, str) else json.dumps(tree, ensure_ascii=False, indent=1), "utf-8"
                )
        return root

    def build(self, root: Path, *options: str) -> list[Edition]:
        """check, ingest, build; every step must succeed. The editions in the archive."""
        self.write(root)
        for command in (["check"], ["ingest"], ["build", *options]):
            assert command_of(root, *command) == 0, command
        return editions(root)


def _both(what: str, names: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], str]]:
    for language in names:
        yield what, names, language


def command_of(root: Path, *arguments: str) -> int:
    """The exit code of a command."""
    return run(["--project", str(root), "--now", NOW, *arguments])


def editions(root: Path) -> list[Edition]:
    return list(Archive(root / "data/editions").editions())
