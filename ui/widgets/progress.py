"""How far long work is, shown once it has lasted half a second, with a way to stop it."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from ui.theme import Space
from ui.widgets.buttons import button
from ui.widgets.text import Label, label

PATIENCE = 500
"""Milliseconds before anything is shown."""

_SCALE = 1000


class ProgressLine(QWidget):
    """Hidden but for long work; `cancelled` when its user gives it up."""

    cancelled = Signal()

    def __init__(self, stop: str = "Annuler", margin: int = Space.M) -> None:
        """`stop` is what the button says that gives the work up; `margin` lies on either side."""
        super().__init__()
        self.words: Label = label("", "caption")
        self.bar = QProgressBar()
        self.cancel = button(stop, self._on_cancel)
        self._wait = QTimer(self, interval=PATIENCE, singleShot=True)
        self.bar.setRange(0, _SCALE)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Avancement")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(margin, 0, margin, Space.S)
        layout.setSpacing(Space.M)
        layout.addWidget(self.words)
        layout.addWidget(self.bar, 1)
        layout.addWidget(self.cancel)
        self._wait.timeout.connect(self.show)
        self.hide()

    def begin(self, words: str) -> None:
        """Waits before it shows, lest it blink for what is quick."""
        self.words.setText(words)
        self.bar.setValue(0)
        if self.isHidden():
            self._wait.start()

    def report(self, words: str, share: float) -> None:
        """Takes how far the work is, from 0 to 1."""
        self.words.setText(words)
        self.bar.setValue(round(share * _SCALE))

    def end(self) -> None:
        self._wait.stop()
        self.hide()

    def _on_cancel(self) -> None:
        self.cancelled.emit()
        self.end()
