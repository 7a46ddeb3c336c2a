"""What an empty place shows: an icon, one sentence and one button."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import theme
from ui.theme import Space
from ui.widgets.buttons import button
from ui.widgets.picture import Picture
from ui.widgets.text import label


class EmptyState(QWidget):
    """Says why there is nothing here and offers the one thing to do."""

    requested = Signal()

    def __init__(self, icon: str, sentence: str, offer: str = "") -> None:
        super().__init__()
        self.picture = Picture(icon, "muted", 36)
        self.sentence = label(sentence, "lead", wrap=True)
        self.offer = button(offer, self.requested.emit, kind="primary")
        self._build(offer)

    def _build(self, offer: str) -> None:
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        layout.setSpacing(Space.L)
        layout.addStretch()
        for widget in (self.picture, self.sentence, self.offer):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch()
        self.offer.setVisible(bool(offer))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def _measure(self) -> None:
        """Gives the sentence room for all its lines, about as long as one another.

        A centred label does not ask for that room, and would leave a last word alone.
        """
        self.sentence.setMinimumSize(0, 0)  # a label's height for a width is never below its least
        least, step = theme.px(220), theme.px(10)
        width = min(theme.px(460), max(least, self.width() - 2 * Space.XL))
        tall = self.sentence.heightForWidth(width)
        while width - step >= least and self.sentence.heightForWidth(width - step) == tall:
            width -= step
        self.sentence.setFixedWidth(width)
        self.sentence.setMinimumHeight(tall)

    def say(self, sentence: str, offer: str = "") -> None:
        """Changes the sentence and what is offered; no offer hides the button."""
        self.sentence.setText(sentence)
        self.offer.setText(offer)
        self.offer.setVisible(bool(offer))
        self._measure()
