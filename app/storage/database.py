"""Opens the SQLite file: one engine a workspace, with the pragmas that durability needs."""

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
"""Earlier versions can corrupt a write-ahead log when two connections write or checkpoint it."""

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
"""What every durable connection begins with."""

DriverError: type[Exception] = dbapi2.DatabaseError
"""What the SQLite driver raises; through an SQLAlchemy connection, a DBAPIError wraps it."""

DRIVER_ERRORS = (DriverError, UnicodeDecodeError)
"""All that the driver raises; UnicodeDecodeError if its message quotes bytes of a damaged file."""


_DAMAGE = (
    "not a database", "malformed", "disk image", "no such table", "no such column",
    "could not decode", "vtable constructor", "corrupt",
)  # fmt: skip


def is_damage(fault: str) -> bool:
    """Whether the driver's message is about the file's content, not about the disk."""
    return any(words in fault.lower() for words in _DAMAGE)


def is_lost(fault: str) -> bool:
    """Whether the driver's message tells of a disk pulled out, or read-only: the connection then
    fails for ever.
    """
    return "disk i/o error" in fault.lower() or "readonly database" in fault.lower()


def fault_of(error: BaseException) -> str | None:
    """The driver's message, from its own error or SQLAlchemy's around it; None for other errors."""
    fault = getattr(error, "orig", error)
    if isinstance(fault, UnicodeDecodeError):
        return f"malformed text: {fault}"
    return str(fault) if isinstance(fault, dbapi2.Error) else None


def connect(
    path: Path, key: bytes | None, *, read_only: bool = False, untouched: bool = False
) -> Any:
    """A driver's connection to an existing or new file; `key` is 32 bytes, None if unencrypted.

    `untouched` makes no file beside the database; only for one that nobody has open.
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
        connection.execute("PRAGMA cipher_log_level = NONE")  # else it writes to standard error
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        # Freed pages are encrypted anyway: SQLCipher would only write each of them once more.
        connection.execute("PRAGMA secure_delete = OFF")
    return connection


def address(path: PurePath) -> str:
    """The URI of an absolute path, where a Windows share's server is made part of the path: SQLite
    refuses a host.
    """
    uri = path.as_uri()
    return uri if uri.startswith("file:///") else uri.replace("file://", "file:////", 1)


def is_closed(path: Path) -> bool:
    """Whether a database has no write-ahead log, as when it was closed properly."""
    return not path.with_name(f"{path.name}-wal").exists()


def _lies_still(path: Path) -> bool:
    """Whether nobody is writing a database, nor can make the log that reading it would need."""
    return is_closed(path) and not writable(path.parent)


def _roll_back(path: Path, key: bytes | None) -> None:
    """Rolls back what a power cut left half written, which a read-only connection cannot do."""
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

    # A connection that failed on a disk pulled out, or read-only, fails for ever. All are dropped,
    # as they share what one of them opened, and the next one opens the file anew.
    @event.listens_for(engine, "handle_error")
    def _let_go(context: Any) -> None:
        if is_lost(str(context.original_exception)):
            context.is_disconnect = True
            engine.dispose()

    return engine
