"""Checks that a workspace's database is as it was written, down to its words."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from app.storage import migration
from app.storage.backup import check_database
from app.storage.database import DRIVER_ERRORS, connect, is_closed
from app.storage.pages import Pages
from app.storage.rows import changes_in, object_in

_JSON = (
    "SELECT 'setting', value FROM setting",
    "SELECT 'central_link', value FROM central_link",
    "SELECT 'receipt', content FROM receipt",
)


def faults(path: Path, data_key: bytes | None, *, opened: bool) -> list[str]:
    """What is wrong with the file, its log and what they hold; empty when all is well.

    SQLite silently drops what follows a bad frame of the log, so the log is checked first. Nor does
    SQLite notice a changed letter in an unencrypted file, so records are compared with their
    history (only in our schema: other tables are left to SQLite). When this process has the
    database open, SQLite has read the log already, and we must not: closing a file releases every
    lock that the process holds on it (POSIX).
    """
    if not opened and _log_is_damaged(path, data_key):
        return ["the write-ahead log lost a change"]  # SQLite would overwrite the proof of it
    return check_database(path, data_key) or list(_content_faults(path, data_key))


def _log_is_damaged(path: Path, data_key: bytes | None) -> bool:
    # Twice, for another program may have been writing during the first reading.
    return Pages(path, data_key).log_damaged and Pages(path, data_key).log_damaged


def _content_faults(path: Path, data_key: bytes | None) -> Iterator[str]:
    driver = connect(path, data_key, read_only=True, untouched=is_closed(path))
    try:
        driver.execute("BEGIN")  # one consistent state
        if migration.version_in(driver) != migration.HEAD:
            return
        for statement in _JSON:
            for table, value in driver.execute(statement):
                if not _is_json(value):
                    yield f"{table}: {value[:40]!r}"
        yield from _record_faults(driver)
        yield from _file_faults(driver)
    except DRIVER_ERRORS as error:
        yield str(error)
    finally:
        driver.close()


def _record_faults(driver: Any) -> Iterator[str]:
    latest: dict[str, dict[str, Any]] = {}
    for record_id, text in driver.execute(
        "SELECT record_id, changes FROM history ORDER BY record_id, change"
    ):
        changes = changes_in(text)
        if changes is None:
            yield f"history: {text[:40]!r}"
            continue
        latest.setdefault(record_id, {}).update({name: to for name, (_, to) in changes.items()})
    rows = (
        "SELECT id, record.deleted, content.fields, base.fields FROM record"
        " LEFT JOIN content ON content.n = record.n LEFT JOIN base ON base.n = record.n"
    )
    for record_id, deleted, fields, base in driver.execute(rows):
        held = object_in(fields)
        if held is None or (base is not None and object_in(base) is None):
            yield f"record {record_id}"
            continue
        values = held | {"deleted": bool(deleted)}
        told = latest.get(record_id, {}).items()
        if any(values[name] != to for name, to in told if name in values):
            yield f"record {record_id} differs from its history"


def _file_faults(driver: Any) -> Iterator[str]:
    for digest, content in driver.execute("SELECT sha256, content FROM blob"):
        if sha256(content).hexdigest() != digest:
            yield f"blob {digest}"


def _is_json(text: str | bytes) -> bool:
    try:
        msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return True
