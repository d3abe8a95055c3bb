"""Editions in a folder: `<path>/<theme>/<place>/<period>/<language>/r<N>/`, here or by any URL that fsspec knows.

In: a delivery. Out: the files that the recipient asked for, and beside them `delivery.json`, which is the last to be
there: their checksums, and whether the edition is late, partial or a correction. How files are put is in `filesystem`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from briefings.deliver.content import Content, content
from briefings.deliver.filesystem import Place, place
from briefings.deliver.model import Delivery, Note, Receipt
from briefings.deliver.opening import Opening
from briefings.errors import DeliveryError
from briefings.faults import fault_point

ABOUT = "delivery.json"


class Folder:
    """The channel of kind folder."""

    kind = "folder"

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self.on_ambiguous = opening.channel.on_ambiguous
        self._place = open_place(opening)

    def freeze(self, delivery: Delivery) -> bytes:
        """What is to be put, by checksum; the files themselves never change in the archive."""
        told = content(delivery)
        names = told.files(self._opening.recipient(delivery.recipient).formats)
        return frozen({**about(told), "files": {name: _digest(told.read(name)) for name in names}})

    def send(self, delivery: Delivery, handing_over: Callable[[], None]) -> Receipt:
        try:
            files = self._files(delivery)
        except DeliveryError as error:
            return Receipt("refused", str(error))

        def before_rename() -> None:
            handing_over()
            fault_point("folder.before_rename")

        try:
            fault_point("folder.write")
            self._place.put_folder(delivery.edition, {**files, ABOUT: delivery.payload}, ABOUT, before_rename)
        except OSError as error:
            # Putting it there once more does no harm: the same files under the same names.
            return Receipt("failed", f"{self._place.shown(delivery.edition)}: {error.strerror or error}")
        fault_point("folder.after_rename")
        return Receipt("sent", reply=self._place.shown(delivery.edition))

    def _files(self, delivery: Delivery) -> dict[str, bytes]:
        """The files to put, which must be those that were frozen."""
        told = content(delivery)
        digests: dict[str, str] = json.loads(delivery.payload)["files"]
        files = {name: told.read(name) for name in digests}
        for name, digest in digests.items():
            if _digest(files[name]) != digest:
                raise DeliveryError(f"{name} of {delivery.edition} is another than was to be sent")
        return files

    def note(self, recipient: str, note: Note) -> Receipt:
        """A text in `notices/`."""
        return put_note(self._place, note)

    def close(self) -> None:
        """Nothing is kept open."""


def open_place(opening: Opening) -> Place:
    """The folder that a channel names, with its options."""
    options = {way[1]: secret.expose() for way, secret in opening.secrets.items() if way[0] == "options"}
    return place(opening.channel.path or "", opening.root, options)


def put_note(where: Place, note: Note) -> Receipt:
    """A text that is no edition, as a file."""
    name = f"notices/{note.key[:32]}.txt"
    try:
        where.put(name, f"{note.subject}\n{note.dated.isoformat()}\n\n{note.text}\n".encode())
    except OSError as error:
        return Receipt("failed", f"{where.shown(name)}: {error.strerror or error}")
    return Receipt("sent", reply=where.shown(name))


def about(told: Content) -> dict[str, Any]:
    """What a machine wants to know of a delivery."""
    delivery, key = told.delivery, told.edition.key
    return {
        "version": 1,
        "key": delivery.key,
        "edition": told.edition.id,
        "theme": key.theme,
        "place": key.place,
        "period": key.period,
        "language": key.language,
        "revision": told.edition.revision,
        "title": told.heading,
        "recipient": delivery.recipient,
        "dated": delivery.dated.isoformat(),
        "due": delivery.due.isoformat(),
        "late": delivery.late,
        "partial": list(delivery.partial),
        "corrects": delivery.corrects,
        "completes": told.follows == "completes",
    }


def frozen(told: dict[str, Any]) -> bytes:
    """A payload in JSON."""
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
