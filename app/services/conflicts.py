"""Conflicts left by a sync: those still open, and how the user decides them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

import msgspec

from app.domain.dates import instant
from app.domain.files import OF_A_FILE, named_by
from app.domain.membership import check_rows
from app.domain.records import SCHEMA, Envelope, FeeRow
from app.domain.refusals import Refusal
from app.domain.titles import label_of
from app.domain.validation import is_id, readable
from app.errors import Absent, UserError
from app.services import deletion, guards
from app.services.changes import NEWER, Change
from app.services.meeting_rules import settle
from app.services.records import Records
from app.services.translation import of_record, translated
from app.services.typed_over import joins
from app.storage import blobs
from app.storage.meeting_ties import frozen_minutes, meeting_of
from app.storage.rows import Stored
from app.storage.unit_of_work import UnitOfWork
from app.sync.conflicts import Keep, decided, resolved, settle_deletions
from app.sync.frozen import Afterwords
from app.sync.merge import DELETED, unit_fields
from app.sync.outcome import Outcome
from app.sync.owners import with_owners

EDITED = "edited"
"""What a conflict says was kept when the user wrote a third version."""


class Conflicts:
    """Reads and decides the conflicts of a workspace."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def open(self) -> Sequence[Envelope]:
        """The conflicts that wait for a decision here: those of one record together, oldest first.

        Their ids are made of hashes, which tell no order.
        """
        found = self._records.envelopes("conflict", where=[("status", "open")])
        with self._records.workspace.reading() as unit:
            found = [one for one in found if guards.may_decide(unit, one)]
        since: dict[str, float] = {}
        for one in found:
            record_id, at = _of_whom(one), _first_written(one)
            since[record_id] = min(at, since.get(record_id, at))
        return sorted(found, key=lambda one: (since[_of_whom(one)], _of_whom(one), one.id))

    def resolve(self, conflict_id: str, keep: str, value: Any = None) -> Envelope:
        """Decides a conflict: `mine`, `theirs` or `both`, or a `value` of the unit (`edited`).

        The other conflicts about the same file are decided with it; of fields that frozen minutes
        hold, a draft addendum takes the words that they lack. Gives the decided conflict; UserError
        when it is not open or the decision cannot stand.
        """
        workspace = self._records.workspace
        with translated(workspace), workspace.unit("Conflit résolu", undoable=True) as unit:
            conflict = _open_one(unit, conflict_id)
            with of_record(label_of("conflict"), conflict_id):
                kept = value if keep == EDITED else decided(conflict.fields, _known(keep))
                self._decide(unit, conflict, keep, kept)
                for one in _of_the_same_file(unit, conflict) if keep != EDITED else ():
                    self._decide(unit, one, keep, decided(one.fields, _known(keep)))
            settle(workspace, unit)
            unit.commit()
        return resolved(conflict, keep)

    def _decide(self, unit: UnitOfWork, conflict: Envelope, keep: str, kept: Any) -> None:
        self._apply(unit, conflict, kept)
        unit.save(resolved(conflict, keep))

    def _apply(self, unit: UnitOfWork, conflict: Envelope, kept: Any) -> None:
        stored = unit.stored(conflict.fields["record_id"])
        if stored is None:
            return
        record = stored.envelope
        if conflict.fields["unit"] == DELETED:
            self._keep_or_delete(unit, stored, gone=bool(kept))
            return
        if record.deleted:
            return  # the words stay in the conflict and in the history
        sides = [conflict.fields[side]["value"] for side in ("mine", "theirs")]
        if all(_is_gone(unit, value) for value in sides) or _is_mended(record, conflict, sides):
            return  # neither can stand: the record stays as it is
        changed = unit_fields(record.kind, conflict.fields["unit"], kept)
        changed = _not_frozen(unit, record, changed)
        if record.kind == "attachment":
            size = blobs.size(unit, named_by(record.kind, changed))
            changed |= {} if size is None else {"size": size}
        over = _gone_on_from(record, conflict)
        change = Change(record.kind, changed, record.id, record.commission_id, over=over)
        self._records.write(unit, change)
        guards.check_written(unit, [record.id])

    def _keep_or_delete(self, unit: UnitOfWork, stored: Stored, *, gone: bool) -> None:
        record = stored.envelope
        if record.deleted and gone:
            return
        states = deletion.doomed(unit, [record], cascade=True) if gone else _lacking(unit, stored)
        for one in states:
            after = msgspec.structs.replace(one, deleted=gone)
            with of_record(label_of(one.kind), one.id):
                guards.check_change(unit, one, after)
                unit.save(after)
        if gone:
            settle_deletions(unit, [one.id for one in states])
        else:
            guards.check_written(unit, [record.id])


