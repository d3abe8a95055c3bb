"""The generated parts of the manual, written between their markers.

In: the models of the configuration, the registry of measures, the commands, and `examples.yaml` (values right and wrong
for keys whose model brings none). Out: the same pages with every block between `<!-- begin ... -->` and `<!-- end -->`
written anew. `python docs/generate.py` writes; with `--check` it only says which pages are not current.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import click
import yaml
from pydantic.fields import FieldInfo

from briefings import errors
from briefings.cli.main import COMMANDS, cli
from briefings.compose.weight import WORDS
from briefings.configuration import Model
from briefings.measures import REASONS
from briefings.observations import COLUMNS, KEY
from briefings.quantities.table import ROWS
from briefings.settings import MODELS
from briefings.themes import MEASURE_WORDS, SPANS

DOCS = Path(__file__).parent
PAGES = sorted([*DOCS.glob("*.md"), DOCS.parent / "README.md"])
BLOCK = re.compile(r"(<!-- begin (?P<what>[^>]*?) -->\n).*?(<!-- end -->)", re.DOTALL)
#: Wide enough for every line of help, narrow enough for a page.
WIDTH = 96


def main() -> None:
    stale = [path for path in PAGES if generated(path) != path.read_text("utf-8")]
    if "--check" in sys.argv:
        for path in stale:
            print(f"{path.name} is not current; run `make docs`")
        raise SystemExit(1 if stale else 0)
    for path in stale:
        path.write_text(generated(path), encoding="utf-8")
        print(f"wrote {path.name}")


def generated(path: Path) -> str:
    """The text of a page with every block written anew."""
    return BLOCK.sub(lambda found: found[1] + block(found["what"]).rstrip() + "\n" + found[3], path.read_text("utf-8"))


def block(what: str) -> str:
    """The text of a block: `fields Theme`, `help data list`, `reasons` ..."""
    name, _, rest = what.partition(" ")
    return BLOCKS[name](*([rest] if rest else []))


# -- tables of fields --------------------------------------------------------------------------------------------------


def models() -> dict[str, type[Model]]:
    """Every model of the configuration, by name, in the order in which the files mention them."""
    found: dict[str, type[Model]] = {}

    def walk(model: type[Model]) -> None:
        if model.__name__ not in found:
            found[model.__name__] = model
            model.model_rebuild()
            for field in model.model_fields.values():
                for each in parts(field.annotation):
                    walk(each)

    for model in MODELS.values():
        walk(model)
    return found


def parts(annotation: Any) -> Iterator[type[Model]]:
    """The models that an annotation speaks of."""
    if isinstance(annotation, type) and issubclass(annotation, Model):
        yield annotation
    for each in get_args(annotation):
        yield from parts(each)


def fields(name: str) -> str:
    """The table of a model's keys."""
    model = models()[name]
    schema = model.model_json_schema(by_alias=True)
    node = schema
    if "properties" not in node:
        node = next(each for each in node.get("anyOf", [{}]) if "properties" in each)
    rows = ["| key | what it says | type | default | good | bad |", "|---|---|---|---|---|---|"]
    for field_name, field in model.model_fields.items():
        key = field.alias or field_name
        good, bad = examples(model, key, field)
        columns = (
            f"`{key}`",
            sentence(field.description or ""),
            type_of(node["properties"][key]),
            default_of(field),
            written(good),
            written(bad),
        )
        rows.append(f"| {' | '.join(map(cell, columns))} |")
    if model.shorthand:
        rows += ["", f"In place of the mapping may stand {shorthand(model.shorthand)}."]
    return "\n".join(rows)


def examples(model: type[Model], key: str, field: FieldInfo) -> tuple[list[Any], list[Any]]:
    """Values that are right and values that are wrong: those of the model, else those of `examples.yaml`."""
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    own = more_examples().get(f"{model.__name__}.{key}", {})
    bad: Any = extra.get("examples_bad")
    return list(field.examples or own.get("good", [])), list(bad or own.get("bad", []))


