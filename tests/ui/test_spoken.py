"""Every control has a name that a screen reader says, and no other on screen has the same.

So `settle` and `dialog` ask after each step of every test of the window.
"""

from __future__ import annotations

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QLineEdit, QPushButton, QTabWidget, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.domain.records import reference_id
from tests.ui.clipping import too_small
from tests.ui.conftest import settle
from tests.ui.spoken import unspoken
from tests.ui.world import TOWNS, World
from ui.widgets.chip import Chip
from ui.widgets.fields import Choice
from ui.widgets.line import Line
from ui.window.main_window import MainWindow
from ui.window.places import EVERYWHERE


def test_what_has_no_name_or_that_of_another_is_found(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    layout = QVBoxLayout(page)
    named = QPushButton("Séparer"), QPushButton("Modifier"), QPushButton("Modifier")
    for one in (*named, QPushButton("…"), QLineEdit(), Choice([]), Line("Fibre"), Line("Fibre")):
        layout.addWidget(one)
    page.show()
    assert unspoken(page) == [
        "Button « Modifier »", "Button « … »", "ComboBox «  »", "EditableText «  »",
    ]  # fmt: skip


def test_every_place_and_each_of_its_tabs_is_spoken_and_aimed_at_easily(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    make, meeting = world.make, world.meeting(days=0)
    world.item(meeting, "Ouverture")
    records = {
        "meeting": meeting.id,
        "need": make("need", title="Fibre").id,
        "watch_note": make("watch_note", title="Fin de la 2G", level="obligation").id,
        "solution": make("solution", title="Sauvegarde").id,
        "organisation": reference_id("organisation", TOWNS["Vougeot"][0]),
    }
    for place in EVERYWHERE:
        opened.go(place, records.get(place, ""))
        settle(opened, qtbot)
        assert too_small(opened) == []
        for tabs in opened.pages[place].findChildren(QTabWidget):
            for number in range(tabs.count()):
                tabs.setCurrentIndex(number)
                settle(opened, qtbot)
                assert too_small(opened) == []


def test_a_card_is_a_group_called_by_its_heading(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    opened.go("settings")
    settle(opened, qtbot)
    button = next(
        one
        for one in opened.pages["settings"].findChildren(QPushButton)
        if one.accessibleName() == "Enregistrer : Dictionnaire"
    )
    around = QAccessible.queryAccessibleInterface(button).parent()
    while around.role() is not QAccessible.Role.Grouping:
        around = around.parent()
    assert around.text(QAccessible.Text.Name) == "Dictionnaire"


def test_a_status_is_read_as_any_label(qtbot: QtBot) -> None:
    chip = Chip()
    qtbot.addWidget(chip)
    chip.set("Convoquée", "info")
    spoken = QAccessible.queryAccessibleInterface(chip)
    assert spoken.role() is QAccessible.Role.StaticText
    assert spoken.text(QAccessible.Text.Name) == "Convoquée"
