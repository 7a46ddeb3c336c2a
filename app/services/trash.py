"""What was deleted, and the way back: with all that went along in the same operation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Row, select

from app.domain.operation_words import operation_words
from app.domain.records import CENTRAL_ONLY
from app.domain.titles import label_of, title_of
from app.errors import UserError
from app.services import guards
from app.services.meeting_rules import settle
from app.services.translation import of_record, translated
from app.storage.tables import history, operation, record
from app.storage.unit_of_work import UnitOfWork
from app.storage.workspace import Workspace

_OWN = ("done", "undone")


class Deleted(msgspec.Struct, frozen=True, kw_only=True):
    """A deleted record: when (an instant) and by whom; `others` counts those deleted with it.

    `commission_id` is None for the region.
    """

    record_id: str
    kind: str
    title: str
    at: str
    author: str
    others: int
    commission_id: str | None = None


class Trash:
    """Lists deleted records; what comes back is an ordinary new change."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def list(self, most: int = 500) -> Sequence[Deleted]:
        """The last deletions, latest first, those of one operation together."""
        with self._workspace.reading() as unit:
            groups = _groups(unit)
            leaders = [(rows[0], len(rows) - 1) for rows in list(groups.values())[:most]]
            return [_deleted(unit, row, others) for row, others in leaders]

    def restore(self, record_id: str) -> Sequence[str]:
        """Brings a record back with those deleted along with it; gives the kinds that changed."""
        with translated(self._workspace), self._workspace.unit(undoable=True) as unit:
            group = next((rows for rows in _groups(unit).values() if _leads(rows, record_id)), None)
            if group is None:
                raise UserError("Cet enregistrement n'est plus dans la corbeille.")
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


def _leads(rows: Sequence[Row[Any]], record_id: str) -> bool:
    return any(row.record_id == record_id for row in rows)


def _groups(unit: UnitOfWork) -> dict[tuple[int, str], list[Row[Any]]]:
    """The last deletion of each deleted record, latest first, by operation of the user.

    What the sync or an undo took away stands alone. Within an operation the record that was
    deleted comes first, before those that it owned.
    """
    query = (
        select(
            history.c.record_id, history.c.kind, history.c.at, history.c.author,
            history.c.operation, operation.c.state,
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
        alone = "" if row.state in _OWN else row.record_id
        groups.setdefault((row.operation, alone), []).append(row)
    return dict(sorted(groups.items(), reverse=True))


def _deleted(unit: UnitOfWork, row: Row[Any], others: int) -> Deleted:
    stored = unit.stored(row.record_id)
    fields = stored.envelope.fields if stored else {}
    return Deleted(
        record_id=row.record_id,
        kind=row.kind,
        title=title_of(row.kind, fields),
        at=row.at,
        author=row.author,
        others=others,
        commission_id=stored.envelope.commission_id if stored else None,
    )
