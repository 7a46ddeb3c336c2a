"""What has the keyboard is seen, in both themes, whatever it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.acting import visit
from tests.ui.conftest import settle
from tests.ui.test_theme import contrast
from tests.ui.world import World
from ui.pages.meeting.page import MeetingPage
from ui.pages.needs import NeedsPage
from ui.theme import Mode, colours
from ui.widgets.line import Line
from ui.window.main_window import MainWindow

LEAST = 200
"""The points that a ring around the smallest of these has at the least, all of them at 3:1."""


@pytest.fixture(params=[Mode.LIGHT, Mode.DARK], ids=["light", "dark"])
def dressed(opened: MainWindow, request: pytest.FixtureRequest) -> Iterator[MainWindow]:
    opened.theme.set_mode(request.param)
    yield opened
    opened.theme.set_mode(Mode.SYSTEM)


def ringed(widget: QWidget) -> int:
    """How many points of a widget the keyboard changes by 3:1 or more."""
    window = widget.window()
    around = QRect(widget.mapTo(window, widget.rect().topLeft()), widget.size())

    def seen(holder: QWidget) -> QImage:
        holder.setFocus(Qt.FocusReason.TabFocusReason)
        QApplication.processEvents()
        assert holder.hasFocus()
        return window.grab(around).toImage()

    assert isinstance(window, MainWindow)
    without, with_ = seen(window.navigation.menu_button), seen(widget)
    return stands_out(without, with_)


def stands_out(before: QImage, after: QImage) -> int:
    """How many points of a picture changed by 3:1 or more."""
    pairs = Counter(zip(points(before), points(after), strict=True))
    return sum(count for pair, count in pairs.items() if contrast(*pair) >= 3)


def points(picture: QImage) -> Iterator[str]:
    """The colour of each point, line by line."""
    held = picture.convertToFormat(QImage.Format.Format_RGB32)
    yield from map(named, memoryview(held.constBits()).cast("I"))


@cache
def named(rgb: int) -> str:
    return QColor(rgb).name()


def meeting_page(window: MainWindow, world: World, tab: int, qtbot: QtBot) -> MeetingPage:
    meeting = world.meeting(days=0, place="Vougeot")
    for title in ("Ouverture", "Divers"):
        world.item(meeting, title)
    world.services.meetings.convene(meeting.id)
    page = visit(window, "meeting", MeetingPage, qtbot, meeting.id)
    page.tabs.setCurrentIndex(tab)
    settle(window, qtbot)
    return page


def test_the_main_button_of_a_page_shows_the_keyboard(
    dressed: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = visit(dressed, "needs", NeedsPage, qtbot)
    primary = next(
        one
        for one in page.findChildren(QPushButton)
        if one.isVisible() and one.property("kind") == "primary"
    )
    assert ringed(primary) >= LEAST


@pytest.mark.parametrize("chosen", [False, True])
def test_a_table_shows_the_row_that_the_keyboard_is_on(
    dressed: MainWindow, world: World, qtbot: QtBot, chosen: bool
) -> None:
    world.make("need", title="Fibre")
    table = visit(dressed, "needs", NeedsPage, qtbot).panel.table
    if chosen:
        table.selectRow(0)
    assert ringed(table) >= LEAST


def test_a_chosen_row_stands_out_without_the_keyboard(
    dressed: MainWindow, world: World, qtbot: QtBot
) -> None:
    world.make("need", title="Fibre")
    table = visit(dressed, "needs", NeedsPage, qtbot).panel.table
    dressed.navigation.menu_button.setFocus()
    table.clearSelection()
    before = table.grab().toImage()
    table.selectRow(0)
    assert stands_out(before, table.grab().toImage()) >= table.rowHeight(0)


def test_the_line_of_a_menu_that_the_keyboard_is_on_stands_out(
    dressed: MainWindow, qtbot: QtBot
) -> None:
    menu = QMenu(dressed)
    first = menu.addAction("Trier par")
    menu.addAction("Copier la liste")
    menu.popup(dressed.mapToGlobal(dressed.rect().center()))
    before = menu.grab().toImage()
    menu.setActiveAction(first)
    assert stands_out(before, menu.grab().toImage()) >= LEAST
    menu.close()


def test_the_lists_of_a_meeting_show_the_line_that_tab_comes_to(
    dressed: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = meeting_page(dressed, world, 0, qtbot)
    assert ringed(page.prepare.agenda.list) >= LEAST
    page.tabs.setCurrentIndex(1)
    settle(dressed, qtbot)
    assert ringed(page.hold.room.list) >= LEAST
    assert ringed(page.hold.conductor.list) >= LEAST


def test_tabs_show_the_keyboard(dressed: MainWindow, world: World, qtbot: QtBot) -> None:
    page = meeting_page(dressed, world, 0, qtbot)
    assert ringed(page.tabs.tabBar()) >= LEAST


def test_the_preview_of_a_document_shows_the_keyboard(
    dressed: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = meeting_page(dressed, world, 2, qtbot)
    view = page.conclude.preview.view
    qtbot.waitUntil(view.isVisible)
    view.setFocus()
    edge = view.grab().toImage().pixelColor(0, view.height() // 2)
    assert edge == QColor(colours().accent)


def test_what_came_of_an_item_is_no_stop_beside_its_lines(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = meeting_page(opened, world, 1, qtbot)
    item = world.services.records.list("agenda_item")[0]
    world.services.proceedings.decide(item.id, "Les formations ont lieu en mai.")
    opened.spread(frozenset())
    settle(opened, qtbot)
    (line,) = (one for one in page.hold.item.findChildren(Line) if one.isVisible())
    page.hold.item.notes.setFocus()
    qtbot.keyClick(page.hold.item.notes, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is line
