"""One meeting, in three tabs: prepare it, hold it, conclude it."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QTabWidget, QWidget

from app.domain.convocations import moved
from app.domain.findings import Finding
from app.domain.meeting_state import MeetingState
from app.domain.records import Meeting
from app.domain.unheld import is_unheld
from app.domain.wording import capitalised, day_and_hour, listed
from app.errors import Absent
from ui.actions import make_action
from ui.dialogs.history import HistoryDialog
from ui.dialogs.meeting import MeetingDialog
from ui.models.meeting_parts import history_parts
from ui.models.meetings import begins_at, is_due, status_of
from ui.pages.meeting.conclude import ConcludeTab
from ui.pages.meeting.hold import HoldTab
from ui.pages.meeting.minutes_card import seal_frozen
from ui.pages.meeting.place import MeetingPlace, PlaceKeeper
from ui.pages.meeting.prepare import PrepareTab
from ui.pages.meeting.showing import LIVE, Showing
from ui.pages.meeting.tab import MeetingTab
from ui.pages.page import Page
from ui.tasks import Tasks
from ui.theme import Space, Theme
from ui.widgets.buttons import action_button
from ui.widgets.chip import Chip
from ui.widgets.drafts import Drafts
from ui.widgets.header import PageHeader
from ui.widgets.room_list import DEEDS, OTHERS
from ui.widgets.scroll import Unsqueezed
from ui.window.preferences import Preferences
from ui.words.persons import People, people

if TYPE_CHECKING:
    from app.bootstrap import Services

FIRST_TAB = {"planned": 0, "convened": 0, "open": 1, "closed": 2, "approved": 2}
"""The tab on which a meeting opens, by its status.

