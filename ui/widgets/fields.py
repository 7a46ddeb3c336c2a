"""Fields of a form: each has a `value()`, a `set_value()` and the signal `edited`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Protocol

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QHelpEvent, QPaintEvent, QPalette, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QLabel,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QToolTip,
)

from app.domain.refusals import Refusal
from app.domain.wording import whole
from ui import theme
from ui.actions import literal
from ui.focus_order import bring_into_sight
from ui.text_places import typed_on
from ui.theme import Space
from ui.widgets.plain_edit import PlainEdit, PlainLine, one_line


class Field(Protocol):
    """What a form asks of a field; `value()` raises Refusal for what cannot be read."""

    @property
    def edited(self) -> SignalInstance: ...

    def value(self) -> Any: ...

    def set_value(self, value: Any) -> None: ...


class TextField(PlainLine):
    """One line of text."""

    edited = Signal()

    def __init__(self, hint: str = "") -> None:
        super().__init__()
        self.setPlaceholderText(hint)
        self.textEdited.connect(lambda text: self.edited.emit())

    def value(self) -> str:
        return one_line(self.text())

    def set_value(self, value: str | None) -> None:
        """Shows a text; the cursor of whoever is typing here stays by the same words."""
        text, place = value or "", 0
        if self.hasFocus():
            text, place = typed_on(self.text(), text, self.cursorPosition())
        self.setText(text)
        self.setCursorPosition(place)


class LongField(PlainEdit):
    """Several lines of text; Tab goes to the next field."""

    edited = Signal()

    def __init__(self, hint: str = "", lines: int = 4) -> None:
        super().__init__()
        self.setPlaceholderText(hint)
        self.setTabChangesFocus(True)
        self._lines = lines
        self.textChanged.connect(self.edited)
        self.textChanged.connect(self.updateGeometry)
        self.cursorPositionChanged.connect(self._follow)

    def _height(self, lines: int) -> int:
        return theme.px(21) * lines + theme.px(20)

    def sizeHint(self) -> QSize:
        """Grows with what it holds, up to three times its least height."""
        most, held = 3 * self._lines, 0
        block = self.document().firstBlock()
        while block.isValid() and held < most:
            self.blockBoundingRect(block)  # makes Qt wrap it, even out of sight
            held += block.lineCount()
            block = block.next()
        return QSize(theme.px(240), self._height(min(max(held, self._lines), most)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def _follow(self) -> None:
        """Keeps the line being written in sight as the field grows past what is around it."""
        if self.hasFocus():
            bring_into_sight(self)

    def minimumSizeHint(self) -> QSize:
        """As high as `sizeHint`: a form gives each field its least first, so its text shows."""
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())

    def value(self) -> str:
        return self.toPlainText().strip()

    def set_value(self, value: str | None) -> None:
        """Shows a text; the cursor of whoever is typing here stays by the same words."""
        text, place, cursor = value or "", 0, self.textCursor()
        if self.hasFocus():
            text, place = typed_on(self.toPlainText(), text, cursor.position())
        self.setPlainText(text)
        cursor.setPosition(place)
        self.setTextCursor(cursor)


WHOLE = r"\d{1,3}(?:[ \u2009\u00a0\u202f]\d{3})+|\d+"
"""A whole number, its thousands spaced or not; spreadsheet cells pasted together do not match."""

_NUMBER = re.compile(rf"(?:{WHOLE})\Z", re.ASCII)


class NumberField(PlainLine):
    """A whole number from 0 on, or nothing."""

    edited = Signal()

    def __init__(self, hint: str = "") -> None:
        super().__init__()
        self.setPlaceholderText(hint)
        theme.set_widths(self, most=140)
        self.textEdited.connect(lambda text: self.edited.emit())

    def value(self) -> int | None:
        text = self.text().strip()
        if not text:
            return None
        if not _NUMBER.match(text):
            raise Refusal("Écrivez un nombre entier, en chiffres.")
        return int("".join(text.split()))

    def set_value(self, value: int | None) -> None:
        self.setText("" if value is None else whole(value))


class YearField(NumberField):
    """A year, whose thousands do not stand apart, or nothing."""

    def set_value(self, value: int | None) -> None:
        self.setText("" if value is None else str(value))


MOST_IN_SIGHT = 16
"""The choices that a list shows without a scroll bar, where the screen has room."""


class Choice(QComboBox):
    """One value among a few, each with its words; `start` is the one until another is chosen."""

    edited = Signal()

    def __init__(self, choices: Sequence[tuple[Any, str]], start: Any = None) -> None:
        super().__init__()
        self.setMaxVisibleItems(MOST_IN_SIGHT)
        self.start = self._wanted = start
        self.offer(choices)
        self.activated.connect(self._on_activated)

    def offer(self, choices: Sequence[tuple[Any, str]]) -> None:
        """Replaces what can be chosen, keeping the value set last wherever it is offered."""
        before = self.value()
        with QSignalBlocker(self):
            self.clear()
            for value, words in choices:
                self.addItem(words, value)
            self.set_value(self._wanted)
        if self.value() != before:
            self.currentIndexChanged.emit(self.currentIndex())

    def call(self, name: str) -> None:
        """Names the field for screen readers where no label above does.

        Under Linux, Qt takes a combo box's value as its name; a label makes up for that.
        """
        self.setAccessibleName(name)
        spoken = QLabel(name, self)
        spoken.setBuddy(self)
        spoken.hide()

    def sizeHint(self) -> QSize:
        """Room for its longest words, for which Qt's own lacks a pixel where the text is large."""
        return super().sizeHint() + QSize(2, 0)

    def minimumSizeHint(self) -> QSize:
        """Room for a few words: as wide as its longest words, it pushes all around it away."""
        least = super().minimumSizeHint()
        return QSize(min(least.width(), theme.px(300)), least.height())

    def event(self, event: QEvent) -> bool:
        """Shows whole what is cut; as the widget's tooltip, it would be read out twice."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.currentText() if self._is_cut() else "", self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ends words wider than their place by an ellipsis, where Qt cuts through a letter."""
        option, painter = self._closed(), QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def _is_cut(self) -> bool:
        """Whether the words chosen are wider than their place in the closed list."""
        return self._closed().currentText != self.currentText()

    def _closed(self) -> QStyleOptionComboBox:
        """How the closed list is painted, its words no longer than their place."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        control, part = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(control, option, part, self).width()
        option.currentText = self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, room
        )
        return option

    def value(self) -> Any:
        return self.currentData()

    def set_value(self, value: Any) -> None:
        self._wanted = value
        self.setCurrentIndex(max(self.findData(value), 0))

    def showPopup(self) -> None:
        """Frames the list, which no stylesheet can, with a scroll bar where it goes on.

        It is as wide as its words, as far as the screen has room.
        """
        self.view().setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        room = self.screen().availableSize().width()
        self.view().setMinimumWidth(min(self.view().sizeHintForColumn(0) + Space.XL, room - 2))
        frame = self.view().parentWidget()
        assert isinstance(frame, QFrame)
        frame.setFrameStyle(QFrame.Shape.Box)
        palette = frame.palette()
        palette.setColor(QPalette.ColorRole.WindowText, theme.colour("outline"))
        frame.setPalette(palette)
        super().showPopup()

    def _on_activated(self) -> None:
        self._wanted = self.value()
        self.edited.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolling a form must not change its values."""
        event.ignore()


class Tick(QCheckBox):
    """Yes or no."""

    edited = Signal()

    def __init__(self, text: str) -> None:
        super().__init__(literal(text))
        self.clicked.connect(lambda checked: self.edited.emit())

    def value(self) -> bool:
        return self.isChecked()

    def set_value(self, value: bool) -> None:
        self.setChecked(bool(value))
