"""The power fails at any call: what was said to be saved is on the disk, and nothing is damaged."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec import structs

from app.bootstrap import Services, open_services
from app.clock import now
from app.errors import Locked
from app.services import workspaces
from app.services.changes import Change
from app.storage import protection
from app.storage.backup import check_database
from app.storage.database import open_engine
from app.storage.workspace import DATABASE, Workspace, create
from tests.faults.disk import Call, Disk
from tests.faults.power import Platter

PASSPHRASE = "quatre mots bien choisis"
CUTS = int(os.environ.get("SOAK_CUTS", "12"))
Event = Call | int
"""A call, or the number of a text that was said to be saved."""


def opened(folder: Path, key: bytes | None) -> Services:
    return Services(Workspace(folder, open_engine(folder / DATABASE, key), now, key))


def a_workspace(folder: Path, mode: str) -> tuple[bytes | None, str]:
    """A workspace with one need of no words; gives its key and the need."""
    secret = PASSPHRASE if mode == "passphrase" else None
    lock = protection.choose("passphrase" if secret else "none", secret, workspace="essai")
    services = Services(create(folder, lock))
    services.records.create("commission", {"name": "Auxois"}, None)
    need = services.records.create("need", {"words": "0 "})
    services.close()
    return lock.data_key, need.id


def cuts(
    place: Path, events: list[Event], before: Platter, chance: random.Random, number: int
) -> Iterator[tuple[Path, int]]:
    """Folders as so many cuts leave them, each with the last text that was said to be saved."""
    moments = sorted(chance.choices(range(len(events) + 1), k=number))
    saved = 0
    for moment, event in enumerate([*events, 0]):
        for _ in range(moments.count(moment)):
            before.cut(chance, place)
            yield place, saved
            shutil.rmtree(place)
        if isinstance(event, Call):
            before.tell(event)
        else:
            saved = event


@pytest.mark.parametrize("mode", ["none", "passphrase"])
def test_every_saved_word_outlives_a_power_cut(tmp_path: Path, mode: str) -> None:
    chance = random.Random(f"1828 {mode}")
    folder = tmp_path / "espace"
    key, need_id = a_workspace(folder, mode)
    platter, events = Platter(folder), list[Event]()
    with Disk(events.append)():
        services = opened(folder, key)
        for number in range(1, 30):
            text = f"{number} " + "m" * chance.randrange(5000)
            services.records.put([Change("need", {"words": text}, need_id)], burst="frappe")
            events.append(number)
            if number % 10 == 0:
                services.close()
        services.close()
    for place, saved in cuts(tmp_path / "après", events, platter, chance, CUTS):
        assert check_database(place / DATABASE, key) == []
        after = opened(place, key)
        words = after.records.get(need_id).fields.words
        assert int(words.split()[0]) in (saved, saved + 1)
        after.records.update(need_id, {"words": "la suite"})
        after.close()
        assert check_database(place / DATABASE, key) == []


def test_a_commit_waits_for_the_disk_but_where_what_it_holds_can_be_had_again(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "espace"
    key, need_id = a_workspace(folder, "none")
    calls = list[Call]()
    with Disk(calls.append)():
        services = opened(folder, key)
        services.records.update(need_id, {"words": "1"})  # the log begins: its head is synced
        waited = list[bool]()
        for lasting in (True, False, True, False, False, True):
            services.workspace.unit("Rien", lasting=False).connection.close()  # begun by nothing
            calls.clear()
            with services.workspace.unit("Essai", lasting=lasting) as unit:
                need = unit.get(need_id)
                assert need is not None
                unit.save(structs.replace(need, fields=need.fields | {"words": f"{len(waited)}"}))
                unit.commit()
            assert any(call.name == "write" for call in calls)
            waited.append(any(call.name == "sync" for call in calls))
        services.close()
    assert waited == [True, False, True, False, False, True]


def protect(folder: Path) -> None:
    workspaces.protect(folder, "passphrase", None, PASSPHRASE)


def save(folder: Path) -> None:
    workspaces.save(folder, None, folder / "copie")


def restore(folder: Path) -> None:
    workspaces.restore(folder, folder / "copie", None)


@pytest.mark.parametrize("operation", [protect, save, restore])
def test_a_workspace_outlives_a_power_cut_in_the_middle_of_what_rewrites_it(
    tmp_path: Path, operation: Callable[[Path], None]
) -> None:
    chance = random.Random(f"1828 {operation.__name__}")
    folder = tmp_path / "espace"
    _, need_id = a_workspace(folder, "none")
    save(folder)
    platter, calls = Platter(folder), list[Event]()
    with Disk(calls.append)():
        operation(folder)
    for place, _ in cuts(tmp_path / "après", calls, platter, chance, CUTS):
        try:
            after = open_services(place)
        except Locked:
            after = open_services(place, PASSPHRASE)
        assert after.records.get(need_id).fields.words == "0 "
        after.close()
        assert check_database(place / DATABASE, after.workspace.data_key) == []
