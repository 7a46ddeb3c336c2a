"""Several values ticked among those offered: a few in rows, or many in a list that is filtered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.domain.wording import count
from ui import theme
from ui.actions import on_key
from ui.models.table import folded, sought
from ui.theme import Space
from ui.widgets.buttons import button
from ui.widgets.fields import Tick
from ui.widgets.filter_line import FilterLine
from ui.widgets.flow import Flow
from ui.widgets.pick import Option


class TicksField(QWidget):
    """A few values side by side; what is ticked comes in the order offered."""

    edited = Signal()

    def __init__(self, choices: Sequence[tuple[Any, str]]) -> None:
        super().__init__()
        self.ticks: dict[Any, Tick] = {}
        self._flow = Flow(self)
        self.offer(choices)

    def offer(self, choices: Sequence[tuple[Any, str]]) -> None:
        """Replaces what can be ticked, keeping what is ticked wherever it is offered."""
        if [value for value, _ in choices] == list(self.ticks):
            return
        kept = self.value()
        for tick in self.ticks.values():
            self._flow.removeWidget(tick)
            tick.deleteLater()
        self.ticks = {value: Tick(words) for value, words in choices}
        for tick in self.ticks.values():
            self._flow.addWidget(tick)
            tick.edited.connect(self.edited)
        self.set_value(kept)
        for tick in list(self.ticks.values())[:1]:
            self.setFocusProxy(tick)

    def value(self) -> list[Any]:
        return [value for value, tick in self.ticks.items() if tick.value()]

    def set_value(self, values: Sequence[Any]) -> None:
        for value, tick in self.ticks.items():
            tick.set_value(value in values)


class TickList(QWidget):
    """Many options in a list, each ticked by the space bar or a click; letters narrow it."""

    edited = Signal()

    def __init__(self, options: Sequence[Option]) -> None:
        super().__init__()
        self.filter = FilterLine("Filtrer la liste")
        self.list = QListWidget()
        self.all = button("Tout cocher", lambda: self._tick_all(True), kind="quiet")
        self.none = button("Tout décocher", lambda: self._tick_all(False), kind="quiet")
        self._build()
        self.offer(options)
        self.filter.textChanged.connect(self._narrow)
        self.filter.returnPressed.connect(self.list.setFocus)
        on_key(self.filter, Qt.Key.Key_Down, self.list.setFocus)
        self.list.itemChanged.connect(lambda item: self.edited.emit())

    def _build(self) -> None:
        self.list.setProperty("framed", True)
        self.list.setMinimumHeight(theme.px(220))
        self.setFocusProxy(self.list)
        bar = QHBoxLayout()
        bar.setSpacing(Space.S)
        bar.addWidget(self.filter, 1)
        bar.addWidget(self.all)
        bar.addWidget(self.none)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        layout.addLayout(bar)
        layout.addWidget(self.list)

    def offer(self, options: Sequence[Option]) -> None:
        """Replaces what can be ticked, with nothing ticked."""
        self.list.clear()
        for option in options:
            item = QListWidgetItem(option.words)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
            item.setData(Qt.ItemDataRole.UserRole, option.id)
            self.list.addItem(item)

    def value(self) -> list[str]:
        return [
            str(item.data(Qt.ItemDataRole.UserRole))
            for item in self._items()
            if item.checkState() is Qt.CheckState.Checked
        ]

    def set_value(self, values: Sequence[str]) -> None:
        for item in self._items():
            ticked = item.data(Qt.ItemDataRole.UserRole) in values
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]

    def _tick_all(self, ticked: bool) -> None:
        """Ticks or clears what the filter shows."""
        for item in self._items():
            if not item.isHidden():
                item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)

    def _narrow(self, typed: str) -> None:
        """Shows only what matches the letters, and leaves a hidden item, lest Space tick it."""
        words = folded(typed).split()
        for item in self._items():
            text = sought(item.text())
            item.setHidden(not all(word in text for word in words))
        left = [item for item in self._items() if not item.isHidden()]
        if self.list.currentItem() not in left:
            self.list.setCurrentRow(self.list.row(left[0]) if left else -1)
        self.filter.tell(count(len(left), "ligne") if left else "Rien ne correspond à ces lettres.")
