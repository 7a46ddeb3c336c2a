"""Rebuilds a damaged workspace from what can be read of it, a good copy and the history.

Everything is read first and written to a new file, which takes the place of the damaged one only
once it is whole; the damaged files are kept aside.
"""

from __future__ import annotations

import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
from sqlalchemy import Connection, Table, insert, text

from app.clock import now
from app.domain.refusals import Refusal
from app.domain.wording import capitalised
from app.errors import AppError, Damaged, Locked, StorageError
from app.storage import migration, protection, tables
from app.storage.backup import check_database, opens, read_backup
from app.storage.database import open_engine
from app.storage.files import DATABASE
from app.storage.reconcile import Loss, Reconciliation
from app.storage.replacement import FOLDER, prepared, put
from app.storage.rows import links_of, stored_of
from app.storage.salvage import Line, Salvage
from app.storage.unit_of_work import insert_links
from app.territory import territory

SECOND_FOLDER = "backup_folder"
"""The setting that names the second folder where copies go too, on a USB stick for instance."""

_AT_ONCE = 500
_KEEP_NUMBERS = text("UPDATE sqlite_sequence SET seq = max(seq, :last) WHERE name = 'history'")


@dataclass(frozen=True)
class Rebuilt:
    """The outcome of a repair, made or only planned.

    `lost_files` gives the SHA-256 of files whose bytes are gone, `copy` the backup used, `away` the
    second folder of copies when it is not there, `aside` the folder of the old files (None without
    any). `unread` tells that no record of the database was readable, `to_compare` that the central
    may know more than what is here.
    """

    losses: Sequence[Loss]
    lost_changes: int
    lost_files: Sequence[str]
    unread: bool
    to_compare: bool
    copy: Path | None
    away: Path | None = None
    aside: Path | None = None


Unlock = Callable[[Path], bytes | None]

Finish = Callable[[Connection, Rebuilt], None]
"""Called on the new database, in its transaction, before it takes the place of the damaged one."""


class Patient:
    """A damaged workspace, its readable rows and the copy that fits them.

    `unlock` gives the key of a folder with a header; `elsewhere` is one more folder of copies to
    look into, or one copy. Damaged when neither the workspace nor a copy has a header or records,
    UserError when it is a newer program's, as tables unknown here would be lost.
    """

    def __init__(self, folder: Path, unlock: Unlock, work: Path, elsewhere: Path | None) -> None:
        self.folder = folder
        self._work = work
        self._elsewhere = elsewhere
        self.header, self.key, self.salvage = self._read(unlock)
        migration.refuse_newer(folder, self.salvage.schema or migration.HEAD)
        self.second = elsewhere or _second_folder(self.salvage)
        self.copy, copied = self._choose_copy()
        self._unread = not self.salvage.lines["record"]
        if self._unread and copied is None:
            raise self._without_copy()
        self._sources = [self.salvage, *([copied] if copied else [])]
        self.found = Reconciliation(self.salvage, copied, {one.id: one for one in territory()})

    def told(self) -> Rebuilt:
        """What would be lost, without writing anything."""
        readable = {line["sha256"] for source in self._sources for line in source.files()}
        return Rebuilt(
            self.found.losses,
            self.found.lost_changes,
            sorted(self.salvage.file_names() - readable),
            self._unread,
            self.found.to_compare,
            self.copy,
            self.second if self.second and not self.second.exists() else None,
        )

    def rebuild(self, finish: Finish) -> Rebuilt:
        """Writes the new database, and puts it in place once it is whole."""
        told = self.told()
        with prepared(self.folder) as work:
            self._write(work / DATABASE, lambda connection: finish(connection, told))
            (work / protection.HEADER).write_bytes(self.header)
            if faults := check_database(work / DATABASE, self.key):
                why = f"la reconstruction n'a pas abouti ({faults[0]}), rien n'a été modifié"
                raise StorageError(
                    f"{capitalised(why)} : restaurez une copie par « commissions restore »."
                ) from Refusal(f"{why} : cherchez des copies ailleurs, puis recommencez.")
            return replace(told, aside=put(self.folder, work))

    # Reading

    def _read(self, unlock: Unlock) -> tuple[bytes, bytes | None, Salvage]:
        """The header and the key that open the database, its own or a copy's, and its rows."""
        blank = self._blank()
        database = self.folder / DATABASE
        with suppress(StorageError):
            key = unlock(self.folder)
            header = (self.folder / protection.HEADER).read_bytes()
            return header, key, Salvage(database, key, like=blank)
        locked: Locked | None = None
        for _, work in self._all_unpacked(self.folder / FOLDER, self._elsewhere):
            try:
                key = unlock(work)
            except Locked as error:  # another workspace's copy, or ours and the key is missing
                locked = locked or error
                continue
            except StorageError:
                continue
            salvage = Salvage(database, key, like=blank)
            if salvage.lines["record"] or not database.exists():
                return (work / protection.HEADER).read_bytes(), key, salvage
        raise locked or self._without_copy()

    def _without_copy(self) -> Damaged:
        there = f" ni dans « {self._elsewhere} »" if self._elsewhere else ""
        asked = (
            f"aucune copie de l'espace de travail « {self.folder} » ne se lit ici{there}, et il ne"
            " peut être réparé sans elle : branchez le disque ou la clé USB qui en garde une, et"
            " désignez son dossier"
        )
        by = "dans la fenêtre ou par « commissions doctor --repair --from DOSSIER »"
        error = Damaged(f"{capitalised(asked)}, {by}.")
        error.__cause__ = Refusal(f"{asked}.")  # the window's sentence
        return error

    def _blank(self) -> Salvage:
        """A new empty database: it tells where the tables begin, when the damaged one does not."""
        path = self._work / "vierge.db"
        engine = open_engine(path, None)
        with engine.begin() as connection:
            migration.make_schema(connection)
        engine.dispose()
        return Salvage(path, None)

    def _unpacked(self, kept: Path) -> Iterator[tuple[Path, Path]]:
        """The backups in a folder, latest first, each with the folder that holds it unpacked until
        the next one.
        """
        work = self._work / "copie"
        files = [kept] if kept.is_file() else kept.glob("*.sauvegarde")
        for file in sorted(files, key=lambda file: file.name, reverse=True):
            shutil.rmtree(work, ignore_errors=True)
            work.mkdir()
            with suppress(AppError, OSError):  # this copy may be damaged too
                read_backup(file, work)
                yield file, work

    def _all_unpacked(self, *places: Path | None) -> Iterator[tuple[Path, Path]]:
        for place in places:
            yield from self._unpacked(place) if place else ()

    def _choose_copy(self) -> tuple[Path | None, Salvage | None]:
        """The good copy that goes furthest in the same history, and its rows.

        After a restore from a copy, later copies hold a history that was given up, where the same
        numbers stand for other changes. The second folder may hold copies of other workspaces.
        """
        best: tuple[int, Path | None, Salvage | None] = (-1, None, None)
        for file, work in self._unpacked(self.folder / FOLDER):
            if copy := self._good(work / DATABASE):
                self.second = self.second or _second_folder(copy)
                best = max(best, (self._reach(copy), file, copy), key=lambda each: each[0])
        for file, work in self._all_unpacked(self.second):
            if self._is_ours(work) and (copy := self._good(work / DATABASE)):
                best = max(best, (self._reach(copy), file, copy), key=lambda each: each[0])
        return best[1:]

    def _reach(self, copy: Salvage) -> int:
        """The number of a copy's last change; -1 for a copy with another history."""
        here, there = self.salvage.lines["history"], copy.lines["history"]
        common = here.keys() & there.keys()
        same_past = all(here[n]["record_id"] == there[n]["record_id"] for n in common)
        return max(there, default=0) if same_past else -1

    def _is_ours(self, work: Path) -> bool:
        ours = msgspec.json.decode(self.header, type=protection.Header).workspace
        with suppress(Damaged):
            return protection.read_header(work).workspace == ours
        return False

    def _good(self, database: Path) -> Salvage | None:
        """The rows of a copy's database; None when it is damaged, under another key, or newer."""
        for key in dict.fromkeys((self.key, None)):
            if opens(database, key) and not check_database(database, key):
                copy = Salvage(database, key)
                return copy if copy.schema in migration.KNOWN else None
        return None

    # Writing

    def _write(self, path: Path, finish: Callable[[Connection], None]) -> None:
        engine = open_engine(path, self.key)
        try:
            with engine.begin() as connection:
                migration.make_schema(connection)
                for name, lines in self.found.rows.items():
                    _fill(connection, tables.metadata.tables[name], lines)
                _fill_contents(connection, self.found.rows["record"])
                _fill_history(connection, self.found.mended)
                connection.execute(_KEEP_NUMBERS, {"last": self.found.last_change})
                self._fill_files(connection)
                _fill_links(connection)
                finish(connection)
        finally:
            engine.dispose()

    def _fill_files(self, connection: Connection) -> None:
        held: set[str] = set()
        for source in self._sources:
            for line in source.files():
                if line["sha256"] not in held:
                    held.add(line["sha256"])
                    connection.execute(insert(tables.blob).values(line))


