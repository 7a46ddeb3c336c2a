"""The pages of a PDF: turned by the keys, larger and smaller by Ctrl and the wheel."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette, QWheelEvent
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QFrame

from ui import theme
from ui.theme import Space

STEP = 1.25
LEAST, MOST = 0.25, 5.0


class PdfPages(QPdfView):
    """`page_changed` carries the page now shown, from 0."""

    page_changed = Signal(int)

    def __init__(self, document: QPdfDocument) -> None:
        super().__init__()
        self.setDocument(document)
        self.setPageMode(QPdfView.PageMode.MultiPage)
        self.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        # a bar as needed comes and goes for ever where only the narrower page fits in height
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setPageSpacing(Space.M)
        self.setAccessibleName("Aperçu du document")
        self.setAccessibleDescription(
            "Page précédente et page suivante, Début et Fin tournent les pages ; plus, moins et"
            " zéro changent leur taille."
        )
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._set_ground()
        self.pageNavigator().currentPageChanged.connect(self.page_changed)

    def page(self) -> int:
        """The page shown, from 0."""
        return self.pageNavigator().currentPage()

    def go_to(self, number: int) -> None:
        """Shows a page from its top, the nearest one there is."""
        last = self.document().pageCount() - 1
        if last >= 0:
            self.pageNavigator().jump(min(max(number, 0), last), QPointF(), 0)

    def turn(self, step: int) -> None:
        """Goes to the next page, or to the one before."""
        self.go_to(self.page() + step)

    def zoom(self, factor: float) -> None:
        """Makes the pages larger or smaller."""
        if self.zoomMode() is not QPdfView.ZoomMode.Custom:
            self.setZoomFactor(self._fitted())
            self.setZoomMode(QPdfView.ZoomMode.Custom)
        self.setZoomFactor(min(max(self.zoomFactor() * factor, LEAST), MOST))

    def fit_width(self) -> None:
        self.setZoomMode(QPdfView.ZoomMode.FitToWidth)

    def fit_page(self) -> None:
        self.setZoomMode(QPdfView.ZoomMode.FitInView)

    def _fitted(self) -> float:
        """The factor at which the pages stand now, fitted to the room."""
        page = self.document().pagePointSize(self.page())
        scale, room = self.logicalDpiX() / 72, self.viewport().size()
        width = room.width() / ((page.width() or 595.0) * scale)
        if self.zoomMode() is QPdfView.ZoomMode.FitToWidth:
            return width
        return min(width, room.height() / ((page.height() or 842.0) * scale))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.angleDelta().y():
            self.zoom(STEP if event.angleDelta().y() > 0 else 1 / STEP)
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = {
            Qt.Key.Key_PageDown: lambda: self.turn(1),
            Qt.Key.Key_PageUp: lambda: self.turn(-1),
            Qt.Key.Key_Home: lambda: self.go_to(0),
            Qt.Key.Key_End: lambda: self.go_to(self.document().pageCount() - 1),
            Qt.Key.Key_Plus: lambda: self.zoom(STEP),
            Qt.Key.Key_Minus: lambda: self.zoom(1 / STEP),
            Qt.Key.Key_0: self.fit_width,
        }
        act = keys.get(Qt.Key(event.key()))
        keypad, shift = Qt.KeyboardModifier.KeypadModifier, Qt.KeyboardModifier.ShiftModifier
        if act and not event.modifiers() & ~(keypad | shift):  # a French keyboard shifts + and 0
            act()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Sets the ground between the pages, which the view takes from the palette alone."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._set_ground()

    def _set_ground(self) -> None:
        palette = QPalette(self.palette())
        if palette.color(QPalette.ColorRole.Dark) != theme.colour("line"):
            palette.setColor(QPalette.ColorRole.Dark, theme.colour("line"))
            self.setPalette(palette)
