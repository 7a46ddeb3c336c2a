"""The search in a PDF: all finds are marked, and gone through by Enter or F3."""

from __future__ import annotations

import re

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtPdf import QPdfDocument, QPdfSearchModel
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.documents.typography import french
from ui import theme
from ui.theme import Space
from ui.widgets.buttons import icon_button
from ui.widgets.line_icons import make_search
from ui.widgets.pdf_view import PdfPages
from ui.widgets.text import Label, label

_SPACES = re.compile("[\u00a0\u202f]")


class PdfSearch(QWidget):
    """A bar that is hidden until it is opened; `closed` gives the keyboard back."""

    closed = Signal()

    def __init__(self, document: QPdfDocument, pages: PdfPages) -> None:
        super().__init__()
        self._pages = pages
        self._at = -1
        self.model = QPdfSearchModel(self)
        self.model.setDocument(document)
        self.field = QLineEdit()
        self.told: Label = label("", "caption")
        pages.setSearchModel(self.model)
        self._build()
        self.field.textChanged.connect(lambda text: self._search())
        self.model.countChanged.connect(self._on_count)

    def _build(self) -> None:
        self.field.setPlaceholderText("Rechercher dans le document")
        self.field.setAccessibleName("Rechercher dans le document")
        make_search(self.field)
        theme.set_widths(self.field, most=320)
        bar = QHBoxLayout(self)
        bar.setContentsMargins(Space.M, 0, Space.M, Space.S)
        bar.setSpacing(Space.XS)
        bar.addWidget(self.field, 1)
        bar.addWidget(icon_button("chevron-up", "Précédent (Maj+Entrée)", lambda: self.step(-1)))
        bar.addWidget(icon_button("chevron-down", "Suivant (Entrée)", lambda: self.step(1)))
        bar.addWidget(self.told)
        bar.addStretch()
        bar.addWidget(icon_button("x", "Fermer la recherche (Échap)", self.close_bar))
        self.hide()

    def open_bar(self) -> None:
        """Shows the bar, ready to be typed over."""
        self.show()
        self.field.setFocus()
        self.field.selectAll()
        self._search()

    def close_bar(self) -> None:
        """Hides the bar and the marks."""
        self.hide()
        self.model.setSearchString("")
        self.closed.emit()

    def step(self, step: int) -> None:
        """Goes to the next find (1) or the one before (-1), and round at the end."""
        if self.isHidden():
            self.open_bar()
        count = self._found()
        if count:
            self._at = (self._at + step) % count if self._at >= 0 else (0 if step > 0 else -1)
            self._at %= count
            self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        else:
            super().keyPressEvent(event)

    def _search(self) -> None:
        """Looks for what is typed as papers print it, with plain spaces, as pages give them all."""
        self._at = -1
        printed = french(self.field.text().strip())
        self.model.setSearchString(_SPACES.sub(" ", printed))
        self._on_count()

    def _on_count(self) -> None:
        if self._at < 0 and self._found():
            self._at = 0
        self._show()

    def _found(self) -> int:
        return self.model.rowCount(QModelIndex())

    def refresh(self) -> None:
        """Looks again, in a document that was just made."""
        if not self.isHidden():
            self.model.setSearchString("")
            self._search()

    def _show(self) -> None:
        count = self._found()
        if count and self._at >= 0:
            self._pages.setCurrentSearchResultIndex(self._at)
            self.told.setText(f"{self._at + 1} sur {count}")
            link = self.model.resultAtIndex(self._at)
            self._pages.pageNavigator().jump(link.page(), link.location(), 0)
        else:
            self._pages.setCurrentSearchResultIndex(-1)
            self.told.setText("Rien n'est trouvé" if self.field.text().strip() else "")
