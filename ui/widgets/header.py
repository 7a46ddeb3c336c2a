"""The head of a page: its title, a line under it, and its actions on the right."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme import Space
from ui.widgets.buttons import button
from ui.widgets.text import Elided, label


class PageHeader(QWidget):
    """A title with room for actions; `back` names a link to the page that this one came from.

    With `wraps`, the line under the title takes all the lines it needs.
    """

    back_requested = Signal()

    def __init__(self, title: str, back: str = "", *, wraps: bool = False) -> None:
        super().__init__()
        self.title = Elided()
        self.title.setProperty("role", "title")
        self.title.setText(title)
        self.title.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.subtitle = label(role="muted", wrap=True) if wraps else Elided()
        self.subtitle.setProperty("role", "muted")
        self.back = button(back, self.back_requested.emit, kind="link", icon="arrow-left")
        self._actions = QHBoxLayout()
        self._beside = QHBoxLayout()
        self._build(back)

    def _build(self, back: str) -> None:
        self.subtitle.hide()
        self._actions.setSpacing(Space.S)
        self._beside.setSpacing(Space.M)
        self._beside.addWidget(self.title)
        self._beside.addStretch()
        first = QHBoxLayout()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(first)
        if back:  # the actions stand beside it, so that the title has all the width
            self.back.setAccessibleName(f"Retour : {back}")  # the navigation has an entry so named
            first.addWidget(self.back)
            first.addStretch()
            layout.addLayout(self._beside)
        else:
            first.addLayout(self._beside, 1)
        first.addLayout(self._actions)
        layout.addWidget(self.subtitle)

    def say(self, title: str, subtitle: str = "") -> None:
        self.title.setText(title)
        self.subtitle.setText(subtitle)
        self.subtitle.setVisible(bool(subtitle))

    def add_beside(self, widget: QWidget) -> None:
        """Puts a widget, such as a chip, to the right of the title's words."""
        self._beside.insertWidget(self._beside.count() - 1, widget)

    def add_action(self, widget: QWidget, *, first: bool = False) -> None:
        """Puts a button on the right, before those already there when `first`."""
        self._actions.insertWidget(0 if first else self._actions.count(), widget)
