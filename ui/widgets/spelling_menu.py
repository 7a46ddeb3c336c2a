"""Proposals for words that no dictionary knows: by a right click, or word after word by F7."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QTextCursor
from PySide6.QtWidgets import QApplication, QMenu, QToolTip

from ui.announcing import announce
from ui.text_places import unit_of

if TYPE_CHECKING:
    from ui.widgets.plain_edit import PlainEdit

NONE = "Aucun mot à vérifier dans ce texte."


class SpellingMenu:
    """The menu of one editor, whose lexicon it asks; `add` keeps a word that the user approves."""

    def __init__(self, editor: PlainEdit) -> None:
        self._editor = editor
        self.add: Callable[[str], object] = lambda word: None

    def open(self, cursor: QTextCursor, place: QPoint | None) -> None:
        """Opens the editor's own menu at a place, or under the cursor, with the proposals first."""
        editor = self._editor
        menu = editor.createStandardContextMenu()
        word = next((one for one in self._unknown() if _holds(one, cursor.position())), None)
        if word is not None:
            first = menu.actions()[0]
            menu.insertActions(first, self._ways(menu, word))
            menu.insertSeparator(first)
        self._popup(menu, place)

    def go_on(self) -> None:
        """Selects the next unknown word, or the first one after the last, and opens its menu."""
        editor, found, opened = self._editor, self._unknown(), QApplication.activePopupWidget()
        if isinstance(opened, QMenu):  # that of the word before, from which F7 goes on
            opened.close()
        if not found:
            QToolTip.showText(self._below(), NONE, editor)
            announce(editor, NONE)
            return
        at = editor.textCursor().selectionEnd()
        word = next((one for one in found if one.selectionStart() >= at), found[0])
        editor.setTextCursor(word)
        menu = QMenu(editor)
        menu.addActions(self._ways(menu, word))
        menu.addSeparator()
        if len(found) > 1:
            menu.addAction("Mot suivant\tF7", self.go_on)
        self._popup(menu, None)

    def _unknown(self) -> list[QTextCursor]:
        """The unknown words, each selected by a cursor."""
        lexicon, document = self._editor.lexicon, self._editor.document()
        found = []
        block = document.firstBlock()
        while lexicon is not None and block.isValid():
            text = block.text()
            for word in lexicon.unknown(text):
                cursor = QTextCursor(block)
                start, end = (block.position() + unit_of(text, one) for one in word[:2])
                cursor.setPosition(start)
                cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
                found.append(cursor)
            block = block.next()
        return found

    def _ways(self, menu: QMenu, word: QTextCursor) -> list[QAction]:
        lexicon = self._editor.lexicon
        assert lexicon is not None  # it found the word
        written = word.selectedText()
        ways = []
        for proposal in lexicon.proposals(written):
            way = QAction(proposal, menu)
            font = way.font()
            font.setBold(True)
            way.setFont(font)
            way.triggered.connect(partial(self._replace, word, written, proposal))
            ways.append(way)
        if not ways:
            ways.append(QAction("Aucune proposition", menu, enabled=False))
        keep = QAction(f"Ajouter « {written} » au dictionnaire", menu)
        keep.triggered.connect(lambda: self.add(written))
        return [*ways, keep]

    def _replace(self, word: QTextCursor, written: str, proposal: str) -> None:
        """Puts a proposal in the word's place, unless the text changed while the menu was open."""
        shown = word.document() is self._editor.document()
        if not shown or word.selectedText() != written:
            return
        word.insertText(proposal)
        self._editor.setTextCursor(word)
        self._editor.setFocus()

    def _below(self) -> QPoint:
        """Under the word that is selected, or the cursor."""
        start = self._editor.textCursor()
        start.setPosition(start.selectionStart())
        return self._editor.viewport().mapToGlobal(self._editor.cursorRect(start).bottomLeft())

    def _popup(self, menu: QMenu, place: QPoint | None) -> None:
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._below() if place is None else place)
        if place is None:
            menu.setActiveAction(next(one for one in menu.actions() if one.isEnabled()))


def _holds(word: QTextCursor, position: int) -> bool:
    return word.selectionStart() <= position <= word.selectionEnd()
