"""The central's database: SQLite in a folder by default, PostgreSQL to scale."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from pathlib import Path
from threading import Condition, Lock
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError, ProgrammingError

from app.errors import UserError
from app.sqlite import engine_over

_log = logging.getLogger("commissions.central")

FILE = "central.sqlite"
THREADS = 16
"""The connections of one process, and so the requests that it works on at once."""

_WAIT = 10  # seconds before a lock held by another process counts as « busy »

_PAGE = 16 << 10
"""Bytes of an SQLite page: writing a few large pages takes fewer calls than many small ones."""

_SHORT_LOG = 64
"""The pages (1 MB) up to which `shorten_log` leaves SQLite's log alone."""

_LONG_LOG = 2_000
"""The pages in the log from which a commit itself moves them into the database."""


class Database:
    """Transactions over one engine: many readers, and writers who take their turn."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.dialect = engine.dialect.name
        # SQLite has one writer at a time: this lock hands over at once, where SQLite would poll.
        self._turn = Lock() if self.dialect == "sqlite" else nullcontext()
        self._at_work, self._quiet = 0, Condition()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read by."""
        with self._connected() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A transaction that reads one state throughout, whatever is written meanwhile."""
        with self._connected() as connection:
            if self.dialect == "postgresql":  # SQLite's transactions always read one state
                connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction to write in: committed at the end, undone when an exception passes."""
        with self._turn, self._connected("IMMEDIATE") as connection, connection.begin():
            yield connection

    @contextmanager
    def _connected(self, begins: str = "DEFERRED") -> Iterator[Connection]:
        with self._working(), self.engine.connect() as connection:
            connection.info["begin"] = begins  # how SQLite begins a transaction
            yield connection

    @contextmanager
    def _working(self) -> Iterator[None]:
        """Counts those who hold a connection, whom `close` waits for."""
        with self._quiet:
            self._at_work += 1
        try:
            yield
        finally:
            with self._quiet:
                self._at_work -= 1
                self._quiet.notify_all()

    def shorten_log(self) -> None:
        """Moves the pages of SQLite's log into the database while others read and write.

        A commit would otherwise move many at once and make its caller wait, as it still will when
        this fails. PostgreSQL does this by itself.
        """
        try:
            self._move_log()
        except self.engine.dialect.loaded_dbapi.DatabaseError as error:
            _log.warning("log not shortened: %s", error)

    def _move_log(self) -> None:
        with (
            self._working(),
            closing(self.engine.raw_connection()) as connection,
            closing(connection.cursor()) as cursor,
        ):
            cursor.execute("PRAGMA wal_checkpoint(NOOP)")
            [(_, pages, moved)] = cursor.fetchall()
            if pages - moved > _SHORT_LOG:
                cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def close(self) -> None:
        """Closes every connection, once nobody holds one or after a while.

        A thread may still hold one: a server that stops does not wait for its background work.
        """
        with self._quiet:
            self._quiet.wait_for(lambda: self._at_work == 0, _WAIT)
        self.engine.dispose()


def in_folder(folder: Path) -> str:
    """The URL of the SQLite database in a folder, made when missing and readable by us alone."""
    path = folder / FILE
    try:  # SQLite gives its journal and index files the mode of the database
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise UserError(
            f"Le dossier « {folder} » ne peut être écrit par ce compte : lancez la commande sous"
            " celui du central (« sudo -u »), ou choisissez un autre dossier."
        ) from error
    return URL.create("sqlite", database=str(path.resolve())).render_as_string()


_BAD_URL = (
    "L'adresse de la base n'est pas valable : elle s'écrit"
    " « postgresql://utilisateur@machine/base » ou « sqlite:///chemin », « @ » s'y écrit"
    " « %40 » dans un mot de passe, et « % », « %25 »."
)


