"""When a sync may begin by itself."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.widgets.fields import Choice
from ui.widgets.section import Section
from ui.widgets.text import label

TITLE = "Quand synchroniser"

WISHES = (
    ("no", "Seulement quand je le demande"),
    ("between_meetings", "Toute seule, sauf pendant une séance"),
    ("always", "Toute seule, même pendant une séance"),
)
"""The choices, by the setting."""

_UNASKED = "Dès qu'un réseau est là. Ce qui est supprimé attend toujours que vous l'ayez vu."
HINTS = {
    "no": "Rien ne part et rien n'arrive avant « Synchroniser », ou F5.",
    "between_meetings": _UNASKED,
    "always": _UNASKED,
}
"""What a choice means, said below it."""

WAITS = "La séance « {} » est ouverte : rien ne part tout seul avant sa clôture."
"""Said there instead while an open meeting keeps a sync from beginning by itself."""


class WishCard(Section):
    """Asks when, and says what that means now; `chosen` carries the setting."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__(TITLE)
        self.wish = Choice(WISHES)
        self.hint = label("", "muted", wrap=True)
        self._open_meeting = ""
        self.wish.call(TITLE)
        half = QWidget()
        row = QHBoxLayout(half)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.wish, 1)
        row.addStretch(1)
        self.hold(half)
        self.hold(self.hint)
        self.wish.edited.connect(self._on_edited)

    def show_wish(self, wish: str, open_meeting: str) -> None:
        """Shows the setting; `open_meeting` is the title of the meeting under way, or empty."""
        self._open_meeting = open_meeting
        self.wish.set_value(wish)
        self._explain()

    def _explain(self) -> None:
        wish = self.wish.value()
        held = wish == "between_meetings" and self._open_meeting
        self.hint.setText(WAITS.format(self._open_meeting) if held else HINTS[wish])

    def _on_edited(self) -> None:
        self._explain()
        self.chosen.emit(self.wish.value())
