"""A list of lines where a click on a chip opens the same choices as a right click."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QListView

from ui.models.lines import LINE
from ui.models.rows import ROW
from ui.widgets.line_delegate import LineDelegate, chip_area


class LineList(QListView):
    """`customContextMenuRequested` follows a click on a chip, as it does a right click.

    While `locked`, chips ignore clicks.
    """

    def __init__(self) -> None:
        super().__init__()
        self.locked = False
        self._pressed: str | None = None
        self.setItemDelegate(LineDelegate(self))
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self._is_chip(event.position().toPoint())
        shape = Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)
        super().mouseMoveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self._pressed = self._row_id(event.position().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Opens the choices of the row that was pressed, unless another one came in its place."""
        super().mouseReleaseEvent(event)
        at = event.position().toPoint()
        same = self._row_id(at) == self._pressed
        if event.button() == Qt.MouseButton.LeftButton and same and self._is_chip(at):
            self.customContextMenuRequested.emit(at)

    def _row_id(self, at: QPoint) -> str | None:
        return getattr(self.indexAt(at).data(ROW), "id", None)

    def _is_chip(self, at: QPoint) -> bool:
        index = self.indexAt(at)
        if self.locked or not index.isValid():
            return False
        return chip_area(self.visualRect(index), index.data(LINE)).contains(at)
