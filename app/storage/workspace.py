"""A workspace: the folder that holds everything of one user, opened once and shared by threads."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, NoReturn

from app.clock import Clock, now
from app.domain.refusals import Refusal
from app.errors import Damaged, NoWorkspace, StorageError, UserError
from app.storage import files, migration, protection, replacement
from app.storage.database import connect, durable, is_lost, open_engine
from app.storage.faults import french_storage_errors, storage_error
from app.storage.snapshot import IdleConnections, Snapshot
from app.storage.solitude import take_alone

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from app.storage.unit_of_work import Author, UnitOfWork

DATABASE = files.DATABASE
DRAFT = f"{DATABASE}.new"  # the database rewritten under a new key, until it takes its place
_EXPORT = "SELECT sqlcipher_export('anew')"
_WITHOUT_TOKEN = (
    "BEGIN",
    "CREATE TEMP TABLE tie AS SELECT * FROM main.central_link",
    "UPDATE main.central_link SET value = '\"process\"'"
    " WHERE name = 'token_place' AND value = '\"workspace\"'",
    "DELETE FROM main.central_link WHERE name = 'token'",
    _EXPORT,
    "DELETE FROM main.central_link",
    "INSERT INTO main.central_link SELECT * FROM tie",
    "COMMIT",
)
"""Exports without the token of the central, which no file in clear may hold, not even a draft."""


class Workspace:
    """An open workspace. `snapshot()` reads its records, `unit()` alone writes them.

    Its engine, and SQLAlchemy with it, is loaded when it is first needed.
    """

    def __init__(
        self, folder: Path, engine: Engine | None, clock: Clock, data_key: bytes | None = None
    ) -> None:
        self.folder = folder
        self.data_key = data_key
        self.clock = clock
        self.signed_by = ""  # the name of the person who makes the changes
        self._engine, self._engine_lock = engine, Lock()
        self._idle = self._readers()
        self.operations: set[int] = set()
        """The numbers of this process's operations, to tell them from those of other programs."""
        self.name = ""  # from the header, to recognise the workspace when its disk comes back
        self._file = _identity(folder / DATABASE)

    @property
    def engine(self) -> Engine:
        """What the units of work write through."""
        with self._engine_lock:
            if self._engine is None:
                self._engine = open_engine(self.folder / DATABASE, self.data_key)
            return self._engine

    def _readers(self) -> IdleConnections:
        return IdleConnections(partial(durable, self.folder / DATABASE, self.data_key))

    @property
    def author(self) -> Author:
        """Who signs the changes to come, and on which device."""
        import socket

        from app.storage.unit_of_work import Author

        return Author(self.signed_by, socket.gethostname())

    def unit(
        self,
        label: str = "",
        *,
        undoable: bool = False,
        write: bool = True,
        lasting: bool = True,
    ) -> UnitOfWork:
        """Begins a unit of work; `label` names it in French in the history and the undo menu.

        A writing one first waits for other writers, so that what it reads stays true. Faults of the
        disk, or a folder that is gone, are raised as StorageError. If not `lasting`, its commit
        does not wait for the disk: until the next lasting one, a power cut may undo it.
        """
        from app.storage.unit_of_work import UnitOfWork

        self._check_file()
        with french_storage_errors(self.folder):
            connection = self.engine.connect()
        connection.info["begin"] = "IMMEDIATE" if write else "DEFERRED"
        connection.info["synchronous"] = "FULL" if lasting else "NORMAL"
        unit = UnitOfWork(connection, self.clock, self.author, label, undoable=undoable)
        unit.on_commit = self.operations.add
        unit.before_commit = self._check_in_place
        unit.as_error = self._as_error
        return unit

    def _as_error(self, fault: str) -> Exception:
        # a connection opened while the file was read-only would keep the others from writing
        self._idle.close()
        if self._engine is not None and is_lost(fault):
            self._engine.dispose()
        return storage_error(fault, self.folder)

    def snapshot(self) -> Snapshot:
        """Reads records in one consistent state; faults of the disk are raised as StorageError."""
        self._check_file()
        return Snapshot(self._idle, partial(storage_error, folder=self.folder))

    def _check_file(self) -> None:
        if _identity(self.folder / DATABASE) != self._file:
            self._come_back()

    def reading(self) -> UnitOfWork:
        """A unit of work that only reads, in one consistent state, any table."""
        return self.unit(write=False)

    def turn_to(self, data_key: bytes | None) -> None:
        """Goes on, under this key, with files that were rewritten while no connection was open."""
        self.let_go()
        self.data_key = data_key
        self._engine, self._idle = None, self._readers()
        self._file = _identity(self.folder / DATABASE)

    def _check_in_place(self) -> None:
        """StorageError when the file was removed or moved: what was written is not really saved."""
        if _identity(self.folder / DATABASE) != self._file:
            raise StorageError(
                f"Le dossier « {self.folder} » n'est plus là : rebranchez le disque ou remettez le"
                " dossier à sa place, ce qui est à l'écran sera enregistré à son retour."
            )

    def _come_back(self) -> None:
        """Reopens the workspace after its file was replaced, as on a stick pulled out and back."""
        if not exists(self.folder):
            self._check_in_place()
        if self.name and protection.read_header(self.folder).workspace != self.name:
            raise StorageError(
                f"Le dossier « {self.folder} » contient un autre espace de travail : remettez le"
                " vôtre à sa place, ce qui est à l'écran y sera enregistré."
            )
        self.turn_to(self.data_key)

    def compact(self) -> bool:
        """Rewrites the file without what was deleted; StorageError when there is no room.

        False when another program was reading, so that the log still holds the former content.
        """
        with french_storage_errors(self.folder):
            driver = connect(self.folder / DATABASE, self.data_key)
            try:
                driver.execute("VACUUM")
                busy = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            finally:
                driver.close()
        return not busy

    def let_go(self) -> None:
        """Closes every connection; the next read or write opens the file anew."""
        self._idle.close()
        if self._engine is not None:
            self._engine.dispose()

    def close(self) -> None:
        """Closes every connection; the write-ahead log is folded into the file."""
        self.let_go()


