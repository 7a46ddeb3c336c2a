"""One unit of work: reads and writes of records in one transaction, with their history.

Leaving without `commit()` rolls everything back.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from types import TracebackType
from typing import Any, NamedTuple, Self

from sqlalchemy import Connection, delete, insert

from app.clock import Clock
from app.domain.records import CENTRAL_ONLY, Envelope
from app.domain.validation import defaults, targets
from app.errors import StorageError
from app.sqlite import Ready
from app.storage import statements, tables
from app.storage.database import fault_of, is_lost
from app.storage.rows import (
    Stored,
    columns_of,
    decoded,
    decoded_object,
    differences,
    encode,
    links_of,
    stored_of,
)


@dataclass(frozen=True)
class Author:
    """Who makes the changes of a unit of work, and on which device."""

    name: str
    device: str


def _nobody(operation: int) -> None:
    """The default `on_commit`: nobody has to be told."""


def _nothing() -> None:
    """The default `before_commit`: nothing forbids it."""


class Former(NamedTuple):
    """What a record was before a unit of work; its references are (field, target)."""

    references: frozenset[tuple[str, str]]
    deleted: bool


class UnitOfWork:
    """Reads and writes records inside one transaction.

    `connection` is public, for whoever needs other tables in the same transaction.
    """

    def __init__(
        self, connection: Connection, clock: Clock, author: Author, label: str, *, undoable: bool
    ) -> None:
        self.connection = connection
        self.changed: dict[str, str] = {}  # id: kind of what this unit of work wrote
        self.latest: dict[str, Envelope] = {}  # some of what it wrote, as it now stands
        self.former: dict[str, Former | None] = {}  # of what it wrote, by id; None for a new record
        self.before_commit: Callable[[], object] = _nothing  # raises to forbid the commit
        self.on_commit: Callable[[int], object] = _nobody  # called with its operation's number
        self.as_error: Callable[[str], Exception] = StorageError  # makes errors of driver faults
        self._clock = clock
        self._author = author
        self.label = label  # of the operation; may be changed until that is written
        self._state = "done" if undoable else "other"
        self._operation: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        fault = None if error is None else fault_of(error)
        if fault and is_lost(fault):
            self.connection.invalidate()
        self.connection.close()  # rolls back what was not committed
        if fault:
            raise self.as_error(fault) from error

    def commit(self) -> None:
        """Commits all that was written."""
        self.before_commit()
        self.connection.commit()
        if self._operation is not None:
            self.on_commit(self._operation)

    @contextmanager
    def part(self) -> Iterator[None]:
        """A part rolled back alone if it raises; inside, `changed` holds only its records."""
        assert self.operation  # gets its number now, so that a rollback of the part keeps it
        whole, self.changed = self.changed, {}
        try:
            with self.connection.begin_nested():
                yield
            whole |= self.changed
        except BaseException:
            self.latest.clear()
            raise
        finally:
            self.changed = whole

    # Reading

    def rows(self, statement: Ready, **values: Any) -> Sequence[Any]:
        """The rows that a statement gives for these values of its parameters."""
        return statement.rows(self.connection, values)

    def stored(self, record_id: str) -> Stored | None:
        """The record with its sync state, deleted or not; None when there is no such id."""
        rows = self.rows(statements.BY_ID, wanted=record_id)
        return stored_of(rows[0]) if rows else None

    def envelope(self, record_id: str) -> Envelope | None:
        """The record, deleted or not; None when there is no such id."""
        found = self.stored(record_id)
        return None if found is None else found.envelope

    def get(self, record_id: str) -> Envelope | None:
        """The live record of this id; None when there is none."""
        found = self.envelope(record_id)
        return None if found is None or found.deleted else found

    def select(
        self,
        kind: str | None = None,
        *,
        space: str | None = "*",
        pointing: tuple[str, str] | None = None,
        deleted: bool = False,
    ) -> Iterator[Envelope]:
        """Live records (all with `deleted`) in the order they were made: of a kind, in a space
        (None: the region, "*": all).

        `pointing` is (field, id): only those whose field refers to this id (none do to "").
        """
        field, target = pointing or ("", "")
        query = statements.selection(
            kind is not None, space if space in ("*", None) else "", pointing is not None, deleted
        )
        values = {"kind": kind, "space": space, "field": field, "target": target}
        for row in query.stream(self.connection, values):
            yield stored_of(row).envelope

    def get_many(self, record_ids: Collection[str]) -> dict[str, Envelope]:
        """The live records among these ids, by id."""
        rows = self.connection.execute(statements.LIVE, {"wanted": list(record_ids)})
        return {row.id: stored_of(row).envelope for row in rows}

    def pointing_to(self, *targets: str) -> list[tuple[str, Envelope]]:
        """(field, record) for each live record that refers to an id (or to a theme's code)."""
        rows = self.connection.execute(statements.POINTING, {"targets": targets})
        return [(row.field, stored_of(row).envelope) for row in rows]

    # Writing

    def write(self, statement: Ready, **values: Any) -> int:
        """Runs a statement that writes; gives how many rows it touched."""
        return statement.write(self.connection, values)

    def save(
        self, envelope: Envelope, *, burst: str | None = None, before: Stored | None = None
    ) -> bool:
        """Writes a state made here: record, links, base, edit counter and history.

        False when nothing differs. Changes of one `burst` (of typing in one field) share one
        history entry. `before` is the record as this unit of work has just read it, if it did.
        """
        before = before or self.stored(envelope.id)
        if before is None:
            self._insert(envelope, edits=1)
            blank = defaults(envelope.kind)
            self._log(
                envelope, differences(blank, envelope.fields, was=False, now=False), None, True
            )
            return True
        changes = differences(
            before.envelope.fields,
            envelope.fields,
            was=before.envelope.deleted,
            now=envelope.deleted,
        )
        if not changes:
            return False
        if before.edits == 0:
            self.put_base(before.n, before.envelope.fields, deleted=before.envelope.deleted)
        self._overwrite(before, envelope, before.edits + 1)
        self._log(envelope, changes, burst, False)
        return True

    def receive(
        self,
        envelope: Envelope,
        *,
        author: str = "",
        edits: int = 0,
        stands_on: tuple[dict[str, Any], bool] | None = None,
    ) -> None:
        """Writes a state that came from the central, keeping in the history what it replaces.

        `edits` counts the edits left to send in it; they are based on `stands_on`, the fields and
        whether deleted. Without any, the state is the central's own.
        """
        before = self.stored(envelope.id)
        if before is None:
            n = self._insert(envelope, edits=edits)
        else:
            n, old = before.n, before.envelope
            self._overwrite(before, envelope, edits)
            self.write(statements.FORGET_BASE, of=n)
            changes = differences(
                old.fields, envelope.fields, was=old.deleted, now=envelope.deleted
            )
            if changes and envelope.kind not in CENTRAL_ONLY:  # no history for the central's kinds
                self._log(envelope, changes, None, False, author)
        if stands_on is not None:
            self.put_base(n, stands_on[0], deleted=stands_on[1])

    def receive_new(self, envelopes: Iterable[Envelope]) -> None:
        """Writes many records new here, of the central or the shipped territory, without edits."""
        top = self.connection.execute(statements.TOP).scalar() or 0
        rows: list[tuple[Any, ...]] = []
        contents: list[tuple[int, str]] = []
        links: list[tuple[int, str, str]] = []
        for n, envelope in enumerate(envelopes, top + 1):
            rows.append((n, *columns_of(envelope).values()))
            contents.append((n, encode(envelope.fields)))
            links += links_of(n, envelope)
            self.changed[envelope.id] = envelope.kind
        if rows:
            self.connection.exec_driver_sql(statements.INSERT_RECORDS, rows)
            self.connection.exec_driver_sql(statements.INSERT_CONTENTS, contents)
        insert_links(self.connection, links)

    def put_base(self, n: int, fields: dict[str, Any], *, deleted: bool) -> None:
        """Notes the central's state that a record's edits are based on."""
        self.write(statements.PUT_BASE, n=n, fields=encode(fields), deleted=int(deleted))

    def _insert(self, envelope: Envelope, *, edits: int) -> int:
        values = columns_of(envelope) | {"edits": edits}
        primary_key = self.connection.execute(statements.INSERT_RECORD, values).inserted_primary_key
        assert primary_key is not None
        n: int = primary_key[0]
        written = {"n": n, "fields": encode(envelope.fields)}
        self.connection.execute(statements.INSERT_CONTENT, written)
        insert_links(self.connection, links_of(n, envelope))
        self.changed[envelope.id] = envelope.kind
        self.latest[envelope.id] = envelope
        self.former[envelope.id] = None
        return n

    def _overwrite(self, before: Stored, envelope: Envelope, edits: int) -> None:
        values = columns_of(envelope) | {"indexed": 0, "edits": edits}
        self.connection.execute(statements.OVERWRITE, {"at_n": before.n} | values)
        written = {"at_n": before.n, "fields": encode(envelope.fields)}
        self.connection.execute(statements.OVERWRITE_CONTENT, written)
        links, former = links_of(before.n, envelope), links_of(before.n, before.envelope)
        if links != former:
            self.connection.execute(statements.FORGET_LINKS, {"of": before.n})
            insert_links(self.connection, links)
        self.changed[envelope.id] = envelope.kind
        self.latest[envelope.id] = envelope
        deleted = before.envelope.deleted  # without links, but not without references
        told = targets(before.envelope.kind, before.envelope.fields) if deleted else ()
        held = frozenset(told or (one[1:] for one in former))
        self.former.setdefault(envelope.id, Former(held, deleted))

    # History

    @cached_property
    def _at(self) -> str:
        """The instant of all that this unit of work writes."""
        return self._clock().isoformat()

    @property
    def operation(self) -> int:
        """The number of the operation that groups the changes of this unit of work."""
        if self._operation is None:
            values = {"label": self.label, "at": self._at, "state": self._state}
            result = self.connection.execute(statements.INSERT_OPERATION, values)
            primary_key = result.inserted_primary_key
            assert primary_key is not None
            self._operation = primary_key[0]
        return self._operation

    def tell(self) -> None:
        """Makes an operation though no record changes, so that other programs notice."""
        self._operation = self.operation

    def _log(
        self,
        envelope: Envelope,
        changes: dict[str, list[Any]],
        burst: str | None,
        created: bool,
        author: str = "",
    ) -> None:
        if burst is not None and self._extend(envelope.id, burst, changes):
            return
        row = self.entry(envelope, changes, author) | {"burst": burst, "created": int(created)}
        self.connection.execute(statements.LOG, row)

    def log_all(self, entries: Sequence[dict[str, Any]]) -> None:
        """Writes history entries, as `entry` makes them."""
        if entries:
            self.connection.exec_driver_sql(
                statements.INSERT_HISTORY, list(map(statements.in_order, entries))
            )

    def entry(
        self, envelope: Envelope, changes: dict[str, list[Any]], author: str = ""
    ) -> dict[str, Any]:
        """The row of a history entry; `author` is given for what came from the central."""
        return {
            "record_id": envelope.id,
            "kind": envelope.kind,
            "revision": envelope.revision,
            "at": self._at,
            "author": author or self._author.name,
            "device": "" if author else self._author.device,
            "operation": self.operation,
            "burst": None,
            "created": 0,
            "changes": encode(changes),
        }

    def _extend(self, record_id: str, burst: str, changes: dict[str, list[Any]]) -> bool:
        """Extends the record's last history entry, if it is of the same burst and of the last
        operation that can be undone or redone: undo goes newest first, so none may come between.

        Once all is as before the burst, the entry is left empty.
        """
        last = self.connection.execute(statements.LAST_CHANGE, {"wanted": record_id}).first()
        if last is None or last.burst != burst or not last.is_of_the_last:
            return False
        joined = decoded_object(last.changes)
        for name, (start, end) in changes.items():
            joined[name] = [joined[name][0] if name in joined else start, end]
        left = {name: sides for name, sides in joined.items() if sides[0] != sides[1]}
        values = {"changes": encode(left), "at": self._at}
        self.connection.execute(statements.LENGTHEN, {"which": last.change} | values)
        return True

    # Settings of the workspace

    def setting(self, name: str, default: Any = None) -> Any:
        """The value of a workspace setting."""
        rows = self.rows(statements.SETTING, name=name)
        return decoded(rows[0][0]) if rows else default

    def set_setting(self, name: str, value: Any) -> None:
        """Keeps a workspace setting, any JSON value."""
        table = tables.setting
        self.connection.execute(delete(table).where(table.c.name == name))
        self.connection.execute(insert(table).values(name=name, value=encode(value)))


def insert_links(connection: Connection, rows: list[tuple[int, str, str]]) -> None:
    """Writes rows of `links_of`."""
    if rows:
        connection.exec_driver_sql(statements.INSERT_LINKS, rows)
