"""Misspelling any key or any enumerated value of any sample file is told at its line and column.

What is a key of the grammar and what an enumerated value is taken from the JSON Schemas, walked beside the YAML nodes.
Keys and values that a person chose (ids, names, columns) are references; those are misspelt in the second part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from briefings.cli.main import run
from briefings.configuration import Model, read, schema
from briefings.settings import MODELS

ROOT = Path(__file__).parent.parent
STARTER = ROOT / "templates" / "starter"
FILES = sorted([*(ROOT / "config").rglob("*.yaml"), *(STARTER / "config").rglob("*.yaml")])


@dataclass(frozen=True)
class Word:
    """One word of a sample file: where it stands (from 1), and the way to it with chosen keys left open."""

    line: int
    column: int
    text: str
    way: str


def kind_of(path: Path) -> str:
    return next(kind for kind in MODELS if kind in (path.stem, path.parent.name))


def words(node: yaml.Node, rule: dict[str, Any], whole: dict[str, Any], way: str = "") -> Iterator[Word]:
    """The keys of the grammar and the enumerated values below a node."""
    rules = list(alternatives(rule, whole))
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            known = [r["properties"][key.value] for r in rules if key.value in r.get("properties", {})]
            free = [r["additionalProperties"] for r in rules if isinstance(r.get("additionalProperties"), dict)]
            free += [each for r in rules for each in r.get("patternProperties", {}).values()]
            if known:
                yield Word(key.start_mark.line + 1, key.start_mark.column + 1, key.value, f"{way}.{key.value}")
            for below in known or free:
                yield from words(value, below, whole, f"{way}.{key.value if known else '*'}")
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            for each in rules:
                if isinstance(each.get("items"), dict):
                    yield from words(item, each["items"], whole, f"{way}[]")
    elif any(node.value in r.get("enum", ()) or node.value == r.get("const") for r in rules):
        yield Word(node.start_mark.line + 1, node.start_mark.column + 1, node.value, f"{way}={node.value}")


def alternatives(rule: dict[str, Any], whole: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "$ref" in rule:
        yield from alternatives(whole["$defs"][rule["$ref"].rpartition("/")[2]], whole)
    for name in ("anyOf", "oneOf", "allOf"):
        for each in rule.get(name, ()):
            yield from alternatives(each, whole)
    yield rule


def every_word(path: Path) -> list[Word]:
    """The words of a file; of those that stand at the same place of the grammar, the first."""
    whole = schema(MODELS[kind_of(path)], identifier="urn:test")
    found = words(yaml.compose(path.read_text("utf-8")), whole, whole)
    return list({word.way: word for word in reversed(list(found))}.values())


def misspelt(text: str, word: Word) -> str:
    """The file with one letter of the word doubled."""
    lines = text.split("\n")
    line = lines[word.line - 1]
    at = word.column - 1 + (line[word.column - 1] in "\"'")
    lines[word.line - 1] = line[: at + 1] + line[at] + line[at + 1 :]
    return "\n".join(lines)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_key_and_every_enumerated_value(path: Path, tmp_path: Path) -> None:
    model: type[Model] = MODELS[kind_of(path)]
    text = path.read_text("utf-8")
    found = every_word(path)
    assert len(found) >= 2
    wrong = []
    for word in found:
        altered = tmp_path / path.name
        altered.write_text(misspelt(text, word), encoding="utf-8")
        complaints = read(altered, model, root=tmp_path).complaints
        places = {(complaint.mark.line, complaint.mark.column) for complaint in complaints}
        if (word.line, word.column) not in places:
            wrong.append((word, [str(complaint) for complaint in complaints]))
    assert not wrong


REFERENCES = [
    (
        "config/themes/tourism.yaml",
        r"overnight_stays: \[level",
        "overnight_stay: [level",
        "unknown indicator in the headline",
    ),
    ("config/themes/tourism.yaml", r"riverton", "rivertown", "a place that is not there"),
    ("config/themes/tourism.yaml", r"cities}", "citties}", "a kind of place that is not there"),
    ("config/themes/tourism.yaml", r"growth on previous period", "growth on previos period", "the tail of a measure"),
    ("config/themes/tourism.yaml", r"rank\]", "rnak]", "a measure that is not there"),
    ("config/sources.yaml", r"overnight_stays,", "overnight_stay,", "a source's indicator"),
    ("config/sources.yaml", r"万元", "万元元", "a source's unit"),
    ("config/places.yaml", r"riverland}", "riverlad}", "within a place that is not there"),
    ("config/indicators.yaml", r"person-time", "person-tyme", "a unit that is not there"),
]


@pytest.mark.parametrize(("file", "found", "put", "what"), REFERENCES, ids=[case[3] for case in REFERENCES])
def test_references(
    file: str, found: str, put: str, what: str, starter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = starter / file
    text = path.read_text("utf-8")
    match = re.search(found, text)
    assert match, what
    path.write_text(text[: match.start()] + put + text[match.end() :], encoding="utf-8")
    line = text.count("\n", 0, match.start()) + 1
    assert run(["--project", str(starter), "check"]) == 2
    told = capsys.readouterr().err
    assert f"{file}:{line}:" in told
    assert "Did you mean" in told or "no unit" in told


def test_all_mistakes_of_all_files_at_once(starter: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for file, right, wrong in (
        ("config/project.yaml", "publisher", "publishr"),
        ("config/sources.yaml", "published", "publishd"),
        ("config/themes/tourism.yaml", "cadence: monthly", "cadence: montly"),
    ):
        path = starter / file
        path.write_text(path.read_text("utf-8").replace(right, wrong, 1), encoding="utf-8")
    assert run(["--project", str(starter), "check"]) == 2
    told = capsys.readouterr().err
    assert all(
        f"{file}:" in told for file in ("config/project.yaml", "config/sources.yaml", "config/themes/tourism.yaml")
    )
    assert "3 mistakes" in told


def test_a_wrong_theme_builds_nothing(starter: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = starter / "config/themes/tourism.yaml"
    path.write_text(path.read_text("utf-8").replace("overnight_stays", "overnight_stais"), encoding="utf-8")
    assert run(["--project", str(starter), "build"]) == 2
    assert not (starter / "data/editions").exists()
    assert "config/themes/tourism.yaml:8:5" in capsys.readouterr().err


def test_the_sample_files_are_right(starter: Path, root: Path) -> None:
    assert run(["--project", str(starter), "check"]) == 0
    assert run(["--project", str(root), "check"]) == 0
