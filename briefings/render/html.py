"""Fill templates with contexts, and tell what they speak of.

In: plain contexts and the folders of templates, the project's own first. Out: texts. Templates are filled in a worker:
autoescaped, sandboxed, and with every undefined name an error; one that never ends meets the worker's deadline.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from briefings.errors import RenderError


def fill(payload: dict[str, Any]) -> dict[str, str]:
    """Fill templates. `payload`: `folders` (texts of paths) and `pages`: name of the result -> (template, context).

    Raises `RenderError` with template and line.
    """
    environment = _environment(tuple(payload["folders"]))
    return {name: _fill(environment, template, context) for name, (template, context) in payload["pages"].items()}


@lru_cache(maxsize=8)
def _environment(folders: tuple[str, ...]) -> Environment:
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@dataclass(frozen=True, slots=True)
class NamesUsed:
    """What a template speaks of. free: names that its context must have; every: those, and the attributes and words
    that it asks for; lines: where each name first stands; macros: that it defines; templates: that it includes or
    imports."""

    free: frozenset[str]
    every: frozenset[str]
    lines: Mapping[str, int]
    macros: frozenset[str]
    templates: tuple[str, ...]


def names_used(folders: Sequence[Path], template: str) -> NamesUsed:
    """What a template speaks of, without filling it. Raises `RenderError` where it cannot be read."""
    from jinja2 import meta, nodes

    environment = _environment(tuple(str(folder) for folder in folders))
    try:
        if environment.loader is None:
            raise RenderError(f"no folder holds the template {template}")
        source, _, _ = environment.loader.get_source(environment, template)
        tree = environment.parse(source, name=template)
    except TemplateSyntaxError as error:
        raise RenderError(f"template {template}, line {error.lineno}: {error.message}") from error
    except (TemplateError, UnicodeDecodeError) as error:
        raise RenderError(f"template {template} cannot be read: {error}") from error
    free = frozenset(meta.find_undeclared_variables(tree)) - frozenset(environment.globals)
    attributes = {each.attr for each in tree.find_all(nodes.Getattr)}
    lines: dict[str, int] = {}
    for each in tree.find_all(nodes.Name):
        lines[each.name] = min(each.lineno, lines.get(each.name, each.lineno))
    return NamesUsed(
        free=free,
        every=free | {*attributes, *(each.name for each in tree.find_all(nodes.Name))},
        lines=lines,
        macros=frozenset(each.name for each in tree.find_all(nodes.Macro)),
        templates=tuple(name for name in meta.find_referenced_templates(tree) if name),
    )


def _fill(environment: Environment, template: str, context: dict[str, Any]) -> str:
    try:
        return environment.get_template(template).render(context)
    except TemplateSyntaxError as error:
        raise RenderError(f"template {error.name or template}, line {error.lineno}: {error.message}") from error
    except (TemplateError, TypeError, ValueError, KeyError, OverflowError, RecursionError) as error:
        file, line = _place(error, template)
        message = error.message if isinstance(error, TemplateError) and error.message else f"{error}"
        if isinstance(error, UndefinedError) and message.endswith("is undefined"):
            message += "; `briefings doctor` lists what may stand there"
        raise RenderError(f"template {file}, line {line}: {message}") from error


def _place(error: BaseException, template: str) -> tuple[str, int]:
    """Template and line in which an error arose: the innermost frame that is a template's."""
    found = template, 0
    trace = error.__traceback__
    while trace is not None:
        filename = trace.tb_frame.f_code.co_filename
        if "__jinja_template__" in trace.tb_frame.f_globals or filename.endswith((".html", ".txt")):
            found = Path(filename).name, trace.tb_lineno
        trace = trace.tb_next
    return found
