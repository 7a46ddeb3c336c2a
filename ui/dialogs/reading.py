"""Dialogs to read: a heading, a column that scrolls, and buttons at the foot."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import errors
from ui.dialogs.dialog import Dialog, compose, fit, foot
from ui.focus_order import step
from ui.tasks import Tasks
from ui.theme import Space
from ui.widgets.banner import Banner
from ui.widgets.buttons import button
from ui.widgets.scroll import Scroll, page_through
from ui.widgets.text import label
from ui.widgets.waiting import Still

T = TypeVar("T")


class ReadingDialog(Dialog):
    """`column` takes what is read, `reading_head` the filters above it, `foot` more buttons."""

    def __init__(
        self,
        title: str,
        sentence: str,
        parent: QWidget | None = None,
        *,
        close: str = "Fermer",
    ) -> None:
        super().__init__(parent)
        self.banner = Banner()
        self.sentence = label(sentence, "muted", wrap=True)
        self.close_button = button(close, self.reject)
        self.reading = Scroll()
        self.column = self.reading.column
        self.reading_head = QVBoxLayout()
        self.foot = foot([self.close_button])
        fit(self, 720, 560)
        self._assemble(title)

    def _assemble(self, title: str) -> None:
        parts = [self.sentence, self.banner, self.reading]
        layout = compose(self, title, parts, self.foot)
        layout.setSpacing(Space.M)
        layout.insertLayout(layout.indexOf(self.reading), self.reading_head)
        self.sentence.setVisible(bool(self.sentence.text()))
        self.close_button.setDefault(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not page_through(event, self.reading):
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forwards: bool) -> bool:
        return step(self, forwards=forwards)

    def head(self, words: str) -> None:
        """Begins a part of the column under a heading."""
        self.column.addWidget(label(words, "strong", wrap=True))

    def say(self, words: str, detail: str = "") -> None:
        """Adds a paragraph, with the detail in smaller print below."""
        block = QWidget()
        layout = QVBoxLayout(block)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.XS)
        layout.addWidget(label(words, wrap=True, copyable=True))
        if detail:
            layout.addWidget(label(detail, "caption", wrap=True, copyable=True))
        self.column.addWidget(block)

    def tell(self, sentence: str) -> None:
        """Says that something was done."""
        self.banner.say(sentence, "success")

    def fail(self, error: Exception) -> None:
        """Shows what went wrong."""
        errors.tell(error, self.banner, self)


class StoringDialog(ReadingDialog):
    """A reading dialog that also writes; meanwhile it cannot close, so that the result is told."""

    def __init__(
        self, title: str, sentence: str, tasks: Tasks, parent: QWidget | None = None
    ) -> None:
        super().__init__(title, sentence, parent)
        self._tasks = tasks
        self._still = Still(self)

    def store(self, work: Callable[[], T], on_stored: Callable[[T], object]) -> None:
        """Runs the work, then calls `on_stored` with its result; shows a failure."""

        def stored(result: T) -> None:
            self._still.end()
            on_stored(result)

        def failed(error: Exception) -> None:
            self._still.end()
            self.fail(error)

        self._still.begin()
        self._tasks.run(work, stored, failed, self)

    def reject(self) -> None:
        """Closes, except while something is being written."""
        if not self._still.on:
            super().reject()
