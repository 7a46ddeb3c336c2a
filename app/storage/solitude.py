"""Makes sure that no other program has a workspace's database open, before its file is replaced.

Such a program would go on writing into the old file, and its words would be lost.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_SHARED_FIRST, _SHARED_SIZE = 0x40000002, 510
"""The bytes that SQLite keeps locked while a write-ahead log is in use (its os_unix.c)."""

_PATIENCE = 1500
"""How many milliseconds another program has to finish what it is doing."""


@contextmanager
def alone(database: Path) -> Iterator[None]:
    """Locks every other program out of a database, without its key; OSError when one has it open.

    This process must not have it open. On Windows nothing is needed: it refuses to move a file in
    use.
    """
    if os.name == "nt" or not database.exists():
        yield
        return
    import fcntl

    with database.open("rb+") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, _SHARED_SIZE, _SHARED_FIRST)
        except OSError as error:
            raise OSError(error.errno, "database is locked") from error
        yield


def take_alone(driver: Any) -> None:
    """Folds the write-ahead log into the file, and locks that until `driver` closes.

    SQLite refuses (« database is locked ») while any other connection has the database open.
    """
    driver.execute(f"PRAGMA busy_timeout={_PATIENCE}")
    driver.execute("PRAGMA locking_mode=EXCLUSIVE")
    driver.execute("PRAGMA journal_mode=DELETE")
    driver.execute("BEGIN EXCLUSIVE")
    driver.execute("COMMIT")
