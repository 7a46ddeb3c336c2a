"""Two values of a field side by side, with what differs marked, and the way back to the first."""

from __future__ import annotations

import difflib
import html
import re
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui import theme
from ui.theme import Space
from ui.widgets.buttons import button
from ui.widgets.text import label

_PIECES = re.compile(r"\s+|\w+(?:-\w+)*['’]?|[^\w\s]")
"""Words, a name with its hyphens being one; what stands between them, and each stop, apart."""


class Versions(QWidget):
    """What a field held before and after a change."""

    def __init__(self, words: str, before: str, after: str, back: Callable[[], object]) -> None:
        super().__init__()
        self.back = button("Remettre cette valeur", back, kind="quiet")
        self.back.setAccessibleName(f"Remettre la valeur d'avant : {words}")
        former, latter = marked(before, after)
        sides = QHBoxLayout()
        sides.setSpacing(Space.M)
        sides.addWidget(_side("Avant", former, self.back), 1)
        sides.addWidget(_side("Après", latter), 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, Space.XS, 0, Space.XS)
        layout.setSpacing(Space.XS)
        layout.addWidget(label(words, "strong"))
        layout.addLayout(sides)


def _side(head: str, text: str, way: QWidget | None = None) -> QFrame:
    frame = QFrame()
    frame.setProperty("surface", "card")
    words = QLabel(text or "(vide)")
    words.setTextFormat(Qt.TextFormat.RichText)
    words.setWordWrap(True)
    words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
    layout.setSpacing(Space.XS)
    layout.addWidget(label(head, "caption"))
    layout.addWidget(words)
    layout.addStretch()
    if way is not None:
        layout.addWidget(way, 0, Qt.AlignmentFlag.AlignLeft)
    return frame


def marked(mine: str, theirs: str) -> tuple[str, str]:
    """The two texts as HTML, each with the words that the other lacks on a soft ground."""
    ours, others = _PIECES.findall(mine), _PIECES.findall(theirs)
    matcher = difflib.SequenceMatcher(None, ours, others, autojunk=False)
    sides: tuple[list[str], list[str]] = ([], [])
    for kind, *places in matcher.get_opcodes():
        for side, pieces, start, end in (
            (sides[0], ours, places[0], places[1]),
            (sides[1], others, places[2], places[3]),
        ):
            text = html.escape("".join(pieces[start:end])).replace("\n", "<br>")
            side.append(text if kind == "equal" or not text else _mark(text))
    return "".join(sides[0]), "".join(sides[1])


def _mark(text: str) -> str:
    ground, ink = theme.colour("accent_soft").name(), theme.colour("accent").name()
    return f'<span style="background-color:{ground}; color:{ink}">{text}</span>'
