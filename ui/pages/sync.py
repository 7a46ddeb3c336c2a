"""Synchronisation: the tie to the central, what will leave, the exchange, and the conflicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from app.domain import wording
from app.domain.records import KINDS
from app.errors import SyncError
from app.services.settings import BY_ITSELF
from ui.actions import make_action
from ui.dialogs.conflict import ConflictDialog
from ui.dialogs.departure import DeletionsDialog, DepartureDialog
from ui.dialogs.receipt import ReceiptDialog
from ui.pages.page import Page
from ui.tasks import NETWORK, Task, Tasks
from ui.theme import Space
from ui.widgets.buttons import action_button, button
from ui.widgets.header import PageHeader
from ui.widgets.line import Line
from ui.widgets.outcome_card import OutcomeCard
from ui.widgets.scroll import scrolled
from ui.widgets.section import Section
from ui.widgets.text import label
from ui.widgets.tie_card import TieCard
from ui.widgets.wish_card import WishCard
from ui.words import sync as sync_words

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.services.conflict_words import SideBySide
    from app.services.departure import Departure
    from app.services.endings import Ending
    from app.services.receipts import Summary
    from app.services.sync_report import Report
    from app.services.sync_status import Status

SHOWN = 12
"""The most records that a section names; it counts the others."""


RECEIPTS = 8
"""The most receipts listed, the latest."""

ALL_THERE = "Tout ce que vous avez écrit est au central."


@dataclass(frozen=True)
class _Found:
    """What the page reads in one go; `names` are those of the spaces, by id, if several."""

    status: Status
    departure: Departure | None
    conflicts: Sequence[SideBySide]
    receipts: Sequence[Summary]
    names: Mapping[str, str]
    wish: str
    open_meeting: str


class SyncPage(Page):
    """Nothing is sent unless the user asks for it, or wished for automatic syncs; receipts show
    what was sent.
    """

    kinds = frozenset(KINDS)  # any change is to be sent, or was received

    def __init__(self, services: Services, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(services, tasks, parent)
        self.header = PageHeader("Synchronisation", wraps=True)
        self.start = make_action(self, "Synchroniser", self.synchronise, "F5", "refresh-cw")
        self.tie = TieCard(services, tasks)
        self.go = action_button(self.start, kind="primary", icon="refresh-cw")
        self.progress = QProgressBar()
        self.doing = label("", "muted")
        self.stop = button("Arrêter", self._on_stop)
        self.running = QWidget()
        self.fault = Section("")
        self.conflicts = Section("Deux versions à départager")
        self.leaving = Section("À envoyer")
        self.outcome = OutcomeCard()
        self.receipts = Section("Accusés de réception")
        self.by_itself = WishCard()
        self._task: Task | None = None
        self._looking = False  # whether what would be sent is being read, to be seen first
        self._warned = ""  # the last failure told; "" once an exchange succeeds
        self._asked = ""  # the last summary told that awaits a decision
        self._build()
        self._connect()

    def _build(self) -> None:
        self.progress.setRange(0, 100)
        self.progress.setAccessibleName("Avancement de la synchronisation")
        row = QHBoxLayout(self.running)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.M)
        row.addWidget(self.doing)
        row.addWidget(self.progress, 1)
        row.addWidget(self.stop)
        self.header.add_action(self.go)
        self.body.addWidget(self.header)
        self.body.addWidget(self.running)
        self.fault.heading.setWordWrap(True)
        cards: tuple[QWidget, ...] = (
            self.fault, self.conflicts, self.outcome, self.leaving, self.receipts, self.by_itself,
            self.tie,
        )  # fmt: skip
        self.body.addWidget(scrolled(*cards), 1)
        for widget in (*cards, self.running):
            widget.hide()

    def _connect(self) -> None:
        self.tie.tied.connect(lambda: self.changed.emit(frozenset()))
        self.tie.adopted.connect(self._on_adopted)
        self.tie.told.connect(self.told)
        self.tie.failed.connect(self.failed)
        self.by_itself.chosen.connect(self._on_wish)

    def _on_adopted(self, commission_id: str) -> None:
        """Has the window turn to a commission just adopted, once the window knows of it.

        A user who went to another page meanwhile stays there.
        """

        def turn(one: str) -> None:
            if self.isVisible():
                self.open_requested.emit("sync", one)

        self.read(lambda: commission_id, turn)

    # Reading

    def refresh(self) -> None:
        self.read(self._gather, self._show)

    def shut(self) -> None:
        """Stops an exchange under way: the next one goes on from there."""
        self.tie.stop()
        if self._task is not None:
            self._give_up(self._task)

    def _give_up(self, task: Task) -> None:
        task.cancel()
        self.services.sync.hang_up()

    def _gather(self) -> _Found:
        from app.services.conflict_words import side_by_side

        services = self.services
        status = services.sync.status()
        return _Found(
            status,
            services.sync.departure() if status.url else None,
            side_by_side(services.records, services.conflicts),
            services.receipts.latest(RECEIPTS),
            sync_words.spaces(services.records.list("commission")),
            services.settings.get(BY_ITSELF),
            next((one.fields.title for one in services.records.list("meeting", status="open")), ""),
        )

    def _show(self, found: _Found) -> None:
        status = found.status
        self.start.setEnabled(status.signed_in and self._task is None)
        if status.signed_in and self.tie.is_typed_in:
            self.go.setFocus()
        self.header.say("Synchronisation", sync_words.standing(status))
        self._show_tie(status)
        self._show_conflicts(found.conflicts, found.names)
        self._show_leaving(status, found.departure)
        self._show_fault(status.fault)
        self.outcome.show_last(status.last, SHOWN)
        self._show_receipts(found.receipts, found.names)
        self.by_itself.show_wish(found.wish, found.open_meeting)
        for card in (self.leaving, self.by_itself):
            card.setVisible(bool(status.url))

    def _show_receipts(self, receipts: Sequence[Summary], names: Mapping[str, str]) -> None:
        self.receipts.clear()
        for one in receipts:
            said = (names.get(one.space), wording.day_and_hour(one.received_at))
            line = Line(
                f"{wording.count(one.number, 'enregistrement')} au central",
                wording.capitalised(" · ".join(filter(None, said))),
            )
            line.clicked.connect(partial(self.show_receipt, one.batch_id))
            self.receipts.add(line)
        self.receipts.setVisible(bool(receipts))

    def _show_tie(self, status: Status) -> None:
        """Puts the card of the tie first until it is made, and last afterwards."""
        self.tie.show_status(status)
        self.tie.show()
        holder = self.tie.parentWidget()
        column = holder.layout() if holder is not None else None
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(column.count() - 2 if status.signed_in else 0, self.tie)

    def _show_conflicts(self, conflicts: Sequence[SideBySide], names: Mapping[str, str]) -> None:
        with self.conflicts.refilled():
            for conflict in conflicts:
                closed = sync_words.STAYS_HERE if conflict.closed else ""
                where = filter(None, (names.get(conflict.space), closed))
                said = wording.capitalised(" · ".join(where))
                line = Line(conflict.sentence, said, "Départager", "accent", most_lines=3)
                line.clicked.connect(partial(self.decide, conflict))
                self.conflicts.add(line)
        self.conflicts.setVisible(bool(conflicts))

    def _show_leaving(self, status: Status, waits: Departure | None) -> None:
        """Says how much waits in each of several commissions, then what, deletions first."""
        stays = status.files or status.kept_here or any(number for _, number in status.closed)
        lines = sync_words.shares(status) + [
            f"{word} : {one.name}."
            for word, ones in (
                ("Suppression", waits.deletions if waits else ()),
                ("Ajout", waits.additions if waits else ()),
                ("Modification", waits.changes if waits else ()),
                ("Fichier", waits.files if waits else ()),
            )
            for one in ones
        ]
        self.leaving.clear()
        self.leaving.say_first(lines, SHOWN)
        if not (lines or stays):
            self.leaving.say(ALL_THERE)
        for sentence in sync_words.cut_off(status):
            self.leaving.say(sentence)

    def _show_fault(self, fault: Ending | None) -> None:
        self.fault.clear()
        if fault is not None:
            at = wording.day_and_hour(fault.at)
            self.fault.call(f"L'échange du {at} n'a pas abouti")
            self.fault.say(fault.said)
        self.fault.setVisible(fault is not None)

    # The exchange

    def synchronise(self) -> None:
        """Exchanges with the central, first showing what would be sent where that matters.

        What would be sent is read anew: much may have been written since the page showed it.
        """
        if self._looking or self._task is not None:
            return
        self._looking = True
        self.tasks.run(self.services.sync.departure, self._on_departure, self._on_unseen, self)

    def _on_departure(self, departure: Departure) -> None:
        self._looking = False
        if departure.to_be_seen:
            DepartureDialog(departure, self.exchange, self).open()
        else:
            self.exchange()

    def _on_unseen(self, error: Exception) -> None:
        self._looking = False
        self.failed.emit(error)

    def exchange_quietly(self) -> None:
        """Exchanges without being asked; a failure for want of a network is not told.

        Does nothing while the user reads or decides something in a dialog of this page.
        """
        reading = any(one.isVisible() for one in self.findChildren(QDialog))
        if self._task is None and not (self._looking or reading):
            self.exchange(quiet=True)

    def exchange(self, *, accept_deletions: bool = False, quiet: bool = False) -> None:
        """Exchanges with the central; the user can stop it, and is told what it did."""

        def work(task: Task) -> Report:
            try:
                return self.services.sync.run_noted(
                    task.report,
                    lambda: task.cancelled,
                    accept_deletions=accept_deletions,
                    unasked=quiet,
                )
            except SyncError:
                task.check()  # if it was stopped, the user was told already
                raise

        self._on_progress("Connexion au central", 0.0)  # instead of a stopped one's last words
        self.running.show()
        if self._holds(self.go):
            self.stop.setFocus()
        self.start.setEnabled(False)
        self._task = self.tasks.run_reporting(
            work,
            partial(self._on_report, quiet),
            partial(self._on_failed, quiet),
            self,
            on_progress=self._on_progress,
            lane=NETWORK,
        )

    def _holds(self, one: QWidget) -> bool:
        """Whether a widget has the keyboard in this window, even behind a dialog or a program.

        If it were then disabled or hidden, the keyboard would move down the page, which would
        scroll there.
        """
        return self.window().focusWidget() is one

    def _on_progress(self, words: str, share: float) -> None:
        self.doing.setText(words)
        self.progress.setValue(round(share * 100))

    def _on_stop(self) -> None:
        if self._task is not None:
            self._give_up(self._task)
            self._ended()
            self.tell("La synchronisation est arrêtée ; ce qui était fait le reste.", "info")

    def _ended(self) -> None:
        self._task = None
        self.start.setEnabled(True)
        if self._holds(self.stop):
            self.go.setFocus()
        self.running.hide()
        self.changed.emit(frozenset())
        self.refresh()

    def _on_failed(self, quiet: bool, error: Exception) -> None:
        """Tells the failure in passing; the page shows it until an exchange succeeds."""
        self._ended()
        offline = isinstance(error, SyncError) and error.kind == "offline"
        if not (quiet and (offline or str(error) == self._warned)):
            self._warned = str(error)
            self.failed.emit(error)

    def _on_report(self, quiet: bool, report: Report) -> None:
        """Tells what the exchange did; a first success after a failure is always told.

        An exchange that nobody asked for opens no dialog, and tells what awaits a decision once.
        """
        self.outcome.report = report
        self._ended()
        lines, said = sync_words.exchanged(report), sync_words.summary(report)
        if quiet and report.deletions:
            said += " Synchronisez pour les revoir."
        asks = said if report.warns else ""
        if lines or not quiet or self._warned or asks != self._asked:
            self.tell(said, sync_words.tone(report, lines))
        self._warned, self._asked = "", asks
        if report.deletions and not quiet:
            DeletionsDialog(
                report.deletions, lambda: self.exchange(accept_deletions=True), self
            ).open()

    def _on_wish(self, wish: str) -> None:
        self.write(lambda: self.services.settings.set(BY_ITSELF, wish), set())

    def show_receipt(self, batch_id: str) -> None:
        """Shows one receipt in full."""
        self.read(
            lambda: self.services.receipts.show(batch_id),
            lambda shown: ReceiptDialog(shown, self.services, self.tasks, self).open(),
        )

    # Conflicts

    def decide(self, conflict: SideBySide) -> None:
        """Shows the two versions of a conflict, and keeps the one that the user chooses."""
        dialog = ConflictDialog(conflict, self)
        dialog.decided.connect(lambda keep, text: self._resolve(conflict, keep, text, dialog))
        dialog.open()

    def _resolve(self, conflict: SideBySide, keep: str, text: str, dialog: ConflictDialog) -> None:
        value = text if keep == "edited" else None
        self.write(
            lambda: self.services.conflicts.resolve(conflict.id, keep, value),
            set(),
            lambda done: self._on_resolved(conflict, dialog),
            dialog.refuse,
        )

    def _on_resolved(self, conflict: SideBySide, dialog: ConflictDialog) -> None:
        dialog.accept()
        self.tell(sync_words.decided(closed=conflict.closed))
