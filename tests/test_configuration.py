"""Configuration: text stays text, every mistake is told at its place, the models hold what they say of themselves."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from briefings import catalogue, themes
from briefings.configuration import (
    Document,
    Model,
    Names,
    Project,
    Published,
    ReviewsFile,
    Source,
    SourcesFile,
    documents,
    gather,
    one_of,
    raise_complaints,
    read,
    read_plain,
    schema,
    suggest,
    yaml_tree,
)
from briefings.configuration.translation import annotation_at, keys_at, words_at
from briefings.configuration.yaml_tree import PlacedText, UnreadableError, decode, parse
from briefings.errors import ConfigurationError

HERE = Path(__file__).parent
BROKEN = HERE / "broken"
MODELS: dict[str, type[Model]] = {
    "project": Project,
    "sources": SourcesFile,
    "indicators": catalogue.IndicatorsFile,
    "places": catalogue.PlacesFile,
    "theme": themes.Theme,
    "reviews": ReviewsFile,
}
SAMPLES: dict[Path, type[Model]] = {
    HERE.parent / "config" / "project.yaml": Project,
    HERE.parent / "config" / "sources.yaml": SourcesFile,
    HERE.parent / "config" / "indicators.yaml": catalogue.IndicatorsFile,
    HERE.parent / "config" / "places" / "groups.yaml": catalogue.PlacesFile,
    HERE.parent / "config" / "themes" / "markets.yaml": themes.Theme,
    HERE.parent / "config" / "themes" / "world_economy.yaml": themes.Theme,
    HERE / "cases" / "sources.yaml": SourcesFile,
}


# Each kind of mistake, word for word


@pytest.fixture(scope="module")
def small() -> catalogue.Catalogue:
    """A catalogue of one indicator and two places, for the themes among the broken files."""
    indicators = {"turnover": {"name": "Turnover", "unit": "CNY", "nature": "flow"}}
    places = {"wuhai": {"name": "Wuhai", "kind": "city"}, "hohhot": {"name": "Hohhot", "kind": "city"}}
    of_indicators: Document[catalogue.IndicatorsFile] = Document(Path("indicators.yaml"))
    of_indicators.model = catalogue.IndicatorsFile.model_validate({"indicators": indicators})
    of_places: Document[catalogue.PlacesFile] = Document(Path("places.yaml"))
    of_places.model = catalogue.PlacesFile.model_validate({"places": places})
    return catalogue.build([of_indicators], [of_places])


def model_of(data: bytes) -> type[Model]:
    """What a broken file says it is in its first line (`# as: sources`); a project where it says nothing."""
    first = data.split(b"\n", 1)[0].decode("ascii", errors="replace")
    return MODELS[first.removeprefix("# as: ")] if first.startswith("# as: ") else Project


def told(path: Path, known: catalogue.Catalogue) -> str:
    document = read(path, model_of(path.read_bytes()), root=path.parent)
    if isinstance(document.model, themes.Theme):
        themes.check(cast("Document[themes.Theme]", document), known)
    with pytest.raises(ConfigurationError) as caught:
        raise_complaints([document])
    return str(caught.value) + "\n"


@pytest.mark.parametrize("path", sorted([*BROKEN.glob("*.yaml"), *BROKEN.glob("*.bytes")]), ids=lambda path: path.name)
def test_broken(path: Path, small: catalogue.Catalogue) -> None:
    assert told(path, small) == path.with_suffix(".txt").read_text("utf-8")


def test_every_message_has_its_broken_file() -> None:
    broken = {path.stem for path in BROKEN.iterdir() if path.suffix != ".txt"}
    assert broken == {path.stem for path in BROKEN.glob("*.txt")}
    assert len(broken) >= 25


def test_all_mistakes_of_all_files_at_once_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text("title: B\npublisher: B\nzone: Nowhere\npaper: A5\n")
    (tmp_path / "a.yaml").write_text("title: A\npublisher: [A]\n")
    found = [read(tmp_path / name, Project, root=tmp_path) for name in ("b.yaml", "a.yaml")]
    with pytest.raises(ConfigurationError) as caught:
        raise_complaints(found)
    assert [each.split(": ")[0] for each in caught.value.complaints] == ["a.yaml:2:12", "b.yaml:3:7", "b.yaml:4:8"]
    assert [document.model for document in found] == [None, None]


def test_no_complaint_raises_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("title: A\npublisher: P\n")
    document = read(tmp_path / "a.yaml", Project, root=tmp_path)
    raise_complaints([document])
    assert document.model is not None
    assert document.model.zone == "UTC"


def test_a_missing_file_and_a_folder_are_complaints(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path):
        (complaint,) = read(path, Project, root=tmp_path.parent).complaints
        assert "the file cannot be read: " in str(complaint)
        assert complaint.mark == (1, 1)


def test_a_file_outside_of_the_root_is_shown_in_full(tmp_path: Path) -> None:
    (complaint,) = read(tmp_path / "x.yaml", Project, root=tmp_path / "inner").complaints
    assert complaint.path == (tmp_path / "x.yaml").as_posix()


def test_later_checks_complain_at_the_longest_part_of_the_way_that_the_file_has(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text("title: {zh: 汇率, en: Rates}\npublisher: P\nlanguages:\n  - en\n  - zh\n")
    document = read(path, Project, root=tmp_path)
    assert document.mark(("title", "en")) == (1, 21)
    assert document.mark(("title", "en"), of="key") == (1, 17)
    assert document.mark(("languages", 1)) == (5, 5)
    assert document.mark(("languages", 7)) == document.mark(("languages",)) == (4, 3)
    assert document.mark(("nothing", "of", "this")) == (1, 1)
    document.complain(("title", "en"), "this is not its title")
    document.complain(("title", "en"), "this is not its title")
    assert [str(each) for each in document.complaints] == [
        "p.yaml:1:21: title.en: this is not its title\n"
        "title: {zh: 汇率, en: Rates}\n"
        "                      ^"  # two Han characters take two columns each
    ]


# What the loader leaves alone, and where it stops


@pytest.mark.parametrize("text", ["NO", "10:30", "1.10", "000001", "1e3", "0x1F", "2026-13-45", "yes", "1_000", ".inf"])
def test_text_stays_text(text: str) -> None:
    tree, slips = parse(f"{{a: {text}, {text}: b}}")
    assert (tree, slips) == ({"a": text, text: "b"}, [])


@pytest.mark.parametrize("text", ["", "~", "null", "Null"])
def test_an_empty_value_is_none_and_a_quoted_one_is_text(text: str) -> None:
    assert parse(f"{{a: {text}, b: '{text}'}}") == ({"a": None, "b": text}, [])


@pytest.mark.parametrize(
    "data", [b"\xef\xbb\xbftitle: A\npublisher: P\n", b"title: A\r\npublisher: P\r\n", b"---\ntitle: A\npublisher: P\n"]
)
def test_byte_order_mark_and_line_ends_of_windows_are_fine(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.yaml").write_bytes(data)
    assert read(tmp_path / "a.yaml", Project, root=tmp_path).complaints == []


def test_marks_count_lines_of_windows_once(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes("\ufefftitle: 甲\r\npublisher: P\r\nzone: X\r\n".encode())
    (complaint,) = read(tmp_path / "a.yaml", Project, root=tmp_path).complaints
    assert complaint.mark == (3, 7)


def test_an_alias_stands_for_a_whole_value(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("title: &name {en: Desk}\npublisher: *name\n")
    document = read(tmp_path / "a.yaml", Project, root=tmp_path)
    assert document.model is not None
    assert document.model.publisher.en == "Desk"


def test_a_mistake_that_an_alias_repeats_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("title: &name {em: Desk}\npublisher: *name\n")
    (complaint,) = read(tmp_path / "a.yaml", Project, root=tmp_path).complaints
    assert complaint.mark == (1, 15)


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join(9 * ['*' + before])}]\n" for before, name in pairwise("abcdefghij")
)
SPLIT = "at most 1,000,000 are allowed: split it into several files"
DOUBLING = "a: &a {x: y}\n" + "".join(
    f"{name}: &{name} {{<<: [*{before}, *{before}]}}\n" for before, name in pairwise("abcdefghijklmnopqrstuv")
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: b\n" * 2_000_000, f"1:1: the file has 10,000,000 bytes; {SPLIT}"),
        ("[" * 5000, "1:52: nested more than 50 levels deep"),
        ("{a: " * 5000, "1:202: nested more than 50 levels deep"),
        ("- a\n" * 60_000, "50000:3: more than 50,000 values; split the file into several"),
        (BOMB, "5:8: aliases stand for more than 10,000 values; write out what is needed"),
        (DOUBLING, "11:17: aliases stand for more than 10,000 values; write out what is needed"),
        ("- &a x\n" + "- *a\n" * 200, "102:3: more than 100 aliases; write the values out"),
    ],
    ids=["10 MB", "deep lists", "deep mappings", "many values", "alias bomb", "merge keys doubled", "many aliases"],
)  # fmt: skip
def test_files_out_of_bounds_cost_nothing(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text)
    tracemalloc.start()
    try:
        (complaint,) = read(path, Project, root=tmp_path).complaints
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()
    assert str(complaint).splitlines()[0] == f"x.yaml:{said}"


def test_of_a_file_of_mistakes_a_hundred_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("title: A\npublisher: P\n" + "".join(f"key{number}: x\n" for number in range(500)))
    assert len(read(tmp_path / "a.yaml", Project, root=tmp_path).complaints) == documents.MOST_TOLD


@settings(max_examples=100, deadline=None)
@given(st.text("ab：: \n\t-[]{}'\"&*!|>%@#,?<~\\é汉\x00\x85\u2028", max_size=40) | st.binary(max_size=40))
def test_any_text_is_read_or_refused(text: str | bytes) -> None:
    data = text.encode() if isinstance(text, str) else text
    try:
        parse(decode(data))
    except UnreadableError as error:
        line, column = error.slip.mark
        lines = yaml_tree.lines_of(data.decode("utf-8-sig", errors="replace"))
        assert 1 <= line <= len(lines) + 1
        assert 1 <= column <= max(map(len, lines)) + 2


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_without_the_library_in_c_all_is_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = path.read_text("utf-8")
    fast, _ = parse(text)
    monkeypatch.setattr(yaml_tree, "_Loader", yaml.SafeLoader)
    slow, _ = parse(text)
    assert slow == fast
    assert [node.mark for node in scalars(slow)] == [node.mark for node in scalars(fast)]


leaves = st.text("abc汉 -1'", min_size=1, max_size=6)
trees = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(leaves, inner, max_size=4), max_leaves=12
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(leaves, trees, min_size=1, max_size=4), st.sampled_from([True, False, None]))
def test_the_tree_is_what_was_written_and_knows_its_place(tree: dict[str, Any], flow: bool | None) -> None:
    text = yaml.safe_dump(
        tree, allow_unicode=True, default_flow_style=flow, default_style=None if flow else "'", width=1000
    )
    read_back, slips = parse(text)
    assert (read_back, slips) == (tree, [])
    lines = text.split("\n")
    for node in scalars(read_back):
        rest = lines[node.mark.line - 1][node.mark.column - 1 :]
        assert rest.startswith((str(node)[:1], "'", '"'))


def scalars(node: Any) -> Iterator[PlacedText]:
    if isinstance(node, PlacedText):
        yield node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from (*scalars(key), *scalars(value))
    elif isinstance(node, list):
        for value in node:
            yield from scalars(value)


def test_phrase_books_come_as_plain_values(tmp_path: Path) -> None:
    (tmp_path / "en.yaml").write_text("growth:\n  up: [rose, grew]\n  at: 8:30\n  none:\n")
    plain = read_plain(tmp_path / "en.yaml")
    assert plain == {"growth": {"up": ["rose", "grew"], "at": "8:30", "none": None}}
    assert type(plain["growth"]["at"]) is str
    (tmp_path / "en.yaml").write_text("- a\n")
    with pytest.raises(ConfigurationError, match="a list stands here; a mapping"):
        read_plain(tmp_path / "en.yaml")


# Misspellings of the sample files


def places_to_misspell(document: Document[Any], model: type[Model]) -> Iterator[tuple[PlacedText, str]]:
    """Every key that a model knows, and every word of a fixed set, in a file without mistakes."""
    for node, key, side in documents.walk(document.tree, ()):
        if not isinstance(node, PlacedText) or len(node) < 2:
            continue
        if side == "key" and str(node) in keys_at(annotation_at(model, key[:-1])):
            yield node, "key"
        elif side == "value" and str(node) in words_at(word_annotation(model, key)):
            yield node, "word"


def word_annotation(model: type[Model], key: Any) -> Any:
    """The annotation of a word, also where it stands for a list of one or for `{is: word}`."""
    found = annotation_at(model, key)
    return found if words_at(found) else annotation_at(model, (*key, 0)) or annotation_at(model, (*key, "is"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_misspelt_key_or_word_is_told_at_its_place(tmp_path: Path, path: Path) -> None:
    model, text = SAMPLES[path], path.read_text("utf-8")
    document = read(path, model, root=path.parent)
    assert document.complaints == []
    lines, tried = text.split("\n"), 0
    for node, kind in places_to_misspell(document, model):
        line, start = lines[node.mark.line - 1], node.mark.column - 1
        start += line[start] in "'\""
        wrong = node[0] + node[2:] + node[1] + "x"
        changed = [*lines]
        changed[node.mark.line - 1] = line[:start] + wrong + line[start + len(node) :]
        (tmp_path / "x.yaml").write_text("\n".join(changed), "utf-8")
        complaints = read(tmp_path / "x.yaml", model, root=tmp_path).complaints
        assert node.mark in [each.mark for each in complaints], f"{kind} {wrong!r}: {list(map(str, complaints))}"
        tried += 1
    assert tried >= 8


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_whatever_stands_in_a_file_is_complained_of_not_raised(tmp_path: Path, path: Path) -> None:
    """Each node in turn becomes a list, a mapping, a text, nothing."""
    model, text = SAMPLES[path], path.read_text("utf-8")
    for key in ways(yaml.load(text, Loader=yaml.CBaseLoader)):
        for other in ([], ["x"], {}, {"x": ["y"]}, "x", "", "-1", None):
            tree: Any = {"root": yaml.load(text, Loader=yaml.CBaseLoader)}
            node: Any = tree
            for step in ("root", *key[:-1]):
                node = node[step]
            node[key[-1]] = other
            (tmp_path / "x.yaml").write_text(json.dumps(tree["root"], ensure_ascii=False), "utf-8")
            document = read(tmp_path / "x.yaml", model, root=tmp_path)
            assert (document.model is None) == bool(document.complaints)
            for complaint in document.complaints:
                assert "pydantic" not in str(complaint)
                assert complaint.mark.line == 1


def ways(node: Any, key: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every node; of a list the first two, of things by id (sources, places) the first three."""
    if key:
        yield key
    if isinstance(node, list):
        entries: list[Any] = list(enumerate(node))[:2]
    elif isinstance(node, dict):
        by_id = all(isinstance(value, dict) for value in node.values())
        entries = list(node.items())[: 3 if by_id else None]
    else:
        entries = []
    for step, value in entries:
        yield from ways(value, (*key, step))


