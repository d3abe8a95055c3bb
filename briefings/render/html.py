"""Fill templates with contexts.

In: plain contexts and the folders of templates, the project's own first. Out: texts. Templates are filled in a worker:
autoescaped, sandboxed, and with every undefined name an error; one that never ends meets the worker's deadline.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
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


def _fill(environment: Environment, template: str, context: dict[str, Any]) -> str:
    try:
        return environment.get_template(template).render(context)
    except TemplateSyntaxError as error:
        raise RenderError(f"template {error.name or template}, line {error.lineno}: {error.message}") from error
    except (TemplateError, TypeError, ValueError, KeyError, OverflowError, RecursionError) as error:
        file, line = _place(error, template)
        message = error.message if isinstance(error, TemplateError) and error.message else f"{error}"
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
