"""A field that names a file or a folder, with a button to look for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from ui.theme import Space
from ui.widgets.buttons import button
from ui.widgets.fields import TextField


class PathField(QWidget):
    """`choose` opens the system's dialog over the field and gives a path, empty when cancelled.

    `chosen` follows a path chosen in that dialog, not one typed.
    """

    edited = Signal()
    chosen = Signal()

    def __init__(self, choose: Callable[[QWidget], str], hint: str = "") -> None:
        super().__init__()
        self.line = TextField(hint)
        self.choose = button("Choisir…", self._on_choose)
        self._choose = choose
        self.setFocusProxy(self.line)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        layout.addWidget(self.line, 1)
        layout.addWidget(self.choose)
        self.line.edited.connect(self.edited)

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self.choose.setAccessibleName(f"Choisir : {name}")

    def value(self) -> str:
        return self.line.value()

    def set_value(self, value: str | None) -> None:
        self.line.set_value(value)

    def _on_choose(self) -> None:
        if path := self._choose(self):
            self.set_value(path)
            self.edited.emit()
            self.chosen.emit()


def folder_from(title: str, inside: str = "") -> Callable[[QWidget], str]:
    """A `choose` that asks for a folder, and names the folder `inside` in it, if one is given."""

    def choose(over: QWidget) -> str:
        chosen = QFileDialog.getExistingDirectory(over, title)
        return str(Path(chosen) / inside) if chosen else ""

    return choose
