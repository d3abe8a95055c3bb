"""A rule, a remark, and the list of rules.

In: nothing. Out: `RULES`, by number, in the order in which the modules register them. The numbers are those of the
list of rules in docs/publication.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

from briefings.errors import LintError
from briefings.lint.finished import Finished

Severity = Literal["error", "warning"]
Check = Callable[[Finished], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Remark:
    """What a rule says of an edition. `rule` is its number; `says` tells where, what was found, what is asked."""

    rule: str
    severity: Severity
    says: str

    def __str__(self) -> str:
        return f"{self.rule} {self.says}"

    def plain(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of publication: its number, what it asks, how grave a breach is, and how it is decided."""

    number: str
    asks: str
    severity: Severity
    check: Check


#: Number -> rule.
RULES: dict[str, Rule] = {}


def rule(number: str, asks: str, severity: Severity = "error", *, language: str = "") -> Callable[[Check], Check]:
    """Enter a rule, of editions in one language where one is named. Raises `LintError` where its number is taken."""

    def enter(check: Check) -> Check:
        if number in RULES:
            raise LintError(f"rule {number} is entered twice")

        def in_its_language(built: Finished) -> Iterator[str]:
            return check(built) if built.language == language else iter(())

        RULES[number] = Rule(number, asks, severity, in_its_language if language else check)
        return check

    return enter
