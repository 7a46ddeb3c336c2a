"""A card with a heading and lines under it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtWidgets import QGroupBox, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.wording import count
from ui.focus_order import come_back, take_from
from ui.theme import Space
from ui.widgets.flow import Flow
from ui.widgets.text import Label, clear, label

INSET = Space.S + Space.M
"""How far words stand from the edge of a card, which leaves its lines room for their highlight."""


class Section(QGroupBox):
    """One subject of a page; cleared and filled again at each refresh.

    A group, whose heading a screen reader says as the keyboard comes into it.
    """

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self.heading: Label = label(title, "strong")
        self.setAccessibleName(title)
        self._head = QHBoxLayout()
        self._head.setContentsMargins(Space.M, 0, Space.M, 0)
        self._head.addWidget(self.heading, 1)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.S, Space.L, Space.S, Space.M)
        layout.setSpacing(Space.S)
        layout.addLayout(self._head)
        layout.addLayout(self._lines)

    def call(self, title: str) -> None:
        """Gives it another heading."""
        self.heading.setText(title)
        self.setAccessibleName(title)

    def add_beside(self, widget: QWidget) -> None:
        """Puts a widget on the right of the heading; a quiet button ends where its words do."""
        self._head.addWidget(widget)
        if widget.property("kind") == "quiet":
            self._head.setContentsMargins(Space.M, 0, 0, 0)

    def clear(self) -> None:
        clear(self._lines)

    @contextmanager
    def refilled(self) -> Iterator[None]:
        """Clears the card, hidden while it is filled, then shows it again if it was shown.

        In sight, each of many lines added one by one would have all the others laid out again. The
        focus comes back as after `clear`.
        """
        place, shown = take_from(self._lines), not self.isHidden()
        self.hide()
        self.clear()
        try:
            yield
        finally:
            self.setVisible(shown)
            if place is not None:
                come_back(self._lines, place)

    def add(self, widget: QWidget) -> None:
        self._lines.addWidget(widget)

    def hold(self, widget: QWidget) -> None:
        """Adds a widget in line with the heading, such as a form."""
        widget.setContentsMargins(Space.M, Space.XS, Space.M, Space.XS)
        self.add(widget)

    def offer(self, *buttons: QWidget) -> None:
        """Adds a row of buttons, in several rows where there is no room."""
        row = QWidget()
        flow = Flow(row)
        for button in buttons:
            flow.addWidget(button)
        self.hold(row)

    def say(self, sentence: str) -> None:
        """Adds a quiet sentence, as when there is nothing to show."""
        words = label(sentence, "muted", wrap=True)
        words.setContentsMargins(Space.M, Space.XS, Space.M, Space.S)
        self.add(words)

    def say_first(self, sentences: Sequence[str], most: int) -> None:
        """Says so many of the sentences, and how many others there are."""
        for sentence in sentences[:most]:
            self.say(sentence)
        if others := len(sentences[most:]):
            self.say(f"… et {count(others, 'autre')}.")
