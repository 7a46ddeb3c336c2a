"""Notes of items, saved as one types; each item keeps its own text, cursor and undo."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import QMenu, QPlainTextDocumentLayout

from app.clock import new_id
from app.domain import note_editing
from app.domain.note_editing import Edit
from ui.actions import literal, make_action
from ui.tasks import Tasks
from ui.text_places import followed, letter_of, unit_of
from ui.widgets.autosave import Autosave, Saving
from ui.widgets.notes_highlighter import NotesHighlighter
from ui.widgets.plain_edit import PlainEdit

SHOWN_LETTERS = 70
"""Letters of a phrase that the menu shows."""

_TOP = QPoint(0, 1)
"""A point inside the first line in sight: at its very edge, Qt still finds the line before."""

Save = Callable[[str, str, str, str], object]
"""Stores (item id, text, the text typed over, burst); runs off the GUI thread."""


class _Sheet(QTextDocument):
    """The notes of one item; `overtaken` follows a save, if others wrote in them meanwhile."""

    overtaken = Signal()

    def __init__(self, item_id: str, text: str, editor: NotesEditor) -> None:
        super().__init__(editor)
        self.setDocumentLayout(QPlainTextDocumentLayout(self))
        self.setPlainText(text)
        self.highlighter = NotesHighlighter(self)
        self.item_id = item_id
        self._kept = text
        self._reading: object = None
        self._is_behind = False
        self._is_left = False
        self.is_over = False
        self.burst = new_id()
        self.position = 0
        self.autosave = Autosave(self.toPlainText, self._store, editor.tasks, self)
        self._save = editor.save
        self.autosave.saved.connect(self._on_saved)
        self.autosave.orphaned.connect(self._end)
        self.contentsChanged.connect(self.autosave.edited)

    def _store(self, text: str) -> object:
        saved = self._save(self.item_id, text, self._kept, self.burst)
        self._kept = text
        return saved

    def follow(self, stored: str, reading: object) -> None:
        """Takes the stored text, unless words typed here are still to be stored.

        The same reading given again is ignored: what was typed and saved since is newer.
        """
        shown = self.toPlainText()
        news = reading is None or reading is not self._reading
        self._reading = reading
        settled = self.autosave.settled
        self._is_behind |= news and not settled and stored != self._kept
        if news and settled and stored != shown:
            self.position = followed(shown, stored, self.position)
            self.setPlainText(stored)
            self._kept = stored
            self.autosave.loaded()

    def _on_saved(self) -> None:
        """Asks for the stored text, where the store merged these words with others' meanwhile."""
        if self._is_behind and self.autosave.settled:
            self._is_behind = False
            self.overtaken.emit()
        self._end()

    def let_go(self) -> None:
        """Ends as soon as the store holds its words."""
        self.autosave.flush()
        self._is_left = True
        self._end()

    def take_back(self) -> bool:
        """Takes `let_go` back as the item is shown again; False where the sheet has ended."""
        self._is_left = False
        return not self.is_over

    def _end(self) -> None:
        if self._is_left and self.autosave.settled:
            self.is_over = True
            self.deleteLater()


INVITED = "Ce qui se dit sur ce point s'enregistre à mesure."
UNSAID = "Rien n'a été noté sur ce point."


