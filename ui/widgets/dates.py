"""Fields for a day, an hour and an instant, typed in French or chosen on a calendar."""

from __future__ import annotations

from datetime import date, datetime, time

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget, QWidgetAction

from app.domain.dates import PARIS, local_day
from app.domain.refusals import Refusal
from ui import theme
from ui.theme import Space
from ui.widgets.buttons import icon_button
from ui.widgets.calendar import Calendar
from ui.widgets.plain_edit import PlainLine
from ui.words.typed_dates import read_day, read_hour, written_day, written_hour


class DateField(QWidget):
    """A day as ISO text, or None; « 30/06 », « demain » and « dans 15 jours » are understood."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.line = PlainLine()
        self.line.setPlaceholderText("jj/mm/aaaa")
        theme.set_widths(self.line, least=120, most=160)
        self.calendar = icon_button("calendar-days", "Choisir sur le calendrier", self._on_calendar)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.XS)
        layout.addWidget(self.line, 1)
        layout.addWidget(self.calendar)
        layout.addStretch()
        self.setFocusProxy(self.line)
        self.line.textEdited.connect(lambda text: self.edited.emit())
        self.line.editingFinished.connect(self._on_finished)

    def setAccessibleName(self, name: str) -> None:
        """Names its calendar button too, to tell it from those of other fields."""
        super().setAccessibleName(name)
        self.calendar.setAccessibleName(f"{self.calendar.toolTip()} : {name}")

    def value(self) -> str | None:
        day = read_day(self.line.text(), datetime.now(PARIS).date())
        return day.isoformat() if day else None

    def set_value(self, value: str | None) -> None:
        self.line.setText(written_day(value))

    def _on_finished(self) -> None:
        """Shows how what was typed is understood."""
        try:
            self.line.setText(written_day(self.value()))
        except Refusal:
            return

    def _on_calendar(self) -> None:
        today = datetime.now(PARIS).date()
        menu = QMenu(self)
        calendar = Calendar(today)
        try:
            calendar.show_day(read_day(self.line.text(), today) or today)
        except Refusal:
            calendar.show_day(today)
        holder = QWidgetAction(menu)
        holder.setDefaultWidget(calendar)
        menu.addAction(holder)
        calendar.chosen.connect(lambda day: self._on_chosen(day, menu))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))
        calendar.setFocus()

    def _on_chosen(self, day: date, menu: QMenu) -> None:
        self.set_value(day.isoformat())
        menu.close()
        self.edited.emit()


class HourField(PlainLine):
    """An hour of the day, or None; « 18h30 », « 18 h » and « 1830 » are understood."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText("hh h mm")
        theme.set_widths(self, least=100, most=100)
        self.textEdited.connect(lambda text: self.edited.emit())
        self.editingFinished.connect(self._on_finished)

    def value(self) -> time | None:
        return read_hour(self.text())

    def set_value(self, value: time | None) -> None:
        self.setText(f"{value.hour} h {value.minute:02}" if value else "")

    def _on_finished(self) -> None:
        """Shows how what was typed is understood."""
        try:
            self.set_value(self.value())
        except Refusal:
            return


class InstantField(QWidget):
    """A day and an hour in Europe/Paris, as an ISO instant with its offset, or None."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.day = DateField()
        self.hour = HourField()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        layout.addWidget(self.day)
        layout.addWidget(self.hour)
        layout.addStretch()
        self.setFocusProxy(self.day)
        self.day.edited.connect(self.edited)
        self.hour.edited.connect(self.edited)

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self.day.setAccessibleName(name)
        self.hour.setAccessibleName(f"Heure : {name}")

    def value(self) -> str | None:
        day, hour = self.day.value(), self.hour.value()
        if day is None and hour is None:
            return None
        if day is None:
            raise Refusal("Il manque la date : écrivez par exemple 30/06/2027.")
        if hour is None:
            raise Refusal("Il manque l'heure : écrivez par exemple 18 h 30.")
        return datetime.combine(date.fromisoformat(day), hour, PARIS).isoformat()

    def set_value(self, value: str | None) -> None:
        self.day.set_value(local_day(value).isoformat() if value else None)
        self.hour.setText(written_hour(value))
