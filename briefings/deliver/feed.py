"""Feeds: Atom (RFC 4287) by theme and by place, in each language, made of one file an edition.

In: a delivery. Out: `entries/*.json`, one an edition and language, and from them the feeds
`themes/<theme>.<language>.xml`, `places/<place>.<language>.xml` and `all/all.<language>.xml`. Feeds are made again from
whatever entries there are, so that writing the same entry twice changes nothing; `index.json` spares reading them all,
and is made again where it is gone or lacks some. Editions lie beside, in `editions/`,
unless the channel's `link` says where else they are.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

from briefings.deliver.content import FILES, content
from briefings.deliver.folder import about, frozen, open_place, put_note
from briefings.deliver.model import Delivery, Note, Receipt
from briefings.deliver.opening import Opening
from briefings.errors import DeliveryError
from briefings.faults import fault_point

ATOM = "http://www.w3.org/2005/Atom"
#: Entries of a feed, the newest first.
MOST_ENTRIES = 100
#: What is kept of each entry beside it: in which feeds it stands, and where in them.
INDEX, INDEXED = "index.json", ("theme", "place", "language", "dated", "id")
#: How often feeds are made again where entries changed under the hand.
TRIES = 5
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Feed:
    """The channel of kind feed."""

    kind = "feed"

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self.on_ambiguous = opening.channel.on_ambiguous
        self._place = open_place(opening)

    def freeze(self, delivery: Delivery) -> bytes:
        """The entry, in JSON. Its id is that of theme, place, period and language: a correction takes its place."""
        told = content(delivery)
        key = told.edition.key
        link = self._opening.channel.link
        base = f"{link.rstrip('/')}/" if link else "../editions/"
        publisher = self._opening.project.publisher.either(delivery.language)
        named = "/".join((link or publisher, key.theme, key.place, key.period, key.language))
        files = told.files(self._opening.recipient(delivery.recipient).formats)
        return frozen(
            {
                **about(told),
                "id": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, named)}",
                "subject": told.subject,
                "summary": told.summary,
                "findings": [*told.remarks, *told.findings],
                "publisher": publisher,
                "theme_title": str(told.edition.manifest.get("title", key.theme)),
                "links": [[name, f"{base}{quote(told.edition.id)}/{name}", len(told.read(name))] for name in files],
            }
        )

    def send(self, delivery: Delivery, handing_over: Callable[[], None]) -> Receipt:
        entry = json.loads(delivery.payload)
        name = f"entries/{_slug(entry)}.json"
        try:
            with self._place.held():
                fault_point("feed.write")
                self._put_files(delivery, entry)
                handing_over()
                fault_point("feed.before_entry")
                self._place.put(name, _since(self._place.read(name), entry))
                fault_point("feed.after_entry")
                self._remake(name.removeprefix("entries/"))
        except DeliveryError as error:
            return Receipt("refused", str(error))
        except OSError as error:
            return Receipt("failed", f"{self._place.shown(name)}: {error.strerror or error}")
        return Receipt("sent", reply=self._place.shown(name))

    def note(self, recipient: str, note: Note) -> Receipt:
        """A text in `notices/`; no feed names it."""
        return put_note(self._place, note)

    def close(self) -> None:
        """Nothing is kept open."""

    def _put_files(self, delivery: Delivery, entry: dict[str, Any]) -> None:
        """The edition's files beside the feeds, where no link leads elsewhere."""
        if self._opening.channel.link is None:
            told = content(delivery)
            for name, _, _ in entry["links"]:
                self._place.put(f"editions/{entry['edition']}/{name}", told.read(name))

    def _remake(self, name: str) -> None:
        """Make the feeds in which an entry stands; once more where another process entered something meanwhile."""
        index, stale, known = self._index(), {name}, [""]
        for _ in range(TRIES):
            names = self._place.names("entries")
            if names == known:
                return
            known = names
            stale |= set(names) - set(index)
            for each in stale:
                index[each] = {key: value for key, value in self._entry(each).items() if key in INDEXED}
            index = {each: told for each, told in sorted(index.items()) if each in names}
            for path in sorted({path for each in stale & set(index) for path in _paths(index[each])}):
                entries = [self._entry(each) for each in _newest(index, path)]
                self._place.put(f"{path}.xml", atom(path, entries, self._opening.channel.link))
            self._place.put(INDEX, frozen(index))  # last: what a process that was killed left out is made good
            stale = set()

    def _index(self) -> dict[str, dict[str, Any]]:
        """Of every entry in which feeds it stands, and where; what is lacking is read from the entry itself."""
        try:
            told = json.loads(self._place.read(INDEX) or b"{}")
        except ValueError:
            return {}
        entries = told.items() if isinstance(told, dict) else ()
        return {name: entry for name, entry in entries if isinstance(entry, dict) and set(entry) == set(INDEXED)}

    def _entry(self, name: str) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self._place.read(f"entries/{name}") or b"{}")
        return told