@contextmanager
def examined(folder: Path, unlock: Unlock, elsewhere: Path | None) -> Iterator[Patient]:
    """Reads a damaged workspace whole; nothing in it changes until `rebuild`."""
    with tempfile.TemporaryDirectory(prefix="commissions-") as work:
        yield Patient(folder, unlock, Path(work), elsewhere)


def _second_folder(source: Salvage) -> Path | None:
    """The second folder of copies, if the workspace's settings name one."""
    line = source.lines["setting"].get(SECOND_FOLDER)
    named = msgspec.json.decode(line["value"]) if line else ""
    return Path(named) if named else None


def _fill(connection: Connection, table: Table, lines: Sequence[Line]) -> None:
    for start in range(0, len(lines), _AT_ONCE):
        connection.execute(insert(table), list(lines[start : start + _AT_ONCE]))


def _fill_contents(connection: Connection, lines: Sequence[Line]) -> None:
    """Writes the fields of records, and the bases of their edits."""
    _fill(connection, tables.content, [{"n": one["n"], "fields": one["fields"]} for one in lines])
    bases = [
        {"n": one["n"], "fields": one["base"], "deleted": one["base_deleted"]}
        for one in lines
        if one["base"] is not None
    ]
    _fill(connection, tables.base, bases)


def _fill_history(connection: Connection, mended: Sequence[Line]) -> None:
    """Adds, as one operation, the entries that bring the history in line with the records."""
    if not mended:
        return
    at, device = now().isoformat(), socket.gethostname()
    operation = {"label": "Réparation", "at": at, "state": "other"}
    number = connection.execute(insert(tables.operation).values(operation)).inserted_primary_key
    assert number is not None
    said = {"at": at, "author": "Réparation", "device": device, "operation": number[0]}
    _fill(connection, tables.history, [line | said for line in mended])


def _fill_links(connection: Connection) -> None:
    rows = connection.execute(tables.STORED)
    links = [link for row in rows for link in links_of(row.n, stored_of(row).envelope)]
    insert_links(connection, links)
