"""Shows a file kept with a record, without a copy of it leaving the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.documents.document import PDF, Document
from ui import theme
from ui.dialogs.dialog import Dialog, fit
from ui.dialogs.document import DocumentDialog
from ui.tasks import Tasks
from ui.theme import Space

if TYPE_CHECKING:
    from app.bootstrap import Services

LONGEST = 2400
"""The longest side of a shown image, in pixels: a photo of 50 megapixels stays light."""


def open_attachment(
    title: str, document: Document, services: Services, tasks: Tasks, parent: QWidget
) -> bool:
    """Shows a PDF or an image; False for a file of another kind, or one that cannot be read."""
    if document.media_type == PDF:
        dialog = DocumentDialog(title, services, tasks, parent)
        dialog.pane.take(document)
        dialog.open()
        return True
    image = read_image(document.data)
    if image.isNull():
        return False
    ImageDialog(title, image, parent).open()
    return True


def read_image(data: bytes) -> QImage:
    """The image upright, no larger than what a screen shows; null when the data is no image."""
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    whole = reader.size()
    if max(whole.width(), whole.height()) > LONGEST:
        reader.setScaledSize(whole.scaled(LONGEST, LONGEST, Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()


class ImageDialog(Dialog):
    """One image, as large as the window."""

    def __init__(self, title: str, image: QImage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = ImageView(image)
        self.setWindowTitle(title)
        fit(self, 900, 700)
        self.picture.setAccessibleName(f"Image « {title} »")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.L, Space.L, Space.L)
        layout.addWidget(self.picture)


class ImageView(QWidget):
    """Draws an image whole, centred, never enlarged beyond its own pixels."""

    def __init__(self, image: QImage) -> None:
        super().__init__()
        self._image = image

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(240), theme.px(180))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = self._image.size()
        if size.width() > self.width() or size.height() > self.height():
            size = size.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (self.width() - size.width()) // 2, (self.height() - size.height()) // 2
        painter.drawImage(
            self.rect().adjusted(left, top, 0, 0).topLeft(),
            self._image.scaled(
                size,
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            ),
        )