# Did you mean


@pytest.mark.parametrize(
    ("found", "meant"),
    [
        ("yoyy", "yoy"),
        ("YOY", "yoy"),
        ("Half Year", "half-year"),
        ("half_year", "half-year"),
        ("recipiants", "recipients"),
        ("汇绿", None),
        ("zzz", None),
        ("", None),
    ],
)
def test_suggest(found: str, meant: str | None) -> None:
    assert suggest(found, ["yoy", "mom", "half-year", "recipients", "汇率变动"]) == meant


def test_one_of_names_all_of_few_words_and_the_closest_of_many() -> None:
    assert one_of("yoyy", ["yoy", "mom"], "basis") == "unknown basis 'yoyy'; allowed: yoy, mom. Did you mean 'yoy'?"
    assert one_of("a", [], "place") == "unknown place 'a'; none is declared"
    many = [f"place_{number}" for number in range(30)]
    said = one_of("place_07", many, "place")
    assert said == (
        "unknown place 'place_07'; allowed: place_0, place_7, place_10, place_17, place_20 ... (30 in all). "
        "Did you mean 'place_7'?"
    )


# The models


def fields(model: type[Model]) -> Iterator[tuple[str, Any]]:
    """Every field of a model and of the models in it."""
    seen: set[type[Model]] = set()
    waiting = [model]
    while waiting:
        each = waiting.pop()
        if each in seen:
            continue
        seen.add(each)
        for name, field in each.model_fields.items():
            yield f"{each.__name__}.{name}", field
            waiting += models_in(field.annotation)


