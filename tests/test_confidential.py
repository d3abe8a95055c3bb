"""What a source withholds: read by a mark or a code, kept without a value, shown as c, and in no other figure."""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from briefings import sources
from briefings.catalogue import Catalogue, Indicator, Place
from briefings.configuration import Source
from briefings.errors import ObservationError
from briefings.observations import COLUMNS, validate
from briefings.store import Store
from tests.odd_projects import MONTHS, Project

CATALOGUE = Catalogue(
    {"output": Indicator.model_validate({"name": "Output", "unit": "CNY", "nature": "flow"})},
    {key: Place.model_validate({"name": key.title(), "currency": "CNY"}) for key in ("north", "south", "east")},
    {},
)
SOURCE = "path: t.csv\npublished: 2026-07-03\nperiod: Year\nplace: Place\nindicator: {is: output}\nvalue: Value\n"


def told(folder: Path, more: str, table: str) -> tuple[pd.DataFrame, sources.Reading]:
    """The rows of a table as its source reads them, in order of place."""
    (folder / "t.csv").write_text(table, "utf-8")
    source = Source.model_validate(yaml.load(SOURCE + more, Loader=yaml.BaseLoader))
    store = Store(folder / "observations", folder / "snapshots")
    day = date(2026, 7, 20)
    reading = sources.read("src", source, catalogue=CATALOGUE, root=folder, keep=store.keep, today=day)
    return reading.frame.astype({"place": "str"}).sort_values("place"), reading


@pytest.mark.parametrize(("mark", "cell"), [("c", "c"), ("(c)", "(c)"), ("x", " X "), ("[c, 保密]", "保密")])
def test_a_declared_mark_is_a_withheld_value(mark: str, cell: str, tmp_path: Path) -> None:
    frame, reading = told(tmp_path, f"confidential: {mark}", f"Year,Place,Value\n2025,north,{cell}\n2025,south,7\n")
    assert list(zip(frame["place"], frame["status"], strict=True)) == [("north", "confidential"), ("south", "actual")]
    assert math.isnan(frame["value"].iloc[0])
    assert (frame["quote"].tolist(), frame["locator"].iloc[0]) == (["", "7"], "row=2,column=Value")
    assert (reading.rejects, reading.missing) == ((), 0)


def test_an_undeclared_mark_is_rejected_as_ever(tmp_path: Path) -> None:
    _, reading = told(tmp_path, "", "Year,Place,Value\n2025,north,c\n2025,south,7\n")
    assert [each.reason for each in reading.rejects] == [
        "'c' is no number; if it stands for no value, add it to `missing`"
    ]


def test_a_code_withholds_whatever_stands_beside_it(tmp_path: Path) -> None:
    """CONF_STATUS of SDMX: F free, N not for publication, C confidential."""
    codes = "status: {column: CONF_STATUS, names: {F: actual, N: confidential, C: confidential}}"
    table = "Year,Place,Value,CONF_STATUS\n2025,north,1234,C\n2025,south,7,F\n2025,east,,N\n"
    frame, _ = told(tmp_path, codes, table)
    assert list(zip(frame["place"], frame["status"], strict=True)) == [
        ("east", "confidential"),
        ("north", "confidential"),
        ("south", "actual"),
    ]
    assert frame["quote"].tolist() == ["", "", "7"]
    assert "1234" not in frame.drop(columns="snapshot").to_csv()


@pytest.mark.parametrize("mark", ["0", "-999", "1,5", "''"])
def test_a_number_is_no_mark(mark: str) -> None:
    with pytest.raises(ValueError, match="is no mark of a withheld value; write what stands in its place"):
        Source.model_validate(yaml.load(f"{SOURCE}confidential: ['{mark.strip(chr(39))}']", Loader=yaml.BaseLoader))


def row(value: float, status: str, **more: Any) -> dict[str, Any]:
    plain = dict.fromkeys(("breakdown", "basis", "of", "counted_from", "quote"), "")
    fixed = {"place": "north", "indicator": "output", "period": "2025", "kind": "level", "target": False, "unit": "CNY"}
    told = {"qualifier": "exact", "confidence": 1.0, "source": "src", "snapshot": "0" * 64, "locator": "row=2,column=V"}
    return plain | fixed | told | {"published": date(2026, 1, 5), "value": value, "status": status} | more


def test_the_store_never_tells_a_withheld_figure_and_knows_since_when(tmp_path: Path) -> None:
    store, secret = Store(tmp_path / "o", tmp_path / "s"), float("nan")
    vintages = [
        row(5.0, "actual"),
        row(secret, "confidential", published=date(2026, 2, 5)),
        row(6.0, "actual", published=date(2026, 3, 5)),
    ]
    for day, each in enumerate(vintages, 1):
        assert store.add("src", pd.DataFrame([each]), datetime(2026, 7, day, tzinfo=UTC)).revised == (day > 1)
    again = store.add("src", pd.DataFrame([vintages[2]]), datetime(2026, 7, 9, tzinfo=UTC))
    assert (again.new, again.revised, again.unchanged) == (0, 0, 1)
    known = {month: store.as_of(date(2026, month, 10))["value"].tolist() for month in (1, 2, 3)}
    assert known == {1: [5.0], 2: [], 3: [6.0]}
    counts, others, withheld = store.as_of_and_others(date(2026, 2, 10))
    assert (len(counts), len(others), withheld["place"].tolist()) == (0, 0, ["north"])
    other = row(5.5, "actual", source="other", published=date(2025, 12, 1))
    store.add("other", pd.DataFrame([other]), datetime(2026, 7, 10, tzinfo=UTC))
    assert store.as_of(date(2026, 2, 10))["source"].tolist() == ["other"]
    assert store.history("output", "north")["value"].tolist() == [5.5, 5.0, 6.0]


def test_a_confidential_row_with_a_value_is_refused() -> None:
    frame = pd.DataFrame([row(5.0, "confidential")]).assign(recorded_at=datetime(2026, 7, 1, tzinfo=UTC))
    with pytest.raises(ObservationError, match="a confidential figure has no value"):
        validate(frame[list(COLUMNS)])


@pytest.mark.slow
def test_an_edition_shows_the_mark_and_works_out_nothing_from_it(tmp_path: Path) -> None:
    made = Project()
    made.source["confidential"] = ["(c)"]
    for each in made.rows:
        if each[0] in (MONTHS[-1], MONTHS[-2]) and each[1] == "marshby":
            each[2] = "(c)"
    for edition in made.build(tmp_path):
        page = (edition.folder / "briefing.html").read_text("utf-8")
        language = edition.key.language
        (line,) = re.findall(
            f"<tr[^>]*>(?:(?!</tr>).)*{ {'en': 'Marshby', 'zh': '泽岸市'}[language] }.*?</tr>", page, re.S
        )
        cells = [re.sub("<[^>]+>|\\s", "", cell) for cell in re.findall("<td.*?</td>", line, re.DOTALL)]
        assert cells == ["c", "c", "c"]
        assert {"en": "c confidential", "zh": "c 保密"}[language] in re.sub("<[^>]+>", "", page)
