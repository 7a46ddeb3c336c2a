"""What happened to a record, who did it, and the states that can be brought back."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from app.domain.dates import PARIS, instant
from app.domain.records import Envelope
from app.domain.refusals import Refusal
from app.storage.rows import decoded_object
from app.storage.snapshot import Snapshot

if TYPE_CHECKING:
    from sqlalchemy import Row

    from app.storage.unit_of_work import UnitOfWork


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One change of a record. `changes` is {field: [from, to]}; a creation goes from null."""

    change: int
    revision: int
    at: str
    author: str
    device: str
    changes: dict[str, list[Any]]


def entries(unit: UnitOfWork, record_id: str) -> list[Entry]:
    """The history of a record on this laptop, newest first."""
    return [
        Entry(
            change=row.change,
            revision=row.revision,
            at=row.at,
            author=row.author,
            device=row.device,
            changes=decoded_object(row.changes),
        )
        for row in _rows(unit, record_id)[record_id]
    ]


def last_writings(
    unit: UnitOfWork, record_ids: Collection[str]
) -> dict[tuple[str, str], dict[str, str]]:
    """When and by whom each field of these records was last changed here, by (id, field).

    The creation of a record, whose entry leaves out fields at their default, is under (id, "").
    """
    from sqlalchemy import bindparam, select

    from app.storage.tables import history

    wanted = history.c.record_id.in_(bindparam("wanted", expanding=True))
    query = select(history).where(wanted).order_by(history.c.change)
    return {
        (row.record_id, name): {"at": row.at, "author": row.author}
        for row in unit.connection.execute(query, {"wanted": list(record_ids)})
        for name in [*decoded_object(row.changes), *([""] if row.created else [])]
    }


def moved_at(unit: UnitOfWork, meeting_id: str) -> str | None:
    """When the hour or the place of a meeting last changed here; None if never since its making."""
    last = last_writings(unit, [meeting_id])
    made = last.get((meeting_id, ""), {}).get("at")
    moves = [last.get((meeting_id, name), {}).get("at") for name in ("starts_at", "place")]
    return max((at for at in moves if at and at != made), key=instant, default=None)


def moved(records: Snapshot, kind: str, since: str, until: str | None) -> set[str]:
    """The ids of the records of a kind whose status, or what is told with it, was not the same at
    `until` (None: now) as at `since`; what changed and was taken back between them did not move.

    A record that came whole from elsewhere has no such change on this laptop.
    """
    query = (
        "SELECT record_id, at, changes FROM history WHERE kind = ? AND created = 0"
        " AND (instr(changes, '\"status\":') OR instr(changes, '\"published_as_id\":'))"
        " ORDER BY change"
    )
    start, end = instant(since), instant(until) if until else None
    ends: dict[tuple[str, str], tuple[Any, Any]] = {}
    for record_id, at, text in records.rows(query, kind):
        changes = decoded_object(text)
        if _MOVES.isdisjoint(changes) or instant(at) <= start or (end and instant(at) > end):
            continue
        for name in (_MOVES | _TOLD) & changes.keys():
            before, after = changes[name]
            former, _ = ends.get((record_id, name), (before, after))
            ends[record_id, name] = (former, after)
    return {record_id for (record_id, _), (before, after) in ends.items() if before != after}


_MOVES = frozenset({"status", "published_as_id"})
_TOLD = frozenset({"solution_id", "reason"})


def _rows(unit: UnitOfWork, *record_ids: str) -> dict[str, list[Row[Any]]]:
    """What the history tells of each of these records, newest first."""
    from sqlalchemy import bindparam, select

    from app.storage.tables import TELLING, history

    wanted = history.c.record_id.in_(bindparam("wanted", expanding=True))
    query = select(history).where(wanted, TELLING).order_by(history.c.change.desc())
    found: dict[str, list[Row[Any]]] = {one: [] for one in record_ids}
    for row in unit.connection.execute(query, {"wanted": record_ids}):
        found[row.record_id].append(row)
    return found


def undone(envelope: Envelope, changes: dict[str, list[Any]], side: int = 0) -> Envelope:
    """The record with each changed field put back to a side of the change (0: before it)."""
    fields = dict(envelope.fields)
    deleted = envelope.deleted
    for name, sides in changes.items():
        if name == "deleted":
            deleted = sides[side]
        else:
            fields[name] = sides[side]
    return msgspec.structs.replace(envelope, fields=fields, deleted=deleted)


