"""What happened to a record, newest first, and the way back to any of its states or values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.wording import capitalised, day_and_hour
from ui.dialogs.reading import StoringDialog
from ui.dialogs.receipt import ReceiptDialog
from ui.tasks import NETWORK, Tasks
from ui.theme import Space
from ui.widgets.buttons import button
from ui.widgets.fields import Choice
from ui.widgets.text import clear, label, rule
from ui.widgets.versions import Versions
from ui.widgets.waiting import Waiting

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.services.history_words import Chapter, Step, Writing
    from app.services.receipts import Arrival

    Gathered = tuple[Sequence[Chapter], bool, Arrival | None]

Parts = Sequence[tuple[str, str]]

THERE, HERE = "Voir au central", "Voir sur cet ordinateur"
"""The words of the button that turns from this laptop's history to the central's, and back.

What this laptop received has no author here; the central knows them all.
"""


class HistoryDialog(StoringDialog):
    """Reads the history of a record, or of one of its parts; `restored` follows a restoration."""

    restored = Signal()

    def __init__(
        self,
        title: str,
        record_id: str,
        services: Services,
        tasks: Tasks,
        parent: QWidget | None = None,
        *,
        parts: Parts = (),
    ) -> None:
        """`parts` are ids with their words, the record first; related records are added later."""
        super().__init__("Historique", title, tasks, parent)
        self._record_id = record_id
        self._services = services
        self.part = Choice([])
        self.part.call("De quoi")
        self.part.edited.connect(self._on_part)
        self.reading_head.addWidget(self.part)
        self.arrival = label("", wrap=True)
        self.receipt = button("Accusé de réception…", self._on_receipt, kind="quiet")
        self.reading_head.addWidget(self.arrival)
        self.ask = button(THERE, self._on_ask, tip="Qui a changé quoi, sur tous les ordinateurs")
        for place, one in enumerate((self.ask, self.receipt)):
            self.foot.insertWidget(place, one)
            one.hide()
        self._waiting = Waiting(self.ask)
        self._shows_the_central = False
        self._batch_id = ""
        self.arrival.hide()
        self._offer(parts, [])
        self._find_more(parts)
        self._read()

    def _find_more(self, parts: Parts) -> None:
        from app.services.history_words import parts as more

        records, record_id = self._services.records, self._record_id
        self._tasks.run(
            lambda: more(records, record_id), partial(self._offer, parts), self.fail, self
        )

    def _offer(self, parts: Parts, more: Parts) -> None:
        self.part.offer([*parts, *more[bool(parts) :]])
        self.part.setVisible(self.part.count() > 1)

    def _on_part(self) -> None:
        self._record_id = self.part.value()
        self._read()

    def _read(self) -> None:
        record_id = self._record_id
        self._tasks.run(
            lambda: self._gather(record_id), partial(self._show, record_id), self.fail, self
        )

    def _gather(self, record_id: str) -> Gathered:
        """The history here, whether the central can be asked for its own, and what tells that the
        central received the record.
        """
        from app.services.history_words import story

        records = self._services.records
        sent = records.envelope(record_id, deleted=True).revision > 0
        known_there = sent and self._services.sync.status().signed_in
        return story(records, record_id), known_there, self._services.receipts.arrival(record_id)

    def _show(self, record_id: str, found: Gathered) -> None:
        chapters, known_there, arrival = found
        self.ask.setVisible(known_there)
        self._show_arrival(arrival)
        self._offer_other_side(shows_the_central=False)
        clear(self.column)
        for place, chapter in enumerate(chapters):
            if place:
                self.column.addWidget(rule())
            self.column.addWidget(self._chapter(record_id, chapter, latest=place == 0))
        if not chapters:
            self.column.addWidget(
                label("Rien n'a été changé ici depuis l'installation.", "muted", wrap=True)
            )
        self.column.addStretch()

    def _show_arrival(self, arrival: Arrival | None) -> None:
        self.arrival.setText(arrival.sentence if arrival else "")
        self._batch_id = arrival.batch_id if arrival else ""
        for one in (self.arrival, self.receipt):
            one.setVisible(arrival is not None)

    def _on_receipt(self) -> None:
        """Shows the receipt that proves what the central holds of the record."""
        batch_id = self._batch_id
        self._tasks.run(
            lambda: self._services.receipts.show(batch_id),
            lambda shown: ReceiptDialog(shown, self._services, self._tasks, self).open(),
            self.fail,
            self,
        )

    def _on_ask(self) -> None:
        """Shows the central's history, which knows every author; pressed again, the one here."""
        if self._shows_the_central:
            self._read()
            return
        record_id = self._record_id
        self._waiting.begin()
        self._tasks.run(
            lambda: self._services.sync.writings(record_id),
            partial(self._on_told, record_id),
            self._on_untold,
            self,
            lane=NETWORK,
        )

    def _on_told(self, record_id: str, writings: Sequence[Writing]) -> None:
        self._waiting.end()
        if record_id != self._record_id:
            return
        self._offer_other_side(shows_the_central=True)
        clear(self.column)
        for one in writings:
            self.say(one.sentence, _signed(one.at, one.author, one.device))
        self.column.addStretch()

    def _on_untold(self, error: Exception) -> None:
        self._waiting.end()
        self.fail(error)

    def _offer_other_side(self, *, shows_the_central: bool) -> None:
        self._shows_the_central = shows_the_central
        self.ask.setText(HERE if shows_the_central else THERE)

    def _chapter(self, record_id: str, chapter: Chapter, *, latest: bool) -> QWidget:
        """A change of the record that was read, which may no longer be the part asked for."""
        block = ChapterBlock(chapter, partial(self._restore_field, record_id))
        if not latest and not chapter.passed:
            block.offer("Revenir à cet état", lambda: self._restore(record_id, chapter.change))
        return block

    def _restore(self, record_id: str, change: int) -> None:
        self._write(lambda: self._services.records.restore(record_id, str(change)))

    def _restore_field(self, record_id: str, change: int, field: str) -> None:
        self._write(lambda: self._services.records.restore_field(record_id, change, field))

    def _write(self, work: Callable[[], object]) -> None:
        self.store(work, lambda record: self._on_restored())

    def _on_restored(self) -> None:
        self.restored.emit()
        self._read()


