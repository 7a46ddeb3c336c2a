"""What runs low is shown at the foot of the navigation, and nowhere when nothing does."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from app.machine import Battery, Supplies
from tests.ui.acting import shown
from tests.ui.conftest import settle
from ui.main_window import MainWindow


def test_a_low_battery_is_said_at_the_foot_of_the_navigation(
    opened: MainWindow, qtbot: QtBot
) -> None:
    low = Supplies(Battery(14, discharging=True), 420_000_000)
    assert opened.companions is not None
    opened.companions.supplies.told.emit(low.shortage)
    assert "Batterie 14 %, 420 Mo libres" in shown(opened.navigation)
    opened.navigation.measure(narrow=True)
    assert opened.navigation.shortage_icon.isVisible()
    spoken = opened.navigation.shortage_icon.accessibleName()
    assert spoken.replace("\u00a0", " ") == low.shortage
    opened.companions.supplies.told.emit("")
    assert not opened.navigation.shortage_icon.isVisible()


def test_the_window_looks_by_itself(opened: MainWindow, qtbot: QtBot) -> None:
    assert opened.companions is not None
    with qtbot.waitSignal(opened.companions.supplies.told):
        opened.companions.supplies.look()
    settle(opened, qtbot)