def state_at(unit: UnitOfWork, current: Envelope, at: str | None) -> Envelope:
    """The state of a record right after a change (its number) or at an instant.

    Without `at`: alive again when it is deleted, else as before its last change. Refusal when the
    record had not been made yet.
    """
    rows = _rows(unit, current.id)[current.id]
    if at is None:
        if current.deleted:
            return msgspec.structs.replace(current, deleted=False)
        if not rows or rows[0].created:
            raise Refusal("il n'y a pas d'état antérieur à rétablir.", record_id=current.id)
        return undone(current, decoded_object(rows[0].changes))
    if _is_number(at):
        _check_change(unit, at)
    else:
        moment(at)
    return _back(current, rows, at)


def _back(current: Envelope, rows: Sequence[Row[Any]], at: str) -> Envelope:
    """A record as it was right after `at`, by its entries, newest first."""
    state = current
    for row in rows:
        if not _after(row, at):
            break
        if row.created:
            raise Refusal(
                f"l'enregistrement n'existait pas encore à « {at} » : choisissez plus tard.",
                record_id=current.id,
            )
        state = undone(state, decoded_object(row.changes))
    return state


class Past:
    """Several records, to be seen at many points of the history, which is read once."""

    def __init__(self, unit: UnitOfWork, current: Collection[Envelope]) -> None:
        self._current = current
        self._rows = _rows(unit, *(one.id for one in current))

    def at(self, point: str) -> Iterator[Envelope]:
        """The records as they were right after a point, those that had been made already."""
        for one in self._current:
            with suppress(Refusal):
                yield _back(one, self._rows[one.id], point)

    @cached_property
    def made_in(self) -> Mapping[str, int]:
        """The operation that made each of those whose making is in the history of this laptop."""
        return {one: row.operation for one, rows in self._rows.items() for row in rows[-1:]
                if row.created}  # fmt: skip


def freeze_points(
    unit: UnitOfWork, frozen_at: Mapping[str, str]
) -> dict[str, tuple[str, int | None]]:
    """Where in the history minutes were frozen, for `Past`, and in which operation, by their id.

    The last change of that operation, be it the sync that brought the freeze, which has no number
    then; the instant when an import with histories tells it, else `frozen_at`.
    """
    from sqlalchemy import bindparam, func, select

    from app.storage.tables import history, operation

    whole = history.alias()
    last = select(func.max(whole.c.change)).where(whole.c.operation == operation.c.n)
    wanted = history.c.record_id.in_(bindparam("wanted", expanding=True))
    froze = (
        select(
            history.c.record_id, history.c.at, history.c.device, operation.c.n,
            operation.c.at.label("written_at"), last.scalar_subquery().label("last"),
        )
        .join(operation, operation.c.n == history.c.operation)
        .where(wanted, history.c.changes.contains('"frozen_at":'))
        .order_by(history.c.change.desc())
    )  # fmt: skip
    points: dict[str, tuple[str, int | None]] = {one: (at, None) for one, at in frozen_at.items()}
    for row in unit.connection.execute(froze, {"wanted": list(frozen_at)}):
        point = str(row.last) if row.at == row.written_at else row.at
        made_in = row.n if row.device else None
        points[row.record_id] = point, made_in  # the first such change, which comes last
    return points


def _is_number(at: str) -> bool:
    """Whether a point of the history is the number of a change."""
    return at.isascii() and at.isdecimal() and len(at) < 20


def _check_change(unit: UnitOfWork, number: str) -> None:
    from sqlalchemy import func, select

    from app.storage.tables import history

    newest = unit.connection.execute(select(func.max(history.c.change))).scalar() or 0
    if int(number) > newest:
        raise Refusal(
            f"aucune modification ne porte le numéro {number[:20]} ici, la dernière est la"
            f" {newest} : voyez « commissions records show ID --history »."
        )


def _after(row: Row[Any], at: str) -> bool:
    """Whether a history entry came after the point named by `at`."""
    if _is_number(at):
        return bool(row.change > int(at))
    return bool(instant(row.at) > moment(at))


def moment(text: str) -> datetime:
    """An instant as typed; without an offset it is local time. Refusal when it is neither."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refusal(
            f"« {text[:60]} » n'est ni un numéro de modification ni un instant ISO 8601 : voyez"
            " « commissions records show ID --history »."
        ) from error
    return found if found.tzinfo else found.replace(tzinfo=PARIS)
