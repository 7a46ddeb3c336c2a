"""Whether a workspace's database is open elsewhere, before its file is replaced by another.

A program that has the file open would go on writing into the former one: its words would be lost.
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
"""Milliseconds left to another program to end what it is at."""


@contextmanager
def alone(database: Path) -> Iterator[None]:
    """Keeps every other program out of a database, its key unknown; OSError when one is in it.

    Nothing of this process may have it open. Windows itself refuses to move a file in use.
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
    """Leaves the write-ahead log, which folds it in, and holds the file until `driver` closes.

    SQLite refuses (« database is locked ») while any other connection has the database open.
    """
    driver.execute(f"PRAGMA busy_timeout={_PATIENCE}")
    driver.execute("PRAGMA locking_mode=EXCLUSIVE")
    driver.execute("PRAGMA journal_mode=DELETE")
    driver.execute("BEGIN EXCLUSIVE")
    driver.execute("COMMIT")
