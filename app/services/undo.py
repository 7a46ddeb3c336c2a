"""Undo and redo of the user's own last operations, across pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Row, bindparam, exists, select, update

from app.domain.operation_words import with_title
from app.domain.records import CENTRAL_ONLY, Envelope
from app.domain.titles import label_of, title_of
from app.domain.validation import name_of
from app.errors import UserError
from app.services import deletion, guards
from app.services.history import undone
from app.services.meeting_rules import settle
from app.services.translation import of_record, translated
from app.sqlite import at_most
from app.storage import sync_state
from app.storage.rows import Stored, decoded_object
from app.storage.tables import TELLING, history, operation
from app.storage.unit_of_work import UnitOfWork
from app.storage.workspace import Workspace

UNDOING, REDOING = "Annulation", "Rétablissement"
"""The labels of the operations that take back, and that do again."""


@dataclass(frozen=True)
class Step:
    """What Ctrl+Z or Ctrl+Y would do: the operation's number and its French label."""

    operation: int
    label: str


class Undo:
    """Takes back operations newest first; each taking back is itself an ordinary change."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def next_undo(self) -> Step | None:
        """The operation that `undo` would take back."""
        return self._next("done")

    def next_redo(self) -> Step | None:
        """The operation that `redo` would do again: the last one taken back since a change."""
        return self._next("undone")

    def undo(self) -> dict[str, str]:
        """Takes back the last operation; gives {id: kind} of what changed."""
        return self._apply("done", "undone", UNDOING, 0)

    def redo(self) -> dict[str, str]:
        """Does again the last operation taken back; gives {id: kind} of what changed."""
        return self._apply("undone", "done", REDOING, 1)

    def _next(self, state: str) -> Step | None:
        with self.workspace.reading() as unit:
            row = _candidate(unit, state)
            return None if row is None else Step(row.n, with_title(row.label, _title(unit, row.n)))

    def _apply(self, state: str, then: str, word: str, side: int) -> dict[str, str]:
        step = None
        try:
            with translated(self.workspace), self.workspace.unit(word) as unit:
                step = _candidate(unit, state)  # another program may undo too
                if step is None:
                    raise UserError("Il n'y a rien à annuler ni à rétablir.")
                self._invert(unit, step.n, side)
                untold = side == 0 and not sync_state.may_be_known(unit, step.n)
                settle(self.workspace, unit, untold=untold)
                _mark(unit, step.n, then)
                _end_redo(unit, step.n)
                unit.commit()
                return dict(unit.changed)
        except UserError:
            if step is not None:
                self._pass_over(step.n)
            raise

    def _pass_over(self, number: int) -> None:
        """Marks an operation that can no longer be taken back, so that those before it can be."""
        with self.workspace.unit() as unit:
            _mark(unit, number, "other")
            _end_redo(unit, number)
            unit.commit()

    def _invert(self, unit: UnitOfWork, number: int, side: int) -> None:
        query = select(history).where(history.c.operation == number)
        order = history.c.change.desc() if side == 0 else history.c.change
        for row in unit.connection.execute(query.order_by(order)).all():
            found = unit.stored(row.record_id)
            if found is None:
                continue
            changes: dict[str, list[Any]] = decoded_object(row.changes)
            if row.created:
                changes = {"deleted": [True, False]}
            current = found.envelope.fields | {"deleted": found.envelope.deleted}
            after = undone(found.envelope, changes, side)
            changed = any(current[name] != sides[1 - side] for name, sides in changes.items())
            if changed or (after.deleted and _is_written_elsewhere(unit, row)):
                raise UserError(
                    f"« {label_of(row.kind)} » a changé depuis : l'opération ne peut plus être"
                    " annulée, retrouvez l'état voulu dans l'historique."
                )
            with of_record(label_of(row.kind), row.record_id):
                guards.check_change(unit, found.envelope, after)
                unit.save(after)
        _check_ties(unit)


def _is_written_elsewhere(unit: UnitOfWork, row: Row[Any]) -> bool:
    """Whether a sync brought others' words to a record after a change of it."""
    later = (
        history.c.record_id == row.record_id,
        history.c.change > row.change,
        history.c.operation != row.operation,  # an import brings the whole past of its records
        history.c.device == "",
    )
    return unit.connection.execute(select(history.c.change).where(*later)).first() is not None