def models_in(annotation: Any) -> list[type[Model]]:
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return [annotation]
    return [model for each in getattr(annotation, "__args__", ()) for model in models_in(each)]


OWN = [*fields(Project), *fields(SourcesFile)]


def as_text(value: Any) -> Any:
    """An example as the loader would hand it over: all scalars text."""
    if isinstance(value, dict):
        return {key: as_text(each) for key, each in value.items()}
    return [as_text(each) for each in value] if isinstance(value, list) else str(value)


@pytest.mark.parametrize(("name", "field"), OWN, ids=[name for name, _ in OWN])
def test_fields_describe_themselves_and_their_examples_hold(name: str, field: Any) -> None:
    assert field.description
    assert field.examples
    adapter: TypeAdapter[Any] = TypeAdapter(field.rebuild_annotation())
    for example in field.examples:
        adapter.validate_python(as_text(example))
    for bad in (field.json_schema_extra or {}).get("examples_bad", []):
        with pytest.raises(ValidationError):
            adapter.validate_python(as_text(bad))


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_schema_is_valid_and_describes_every_field(model: type[Model]) -> None:
    made = schema(model, identifier="urn:briefings:test")
    jsonschema.Draft202012Validator.check_schema(made)
    assert made["$id"] == "urn:briefings:test"
    described = json.dumps(made, ensure_ascii=False)
    for name, field in fields(model):
        assert json.dumps(field.description, ensure_ascii=False) in described, name


