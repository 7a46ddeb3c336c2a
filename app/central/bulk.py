"""Many rows in few statements: written by the driver itself, looked for by a list of texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import JSON, Connection, Select, Text, bindparam, cast, func, select


def insert_many(
    connection: Connection,
    table: str,
    names: Sequence[str],
    rows: list[tuple[Any, ...]],
    on_conflict: str = "",
) -> None:
    """Writes rows of a table's columns; many thousand go through the driver at once."""
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    marks = ", ".join(mark for _ in names)
    insert = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks}){on_conflict}"  # noqa: S608 - names of ours
    connection.exec_driver_sql(insert, rows)


def taken_as(connection: Connection) -> tuple[type[int], type[bytes | bytearray]]:
    """As what the driver takes truth values and bytes at once.

    SQLite's looks for an adapter of any other, in longer than it takes to write the value.
    """
    return (int, bytearray) if connection.dialect.name == "sqlite" else (bool, bytes)


def members(name: str, dialect: str) -> Select[Any]:
    """The members of a JSON list of texts bound under a name: one statement for any number."""
    bound = bindparam(name, type_=Text)
    if dialect == "sqlite":
        return select(func.json_each(bound).table_valued("value").c.value)
    return select(func.json_array_elements_text(cast(bound, JSON)).column_valued(name))


def listed(texts: Sequence[str]) -> str:
    """What a statement with `members` is executed with."""
    return msgspec.json.encode(texts).decode()
