"""The window's own actions: what can be done from every page."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from ui.actions import REDO, Keys, literal, make_action


class WindowActions(QObject):
    """Those of one window."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        keys = QKeySequence.StandardKey
        self.undo = self._make("Annuler", keys.Undo, "undo-2")
        self.redo = self._make("Rétablir", REDO, "redo-2")
        self.search = self._make("Rechercher partout", "Ctrl+K", "search")
        self.trash = self._make("Corbeille…", (), "trash-2")
        self.sync = self._make("Aller à la synchronisation", "F9", "refresh-cw")
        self.commission = self._make("Changer de commission…", "Ctrl+Shift+C")
        self.commission.setVisible(False)  # until there are several
        self.next_card = self._make("Aller à la carte suivante", "F8")
        self.former_card = self._make("Revenir à la carte précédente", "Shift+F8")
        self.larger = self._make("Agrandir le texte", ("Ctrl++", "Ctrl+="))
        self.smaller = self._make("Réduire le texte", "Ctrl+-")
        self.normal = self._make("Taille normale du texte", "Ctrl+0")
        self.full_screen = self._make("Plein écran", "F11")
        self.help = self._make("Aide", "F1", "info")
        self.quit = self._make("Quitter", "Ctrl+Q")
        self._places: list[QAction] = []

    def menu(self) -> list[QAction | None]:
        """The window's menu; None parts its groups."""
        return [
            self.undo, self.redo, self.trash, None, self.search, self.sync, self.commission, None,
            self.larger, self.smaller, self.normal, self.full_screen, None, self.help, self.quit,
        ]  # fmt: skip

    def name_undo(self, undo: str, redo: str) -> None:
        """Names what Ctrl+Z and Ctrl+Y would do; an empty name means that there is nothing."""
        self.undo.setText(literal(f"Annuler : {undo}") if undo else "Annuler")
        self.undo.setEnabled(bool(undo))
        self.redo.setText(literal(f"Rétablir : {redo}") if redo else "Rétablir")
        self.redo.setEnabled(bool(redo))

    def lead(self, title: str, go: Callable[[], object], keys: Keys) -> None:
        """Adds the keys that lead to a place."""
        action = self._make(title, keys)
        action.triggered.connect(lambda checked=False: go())
        self._places.append(action)

    def set_open(self, *, opened: bool) -> None:
        """Offers what needs a workspace only while one is open or opening."""
        for action in (self.search, self.trash, self.sync, *self._places):
            action.setVisible(opened)

    def _make(self, text: str, keys: Keys | tuple[Keys, ...], icon: str = "") -> QAction:
        action = make_action(self._window, text, lambda: None, keys, icon)
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        return action
