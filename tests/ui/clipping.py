"""Finds words that do not fit where they stand."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QLineEdit,
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


def is_read_whole(line: Line) -> bool:
    """Whether nothing is cut of a line that has a chip, whose name has no comma."""
    name, *detail, chip = line.accessibleName().split(", ")
    whole = Line(name, ", ".join(detail), chip, most_lines=9, detail_lines=9)
    return line.height() >= whole.heightForWidth(line.width())


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
    whole = choice.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, field.width())
    return whole == words


LEAST = 24
"""The pixels that a target has each way (WCAG 2.2, 2.5.8)."""


def too_small(root: QWidget) -> list[str]:
    """The buttons on screen that are hard to aim at, but for those inside a line of text, whose
    keys are the line's own.
    """
    return [
        f"{one.accessibleName()!r} {one.width()}×{one.height()}"
        for one in root.findChildren(QAbstractButton)
        if one.isVisible()
        and min(one.width(), one.height()) < LEAST
        and not isinstance(one.parentWidget(), QLineEdit)
    ]