def _slug(entry: dict[str, Any]) -> str:
    """The name of an entry's file: one for all revisions of an edition."""
    parts = (entry["theme"], entry["place"], entry["period"], entry["language"])
    return "-".join(quote(str(part), safe="").replace("%", "_") for part in parts)


def _since(there: bytes | None, entry: dict[str, Any]) -> bytes:
    """The entry, published when its first revision was. An older revision does not take the place of a newer one."""
    known = json.loads(there) if there else {}
    if known.get("revision", 0) > entry["revision"]:
        return there or b""
    return frozen({**entry, "published": known.get("published", entry["dated"])})


def _paths(entry: dict[str, Any]) -> tuple[str, ...]:
    """The feeds in which an entry stands, without their ending."""
    language = entry["language"]
    return f"themes/{entry['theme']}.{language}", f"places/{entry['place']}.{language}", f"all/all.{language}"


def _newest(index: dict[str, dict[str, Any]], path: str) -> list[str]:
    """The entries of a feed, the newest first."""
    found = [name for name, entry in index.items() if path in _paths(entry)]
    found.sort(key=lambda name: (index[name]["dated"], index[name]["id"]), reverse=True)
    return found[:MOST_ENTRIES]


def atom(path: str, entries: list[dict[str, Any]], link: str | None) -> bytes:
    """A feed. `entries` are the newest first, and at least one."""
    newest = entries[0]
    kind, _, name = path.rpartition(".")[0].partition("/")
    title = {"themes": newest["theme_title"], "places": name}.get(kind, newest["publisher"])
    feed = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": newest["language"]})
    _add(feed, "id", f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, '/'.join((link or newest['publisher'], path)))}")
    _add(feed, "title", f"{newest['publisher']}: {title}" if kind != "all" else title)
    _add(feed, "updated", newest["dated"])
    _add(_add(feed, "author"), "name", newest["publisher"])
    _add(feed, "generator", "briefings")
    for entry in entries:
        _entry(feed, entry)
    ElementTree.indent(feed)
    text = ElementTree.tostring(feed, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def _entry(feed: ElementTree.Element, told: dict[str, Any]) -> None:
    entry = _add(feed, "entry")
    _add(entry, "id", told["id"])
    _add(entry, "title", told["subject"])
    _add(entry, "published", told["published"])
    _add(entry, "updated", told["dated"])
    for scheme in ("theme", "place"):
        _add(entry, "category", term=told[scheme], scheme=f"urn:briefings:{scheme}")
    types = dict(FILES.values())
    for name, where, size in told["links"]:
        relation = "alternate" if name == FILES["html"][0] else "enclosure"
        _add(entry, "link", rel=relation, type=types[name], href=where, length=str(size), hreflang=told["language"])
    _add(entry, "summary", told["summary"] or told["title"])
    _add(entry, "content", "\n".join(told["findings"]) or told["summary"] or told["title"], type="text")


def _add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
    """An element, without the characters that XML cannot hold."""
    child = ElementTree.SubElement(parent, name, {key: _NO_XML.sub("", value) for key, value in attributes.items()})
    child.text = _NO_XML.sub("", text) or None
    return child
