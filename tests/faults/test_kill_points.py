"""`kill -9` of laptop and of central at every point of a sync: each change has one effect.

The points are those that a sync passes, one after the other, until one sync passes them all.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import func, select

from app.central.schema import revisions
from app.errors import SyncError
from app.storage import blobs
from app.storage.backup import check_database
from tests.properties.region import Device, Region
from tests.workspaces import PASSPHRASE

ROOT = Path(__file__).parents[2]
STEP = 1 if settings.default.max_examples >= 1_000 else 4
"""A long run tries every point, a short one some."""

FEWEST = 12
"""Points that a sync which sends, takes in, uploads and downloads passes at the very least."""


@pytest.fixture
def region() -> Iterator[Region]:
    made = Region()
    yield made
    made.close()


@pytest.fixture
def pair(region: Region) -> Iterator[list[Device]]:
    pair = region.begin([0, 0])
    yield pair
    for one in pair:
        one.services.close()
    region.end()


def write(one: Device, name: str) -> tuple[str, str]:
    """A need and its photo; gives the ids of the need and of the attachment."""
    content = f"photo {name}".encode() * 500
    with one.services.workspace.unit("Photo") as unit:
        digest = blobs.keep(unit, content)
        unit.commit()
    need = one.put("need", title=name)
    photo = one.put("attachment", owner_id=need, name=name, media_type="image/jpeg",
                    size=len(content), sha256=digest)  # fmt: skip
    return need, photo


def check(region: Region, pair: list[Device], made: list[tuple[str, str]]) -> None:
    """Everything is everywhere, once."""
    for _ in range(2):
        for one in pair:
            one.sync()
    for need, photo in made:
        for one in pair:
            assert one.stored(need).envelope.revision == one.stored(photo).envelope.revision == 1
            with one.services.workspace.reading() as unit:
                assert blobs.held(unit, [one.get(photo)["sha256"]])
    for one in pair:
        assert one.services.sync.status().pending == 0
        assert one.services.conflicts.open() == []
        with one.services.workspace.reading() as unit:
            assert (
                check_database(one.folder / "commissions.db", one.services.workspace.data_key) == []
            )
    assert pair[0].known() == pair[1].known()
    with region.database.reading() as connection:
        twice = select(revisions.c.op_id).group_by(revisions.c.op_id).having(func.count() > 1)
        assert not connection.execute(twice).all()


def test_a_laptop_killed_at_any_point_of_a_sync_goes_on_where_it_was(
    region: Region, pair: list[Device]
) -> None:
    anne, benoit = pair
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.points"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as nursery:  # fmt: skip
        assert nursery.stdin is not None
        assert nursery.stdout is not None
        for point in count(0, STEP):
            made = [write(anne, f"Anne {point}"), write(benoit, f"Benoît {point}")]
            benoit.sync()
            anne.services.close()
            order = {"folder": str(anne.folder), "passphrase": PASSPHRASE, "fatal": point}
            nursery.stdin.write(json.dumps(order) + "\n")
            nursery.stdin.flush()
            ended = int(nursery.stdout.readline())
            anne.start()
            check(region, pair, made)
            if ended == 0:
                break
            assert ended == -9
    assert point > FEWEST


def test_a_central_killed_at_any_point_of_a_sync_takes_each_change_once(
    region: Region, pair: list[Device]
) -> None:
    anne, benoit = pair
    for point in count(0, STEP):
        made = [write(benoit, f"Benoît {point}")]
        benoit.sync()
        made.append(write(anne, f"Anne {point}"))
        region.kill(fatal=point)
        with suppress(SyncError):
            anne.sync()
        survived = region.serves
        region.kill()
        check(region, pair, made)
        if survived:
            break
    assert point > FEWEST
