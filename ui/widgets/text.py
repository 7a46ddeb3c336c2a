"""Labels that take their looks from the theme by role."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QWidget


def label(
    text: str = "", role: str = "body", *, wrap: bool = False, copyable: bool = False
) -> QLabel:
    """A label of plain text in a role of the type scale; `copyable` lets its text be selected."""
    result = QLabel(text)
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
