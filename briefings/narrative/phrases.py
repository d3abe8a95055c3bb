"""The phrase book of a language: data from `templates/phrases/*.yaml`, checked as it is loaded.

In: the plain dict of one YAML file. Out: a `PhraseBook` whose every kind, variant, note and fixed word is there and
whose every slot is known, or one `ConfigurationError` with all that is wrong. How slots are filled is
decided in `telling`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, cast

from briefings.errors import ConfigurationError
from briefings.narrative import vocabulary
from briefings.narrative.kinds import (
    BASIS_FORMS,
    CLAUSES,
    ENTRY_FORMS,
    KINDS,
    LISTS,
    MEMBERS,
    NUMBER_FORMS,
    PERIOD_FORMS,
    Kind,
)
from briefings.narrative.templates import Template
from briefings.periods import Language

Words = Mapping[str, Any]
#: The three ways in which a figure moves: an amount grows, a price and a rate rise. An absolute change may have words
#: of its own: so many were added, taken away.
MANNERS = {"amount", "price", "rate"}
#: Manners that a word may have besides: of an absolute change, of things grown fewer, of a time.
FURTHER = {"absolute", "fewer", "time"}


@dataclass(frozen=True)
class PhraseBook:
    """All phrases of one language. `findings` and `titles` are keyed by kind and variant; `entries` by kind; `clauses`
    of accounts by clause, and within by whether they follow (`more`) or begin a sentence of their own (`then`)."""

    language: Language
    findings: Mapping[str, Mapping[str, tuple[Template, ...]]]
    titles: Mapping[str, Mapping[str, tuple[Template, ...]]]
    entries: Mapping[str, Template]
    clauses: Mapping[str, Mapping[str, tuple[Template, ...]]]
    captions: Mapping[str, Mapping[str, Template]]
    changes: Mapping[str, Template]
    notes: Mapping[str, Mapping[str, Template]]
    words: Words
    subject: Mapping[str, str]
    entities: Mapping[str, str]
    punctuation: Mapping[str, str]
    basis: Words
    own: Words
    nouns: Words
    status: Mapping[str, str]
    qualifiers: Mapping[str, str]
    roles: Mapping[str, str]
    absent: Mapping[str, str]
    ranking: Mapping[str, str]
    measures: Mapping[str, str]
    heads: Mapping[str, str]
    furniture: Mapping[str, str]

    @classmethod
    def load(cls, tree: Mapping[str, Any]) -> PhraseBook:
        """Check the tree of a phrase book and read its phrases. Raises `ConfigurationError` with every mistake."""
        return _Reader(tree).book()


class _Reader:
    """Reads one tree, keeping complaints until all of it was seen."""

    def __init__(self, tree: Mapping[str, Any]) -> None:
        self.tree = tree
        self.language = str(tree.get("language", "?"))
        self.complaints: list[str] = []
        words = tree.get("words")
        tables = words.values() if isinstance(words, dict) else ()
        self.words = {word for table in tables if isinstance(table, dict) for word in table}

    def book(self) -> PhraseBook:
        if self.language not in vocabulary.LANGUAGES:
            self.complain("language", f"{self.language!r} is not one of {', '.join(vocabulary.LANGUAGES)}")
        self.keys(self.tree, vocabulary.PARTS, "")
        findings, entries = self.findings("findings", with_entries=True)
        titles, _ = self.findings("titles", with_entries=False)
        account = KINDS["account"]
        clauses = {
            name: {use: tuple(self.several(found, f"clauses.{name}.{use}", account)) for use, found in group}
            for name, group in self.groups("clauses", dict.fromkeys(CLAUSES, ("more", "then")))
        }
        captions = {
            part: {key: self.template(text, f"captions.{part}.{key}", vocabulary.CAPTION_SLOTS) for key, text in group}
            for part, group in self.groups("captions", vocabulary.CAPTIONS)
        }
        notes = {
            kind: {key: self.template(text, f"notes.{kind}.{key}", vocabulary.NOTE_SLOTS) for key, text in group}
            for kind, group in self.groups("notes", vocabulary.NOTES)
        }
        self.keys(self.part("changes"), vocabulary.CHANGES, "changes")
        changes = {
            key: self.template(text, f"changes.{key}", vocabulary.CHANGE_SLOTS)
            for key, text in self.part("changes").items()
        }
        fixed = {part: self.fixed(part) for part in vocabulary.FIXED}
        for part in ("words", "basis", "own", "nouns"):
            self.keys(self.part(part), vocabulary.TABLES[part], part)
        self.check_words()
        if self.complaints:
            raise ConfigurationError([f"phrases/{self.language}.yaml: {complaint}" for complaint in self.complaints])
        return PhraseBook(
            language=cast(Language, self.language),
            findings=findings,
            titles=titles,
            entries=entries,
            clauses=clauses,
            captions=captions,
            changes=changes,
            notes=notes,
            words=self.part("words"),
            basis=self.part("basis"),
            own=self.part("own"),
            nouns=self.part("nouns"),
            **cast(dict[str, Any], fixed),
        )

    def check_words(self) -> None:
        """A word is a text, or one for each manner of moving, for each value of its fact; no slot has its name."""
        slots = frozenset(slot for kind in KINDS.values() for slot in kind.slots)
        for fact, table in self.part("words").items():
            for word, entry in table.items() if isinstance(table, dict) else ():
                where = f"words.{fact}"
                if word in slots:
                    self.complain(where, f"{word!r} is the name of a slot; give the word another")
                values = [entry] if fact == "manner" else list(entry.values()) if isinstance(entry, dict) else [None]
                for value in values:
                    if not isinstance(value, str) and not (isinstance(value, dict) and set(value) - FURTHER == MANNERS):
                        self.complain(
                            f"{where}.{word}", f"{value!r} is no word, nor one each for {', '.join(sorted(MANNERS))}"
                        )

    def complain(self, where: str, message: str) -> None:
        self.complaints.append(f"{where}: {message}" if where else message)

    def part(self, key: str) -> Mapping[str, Any]:
        found = self.tree.get(key)
        return found if isinstance(found, dict) else {}

    def keys(self, found: Mapping[str, Any], allowed: Iterable[str], where: str, *, more: bool = False) -> None:
        """Complain of keys that are not allowed, and of those that are lacking; `more` lets others stand."""
        allowed = tuple(allowed)
        for key in found:
            if key not in allowed and not more:
                near = get_close_matches(str(key), allowed, 1)
                hint = f". Did you mean {near[0]!r}?" if near else f"; allowed are: {', '.join(allowed)}"
                self.complain(where, f"{key!r} is not known{hint}")
        for key in allowed:
            if key not in found:
                self.complain(where, f"{key!r} is lacking; every book has it")

    def groups(self, part: str, wanted: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, Iterable[tuple[str, Any]]]]:
        """The groups of a two-level part, each with its items, both levels checked."""
        self.keys(self.part(part), wanted, part)
        for name, keys in wanted.items():
            group = self.part(part).get(name)
            group = group if isinstance(group, dict) else {}
            self.keys(group, keys, f"{part}.{name}")
            yield name, group.items()

    def fixed(self, part: str) -> Mapping[str, str]:
        found = self.part(part)
        allowed, more = vocabulary.FIXED[part]
        self.keys(found, allowed, part, more=more)
        for key, text in found.items():
            if not isinstance(text, str):
                self.complain(f"{part}.{key}", f"{text!r} is no text")
        return found

    def findings(
        self, part: str, *, with_entries: bool
    ) -> tuple[dict[str, dict[str, tuple[Template, ...]]], dict[str, Template]]:
        """The phrases of every kind and variant, and the phrases for the members of lists."""
        self.keys(self.part(part), KINDS, part)
        phrases: dict[str, dict[str, tuple[Template, ...]]] = {}
        entries: dict[str, Template] = {}
        for name, kind in KINDS.items():
            found = self.part(part).get(name)
            found = dict(found) if isinstance(found, dict) else {}
            if kind.entry and with_entries:
                slots = frozenset((*kind.entry, "entity"))
                entries[name] = self.template(found.pop("entry", ""), f"{part}.{name}.entry", slots)
            self.keys(found, kind.variants, f"{part}.{name}")
            phrases[name] = {
                variant: tuple(self.several(found.get(variant), f"{part}.{name}.{variant}", kind))
                for variant in kind.variants
                if variant in found
            }
        return phrases, entries

    def several(self, found: object, where: str, kind: Kind) -> Iterator[Template]:
        if not isinstance(found, list) or not found:
            self.complain(where, "is no list of phrases; give at least one, each beginning with `- `")
            return
        if len(set(map(str, found))) < len(found):
            self.complain(where, "says the same phrase twice")
        for number, text in enumerate(found):
            yield self.template(text, f"{where}[{number}]", kind.slots, kind)

    def template(self, text: object, where: str, slots: frozenset[str], kind: Kind | None = None) -> Template:
        if not isinstance(text, str) or not text:
            self.complain(where, f"{text!r} is no phrase")
            return Template("")
        template = Template(text)
        try:
            found = list(template.slots)
        except ValueError as error:
            self.complain(where, f"{error}: {text!r}")
            return Template("")
        for slot in found:
            if slot.name not in slots and slot.name not in self.words:
                near = get_close_matches(slot.name, sorted(slots | self.words), 1)
                hint = f". Did you mean {{{near[0]}}}?" if near else f"; it may be one of: {', '.join(sorted(slots))}"
                self.complain(where, f"{slot} is not known here{hint}")
            elif slot.form not in _forms(slot.name, kind):
                allowed = ", ".join(sorted(form for form in _forms(slot.name, kind) if form))
                self.complain(where, f"{slot} has no form {slot.form!r}; allowed are: {allowed or 'none'}")
        if "when" in template.needed:
            self.complain(where, "{when} is left unsaid where it is understood; write [ {when}], or {period:in}")
        return template


def _forms(slot: str, kind: Kind | None) -> frozenset[str]:
    """The forms in which a slot may be wanted. In an entry, a caption or a note (no kind) numbers have all forms."""
    if slot in ("basis", "on_year", "on_previous", "yearly", "monthly"):
        return BASIS_FORMS
    if slot in ("period", "until") or (kind is not None and slot in kind.periods) or slot in vocabulary.PERIOD_SLOTS:
        return PERIOD_FORMS
    if kind is None:
        return NUMBER_FORMS if slot in vocabulary.NUMBERS else frozenset({""})
    if slot in (*LISTS, *MEMBERS):
        return ENTRY_FORMS
    numbers = slot in kind.roles or slot.partition("_")[0] in MEMBERS
    return NUMBER_FORMS if numbers else frozenset({""})
