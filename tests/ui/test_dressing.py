"""Each window is dressed as the theme is, with all that opens from it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QToolTip, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.acting import activate
from ui.theme import Mode, colour
from ui.widgets.fields import Choice
from ui.widgets.pick import Option, PickField
from ui.window.main_window import MainWindow
from ui.window.projector import ProjectorWindow


class Told(QLabel):
    """Counts how often it is dressed."""

    times = 0

    def changeEvent(self, event: QEvent) -> None:
        self.times += event.type() == QEvent.Type.StyleChange
        super().changeEvent(event)


def nested(widget: QWidget, depth: int) -> QWidget:
    for _ in range(depth):
        outer = QFrame()
        QVBoxLayout(outer).addWidget(widget)
        widget = outer
    return widget


def test_what_a_page_is_made_of_is_dressed_once(window: MainWindow) -> None:
    label = Told("Une page")
    page = nested(label, 6)
    assert label.times == 0
    window.stack.addWidget(page)
    assert label.times == 1


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
def test_windows_without_a_parent_follow_the_theme(
    window: MainWindow, qtbot: QtBot, mode: Mode
) -> None:
    field = PickField([Option("a", "Agencourt"), Option("b", "Arcenant")])
    window.stack.addWidget(field)
    window.stack.setCurrentWidget(field)
    projection = ProjectorWindow()
    qtbot.addWidget(projection)
    activate(window)
    field.setFocus()
    popup = field.completer().popup()
    assert popup is not None
    qtbot.keyClicks(field, "a")
    qtbot.waitUntil(popup.isVisible)
    window.theme.set_mode(mode)
    for one in (window, projection, popup):
        assert colour("accent_soft").name().upper() in one.styleSheet()
    edge = popup.grab().toImage().pixelColor(0, popup.height() // 2)
    assert edge == colour("outline")
    popup.hide()


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
def test_the_list_of_a_choice_is_framed_and_shows_where_one_is(
    window: MainWindow, qtbot: QtBot, mode: Mode
) -> None:
    window.theme.set_mode(mode)
    choice = Choice([("a", "Une"), ("b", "Deux"), ("c", "Trois")], "b")
    window.stack.addWidget(choice)
    window.stack.setCurrentWidget(choice)
    choice.showPopup()
    listed = choice.view()
    qtbot.waitUntil(listed.isVisible)
    frame = listed.window()
    assert frame is not window
    picture = frame.grab().toImage()
    assert picture.pixelColor(0, frame.height() // 2) == colour("outline")
    assert picture.pixelColor(frame.width() - 1, frame.height() // 2) == colour("outline")
    chosen = listed.visualRect(listed.currentIndex())
    inside = listed.viewport().mapTo(frame, QPoint(chosen.right() - 8, chosen.center().y()))
    assert picture.pixelColor(inside) == colour("accent_soft")
    choice.hidePopup()


def test_a_list_of_choices_that_goes_on_has_a_scroll_bar(window: MainWindow, qtbot: QtBot) -> None:
    for number, goes_on in ((6, False), (40, True)):
        choice = Choice([(one, f"Choix {one}") for one in range(number)])
        choice.setParent(window)
        choice.setGeometry(300, 60, 200, 40)
        choice.show()
        choice.showPopup()
        qtbot.waitUntil(choice.view().isVisible)
        assert choice.view().verticalScrollBar().isVisible() is goes_on
        choice.hidePopup()


def test_a_tip_wears_the_colours_of_its_window(window: MainWindow, qtbot: QtBot) -> None:
    window.theme.set_mode(Mode.LIGHT)
    QToolTip.showText(window.mapToGlobal(QPoint(40, 40)), "Une bulle", window.navigation)
    tips = [one for one in QApplication.topLevelWidgets() if one.inherits("QTipLabel")]
    assert tips[0].grab().toImage().pixelColor(3, 3) == colour("text")
    QToolTip.hideText()