def test_schema_keeps_good_and_bad_examples() -> None:
    source = schema(SourcesFile, identifier="urn:x")["$defs"]["Source"]["properties"]
    assert source["encoding"]["examples"] == ["gb18030"]
    assert source["encoding"]["examples_bad"] == ["ansi"]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_sample_files_fit_their_schema_as_an_editor_reads_them(path: Path) -> None:
    made = schema(SAMPLES[path], identifier="urn:x")
    tree = json.loads(json.dumps(yaml.safe_load(path.read_text("utf-8")), default=str))
    assert [error.message for error in jsonschema.Draft202012Validator(made).iter_errors(tree)] == []


@pytest.mark.parametrize("path", sorted(BROKEN.glob("unknown_*.yaml")), ids=lambda path: path.stem)
def test_schema_refuses_what_the_model_refuses(path: Path) -> None:
    loose = {"unknown_alias", "unknown_anchor", "unknown_zone", "unknown_basis", "unknown_delimiter"}
    if path.stem not in loose:
        made = schema(model_of(path.read_bytes()), identifier="urn:x")
        tree = json.loads(json.dumps(yaml.safe_load(path.read_text("utf-8")), default=str))
        assert not jsonschema.Draft202012Validator(made).is_valid(tree)


def source(**changes: Any) -> Source:
    least = {"path": "data/inputs/a.csv", "published": "on ingest", "period": "Date", "place": "Country"}
    return Source.model_validate(least | {"values": {"Price": "brent_price"}} | changes)


