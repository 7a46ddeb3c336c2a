"""Notes of items, saved as one types; each item keeps its own text, cursor and undo."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import QPlainTextDocumentLayout, QPlainTextEdit, QWidget

from ui.tasks import Tasks
from ui.widgets.autosave import Autosave, Saving

Save = Callable[[str, str, str], object]
"""Stores (item id, text, burst); runs off the GUI thread."""


class _Sheet(QTextDocument):
    """The text of one item."""

    def __init__(self, item_id: str, text: str, editor: NotesEditor) -> None:
        super().__init__(editor)
        self.setDocumentLayout(QPlainTextDocumentLayout(self))
        self.setPlainText(text)
        self.item_id = item_id
        self.burst = 0
        self.position = 0
        self.autosave = Autosave(self.toPlainText, self._store, editor.tasks, self)
        self._save = editor.save
        self.contentsChanged.connect(self.autosave.edited)

    def _store(self, text: str) -> object:
        return self._save(self.item_id, text, f"{self.item_id}/{self.burst}")

    def follow(self, stored: str) -> None:
        """Takes the stored text, unless words typed here are still on their way."""
        if self.autosave.state is Saving.SAVED and stored != self.toPlainText():
            self.setPlainText(stored)
            self.autosave.loaded()


class NotesEditor(QPlainTextEdit):
    """Edits the notes of one item at a time; `opened` carries each new item's autosave."""

    opened = Signal(object)

    def __init__(self, save: Save, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.save = save
        self.tasks = tasks
        self._sheets: dict[str, _Sheet] = {}
        self._shown: _Sheet | None = None
        self.setTabChangesFocus(True)
        self.setAccessibleName("Notes du point")
        self.setPlaceholderText("Ce qui se dit sur ce point s'enregistre à mesure.")

    @property
    def item_id(self) -> str:
        """The item whose notes are shown; empty before there is one."""
        return self._shown.item_id if self._shown else ""

    def show_item(self, item_id: str, stored: str) -> None:
        """Shows an item's notes, at the place where they were left."""
        sheet = self._sheets.get(item_id)
        if sheet is None:
            sheet = self._sheets[item_id] = _Sheet(item_id, stored, self)
            self.opened.emit(sheet.autosave)
        else:
            sheet.follow(stored)
        if sheet is self._shown:
            return
        self._leave()
        self._shown = sheet
        self.setDocument(sheet)
        cursor = self.textCursor()
        cursor.setPosition(min(sheet.position, sheet.characterCount() - 1))
        self.setTextCursor(cursor)

    def forget(self) -> None:
        """Lets every sheet go, as when another meeting is shown; what was typed is saved first."""
        for sheet in self._sheets.values():
            sheet.autosave.flush()
        self._shown = None
        self._sheets = {}
        self.setDocument(QTextDocument(self))
        self.document().setDocumentLayout(QPlainTextDocumentLayout(self.document()))

    def insert(self, text: str) -> None:
        """Puts words at the cursor, at the end when the editor was not yet used."""
        self.setFocus()
        if not self.textCursor().position():
            self.moveCursor(QTextCursor.MoveOperation.End)
        self.insertPlainText(text)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Each time the hand comes back begins a new entry of the history."""
        super().focusInEvent(event)
        if self._shown is not None:
            self._shown.burst += 1

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self._shown is not None:
            self._shown.autosave.flush()

    def _leave(self) -> None:
        if self._shown is not None:
            self._shown.position = self.textCursor().position()
            self._shown.autosave.flush()
