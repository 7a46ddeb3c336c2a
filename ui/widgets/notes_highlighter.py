"""Shows the light formatting of notes as one types it."""

from __future__ import annotations

from PySide6.QtGui import QColor, QFont, QTextCharFormat, QTextDocument

from app.domain.formatted_text import line
from ui import theme
from ui.text_places import unit_of
from ui.widgets.spelling_marks import SpellingMarks


class NotesHighlighter(SpellingMarks):
    """Bold words are bold; the marks that say so, and those of lists, are pale."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._bold = QTextCharFormat()
        self._bold.setFontWeight(QFont.Weight.Bold)

    def highlightBlock(self, text: str) -> None:
        self._format(text)
        self.underline(text)

    def _format(self, text: str) -> None:
        read = line(text)
        if len(read.spans) == 1 and not read.spans[0].bold and not read.spans[0].start:
            return
        mark = QTextCharFormat()
        mark.setForeground(QColor(theme.colour("muted")))
        self.setFormat(0, unit_of(text, len(text)), mark)
        for span in read.spans:
            look = self._bold if span.bold else QTextCharFormat()
            start = unit_of(text, span.start)
            self.setFormat(start, unit_of(text, span.start + span.length) - start, look)
