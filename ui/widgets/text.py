"""Labels that take their looks from the theme by role."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QLayout, QWidget

from app.domain.wording import typographic
from ui.focus_order import come_back, take_from


class Label(QLabel):
    """A label set as French typography asks: no line ends before a colon or inside « »."""

    def setText(self, text: str) -> None:
        super().setText(typographic(text))


class Elided(Label):
    """One line that ends with an ellipsis where room lacks, its whole text in the tooltip."""

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setToolTip(self.text())

    def minimumSizeHint(self) -> QSize:
        """Room for a few letters, or for the whole text where that is less."""
        few = self.fontMetrics().averageCharWidth() * 8
        return QSize(min(few, self.sizeHint().width()), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        shown = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width()
        )
        painter.drawText(self.contentsRect(), self.alignment(), shown)


def label(
    text: str = "", role: str = "body", *, wrap: bool = False, copyable: bool = False
) -> Label:
    """A label of plain text in a role of the type scale; `copyable` lets its text be selected."""
    result = Label()
    result.setText(text)
    result.setProperty("role", role)
    result.setTextFormat(Qt.TextFormat.PlainText)
    result.setWordWrap(wrap)
    if copyable:
        result.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
    return result


def restyle(widget: QWidget, name: str, value: object) -> None:
    """Sets a property that the stylesheet selects by, and dresses the widget again."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


def clear(layout: QLayout) -> None:
    """Takes every widget out of a layout, and deletes it.

    If one had the focus, the widget that comes in its place gets it.
    """
    place = take_from(layout)
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
    if place is not None:
        come_back(layout, place)


def card() -> QFrame:
    """A surface that stands out from the page's ground."""
    frame = QFrame()
    frame.setProperty("surface", "card")
    return frame


def rule() -> QFrame:
    """A thin horizontal line."""
    frame = QFrame()
    frame.setProperty("surface", "line")
    return frame
