"""What tests of pages do as a user does: find a button by its words, a dialog once it is there."""

from __future__ import annotations

from typing import Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.domain.wording import plain
from tests.ui.conftest import PATIENCE, settle
from tests.ui.spoken import unspoken
from ui.pages.list_page import ListPage
from ui.widgets.fields import Choice
from ui.widgets.line import Line
from ui.widgets.list_panel import ListPanel
from ui.widgets.table import RecordsTable
from ui.window.main_window import MainWindow

D = TypeVar("D", bound=QDialog)
P = TypeVar("P", bound=QWidget)
L = TypeVar("L", bound=ListPage)
CONTROL = Qt.KeyboardModifier.ControlModifier


def visit(window: MainWindow, place: str, kind: type[P], qtbot: QtBot, record_id: str = "") -> P:
    """Goes to a place, and waits until its page has read what it shows."""
    window.go(place, record_id)
    settle(window, qtbot)
    page = window.pages[place]
    assert isinstance(page, kind)
    return page


def pick(choice: Choice, value: object) -> None:
    """Chooses beside the filter, as a user does."""
    choice.setCurrentIndex(choice.findData(value))
    choice.activated.emit(choice.currentIndex())


def clear_filter(panel: ListPanel) -> None:
    """Takes every choice off, and what is typed, as a user does."""
    for choice in panel.choices:
        pick(choice, None)
    panel.filter.clear()


def list_all(window: MainWindow, place: str, kind: type[L], qtbot: QtBot) -> L:
    """A list, asked for what every commission has."""
    page = visit(window, place, kind, qtbot)
    pick(page.panel.reach, True)
    settle(window, qtbot)
    return page


def press(inside: QWidget, words: str, qtbot: QtBot) -> None:
    """Clicks the button with these words, once it is on screen."""

    def named() -> list[QPushButton]:
        return [
            one
            for one in inside.findChildren(QPushButton)
            if one.isVisible() and plain(one.text()).strip() == words
        ]

    qtbot.waitUntil(lambda: len(named()) == 1)
    qtbot.mouseClick(named()[0], Qt.MouseButton.LeftButton)


def double_click(widget: QWidget, qtbot: QtBot) -> None:
    """Two presses in a row, as the system tells of them."""
    for play in (qtbot.mouseClick, qtbot.mouseDClick, qtbot.mouseRelease):
        play(widget, Qt.MouseButton.LeftButton)


def shown(inside: QWidget) -> str:
    """What the visible labels say."""
    return plain(" ".join(one.text() for one in inside.findChildren(QLabel) if one.isVisible()))


def lines(inside: QWidget) -> list[str]:
    """The visible lines of a card, as they are spoken."""
    return [one.accessibleName() for one in inside.findChildren(Line) if one.isVisible()]


def column(table: RecordsTable, number: int = 0) -> list[str]:
    """The cells of one column, as the table shows them."""
    return [str(table.rows.index(row, number).data()) for row in range(table.rows.rowCount())]


def dialog(kind: type[D], page: QWidget, qtbot: QtBot) -> D:
    """The dialog that opened over a page, with the keyboard and a name for each control."""
    qtbot.waitUntil(lambda: any(one.isVisible() for one in page.findChildren(kind)))
    found = next(one for one in page.findChildren(kind) if one.isVisible())
    found.activateWindow()
    qtbot.waitUntil(found.isActiveWindow)  # Qt takes an active window beneath it for its own
    assert not (lacking := unspoken(found)), lacking
    return found


def activate(window: QWidget) -> None:
    """Gives a window the keyboard, as the system does when one opens or closes."""
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window, PATIENCE)


def undo(window: MainWindow, qtbot: QtBot) -> None:
    """Takes back what was last done, once all of it is (a dialog gives the keyboard back)."""
    settle(window, qtbot)
    activate(window)
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL)


def field(form: Any, name: str) -> Any:
    """A field of a form, whatever it is."""
    return form.field(name)


def choose_passphrase(form: Any, words: str, qtbot: QtBot) -> None:
    """Chooses the protection by passphrase, and types one twice."""
    mode = form.field("mode")
    mode.set_value("passphrase")
    mode.edited.emit()
    for name in ("passphrase", "again"):
        form.field(name).clear()
        qtbot.keyClicks(form.field(name), words)
