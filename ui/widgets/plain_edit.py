"""Editors of plain text: what other programs paste is cleaned, and the spelling is checked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
)
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from ui.actions import REDO, make_action
from ui.widgets.spelling_marks import SpellingMarks
from ui.widgets.spelling_menu import SpellingMenu

if TYPE_CHECKING:
    from app.services.spelling import Lexicon

_LOOKS = (QEvent.Type.PaletteChange, QEvent.Type.ReadOnlyChange)
_BREAKS = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b\u2060\ufeff]")


def lines(text: str) -> str:
    """A text in NFC, its line ends LF, without characters that no screen shows: controls, which no
    record may hold, and soft hyphens and the like of web pages, which hide a word from a search.

    Some systems copy an accent apart from its letter (NFD); word processors and slides mark a line
    inside a paragraph by a vertical tab.
    """
    return unicodedata.normalize("NFC", _UNSEEN.sub("", _BREAKS.sub("\n", text)))


def one_line(text: str) -> str:
    """The text so cleaned, on one line, as when cells of a table are pasted."""
    parts = re.split("[\t\n]", lines(text))
    return " ".join(part.strip() for part in parts if part.strip())


def copied() -> QMimeData:
    """What the clipboard holds; empty data where the system gives none for an empty clipboard."""
    return QGuiApplication.clipboard().mimeData() or QMimeData()


def wordless(data: QMimeData) -> bool:
    """Whether what was copied or dragged is not text: a picture, or files, whose names are text."""
    return not data.hasText() or any(url.isLocalFile() for url in data.urls())


def leaves(event: QEvent, is_written: Callable[[], bool]) -> bool:
    """Whether a field leaves a key to the page: Ctrl+V where what was copied has no words, Ctrl+Z
    and Ctrl+Y where nothing was typed.

    A page that keeps attachments then takes the picture or the files. Where something was typed and
    undone, one Ctrl+Z too many still goes to the field.
    """
    if event.type() is not QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    keys = QKeySequence.StandardKey
    if event.matches(keys.Paste):
        return wordless(copied())
    return (event.matches(keys.Undo) or redoes(event)) and not is_written()


def redoes(event: QKeyEvent) -> bool:
    """Whether keys do again what was undone, by Qt or by the program's own « Rétablir »."""
    known = event.matches(QKeySequence.StandardKey.Redo)
    return known or QKeySequence(event.keyCombination()).toString() in REDO


def redone(event: QEvent, field: PlainLine | PlainEdit) -> bool:
    """Has a field where something was typed do it again; False for other keys."""
    kinds = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
    if event.type() not in kinds or not isinstance(event, QKeyEvent):
        return False
    if not redoes(event) or not field.is_written():
        return False
    if event.type() is QEvent.Type.KeyPress:
        field.redo()
    event.accept()
    return True


class PlainLine(QLineEdit):
    """A line that leaves to the page the keys and drops that it cannot use."""

    def event(self, event: QEvent) -> bool:
        if leaves(event, self.is_written):
            return False
        return redone(event, self) or super().event(event)

    def is_written(self) -> bool:
        """Whether something typed can be undone or done again."""
        return self.isUndoAvailable() or self.isRedoAvailable()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if not wordless(event.mimeData()):
            super().dragEnterEvent(event)


class PlainEdit(QPlainTextEdit):
    """Pastes words alone, without their looks; `spell` has the unknown ones underlined."""

    def __init__(self, text: str = "") -> None:
        self.spelled_by: Lexicon | None = None
        super().__init__(text)
        self.spelling = SpellingMenu(self)
        self.check = make_action(self, "Mot suivant à vérifier", self.spelling.go_on, "F7")
        self.check.setVisible(False)
        self.cursorPositionChanged.connect(self._on_moved)

    def event(self, event: QEvent) -> bool:
        if leaves(event, self.is_written):
            return False
        return redone(event, self) or super().event(event)

    def is_written(self) -> bool:
        """Whether something typed can be undone or done again."""
        return self.document().isUndoAvailable() or self.document().isRedoAvailable()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return not wordless(source) and super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        words = QMimeData()
        words.setText(lines(source.text()))
        super().insertFromMimeData(words)

    # Spelling

    def spell(self, lexicon: Lexicon | None, add: Callable[[str], object]) -> None:
        """Underlines from now on what a lexicon does not know, nothing without one.

        `add` keeps a word that the user says to be right.
        """
        self.spelled_by = lexicon
        self.spelling.add = add
        self.check.setVisible(lexicon is not None)
        self.respell()

    def respell(self) -> None:
        """Underlines anew, as when another document is shown."""
        marks = self._marks()
        if marks is not None:
            marks.lexicon, marks.writing = self.lexicon, self._writing
            marks.look_again()

    @property
    def lexicon(self) -> Lexicon | None:
        """The lexicon that checks the words here; None where the text is read-only or unchecked."""
        return None if self.isReadOnly() else self.spelled_by

    def _marks(self) -> SpellingMarks | None:
        """The marks of the present document, made once there is a lexicon."""
        found = self.document().findChild(SpellingMarks)
        return SpellingMarks(self.document()) if found is None and self.lexicon else found

    def _writing(self) -> int:
        return self.textCursor().position() if self.hasFocus() else -1

    def _on_moved(self) -> None:
        if self.spelled_by is not None and (marks := self._marks()) is not None:
            marks.leave(self._writing())

    def changeEvent(self, event: QEvent) -> None:
        """Gives the marks the colours of a new theme, and removes them from a read-only text."""
        super().changeEvent(event)
        if event.type() in _LOOKS and self.spelled_by is not None:
            self.respell()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._on_moved()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_keys = event.reason() == QContextMenuEvent.Reason.Keyboard
        self.spelling.open(self.textCursor() if by_keys else self.cursorForPosition(event.pos()),
                           None if by_keys else event.globalPos())  # fmt: skip
