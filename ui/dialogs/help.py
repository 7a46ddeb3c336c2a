"""Aide: what each key does on the page in sight and everywhere, found by a few letters."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.wording import count
from ui.dialogs.reading import ReadingDialog
from ui.keys import Keys
from ui.models.table import folded, sought
from ui.theme import Space
from ui.widgets.chip import Chip
from ui.widgets.filter_line import FilterLine
from ui.widgets.text import clear, label

SAID = (
    "Ce que font les touches, ici et partout. Sur une ligne, un clic droit ou la touche Menu montre"
    " aussi ce qu'elle permet."
)

NONE = "Aucune touche ne correspond."

FEW = 3
"""The most keys that a screen reader is given one by one; more are only counted."""


class HelpDialog(ReadingDialog):
    """Shows keys, grouped under the words for where they work."""

    def __init__(self, parts: Mapping[str, Keys], parent: QWidget) -> None:
        super().__init__("Aide", SAID, parent)
        self.parts = parts
        self.filter = FilterLine("Filtrer l'aide")
        self.filter.textChanged.connect(lambda typed: self._show())
        self.reading_head.addWidget(self.filter)
        self.column.setSpacing(Space.S)
        self.filter.setFocus()
        self._show()

    def _show(self) -> None:
        clear(self.column)
        wanted = folded(self.filter.text()).split()
        left: Keys = []
        for title, keys in self.parts.items():
            found = [pair for pair in keys if all(one in sought(" ".join(pair)) for one in wanted)]
            if found:
                self.head(title)
            left += found
            for words, written in found:
                self.column.addWidget(_line(words, written))
        if not left:
            self.column.addWidget(label(NONE, "muted", wrap=True))
        self.column.addStretch()
        few = " ; ".join(f"{words}, {written}" for words, written in left[: FEW + 1])
        self.filter.tell(few or NONE if len(left) <= FEW else count(len(left), "touche"))


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
