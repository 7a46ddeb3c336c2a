"""What was deleted, and the way back: with all that went along in the same operation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Row, select

from app.domain.operation_words import operation_words
from app.domain.ownership import owner_id
from app.domain.records import CENTRAL_ONLY, Envelope
from app.domain.titles import Called, label_for, label_of
from app.domain.validation import name_of, targets
from app.errors import UserError
from app.services import guards
from app.services.callings import titles_of
from app.services.meeting_rules import settle
from app.services.translation import of_record, translated
from app.services.undo import REDOING, UNDOING
from app.storage import sync_state
from app.storage.tables import history, operation, record
from app.storage.unit_of_work import UnitOfWork
from app.storage.workspace import Workspace

_OWN = ("done", "undone")


class Along(Called, frozen=True, kw_only=True, gc=False):
    """A record that one operation deleted with others; `apart` if none of them owns it or is named
    by it, nor is owned by it or names it.
    """

    record_id: str
    apart: bool


class Deleted(msgspec.Struct, frozen=True, kw_only=True):
    """A deleted record: when (an instant) and by whom; `along` names those deleted with it, and
    `apart` tells whether it comes back without them as it does with them.

    `label` is its French word; `commission_id` is None for the region.
    """

    record_id: str
    kind: str
    label: str
    title: str
    at: str
    author: str
    along: Sequence[Along]
    apart: bool
    commission_id: str | None = None

    @property
    def others(self) -> int:
        """How many were deleted along with it."""
        return len(self.along)


class Trash:
    """Lists deleted records; what comes back is an ordinary new change."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def list(self) -> Sequence[Deleted]:
        """The deletions, latest first, those of one operation together."""
        with self._workspace.reading() as unit:
            groups = list(_groups(unit).values())
            gone = sync_state.stored_many(unit, [row.record_id for rows in groups for row in rows])
            envelopes = {one: stored.envelope for one, stored in gone.items()}
            titles = titles_of(unit, list(envelopes.values()))
            return [
                _deleted(rows[0], [envelopes[row.record_id] for row in rows], titles)
                for rows in groups
            ]

    def restore(self, record_id: str, *, alone: bool = False) -> Sequence[str]:
        """Brings a record back with those deleted along with it, unless it is wanted `alone`; gives
        the kinds that changed.
        """
        with translated(self._workspace), self._workspace.unit(undoable=True) as unit:
            group = next((rows for rows in _groups(unit).values() if _leads(rows, record_id)), None)
            if group is None:
                raise UserError("Cet enregistrement n'est plus dans la corbeille.")
            if alone:
                group = [row for row in group if row.record_id == record_id]
            unit.label = operation_words("Rétablissement", group[0].kind)
            for row in group:
                stored = unit.stored(row.record_id)
                assert stored is not None  # a tombstone is never removed
                alive = msgspec.structs.replace(stored.envelope, deleted=False)
                with of_record(label_of(alive.kind), alive.id):
                    guards.check_change(unit, stored.envelope, alive)
                    unit.save(alive)
            guards.check_written(unit, [row.record_id for row in group])
            settle(self._workspace, unit)
            unit.commit()
            return sorted(set(unit.changed.values()))


def _deleted(row: Row[Any], held: Sequence[Envelope], titles: Mapping[str, str]) -> Deleted:
    """What one operation deleted; `row` is the deletion of the first."""
    ties = [{owner_id(one), *(name for _, name in targets(one.kind, one.fields))} for one in held]
    tied, names = set[str | None]().union(*ties), {name_of(one) for one in held}
    first, *others = (
        Along(
            label_for(one),
            titles[one.id],
            record_id=one.id,
            apart=name_of(one) not in tied and names.isdisjoint(own),
        )
        for one, own in zip(held, ties, strict=True)
    )
    return Deleted(
        record_id=first.record_id,
        kind=row.kind,
        label=first.label,
        title=first.title,
        at=row.at,
        author=row.author,
        along=others,
        apart=first.apart,
        commission_id=held[0].commission_id,
    )


def _leads(rows: Sequence[Row[Any]], record_id: str) -> bool:
    return any(row.record_id == record_id for row in rows)


def _groups(unit: UnitOfWork) -> dict[tuple[int, str], list[Row[Any]]]:
    """The last deletion of each deleted record, latest first, by operation of the user.

    What the sync took away stands alone. Within an operation the record that was deleted comes
    first, before those that it owned; an undo goes the other way.
    """
    query = (
        select(
            history.c.record_id, history.c.kind, history.c.at, history.c.author,
            history.c.operation, operation.c.state, operation.c.label,
        )
        .join(operation, operation.c.n == history.c.operation)
        .where(
            history.c.record_id.in_(select(record.c.id).where(record.c.deleted == 1)),
            history.c.changes.contains('"deleted":[false,true]'),
            history.c.kind.not_in(CENTRAL_ONLY),
        )
        .order_by(history.c.change)
    )  # fmt: skip
    rows: list[Row[Any]] = list(unit.connection.execute(query))
    last: dict[str, Row[Any]] = {}
    for row in rows:
        last.pop(row.record_id, None)  # each stands where its last deletion does
        last[row.record_id] = row
    groups: dict[tuple[int, str], list[Row[Any]]] = {}
    for row in last.values():
        own = row.state in _OWN or row.label in (UNDOING, REDOING)
        group = groups.setdefault((row.operation, "" if own else row.record_id), [])
        group.insert(0 if row.label == UNDOING else len(group), row)
    return dict(sorted(groups.items(), reverse=True))
