"""Engines over SQLite: what was compiled for one file serves the others."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Column, Integer, MetaData, Table, bindparam, insert, select
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlcipher3 import dbapi2

from app import sqlite
from app.sqlite import Dialect, engine_over

_TABLE = Table("essai", MetaData(), Column("n", Integer))


def _kept(path: Path, number: int) -> list[int]:
    engine = engine_over(lambda: dbapi2.connect(path, isolation_level=None), pool_size=1)
    with engine.begin() as connection:
        _TABLE.create(connection)
        connection.execute(insert(_TABLE), {"n": number})
        query = select(_TABLE.c.n).where(_TABLE.c.n == bindparam("number"))
        found = list(connection.execute(query, {"number": number}).scalars())
    engine.dispose()
    return found


def test_a_statement_is_compiled_once_and_each_file_answers_by_its_own(tmp_path: Path) -> None:
    assert _kept(tmp_path / "une", 1) == [1]
    compiled = len(sqlite._compiled)
    assert compiled > 0
    assert _kept(tmp_path / "autre", 2) == [2]
    assert len(sqlite._compiled) == compiled


def test_the_dialect_is_that_of_no_other_program() -> None:
    assert Dialect() == Dialect()
    assert Dialect() != SQLiteDialect_pysqlite()