def more_examples() -> Mapping[str, Mapping[str, list[Any]]]:
    found: Mapping[str, Mapping[str, list[Any]]] = yaml.load(
        (DOCS / "examples.yaml").read_text("utf-8"), Loader=yaml.BaseLoader
    )
    return found


def cell(text: str) -> str:
    """A text in a cell of a table."""
    return text.replace("|", "\\|")


def sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def default_of(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, Model):
        return "as below" if type(value).__name__ != "WhereStatus" else "`actual`"
    if value in (None, (), {}):
        return "—"
    return f"`{flow(list(value) if isinstance(value, tuple) else value)}`"


def written(values: list[Any]) -> str:
    """Examples as they are written in YAML."""
    return "<br>".join(f"`{flow(value)}`" for value in values) or "—"


def flow(value: Any) -> str:
    """A value as a person writes it on one line of YAML."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{flow(key)}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    plain = re.fullmatch(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`][^,\[\]{}#\n]*", text) and ": " not in text
    return text if plain else json.dumps(text, ensure_ascii=False)


def type_of(node: Mapping[str, Any]) -> str:
    """What may stand for a key, from its JSON Schema."""
    if "$ref" in node:
        return link(str(node["$ref"]).rpartition("/")[2])
    if "enum" in node or "const" in node:
        return "one of " + ", ".join(f"`{word}`" for word in node.get("enum", [node.get("const")]))
    if "anyOf" in node:
        return _one_of(list(node["anyOf"]))
    kind = node.get("type")
    if kind == "array":
        return f"list of {type_of(node['items'])}"
    if kind == "object":
        below = node.get("additionalProperties") or next(iter(node.get("patternProperties", {}).values()), {})
        return f"mapping to {type_of(below)}"
    return _scalar(node)


def _one_of(nodes: list[Mapping[str, Any]]) -> str:
    nodes = [node for node in nodes if node.get("type") != "null"]
    lists = [node for node in nodes if node.get("type") == "array"]
    if lists and len(nodes) == 2:
        return f"one or a list of: {type_of(lists[0]['items']).removeprefix('one of ')}"
    return " or ".join(dict.fromkeys(type_of(node) for node in nodes))


def _scalar(node: Mapping[str, Any]) -> str:
    if str(node.get("description", "")).startswith("a measure"):
        return "[measure](measures.md)"
    if node.get("pattern") == "^[a-z][a-z0-9_]*$":
        return "id"
    if "2025-Q3" in node.get("examples", ()):
        return "period"
    words = {"integer": "whole number", "number": "number", "boolean": "true or false"}
    word = "day" if node.get("format") == "date" else words.get(str(node.get("type")), "text")
    low, high = node.get("minimum"), node.get("maximum")
    bounds = f"{low} to {high}" if high is not None else f"at least {low}" if low is not None else ""
    return f"{word}, {bounds}" if bounds else word


def link(name: str) -> str:
    """A model's name as a link to the table of its keys."""
    if name == "Frequency":
        return "one of " + ", ".join(f"`{each}`" for each in _frequencies())
    for path in PAGES:
        text = path.read_text("utf-8")
        if (at := text.find(f"<!-- begin fields {name} -->")) >= 0:
            heading = re.findall(r"^#+ (.+)$", text[:at], re.MULTILINE)[-1]
            return f"[{name}]({path.name}#{slug(heading)})"
    raise LookupError(f"no page has the table of {name}: put `<!-- begin fields {name} -->` where it belongs")


