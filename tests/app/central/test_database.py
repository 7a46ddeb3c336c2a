"""SQLite's log: shortened after an answer, never grown without a bound."""

from __future__ import annotations

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from app.central import database as databases
from app.central.database import FILE, Database, in_folder, open_database
from app.errors import UserError
from tests.app.central.laptop import laptop, op
from tests.central_server import Central

PAGE = 16 << 10
PATIENCE = 20  # seconds for what is done after an answer


def _in_the_log(database: Database) -> int:
    """The pages that are in the log alone."""
    with closing(database.engine.raw_connection()) as connection:
        cursor = connection.cursor()
        cursor.execute("PRAGMA wal_checkpoint(NOOP)")
        [(_, pages, moved)] = cursor.fetchall()
    return int(pages - moved)


def _write(database: Database, pages: int) -> None:
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS written (content BLOB)")
        connection.exec_driver_sql("INSERT INTO written VALUES (zeroblob(?))", (pages * PAGE,))


def test_a_log_is_moved_into_the_database_once_it_is_worth_it(tmp_path: Path) -> None:
    database = open_database(in_folder(tmp_path))
    _write(database, 30)
    before = _in_the_log(database)
    database.shorten_log()
    assert _in_the_log(database) == before > 30
    _write(database, 40)
    with database.snapshot() as reader:  # nobody has to wait for the readers
        assert reader.exec_driver_sql("SELECT count(*) FROM written").scalar_one() == 2
        database.shorten_log()
        assert reader.exec_driver_sql("SELECT count(*) FROM written").scalar_one() == 2
    assert _in_the_log(database) == 0
    database.close()


def test_closing_waits_for_who_is_at_work(database_url: str | None, tmp_path: Path) -> None:
    database = open_database(database_url or in_folder(tmp_path))
    begun, go_on = threading.Event(), threading.Event()

    def work() -> int:
        with database.reading() as connection:
            begun.set()
            go_on.wait(PATIENCE)
            return int(connection.exec_driver_sql("SELECT 1").scalar_one())

    with ThreadPoolExecutor(2) as threads:
        worked = threads.submit(work)
        begun.wait(PATIENCE)
        closed = threads.submit(database.close)
        with pytest.raises(TimeoutError):
            closed.result(0.2)
        go_on.set()
        closed.result(PATIENCE)
        assert worked.result() == 1


def test_a_new_database_has_large_pages_and_an_older_one_works_on_as_it_is(tmp_path: Path) -> None:
    def page_size(folder: Path) -> int:
        database = open_database(in_folder(folder))
        _write(database, 1)
        with database.reading() as connection:
            size = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
        database.close()
        return int(size)

    older = tmp_path / "older"
    older.mkdir()
    with closing(dbapi2.connect(older / FILE)) as connection:
        connection.execute("PRAGMA page_size = 4096")
        connection.execute("CREATE TABLE former (content)")
    assert (page_size(tmp_path / "new"), page_size(older)) == (PAGE, 4096)


def test_a_log_that_nobody_shortens_has_its_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "_LONG_LOG", 400)
    database = open_database(in_folder(tmp_path))
    for _ in range(10):
        _write(database, 100)
        assert _in_the_log(database) < 500
    database.close()


def test_who_looks_before_writing_is_overtaken_by_no_other_process(tmp_path: Path) -> None:
    database = open_database(in_folder(tmp_path))
    _write(database, 1)
    with closing(dbapi2.connect(tmp_path / FILE, timeout=0, isolation_level=None)) as other:
        with database.writing() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM written").scalar_one()
            with pytest.raises(dbapi2.OperationalError, match="locked"):
                other.execute("INSERT INTO written VALUES (NULL)")
        other.execute("INSERT INTO written VALUES (NULL)")
    database.close()


def test_the_log_is_short_again_after_a_batch(central: Central) -> None:
    commission = central.commission()
    lea = laptop(central, commission)
    with closing(lea.client):
        lea.send(commission, *(op("decision", text="mot " * 500) for _ in range(1_000)))
    until = time.monotonic() + PATIENCE
    while _in_the_log(central.database) > 0:
        assert time.monotonic() < until


def test_a_machine_that_takes_the_call_and_says_nothing_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(databases, "_WAIT", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://gip@127.0.0.1:{silent.getsockname()[1]}/central"
        refused = _hung_up_on(silent, url)
    assert "timeout" in str(refused.sentence)


def _hung_up_on(silent: socket.socket, url: str) -> UserError:
    """What opening says of a server that is silent, then gone after `PATIENCE`."""

    def hang_up() -> None:
        taken, _ = silent.accept()
        with taken:
            over.wait(PATIENCE)

    over = threading.Event()
    thread = threading.Thread(target=hang_up)
    thread.start()
    with pytest.raises(UserError) as caught:
        open_database(url)
    over.set()
    thread.join()
    return caught.value