def test_the_shortest_source() -> None:
    made = source()
    assert made.period.column == "Date"
    assert made.place.column == "Country"
    assert made.published.on_ingest
    assert made.values["Price"].indicator == "brent_price"
    assert made.status.is_ == "actual"
    assert (made.header, made.footer, made.encoding, made.decimal, made.kind) == (1, 0, "utf-8", ".", "table")


def test_missing_marks_are_added_to_those_that_everybody_uses() -> None:
    marks = source(missing=["0", None, "暂无"]).missing_marks
    assert {"0", "null", "暂无", "", "-", "…", "NA", "空"} <= marks
    assert "0" not in source().missing_marks


def test_one_item_stands_for_a_list() -> None:
    made = source(missing="x", breakdown={"column": "行业", "dimension": "industry"}, skip={"Country": "World"})
    assert made.missing == ("x",)
    assert made.skip == {"Country": ("World",)}
    assert [each.by for each in made.breakdown] == ["industry"]


def test_breakdown_is_named_like_its_column() -> None:
    assert source(breakdown="Industry group").breakdown[0].by == "industry_group"


def test_a_wide_table_needs_no_column_of_values() -> None:
    made = source(values={}, period="headers", indicator={"is": "brent_price"})
    assert made.period.headers
    assert made.value is None


def test_published_by_rule() -> None:
    end, seen = date(2026, 6, 30), date(2026, 7, 20)
    dates = {"2026-07-03": date(2026, 7, 3), "15 days after period": date(2026, 7, 15), "on ingest": seen}
    for rule, day in dates.items():
        assert Published.model_validate(rule).on(period_end=end, first_seen=seen) == day
    assert Published.model_validate({"column": "Released"}).on(period_end=end, first_seen=seen) is None


def test_names_of_one_text_are_in_the_language_it_is_written_in() -> None:
    assert Names.model_validate("Rates").languages == ("en",)
    assert Names.model_validate("外汇 FX").languages == ("zh",)
    both = Names.model_validate({"en": "Rates", "zh": "汇率"})
    assert (both.get("zh"), both.get("en"), both.either("zh"), both.values()) == (
        "汇率",
        "Rates",
        "汇率",
        ("Rates", "汇率"),
    )
    assert Names.model_validate("Rates").get("zh") is None
    assert Names.model_validate("Rates").either("zh") == "Rates"


def test_an_id_that_two_files_declare_is_complained_of_in_the_second(tmp_path: Path) -> None:
    text = "sources:\n  brent: {path: a.csv, published: on ingest, period: P, place: C, values: {V: brent_price}}\n"
    found = []
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(text)
        found.append(read(tmp_path / name, SourcesFile, root=tmp_path))
    assert list(gather(found, "sources")) == ["brent"]
    assert found[0].complaints == []
    assert str(found[1].complaints[0]).startswith(
        "b.yaml:2:3: sources: 'brent' is declared in a.yaml too; keep one of the two"
    )
