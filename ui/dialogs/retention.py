"""Records kept longer than their retention term: ticked by the user, then purged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.domain.retention_terms import Due
from app.domain.wording import short_day
from ui.dialogs.reading import StoringDialog
from ui.tasks import LONG, Tasks
from ui.widgets.buttons import button
from ui.widgets.fields import Tick
from ui.widgets.text import clear, label
from ui.words.chord import chord

if TYPE_CHECKING:
    from app.bootstrap import Services


class RetentionDialog(StoringDialog):
    """Nothing is ticked at first; `purged` follows a purge."""

    purged = Signal()

    def __init__(self, services: Services, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(
            "Durées de conservation",
            f"Les suppressions s'annulent par {chord('Ctrl+Z')} ; une personne effacée ne revient"
            " pas. Les procès-verbaux gelés restent toujours, avec les preuves d'envoi de leurs"
            " convocations.",
            tasks,
            parent,
        )
        self._services = services
        self.ticks: dict[str, Tick] = {}
        self.purge = button("Purger ce qui est coché", self._on_purge, kind="danger")
        self.purge.setEnabled(False)
        self.foot.insertWidget(0, self.purge)
        self._read()

    def _read(self) -> None:
        self._tasks.run(self._services.retention.due, self._show, self.fail, self, lane=LONG)

    def _show(self, found: Sequence[Due]) -> None:
        clear(self.column)
        self.ticks.clear()
        for due in found:
            self._show_term(due)
        self.column.addStretch()
        self._follow()

    def _show_term(self, due: Due) -> None:
        term = due.term
        verb = "effacer" if term.action == "erase" else "supprimer"
        self.head(term.title)
        lasts = f"À {verb} {term.months} mois après {term.since}. {term.source}."
        self.column.addWidget(label(lasts, "caption", wrap=True))
        if term.action == "delete" and len(due.expired) > 1:
            self.column.addWidget(self._tick_all(due), 0, Qt.AlignmentFlag.AlignLeft)
        for one in due.expired:
            tick = Tick(f"{one.title}, depuis le {short_day(one.since)}")
            tick.edited.connect(self._follow)
            self.ticks[one.record_id] = tick
            self.column.addWidget(tick)
        if not due.expired:
            self.column.addWidget(label("Rien n'a dépassé cette durée.", "muted", wrap=True))

    def _tick_all(self, due: Due) -> QWidget:
        """A button that ticks a whole term; only for deletions, which can be undone."""
        words = f"Cocher les {len(due.expired)}"
        tick_all = button(words, lambda: self._on_tick_all(due), kind="quiet")
        tick_all.setAccessibleName(f"{words} : {due.term.title}")
        return tick_all

    def _on_tick_all(self, due: Due) -> None:
        for one in due.expired:
            self.ticks[one.record_id].set_value(True)
        self._follow()

    def _chosen(self) -> list[str]:
        return [record_id for record_id, tick in self.ticks.items() if tick.value()]

    def _follow(self) -> None:
        self.purge.setEnabled(bool(self._chosen()))

    def _on_purge(self) -> None:
        chosen = self._chosen()
        self.store(lambda: self._services.retention.purge(chosen), lambda done: self._on_purged())

    def _on_purged(self) -> None:
        self.purge.setEnabled(False)
        self.purged.emit()
        self.tell("Ce qui était coché est purgé.")
        self._read()
