"""A process that gets ready before it serves leaves no trace, and waits for nobody."""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.central import database as databases
from app.central.application import application
from app.central.database import Database, in_folder, open_database
from app.central.migration import prepare
from app.central.rehearsal import rehearse
from app.central.schema import metadata
from app.clock import now
from tests.central_server import Central


def _content(database: Database) -> dict[str, list[Any]]:
    with database.snapshot() as connection:
        return {
            name: sorted(map(repr, connection.execute(table.select())))
            for name, table in metadata.tables.items()
        }


def test_a_rehearsal_leaves_everything_as_it_was(site: Central) -> None:
    site.facilitator(site.commission())
    before = _content(site.database)
    asyncio.run(rehearse(application(site.database, site.clock)))
    assert _content(site.database) == before


def test_a_database_that_another_process_keeps_busy_is_let_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "_WAIT", 0.1)
    url = in_folder(tmp_path)
    with closing(open_database(url)) as ours, closing(open_database(url)) as anothers:
        prepare(ours, now())
        with anothers.writing():
            asyncio.run(rehearse(application(ours, now)))
