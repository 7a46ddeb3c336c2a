"""The base of a meeting's three tabs: a page that is handed the state of its meeting."""

from __future__ import annotations

from collections.abc import Callable, Set
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from app.domain import carry_over, hours
from app.domain.meeting_state import MeetingState
from app.domain.search_text import fold
from ui.dialogs.agenda_item import AgendaItemDialog
from ui.dialogs.dialog import FormDialog
from ui.dialogs.meeting_hours import MeetingHoursDialog
from ui.models.watch import note_options
from ui.pages.meeting.minutes_card import seal_frozen
from ui.pages.page import Page
from ui.tasks import Tasks
from ui.theme import Space
from ui.widgets.dates import HourField
from ui.widgets.form import Form
from ui.widgets.pick import Option
from ui.window.refused import Refused
from ui.words.typed_dates import Held, instant_of

if TYPE_CHECKING:
    from app.bootstrap import Services

NOT_OPEN = "Les heures se donnent une fois la séance ouverte."

TIMED = frozenset(
    {
        "meeting", "agenda_item", "attendance", "briefing", "proxy", "ballot", "action",
        "commitment",
    }
)  # fmt: skip
"""The kinds that a correction of the meeting's hours may change."""

LINKED = {"watch_note": "Veille", "need": "Besoin", "solution": "Solution"}


class MeetingTab(Page):
    """Shows one side of a meeting; the page around it reads the meeting anew after a change."""

    def __init__(self, services: Services, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(services, tasks, parent)
        self.body.setContentsMargins(0, Space.L, 0, 0)
        self.state: MeetingState | None = None
        self._unseen = False

    @property
    def meeting_id(self) -> str:
        """The id of the meeting shown; "" before there is one."""
        return self.state.file.meeting.id if self.state else ""

    @property
    def held(self) -> tuple[str, str] | None:
        """The opening, and the closing or else now, between which its hours are; None before."""
        meeting = self.state.file.meeting.fields if self.state else None
        if meeting is None or meeting.opened_at is None:
            return None
        return meeting.opened_at, meeting.closed_at or self.now().isoformat()

    @property
    def left_open(self) -> bool:
        """Whether the meeting, still open, ended before: the present hour is none of its hours."""
        held = self.held
        return held is not None and not self._closed and hours.was_left_open(*held)

    @property
    def past(self) -> bool:
        """Whether the meeting is over, so that what is noted now did not happen now."""
        return self._closed or self.left_open

    @property
    def _closed(self) -> bool:
        return self.state is not None and self.state.file.meeting.fields.closed_at is not None

    def bounds(self) -> Held | None:
        """A function that gives `held` at the time it is called; None before the meeting opens."""
        known = self.held
        return (lambda: self.held or known) if known else None

    def refuse(
        self,
        error: Exception,
        waits: Callable[[], bool],
        meeting_id: str,
        part: str,
        kept: str,
        *,
        beside: Callable[[], bool] = lambda: False,
    ) -> None:
        """Has the window say, as long as `waits()`, why words of a meeting were not stored."""
        self.refused.emit(Refused(error, waits, "meeting", meeting_id, part, kept, beside))

    def hand(self, state: MeetingState) -> None:
        """Takes the meeting, which is shown at once or when the tab comes in sight."""
        self.state = state
        self._unseen = True
        if self.isVisible():
            self._see(state)

    def show_state(self, state: MeetingState) -> None:
        """Shows the meeting."""

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._unseen and self.state is not None:
            self._see(self.state)

    def _see(self, state: MeetingState) -> None:
        self._unseen = False
        self.show_state(state)

    def ask_hour(self, words: str, work: Callable[[str], object], kinds: Set[str]) -> None:
        """Asks for an hour of the meeting, then notes it by `work`."""
        bounds = self.bounds()
        if bounds is None:
            return
        form = Form(1)
        form.add("at", words, HourField(), required="Donnez l'heure.")

        def save(values: dict[str, Any]) -> object:
            return work(instant_of(values["at"], None, bounds(), "at") or "")

        dialog = FormDialog(words, form, save, self.tasks, self)
        dialog.saved.connect(lambda saved: self.changed.emit(frozenset(kinds)))
        dialog.begin_at("at")
        dialog.open()

    def edit_hours(self, begin_at: str = "") -> None:
        """Opens the dialog that corrects the meeting's hours, at the closing if there is one."""
        if self.state is None:
            return
        meeting, meetings = self.state.file.meeting, self.services.meetings
        if meeting.fields.status in ("planned", "convened"):
            self.tell(NOT_OPEN, "info")
            return
        dialog = MeetingHoursDialog(
            self.state.file,
            self.now().isoformat(),
            lambda opened_at, closed_at: meetings.correct_hours(meeting.id, opened_at, closed_at),
            self.tasks,
            self,
            shift=lambda opened_at: meetings.shift_hours(meeting.id, opened_at),
        )
        seal_frozen(dialog, self.state)
        dialog.begin_at("opened_at")
        if not dialog.moves_all:
            dialog.begin_at(begin_at or "closed_at")
        dialog.saved.connect(lambda saved: self.changed.emit(TIMED))
        dialog.open()

    def edit_item(self, item_id: str, begin_at: str = "") -> None:
        """Opens the dialog that changes an item, at the field of this name if there is one."""
        item = self.state.items.get(item_id) if self.state else None
        about = item.fields.linked_id if item else None
        self.read(
            lambda: self._links(about), lambda links: self._open_item(item_id, links, begin_at)
        )

    def _links(self, about: str | None) -> list[Option]:
        """The notes, needs and solutions an item may be about, and what it is about now, by title;
        reads the workspace.
        """
        options = self._minutes_of(about) if about else []
        near_here = (None, self.commission_id)
        for kind, word in LINKED.items():
            found = self.services.records.list(kind)
            near = [one for one in found if one.commission_id in near_here or one.id == about]
            named = [Option(one.id, one.fields.title) for one in near]
            if kind == "watch_note":
                named = note_options(near)
            options += [Option(one.id, f"{word} : {one.words}") for one in named]
        return sorted(options, key=lambda option: fold(option.words))

    def _minutes_of(self, about: str) -> list[Option]:
        """The minutes that an approval is about, by the id of their meeting or by their own."""
        records = self.services.records
        minutes = records.list("minutes", self.commission_id)
        named = {about, *(one.fields.meeting_id for one in minutes if one.id == about)}
        return [
            Option(about, f"Procès-verbal de la séance {carry_over.held(one.fields)}")
            for one in records.list("meeting", self.commission_id)
            if one.id in named
        ]

    def _open_item(self, item_id: str, links: list[Option], begin_at: str) -> None:
        item = self.state.items.get(item_id) if self.state else None
        if self.state is None or item is None:
            return
        records = self.services.records
        dialog = AgendaItemDialog(
            item,
            links,
            self.bounds(),
            lambda fields: records.update(item_id, fields, over=item),
            self.tasks,
            closed_at=self.state.file.meeting.fields.closed_at,
            parent=self,
        )
        seal_frozen(dialog, self.state)
        dialog.begin_at(begin_at)
        dialog.saved.connect(lambda saved: self.changed.emit(frozenset({"agenda_item"})))
        dialog.open()
