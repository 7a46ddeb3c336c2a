"""Actions, each made once: menus, buttons and keys all use the same one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from ui import icons

Keys = str | QKeySequence.StandardKey

REDO = ("Ctrl+Y", "Ctrl+Shift+Z")
"""The keys of « Rétablir », the same on every system; Qt's own have no Ctrl+Y but on Windows."""

_UNSHIFTED = dict(zip("012345789", "à&é\"'(è_ç", strict=True))
"""What each digit key types without Shift on a French keyboard, by digit.

Qt compares a shortcut such as Ctrl+1 with the character typed, which there needs Shift. « 6 » is
left out: its key types « - », and Ctrl+- makes the text smaller.
"""


def make_action(
    owner: QWidget,
    text: str,
    on_trigger: Callable[[], object],
    keys: Keys | tuple[Keys, ...] = (),
    icon: str = "",
) -> QAction:
    """An action that lives in `owner` and answers its keys anywhere inside it."""
    action = QAction(text, owner)
    shortcuts = keys if isinstance(keys, tuple) else (keys,)
    action.setShortcuts([QKeySequence(one) for key in shortcuts for one in _typed(key)])
    action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    if icon:
        action.setIcon(icons.icon(icon, "muted"))
    action.triggered.connect(lambda checked=False: on_trigger())
    owner.addAction(action)
    return action


def on_key(widget: QWidget, key: Qt.Key, act: Callable[[], object]) -> None:
    """Has a key act while the keyboard is on this very widget.

    PySide's constructor takes a context without a word, and leaves it out.
    """
    shortcut = QShortcut(key, widget, act)
    shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)


def literal(words: str) -> str:
    """A user's words for a menu or a tick, where a single & would mark the key of a letter."""
    return words.replace("&", "&&")


def _typed(keys: Keys) -> list[Keys]:
    """The keys, and also what they type on a French keyboard where that differs."""
    digit = _UNSHIFTED.get(keys.removeprefix("Ctrl+")) if isinstance(keys, str) else None
    return [keys, f"Ctrl+{digit}"] if digit else [keys]
