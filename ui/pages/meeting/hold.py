"""Tenir la séance: the agenda, the notes of the item in hand, the room; all by the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QMenu, QSplitter

from app.domain import briefings, guardian, hours
from app.domain.findings import Finding
from app.domain.follow_up import FollowUp
from app.domain.meeting_state import MeetingState, Moment
from app.domain.records import AgendaItem, Record
from app.domain.unheld import is_unheld
from app.domain.wording import hour
from ui.actions import make_action
from ui.announcing import announce
from ui.dialogs.dialog import ConfirmDialog
from ui.dialogs.meeting_hours import LateClosingDialog
from ui.models.agenda import SUBJECTS, AgendaRow, agenda_rows, linked
from ui.pages.meeting.attending import Attending
from ui.pages.meeting.conductor import Conductor, next_item, open_on_its_day, standing
from ui.pages.meeting.item_panel import ItemPanel
from ui.pages.meeting.noting import Noting
from ui.pages.meeting.room_panel import RoomPanel
from ui.pages.meeting.tab import TIMED, MeetingTab
from ui.tasks import Tasks
from ui.theme import Space
from ui.widgets.autosave import Autosave

if TYPE_CHECKING:
    from app.bootstrap import Services

TOLD = " Les collectivités présentes sont notées informées de la veille présentée."

CLOSED = "La séance est close : l'onglet Conclure dit ce qui manque."

LOOK_EVERY = 15_000
"""Milliseconds between two looks at the clock, by which the times shown may be late."""


class HoldTab(MeetingTab):
    """Conducts the meeting; decides nothing itself, and asks the rules at every change.

    `state_handed` carries the meeting at each change, `item_selected` the id of the item in hand.
    """

    state_handed = Signal(object)
    item_selected = Signal(str)

    def __init__(self, services: Services, tasks: Tasks) -> None:
        super().__init__(services, tasks)
        self.noting = Noting(self)
        self.conductor = Conductor()
        self.item = ItemPanel(self.noting.store_notes, tasks)
        self.room = RoomPanel()
        self.attending = Attending(self)
        self._left_at: tuple[str, int] | None = None
        self._followed: tuple[MeetingState, FollowUp] | None = None
        self._news: tuple[Moment, list[str]] | None = None  # the room before, and what was said
        self._clock = QTimer(self)
        self._clock.setInterval(LOOK_EVERY)
        self._build()
        self._connect()

    def _build(self) -> None:
        columns = QSplitter(Qt.Orientation.Horizontal)
        columns.setHandleWidth(Space.L)
        columns.setChildrenCollapsible(False)
        for widget, share, least in (
            (self.conductor, 26, 210),
            (self.item, 46, 320),
            (self.room, 32, 250),
        ):
            widget.setMinimumWidth(least)
            columns.addWidget(widget)
            columns.setStretchFactor(columns.count() - 1, share)
        columns.setSizes([280, 470, 330])
        self.body.addWidget(columns, 1)

    def _connect(self) -> None:
        for action in (*self.item.actions(), *self.conductor.actions()):
            self.addAction(action)
        make_action(self, "Aller à l'ordre du jour", self.conductor.list.setFocus, "F2")
        make_action(self, "Aller aux notes", self.item.notes.setFocus, "F3")
        make_action(self, "Aller à l'appel", self.room.take_focus, "F4")
        self.conductor.list.selected.connect(self._on_item)
        self.conductor.list.opened.connect(lambda row: self._begin(row.id))
        self.conductor.list.menu_requested.connect(self._open_item_menu)
        self.conductor.open_asked.connect(self._on_open)
        self.conductor.next_asked.connect(self._on_next)
        self.conductor.close_asked.connect(self._on_close)
        self.conductor.hours_asked.connect(self.edit_hours)
        self.item.begun.connect(lambda: self._begin(self.item_id))
        self.item.change_asked.connect(lambda: self.edit_item(self.item_id))
        self.item.ended.connect(self._on_ended)
        self.item.need_asked.connect(self.noting.ask_need)
        self.item.ballot_asked.connect(self.noting.ask_ballot)
        self.item.line_asked.connect(lambda kind: self.item.quick.ask(kind, self.now().date()))
        self.item.quick.decided.connect(self.noting.decide)
        self.item.quick.entrusted.connect(self.noting.entrust)
        self.item.quick.refused.connect(self.noting.tell_misread)
        for turned in (self.item.quick.opened, self.item.quick.closed):
            turned.connect(self.saving_changed)
        self.item.notes.opened.connect(self._on_sheet)
        self.item.notes.overtaken.connect(lambda: self.changed.emit(frozenset({"agenda_item"})))
        self.item.notes.hour_asked.connect(
            lambda: self.item.notes.stamp(hour(self.now().isoformat()))
        )
        self.item.notes.phrases_asked.connect(self.noting.offer_phrases)
        self.item.opened.connect(self.noting.open_line)
        self.room.deed_asked.connect(self.attending.do)
        self.room.absent_asked.connect(self.attending.mark_absent)
        self.room.guest_asked.connect(self.attending.ask_guest)
        self._clock.timeout.connect(self._show)

    def _on_sheet(self, autosave: Autosave) -> None:
        self.keep(autosave)
        self.noting.tell_refusals(autosave)

    def measure(self) -> None:
        """Adapts to the size of text."""
        self.item.measure()
        self.room.measure()

    def take_focus(self) -> None:
        """Gives the keyboard to the roll call until an item has begun, then to the notes."""
        begun = self.state is not None and any(i.fields.started_at for i in self.state.file.items)
        self.item.notes.setFocus() if begun else self.room.take_focus()

    # Showing

    @property
    def item_id(self) -> str:
        """The id of the item in hand, the one selected in the agenda; "" for none."""
        row = self.conductor.list.current()
        return row.id if row else ""

    @property
    def current(self) -> Record[AgendaItem] | None:
        """The item in hand."""
        return self.state.items.get(self.item_id) if self.state else None

    def hand(self, state: MeetingState) -> None:
        before = self.state
        if before is not None and before.file.meeting.id != state.file.meeting.id:
            self.item.notes.forget()
            self.room.call.clear()
            before = self._followed = None
        super().hand(state)
        self.state_handed.emit(state)
        meeting = state.file.meeting.fields
        if meeting.status != "open":
            self.end_news()  # the room is now shown as it was when each item began
        elif before is not None:
            if before.file.meeting.fields.opened_at != meeting.opened_at:
                announce(self, standing(meeting))
            self._say_news(before, state)

    def show_state(self, state: MeetingState) -> None:
        self._show()

    def _show(self) -> None:
        """Shows the meeting as it stands now; also called as time passes."""
        if self.state is None:
            return
        now, file = self.now(), self.state.file
        self._clock.start() if file.meeting.fields.status == "open" else self._clock.stop()
        frozen = self.state.file.frozen_minutes is not None
        self.conductor.show_meeting(
            file.meeting.fields,
            agenda_rows(self.state, now),
            frozen=frozen,
            unheld=is_unheld(file.meeting, now.date()),
        )
        left_at, self._left_at = self._left_at, None
        if left_at is not None:
            self.conductor.list.select(left_at[0])
        item, at = self.current, self.instant()
        self.room.show_state(self.state, at, item)
        self.room.lock(locked=frozen)
        room = self.state.at(at, item)
        if self._news and guardian.news(self.state, self._news[0], room) != self._news[1]:
            self.end_news()  # it is no longer so
        self.item.setEnabled(item is not None)
        if item is None:
            self.item.show_none()
        else:
            self.item.show_item(self.state, item, now, self._follow_up(self.state, item))

    def _follow_up(self, state: MeetingState, item: Record[AgendaItem]) -> FollowUp | None:
        """What became of requests and actions, for an item of that kind, as it was last read.

        If the meeting has changed since, it is read anew, and shown when it comes.
        """
        if item.fields.kind != "follow_up" or state.file.frozen_minutes is not None:
            return None
        if self._followed is None or self._followed[0] is not state:
            meeting_id = state.file.meeting.id
            self.read(
                lambda: self.services.follow_ups.of(meeting_id),
                lambda found: self._take_follow_up(state, found),
            )
        return self._followed[1] if self._followed else None

    def _take_follow_up(self, state: MeetingState, found: FollowUp) -> None:
        if self.state is state:
            self._followed = (state, found)
            self._show()

    def instant(self) -> str:
        """The instant at which the room is shown: now; once closed, when the item in hand began;
        in a meeting left open, the last one noted.
        """
        assert self.state is not None
        meeting = self.state.file.meeting.fields
        item = self.current
        if meeting.closed_at is not None:
            return (
                (item.fields.started_at if item else None) or meeting.opened_at or meeting.closed_at
            )
        if self.left_open:
            return hours.last_noted(self.state) or meeting.opened_at or ""
        return self.now().isoformat()

    def _say_news(self, before: MeetingState, after: MeetingState) -> None:
        """Says at once what an arrival or a departure changes for the quorum and the proxies."""
        at, item = self.instant(), self.current
        if item is None:
            return
        former, latter = before.at(at, before.items.get(item.id)), after.at(at, item)
        sentences = guardian.news(after, former, latter)
        if sentences:
            self._news = former, sentences
            lost = former.quorum.reached and not latter.quorum.reached
            self.item.news.say(". ".join(sentences) + ".", "warning" if lost else "info")

    def end_news(self) -> None:
        """Takes away what was said of the quorum and the proxies."""
        if self._news is not None:
            self._news = None
            self.item.news.hide()

    def _on_item(self, row: AgendaRow | None) -> None:
        if row is not None:
            self.item_selected.emit(row.id)
            self._show()

    def mend(self, gap: Finding) -> None:
        """Goes to where a finding is corrected: in the room, on its item, or in a dialog.

        A finding about a seat is corrected in the room, by the keys of its list.
        """
        if self.state is None:
            return
        file = self.state.file
        seats = {one.id: one.id for one in file.roster}
        seats |= {one.id: one.fields.roster_entry_id or one.id for one in file.attendances}
        seats |= {one.id: one.fields.giver_entry_id or "" for one in file.proxies}
        if gap.record_id in seats:
            self.room.go_to(seats[gap.record_id])
            return
        parts: tuple[Record[Any], ...]
        parts = (*file.ballots, *file.decisions, *file.actions, *file.needs)
        part = next((one for one in parts if one.id == gap.record_id), None)
        self.go_to(part.fields.agenda_item_id or "" if part else gap.record_id)
        item = self.current
        may_begin = self.item.begin.isVisible() and item and not item.fields.started_at
        if part is not None:
            self.noting.open_line(part.fields.kind_name, part.id, gap.field)
        elif gap.field == "started_at" and may_begin:
            self.item.begin.setFocus()
        elif gap.field in ("title", "started_at", "ended_at"):
            self.edit_item(gap.record_id, gap.field)

    def mend_hours(self, field: str) -> None:
        """Goes to the button that notes an hour of the meeting; once closed, to its hours."""
        over = self.state is not None and self.state.file.meeting.fields.status == "closed"
        self.edit_hours(field) if over else self.conductor.begin_step()

    def go_to(self, item_id: str) -> None:
        """Goes to an item, and to its notes."""
        self.conductor.list.select(item_id)
        self.item.notes.setFocus()

    def answer(self, item_id: str) -> None:
        """Goes to an item whose words were refused: to its quick line if they wait there."""
        self.go_to(item_id)
        if item_id in self.item.quick.drafts.refused:
            self.item.quick.open_again()

    def here(self) -> tuple[str, int]:
        """The id of the item in hand and the position of the cursor in its notes; where the meeting
        was left, until it is shown here.
        """
        return self._left_at or (self.item_id, self.item.notes.textCursor().position())

    def return_to(self, item_id: str, cursor: int) -> None:
        """Has the meeting, when it is next shown, select this item, with the cursor there."""
        self._left_at = item_id, cursor
        self.item.notes.remember(item_id, cursor)

    # Conducting

    def _on_open(self) -> None:
        assert self.state is not None
        meeting = self.state.file.meeting.fields
        open_on_its_day(meeting, self.now(), self._open_meeting, self)

    def _open_meeting(self) -> None:
        meeting_id = self.meeting_id
        self.went_on.emit()
        self.write(lambda: self.services.meetings.open(meeting_id), {"meeting", "agenda_item"})
        self.room.call.setFocus()

    def _on_next(self) -> None:
        row = next_item(self.conductor.list.agenda.rows)
        if row is not None:
            self.conductor.list.select(row.id)
            self._begin(row.id)

    def _begin(self, item_id: str) -> None:
        if self.state is None or self.state.file.meeting.fields.status != "open":
            return
        self.went_on.emit()
        self.item.news.hide()
        start = self.services.agenda.start
        if self.left_open:
            self.ask_hour("Point commencé à", lambda at: start(item_id, at), {"agenda_item"})
            return
        self.write(lambda: start(item_id), {"agenda_item"})
        self.item.notes.setFocus()

    def _open_item_menu(self, row: AgendaRow, at: QPoint) -> None:
        """Offers what can be done to an item here, with the keys that do the same."""
        if self.state is None:
            return
        opened = self.state.file.meeting.fields.status == "open"
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        running = row.progress == "current"
        began = "Reprendre" if row.progress else "Commencer"
        begin = menu.addAction(f"{began}\tEntrée", lambda: self._begin(row.id))
        begin.setEnabled(opened and not running and not row.withdrawn)
        menu.addAction("Terminer", self._on_ended).setEnabled(running)
        menu.addSeparator()
        change = menu.addAction("Modifier", lambda: self.edit_item(row.id))
        change.setEnabled(self.state.file.frozen_minutes is None)
        about = linked(self.state, self.state.items[row.id].fields)
        if about is not None:
            kind = about.fields.kind_name
            menu.addAction(SUBJECTS[kind], lambda: self.open_requested.emit(kind, about.id))
        menu.popup(at)

    def _on_ended(self) -> None:
        item_id, end = self.item_id, self.services.agenda.end
        if self.left_open:
            self.ask_hour("Point terminé à", lambda at: end(item_id, at), {"agenda_item"})
            return
        self.write(lambda: end(item_id), {"agenda_item"})

    def _on_close(self) -> None:
        if self.state is None:
            return
        told = TOLD if briefings.given(self.state) else ""
        held = self.held
        if held and hours.was_left_open(*held):
            self._ask_when_it_ended(held, told)
            return
        ConfirmDialog(
            "Clore la séance",
            "L'heure de clôture est notée, et les points en cours se terminent avec elle."
            f"{told} Le procès-verbal se complète ensuite.",
            "Clore la séance",
            self._close_meeting,
            self,
            danger=False,
        ).open()

    def _ask_when_it_ended(self, held: tuple[str, str], told: str) -> None:
        assert self.state is not None
        meeting_id, meetings = self.meeting_id, self.services.meetings
        self.flush()
        dialog = LateClosingDialog(
            held,
            hours.last_noted(self.state),
            lambda at: meetings.close_late(meeting_id, at),
            self.tasks,
            self,
            more=told,
        )
        dialog.saved.connect(lambda saved: self.tell(CLOSED))
        dialog.saved.connect(lambda saved: self.changed.emit(TIMED))
        dialog.open()

    def _close_meeting(self) -> None:
        meeting_id = self.meeting_id
        self.flush()
        self.write(
            lambda: self.services.meetings.close(meeting_id),
            {"meeting", "agenda_item", "briefing"},
            lambda meeting: self.tell(CLOSED),
        )
