"""Thumbnails of the pages of a PDF, drawn as they come into sight; a click goes to one."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtPdf import QPdfDocument, QPdfDocumentRenderOptions, QPdfPageRenderer
from PySide6.QtWidgets import QListView, QWidget

from ui import theme
from ui.models.rows import Index

WIDTH = 104
MOST_KEPT = 300


class ThumbnailsModel(QAbstractListModel):
    """One row a page; pictures are drawn off the GUI thread, and the oldest forgotten."""

    def __init__(self, document: QPdfDocument, parent: QWidget) -> None:
        super().__init__(parent)
        self._document = document
        self._pictures: dict[int, QPixmap] = {}
        self._asked: dict[int, int] = {}
        self._renderer = QPdfPageRenderer(self)
        self._renderer.setDocument(document)
        self._renderer.setRenderMode(QPdfPageRenderer.RenderMode.MultiThreaded)
        self._renderer.pageRendered.connect(self._on_rendered)

    def refresh(self) -> None:
        """Begins anew with the document's present pages."""
        self.beginResetModel()
        self._pictures.clear()
        self._asked.clear()
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        return 0 if parent.isValid() else self._document.pageCount()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return str(index.row() + 1)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"Page {index.row() + 1}"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignCenter
        if role == Qt.ItemDataRole.DecorationRole:
            return self._picture(index.row())
        return None

    def size_of(self, page: int) -> QSize:
        """The size of a page's thumbnail."""
        points = self._document.pagePointSize(page)
        width = theme.px(WIDTH)
        ratio = points.height() / points.width() if points.width() else 1.414
        return QSize(width, round(width * ratio))

    def _picture(self, page: int) -> QPixmap:
        found = self._pictures.get(page)
        if found is not None:
            return found
        size = self.size_of(page)
        if page not in self._asked.values():
            asked = self._renderer.requestPage(page, size, QPdfDocumentRenderOptions())
            self._asked[asked] = page
        blank = QPixmap(size)
        blank.fill(Qt.GlobalColor.white)
        return blank

    def _on_rendered(
        self, page: int, size: QSize, image: QImage, options: QPdfDocumentRenderOptions, asked: int
    ) -> None:
        if self._asked.pop(asked, None) is None:
            return
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.white)
        painter = QPainter(picture)
        painter.drawImage(0, 0, image)
        painter.end()
        self._pictures[page] = picture
        if len(self._pictures) > MOST_KEPT:
            del self._pictures[next(iter(self._pictures))]
        self.dataChanged.emit(self.index(page), self.index(page))


class Thumbnails(QListView):
    """`chosen` carries the page to go to, from 0."""

    chosen = Signal(int)

    def __init__(self, document: QPdfDocument) -> None:
        super().__init__()
        self.pages = ThumbnailsModel(document, self)
        self.setModel(self.pages)
        self.setAccessibleName("Pages du document")
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setFlow(QListView.Flow.TopToBottom)
        self.setWrapping(False)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        theme.set_widths(self, least=WIDTH + 52, most=WIDTH + 52)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().currentChanged.connect(
            lambda now, before: self.chosen.emit(now.row()) if now.isValid() else None
        )

    def refresh(self) -> None:
        """Shows the pages of the document as they are now."""
        self.pages.refresh()
        if self.pages.rowCount():
            size = self.pages.size_of(0)
            self.setIconSize(size)
            self.setGridSize(size + QSize(theme.px(16), theme.px(34)))

    def show_page(self, number: int) -> None:
        """Marks the page that is read, without going to it."""
        if number != self.currentIndex().row() and number < self.pages.rowCount():
            self.selectionModel().blockSignals(True)
            self.setCurrentIndex(self.pages.index(number))
            self.selectionModel().blockSignals(False)
            self.viewport().update()
            self.scrollTo(self.pages.index(number))