On its day, a convened meeting opens on the tab to hold it; from the day after, one that nobody
opened opens on the tab to conclude it.
"""


class MeetingPage(Page):
    """Reads the meeting once and hands it to its tabs, which save what is typed in them."""

    kinds = frozenset(
        {
            "meeting", "agenda_item", "attendance", "proxy", "ballot", "decision", "action", "need",
            "convocation", "minutes", "roster_entry", "person", "attachment",
        }
    )  # fmt: skip

    def __init__(self, services: Services, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(services, tasks, parent)
        self.meeting_id = ""
        self.header = PageHeader("", back="Séances")
        self.chip = Chip()
        self.edit = make_action(self, "Modifier", self._on_edit, "Ctrl+E")
        self.look_back = make_action(self, "Historique", self._on_history, "Ctrl+H", "history")
        make_action(self, "Corriger les heures", self._on_hours, "Ctrl+Shift+E")
        make_action(self, "Retour", self.go_back, "Alt+Left")
        self.prepare = PrepareTab(services, tasks)
        self.hold = HoldTab(services, tasks)
        self.conclude = ConcludeTab(services, tasks)
        self.showing = Showing(self)
        self.tabs = QTabWidget()
        self.place = PlaceKeeper(services, tasks, self._here, self)
        self._state: MeetingState | None = None
        self._arriving = False
        self._sought = ""
        self._build()
        self._connect()

    def _build(self) -> None:
        self.body.setSpacing(Space.M)
        self.body.setContentsMargins(Space.XXL, Space.XS, Space.XXL, Space.L)
        self.header.add_beside(self.chip)
        self.header.add_action(self.showing.button)
        self.header.add_action(action_button(self.look_back, icon="history"))
        self.header.add_action(action_button(self.edit))
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName("Étapes de la séance")
        self.tabs.setEnabled(False)  # words typed before a meeting is read would be none's
        self.tabs.addTab(self.prepare, "Préparer")
        self.tabs.addTab(self.hold, "Tenir la séance")
        self.tabs.addTab(self.conclude, "Conclure")
        self.body.addWidget(self.header)
        self.body.addWidget(self.tabs, 1)

    def _connect(self) -> None:
        self.header.back_requested.connect(self.go_back)
        self.tabs.currentChanged.connect(self._on_tab)
        self.conclude.place_requested.connect(self._on_place)
        self.hold.state_handed.connect(self.showing.take)
        self.hold.item_selected.connect(self._on_selected)
        self.showing.told.connect(self.tell)
        self.hold.item.notes.cursorPositionChanged.connect(self.place.moved)
        for drafts in self._drafts:
            drafts.changed.connect(self.saving_changed)
        for tab in self.all_tabs:
            tab.changed.connect(self.changed)
            tab.failed.connect(self.failed)
            tab.told.connect(self.told)
            tab.refused.connect(self.refused)
            tab.orphaned.connect(self.orphaned)
            tab.went_on.connect(self.went_on)
            tab.saving_changed.connect(self.saving_changed)
            tab.typed.connect(self.typed)
            tab.open_requested.connect(self.open_requested)

    @property
    def _drafts(self) -> tuple[Drafts, Drafts]:
        """The words begun in the two lines that only Enter stores."""
        return self.prepare.agenda.drafts, self.hold.item.quick.drafts

    @property
    def all_tabs(self) -> tuple[MeetingTab, ...]:
        return self.prepare, self.hold, self.conclude

    def set_commission(self, commission_id: str | None) -> None:
        """Drops the lines begun, as the user agreed; those of a commission now gone are kept, to be
        given back.
        """
        if self.commission_id is not None:
            self.meeting_id = ""
        if self.commission_id in self.commissions:
            for drafts in self._drafts:
                drafts.clear()
        for tab in self.all_tabs:
            tab.commission_id = commission_id
        super().set_commission(commission_id)

    def dress(self, theme: Theme, preferences: Preferences) -> None:
        self.conclude.dress(theme, preferences)
        theme.changed.connect(self.hold.measure)
        self.hold.measure()

    def letters(self) -> Mapping[str, list[tuple[str, str]]]:
        if self.tabs.currentWidget() is not self.hold:
            return {}
        deeds = (*DEEDS.values(), OTHERS)
        return {"Sur un siège de l'appel": [(words, chr(key)) for words, key in deeds]}

    def show_record(self, record_id: str) -> None:
        """Shows a meeting where it was left, else on the tab that its status calls for."""
        self.show_part(record_id, "")

    def show_part(self, record_id: str, part: str) -> None:
        """`part` is the id of an item, shown on the tab that holds the meeting; the meeting's own
        id stands for the tab that prepares it.
        """
        if record_id != self.meeting_id:
            self.flush()
            for scroll in self.findChildren(Unsqueezed):
                scroll.verticalScrollBar().setValue(0)
        self.meeting_id = record_id
        self._sought = part
        self._arriving = True
        self.refresh()

    def where(self) -> tuple[str, str]:
        return self.meeting_id, ""  # `place` keeps the rest

    def shows(self, record_id: str, part: str = "") -> bool:
        parts = {self.hold: self.hold.item_id, self.prepare: self.meeting_id}
        tab = self.all_tabs[self.tabs.currentIndex()]
        return record_id == self.meeting_id and part in ("", parts.get(tab))

    def unsaved(self) -> str:
        begun = listed([f"« {words} »" for one in self._drafts for words in one.begun()])
        return f"Une ligne commencée n'est pas notée : {begun}." if begun else ""

    def refresh(self) -> None:
        meeting_id, meetings = self.meeting_id, self.services.meetings
        if meeting_id and self._arriving:
            self.tasks.run(
                lambda: (meetings.state(meeting_id), self.place.find(meeting_id)),
                lambda found: self._arrive(*found),
                lambda error: self._on_unread(meeting_id, error),
                self,
            )
        elif meeting_id:
            self.tasks.run(
                lambda: meetings.state(meeting_id),
                self._show,
                lambda error: self._on_unread(meeting_id, error),
                self,
            )

    def _on_unread(self, meeting_id: str, error: Exception) -> None:
        """Leaves a meeting that is no longer there, unless another is asked for by now."""
        self.gone.emit(error)
        if isinstance(error, Absent) and meeting_id == self.meeting_id:
            self.meeting_id = ""
            if self.isVisible():
                self.open_requested.emit("meetings", "")

    def _arrive(self, state: MeetingState, left: MeetingPlace | None) -> None:
        """Shows a meeting where it was left, else on the tab that its status calls for."""
        if state.file.meeting.id != self.meeting_id or not self._arriving:
            return
        meeting = state.file.meeting.fields
        today = self.now().date()
        past = is_unheld(state.file.meeting, today)
        due = "open" if is_due(meeting, today) else meeting.status
        first = FIRST_TAB["closed" if past else due]
        was = left.tab if left is not None and left.status == meeting.status else first
        prepared = (past or meeting.status == "convened") and was < first
        self.tabs.setCurrentIndex(was if was < self.tabs.count() and not prepared else first)
        self.hold.return_to(*((left.item_id, left.cursor) if left else ("", 0)))
        if self._sought:
            self.tabs.setCurrentWidget(
                self.prepare if self._sought == self.meeting_id else self.hold
            )
        self._show(state)
        if self._sought in state.items:
            self.hold.answer(self._sought)
        else:
            self.take_focus()
        self._arriving = False

    def _here(self) -> MeetingPlace | None:
        if self._state is None or self._arriving:
            return None
        meeting = self._state.file.meeting
        item_id, cursor = self.hold.here()
        return MeetingPlace(
            meeting.id, meeting.fields.status, self.tabs.currentIndex(), item_id, cursor
        )

    def flush(self) -> None:
        super().flush()
        self.place.keep()

    def go_back(self) -> None:
        self.open_requested.emit("meetings", "")

    def take_focus(self) -> None:
        """Gives the keyboard to where the work of the tab in sight is done, once it is read."""
        if self._state is None:
            super().take_focus()
        else:
            self.all_tabs[self.tabs.currentIndex()].take_focus()

    def on_changed(self, kinds: frozenset[str]) -> None:
        """Also reads the projected meeting again, unless the page just read that very meeting.

        It is read again in any case when the meeting itself may be gone.
        """
        super().on_changed(kinds)
        if not kinds or kinds & {"meeting", "agenda_item"}:
            self._look_at_drafts()
        in_front = self.isVisible() and self.showing.meeting_id == self.meeting_id
        read_already = in_front and kinds & self.kinds and "meeting" not in kinds
        concerned = not kinds or kinds & (LIVE | self.kinds)
        if self.showing.active and concerned and not read_already:
            self.showing.refresh()

    def _look_at_drafts(self) -> None:
        """Gives back the lines begun on an item or a meeting that was deleted meanwhile."""
        begun = {of for drafts in self._drafts for of in drafts.places() if of}
        if begun:
            self.read(lambda: self._gone(begun), self._give_back)

    def _gone(self, ids: Set[str]) -> Set[str]:
        with self.services.workspace.snapshot() as records:
            return {one for one in ids if (it := records.envelope(one)) is None or it.deleted}

    def _give_back(self, gone: Set[str]) -> None:
        for drafts in self._drafts:
            for of in gone & drafts.places():
                self.orphaned.emit(drafts.forget(of))

    def shut(self) -> None:
        self.showing.projector.stop()

    def _show(self, state: MeetingState) -> None:
        if state.file.meeting.id != self.meeting_id:
            return  # read for a meeting that was left meanwhile
        meeting = state.file.meeting.fields
        self._state = state
        self.tabs.setEnabled(True)
        at = begins_at(meeting)
        when = capitalised(day_and_hour(at)) if at else "Date à fixer"
        self.header.say(meeting.title, ", ".join(part for part in (when, meeting.place) if part))
        self.chip.set(*status_of(state.file.meeting))
        for tab in self.all_tabs:
            tab.hand(state)

    def _on_tab(self, number: int) -> None:
        """Stores what was typed in the tab left, so that the other tab shows it."""
        if self._arriving:
            return  # it shows what was just read
        here = self.window().focusWidget()
        if here is not None and not here.isVisible():
            self.take_focus()  # Qt gave it back to where it last was in this tab, hidden since
        self.place.moved()
        self.went_on.emit()
        self.flush()
        self.refresh()
        self.saving_changed.emit()

    def _on_selected(self, item_id: str) -> None:
        self.showing.selected_id = item_id
        self.place.moved()
        self.saving_changed.emit()

    def _on_place(self, gap: Finding) -> None:
        """Goes to where a finding of the checklist is corrected."""
        if self._state and gap.record_id in {one.id for one in self._state.file.conflicts}:
            self.open_requested.emit("sync", "")
        elif gap.record_id != self.meeting_id:
            self.tabs.setCurrentWidget(self.hold)
            self.hold.mend(gap)
        elif not gap.field:
            self.tabs.setCurrentWidget(self.prepare)
            self.prepare.take_focus()
        elif gap.field in ("opened_at", "closed_at"):
            self.tabs.setCurrentWidget(self.hold)
            self.hold.mend_hours(gap.field)
        else:
            self._on_edit(gap.field)

    def _on_hours(self) -> None:
        self.all_tabs[self.tabs.currentIndex()].edit_hours()

    def _on_edit(self, begin_at: str = "") -> None:
        commission_id = self.commission_id
        self.read(
            lambda: people(self.services, commission_id),
            lambda found: self._open_dialog(found, begin_at),
        )

    def _open_dialog(self, found: People, begin_at: str) -> None:
        if self._state is None:
            return
        meeting, records = self._state.file.meeting, self.services.records
        commission_id = self.commission_id
        dialog = MeetingDialog(
            meeting,
            found,
            lambda fields: records.update(meeting.id, fields, over=meeting),
            self.tasks,
            self,
        )
        if self._state.file.frozen_minutes is None:
            dialog.offer_person(lambda fields: records.create("person", fields, commission_id))
        dialog.person_added.connect(lambda: self.changed.emit(frozenset({"person"})))
        seal_frozen(dialog, self._state)
        dialog.begin_at(begin_at)
        dialog.saved.connect(lambda saved: self._on_edited(meeting.fields, saved.fields))
        dialog.open()

    def _on_edited(self, before: Meeting, after: Meeting) -> None:
        self.changed.emit(frozenset({"meeting"}))
        if said := moved(before, after):
            self.tell(said, "warning")

    def _on_history(self) -> None:
        """Shows the history of the meeting, of its items and of what came of them."""
        if self._state is None:
            return
        self.flush()
        parts = history_parts(self._state)
        title, meeting_id = self.header.title.text(), self._state.file.meeting.id
        dialog = HistoryDialog(title, meeting_id, self.services, self.tasks, self, parts=parts)
        dialog.restored.connect(lambda: self.changed.emit(self.kinds))
        dialog.open()
