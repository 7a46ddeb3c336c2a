"""Many rows in one statement: inserted by the driver itself, or selected by a list of texts."""

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
    """Inserts rows, in the order of `names`, straight through the driver, thousands at once."""
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    marks = ", ".join(mark for _ in names)
    insert = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks}){on_conflict}"  # noqa: S608 - names of ours
    connection.exec_driver_sql(insert, rows)


def taken_as(connection: Connection) -> tuple[type[int], type[bytes | bytearray]]:
    """The types in which the driver takes booleans and bytes as they are.

    For any other, SQLite's driver looks for an adapter, which takes longer than writing the value.
    """
    return (int, bytearray) if connection.dialect.name == "sqlite" else (bool, bytes)


def members(name: str, dialect: str) -> Select[Any]:
    """Selects the members of a JSON list of texts bound as `name`, whatever their number."""
    bound = bindparam(name, type_=Text)
    if dialect == "sqlite":
        return select(func.json_each(bound).table_valued("value").c.value)
    return select(func.json_array_elements_text(cast(bound, JSON)).column_valued(name))


def listed(texts: Sequence[str]) -> str:
    """The JSON list to bind to a statement with `members`."""
    return msgspec.json.encode(texts).decode()
