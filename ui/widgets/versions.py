"""Two values of a field side by side, with what differs marked, and the way back to the first."""

from __future__ import annotations

import difflib
import html
import re
from collections.abc import Callable, Iterator

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui import theme
from ui.theme import Space
from ui.widgets.buttons import button
from ui.widgets.text import label

_PIECES = re.compile(r"\s+|\w+(?:-\w+)*['’]?|[^\w\s]")
"""The pieces compared: spaces, words, hyphenated ones as one, and each other mark by itself."""
_SENTENCES = re.compile(r"[^.!?…\n]+[.!?…\n]*\s*|[.!?…\n]+\s*")
_LINES = re.compile(r"[^\n]*\n")
_MARK = "differs"
_MUCH = 4_000_000
"""The most characters of one text times those of the other that are compared by word from one end
to the other."""


MOST = 60
"""The letters of a value that name the button which puts it back."""


class Marked(QLabel):
    """One of the texts that `marked` gave, in the colours of the theme, now and as it changes."""

    def __init__(self, rich: str) -> None:
        super().__init__()
        self._rich = rich
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._ink()

    def _ink(self) -> None:
        ground, ink = theme.colour("accent_soft").name(), theme.colour("accent").name()
        looks = f"<style>.{_MARK} {{background-color:{ground}; color:{ink}}}</style>"
        self.setText(f"{looks}{self._rich}")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._ink()


class Versions(QWidget):
    """What a field held before and after a change."""

    def __init__(
        self, words: str, before: str, after: str, back: Callable[[], object] | None
    ) -> None:
        """`back` gives the field its former value; None where that is no longer possible."""
        super().__init__()
        self.back = button("Remettre cette valeur", back, kind="quiet") if back else None
        if self.back is not None:
            self.back.setAccessibleName(f"{self.back.text()} « {before[:MOST]} » : {words}")
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
    words = Marked(text or "(vide)")
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
    layout.setSpacing(Space.XS)
    layout.addWidget(label(head, "caption"))
    layout.addWidget(words)
    layout.addStretch()
    if way is not None:
        layout.addWidget(way, 0, Qt.AlignmentFlag.AlignLeft)
    return frame


def marked(mine: str, theirs: str, *, by_line: bool = False) -> tuple[str, str]:
    """The two texts as HTML, each with the words that the other lacks on a soft ground.

    With `by_line`, lines are compared first: one that both have is never marked.
    """
    sides: tuple[list[str], list[str]] = ([], [])
    for alike, *texts in _compared(mine, theirs, by_line=by_line):
        for side, text in zip(sides, texts, strict=True):
            words = text.removesuffix("\n")
            shown = html.escape(words).replace("\n", "<br>")
            side.append(shown if alike or not shown else _mark(shown))
            side.append("<br>" if words != text else "")
    one, other = ("".join(side) for side in sides)
    return (one.removesuffix("<br>"), other.removesuffix("<br>")) if by_line else (one, other)


def _compared(mine: str, theirs: str, *, by_line: bool) -> Iterator[tuple[bool, str, str]]:
    """Piece by piece, whether both sides are alike, and each side: long texts by sentence first.

    Two texts of 36,000 characters compared by word hold the window for ten seconds.
    """
    if by_line:
        for alike, one, other in _matched(_LINES, f"{mine}\n", f"{theirs}\n"):
            if alike or not one or not other:
                yield alike, one, other
            else:
                yield from _compared(one, other, by_line=False)
        return
    if len(mine) * len(theirs) <= _MUCH:
        yield from _matched(_PIECES, mine, theirs)
        return
    for alike, one, other in _matched(_SENTENCES, mine, theirs):
        if alike or len(one) * len(other) > _MUCH:
            yield alike, one, other
        else:
            yield from _matched(_PIECES, one, other)


def _matched(pieces: re.Pattern[str], mine: str, theirs: str) -> Iterator[tuple[bool, str, str]]:
    ours, others = pieces.findall(mine), pieces.findall(theirs)
    matcher = difflib.SequenceMatcher(None, ours, others, autojunk=False)
    for kind, start, end, first, last in matcher.get_opcodes():
        yield kind == "equal", "".join(ours[start:end]), "".join(others[first:last])


def _mark(text: str) -> str:
    return f'<span class="{_MARK}">{text}</span>'
