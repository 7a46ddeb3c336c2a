"""Records of every kind: the service that creates, changes, deletes, restores and lists them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from app.clock import IdMaker
from app.domain import validation
from app.domain.operation_words import operation_words
from app.domain.records import KINDS, LABELS, Commission, Envelope, Record, Ref
from app.domain.refusals import Refusal
from app.domain.titles import label_of
from app.errors import UserError
from app.services import deletion, guards
from app.services.changes import NEWER, Change, applied, coded_id, label_of_changes
from app.services.history import Entry, entries, state_at
from app.services.meeting_rules import settle
from app.services.translation import (
    absent,
    of_new,
    of_place,
    of_record,
    of_several,
    sentence,
    translated,
)
from app.storage.workspace import Workspace

if TYPE_CHECKING:
    from app.storage.unit_of_work import UnitOfWork


class Records:
    """Reads and writes records one intention at a time, each in one unit of work."""

    def __init__(self, workspace: Workspace, ids: IdMaker) -> None:
        self.workspace = workspace
        self.ids = ids

    # Reading

    def get(self, record_id: str) -> Record[Any]:
        """The live record; UserError when there is none, or it is of a newer kind."""
        with translated(self.workspace):
            return validation.typed(self.envelope(record_id))

    def envelope(self, record_id: str, *, deleted: bool = False) -> Envelope:
        """The whole record, a deleted one too when asked; UserError when there is none."""
        with self.workspace.snapshot() as records:
            return _found(records.envelope(record_id), record_id, deleted=deleted)

    def list(
        self, kind: str, /, commission_id: str | None = "*", **where: Any
    ) -> Sequence[Record[Any]]:
        """The live records of a kind whose fields equal those named, in the order of making.

        `commission_id` None: the region's; "*": every space's.
        """
        return [
            validation.typed(envelope)
            for envelope in self.envelopes(kind, commission_id, where.items())
        ]

    def envelopes(
        self,
        kind: str,
        commission_id: str | None = "*",
        where: Collection[tuple[str, Any]] = (),
    ) -> Sequence[Envelope]:
        """As `list`, but whole, where all of `where` holds; a reference uses the index of links."""
        with translated(self.workspace), self.workspace.snapshot() as records:
            definition = validation.known_kind(kind)
            names = definition.__struct_encode_fields__
            for name, _ in where:
                if name not in names:
                    raise UserError(
                        f"Le champ « {name} » n'existe pas pour le genre « {kind} » :"
                        f" choisissez parmi {', '.join(names)}."
                    )
            return [
                envelope
                for envelope in records.select(
                    kind, space=commission_id, pointing=_link(kind, where)
                )
                if all(matches(envelope.fields.get(name), wanted) for name, wanted in where)
            ]

    def history(self, record_id: str) -> Sequence[Entry]:
        """What happened to a record on this laptop, newest first."""
        with self.workspace.reading() as unit:
            return entries(unit, record_id)

    def held(self, record_id: str) -> set[str]:
        """The fields of a record that frozen minutes hold still."""
        with self.workspace.reading() as unit:
            return guards.held(unit, _found(unit.envelope(record_id), record_id))

    def sealed(self, record: Record[Any]) -> bool:
        """Whether a record is the GIP's alone to edit: of the region, once enrolled."""
        with self.workspace.reading() as unit:
            shared = record.commission_id is None
            return shared and guards.enrolled(unit) and not guards.is_gip(unit)

    def outlives(self, record: Record[Any]) -> bool:
        """Whether a record that the GIP deleted is kept alive by what was written here alone."""
        with self.workspace.reading() as unit:
            return guards.outlives(unit, record.id)

    # Writing

    def create(
        self, kind: str, fields: dict[str, Any], commission_id: str | None = "", label: str = ""
    ) -> Record[Any]:
        """Creates one record; UserError says what is wrong and where."""
        return validation.typed(self.put([Change(kind, fields, None, commission_id)], label)[0])

    def create_first_commission(self, fields: dict[str, Any]) -> Record[Commission]:
        """Creates the commission that a new workspace begins with, and that no undo takes away."""
        label = "Nouvelle commission"
        with translated(self.workspace), self.workspace.unit(label, undoable=False) as unit:
            (written,) = self._put(unit, [Change("commission", fields, None, None)], label)
        return validation.typed(written)

    def update(
        self,
        record_id: str,
        fields: dict[str, Any],
        label: str = "",
        *,
        over: Record[Any] | None = None,
    ) -> Record[Any]:
        """Changes the named fields of one record.

        `over` is the record as it was shown when they were typed (see `Change`).
        """
        shown = None if over is None else msgspec.to_builtins(over.fields)
        with translated(self.workspace), self.workspace.unit(label, undoable=True) as unit:
            kind = _found(unit.envelope(record_id), record_id).kind
            change = Change(kind, fields, record_id, over=shown)
            label = label or operation_words("Modification", change.kind)
            (written,) = self._put(unit, [change], label)
        return validation.typed(written)

    def put(
        self, changes: Iterable[Change], label: str = "", burst: str | None = None
    ) -> Sequence[Envelope]:
        """Creates and changes records, all or nothing; gives them in the order given.

        References are checked at the end of the list. UserError names record, field and fault.
        Calls of one `burst` make one history entry of a record.
        """
        changes = list(changes)
        with translated(self.workspace), self.workspace.unit(label, undoable=True) as unit:
            return self._put(unit, changes, label, burst)

    def _put(
        self, unit: UnitOfWork, changes: Sequence[Change], label: str, burst: str | None = None
    ) -> Sequence[Envelope]:
        unit.label = label or label_of_changes(unit, changes)
        written = []
        for place, change in enumerate(changes, 1):
            with of_place(place, change.record_id is None and len(changes) > 1):
                written.append(self.write(unit, change, burst))
        pairs = list(zip(written, changes, strict=True))
        made = {
            one.id: place for place, (one, change) in enumerate(pairs, 1) if not change.record_id
        }
        with of_new(made, len(pairs)):
            guards.check_written(unit, [one.id for one in written])
            settle(self.workspace, unit, {one.id: change.fields for one, change in pairs})
        unit.commit()
        return [unit.latest.get(one.id, one) for one in written]

    def write(self, unit: UnitOfWork, change: Change, burst: str | None = None) -> Envelope:
        """Writes one change inside a unit of work; the caller checks references at its end."""
        if change.record_id is not None and not validation.is_id(change.record_id):
            refusal = Refusal(
                f"« {change.record_id[:60]} » n'est pas un identifiant (un UUID en minuscules).",
                field="id",
            )
            refusal.what = LABELS.get(change.kind, change.kind)
            raise refusal
        with of_record(LABELS.get(change.kind, change.kind), change.record_id or ""):
            record_id = change.record_id or coded_id(unit, change.kind, change.fields) or self.ids()
            before = unit.stored(record_id)
            former = before.envelope if before else None
            after = applied(unit, change, record_id, former)
            guards.check_change(unit, former, after)
            unit.save(after, burst=burst, before=before)
        return after

    def delete(self, record_id: str, *, cascade: bool = False, label: str = "") -> Sequence[str]:
        """Deletes a record, keeping a tombstone; gives the ids deleted, the record's own first.

        UserError names the live records that refer to it; `cascade` takes along those it owns.
        """
        return self.delete_all([record_id], cascade=cascade, label=label)

    def delete_all(
        self,
        record_ids: Sequence[str],
        *,
        cascade: bool = False,
        label: str = "",
        parting: Iterable[Change] = (),
    ) -> Sequence[str]:
        """Deletes records of one kind as `delete` does, all or nothing, to be undone together.

        `parting` are changes made first, so that others no longer refer to them.
        """
        if not record_ids:
            return []
        with translated(self.workspace), self.workspace.unit(label, undoable=True) as unit:
            chosen = [_found(unit.envelope(one), one) for one in record_ids]
            unit.label = label or operation_words("Suppression", *(one.kind for one in chosen))
            for change in parting:
                self.write(unit, change)
            with of_several(unit, len(chosen)):
                doomed = deletion.doomed(unit, chosen, cascade=cascade)
                for envelope in doomed:
                    after = msgspec.structs.replace(envelope, deleted=True)
                    with of_record(label_of(envelope.kind), envelope.id):
                        guards.check_change(unit, envelope, after)
                        unit.save(after)
                settle(self.workspace, unit)
            unit.commit()
        return [envelope.id for envelope in doomed]

    def restore(self, record_id: str, at: str | None = None) -> Envelope:
        """Brings back a state as an ordinary new change.

        `at` is a change number or an instant: the state right after it. Without it a deleted
        record comes back, and a live one goes back to before its last change. A state that was
        deleted is refused as `delete` refuses.
        """
        with translated(self.workspace), self.workspace.unit(undoable=True) as unit:
            found = _found(unit.envelope(record_id), record_id, deleted=True)
            if found.kind not in KINDS and not found.deleted:
                raise Refusal(NEWER, field="kind", record_id=record_id)
            unit.label = operation_words("Rétablissement", found.kind)
            state = state_at(unit, found, at)
            with of_record(label_of(state.kind), record_id):
                if state.deleted and not found.deleted:
                    deletion.doomed(unit, [found], cascade=False)
                guards.check_change(unit, found, state)
                unit.save(state)
            guards.check_written(unit, [record_id])
            settle(self.workspace, unit)
            settled = _found(unit.envelope(record_id), record_id, deleted=True)
            unit.commit()
        return settled

    def restore_field(self, record_id: str, change: int, field: str) -> Record[Any]:
        """Gives one field the value it had before a change of the history, as a new change."""
        found = [one for one in self.history(record_id) if one.change == change]
        if not found or field not in found[0].changes:
            raise UserError(f"Cette modification n'a pas touché le champ « {field} ».")
        label = operation_words("Rétablissement", self.envelope(record_id).kind)
        return self.update(record_id, {field: found[0].changes[field][0]}, label)


def check(kind: str, fields: dict[str, Any]) -> None:
    """UserError when a new record cannot hold these fields, before there is a workspace for it."""
    try:
        with of_record(LABELS.get(kind, kind), ""):
            validation.complete(kind, fields)
    except Refusal as refusal:
        raise UserError(sentence(refusal)) from refusal


def _found(found: Envelope | None, record_id: str, *, deleted: bool = False) -> Envelope:
    if found is None or (found.deleted and not deleted):
        raise absent(found, record_id)
    return found


def matches(value: Any, wanted: Any) -> bool:
    """Whether a field has the wanted value; a list matches when it contains it."""
    if isinstance(value, list) and not isinstance(wanted, list):
        return any(matches(one, wanted) for one in value)
    return isinstance(value, bool) == isinstance(wanted, bool) and bool(value == wanted)


def _link(kind: str, where: Collection[tuple[str, Any]]) -> tuple[str, str] | None:
    """The first wanted value that the index of links can find."""
    linked = {
        path[0]
        for path, mark in validation.leaves(kind)
        if isinstance(mark, Ref) and len(path) <= 2
    }
    for name, wanted in where:
        if name in linked and isinstance(wanted, str):
            return name, wanted
    return None
