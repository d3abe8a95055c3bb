"""The rules of a good briefing that a program can decide, held against the finished files themselves.

In: the files of an edition, as they were built. Out: remarks, each with the number of its rule. Nothing here asks the
briefing, the phrase books or the templates: what a reader holds in his hands is what is judged. `finished` reads the
files, `paper` the PDF; each letter of the list of rules has a module. Whether the numbers are true is asked next door,
in `audit`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from briefings.lint.finished import Finished
from briefings.lint.model import RULES, Remark, Rule
from briefings.workers import Workers

from . import access, charts, furniture, layout, mail, marks, structure, tables, typography, wording  # noqa: F401 - each registers its rules

__all__ = ["RULES", "Finished", "Remark", "Rule", "lint", "run"]


def run(files: Mapping[str, bytes]) -> list[Remark]:
    """Every remark on an edition's files, in the order of the rules. Raises `LintError` for a file that is lacking or
    cannot be read."""
    built = Finished(files)
    return [Remark(rule.number, rule.severity, each) for rule in RULES.values() for each in rule.check(built)]


def lint(files: Mapping[str, bytes], workers: Workers) -> list[Remark]:
    """As `run`, in a worker: reading a PDF is left to a library in C."""
    told: list[dict[str, Any]] = workers.call("briefings.lint:work", {"files": dict(files)}, what="the finished files")
    return [Remark(**each) for each in told]


def work(payload: dict[str, Any]) -> list[dict[str, Any]]:
    """What a worker does."""
    return [each.plain() for each in run(payload["files"])]
