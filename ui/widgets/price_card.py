"""The price of a solution, in words, above the tabs that tell of it."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QVBoxLayout

from ui import theme
from ui.theme import Space
from ui.widgets.text import label, restyle

LARGE = 1.3
"""The size of text up to which the card has room for the largest type and for both texts."""


class PriceCard(QFrame):
    """What one participant pays, then what more participants would change.

    In large text the latter would leave the tab no room: it then scrolls with the tab.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self.headline = label("", "title", wrap=True)
        self.progress = label("", "body", wrap=True)
        self._inside = QVBoxLayout(self)
        self._inside.setContentsMargins(Space.L, Space.S, Space.L, Space.M)
        self._inside.setSpacing(Space.XS)
        self._inside.addWidget(self.headline)

    def say(self, headline: str, progress: str) -> None:
        """Takes both texts; without a price the headline is empty, and hidden."""
        self.headline.setText(headline)
        self.headline.setVisible(bool(headline))
        self.progress.setText(progress)

    def follow(self, column: QVBoxLayout | None) -> None:
        """Fits the tab in sight, scrolled by `column`; hides for None, or with nothing to say."""
        large = theme.text_scale() > LARGE
        restyle(self.headline, "role", "section" if large else "title")
        place, rank = (column, 0) if column is not None and large else (self._inside, 1)
        if place.indexOf(self.progress) < 0:
            place.insertWidget(rank, self.progress)
        shown = column is not None and bool(self.progress.text())
        self.progress.setVisible(shown)
        self.setVisible(shown and (not large or bool(self.headline.text())))
