"""Underlines, as one types, the words that no dictionary knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextBlock, QTextCharFormat, QTextDocument

from ui import theme
from ui.text_places import unit_of

if TYPE_CHECKING:
    from app.services.spelling import Lexicon


class SpellingMarks(QSyntaxHighlighter):
    """Marks what `lexicon` does not know, nothing for None; `writing` gives the cursor's position.

    The word being written there is not marked before the cursor leaves it, when `leave` does.
    """

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self.lexicon: Lexicon | None = None
        self.writing: Callable[[], int] = lambda: -1
        self._held: tuple[QTextBlock, int] | None = None

    def highlightBlock(self, text: str) -> None:
        self.underline(text)

    def underline(self, text: str) -> None:
        """Underlines the unknown words of the present block, whatever else their look is."""
        if self.lexicon is None:
            return
        block, place = self.currentBlock(), self.writing()
        for word in self.lexicon.unknown(text):
            start, end = unit_of(text, word.start), unit_of(text, word.end)
            if start < place - block.position() <= end:
                self._held = block, place
            else:
                self._underline(start, end)

    def _underline(self, start: int, end: int) -> None:
        """Underlines each run of letters of one format at a time, to keep that format."""
        while start < end:
            former = self.format(start)
            after = next((at for at in range(start, end) if self.format(at) != former), end)
            look = QTextCharFormat(former)
            look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SpellCheckUnderline)
            look.setUnderlineColor(QColor(theme.colour("danger")))
            self.setFormat(start, after - start, look)
            start = after

    def leave(self, place: int) -> None:
        """Marks the word left unmarked, unless the cursor is still at its end."""
        if self._held is not None and self._held[1] != place:
            block, self._held = self._held[0], None
            if block.isValid():
                with QSignalBlocker(self.document()):  # no word of it changed
                    self.rehighlightBlock(block)

    def look_again(self) -> None:
        """Marks the text anew; Qt would say that it changed, and none of its words did."""
        with QSignalBlocker(self.document()):
            self.rehighlight()
