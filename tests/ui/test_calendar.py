"""A day chosen on the calendar of a field, by keys alone."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.dates import PARIS
from tests.ui.clipping import clipped
from tests.ui.spoken import unspoken
from ui.theme import Mode, Theme
from ui.widgets.calendar import Calendar
from ui.widgets.dates import DateField


def opened_on(typed: str, qtbot: QtBot) -> tuple[DateField, Calendar]:
    """A field with words in it, and its calendar opened from the keyboard."""
    field = DateField()
    qtbot.addWidget(field)
    field.line.setText(typed)
    field.show()
    qtbot.keyClick(field.calendar, Qt.Key.Key_Return)
    calendar = QApplication.activePopupWidget().findChild(Calendar)
    assert isinstance(calendar, Calendar)
    return field, calendar


def strike(key: Qt.Key) -> None:
    QTest.keyClick(QApplication.focusWidget(), key)


def test_today_is_a_tab_away_from_the_days(qtbot: QtBot) -> None:
    field, calendar = opened_on("12/11/2030", qtbot)
    assert calendar.days.selectedDate().toPython() == date(2030, 11, 12)
    with qtbot.waitSignal(field.edited):
        strike(Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is calendar.today
        before = datetime.now(PARIS).date()
        strike(Qt.Key.Key_Return)
    assert before.isoformat() <= (field.value() or "") <= datetime.now(PARIS).date().isoformat()
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is None)


def test_tab_goes_from_today_back_to_the_days_and_escape_chooses_nothing(qtbot: QtBot) -> None:
    field, _ = opened_on("12/11/2030", qtbot)
    days = QApplication.focusWidget()
    strike(Qt.Key.Key_Tab)
    strike(Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is days
    strike(Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is None)
    assert field.value() == "2030-11-12"


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK], ids=["light", "dark"])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_today_is_whole_and_named_at_any_size_of_text(
    theme: Theme, qtbot: QtBot, mode: Mode, scale: float
) -> None:
    theme.set_mode(mode)
    theme.set_scale(scale)
    _, calendar = opened_on("", qtbot)
    menu = QApplication.activePopupWidget()
    assert clipped(menu) == []
    assert unspoken(calendar) == []
    assert menu.rect().contains(calendar.geometry())
    menu.close()


def test_today_is_marked_among_the_days(theme: Theme, qtbot: QtBot) -> None:
    calendar = Calendar(date(2030, 11, 12))
    qtbot.addWidget(calendar)
    marked = {day for day, how in calendar.days.dateTextFormat().items() if how.fontUnderline()}
    assert marked == {QDate(2030, 11, 12)}
