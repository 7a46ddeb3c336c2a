"""Buttons by kind: primary, plain, quiet, link, danger, and icons alone."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QPushButton, QToolButton

from ui import icons
from ui.widgets.list_ground import paint_ring

ICON_ROLES = {
    "primary": "on_accent",
    "quiet": "accent",
    "link": "accent",
    "danger": "danger",
    "plain": "text",
}

_GAP = "\N{FOUR-PER-EM SPACE}"
"""The space between an icon and its words: Qt's own does not grow with the text."""


def pressed_by_enter(one: QAbstractButton, event: QKeyEvent) -> bool:
    """Presses the focused button by Enter, as Space does; False for other keys.

    On Windows, Qt leaves Enter to the dialog's default button: on « Annuler » it would save.
    """
    keys, modifiers = Qt.Key, event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    enter = event.key() in (keys.Key_Return, keys.Key_Enter) and not modifiers
    if enter and not event.isAutoRepeat():
        one.click()
    return enter


class Button(QPushButton):
    """A button that Enter presses too, and that a double click presses once."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ignores the second press: the first click did what was meant."""


class _Button(Button):
    """A button with its words set a little apart from its icon; they are its accessible name."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Rings a primary button inside: around it, a ring of its own colour would not show."""
        super().paintEvent(event)
        if self.hasFocus() and self.property("kind") == "primary":
            paint_ring(QPainter(self), self.rect().adjusted(3, 3, -3, -3), 4, "on_accent")

    def setText(self, words: str) -> None:
        super().setText(words if self.icon().isNull() or not words else f"{_GAP}{words}")
        self.setAccessibleName(words)


class _IconButton(QToolButton):
    """A button that is only an icon."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed_by_enter(self, event):
            super().keyPressEvent(event)


class _TakingOff(_IconButton):
    """One that takes something off: the second press of a double click would take off what comes
    in its place.
    """

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ignores the second press: the first click did what was meant."""


def button(
    text: str,
    on_click: Callable[[], object] | None = None,
    *,
    kind: str = "plain",
    icon: str = "",
    tip: str = "",
) -> QPushButton:
    """A button of one kind: primary (one a screen), plain, quiet, link or danger."""
    result = _Button()
    result.setProperty("kind", kind)
    result.setCursor(Qt.CursorShape.PointingHandCursor)
    result.setAutoDefault(False)
    if icon:
        result.setIcon(icons.icon(icon, ICON_ROLES[kind]))
    result.setText(text)
    if tip:
        result.setToolTip(tip)
    if on_click is not None:
        result.clicked.connect(lambda checked=False: on_click())
    return result


def put_words(made: QPushButton, words: str, *, shown: bool) -> None:
    """Gives a button with an icon its words; unless `shown`, they are its accessible name alone."""
    made.setText(words if shown else "")
    made.setAccessibleName(words)


def action_button(action: QAction, *, kind: str = "plain", icon: str = "") -> QPushButton:
    """A button that does an action, and follows its text and whether it is enabled."""
    result = button(action.text(), action.trigger, kind=kind, icon=icon)
    shortcut = action.shortcut().toString(action.shortcut().SequenceFormat.NativeText)
    result.setToolTip(f"{action.text()} ({shortcut})" if shortcut else "")
    result.setAccessibleDescription(shortcut)  # else it is the tooltip, which repeats the name

    def follow() -> None:
        put_words(result, action.text(), shown=bool(result.text()))
        result.setEnabled(action.isEnabled())

    action.changed.connect(follow)
    follow()
    return result


def papers_button(*actions: QAction) -> QPushButton:
    """The button of a page's documents: of the only one, or a menu of several."""
    if len(actions) == 1:
        return action_button(actions[0], icon="file-text")
    result = button("Documents", icon="file-text")
    menu = QMenu(result)
    menu.addActions(list(actions))
    result.setMenu(menu)
    return result


def icon_button(
    icon: str,
    name: str,
    on_click: Callable[[], object] | None = None,
    *,
    takes_off: bool = False,
) -> QToolButton:
    """A button that is only an icon; `name` is its tooltip and what a screen reader says.

    Fast clicks each count, as to turn pages, unless it `takes_off` what stands beside it.
    """
    result = _TakingOff() if takes_off else _IconButton()
    result.setIcon(icons.icon(icon, "muted"))
    result.setAccessibleName(name)
    result.setToolTip(name)
    result.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    if on_click is not None:
        result.clicked.connect(lambda checked=False: on_click())
    return result