class ChapterBlock(QWidget):
    """One change in words, or its values before and after side by side once asked for."""

    def __init__(self, chapter: Chapter, restore: Callable[[int, str], object]) -> None:
        super().__init__()
        self._chapter = chapter
        self._restore = restore
        self._words = QVBoxLayout()
        self._words.setSpacing(Space.XS)
        self._ways = QHBoxLayout()
        self._ways.setSpacing(Space.XS)
        self._build()

    def _build(self) -> None:
        chapter = self._chapter
        head = QHBoxLayout()
        head.addWidget(
            label(_signed(chapter.at, chapter.author, chapter.device), "caption", wrap=True), 1
        )
        head.addLayout(self._ways)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.XS)
        layout.addLayout(head)
        layout.addLayout(self._words)
        for sentence in chapter.sentences:
            self._words.addWidget(label(sentence, wrap=True, copyable=True))
        if chapter.steps:
            self.compare = self.offer("Côte à côte", self._on_compare)

    def offer(self, words: str, act: Callable[[], object]) -> QWidget:
        """Adds a button at the right of the heading, named by it to screen readers."""
        way = button(words, act, kind="quiet")
        what = ", ".join([day_and_hour(self._chapter.at), *self._chapter.sentences[:1]])
        way.setAccessibleName(f"{words} : {what}")
        self._ways.addWidget(way, 0, Qt.AlignmentFlag.AlignTop)
        return way

    def _on_compare(self) -> None:
        clear(self._words)
        self.compare.hide()
        for step in self._chapter.steps:
            self._words.addWidget(self._versions(step))

    def _versions(self, step: Step) -> QWidget:
        def back() -> None:
            self._restore(self._chapter.change, step.field)

        return Versions(step.words, step.before, step.after, None if step.held else back)


def _signed(at: str, author: str, device: str) -> str:
    by = ", ".join(part for part in (author, device) if part)
    return f"{capitalised(day_and_hour(at))}, {by}"