def open_database(url: str) -> Database:
    """The database at `sqlite:///PATH` or `postgresql://…`; UserError when it does not answer."""
    try:
        parsed = make_url(url)
        family = parsed.get_backend_name()
        if family == "postgresql" and url.count("@") > 1:
            raise ValueError  # the end of a password would be quoted as a host or a base
    except (ArgumentError, ValueError) as error:  # ValueError: of a port that is no number
        raise UserError(_BAD_URL) from error
    if family == "sqlite" and parsed.database:
        engine = _sqlite(parsed.database)
    elif family == "postgresql":
        engine = _postgresql(parsed.set(drivername="postgresql+psycopg"))
    else:
        raise UserError(
            f"La base « {family} » n'est pas prise en charge : prenez PostgreSQL ou SQLite, par"
            " « postgresql://… » ou « sqlite:///chemin »."
        )
    try:
        engine.connect().close()
    except UnicodeError as error:  # a host that no machine can have
        engine.dispose()
        raise UserError(_BAD_URL) from error
    except (OperationalError, ProgrammingError) as error:
        engine.dispose()
        raise UserError(
            "La base de données ne s'ouvre pas : vérifiez son adresse, son nom, le compte, et"
            f" qu'elle est en marche. Elle dit : {cause_of(error)}"
        ) from error
    return Database(engine)


def cause_of(error: DatabaseError) -> str:
    """The first line of the database's message: the following ones may quote a row."""
    cause, _, _ = str(error.orig).partition("\n")
    return cause


@contextmanager
def explained() -> Iterator[None]:
    """Turns a database's error (full, locked, damaged, not ours to write) into a UserError."""
    try:
        yield
    except DatabaseError as error:
        raise UserError(
            "La base de données refuse, rien n'a été modifié : vérifiez que rien d'autre ne"
            " l'occupe, qu'il reste de la place, que son compte peut y écrire et qu'elle n'est pas"
            f" abîmée. Elle dit : {cause_of(error)}"
        ) from error


def _sqlite(path: str) -> Engine:
    from sqlcipher3 import dbapi2

    with suppress(OSError):  # what is wrong of this path, SQLite says as it opens it
        os.close(os.open(path, os.O_CREAT | os.O_RDONLY, 0o600))

    def connect() -> Any:
        connection = dbapi2.connect(
            path, isolation_level=None, check_same_thread=False, timeout=_WAIT
        )
        for pragma in (
            f"page_size={_PAGE}",
            "secure_delete=ON",  # what was erased does not stay in the free pages of the file
            "journal_mode=WAL",
            "synchronous=FULL",
            "temp_store=MEMORY",
            "cache_size=-64000",
            f"wal_autocheckpoint={_LONG_LOG}",
            "journal_size_limit=67108864",
        ):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    return engine_over(connect, pool_size=THREADS, max_overflow=2)


_GONE = 60  # seconds of silence after which PostgreSQL is given up; a busy disk may take several


def _postgresql(url: URL) -> Engine:
    if "passfile" in url.query:
        _check_passwords(str(url.query["passfile"]))
    options = f"-c lock_timeout={_WAIT}s -c timezone=UTC"
    return create_engine(
        url,
        pool_size=THREADS,
        max_overflow=2,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={
            "options": options,
            "application_name": "commissions-central",
            "client_encoding": "utf8",
            "connect_timeout": _WAIT,
            "keepalives_idle": _WAIT,
            "keepalives_interval": _WAIT,
            "tcp_user_timeout": _GONE * 1000,
        },
    )


def _check_passwords(file: str) -> None:
    """UserError for a password file that libpq would ignore, to complain later of no password."""
    open_to_others = 0o077 if os.name == "posix" else 0
    if not os.access(file, os.R_OK) or Path(file).stat().st_mode & open_to_others:
        raise UserError(
            f"Le fichier de mots de passe « {file} » ne peut servir : il doit exister, et être"
            " lisible par le compte qui lance le central, et par lui seul (« chmod 600 »)."
        )
