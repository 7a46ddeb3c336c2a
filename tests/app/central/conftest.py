"""Centrals on both databases. Laptops that a test makes are closed before their central stops."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.central.database import Database
from app.clock import new_id
from tests.app.central.laptop import Laptop, laptop
from tests.central_server import Central, central, start_central, start_postgresql
from tests.conftest import FakeClock

__all__ = ["central"]

Enrol = Callable[..., Laptop]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Callable[[str], str]]:
    """Makes a new database of the session's PostgreSQL."""
    with start_postgresql() as new_database:
        yield new_database


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str | None:
    """The URL of a new PostgreSQL database, None for SQLite."""
    if request.param == "sqlite":
        return None
    new_database: Callable[[str], str] = request.getfixturevalue("postgresql")
    return new_database(new_id())


@pytest.fixture
def site(tmp_path: Path, database_url: str | None, clock: FakeClock) -> Iterator[Central]:
    """A central on SQLite, then on PostgreSQL."""
    with start_central(tmp_path / "site", database_url, clock) as served:
        yield served


@pytest.fixture
def enrol(site: Central) -> Iterator[Enrol]:
    """Enrols a laptop at `site`: enrol(*commission_ids, role=…, create=…)."""
    made: list[Laptop] = []

    def enrol_one(*spaces: str, **account: Any) -> Laptop:
        made.append(laptop(site, *spaces, **account))
        return made[-1]

    yield enrol_one
    for one in made:
        one.client.close()


def await_its_turn(database: Database, other: Future[Any]) -> None:
    """Returns once another waits for a lock of PostgreSQL's; SQLite's has all to itself."""
    waiting = text(
        "SELECT 1 FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    if database.dialect == "postgresql":
        with database.reading() as connection:
            while not other.done() and connection.execute(waiting).first() is None:
                connection.rollback()  # what it shows is of one moment
                time.sleep(0.01)