def _of_whom(conflict: Envelope) -> str:
    return readable(conflict)["record_id"] or ""


def _first_written(conflict: Envelope) -> float:
    """When the older of the two versions was written, as a timestamp; 0 where none is dated."""
    sides = (readable(conflict)[side]["at"] for side in ("mine", "theirs"))
    return min((instant(at).timestamp() for at in sides if at), default=0)


def _gone_on_from(record: Envelope, conflict: Envelope) -> dict[str, Any] | None:
    """`theirs`, by its field, when somebody has gone on writing in the record since."""
    fields, name = conflict.fields, conflict.fields["unit"]
    known = (fields["base"], fields["mine"]["value"], fields["theirs"]["value"])
    gone_on = joins(name, known[-1]) and record.fields.get(name) not in known
    return {name: known[-1]} if gone_on else None


def _is_gone(unit: UnitOfWork, value: Any) -> bool:
    """Whether a version is the id of a record that was deleted since."""
    stored = unit.stored(value) if isinstance(value, str) and is_id(value) else None
    return stored is not None and stored.envelope.deleted


def _is_mended(record: Envelope, conflict: Envelope, sides: Sequence[Any]) -> bool:
    """Whether a scale was corrected since, of which both versions gave two fees for one number of
    inhabitants.
    """
    if (record.kind, conflict.fields["unit"]) != ("fee_scale", "rows"):
        return False
    return all(map(_has_twice, sides)) and not _has_twice(record.fields["rows"])


def _has_twice(rows: Any) -> bool:
    try:
        check_rows(msgspec.convert(rows, tuple[FeeRow, ...]))
    except Refusal:
        return True
    return False


def _not_frozen(unit: UnitOfWork, record: Envelope, changed: dict[str, Any]) -> dict[str, Any]:
    """The part of a change that frozen minutes allow; an addendum takes the words of the rest."""
    held = changed.keys() & guards.held(unit, record)
    minutes = frozen_minutes(unit, meeting_of(unit, record)) if held else None
    if minutes is None:
        return changed
    why = "Départagé après le gel du procès-verbal."
    afterwords = Afterwords(unit, Outcome(), why, anew=True)
    afterwords.note(minutes.id, record, record.fields, record.fields | changed)
    afterwords.write()
    return {name: value for name, value in changed.items() if name not in held}


def _of_the_same_file(unit: UnitOfWork, conflict: Envelope) -> list[Envelope]:
    """The other open conflicts that the same merge left about the file of an attachment."""
    about = ("base_revision", "status")
    if conflict.fields["record_kind"] != "attachment" or conflict.fields["unit"] not in OF_A_FILE:
        return []
    return [
        one
        for _, one in unit.pointing_to(conflict.fields["record_id"])
        if one.kind == "conflict"
        and one.fields["unit"] in OF_A_FILE
        and all(one.fields[name] == conflict.fields[name] for name in about)
    ]


def _lacking(unit: UnitOfWork, stored: Stored) -> list[Envelope]:
    """The deleted ones among a record and its owners, the outermost owner first."""
    found = [one.envelope for one in with_owners(unit, stored) if one.envelope.deleted]
    return found[::-1]


def _open_one(unit: UnitOfWork, conflict_id: str) -> Envelope:
    conflict = unit.get(conflict_id)
    if conflict is None or conflict.kind != "conflict":
        raise Absent(
            f"Aucun conflit n'a l'identifiant « {conflict_id} » : voyez « commissions conflicts »."
        )
    if conflict.schema > SCHEMA:
        raise Refusal(NEWER)
    if conflict.fields["status"] != "open":
        raise UserError(
            "Ce conflit est déjà résolu, rien n'a été modifié : un autre texte s'écrit dans"
            " l'enregistrement lui-même."
        )
    if not guards.may_decide(unit, conflict):
        raise UserError(
            "Ce conflit porte sur ce que le GIP seul modifie : attendez qu'il le départage."
        )
    return conflict


def _known(keep: str) -> Keep:
    if keep not in get_args(Keep):
        raise Refusal(f"« {keep} » n'est pas un choix : mine, theirs ou both.")
    return keep  # type: ignore[return-value]  # narrowed just above
