"""Aide: what each key does on the page in sight and everywhere, found by a few letters."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from ui.dialogs.reading import ReadingDialog
from ui.keys import Keys, keys_of_page, keys_of_window
from ui.models.table import folded, sought
from ui.pages.page import Page
from ui.theme import Space
from ui.widgets.chip import Chip
from ui.widgets.line_icons import make_clearable
from ui.widgets.text import clear, label

SAID = (
    "Ce que font les touches, ici et partout. Un clic droit sur une ligne montre aussi ce qu'elle"
    " permet."
)


class HelpDialog(ReadingDialog):
    """Shows the keys of a page, None for none, and those of its window."""

    def __init__(self, page: Page | None, window: QWidget) -> None:
        super().__init__("Aide", SAID, window)
        self.parts: dict[str, Keys] = {}
        if page is not None:
            self.parts[page.accessibleName()] = keys_of_page(page)
            self.parts |= page.letters()
        self.parts["Partout"] = keys_of_window(window)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Filtrer")
        self.filter.setAccessibleName("Filtrer l'aide")
        make_clearable(self.filter)
        self.filter.textChanged.connect(lambda typed: self._show())
        self.reading_head.addWidget(self.filter)
        self.column.setSpacing(Space.S)
        self.filter.setFocus()
        self._show()

    def _show(self) -> None:
        clear(self.column)
        wanted = folded(self.filter.text()).split()
        for title, keys in self.parts.items():
            found = [pair for pair in keys if all(one in sought(" ".join(pair)) for one in wanted)]
            if found:
                self.head(title)
            for words, written in found:
                self.column.addWidget(_line(words, written))
        if not self.column.count():
            self.column.addWidget(label("Aucune touche ne correspond.", "muted", wrap=True))
        self.column.addStretch()


def _line(words: str, written: str) -> QWidget:
    keys = Chip()
    keys.set(written)
    line = QWidget()
    layout = QHBoxLayout(line)
    layout.setContentsMargins(Space.M, 0, Space.M, 0)
    layout.setSpacing(Space.M)
    layout.addWidget(label(words, wrap=True), 1)
    layout.addWidget(keys, 0, Qt.AlignmentFlag.AlignTop)
    return line
