"""What a central does once its answers have gone: for many at once, and no stop waits for it."""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path

import pytest

from app.central import digests
from app.central.database import Database
from app.central.office import Office
from app.central.routes import exchange
from app.clock import now
from app.sync.protocol import Limits
from tests.app.central.laptop import Laptop, laptop, op
from tests.app.central.test_region_digests import wait_for_digests
from tests.central_server import Central, start_central


def test_it_is_done_once_for_all_that_is_written_meanwhile_and_again_for_what_follows(
    central: Central, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, shorten_log = Office(central.database, now, Limits()), Database.shorten_log
    seen: list[bool] = []

    def shorten(database: Database) -> None:
        """Another batch is written while the work of the first goes on."""
        seen.append(office.is_to_tidy)
        office.is_to_tidy = len(seen) == 1
        shorten_log(database)

    async def write(batches: int) -> None:
        for _ in range(batches):
            exchange._tidy_soon(office)
        assert office.tidying is not None
        await office.tidying

    async def twice() -> None:
        await write(3)
        assert seen == [False, False]
        await write(1)

    monkeypatch.setattr(exchange, "_PAUSE", 0)
    monkeypatch.setattr(Database, "shorten_log", shorten)
    asyncio.run(twice())
    assert seen == [False, False, False]


def test_a_central_that_stops_does_not_wait_for_the_quiet_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(exchange, "_PAUSE", 3_600)
    with start_central(tmp_path) as central:
        commission = central.commission()
        lea = laptop(central, commission)
        with closing(lea.client):
            lea.send(commission, op("need", title="Un site"))
    assert "task" not in caplog.text


def test_what_a_stop_left_is_done_after_the_next_exchange(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, start_central(tmp_path) as central:
        patch.setattr(exchange, "_PAUSE", 3_600)
        commission = central.commission()
        lea = laptop(central, commission)
        with closing(lea.client):
            lea.send(commission, *(op("need", title=str(n)) for n in range(digests.AT_ONCE + 1)))
    with start_central(tmp_path) as central:
        with closing(central.client(lea.enrolment.token)) as client:
            Laptop(client, lea.capabilities, lea.enrolment).exchange()
        wait_for_digests(central)
