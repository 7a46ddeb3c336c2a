"""A PDF on screen: turned page by page, larger and smaller, printed and saved."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QEvent, QIODevice, QPointF, Signal
from PySide6.QtGui import QPalette
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui import theme
from ui.actions import make_action
from ui.theme import Space
from ui.widgets.buttons import action_button, icon_button
from ui.widgets.empty_state import EmptyState
from ui.widgets.flow import Flow
from ui.widgets.text import Label, label, rule

STEP = 1.25
LEAST, MOST = 0.4, 4.0


class PdfPreview(QFrame):
    """Shows bytes; `print_asked` and `save_asked` are for the page around it, which has them."""

    print_asked = Signal()
    save_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        self.document = QPdfDocument(self)
        self.view = QPdfView()
        self.waiting = EmptyState("file-text", "Le document se prépare…")
        self.page: Label = label("", "caption")
        self.page.setAccessibleName("Page")
        self.print_action = make_action(self, "Imprimer", self.print_asked.emit, "Ctrl+P")
        self.save_action = make_action(self, "Enregistrer", self.save_asked.emit, "Ctrl+S")
        self._buffer = QBuffer(self)
        self._stack = QStackedWidget()
        self._bar = Flow()
        self._bar.setSpacing(Space.XS)
        self._build()
        self.view.pageNavigator().currentPageChanged.connect(lambda number: self._show_page())

    def _build(self) -> None:
        self.view.setDocument(self.document)
        self.view.setPageMode(QPdfView.PageMode.MultiPage)
        self.view.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        self.view.setPageSpacing(Space.M)
        self.view.setAccessibleName("Aperçu du document")
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self._set_ground()
        self._bar.addWidget(icon_button("chevron-up", "Page précédente", lambda: self.turn(-1)))
        self._bar.addWidget(icon_button("chevron-down", "Page suivante", lambda: self.turn(1)))
        self._bar.addWidget(self.page)
        self._bar.addWidget(icon_button("minus", "Réduire", lambda: self.zoom(1 / STEP)))
        self._bar.addWidget(icon_button("plus", "Agrandir", lambda: self.zoom(STEP)))
        self._bar.addWidget(action_button(self.save_action, icon="save"))
        self._bar.addWidget(action_button(self.print_action, icon="printer"))
        bar = QHBoxLayout()
        bar.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
        bar.addLayout(self._bar, 1)
        self._stack.addWidget(self.waiting)
        self._stack.addWidget(self.view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addWidget(rule())
        layout.addWidget(self._stack, 1)
        self._show_page()

    def changeEvent(self, event: QEvent) -> None:
        """Sets the ground between the pages, which the view takes from the palette alone."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "view"):
            self._set_ground()

    def _set_ground(self) -> None:
        palette = QPalette(self.view.palette())
        if palette.color(QPalette.ColorRole.Dark) != theme.colour("line"):
            palette.setColor(QPalette.ColorRole.Dark, theme.colour("line"))
            self.view.setPalette(palette)

    def add_tool(self, widget: QWidget) -> None:
        """Puts a control first in the bar, such as a choice of document."""
        self._bar.put_first(widget)

    def show_pdf(self, data: bytes) -> None:
        """Shows a document, on the page where the former one stood."""
        number = self.view.pageNavigator().currentPage()
        self._buffer.close()
        self._buffer.setData(QByteArray(data))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self.document.load(self._buffer)
        self._stack.setCurrentWidget(self.view)
        self.go_to(min(number, self.document.pageCount() - 1))
        self._show_page()

    def wait(self, sentence: str) -> None:
        """Says why there is nothing to show yet."""
        self.waiting.say(sentence)
        self._stack.setCurrentWidget(self.waiting)
        self._show_page()

    def turn(self, step: int) -> None:
        """Goes to the next page, or to the one before."""
        number = self.view.pageNavigator().currentPage() + step
        if 0 <= number < self.document.pageCount():
            self.go_to(number)

    def go_to(self, number: int) -> None:
        if number >= 0:
            self.view.pageNavigator().jump(number, QPointF(), 0)

    def zoom(self, factor: float) -> None:
        """Makes the pages larger or smaller."""
        if self.view.zoomMode() is not QPdfView.ZoomMode.Custom:
            self.view.setZoomFactor(self._fitted())
            self.view.setZoomMode(QPdfView.ZoomMode.Custom)
        self.view.setZoomFactor(min(max(self.view.zoomFactor() * factor, LEAST), MOST))

    def _fitted(self) -> float:
        """The factor at which a page takes the whole width."""
        points = self.document.pagePointSize(0).width() or 595.0
        return self.view.viewport().width() / (points * self.logicalDpiX() / 72)

    def _show_page(self) -> None:
        shown = self._stack.currentWidget() is self.view and self.document.pageCount() > 0
        number = self.view.pageNavigator().currentPage() + 1
        self.page.setText(f"{number} sur {self.document.pageCount()}" if shown else "")
        self.print_action.setEnabled(shown)
        self.save_action.setEnabled(shown)
