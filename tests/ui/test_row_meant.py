"""Rows that a sync brings between two gestures: a mark lands on the row meant, or nowhere."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from tests.ui.acting import visit
from tests.ui.conftest import settle
from tests.ui.keyboard import type_text
from tests.ui.world import World
from ui.models.lines import LINE
from ui.pages.meeting.page import MeetingPage
from ui.pages.meeting.room_panel import RoomPanel
from ui.pages.solution import SolutionPage
from ui.widgets.line_delegate import chip_area
from ui.window.main_window import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def room(opened: MainWindow, world: World, qtbot: QtBot) -> RoomPanel:
    meeting = world.meeting(days=0)
    world.item(meeting, "Ouverture", "opening")
    world.services.meetings.open(meeting.id)
    return visit(opened, "meeting", MeetingPage, qtbot, meeting.id).hold.room


def seat(world: World, last_name: str) -> str:
    """A seat without a commune, the first of the list, as a sync brings it."""
    person = world.make("person", first_name="Zoé", last_name=last_name)
    return world.make("roster_entry", titular_person_id=person.id).id


def come(window: MainWindow, qtbot: QtBot) -> None:
    window.spread(frozenset())
    settle(window, qtbot)


def noted(world: World) -> list[str | None]:
    return [one.fields.roster_entry_id for one in world.services.records.list("attendance")]


def test_enter_calls_who_was_in_sight_as_the_letters_were_typed(
    opened: MainWindow, room: RoomPanel, world: World, qtbot: QtBot
) -> None:
    type_text(room.call, "mart")
    seat(world, "Martinet")
    come(opened, qtbot)
    assert room.list.room.rows[0].name == "Zoé Martinet"
    qtbot.keyClick(room.call, Qt.Key.Key_Return)
    settle(opened, qtbot)
    assert noted(world) == [world.seats["Agencourt"]]


def test_enter_calls_nobody_where_who_was_in_sight_is_gone(
    opened: MainWindow, room: RoomPanel, world: World, qtbot: QtBot
) -> None:
    first, other = seat(world, "Martinet"), world.seats["Agencourt"]
    come(opened, qtbot)
    type_text(room.call, "mart")
    world.services.records.delete(first)
    come(opened, qtbot)
    qtbot.keyClick(room.call, Qt.Key.Key_Return)
    settle(opened, qtbot)
    assert noted(world) == []
    qtbot.keyClick(room.call, Qt.Key.Key_Return)  # it is in sight by now
    settle(opened, qtbot)
    assert noted(world) == [other]


def test_a_chip_pressed_offers_nothing_for_the_seat_that_comes_under_the_pointer(
    opened: MainWindow, room: RoomPanel, world: World, qtbot: QtBot
) -> None:
    index = room.list.room.index(0)
    chip = chip_area(room.list.visualRect(index), index.data(LINE)).center()
    left = Qt.MouseButton.LeftButton
    qtbot.mousePress(room.list.viewport(), left, pos=chip)
    seat(world, "Martinet")
    come(opened, qtbot)
    qtbot.mouseRelease(room.list.viewport(), left, pos=chip)
    assert not [one for one in room.list.findChildren(QMenu) if one.isVisible()]
    qtbot.mouseClick(room.list.viewport(), left, pos=chip)
    (menu,) = room.list.findChildren(QMenu)
    menu.close()


@pytest.mark.parametrize("key", [Qt.Key.Key_P, Qt.Key.Key_Return])
def test_a_key_marks_nobody_where_the_seat_that_it_was_on_is_gone(
    opened: MainWindow, room: RoomPanel, world: World, qtbot: QtBot, key: Qt.Key
) -> None:
    gone = seat(world, "Martinet")
    come(opened, qtbot)
    room.go_to(gone)
    world.services.records.delete(gone)
    come(opened, qtbot)
    qtbot.keyClick(room.list, key)
    settle(opened, qtbot)
    assert noted(world) == []


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_E, Qt.Key.Key_D])
def test_a_commune_whose_seat_is_gone_leaves_its_mark_to_no_other(
    opened: MainWindow, world: World, qtbot: QtBot, key: Qt.Key
) -> None:
    solution = world.make("solution", title="Coffre")
    page = visit(opened, "solution", SolutionPage, qtbot, solution.id)
    page.tabs.setCurrentWidget(page.participants)
    table = page.participants.table
    table.setFocus()
    table.select_where("Agencourt", "title")
    row = table.current()
    assert row is not None and row.title == "Agencourt"
    world.services.records.delete(world.seats["Agencourt"], cascade=True)
    come(opened, qtbot)
    assert table.total == 4
    qtbot.keyClick(table, key, Qt.KeyboardModifier.NoModifier if key == Qt.Key.Key_Space else CTRL)
    settle(opened, qtbot)
    assert world.services.records.list("commitment") == []


def test_a_tick_pressed_as_the_rows_move_turns_that_of_no_other(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    solution = world.make("solution", title="Coffre")
    page = visit(opened, "solution", SolutionPage, qtbot, solution.id)
    page.tabs.setCurrentWidget(page.participants)
    table = page.participants.table
    at: QPoint = table.visualRect(table.rows.index(1, 0)).center()
    left = Qt.MouseButton.LeftButton
    qtbot.mousePress(table.viewport(), left, pos=at)
    world.services.records.delete(world.seats["Agencourt"], cascade=True)
    come(opened, qtbot)
    qtbot.mouseRelease(table.viewport(), left, pos=at)
    settle(opened, qtbot)
    assert world.services.records.list("commitment") == []
    qtbot.mouseClick(table.viewport(), left, pos=at)
    qtbot.waitUntil(lambda: len(world.services.records.list("commitment")) == 1)