def _check_ties(unit: UnitOfWork) -> None:
    """Refuses to leave broken references, to what goes or from what comes back: a sync may have
    come between."""
    for one in sync_state.stored_many(unit, unit.changed).values():
        if one.envelope.deleted:
            if not one.envelope.revision:
                _let_go(unit, one.envelope)
            deletion.doomed(unit, [one.envelope], cascade=False)
    guards.check_written(unit, list(unit.changed))


def _let_go(unit: UnitOfWork, gone: Envelope) -> None:
    """Takes away what an archive brought of the central about a record that this one never had."""
    for _, source in unit.pointing_to(name_of(gone)):
        if source.kind in CENTRAL_ONLY:
            unit.receive(replace(source, deleted=True))


def _mark(unit: UnitOfWork, number: int, state: str) -> None:
    unit.connection.execute(update(operation).where(operation.c.n == number).values(state=state))


def _end_redo(unit: UnitOfWork, number: int) -> None:
    """Ends for good the redo of what was taken back before an operation was made."""
    before = (operation.c.state == "undone") & (operation.c.n < number)
    unit.connection.execute(update(operation).where(before).values(state="other"))


def _title(unit: UnitOfWork, number: int) -> str:
    """The present title of the only record of an operation, or of what it is about if it has none
    of its own; empty when there are several.
    """
    record_ids = unit.connection.execute(_RECORDS_OF, {"number": number}).scalars().all()
    found = unit.stored(record_ids[0]) if len(record_ids) == 1 else None
    if found is not None and found.envelope.kind == "proxy":
        found = _named(unit, _named(unit, found, "giver_entry_id"), "titular_person_id")
    elif found is not None and found.envelope.kind in _OF_ANOTHER:
        found = _named(unit, found, _OF_ANOTHER[found.envelope.kind])
    return title_of(found.envelope.kind, found.envelope.fields) if found else ""


def _named(unit: UnitOfWork, record: Stored | None, name: str) -> Stored | None:
    """The record that a field of another names."""
    named = record.envelope.fields.get(name) if record else None
    return unit.stored(named) if isinstance(named, str) else None


def _candidate(unit: UnitOfWork, state: str) -> Row[Any] | None:
    """The next operation to take back or to do again.

    A new operation ends the redo: only those taken back after the last one done count. One that
    left no change, a word typed and wiped out again, is passed over.
    """
    last = unit.connection.execute(_LAST_DONE).first()
    if state == "done":
        return last
    return unit.connection.execute(_FIRST_UNDONE, {"after": last.n if last else 0}).first()


_OF_ANOTHER = {
    "attendance": "person_id", "convocation": "person_id", "roster_entry": "organisation_id",
    "briefing": "watch_note_id", "minutes": "meeting_id",
}  # fmt: skip
"""The kinds that are called after what one of their fields names."""

# Built once: they are asked after each change.
_RECORDS_OF = (
    select(history.c.record_id)
    .where(history.c.operation == bindparam("number"))
    .distinct()
    .limit(at_most(2))
)
_CHANGING = select(operation).where(exists().where(history.c.operation == operation.c.n, TELLING))
_LAST_DONE = (
    _CHANGING.where(operation.c.state == "done").order_by(operation.c.n.desc()).limit(at_most(1))
)
_FIRST_UNDONE = (
    _CHANGING.where(operation.c.state == "undone", operation.c.n > bindparam("after"))
    .order_by(operation.c.n)
    .limit(at_most(1))
)
