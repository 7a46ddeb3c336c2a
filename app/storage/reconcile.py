"""Puts together what a workspace held, from a damaged database, a good copy and the history.

No clock takes part: a row replaces the copy's because it is later in the same history, where
changes follow one another by number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Self

import msgspec

from app.domain.records import KINDS, SCHEMA, Envelope
from app.domain.validation import defaults
from app.storage.rows import encode
from app.storage.salvage import Identity, Line, Salvage

Fate = Literal["older", "doubtful", "gone"]
_AS_IT_STANDS = ("operation", "setting", "cursor", "receipt", "annulled", "central_link")


@dataclass(frozen=True)
class Loss:
    """A record that is not certain to be as it last was.

    `older`: changes after the state found may be missing. `doubtful`: its `fields` do not agree
    with its history. `gone`: nothing of it is left here; its kind may be unknown ("").
    """

    fate: Fate
    kind: str = ""
    record_id: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class State:
    """A record's row as `Salvage` gives it, decoded, so that changes can be applied to it."""

    n: int
    kind: str
    commission_id: str | None
    schema: int
    revision: int
    deleted: bool
    fields: dict[str, Any]
    edits: int = 0
    base: dict[str, Any] | None = None
    base_deleted: int | None = None

    @classmethod
    def of(cls, line: Line) -> Self:
        """Decodes a row."""
        names = (each for each in cls.__dataclass_fields__ if each not in ("fields", "base"))
        base = None if line["base"] is None else msgspec.json.decode(line["base"])
        plain = {name: line[name] for name in names} | {"deleted": bool(line["deleted"])}
        return cls(**plain, fields=msgspec.json.decode(line["fields"]), base=base)

    def line(self, record_id: str) -> Line:
        """The row, marked as still to be indexed for the search."""
        names = {name: getattr(self, name) for name in self.__dataclass_fields__}
        base = None if self.base is None else encode(self.base)
        texts = {"fields": encode(self.fields), "base": base, "deleted": int(self.deleted)}
        return names | texts | {"id": record_id, "indexed": 0}

    def after(self, entry: Line) -> State:
        """The state after an entry of the history, with its edit counter and base.

        An entry without a device came from the central. One made here at a later revision shows
        that the central had acknowledged the state before it.
        """
        changes = msgspec.json.decode(entry["changes"])
        revision = max(self.revision, entry["revision"])
        done = replace(
            self.with_values({n: to for n, (_, to) in changes.items()}), revision=revision
        )
        if not entry["device"]:
            return replace(done, edits=0, base=None, base_deleted=None)
        if entry["created"]:
            return replace(done, edits=1)
        if self.edits and revision == self.revision:
            return replace(done, edits=self.edits + 1)
        return replace(done, edits=1, base=self.fields, base_deleted=int(self.deleted))

    @property
    def values(self) -> dict[str, Any]:
        """The fields, with `deleted` among them as in the history."""
        return self.fields | {"deleted": self.deleted}

    def with_values(self, values: Mapping[str, Any]) -> State:
        """This state with some values changed, `deleted` possibly among them."""
        fields = self.fields | {n: v for n, v in values.items() if n != "deleted"}
        return replace(self, fields=fields, deleted=bool(values.get("deleted", self.deleted)))