def slug(heading: str) -> str:
    """The anchor that a heading gets."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _frequencies() -> list[str]:
    from briefings.periods import Frequency

    return [each.value for each in Frequency]


def shorthand(schema: Mapping[str, Any]) -> str:
    described = schema.get("description") or "a text"
    words = ", ".join(f"`{word}`" for word in schema.get("enum", ()))
    return f"{described}{f': one of {words}' if words else ''}"


# -- measures, reasons, units ------------------------------------------------------------------------------------------


def measures() -> str:
    """Every word for a measure, what may follow it, and how long its span may be."""
    rows = [
        f"| [{word}](#{slug(word)}) | {cell(f'`{word} {tail}`'.replace(' `', '`'))} |"
        for word, tail in MEASURE_WORDS.items()
    ]
    spans = "; ".join(f"{least} to {most} for `{word}`" for word, (least, most) in SPANS.items())
    return "\n".join(["| measure | as a theme writes it |", "|---|---|", *rows, "", f"N may be {spans}."])


def reasons() -> str:
    return "\n".join(
        [
            "| reason | what it means |",
            "|---|---|",
            *(f"| `{key}` | {sentence(text)} |" for key, text in REASONS.items()),
        ]
    )


def units() -> str:
    """The units by nature, each with other names that are read."""
    natures = {
        "count": "things counted",
        "amount": "amounts measured",
        "time": "durations",
        "size": "sizes, never added",
        "ratio": "parts of a whole, points, indices",
    }
    lines = ["| kind | units |", "|---|---|"]
    for nature, what in natures.items():
        codes = ", ".join(f"`{row.code}`" + (f" ({row.zh})" if row.zh else "") for row in ROWS if row.nature == nature)
        lines.append(f"| {what} | {codes} |")
    return "\n".join(lines)


def finding_kinds() -> str:
    """The kinds of findings by the word under which a theme orders them."""
    by_word: dict[str, list[str]] = {}
    for kind, word in WORDS.items():
        by_word.setdefault(word, []).append(kind)
    rows = [f"| `{word}` | {', '.join(f'`{kind}`' for kind in kinds)} |" for word, kinds in by_word.items()]
    return "\n".join(["| word in `page_one.order` | kinds of findings |", "|---|---|", *rows])


def columns() -> str:
    """The columns of an observation."""
    keys = set(KEY)
    rows = [f"| `{name}` | {kind} | {'yes' if name in keys else ''} |" for name, kind in COLUMNS.items()]
    return "\n".join(["| column | type | part of the key |", "|---|---|---|", *rows])


def error_tree() -> str:
    """The tree of exceptions, as it stands in the module's docstring."""
    text = inspect.getdoc(errors) or ""
    lines = [line[4:] for line in text.splitlines() if line.startswith("    ")]
    return "```text\n" + "\n".join(lines) + "\n```"


# -- commands ----------------------------------------------------------------------------------------------------------


def commands() -> Iterator[tuple[str, ...]]:
    """Every command, `data list` after `data`."""
    for name in COMMANDS:
        yield (name,)
        command = cli.get_command(click.Context(cli), name)
        if isinstance(command, click.Group):
            for below in command.list_commands(click.Context(command)):
                yield (name, below)


def help_of(words: str = "") -> str:
    """What `--help` says, set to a fixed width."""
    command: click.Command = cli
    context = click.Context(cli, info_name="briefings", terminal_width=WIDTH, **cli.context_settings)
    for word in words.split():
        below = command.get_command(context, word) if isinstance(command, click.Group) else None
        if below is None:
            raise LookupError(f"no command {words!r}")
        command = below
        context = click.Context(command, info_name=word, parent=context, terminal_width=WIDTH)
    return "```text\n" + command.get_help(context) + "\n```"


def all_help() -> str:
    """Every command with its help, a heading each."""
    told = []
    for words in commands():
        told.append(f"{'#' * (2 + len(words))} {' '.join(words)}\n\n{help_of(' '.join(words))}\n")
    return "\n".join(told)


BLOCKS: dict[str, Callable[..., str]] = {
    "fields": fields,
    "measures": measures,
    "reasons": reasons,
    "units": units,
    "findings": finding_kinds,
    "columns": columns,
    "errors": error_tree,
    "help": help_of,
    "commands": all_help,
}

if __name__ == "__main__":
    main()
