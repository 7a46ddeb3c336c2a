"""Finds words that do not fit where they stand."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QPushButton,
    QStyle,
    QStyleOptionComboBox,
    QWidget,
)

from ui.widgets.clamped import Clamped
from ui.widgets.line import Line
from ui.widgets.text import Elided


def clipped(root: QWidget) -> list[str]:
    """The labels and buttons on screen that are narrower or lower than their words."""
    found = [
        f"{label.text()!r} {label.width()}×{label.height()}"
        for label in root.findChildren(QLabel)
        if label.isVisible()
        and label.text()
        and not isinstance(label, Elided | Clamped)
        and not _label_fits(label)
    ]
    found += [
        f"{line.accessibleName()!r} {line.height()} < {line.heightForWidth(line.width())}"
        for line in root.findChildren(Line)
        if line.isVisible() and line.height() < line.heightForWidth(line.width())
    ]
    found += [
        f"{one.text()!r} {one.width()} < {one.sizeHint().width()}"
        for one in root.findChildren(QAbstractButton)
        if one.isVisible() and not isinstance(one, Line) and not _button_fits(one)
    ]
    found += [
        f"{one.currentText()!r} {one.width()}"
        for one in root.findChildren(QComboBox)
        if one.isVisible() and not one.isEditable() and not choice_fits(one, one.currentText())
    ]
    return found


def _label_fits(label: QLabel) -> bool:
    metrics = label.fontMetrics()
    if label.wordWrap():
        return label.heightForWidth(label.width()) <= label.height() + 1
    bounds = metrics.boundingRect(0, 0, 10_000, 10_000, Qt.AlignmentFlag.AlignLeft, label.text())
    return bounds.width() <= label.width() + 1 and bounds.height() <= label.height() + 1


def _button_fits(one: QAbstractButton) -> bool:
    if not isinstance(one, QPushButton):
        return True
    return one.sizeHint().width() <= one.width() + 1


def choice_fits(choice: QComboBox, words: str) -> bool:
    """Whether words are read whole in a closed list of choices."""
    option = QStyleOptionComboBox()
    choice.initStyleOption(option)
    control, part = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
    field = choice.style().subControlRect(control, option, part, choice)
    return choice.fontMetrics().horizontalAdvance(words) <= field.width()


def unnamed(root: QWidget) -> list[str]:
    """The controls on screen that a screen reader could not name."""
    return [
        type(one).__name__
        for one in root.findChildren(QWidget)
        if one.isVisible() and one.focusPolicy() & Qt.FocusPolicy.TabFocus and not _named(one)
    ]


def _named(one: QWidget) -> bool:
    text = one.text() if isinstance(one, QAbstractButton) else ""
    return bool(one.accessibleName() or text) or _inside_named(one)


def _inside_named(one: QWidget) -> bool:
    """Whether the control is an inner part of one that is named, such as a combo's line."""
    parent = one.parentWidget()
    while parent is not None:
        if parent.focusProxy() is one or (parent.accessibleName() and parent.focusPolicy()):
            return True
        parent = parent.parentWidget()
    return False
