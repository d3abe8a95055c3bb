"""`lint` as a person types it: an edition that is damaged does not cost the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefings.cli.main import run
from tests.desks import stage

EN, ZH = "tourism/riverton/2026-10/en/r1", "tourism/riverton/2026-10/zh/r1"


def test_a_damaged_edition_does_not_cost_the_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stage(tmp_path, "schedule: {release: 20th}\n", "2026-11-20T09:00+08:00").tick()
    (tmp_path / "data/editions" / EN / "manifest.json").write_text("{}")
    capsys.readouterr()
    assert run(["--project", str(tmp_path), "lint", EN, ZH]) == 1
    damaged, other = capsys.readouterr().err.splitlines()
    assert damaged.endswith("the edition is damaged, restore its folder")
    assert other == f"{ZH}: the edition lacks briefing.html; build it anew"


def test_an_edition_that_is_none_is_a_bad_request(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stage(tmp_path, "schedule: {release: 20th}\n", "2026-11-20T09:00+08:00").tick()
    assert run(["--project", str(tmp_path), "lint", ZH, "nosuch"]) == 2
    assert capsys.readouterr().err.startswith("No edition 'nosuch'; there are: ")
