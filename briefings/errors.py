"""The tree of exceptions: what can go wrong, the world's failures apart from the request's.

    BriefingsError
    ├── RequestError              the request or the configuration is wrong; nothing was done
    │   └── ConfigurationError    mistakes in YAML files, all of them, each with file, line and column
    ├── PeriodError               a text that is no period
    │   └── AmbiguousPeriodError       a text that could be several periods
    ├── QuantityError             a text that is no quantity
    │   └── UnitError             a unit that is not known, or cannot be converted
    ├── ObservationError          rows that are no observations
    ├── SourceError               a source cannot be read, or is not what it is declared to be
    ├── StoreError                the store cannot be read or written
    ├── CorrectionError           a correction that is of nothing, or whose source was repaired
    ├── CompositionError          nothing to compose a briefing from
    ├── HouseError                a logo or a font that cannot be used
    ├── WorkerError               a child process died, ran out of memory or out of time
    ├── RenderError               a page, a chart or a PDF could not be made as it must be
    ├── AuditError                the finished text says something that the facts do not
    ├── LintError                 a finished file that cannot be held against the rules of publication
    ├── ArchiveError              an edition cannot be saved, found or trusted
    ├── LedgerError               the ledger of deliveries cannot be read, written or trusted
    ├── ScheduleError             a day or a period that a calendar cannot tell
    └── DeliveryError             an edition cannot be made into what a channel sends

Every message says what was found, what is allowed and what to do; of an error that is none of these, `reason_of` says
what a person can make of it. Only `cli` turns exceptions into exit codes:
`RequestError` is 2, everything else 1.
"""

from __future__ import annotations

from pathlib import Path


class BriefingsError(Exception):
    """The root: whatever this program raises on purpose."""


class RequestError(BriefingsError):
    """The request itself is wrong; nothing was done (exit code 2)."""


class ConfigurationError(RequestError):
    """Mistakes in configuration files. `complaints` holds one finished message for each."""

    def __init__(self, complaints: list[str]) -> None:
        self.complaints = complaints
        super().__init__("\n\n".join(complaints))


class PeriodError(BriefingsError, ValueError):
    """A text that is no period."""


class AmbiguousPeriodError(PeriodError):
    """A text that could be several periods; the message says how to settle it."""


class QuantityError(BriefingsError, ValueError):
    """A text that is no quantity."""


class UnitError(QuantityError):
    """A unit that is not known, or that cannot be converted into another."""


class ObservationError(BriefingsError):
    """Rows that are no observations. `problems` holds one message for each."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class SourceError(BriefingsError):
    """A source cannot be read, or is not what it is declared to be; the other sources go on."""


class StoreError(BriefingsError):
    """The store cannot be read or written."""


class CorrectionError(BriefingsError):
    """A correction matches no observation, or its source does not tell what it is expected to tell."""


class CompositionError(BriefingsError):
    """There is nothing to compose a briefing from; no empty edition is made."""


class HouseError(BriefingsError):
    """A logo or a font of a project that cannot be used; `settings` files the message at its line."""


class WorkerError(BriefingsError):
    """A child process died, ran out of memory or out of time, twice."""


class RenderError(BriefingsError):
    """A page, a chart or a PDF could not be made as it must be."""


class AuditError(BriefingsError):
    """The finished text says something that the facts do not."""


class LintError(BriefingsError):
    """A finished file is lacking or cannot be read, so that the rules of publication cannot be held against it."""


class ArchiveError(BriefingsError):
    """An edition cannot be saved, found or trusted."""


class LedgerError(BriefingsError):
    """The ledger of deliveries cannot be read, written or trusted; nothing is sent on a guess."""


class ScheduleError(BriefingsError):
    """A day or a period that a calendar cannot tell."""


class DeliveryError(BriefingsError):
    """An edition cannot be made into what a channel sends; trying again would not help."""


def reason_of(error: Exception) -> str:
    """What a person is told of an error: its message; of one that nobody foresaw, its kind and where it arose. Its
    traceback goes to the log of this package, at debug."""
    if isinstance(error, BriefingsError):
        return str(error)
    import logging
    import traceback

    kind = f"{type(error).__name__}: {error}"
    logging.getLogger("briefings").debug(kind, exc_info=error)
    where = traceback.extract_tb(error.__traceback__)[-1:]
    arose = "".join(
        f"\nIt arose in {Path(at.filename).name}, line {at.lineno}, {at.name}; please report it." for at in where
    )
    return f"an error that this program did not foresee: {kind}{arose}"
