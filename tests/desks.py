"""A desk with everything behind it replaced but the ledger and the archive: for tests of the schedule.

`world(folder, schedule)` makes a project of one theme; `Press` files an edition of a few bytes for each task; `Inbox`
is a channel whose other side is a file that outlives the process. The clock is a list of one instant.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from briefings.archive import Archive, BuiltFrom, EditionKey
from briefings.briefing import Briefing
from briefings.deliver import Delivery, Note, Receipt
from briefings.ledger import open_ledger
from briefings.press import Built, Outcome, Task
from briefings.schedule import Desk
from briefings.settings import Settings, load
from briefings.workspace import Workspace

STARTER = Path(__file__).parent.parent / "templates" / "starter"
RECIPIENTS = """
channels:
  shelf: {kind: folder, path: data/shelf}
owner: desk
recipients:
  desk: {name: Desk, languages: [en, zh], by: shelf, receives: [{themes: tourism, places: all}]}
"""


def world(folder: Path, schedule: str, recipients: str = RECIPIENTS, zone: str = "Asia/Shanghai") -> Settings:
    """A project with one theme, due as `schedule` says."""
    if not (folder / "config").exists():
        shutil.copytree(STARTER, folder, dirs_exist_ok=True)
    theme = (STARTER / "config/themes/tourism.yaml").read_text("utf-8")
    (folder / "config/themes/tourism.yaml").write_text(theme + schedule, encoding="utf-8")
    (folder / "config/recipients.yaml").write_text(recipients, encoding="utf-8")
    project = (STARTER / "config/project.yaml").read_text("utf-8")
    lines = [line for line in project.splitlines() if not line.startswith("zone:")]
    (folder / "config/project.yaml").write_text("\n".join([*lines, f"zone: {zone}", ""]), encoding="utf-8")
    return load(Workspace.find(folder))


@dataclass
class Press:
    """Builds editions of a few bytes; `value` is the figure in them, `failing` why none can be made, `size` that of
    their PDF."""

    value: float = 1.0
    failing: str = ""
    size: int = 0
    tasks: list[Task] = field(default_factory=list)

    def __call__(self, settings: Settings, tasks: Sequence[Task], *, now: datetime, jobs: int) -> Iterator[list[Built]]:
        for task in tasks:
            self.tasks.append(task)
            told = (task.theme, task.place, task.period or "")
            if self.failing:
                yield [Built("failed", *told, "", reason=self.failing)]
                continue
            filed = [(language, *self._file(settings, task, language, now)) for language in task.languages]
            yield [Built(outcome, *told, language, edition=edition) for language, edition, outcome in filed]

    def _file(self, settings: Settings, task: Task, language: str, now: datetime) -> tuple[str, Outcome]:
        archive = Archive(settings.workspace.editions)
        key = EditionKey(task.theme, task.place, task.period or "", language)
        content = BuiltFrom("theme", "templates", "fonts", f"{task.period} {self.value} {task.partial}", "program")
        latest = archive.latest(key)
        if latest is not None and latest.content == content.content(language):
            return latest.id, "unchanged"
        figures = [{"id": "f1", "printed": [{"text": str(self.value), "where": "headline/1"}]}]
        files = {"briefing.pdf": b"%PDF" + bytes(self.size), "figures.json": json.dumps(figures).encode()}
        files |= {"briefing.json": briefing(key, {"f1": self.value}).to_json().encode()}
        files |= {"mail.txt": f"{key}\n".encode(), "mail.html": f"<p>{key}</p>".encode()}
        filed = archive.save(
            key,
            files,
            revision=archive.next_revision(key),
            built_from=content,
            as_of=None,
            built_at=now,
            facts={"title": "x", "pages": 1, "figures": 1, "held": 0, "partial": list(task.partial)},
        )
        return filed.id, "built"


def briefing(key: EditionKey, values: Mapping[str, float], **figures: Any) -> Briefing:
    """A briefing whose headline tells figures of one indicator, each with its value; `figures`: what else they are."""
    own = {"kind": "level", "indicator": "overnight_stays", "place": key.place, "period": key.period, "unit": "person"}
    told = {name: own | {"id": name, "value": value, "inputs": []} | figures for name, value in values.items()}
    finding = {"id": "f", "kind": "level", "figures": {name: name for name in values}}
    of = {"indicator": "overnight_stays", "place": key.place, "period": key.period}
    return Briefing.model_validate(
        {
            **{"theme": key.theme, "title": {"en": "x"}, "place": key.place, "period": key.period},
            **{"cadence": "monthly", "cut_off": "2026-11-12", "languages": [key.language], "summary": None},
            **{"headline": [finding | of], "sections": [], "notes": [], "figures": told, "sources": []},
            **{"names": {"indicators": {}, "places": {}}, "house": {"publisher": {"en": "x"}}},
        }
    )


@dataclass
class Inbox:
    """A channel into a file, one line a message. `script` holds the outcomes of the next tries; `sent` when empty."""

    path: Path
    script: list[Receipt] = field(default_factory=list)
    kind: str = "inbox"
    on_ambiguous: Literal["resend", "park"] = "resend"
    notes: list[Note] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)

    def freeze(self, delivery: Delivery) -> bytes:
        told = {
            "edition": delivery.edition,
            "late": delivery.late,
            "partial": delivery.partial,
            "to": delivery.recipient,
        }
        return json.dumps(told | {"dated": delivery.dated.isoformat(), "corrects": delivery.corrects}).encode()

    def send(self, delivery: Delivery, handing_over: Callable[[], None]) -> Receipt:
        self.deliveries.append(delivery)
        receipt = self.script.pop(0) if self.script else Receipt("sent", reply="250 OK")
        if receipt.outcome in ("sent", "ambiguous"):
            handing_over()
            with self.path.open("a", encoding="utf-8") as file:
                file.write(f"{delivery.key} {delivery.payload.decode()}\n")
        return receipt

    def note(self, recipient: str, note: Note) -> Receipt:
        self.notes.append(note)
        return Receipt("sent")

    def close(self) -> None:
        pass

    @property
    def arrived(self) -> list[dict[str, Any]]:
        """What lies in the inbox."""
        lines = self.path.read_text("utf-8").splitlines() if self.path.exists() else []
        return [{"key": line.partition(" ")[0], **json.loads(line.partition(" ")[2])} for line in lines]


@dataclass
class Stage:
    """A desk and what stands behind it; `now` is the clock."""

    settings: Settings
    now: datetime
    press: Press
    inbox: Inbox
    url: str | None = None
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ledger = open_ledger(self.settings.workspace.root / "data", self.url, archive_has_editions=False)
        self.desk = Desk(
            self.settings,
            self.ledger,
            clock=lambda: self.now,
            chance=random.Random(7),
            builder=self.press,
            opener=self._open,
            say=self.said.append,
        )

    def _open(self, settings: Settings, name: str, environ: Mapping[str, str]) -> Inbox:
        return self.inbox

    def tick(self, at: str = "", **later: float) -> dict[str, int]:
        """One tick, at an instant or so much later; what it counted."""
        self.now = datetime.fromisoformat(at) if at else self.now + timedelta(**later)
        self.messages = (told := self.desk.tick()).messages
        return dict(told.counts)

    def states(self) -> list[tuple[str, str, str]]:
        """Period, language and state of every row."""
        return [(row.period, row.language, row.state) for row in self.ledger.rows()]


def stage(
    folder: Path, schedule: str, start: str, *, recipients: str = RECIPIENTS, zone: str = "Asia/Shanghai"
) -> Stage:
    """A stage that begins at an instant."""
    settings = world(folder, schedule, recipients, zone)
    return Stage(settings, datetime.fromisoformat(start), Press(), Inbox(folder / "inbox.txt"))
