"""What runs low is shown at the foot of the navigation, and nowhere when nothing does."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.domain.wording import plain
from app.machine import Battery, Supplies
from tests.ui.acting import shown
from tests.ui.world import World
from ui.tasks import Tasks
from ui.window.main_window import MainWindow
from ui.window.supplies import SuppliesWatch


def test_a_low_battery_is_said_at_the_foot_of_the_navigation(
    opened: MainWindow, qtbot: QtBot
) -> None:
    low = Supplies(Battery(14, discharging=True), 420_000_000)
    assert opened.background is not None
    opened.background.supplies.told.emit(low.shortage)
    assert "Batterie 14 %, 420 Mo libres" in shown(opened.navigation)
    opened.navigation.measure(narrow=True)
    assert opened.navigation.shortage_icon.isVisible()
    spoken = opened.navigation.shortage_icon.accessibleName()
    assert plain(spoken) == low.shortage
    opened.background.supplies.told.emit("")
    assert not opened.navigation.shortage_icon.isVisible()


def test_what_runs_low_is_looked_at_again_and_again(
    world: World, tasks: Tasks, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.window.supplies.EACH_MINUTE", 20)
    watch = SuppliesWatch(world.services, tasks)
    told: list[str] = []
    watch.told.connect(told.append)
    qtbot.waitUntil(lambda: len(told) >= 3)
