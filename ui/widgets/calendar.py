"""A calendar to choose a day on, by the mouse or by keys, today being one key away."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtGui import QFont, QPalette, QTextCharFormat
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCalendarWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ui import theme
from ui.focus_order import step
from ui.theme import Space
from ui.widgets.buttons import button

TURNS = {"qt_calendar_prevmonth": "Mois précédent", "qt_calendar_nextmonth": "Mois suivant"}
"""Words for a calendar's arrows, by Qt's object names: without, a screen reader says nothing."""


class Calendar(QWidget):
    """Arrows go from day to day, Enter takes one; `chosen` carries it."""

    chosen = Signal(date)

    def __init__(self, today: date) -> None:
        super().__init__()
        self.days = QCalendarWidget()
        self.today = button("Aujourd'hui", lambda: self.chosen.emit(today), kind="quiet")
        self._build()
        self._mark(today)
        self.setFocusProxy(self.days)
        self.days.activated.connect(lambda day: self.chosen.emit(day.toPython()))
        self.days.clicked.connect(lambda day: self.chosen.emit(day.toPython()))

    def _build(self) -> None:
        self.days.setGridVisible(False)
        self.days.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.days.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.days.setAccessibleName("Calendrier")
        for turn in self.days.findChildren(QToolButton):
            turn.setAccessibleName(TURNS.get(turn.objectName(), ""))
        self._ink()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.XS)
        layout.addWidget(self.days)
        layout.addWidget(self.today, 0, Qt.AlignmentFlag.AlignHCenter)

    def _mark(self, today: date) -> None:
        """Shows today apart: in bold, underlined."""
        apart = self.days.weekdayTextFormat(Qt.DayOfWeek.Monday)
        apart.setFontWeight(QFont.Weight.Bold)
        apart.setFontUnderline(True)
        self.days.setDateTextFormat(QDate(today.year, today.month, today.day), apart)

    def _ink(self) -> None:
        """Shows a weekend as any day, not in red, and days of other months muted but legible."""
        plain = QTextCharFormat()
        plain.setForeground(theme.colour("text"))
        for weekend in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self.days.setWeekdayTextFormat(weekend, plain)
        for view in self.days.findChildren(QAbstractItemView):
            palette = view.palette()
            group, role = QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text
            palette.setColor(group, role, theme.colour("muted"))
            view.setPalette(palette)

    def show_day(self, day: date) -> None:
        self.days.setSelectedDate(QDate(day.year, day.month, day.day))

    def focusNextPrevChild(self, forwards: bool) -> bool:
        """Keeps Tab inside the calendar: the menu around it would go from line to line."""
        return step(self, forwards=forwards)
