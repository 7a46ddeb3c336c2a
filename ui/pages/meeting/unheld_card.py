"""A meeting whose day is past and that nobody opened: what the user can do about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from app.domain import unheld
from app.domain.meeting_state import MeetingState
from app.domain.wording import capitalised, count, day_and_hour
from ui.dialogs.dialog import ConfirmDialog
from ui.pages.meetings import WORDS
from ui.tasks import Tasks
from ui.widgets.line import Line
from ui.widgets.section import Section
from ui.widgets.text import Label, label
from ui.words.chord import chord

if TYPE_CHECKING:
    from app.bootstrap import Services

NOTED = (
    "La séance est close, n'ayant réuni personne : relisez son procès-verbal, puis gelez-le."
    " Une nouvelle convocation se prépare sous « Ensuite »."
)

OPENED = (
    "La séance est ouverte, à sa date : complétez ce qui s'y est passé. « Clore la séance » demande"
    " quand elle s'est terminée."
)


class UnheldCard(Section):
    """`changed` follows what was done here, `removed` the deletion of the meeting.

    `move_asked` asks to change the day, `sync_asked` to sync with laptops that may know more.
    """

    changed = Signal(object)
    failed = Signal(object)
    told = Signal(str, str)
    removed = Signal()
    move_asked = Signal()
    sync_asked = Signal()

    def __init__(self, services: Services, tasks: Tasks) -> None:
        super().__init__("Séance non ouverte")
        self.services = services
        self.tasks = tasks
        self.words: Label = label("", wrap=True)
        self.sync = _line("Synchroniser d'abord", "Un autre ordinateur l'a peut-être ouverte")
        self.nobody = _line("Elle n'a réuni personne", "Un procès-verbal de carence le dira")
        self.open = _line("L'ouvrir à sa date", "Ses heures se corrigent ensuite")
        self.postpone = _line("La déplacer…", "À un autre jour, à une autre heure")
        self.remove = _line("La supprimer", f"{chord('Ctrl+Z')} la fait revenir")
        self._state: MeetingState | None = None
        self.hold(self.words)
        for line, act in (
            (self.sync, self.sync_asked.emit),
            (self.nobody, self._on_nobody),
            (self.open, self._on_open),
            (self.postpone, self.move_asked.emit),
            (self.remove, self._on_remove),
        ):
            line.clicked.connect(lambda checked=False, one=act: one())
            self.add(line)

    def show_state(self, state: MeetingState) -> None:
        """Shows what can be done about a meeting past and not opened; hides for any other."""
        former, self._state = self._state, state
        meeting, today = state.file.meeting, self.services.workspace.clock().date()
        is_unheld = unheld.is_unheld(meeting, today)
        self.setVisible(is_unheld)
        if not is_unheld:
            return
        barred = unheld.why_not_unattended(state, today)
        why = f" {capitalised(barred.sentence)}" if barred else ""
        self.words.setText(f"{unheld.sentence(meeting.fields)}.{why}")
        self.nobody.setVisible(barred is None)
        self.open.setVisible(unheld.was_held(state))
        if former is None or former.file.meeting.id != meeting.id:
            self.sync.hide()
        self._look_at_sync(state)

    def take_focus(self) -> None:
        """Gives the keyboard to the first thing offered."""
        offered = (self.sync, self.nobody, self.open, self.postpone)
        next(line for line in offered if not line.isHidden()).setFocus()

    def _look_at_sync(self, state: MeetingState) -> None:
        """Advises to sync first, if nothing came from the other laptops since the meeting."""
        meeting, sync = state.file.meeting, self.services.sync
        starts_at, space = meeting.fields.starts_at or "", meeting.commission_id

        def show(silent: bool) -> None:
            if self._state is state:
                self.sync.setVisible(silent)

        self.tasks.run(lambda: sync.is_silent_since(starts_at, space), show, self.failed.emit, self)

    def _on_nobody(self) -> None:
        state = self._state
        if state is None:
            return
        meeting = state.file.meeting
        absent = len(unheld.unattended(state, self.services.workspace.clock().date()).absent)
        when = day_and_hour(meeting.fields.starts_at or "")
        seats = count(absent, "membre est noté absent", "membres sont notés absents")
        items = (one.fields for one in state.file.items if one.fields.kind != "opening")
        notes = any(one.notes.strip() for one in items)
        kept = (
            " Les notes préparées restent à leurs points, hors du procès-verbal." if notes else ""
        )
        ConfirmDialog(
            "Elle n'a réuni personne",
            f"La séance est notée ouverte et close le {when}, sans point abordé ; {seats}.{kept}"
            f" {chord('Ctrl+Z')} revient en arrière.",
            "Noter la carence",
            lambda: self._write(self.services.meetings.note_unattended, meeting.id, NOTED),
            self,
            danger=False,
        ).open()

    def _on_open(self) -> None:
        if self._state is not None:
            meeting_id = self._state.file.meeting.id
            self._write(self.services.meetings.open_on_its_day, meeting_id, OPENED)

    def _write(self, work: Callable[[str], object], meeting_id: str, told: str) -> None:
        def finish(done: object) -> None:
            self.told.emit(told, "success")
            self.changed.emit(frozenset({"meeting", "agenda_item", "attendance"}))

        self.tasks.run(lambda: work(meeting_id), finish, self.failed.emit, self)

    def _on_remove(self) -> None:
        if self._state is None:
            return
        meeting = self._state.file.meeting
        ConfirmDialog(
            f"Supprimer {WORDS.one}",
            f"« {meeting.fields.title} ». {WORDS.back}",
            "Supprimer",
            lambda: self._remove(meeting.id),
            self,
        ).open()

    def _remove(self, meeting_id: str) -> None:
        records = self.services.records
        self.tasks.run(
            lambda: records.delete(meeting_id, cascade=True),
            lambda gone: self.removed.emit(),
            self.failed.emit,
            self,
        )


def _line(words: str, detail: str) -> Line:
    return Line(words, detail, most_lines=2)