class Reconciliation:
    """The rows to write, by table, and what is lost; `mended` are entries to add to the history.

    `shipped` are the reference records by id, `copy` a good copy's rows, if there is one.
    `to_compare` tells that the central may know later states than some found here.
    """

    def __init__(
        self, damaged: Salvage, copy: Salvage | None, shipped: Mapping[str, Envelope]
    ) -> None:
        self._damaged = damaged
        self._there = copy.lines if copy else defaultdict(dict)
        self._copied = copy.records() if copy else {}
        self._shipped = shipped
        self.losses: list[Loss] = []
        self.mended: list[Line] = []
        self.to_compare = False
        self._history = self._join_history()
        self._lost = self._find_lost_changes()
        self._unsure = self._find_unsure()
        self._by_record: dict[str, list[Line]] = defaultdict(list)
        for change in sorted(self._history):
            self._by_record[self._history[change]["record_id"]].append(self._history[change])
        self.rows = {
            name: list((self._there[name] | damaged.lines[name]).values()) for name in _AS_IT_STANDS
        }
        self.rows["history"] = list(self._history.values())
        self.rows["record"] = self._join_records()
        if not damaged.lines["cursor"].keys() >= self._there["cursor"].keys():
            self.to_compare = True
        # A batch counts the edits of rows as they were: it only fits if these are the same rows.
        self.rows["outbox"] = [] if self.to_compare else list(damaged.lines["outbox"].values())

    @property
    def lost_changes(self) -> int:
        """How many entries of the history could not be read."""
        return len(self._lost)

    # The history

    def _join_history(self) -> dict[int, Line]:
        """The entries of both; the workspace's override the copy's: words may be erased in them."""
        return self._there["history"] | self._damaged.lines["history"]

    def _find_lost_changes(self) -> dict[int, str]:
        """The number of each change whose entry is lost, with its record ("" if unknown).

        Numbers up to the copy's last do not count: those missing there had been removed before.
        """
        owners = self._damaged.owners
        top = max(self._there["history"], default=0)
        said = self._damaged.last_change
        self.last_change = max(top, said or 0, *self._history, *owners)
        lost = [n for n in range(top + 1, self.last_change + 1) if n not in self._history]
        if said is None and self._damaged.faults:
            lost.append(self.last_change + 1)  # nothing tells where the history ended
        return {n: owners.get(n, "") for n in lost}

    def _find_unsure(self) -> set[str]:
        """The records whose last entry in the copy, of a burst of typing, may have been extended
        since, and is lost here.
        """
        last = {line["record_id"]: (n, line["burst"]) for n, line in self._there["history"].items()}
        here = self._damaged.lines["history"]
        return {record_id for record_id, (n, burst) in last.items() if burst and n not in here}

    def _is_later(self, entry: Line) -> bool:
        """Whether an entry tells of something that happened after the copy was made."""
        return bool(_at(self._there["history"].get(entry["change"])) != entry["at"])

    # The records

    def _join_records(self) -> list[Line]:
        rows = self._damaged.records()
        known = self._damaged.identities
        named = {one.record_id: (n, one) for n, one in known.items() if one.record_id}
        states: dict[str, State] = {}
        held = self._damaged.lines["record"]
        named = {record_id: pair for record_id, pair in named.items() if pair[0] not in held}
        for record_id in dict.fromkeys(
            (*rows, *self._copied, *named, *self._by_record, *self._shipped)
        ):
            n, identity = named.get(record_id, (0, Identity(record_id)))
            state = self._settled(record_id, rows.get(record_id), identity)
            if state is not None:
                states[record_id] = replace(state, n=n or state.n)
        self.losses += [
            Loss("gone", one.kind)
            for n, one in known.items()
            if not one.record_id and n not in self._damaged.lines["record"]
        ]
        self.mended = list(self._mendings(states))
        return [state.line(record_id) for record_id, state in _numbered(states).items()]

    def _mendings(self, states: dict[str, State]) -> Iterator[Line]:
        """The entries that bring the history in line with the states kept, where they differ."""
        change = self.last_change
        for record_id, state in states.items():
            told = _latest(self._by_record[record_id])
            differing = {
                n: [to, state.values[n]]
                for n, to in told.items()
                if n in state.values and state.values[n] != to
            }
            if differing:
                change += 1
                yield {
                    "change": change, "record_id": record_id, "kind": state.kind,
                    "revision": state.revision, "created": 0, "burst": None,
                    "changes": encode(differing),
                }  # fmt: skip

    def _settled(self, record_id: str, row: Line | None, identity: Identity) -> State | None:
        """The latest state of a record that can be established; a possible loss is noted."""
        entries = self._by_record[record_id]
        before = self._before(record_id, entries, identity)
        if record_id in self._copied:
            entries = [entry for entry in entries if self._is_later(entry)]
        expected = None if before is None else _after(before, entries)
        certain = record_id not in self._damaged.stray | self._damaged.rowless
        if row is not None and certain:
            state = self._with_its_base(State.of(row), expected)
            return self._checked(record_id, state, expected, entries)
        self.to_compare = True
        told = before is not None
        if row is not None:
            state = State.of(row)
            expected = expected or _after(state, entries)
            if record_id in self._damaged.rowless:  # only its fields are certain
                expected, told = replace(expected, n=state.n, fields=state.fields), True
        if expected is None:
            self.losses.append(Loss("gone", identity.kind, record_id))
        elif not (told and self._is_told_whole(record_id, expected)):
            self.losses.append(Loss("older", expected.kind, record_id, expected.fields))
        return expected

    def _with_its_base(self, state: State, expected: State | None) -> State:
        """A row with edits whose base is lost, with the base that the history gives, if it does."""
        if not (state.edits and state.revision and state.base is None):
            return state
        self.to_compare = True
        if expected is None or expected.revision != state.revision:
            return state
        return replace(state, base=expected.base, base_deleted=expected.base_deleted)

    def _is_told_whole(self, record_id: str, state: State) -> bool:
        """Whether no entry of the record's history is missing.

        A reference record in its shipped state counts as never changed.
        """
        shipped = self._shipped.get(record_id)
        if shipped is not None and shipped.fields == state.fields:
            return True
        return not {record_id, ""} & {*self._unsure, *self._lost.values()}

    def _before(self, record_id: str, entries: Sequence[Line], identity: Identity) -> State | None:
        """The state that the history starts from: the copy's, the shipped one, or the defaults of a
        record created here; None when unknown.
        """
        if record_id in self._copied:
            return State.of(self._copied[record_id])
        if record_id in self._shipped:
            envelope = self._shipped[record_id]
            return State(0, envelope.kind, None, envelope.schema, 0, False, envelope.fields)
        if not entries or not entries[0]["created"] or entries[0]["kind"] not in KINDS:
            return None
        kind = entries[0]["kind"]
        space = identity.commission_id or self._space(record_id, kind)
        return State(0, kind, space, SCHEMA, 0, False, defaults(kind))

    def _space(self, record_id: str, kind: str) -> str | None:
        """The space of a record known only by its history, when only one is possible."""
        if KINDS[kind].regional or kind == "commission":
            return record_id if kind == "commission" else None
        spaces = {one.commission_id for one in self._damaged.identities.values()} - {None}
        return spaces.pop() if len(spaces) == 1 else None

    def _checked(
        self, record_id: str, state: State, expected: State | None, entries: Sequence[Line]
    ) -> State:
        """A row checked against the copy and the history, if its bytes are not authenticated.

        A field that the history has not changed since the copy gets the copy's value. Where the row
        and the history differ, the row stands; so does a deleted row, which may have been erased.
        """
        if self._damaged.pages.authentic or expected is None or state.deleted:
            return state
        if not self._is_told_whole(record_id, expected):
            return state
        changed = {name for entry in entries for name in msgspec.json.decode(entry["changes"])}
        copied = record_id in self._copied
        held = (state.values.keys() if copied else changed) & expected.values.keys()
        differing = {name for name in held if state.values.get(name) != expected.values[name]}
        if differing & changed:
            self.losses.append(Loss("doubtful", state.kind, record_id, state.fields))
        if copied:
            state = replace(state, kind=expected.kind, commission_id=expected.commission_id)
        return state.with_values({name: expected.values[name] for name in differing - changed})


def _at(entry: Line | None) -> str:
    return entry["at"] if entry else ""


def _latest(entries: Iterable[Line]) -> dict[str, Any]:
    """The last value that history entries give to each field, `deleted` among them."""
    latest: dict[str, Any] = {}
    for entry in entries:
        changes = msgspec.json.decode(entry["changes"])
        latest |= {name: to for name, (_, to) in changes.items()}
    return latest


def _after(state: State, entries: Iterable[Line]) -> State:
    for entry in entries:
        state = state.after(entry)
    return state


def _numbered(states: dict[str, State]) -> dict[str, State]:
    """The states numbered anew in the order of their numbers, those without a number last."""
    ordered = dict(sorted(states.items(), key=lambda item: (item[1].n == 0, item[1].n)))
    last = 0
    for record_id, state in ordered.items():
        last = state.n if state.n > last else last + 1
        ordered[record_id] = replace(state, n=last)
    return ordered
