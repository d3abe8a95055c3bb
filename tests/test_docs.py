"""The manual is true: what it prints is what the program does.

Fenced blocks say what they are in their first line. `console`: commands, run in order in a project, and their output,
in which `...` stands for anything. `yaml sources` and the like: a whole file, read by the real loader; with `part` some
keys of a theme, with `broken` a file whose complaints stand in the block below. `file=PATH` and `append=PATH` (README):
what a reader puts into that file.
"""

from __future__ import annotations

import importlib.util
import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pytest
import yaml
from pydantic import TypeAdapter, ValidationError

from briefings.audit.readback.grammar import grammar
from briefings.cli.main import run
from briefings.cli.project import _schemas
from briefings.compose.weight import WORDS
from briefings.configuration import read
from briefings.measures import MEASURES, REASONS
from briefings.settings import MODELS
from briefings.themes import MEASURE_WORDS
from tests.measure_cases import cases, world

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
STARTER = ROOT / "templates" / "starter"
PAGES = sorted([*DOCS.glob("*.md"), ROOT / "README.md"])
NOW = "2026-11-21T08:00+08:00"
FENCE = re.compile(r"^```(?P<info>[^\n`]+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
SAMPLES = sorted([*(ROOT / "config").rglob("*.yaml"), *(STARTER / "config").rglob("*.yaml")])


def page_id(path: Path) -> str:
    return path.stem


@dataclass(frozen=True)
class Block:
    """A fenced block: the words of its first line, its text, and where it stands."""

    info: tuple[str, ...]
    text: str
    where: str

    @property
    def language(self) -> str:
        return self.info[0]

    def value(self, key: str) -> str:
        return next((word.partition("=")[2] for word in self.info if word.startswith(f"{key}=")), "")


def blocks(path: Path) -> list[Block]:
    text = path.read_text("utf-8")
    return [
        Block(tuple(found["info"].split()), found["text"], f"{path.name}:{text.count(chr(10), 0, found.start()) + 1}")
        for found in FENCE.finditer(text)
    ]


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# What is generated.


@pytest.mark.parametrize("path", PAGES, ids=page_id)
def test_generated_parts_are_current(path: Path) -> None:
    assert generator().generated(path) == path.read_text("utf-8"), "run `make docs`"


def test_schemas_are_current() -> None:
    committed = {path.name: path.read_text("utf-8") for path in (ROOT / "config/schemas").glob("*.json")}
    assert committed == dict(_schemas()), "run `make docs`"


def test_every_model_has_its_table() -> None:
    text = "\n".join(path.read_text("utf-8") for path in PAGES)
    assert [name for name in generator().models() if f"<!-- begin fields {name} -->" not in text] == []


def test_every_command_has_its_help() -> None:
    made = generator()
    page = (DOCS / "commands.md").read_text("utf-8")
    assert len(list(made.commands())) > 10
    for words in made.commands():
        assert f"# {' '.join(words)}\n" in page
        assert f"Usage: briefings {' '.join(words)} " in page


# Examples of keys.


def keys() -> Iterator[tuple[str, Any, list[Any], list[Any]]]:
    made = generator()
    for model in made.models().values():
        for name, field in model.model_fields.items():
            key = field.alias or name
            good, bad = made.examples(model, key, field)
            yield f"{model.__name__}.{key}", field, good, bad


KEYS = list(keys())


def as_text(value: Any) -> Any:
    """An example as the loader hands it over: all scalars text."""
    if isinstance(value, dict):
        return {key: as_text(each) for key, each in value.items()}
    return [as_text(each) for each in value] if isinstance(value, list) else str(value)


@pytest.mark.parametrize(("field", "good", "bad"), [key[1:] for key in KEYS], ids=[key[0] for key in KEYS])
def test_every_key_has_its_sentence_and_good_and_bad_examples(field: Any, good: list[Any], bad: list[Any]) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(field.rebuild_annotation())
    assert field.description
    assert good
    assert bad
    for value in good:
        adapter.validate_python(as_text(value))
    for value in bad:
        with pytest.raises(ValidationError):
            adapter.validate_python(as_text(value))


def test_more_examples_are_of_keys_that_lack_them() -> None:
    made = generator()
    for name, given in made.more_examples().items():
        model, _, key = name.partition(".")
        field = next(f for n, f in made.models()[model].model_fields.items() if (f.alias or n) == key)
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        assert not ("good" in given and field.examples), f"{name}: the model brings good examples"
        assert not ("bad" in given and extra.get("examples_bad")), f"{name}: the model brings bad examples"


# Sample files and their schemas.


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_sample_files_name_their_schema_and_fit_it(path: Path) -> None:
    kind = next(kind for kind in MODELS if kind in (path.stem, path.parent.name))
    text = path.read_text("utf-8")
    modeline = re.match(r"# yaml-language-server: \$schema=(\S+)\n", text)
    assert modeline
    config = STARTER / "config" if path.is_relative_to(STARTER) else ROOT / "config"
    assert (path.parent / modeline[1]).resolve() == config / "schemas" / f"{kind}.json"
    schema = json.loads((ROOT / "config/schemas" / f"{kind}.json").read_text("utf-8"))
    # As an editor reads YAML: numbers are numbers; days are made text again, which JSON has no other way to write.
    tree = json.loads(json.dumps(yaml.safe_load(text), default=str))
    assert [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(tree)] == []


def test_init_writes_the_schemas_that_its_files_name(tmp_path: Path) -> None:
    assert run(["init", str(tmp_path / "mine")]) == 0
    for path in (tmp_path / "mine/config").rglob("*.yaml"):
        named = path.read_text("utf-8").partition("$schema=")[2].partition("\n")[0]
        assert (path.parent / named).is_file()


# YAML in the manual.


def yaml_blocks() -> Iterator[tuple[Block, Block | None]]:
    """The YAML examples of all pages, each with the block below it; what the README puts into files is built there."""
    for path in PAGES:
        found = blocks(path)
        for number, block in enumerate(found):
            if block.language == "yaml" and not (block.value("file") or block.value("append")):
                yield block, found[number + 1] if number + 1 < len(found) else None


YAML = list(yaml_blocks())
LEAST: dict[str, Any] = {
    "theme": "example",
    "title": "Example",
    "places": {"each": "china"},
    "cadence": "monthly",
    "headline": [{"retail_sales": "level"}],
}


def whole(block: Block) -> str:
    """The text of the file that an example stands for."""
    if "part" not in block.info:
        return block.text
    written = re.findall(r"^(\w+):", block.text, re.MULTILINE)
    rest = {key: value for key, value in LEAST.items() if key not in written}
    return yaml.safe_dump(rest, allow_unicode=True) + block.text


def complaints(block: Block, folder: Path) -> list[str]:
    kind = block.info[1]
    text = whole(block)
    theme = re.search(r"^theme: (\w+)", text, re.MULTILINE)
    path = folder / "config" / (f"themes/{theme[1]}.yaml" if theme else f"{kind}.yaml")
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return [str(complaint) for complaint in read(path, MODELS[kind], root=folder).complaints]


@pytest.mark.parametrize(("block", "below"), YAML, ids=[block.where for block, _ in YAML])
def test_yaml_is_read_by_the_real_loader(block: Block, below: Block | None, tmp_path: Path) -> None:
    if "modeline" in block.info:
        assert (STARTER / "config/themes/tourism.yaml").read_text("utf-8").startswith(block.text)
        return
    if "lexicon" in block.info:
        assert len(grammar("en", yaml.safe_load(block.text)).constructions) > len(grammar("en").constructions)
        return
    found = complaints(block, tmp_path)
    if "broken" in block.info:
        assert below is not None
        assert "\n\n".join(found) == below.text.rstrip("\n")
    else:
        assert found == []


def test_the_theme_of_the_manual_is_the_one_that_init_brings() -> None:
    shown = next(block.text for block in blocks(DOCS / "themes.md") if block.info == ("yaml", "themes"))
    brought = (STARTER / "config/themes/tourism.yaml").read_text("utf-8")
    assert shown == re.sub(r"^#.*\n", "", brought, flags=re.MULTILINE)


# Words.


def sections(path: Path) -> dict[str, str]:
    """Heading of the second level -> the text below it."""
    parts = re.split(r"^## (.+)$", path.read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_measure_has_its_section_and_names_what_it_accepts() -> None:
    page = sections(DOCS / "measures.md")
    assert set(MEASURES) == set(MEASURE_WORDS)
    for word in MEASURE_WORDS:
        text = page[word]
        assert "Formula: " in text, word
        assert "Accepts " in text or "looked for" in text or "found by itself" in text, word
        assert "Refused" in text, word


def refused(page: dict[str, str], word: str) -> set[str]:
    """The reasons that a measure's section gives, those of `growth` where it says so, and those of all measures."""
    last = page[word].rpartition("Refused")[2]
    found = set(re.findall(r"`([a-z_]+)`", last)) & set(REASONS)
    if "as `growth`" in last:
        found |= refused(page, "growth")
    return found | set(re.findall(r"`([a-z_]+)`", page["Rules for all"].partition("Refused, whatever")[2]))


def test_refusals_are_documented_where_they_are_met() -> None:
    page = sections(DOCS / "measures.md")
    every = set[str]()
    for word in MEASURE_WORDS:
        given = refused(page, word)
        assert given <= set(REASONS), word
        every |= given
    assert every == set(REASONS)
    for case in cases(world()):
        if case.refused:
            assert case.refused[0] in refused(page, case.question.measure), case.name


def test_every_kind_of_finding_is_documented() -> None:
    page = sections(DOCS / "findings.md")["What is looked for"]
    rows = set(re.findall(r"^\| `(\w+)` \| ", page, re.MULTILINE))
    assert rows == set(WORDS)


def test_the_readme_names_every_module() -> None:
    text = (ROOT / "README.md").read_text("utf-8").partition("## How a figure travels")[2].partition("\n## ")[0]
    modules = {path.stem for path in (ROOT / "briefings").iterdir() if path.suffix == ".py" or path.is_dir()}
    named = set(re.findall(r"`(\w+)`", text))
    assert modules - {"__init__", "__main__", "__pycache__", "_builtin"} <= named


# Links and pictures.


@pytest.mark.parametrize("path", PAGES, ids=page_id)
def test_links_lead_somewhere(path: Path) -> None:
    slug = generator().slug
    for target in re.findall(r"\]\(([^)\s]+)\)", FENCE.sub("", path.read_text("utf-8"))):
        if target.startswith(("http:", "https:")):
            continue
        name, _, anchor = target.partition("#")
        found = (path.parent / name) if name else path
        assert found.is_file(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", found.read_text("utf-8"), re.MULTILINE)
            assert anchor in {slug(heading) for heading in headings}, target


def test_pictures_are_small() -> None:
    shown = re.findall(r"\]\((docs/pictures/[^)]+)\)", (ROOT / "README.md").read_text("utf-8"))
    assert len(shown) == 2
    assert all((ROOT / name).stat().st_size < 250_000 for name in shown)


# Commands.


class Shell:
    """Runs the commands of console blocks: `briefings`, `cd` and `echo $?`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.code = 0

    def run(self, command: str) -> str:
        words = shlex.split(command)
        if words == ["echo", "$?"]:
            return f"{self.code}\n"
        if words[0] == "cd":
            self.folder /= words[1]
            return ""
        assert words[0] == "briefings", command
        program = [sys.executable, "-c", "from briefings.cli import main; main()", "--now", NOW]
        done = subprocess.run(
            [*program, *words[1:]],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        self.code = done.returncode
        return done.stdout

    def follow(self, block: Block) -> None:
        """Run a block's commands and hold their output against what stands below them."""
        steps = re.split(r"^\$ (.+)$", block.text, flags=re.MULTILINE)[1:]
        commands, outputs = steps[::2], steps[1::2]
        for number, (command, output) in enumerate(zip(commands, outputs, strict=True)):
            told = self.run(command)
            assert matches(output.lstrip("\n"), told), f"{block.where}: $ {command}\n{told}"
            checked = number + 1 < len(commands) and commands[number + 1] == "echo $?"
            assert self.code == 0 or checked or command == "echo $?", f"{block.where}: $ {command}\n{told}"


def matches(expected: str, told: str) -> bool:
    """Whether an output is as expected; `...` stands for anything, also for several lines."""
    lines = [line.rstrip() for line in told.splitlines()]
    parts = [re.escape(part) for part in expected.rstrip("\n").split("...")]
    return re.fullmatch(".*?".join(parts), "\n".join(lines), re.DOTALL) is not None


@pytest.mark.slow
def test_the_project_of_the_readme_builds(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    for block in blocks(ROOT / "README.md"):
        if block.language == "console":
            shell.follow(block)
        elif name := block.value("file"):
            (shell.folder / name).write_text(block.text, encoding="utf-8")
        elif name := block.value("append"):
            with (shell.folder / name).open("a", encoding="utf-8") as file:
                file.write(block.text)
    editions = shell.folder / "data/editions/credit/riverton/2026-06"
    assert {path.parent.parent.name for path in editions.glob("*/r1/briefing.pdf")} == {"en", "zh"}


def test_the_theme_of_the_readme_is_short() -> None:
    (theme,) = (block.text for block in blocks(ROOT / "README.md") if block.value("file").endswith("credit.yaml"))
    assert len(theme.splitlines()) <= 20


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project that `init` makes, ingested and built."""
    folder = tmp_path_factory.mktemp("manual") / "mine"
    assert run(["init", str(folder)]) == 0
    for command in ("ingest", "build"):
        assert run(["--project", str(folder), "--now", NOW, command]) == 0
    return folder


WITH_COMMANDS = [path for path in PAGES if path.parent == DOCS and any(b.language == "console" for b in blocks(path))]


@pytest.mark.slow
@pytest.mark.parametrize("path", WITH_COMMANDS, ids=page_id)
def test_commands_of_the_manual_run(path: Path, built: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(built, folder)
    shell = Shell(folder)
    for block in blocks(path):
        if block.language == "console":
            shell.follow(block)
        elif name := block.value("file"):
            (shell.folder / name).write_text(block.text, encoding="utf-8")
