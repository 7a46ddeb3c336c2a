"""Opening the SQLite file: one engine a workspace, with the pragmas that durability asks for."""

from __future__ import annotations

from contextlib import closing, suppress
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from sqlcipher3 import dbapi2

from app.errors import StorageError
from app.storage.files import writable

if TYPE_CHECKING:
    from sqlalchemy import Engine

SAFE_SQLITE = (3, 51, 3)
"""Earlier versions can corrupt a write-ahead log that two connections write or checkpoint."""

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "fullfsync=ON",  # macOS otherwise leaves what it synced in the disk's own memory
    "foreign_keys=ON",
    "temp_store=MEMORY",
    "cache_size=-32000",
    "wal_autocheckpoint=4000",
    "journal_size_limit=67108864",
)
"""What every connection that writes begins with."""

DriverError: type[Exception] = dbapi2.DatabaseError
"""What the SQLite driver raises; SQLAlchemy's own DBAPIError wraps it inside a connection."""

DRIVER_ERRORS = (DriverError, UnicodeDecodeError)
"""All that it raises: the latter when what it tells quotes bytes of a damaged file."""


_DAMAGE = (
    "not a database", "malformed", "disk image", "no such table", "no such column",
    "could not decode", "vtable constructor", "corrupt",
)  # fmt: skip


def is_damage(fault: str) -> bool:
    """Whether what the driver says is about what the file holds, not about the disk."""
    return any(words in fault.lower() for words in _DAMAGE)


def fault_of(error: BaseException) -> str | None:
    """What the driver says in an error of its own, or in SQLAlchemy's around it; None in others."""
    fault = getattr(error, "orig", error)
    if isinstance(fault, UnicodeDecodeError):
        return f"malformed text: {fault}"
    return str(fault) if isinstance(fault, dbapi2.Error) else None


def connect(
    path: Path, key: bytes | None, *, read_only: bool = False, untouched: bool = False
) -> Any:
    """A driver's connection to an existing or new file; `key` is 32 bytes, None for plain files.

    `untouched` makes no file beside it either; for a database that nobody has open.
    """
    if dbapi2.sqlite_version_info < SAFE_SQLITE:
        raise StorageError(
            f"La bibliothèque SQLite {dbapi2.sqlite_version} est trop ancienne pour garantir vos"
            " données : réinstallez le programme avec ses dépendances."
        )
    if read_only and path.with_name(f"{path.name}-journal").exists():
        _roll_back(path, key)
    untouched = untouched or (read_only and _lies_still(path))
    mode = "ro" if read_only else "rwc"
    connection = dbapi2.connect(
        f"{address(path.resolve())}?mode={mode}{'&immutable=1' if untouched else ''}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=10,
    )
    if key is not None:
        connection.execute("PRAGMA cipher_log_level = NONE")  # it would write on standard error
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        # What is given up stays encrypted: SQLCipher would write each of its pages once more.
        connection.execute("PRAGMA secure_delete = OFF")
    return connection


def address(path: PurePath) -> str:
    """The URI of a whole path; that of a Windows share holds no server, which SQLite refuses."""
    uri = path.as_uri()
    return uri if uri.startswith("file:///") else uri.replace("file://", "file:////", 1)


def is_closed(path: Path) -> bool:
    """Whether a database was left whole, without the log that an open one has."""
    return not path.with_name(f"{path.name}-wal").exists()


def _lies_still(path: Path) -> bool:
    """Whether nobody can be writing a database, nor make the log without which none is read."""
    return is_closed(path) and not writable(path.parent)


def _roll_back(path: Path, key: bytes | None) -> None:
    """Takes back what a power cut left half written, which a reader alone may not do."""
    writer = connect(path, key)
    with closing(writer), suppress(*DRIVER_ERRORS):  # the reader will say what is wrong
        writer.execute("SELECT count(*) FROM sqlite_master").fetchone()


def durable(path: Path, key: bytes | None) -> Any:
    """A driver's connection that writes durably (WAL, synchronous=FULL, foreign keys on)."""
    connection = connect(path, key)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def open_engine(path: Path, key: bytes | None) -> Engine:
    """An engine over durable connections."""
    from sqlalchemy import event

    from app.sqlite import engine_over

    engine = engine_over(lambda: durable(path, key), pool_size=4)

    # What failed on a disk that was pulled out, or could only be read, fails for ever: the next one
    # opens the file anew, as do the others, for they share what one of them opened.
    @event.listens_for(engine, "handle_error")
    def _let_go(context: Any) -> None:
        fault = str(context.original_exception).lower()
        if "disk i/o error" in fault or "readonly database" in fault:
            context.is_disconnect = True
            engine.dispose()

    return engine