class NotesEditor(PlainEdit):
    """Edits the notes of one item at a time; `opened` carries each new item's autosave.

    `overtaken` asks for the stored notes, which now hold words from elsewhere besides those typed
    here; `hour_asked` and `phrases_asked` for the present hour and the phrases to choose from.
    """

    opened = Signal(object)
    overtaken = Signal()
    hour_asked = Signal()
    phrases_asked = Signal()

    def __init__(self, save: Save, tasks: Tasks) -> None:
        self._sheets: dict[str, _Sheet] = {}
        self._left: dict[str, _Sheet] = {}
        self._places: dict[str, int] = {}
        super().__init__()
        self.save = save
        self.tasks = tasks
        self._shown: _Sheet | None = None
        self._locked = False
        self._blank = QTextDocument(self)
        self._blank.setDocumentLayout(QPlainTextDocumentLayout(self._blank))  # else old text stays
        self.setTabChangesFocus(True)
        self.setAccessibleName("Notes du point")
        self._follow_lock()
        self.setPlaceholderText(INVITED)
        self.formatting = (
            make_action(self, "Gras", lambda: self._format(note_editing.bold), "Ctrl+G"),
            make_action(self, "Liste", lambda: self._format(note_editing.bullets), "Ctrl+L"),
            make_action(self, "Heure", self.hour_asked.emit, ("Ctrl+:", "Ctrl+Shift+H")),
            make_action(self, "Insérer une phrase", self.phrases_asked.emit, "Ctrl+I"),
        )

    def lock(self, *, locked: bool, invited: str = INVITED) -> None:
        """Makes the notes read-only, or not; the placeholder of an empty sheet follows, which then
        says so or what is `invited`.
        """
        self._locked = locked
        self._follow_lock()
        self.setPlaceholderText(UNSAID if locked else invited)

    def _follow_lock(self) -> None:
        """Is read-only without an item, and once locked; not while words typed are still to be
        stored, for they may have been refused.
        """
        sheet = self._shown
        settled = sheet is not None and sheet.autosave.state is Saving.SAVED
        locked = sheet is None or (self._locked and settled)
        if locked != self.isReadOnly():  # Qt lays the whole sheet out again, even for no change
            self.setReadOnly(locked)

    @property
    def item_id(self) -> str:
        """The item whose notes are shown; empty before there is one."""
        return self._shown.item_id if self._shown else ""

    def show_item(self, item_id: str, stored: str, reading: object = None) -> None:
        """Shows an item's notes, at the place where they were left.

        `reading` is the object that `stored` was read from, the same until it is read anew.
        """
        left = self._left.pop(item_id, None)
        if left is not None and left.take_back():
            self._sheets[item_id] = left
        sheet = self._sheets.get(item_id)
        top, shown = self.cursorForPosition(_TOP).position(), self.toPlainText()
        if sheet is None:
            sheet = self._sheets[item_id] = _Sheet(item_id, stored, self)
            sheet.position = self._places.pop(item_id, 0)
            sheet.overtaken.connect(self.overtaken)
            sheet.autosave.state_changed.connect(self._follow_lock)
            self.opened.emit(sheet.autosave)
        else:
            self._note_place()
        sheet.follow(stored, reading)
        if sheet is not self._shown:
            self._leave()
            self._shown = sheet
            self._follow_lock()
            self.setDocument(sheet)
            self.respell()
            shown = self.toPlainText()
        cursor = self.textCursor()
        if cursor.position() != sheet.position:
            cursor.setPosition(min(sheet.position, sheet.characterCount() - 1))
            self.setTextCursor(cursor)
        if self.toPlainText() != shown:  # what is in sight stays there
            self._scroll_to(followed(shown, stored, top))

    def _scroll_to(self, place: int) -> None:
        """Scrolls until the line of a position is the first in sight."""
        block = self.document().findBlock(place)
        self.blockBoundingRect(block)  # makes Qt wrap it
        line = block.layout().lineForTextPosition(place - block.position())
        self.verticalScrollBar().setValue(block.firstLineNumber() + line.lineNumber())

    def remember(self, item_id: str, position: int) -> None:
        """Notes where to put the cursor once the notes of this item are first shown."""
        self._places[item_id] = position

    def forget(self) -> None:
        """Lets every sheet go, as when another meeting is shown; what was typed is saved first, and
        words that the store refuses are back when their item is shown again.
        """
        left, self._sheets = self._sheets, {}
        self._shown = None
        self._follow_lock()
        self.setDocument(self._blank)
        for sheet in left.values():
            sheet.let_go()
        self._left |= {one: sheet for one, sheet in left.items() if not sheet.is_over}

    def insert(self, text: str) -> None:
        """Puts words at the cursor, or at the end while it still is at the very beginning."""
        self.setFocus()
        if not self.textCursor().position():
            self.moveCursor(QTextCursor.MoveOperation.End)
        self.insertPlainText(text)

    # Formatting

    def _format(self, key: Callable[[str, int, int], Edit]) -> None:
        cursor, text = self.textCursor(), self.toPlainText()
        start, end = (letter_of(text, one) for one in _ends(cursor))
        self._make(key(text, start, end))

    def _make(self, edit: Edit) -> None:
        """Makes an edit as one step of the editor's own undo."""
        if self.isReadOnly():
            return
        text = self.toPlainText()
        done = edit.done(text)
        cursor = self.textCursor()
        cursor.setPosition(unit_of(text, edit.start))
        cursor.setPosition(unit_of(text, edit.end), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(edit.text)
        cursor.setPosition(unit_of(done, edit.anchor))
        cursor.setPosition(unit_of(done, edit.caret), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        self.setFocus()

    def offer(self, phrases: Sequence[str]) -> None:
        """Completes the only phrase that the words before the cursor begin, else offers a menu."""
        text = self.toPlainText()
        caret = letter_of(text, self.textCursor().position())
        letters, found = note_editing.completing(text, caret, phrases)
        if letters and len(found) == 1:
            self._put_phrase(found[0], letters)
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for number, phrase in enumerate(found, start=1):
            shown = phrase if len(phrase) <= SHOWN_LETTERS else f"{phrase[:SHOWN_LETTERS]}…"
            shown = literal(shown)
            action = menu.addAction(f"&{number}  {shown}" if number < 10 else shown)
            action.triggered.connect(
                lambda checked=False, one=phrase: self._put_phrase(one, letters)
            )
        if not found:
            none = menu.addAction("Aucune phrase : écrivez-les dans les Réglages")
            none.setEnabled(False)
        menu.popup(self.viewport().mapToGlobal(self.cursorRect().bottomLeft()))
        menu.setActiveAction(menu.actions()[0])

    def _put_phrase(self, phrase: str, letters: int) -> None:
        text = self.toPlainText()
        start = letter_of(text, self.textCursor().position()) - letters
        self._put(note_editing.written(text, start, phrase), letters)

    def _put(self, words: str, letters: int = 0) -> None:
        """Writes words at the cursor, in the place of so many letters before it."""
        text = self.toPlainText()
        caret = letter_of(text, self.textCursor().position())
        start = caret - letters
        place = start + len(words)
        self._make(Edit(start, caret, words, place, place))

    def stamp(self, hour: str) -> None:
        """Writes the hour at the cursor."""
        self._put(f"{hour} ")

    def sizeHint(self) -> QSize:
        """Asks for its least height, and takes what the layout leaves."""
        return QSize(super().sizeHint().width(), self.minimumHeight())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on with the list that the cursor is in."""
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if plain and event.key() == Qt.Key.Key_Return and not self.textCursor().hasSelection():
            text = self.toPlainText()
            edit = note_editing.next_line(text, letter_of(text, self.textCursor().position()))
            if edit is not None:
                self._make(edit)
                return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Gives the marks the colours of a new theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            for sheet in self._sheets.values():
                sheet.highlighter.look_again()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begins a new entry of the history each time that the focus comes back."""
        super().focusInEvent(event)
        if self._shown is not None:
            self._shown.burst = new_id()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self._shown is not None:
            self._shown.autosave.flush()

    def _leave(self) -> None:
        self._note_place()
        if self._shown is not None:
            self._shown.autosave.flush()

    def _note_place(self) -> None:
        if self._shown is not None:
            self._shown.position = self.textCursor().position()


def _ends(cursor: QTextCursor) -> tuple[int, int]:
    return cursor.selectionStart(), cursor.selectionEnd()