def _identity(path: Path) -> tuple[int, int] | None:
    """What tells a file from another one of the same name; None when there is no file."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def exists(folder: Path) -> bool:
    """Whether a folder holds a workspace."""
    return (folder / DATABASE).is_file() and (folder / protection.HEADER).is_file()


def check_free(folder: Path) -> None:
    """UserError when a folder cannot become a workspace, as it holds one, or other files."""
    if exists(folder):
        _refuse_taken(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        why = f"« {folder} » n'est pas un dossier vide"
        _refuse(why, "mettez ailleurs ce qu'il contient, puis recommencez")


def _refuse_taken(folder: Path) -> NoReturn:
    why = f"« {folder} » contient déjà un espace de travail"
    _refuse(why, "fermez le programme, puis rouvrez-le")


def _refuse(why: str, then: str) -> NoReturn:
    """Raises a UserError; what to do is an option on the command line, `then` in the window."""
    error = UserError(f"{why} : choisissez un autre dossier avec --workspace.")
    raise error from Refusal(f"{why} : {then}.")


def check_present(folder: Path) -> None:
    """NoWorkspace when a folder holds none, Damaged when only its database is gone.

    A workspace without its header passes; reading the header then raises Damaged.
    """
    if (folder / DATABASE).is_file():
        return
    copies = (folder / replacement.FOLDER).glob("*.sauvegarde")
    if (folder / protection.HEADER).is_file() or any(copies):
        raise Damaged(
            f"La base de l'espace de travail « {folder} » manque :"
            " « commissions doctor --repair » la reconstruit de la dernière copie."
        )
    raise NoWorkspace(
        f"« {folder} » n'est pas un espace de travail : créez-en un par « commissions new »,"
        " ou désignez le vôtre avec --workspace."
    )


def create(folder: Path, lock: protection.Protection, clock: Clock = now) -> Workspace:
    """Makes a workspace with the shipped territory; UserError when the folder is not free."""
    from app.storage import search_index
    from app.territory import territory

    check_free(folder)
    with french_storage_errors(folder):
        made = _claim(folder)
        engine = open_engine(folder / DATABASE, lock.data_key)
        try:
            workspace = Workspace(folder, engine, clock, lock.data_key)
            with workspace.unit() as unit:
                migration.make_schema(unit.connection)
                unit.receive_new(territory())
                while search_index.bring_up(unit):  # now: later it would slow whoever types
                    pass
                unit.commit()
            protection.write_header(folder, lock)
            workspace.name = lock.header.workspace
            files.sync_folder(folder.parent)
        except BaseException:
            engine.dispose()
            # the database last: as long as it is there, no other program begins one here
            for name in (protection.HEADER, f"{DATABASE}-wal", f"{DATABASE}-shm", DATABASE):
                (folder / name).unlink(missing_ok=True)
            if made:
                folder.rmdir()
            raise
    return workspace


def _claim(folder: Path) -> bool:
    """Makes the empty database file, as only one program can; gives whether it made the folder."""
    made = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    try:
        files.write_new(folder / DATABASE, b"")
    except FileExistsError:
        _refuse_taken(folder)
    except OSError:
        if made:
            folder.rmdir()
        raise
    return made


def open_workspace(folder: Path, passphrase: str | None = None, clock: Clock = now) -> Workspace:
    """Opens a workspace, bringing its schema up to date; UserError or StorageError otherwise."""
    with french_storage_errors(folder):
        replacement.finish(folder)
    check_present(folder)
    with french_storage_errors(folder):
        data_key = protection.unlock(folder, passphrase)
        path = folder / DATABASE
        _finish_encryption(folder, data_key)
        migration.bring_up_to_date(path, data_key)
        workspace = Workspace(folder, None, clock, data_key)
        workspace.name = protection.read_header(folder).workspace
        return workspace


def check_alone(folder: Path, data_key: bytes | None) -> None:
    """Fails (« database is locked ») while anything else has the workspace open."""
    driver = connect(folder / DATABASE, data_key)
    try:
        take_alone(driver)
    finally:
        driver.close()


def encrypt_anew(folder: Path, data_key: bytes | None, lock: protection.Protection) -> None:
    """Rewrites the database under another key; a failure midway leaves the old file good.

    The new database is complete beside the old one before first the header and then the database
    are replaced; after a power cut between the two, the next opening finishes. StorageError while
    another program has the workspace open.
    """
    former = (folder / protection.HEADER).read_bytes()
    try:
        _export(folder, data_key, lock.data_key)
        files.sync_file(folder / DRAFT)
        protection.write_header(folder, lock)
        try:
            files.take_place(folder / DRAFT, folder / DATABASE)
        except OSError:
            protection.put_header(folder, former)
            raise
    except BaseException:
        if (folder / protection.HEADER).read_bytes() == former:
            _forget_draft(folder)
        raise


def _export(folder: Path, data_key: bytes | None, next_key: bytes | None) -> None:
    """Writes the draft under the next key; the database's log is folded into it first."""
    _forget_draft(folder)
    files.make_private(folder / DRAFT)
    driver = connect(folder / DATABASE, data_key)
    try:
        key = "" if next_key is None else f"x'{next_key.hex()}'"
        take_alone(driver)
        driver.execute("ATTACH DATABASE ? AS anew KEY ?", (str(folder / DRAFT), key))
        for step in (_EXPORT,) if next_key else _WITHOUT_TOKEN:
            driver.execute(step)
        driver.execute("DETACH DATABASE anew")
    finally:
        driver.close()


def _finish_encryption(folder: Path, data_key: bytes | None) -> None:
    """Finishes a change of protection that stopped between the new header and the new database."""
    draft = folder / DRAFT
    if draft.exists():
        from app.storage.backup import opens

        if opens(draft, data_key) and not opens(folder / DATABASE, data_key):
            files.take_place(draft, folder / DATABASE)
    _forget_draft(folder)


def _forget_draft(folder: Path) -> None:
    for path in folder.glob(f"{DRAFT}*"):
        path.unlink()
