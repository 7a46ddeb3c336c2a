"""Engines over SQLite: what was compiled for one file serves the others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Column, Engine, Integer, MetaData, Table, Text, bindparam, insert, select
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError
from sqlcipher3 import dbapi2

from app import sqlite
from app.sqlite import Dialect, Ready, engine_over

_TABLE = Table("essai", MetaData(), Column("n", Integer))
_WORDS = Table("words", MetaData(), Column("n", Integer, primary_key=True), Column("word", Text))
_PUT = Ready(insert(_WORDS))
_UP_TO = Ready(select(_WORDS).where(_WORDS.c.n <= bindparam("n")).order_by(_WORDS.c.n.desc()))
_CHANGE = Ready(_WORDS.update().where(_WORDS.c.n > bindparam("after")).values(word="changé"))


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


@pytest.fixture
def words(tmp_path: Path) -> Iterator[Engine]:
    """A file with a table of three words."""
    engine = engine_over(
        lambda: dbapi2.connect(tmp_path / "mots", isolation_level=None), pool_size=1
    )
    with engine.begin() as connection:
        _WORDS.create(connection)
        for n, word in enumerate(("un", "deux", "trois"), 1):
            assert _PUT.write(connection, {"n": n, "word": word}) == 1
    yield engine
    engine.dispose()


def test_a_ready_statement_gives_what_sqlalchemy_gives(words: Engine) -> None:
    with words.connect() as connection:
        found = connection.execute(select(_WORDS).order_by(_WORDS.c.n.desc())).all()
        assert _UP_TO.rows(connection, {"n": 3}) == [tuple(row) for row in found]
        assert list(_UP_TO.stream(connection, {"n": 1})) == [(1, "un")]
        assert _UP_TO.rows(connection, {"n": 0}) == []


def test_what_a_ready_statement_writes_is_kept_or_undone_with_its_transaction(
    words: Engine,
) -> None:
    with words.connect() as connection:
        assert _CHANGE.write(connection, {"after": 1}) == 2
        assert _CHANGE.write(connection, {"after": 9}) == 0
        connection.rollback()
        assert _UP_TO.rows(connection, {"n": 3})[0] == (3, "trois")
        _CHANGE.write(connection, {"after": 2})
    with words.connect() as connection:  # it was left without a commit
        assert _UP_TO.rows(connection, {"n": 3})[0] == (3, "trois")
        _CHANGE.write(connection, {"after": 2})
        connection.commit()
    with words.connect() as connection:
        assert _UP_TO.rows(connection, {"n": 3})[0] == (3, "changé")


def test_a_ready_statement_fails_as_sqlalchemy_does_and_quotes_nothing(words: Engine) -> None:
    with words.connect() as connection:
        with pytest.raises(IntegrityError) as failed:
            _PUT.write(connection, {"n": 1, "word": "secret"})
        assert isinstance(failed.value.orig, dbapi2.IntegrityError)
        assert "secret" not in str(failed.value)
        _WORDS.drop(connection)
        with pytest.raises(OperationalError, match="no such table"):
            _UP_TO.rows(connection, {"n": 1})


def test_a_value_that_is_owed_is_missed(words: Engine) -> None:
    with words.connect() as connection:
        with pytest.raises(ProgrammingError):
            _UP_TO.rows(connection, {"m": 1})
        with pytest.raises(ProgrammingError):
            _PUT.write(connection, {"n": 4})
