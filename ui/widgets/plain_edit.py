"""Plain text, as it comes from other programs."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, QMimeData
from PySide6.QtGui import QDragEnterEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

_BREAKS = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b\u2060\ufeff]")


def lines(text: str) -> str:
    """A text with our line ends, without what no screen shows: what no record may hold, and the
    places where a web page may cut a word, which hide it from a search.

    Word processors and slides mark a line inside a paragraph by a vertical tab.
    """
    return _UNSEEN.sub("", _BREAKS.sub("\n", text))


def one_line(text: str) -> str:
    """The same on one line, as when cells of a table are pasted."""
    parts = re.split("[\t\n]", lines(text))
    return " ".join(part.strip() for part in parts if part.strip())


def wordless(data: QMimeData) -> bool:
    """Whether what was copied or is dragged is no text: a picture, or files, which have names."""
    return not data.hasText() or any(url.isLocalFile() for url in data.urls())


def leaves(event: QEvent) -> bool:
    """Whether a field leaves a key to the page: Ctrl+V where what was copied has no words.

    A page that keeps files takes the picture, or the files.
    """
    return (
        event.type() is QEvent.Type.ShortcutOverride
        and isinstance(event, QKeyEvent)
        and event.matches(QKeySequence.StandardKey.Paste)
        and wordless(QGuiApplication.clipboard().mimeData())
    )


class PlainLine(QLineEdit):
    """A line that leaves to the page what it cannot take."""

    def event(self, event: QEvent) -> bool:
        return False if leaves(event) else super().event(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if not wordless(event.mimeData()):
            super().dragEnterEvent(event)


class PlainEdit(QPlainTextEdit):
    """Takes from other programs their words alone."""

    def event(self, event: QEvent) -> bool:
        return False if leaves(event) else super().event(event)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return not wordless(source) and super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        words = QMimeData()
        words.setText(lines(source.text()))
        super().insertFromMimeData(words)
