"""Configuration: text stays text, every mistake is told at its place, and the models hold what they say of themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from briefings import configuration
from briefings.configuration import Document, Model, Project, SourcesFile, one_of, raise_complaints, read, suggest
from briefings.configuration.yaml_tree import PlacedList, PlacedMapping, PlacedText, UnreadableError, decode, parse
from briefings.errors import ConfigurationError

BROKEN = Path(__file__).parent / "broken"


def models() -> dict[str, type[Model]]:
    return {"project": Project, "sources": SourcesFile}


def model_of(data: bytes) -> type[Model]:
    """What a broken file says it is, in its first line: `# as: sources`."""
    first = data.split(b"\n", 1)[0].decode("ascii", errors="replace")
    return models()[first.removeprefix("# as: ").strip() if first.startswith("# as: ") else "project"]


def told(path: Path, model: type[Model]) -> str:
    with pytest.raises(ConfigurationError) as caught:
        raise_complaints([read(path, model, root=path.parent)])
    return str(caught.value) + "\n"


@pytest.mark.parametrize("path", sorted([*BROKEN.glob("*.yaml"), *BROKEN.glob("*.bytes")]), ids=lambda path: path.name)
def test_broken(path: Path) -> None:
    assert told(path, model_of(path.read_bytes())) == path.with_suffix(".txt").read_text("utf-8")
