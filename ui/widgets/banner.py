"""A notice across the top of a page: what happened, in one sentence, and what can be done."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from ui.announcing import announce
from ui.theme import Space
from ui.widgets.buttons import button, icon_button
from ui.widgets.picture import Picture
from ui.widgets.text import label, restyle

PICTURES = {
    "info": "info",
    "success": "circle-check",
    "warning": "triangle-alert",
    "danger": "circle-alert",
}
"""The picture of each tone, from the weakest to the strongest."""


class Banner(QFrame):
    """Hidden until it has something to say; closed by its cross, or as its page is left.

    One that `stands` has no cross: whoever made it hides it. What a `narrow` one offers is under
    its sentence.
    """

    def __init__(self, *, stands: bool = False, narrow: bool = False) -> None:
        super().__init__()
        self._picture = Picture("info", "info", 20)
        self._sentence = label(wrap=True, copyable=True)
        self._offer = button("", self._on_offer, kind="link" if narrow else "quiet")
        self._close = icon_button("x", "Fermer ce message", self.hide)
        self._act: Callable[[], object] | None = None
        self._just_told = QTimer(self, singleShot=True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.S, Space.S, Space.S)
        layout.setSpacing(Space.M)
        layout.addWidget(self._picture)
        words = QVBoxLayout() if narrow else QHBoxLayout()
        words.setSpacing(Space.S if narrow else Space.M)
        words.addWidget(self._sentence, 1)
        words.addWidget(self._offer, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addLayout(words, 1)
        layout.addWidget(self._close)
        self._stands = stands
        self._close.setHidden(stands)
        self.hide()

    def say(
        self,
        sentence: str,
        tone: str = "info",
        offer: str = "",
        act: Callable[[], object] | None = None,
    ) -> None:
        """Shows one sentence in a tone: info, success, warning or danger; readers speak it."""
        self._sentence.setText(sentence)
        self._picture.set(PICTURES[tone], tone)
        self._offer.setText(offer)
        self._offer.setVisible(bool(offer))
        self._act = act
        restyle(self, "tone", tone)
        self.setAccessibleName(sentence)
        self._close.setAccessibleName(f"{self._close.toolTip()} : {sentence}")
        self.show()
        self._just_told.start()
        announce(self, sentence)

    def add(
        self,
        sentence: str,
        tone: str = "info",
        offer: str = "",
        act: Callable[[], object] | None = None,
    ) -> None:
        """Says it after what is in sight, which keeps its tone if stronger, and what it offers."""
        if not self.isHidden():
            sentence = f"{self.text()} {sentence}"
            tone = max(tone, self.property("tone"), key=list(PICTURES).index)
            if act is None:
                offer, act = self._offer.text(), self._act
        self.say(sentence, tone, offer, act)

    def leave(self) -> None:
        """Closes as a page is left, unless just shown, telling a danger or offering an action."""
        lasts = self.property("tone") == "danger" or self._act is not None
        if not lasts and not self._just_told.isActive():
            self.hide()

    def text(self) -> str:
        return self._sentence.text()

    def _on_offer(self) -> None:
        if not self._stands:
            self.hide()
        if self._act is not None:
            self._act()
