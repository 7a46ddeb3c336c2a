"""Accueil: what to do now, and the one click that does it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.domain.dates import day, local_day
from app.domain.formatted_text import unmarked
from app.domain.records import Action, Meeting, Need, Record, WatchNote
from app.domain.wording import capitalised, count, long_day
from app.services.overview import Overview, others, overview
from ui.actions import make_action
from ui.dialogs.outcome import open_action
from ui.models.actions import NOTHING
from ui.models.needs import told
from ui.pages.page import NEW, Page
from ui.tasks import Tasks
from ui.widgets.buttons import action_button, button
from ui.widgets.empty_state import EmptyState
from ui.widgets.header import PageHeader
from ui.widgets.line import Line
from ui.widgets.next_meeting import NextMeeting
from ui.widgets.other_commissions import OtherCommissions
from ui.widgets.scroll import Scroll, SideBySide, column
from ui.widgets.section import Section
from ui.words.choices import note_title
from ui.words.days import distance, due_tone

if TYPE_CHECKING:
    from app.bootstrap import Services

SHOWN = 5
"""The most records a section shows; a last line then leads to the others."""


TO_FACILITATORS = (
    "Une commission réunit les communes d'un territoire. Créez la vôtre, ou faites venir celle du"
    " GIP par la page « Synchronisation ».",
    "Créer la commission",
)
TO_THE_GIP = (
    "Ce que vous publiez pour la région s'écrit aux pages Veille et Solutions. Pour suivre une"
    " commission, ajoutez-la.",
    "Ajouter une commission",
)
"""What is said and offered where there is no commission: to a facilitator, to the GIP."""


class HomePage(Page):
    """The next meeting, the other commissions' too, the actions due, the deadlines, the needs."""

    kinds = frozenset(
        {
            "commission", "meeting", "agenda_item", "action", "watch_note", "need", "minutes",
            "roster_entry", "person", "convocation",
        }
    )  # fmt: skip

    def __init__(self, services: Services, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(services, tasks, parent)
        self.header = PageHeader("Accueil")
        self.next = NextMeeting()
        self.elsewhere = OtherCommissions()
        self.follow_up = Section("Suites à donner")
        self.region = make_action(
            self,
            "Toutes les commissions",
            lambda: self.open_requested.emit("commissions", ""),
            "Ctrl+L",
            "users",
        )
        self.whole_region = action_button(self.region)
        self.whole_list = button(
            "Toutes les suites à donner", kind="quiet", tip="Trier, filtrer, exporter"
        )
        self.deadlines = Section("Échéances")
        self.needs = Section("Besoins à qualifier")
        self.unfinished = Section("Séances à conclure")
        self.welcome = EmptyState("users", *TO_FACILITATORS)
        self._scroll = Scroll()
        self._whole: set[Section] = set()
        self._first_step = "settings", NEW
        self._build()
        self._connect()

    def _build(self) -> None:
        self.header.add_action(self.whole_region)
        self.elsewhere.add_beside(self.whole_list)
        self._scroll.column.addWidget(
            SideBySide(
                column(self.next, self.elsewhere, self.follow_up),
                column(self.unfinished, self.deadlines, self.needs),
            )
        )
        self._scroll.column.addStretch()
        self.body.addWidget(self.header)
        self.body.addWidget(self.welcome, 1)
        self.body.addWidget(self._scroll, 1)

    def _connect(self) -> None:
        self.next.opened.connect(lambda meeting_id: self.open_requested.emit("meeting", meeting_id))
        self.next.asked.connect(
            lambda place: self.open_requested.emit(place, NEW if place == "meetings" else "")
        )
        self.elsewhere.chosen.connect(lambda one: self.open_requested.emit("home", one))
        self.whole_list.clicked.connect(lambda: self.open_requested.emit("actions", ""))
        self.welcome.requested.connect(lambda: self.open_requested.emit(*self._first_step))

    def offer_commissions(self, names: Mapping[str, str]) -> None:
        """Offers the list of all commissions, where there are several."""
        super().offer_commissions(names)
        self.region.setVisible(len(names) > 1)
        self.whole_region.setVisible(len(names) > 1)

    def set_commission(self, commission_id: str | None) -> None:
        self._whole.clear()
        super().set_commission(commission_id)

    def refresh(self) -> None:
        commission_id = self.commission_id
        self.welcome.setVisible(commission_id is None)
        self._scroll.setVisible(commission_id is not None)
        services, today = self.services, self.now().date()
        if commission_id is None:
            self.header.say(capitalised(long_day(today)), "")
            self.read(services.region.published_from_here, self._welcome)
        else:
            self.read(
                lambda: (
                    overview(services.records, services.watch, commission_id, today),
                    others(services.records, commission_id, today),
                ),
                lambda found: self._show(*found, today),
            )

    def _welcome(self, published: bool) -> None:
        """Offers a first step; to the GIP, the sync page, as its commissions are at the central."""
        self._first_step = ("sync", "") if published else ("settings", NEW)
        self.welcome.say(*(TO_THE_GIP if published else TO_FACILITATORS))

    def _show(self, view: Overview, elsewhere: Sequence[Overview], today: date) -> None:
        here = view.commission
        name = self.commissions.get(here.id, here.fields.name)
        self.header.say(capitalised(long_day(today)), name)
        self.next.show_overview(view, today)
        self._show_elsewhere(elsewhere, today)
        self._show_actions(view.actions, today)
        self._show_deadlines(view.deadlines, today)
        self._show_needs(view.new_needs)
        self._show_unfinished([*view.left_open, *view.unheld, *view.unfinished], view.unfrozen)

    def _show_elsewhere(self, views: Sequence[Overview], today: date) -> None:
        self.elsewhere.show_overviews(views[:SHOWN], self.commissions, today)
        more = len(views) - SHOWN, "autre commission", "autres commissions"
        self._add_more(self.elsewhere, *more, self.region.trigger)

    def _show_actions(self, actions: Sequence[Record[Action]], today: date) -> None:
        shown = len(actions) if self.follow_up in self._whole else SHOWN
        with self.follow_up.refilled():
            self._list_actions(actions[:shown], today)
        more = len(actions) - shown, "autre suite", "autres suites"
        show = partial(self._show_actions, actions, today)
        self._add_more(self.follow_up, *more, lambda: self._show_whole(self.follow_up, show))
        if not actions:
            self.follow_up.say(NOTHING)

    def _list_actions(self, actions: Sequence[Record[Action]], today: date) -> None:
        for action in actions:
            due = action.fields.due_on
            line = Line(
                unmarked(action.fields.text),
                action.fields.owner,
                capitalised(distance(day(due), today)) if due else "Sans échéance",
                due_tone(day(due), today) if due else "neutral",
            )
            line.clicked.connect(lambda checked=False, one=action: open_action(one, self))
            self.follow_up.add(line)

    def _show_whole(self, section: Section, show: Callable[[], object]) -> None:
        """Shows all the lines of a section here, until another commission is shown."""
        self._whole.add(section)
        show()

    def _show_deadlines(self, notes: Sequence[Record[WatchNote]], today: date) -> None:
        self.deadlines.clear()
        for note in notes[:SHOWN]:
            when = day(note.fields.deadline_on or "")
            line = Line(
                note_title(note),
                capitalised(long_day(when)),
                capitalised(distance(when, today)),
                due_tone(when, today),
            )
            self._leads(line, "watch", note.id)
            self.deadlines.add(line)
        more = len(notes) - SHOWN, "autre échéance", "autres échéances"
        self._add_more(self.deadlines, *more, lambda: self.open_requested.emit("watch", ""))
        if not notes:
            self.deadlines.say("Aucune échéance de la veille n'est à venir.")

    def _show_needs(self, needs: Sequence[Record[Need]]) -> None:
        self.needs.clear()
        self.needs.setVisible(bool(needs))
        for need in needs[:SHOWN]:
            line = Line(*told(need.fields))
            self._leads(line, "needs", need.id)
            self.needs.add(line)
        more = len(needs) - SHOWN, "autre besoin", "autres besoins"
        self._add_more(self.needs, *more, lambda: self.open_requested.emit("needs", ""))

    def _show_unfinished(
        self, meetings: Sequence[Record[Meeting]], unfrozen: Collection[str]
    ) -> None:
        self.unfinished.clear()
        self.unfinished.setVisible(bool(meetings))
        for meeting in meetings[:SHOWN]:
            starts = meeting.fields.starts_at
            when = capitalised(long_day(local_day(starts))) if starts else ""
            line = Line(meeting.fields.title, when, *_to_conclude(meeting, unfrozen))
            self._leads(line, "meeting", meeting.id)
            self.unfinished.add(line)
        more = len(meetings) - SHOWN, "autre séance", "autres séances"
        self._add_more(self.unfinished, *more, lambda: self.open_requested.emit("meetings", ""))

    def _add_more(
        self, section: Section, number: int, one: str, many: str, ask: Callable[[], object]
    ) -> None:
        """Adds a line that leads to the records that a section does not show, if any."""
        if number > 0:
            line = Line(f"Voir {count(number, one, many)}")
            line.clicked.connect(lambda checked=False: ask())
            section.add(line)

    def _leads(self, line: Line, place: str, record_id: str = "") -> None:
        line.clicked.connect(lambda checked=False: self.open_requested.emit(place, record_id))


def _to_conclude(meeting: Record[Meeting], unfrozen: Collection[str]) -> tuple[str, str]:
    """What a meeting whose day is past still lacks, with the tone of the chip."""
    if meeting.fields.status != "closed":
        return "Non close" if meeting.fields.status == "open" else "Non ouverte", "warning"
    return ("Pas encore gelé", "warning") if meeting.id in unfrozen else ("À approuver", "info")
