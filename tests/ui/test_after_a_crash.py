"""After `kill -9` the next start goes back to where the user was, and says so once; after an
orderly end there is nothing to go back to, and nothing beside the database.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.bootstrap import Services, open_services
from app.clock import now
from app.domain.dates import PARIS
from tests.conftest import FakeClock
from tests.ui.acting import press
from tests.ui.conftest import settle
from tests.ui.world import World
from tests.workspaces import light_workspace
from ui.window.main_window import MainWindow
from ui.window.session import Session, Spot, interruption

Wander = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def clock() -> FakeClock:
    """The laptop's agrees with that of the processes begun, which is the machine's."""
    return FakeClock(now())


@pytest.fixture
def wander(services: Services, tmp_path: Path) -> Wander:
    """Starts a window in a process of its own, with preferences of its own."""

    def begin(*way: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.ui.wanderer", str(services.workspace.folder), *way],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"XDG_CONFIG_HOME": str(tmp_path / "config")},
        )

    return begin


def told(process: subprocess.Popen[str]) -> list[str]:
    assert process.stdout is not None
    line: list[str] = json.loads(process.stdout.readline())
    return line


def test_a_killed_window_comes_back_where_it_was_and_says_it_once(
    wander: Wander, services: Services, world: World
) -> None:
    meeting = world.meeting()
    world.item(meeting, "Ouverture")
    item = world.item(meeting, "Besoins")
    services.close()
    with wander("meeting", meeting.id, "1", item.id) as first:
        before = told(first)
        first.kill()
    assert before == ["", "meeting", meeting.id, f"1 {item.id}"]
    with wander() as second:
        after = told(second)
    assert after[0].startswith("La dernière session s'est interrompue")
    assert after[1:] == before[1:]
    with wander() as third:
        assert told(third) == ["", "home", "", ""]


def test_a_window_that_was_closed_leaves_every_word_in_a_file_that_may_be_copied_by_hand(
    opened: MainWindow, services: Services, tmp_path: Path
) -> None:
    services.records.create("need", {"title": "Fibre"})
    folder, copy = services.workspace.folder, tmp_path / "a la main"
    opened.close()
    copy.mkdir()
    for name in ("commissions.db", "protection.json"):
        shutil.copyfile(folder / name, copy / name)
    carried = open_services(copy)
    assert [one.fields.title for one in carried.records.list("need")] == ["Fibre"]
    carried.close()


def test_the_sentence_says_the_hour_and_the_day_of_another_day() -> None:
    today = datetime.now(PARIS).replace(hour=18, minute=42)
    assert interruption(today.isoformat(), "") == (
        "La dernière session s'est interrompue à 18 h 42 ; tout ce qui était enregistré est là."
    )
    assert "le vendredi 19 mars 2027 à 18 h ;" in interruption(
        "2027-03-19T17:00:00+00:00", "2027-03-19T17:59:00+01:00"
    )


def test_a_clock_behind_the_last_change_is_doubted_at_the_start_until_something_is_written(
    wander: Wander, services: Services, world: World, clock: FakeClock
) -> None:
    clock.forward(days=400)
    world.meeting()
    with wander() as first:
        said = told(first)[0]
        first.kill()
    assert said.startswith("L'horloge de cet ordinateur dit le ")
    assert "avant le dernier changement fait ici, le " in said
    clock.instant = now()
    world.meeting("Réunion d'avril")
    services.close()
    with wander() as second:
        assert "horloge" not in told(second)[0]
        second.kill()


def test_what_the_upkeep_says_comes_after_the_crash_and_the_clock_in_the_stronger_tone(
    window: MainWindow, tmp_path: Path, clock: FakeClock, qtbot: QtBot
) -> None:
    services = Services(light_workspace(tmp_path / "OneDrive" / "espace", clock=clock))
    services.records.create("commission", {"name": "Auxois"}, None)
    services.settings.set("backup_folder", str(tmp_path / "cle-usb" / "copies"))
    folder = services.workspace.folder
    Session(
        window.preferences, folder, lambda: Spot("needs"), lambda: clock().isoformat(), window
    ).note()
    clock.forward(days=-3)
    window.open_on(services)
    settle(window, qtbot)
    said = window.banner.text()
    crash, doubt, copy, place = [
        said.index(part)
        for part in ("s'est interrompue", "L'horloge", "cet ordinateur seulement", "par OneDrive")
    ]
    assert crash < doubt < min(copy, place)
    assert window.banner.property("tone") == "warning"
    press(window.banner, "Déplacer…", qtbot)
    services.close()


def test_a_clock_in_doubt_is_told_after_what_was_just_done_to_the_workspace(
    opened: MainWindow, world: World, clock: FakeClock, qtbot: QtBot
) -> None:
    world.make("need", title="Fibre")
    clock.forward(days=-3)
    opened.maintenance.work("Un instant…", lambda task: ["C'est fait."])
    qtbot.waitUntil(lambda: "L'horloge" in opened.banner.text())
    assert opened.banner.text().startswith("C'est fait. ")
    settle(opened, qtbot)
