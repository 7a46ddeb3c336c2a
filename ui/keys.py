"""The keys that work where the user is, read from the actions that they trigger."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QTabWidget, QWidget

Keys = list[tuple[str, str]]
"""The words of each action, with its keys as the system writes them."""

IN_A_DIALOG: Keys = [
    ("Aller plus loin", "Tab"),
    ("Revenir en arrière", "Maj+Tab"),
    ("Presser un bouton", "Entrée"),
    ("Cocher une case", "Espace"),
    ("Choisir dans un champ", "Bas"),
    ("Fermer", "Échap"),
]
"""The keys that Qt itself handles in every dialog."""

_NEXT_TAB = QKeySequence(QKeyCombination(Qt.Modifier.CTRL, Qt.Key.Key_Tab))


def actions_of_page(page: QWidget) -> list[QAction]:
    """The actions whose widgets are in sight on a page."""
    return [one for one in page.findChildren(QAction) if _in_sight(one)]


def keys_of_page(page: QWidget) -> Keys:
    """The keys of a page, for the widgets in sight there only."""
    found = _keys(actions_of_page(page))
    if page.findChild(QTabWidget) is not None:
        found.append(("Onglet suivant", _written(_NEXT_TAB)))
    return found


def keys_of_dialog(dialog: QWidget) -> Keys:
    """The keys of a dialog, then those common to all dialogs."""
    return [*keys_of_page(dialog), *IN_A_DIALOG]


def keys_of_window(window: QWidget) -> Keys:
    """The keys that work on every page."""
    return _keys(window.actions())


def _keys(actions: Iterable[QAction]) -> Keys:
    found: dict[str, str] = {}
    for action in actions:
        words, written = words_of(action)
        if words and written and action.isVisible():
            found.setdefault(words.rstrip("…"), written)
    return list(found.items())


def words_of(action: QAction) -> tuple[str, str]:
    """The words of an action, and its keys as the system writes them, empty for none."""
    words, _, written = action.text().partition("\t")
    return words.replace("&&", "&"), written or _written(action.shortcut())


def _in_sight(action: QAction) -> bool:
    owner = action.parent()
    return isinstance(owner, QWidget) and owner.isVisible()


def _written(keys: QKeySequence) -> str:
    return keys.toString(QKeySequence.SequenceFormat.NativeText)
