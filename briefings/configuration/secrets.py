"""Secrets, by reference alone: a YAML file says where a secret is kept, never the secret.

Comes in: `{env: NAME}` or `{file: PATH}`. Goes out: `Secret`, and, when a channel is opened, `Revealed`, which shows
itself as `***` in every repr, message and log. A secret that stands in the file in clear is a mistake, and the
complaint does not show its line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, final

from pydantic import AfterValidator, model_validator

from .models import Model, Text, about
from .wording import ConcealedError

MASK: Final = "***"
LARGEST: Final = 10_000
"""Characters of a secret at most: whoever names a larger file named the wrong one."""


def _variable(value: str) -> str:
    if not re.fullmatch(r"[A-Z][A-Z0-9_]*", value):
        raise ConcealedError("no name of an environment variable stands here; write capital letters, digits and _")
    return value


@final
class Revealed:
    """A secret in hand. It is shown by `expose()` alone, at the very call that needs it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def expose(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return MASK

    __str__ = __repr__

    def __reduce__(self) -> Any:
        raise TypeError("a secret is not written anywhere")


class Secret(Model):
    """Where a secret is kept."""

    env: Annotated[
        Annotated[str, AfterValidator(_variable)] | None,
        about("the environment variable that holds it", examples=["SMTP_PASSWORD"], bad=["hunter2"]),
    ] = None
    file: Annotated[
        Text | None,
        about("the file that holds it, relative to the project", examples=["/run/secrets/smtp_password"], bad=[""]),
    ] = None

    @model_validator(mode="before")
    @classmethod
    def _by_reference(cls, value: Any) -> Any:
        if isinstance(value, Mapping) and len(value) == 1 and set(value) <= {"env", "file"}:
            return value
        if isinstance(value, cls):
            return value
        raise ConcealedError("a secret never stands in a file of the project; write {env: NAME} or {file: PATH}")

    def reveal(self, environ: Mapping[str, str], root: Path) -> Revealed:
        """The secret. Raises `LookupError` that says what is lacking where it is not there, or empty."""
        value = environ.get(self.env, "") if self.env is not None else self._from_file(root)
        if not value:
            raise LookupError(f"the environment variable {self.env} is not set; set it to the secret")
        return Revealed(value)

    def _from_file(self, root: Path) -> str:
        path = root / (self.file or "")
        try:
            value = path.read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            told = error.strerror if isinstance(error, OSError) else "no text in UTF-8"
            raise LookupError(f"the file {self.file} cannot be read ({told}); put the secret there") from None
        if not value or len(value) > LARGEST or not value.isprintable():
            raise LookupError(f"the file {self.file} holds no secret on one line; put it there")
        return value


def masked(text: str, secrets: tuple[Revealed, ...]) -> str:
    """A text in which no secret can be read."""
    for secret in secrets:
        text = text.replace(secret.expose(), MASK)
    return text
