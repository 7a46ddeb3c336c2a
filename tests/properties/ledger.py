"""What people did in an evening, read from the histories of their laptops: words and editors.

Each edit writes a word of its own. A word may only vanish because somebody who saw it replaced it,
deleted its record, decided a conflict against it, or erased the person that it names; and a unit
that one laptop alone wrote never conflicts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import func, select

from app.domain.ownership import owner_id
from app.domain.records import KINDS, Envelope
from app.storage import sync_state
from app.storage.rows import Stored
from app.storage.tables import history
from app.storage.unit_of_work import UnitOfWork
from app.sync.merge import DELETED
from tests.properties.region import Device

_WHOLE = "whole"
"""What is written by bringing a record back: all of it, for a deletion hides what it held."""

_WORD = re.compile(r"mot\d+x")


def words_in(value: Any) -> set[str]:
    """The words of this evening in anything that can be written as JSON."""
    return set(_WORD.findall(msgspec.json.encode(value).decode()))


class Ledger:
    """Who wrote which word, which were dropped on purpose, who changed which unit."""

    def __init__(self, devices: list[Device]) -> None:
        self.written: dict[str, Device] = {}
        self.dropped: set[str] = set()
        self.erased: set[str] = set()  # the names of persons when they were erased
        self.named_since: set[str] = set()  # those of them that somebody wrote all the same
        self._erased_persons: set[str] = set()
        self._erased_on: dict[str, set[str]] = defaultdict(set)  # the names, by laptop
        self._identities: dict[str, set[str]] = defaultdict(set)  # by person
        self._editors: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._read = {device.folder.name: _last_change(device) for device in devices}
        self._count = 0

    def new_word(self) -> str:
        """A word that nobody wrote before."""
        self._count += 1
        return f"mot{self._count}x"

    def note(self, device: Device, *, on_purpose: bool) -> None:
        """Reads what was changed on a laptop since the last time, on purpose or by a sync."""
        name = device.folder.name
        query = select(history).where(history.c.change > self._read[name])
        with device.services.workspace.reading() as unit:
            rows = unit.connection.execute(query.order_by(history.c.change)).all()
            for row in rows:
                self._read[name] = row.change
                if not row.device:
                    continue  # it came from elsewhere
                changes = msgspec.json.decode(row.changes)
                self.named_since |= words_in([new for _, new in changes.values()]) & self.erased
                if changes.get(DELETED) == [True, False]:
                    self.named_since |= self._named_unheard(unit, row.record_id)
                self._note_editor(row, changes, name)
                if row.kind == "person":
                    said = words_in([new for _, new in changes.values()])
                    self._identities[row.record_id] |= said
                for owner in _owners(unit, row.record_id):
                    self._editors[owner, DELETED].add(name)  # it is written on
                if on_purpose:
                    gone = changes.get(DELETED) == [False, True]
                    stored = unit.stored(row.record_id) if gone else None
                    self._note_words(device, changes, stored)

    def _named_unheard(self, unit: UnitOfWork, record_id: str) -> set[str]:
        """The names that a record brings back where their erasure was not heard of yet."""
        stored = unit.stored(record_id)
        said = words_in(stored.envelope.fields) if stored else set()
        here = [one.fields for gone in (False, True) for one in unit.select("person", deleted=gone)]
        return said & self.erased & words_in(here)

    def erase(self, person: Envelope, one: Device, others: list[Device]) -> None:
        """Counts a person as erased; what the others still have to send may name them again."""
        names = words_in(person.fields)
        self.erased |= names
        self._erased_on[one.folder.name] |= names
        self._erased_persons.add(person.id)
        for device in others:
            with device.services.workspace.reading() as unit:
                edited = sync_state.edited_among(unit, sync_state.edited_ids(unit))
            self.named_since |= words_in([stored.envelope.fields for stored in edited]) & names

    @property
    def taken_away(self) -> set[str]:
        """All that ever told who an erased person was; another laptop may have written it."""
        return set().union(*(self._identities[one] for one in self._erased_persons))

    def go_back(self, device: Device, known: set[str]) -> None:
        """Counts what a laptop wrote since the copy that it is now as dropped, unless `known`.

        An erasure that nobody heard of is lost for what the copy did not hold yet.
        """
        self.named_since |= self._erased_on[device.folder.name] & known
        self._read[device.folder.name] = _last_change(device)
        since = {word for word, who in self.written.items() if who is device}
        self.dropped |= since - history_words(device) - known

    def _note_editor(self, row: Any, changes: dict[str, Any], name: str) -> None:
        if changes.get(DELETED) == [True, False]:
            self._editors[row.record_id, _WHOLE].add(name)
        units = KINDS[row.kind].units if row.kind in KINDS else {}
        for changed, sides in changes.items():
            unit = next((one for one, names in units.items() if changed in names), changed)
            self._editors[row.record_id, unit].add(name)
            if changed == "notes":
                for place in _lines_changed(*sides):
                    self._editors[row.record_id, f"notes {place}"].add(name)

    def _note_words(self, device: Device, changes: dict[str, Any], deleted: Stored | None) -> None:
        before = words_in([sides[0] for sides in changes.values()])
        after = words_in([sides[1] for sides in changes.values()])
        for word in after - self.written.keys():
            self.written[word] = device
        self.dropped |= before - after
        if deleted is not None:
            self.dropped |= words_in(deleted.envelope.fields)

    def may_conflict(self, record_id: str, unit: str) -> bool:
        """Whether two laptops wrote the same thing: a unit, or a paragraph of notes."""
        if unit == DELETED:
            names = [who for (one, _), who in self._editors.items() if one == record_id]
            return len(set().union(*names)) > 1
        whole = self._editors[record_id, _WHOLE]
        if unit == "notes":
            places = [
                who for (one, what), who in self._editors.items()
                if one == record_id and what.startswith("notes ")
            ]  # fmt: skip
            return any(len(who | whole) > 1 for who in places)
        return len(self._editors[record_id, unit] | whole) > 1


def _owners(unit: UnitOfWork, record_id: str) -> Iterator[str]:
    """The records that own one, step by step."""
    stored = unit.stored(record_id)
    while stored is not None and (above := owner_id(stored.envelope)) is not None:
        yield above
        stored = unit.stored(above)


def _lines_changed(before: str | None, after: str | None) -> list[int]:
    """The places that differ; all of them for an erasure, which leaves no trace of what it was."""
    sides = [(side or "").split("\n") for side in (before, after)]
    if before == after or len(sides[0]) != len(sides[1]):
        return list(range(max(map(len, sides))))
    return [n for n, (one, other) in enumerate(zip(*sides, strict=True)) if one != other]


def _last_change(device: Device) -> int:
    with device.services.workspace.reading() as unit:
        return int(unit.connection.execute(select(func.max(history.c.change))).scalar() or 0)


def history_words(device: Device) -> set[str]:
    """Every word that the history of a laptop holds."""
    with device.services.workspace.reading() as unit:
        texts = unit.connection.execute(select(history.c.changes)).scalars().all()
    return set(_WORD.findall("".join(texts)))
