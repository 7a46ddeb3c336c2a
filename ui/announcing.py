"""Has a screen reader speak of a change that is not where the keyboard focus is."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

PAUSE = 600
"""Milliseconds without a newer sentence before one is said, so not at each letter typed."""


def announce(source: QObject, sentence: str) -> None:
    """Has a screen reader say the sentence at once."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(source, sentence))


class Announcer(QTimer):
    """Says the last sentence that it was given, once no other has followed for a while."""

    def __init__(self, source: QObject) -> None:
        super().__init__(source, interval=PAUSE, singleShot=True)
        self._sentence = ""
        self.timeout.connect(lambda: announce(source, self._sentence))

    def take(self, sentence: str) -> None:
        self._sentence = sentence
        self.start()
