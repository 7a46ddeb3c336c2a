"""Notes what comes of the item in hand: its notes, decisions, actions, needs and ballots."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from app.domain.meeting_state import MeetingState
from app.domain.records import Action, Record
from app.domain.titles import LONGEST
from app.domain.wording import shortened
from app.errors import StorageError
from app.services.changes import Change
from app.services.proceedings import Opinion
from ui.dialogs.ballot import BallotDialog
from ui.dialogs.dialog import DELETED, FormDialog
from ui.dialogs.need_capture import NeedCaptureDialog, NeedOffers
from ui.dialogs.outcome import action_dialog, outcome_dialog
from ui.pages.meeting.minutes_card import seal_frozen
from ui.pages.meeting.quick_line import ACTION, DECISION, Entrusted
from ui.widgets.autosave import Autosave
from ui.words.organisations import seat_options
from ui.words.persons import person_homes, person_options

if TYPE_CHECKING:
    from ui.pages.meeting.hold import HoldTab

AWAITS = "Ce que vous veniez d'écrire n'est pas noté : cela vous attend au point « {} »."
"""Added to the reason why words were refused."""

VOTED = frozenset({"ballot", "meeting", "minutes"})
"""The kinds that a vote changes: a vote on an approval also approves the minutes."""


class Noting:
    """Stores what is said and decided on the item in hand of a tab."""

    def __init__(self, tab: HoldTab) -> None:
        self._tab = tab
        self._offered_on = ""  # the item whose vote may be noted on its solution
        tab.item_selected.connect(self._leave_offer)

    def store_notes(self, item_id: str, text: str, over: str, burst: str) -> object:
        """Stores the notes of an item; `over` is the text they replace, `burst` names one stretch
        of typing, which makes one history entry.
        """
        change = Change("agenda_item", {"notes": text}, item_id, over={"notes": over})
        return self._tab.services.records.put([change], "Notes", burst)

    def tell_refusals(self, autosave: Autosave) -> None:
        """Has the window say why the notes of the item were not stored, as long as they are not."""
        tab, meeting_id, kept = self._tab, self._tab.meeting_id, self._kept()
        item_id = tab.item_id

        def tell(error: Exception) -> None:
            where = "" if isinstance(error, StorageError) else kept  # the autosave tries again
            tab.refuse(error, lambda: autosave.failure is error, meeting_id, item_id, where)

        autosave.failed.connect(tell)

    def _kept(self) -> str:
        """The sentence that says where words of the item in hand wait."""
        item = self._tab.current
        return AWAITS.format(item.fields.title if item else "")

    def offer_phrases(self) -> None:
        """Offers the ready-made phrases of the settings, to be put in the notes."""
        tab = self._tab
        tab.read(lambda: tab.services.settings.get("note_phrases"), tab.item.notes.offer)

    def decide(self, text: str) -> None:
        """Notes a decision on the item."""
        tab, item_id = self._tab, self._tab.item_id
        self._note(item_id, DECISION, text, lambda: tab.services.proceedings.decide(item_id, text))

    def entrust(self, action: Entrusted, typed: str) -> None:
        """Notes an action, read from what was typed."""
        tab, item_id = self._tab, self._tab.item_id
        self._note(
            item_id,
            ACTION,
            typed,
            lambda: tab.services.proceedings.entrust(
                item_id, action.text, owner=action.owner, due_on=action.due_on
            ),
        )

    def _note(self, item_id: str, kind: str, typed: str, work: Callable[[], object]) -> None:
        """Stores what was typed in the quick line; if that fails, the line gets the words back, on
        the item where they were typed.
        """
        tab, meeting_id, kept = self._tab, self._tab.meeting_id, self._kept()

        def keep_words(error: Exception) -> None:
            quick = tab.item.quick
            quick.give_back(item_id, kind, typed)
            tab.refuse(error, lambda: item_id in quick.drafts.refused, meeting_id, item_id, kept)

        tab.write(work, {kind}, failed=keep_words)

    def tell_misread(self, error: Exception) -> None:
        """Has the window say why a line was not understood, while the line is out of sight."""
        tab, item_id = self._tab, self._tab.item_id
        quick = tab.item.quick
        tab.refuse(
            error,
            lambda: item_id in quick.drafts.refused,
            tab.meeting_id,
            item_id,
            self._kept(),
            beside=quick.isVisible,
        )

    def ask_need(self) -> None:
        """Asks for a need, in the speaker's words."""
        tab = self._tab
        commission_id, item_id = tab.commission_id, tab.item_id
        if not item_id:
            return

        def gather() -> NeedOffers:
            homes = person_homes(tab.services, commission_id)
            people = person_options(tab.services, commission_id)
            places = seat_options(tab.services, commission_id)
            themes = tab.services.records.list("theme")
            return NeedOffers(commission_id, people, homes, places, themes)

        tab.read(gather, lambda offers: self._open_need(item_id, offers))

    def _open_need(self, item_id: str, offers: NeedOffers) -> None:
        tab = self._tab
        dialog = NeedCaptureDialog(
            offers,
            tab.services.needs.alike,
            lambda fields: tab.services.proceedings.raise_need(item_id, fields),
            tab.tasks,
            tab,
        )
        dialog.saved.connect(lambda need: tab.changed.emit(frozenset({"need"})))
        dialog.open()

    def ask_ballot(self) -> None:
        """Asks what is put to the vote, and how the room votes."""
        tab, item = self._tab, self._tab.current
        if tab.state is None or item is None:
            return
        at = tab.state.ending(item) or tab.instant()
        dialog = BallotDialog(
            tab.state,
            item,
            at,
            lambda fields: tab.services.proceedings.put_to_vote(item.id, {"held_at": at} | fields),
            tab.tasks,
            held=tab.bounds(),
            parent=tab,
        )
        self._follow(dialog, item.id, tab.state)
        dialog.open()

    def _follow(self, dialog: FormDialog, item_id: str, former: MeetingState) -> None:
        """Says what becomes of the minutes that a vote approves, or approves no longer, and offers
        to note on a solution the opinion given on it.
        """
        tab, adopted = self._tab, former.adopted(item_id)

        def tell(done: str = "") -> None:
            tab.changed.emit(VOTED)
            tab.read(
                lambda: tab.services.proceedings.told_of_approval(item_id, adopted=adopted),
                lambda told: said(done, *told),
            )
            tab.read(
                lambda: tab.services.proceedings.opinion(item_id),
                lambda opinion: self._offer_opinion(item_id, opinion),
            )

        def said(done: str, what: str, tone: str) -> None:
            if done or what:
                tab.tell(" ".join(part for part in (done, what) if part), tone or "success")

        dialog.saved.connect(lambda ballot: tell())
        dialog.deleted.connect(lambda: tell(DELETED))

    def _offer_opinion(self, item_id: str, opinion: Opinion | None) -> None:
        tab = self._tab
        self._leave_offer("")
        if opinion is None or tab.item_id != item_id:
            return
        title = shortened(opinion.title, LONGEST)
        said = f"La solution « {title} » ne dit pas encore cet {opinion.words}."
        note = tab.services.proceedings.note_opinion
        act = partial(tab.write, lambda: note(item_id), {"solution"}, self._tell_opinion)
        tab.item.opinion.say(said, "info", "Noter l'avis", act)
        self._offered_on = item_id

    def _tell_opinion(self, opinion: Opinion | None) -> None:
        if opinion is not None:
            self._tab.tell(f"« {shortened(opinion.title, LONGEST)} » : {opinion.words}.")

    def _leave_offer(self, item_id: str) -> None:
        """Withdraws the offer once another item is in hand."""
        if self._offered_on and item_id != self._offered_on:
            self._offered_on = ""
            self._tab.item.opinion.hide()

    def open_line(self, kind: str, record_id: str, begin_at: str = "") -> None:
        """Opens the record of a line of the item, to be changed or deleted, or its own page."""
        tab = self._tab
        if kind in ("need", "solution"):
            tab.open_requested.emit(kind, record_id)
        elif tab.state is not None and kind == "action" and not _has(tab.state, record_id):
            tab.read(lambda: tab.services.records.get(record_id), self._open_former)
        elif tab.state is not None:
            dialog = outcome_dialog(
                kind, record_id, tab.state, tab.services, tab.tasks, held=tab.bounds(), parent=tab
            )
            if kind != "action":  # what becomes of an action is noted after the freeze
                seal_frozen(dialog, tab.state)
            if kind == "ballot":
                self._follow(dialog, tab.item_id, tab.state)
            else:
                dialog.deleted.connect(lambda: tab.tell(DELETED))
            dialog.finished.connect(lambda code: tab.changed.emit(frozenset({kind})))
            dialog.begin_at(begin_at)
            dialog.open()

    def _open_former(self, action: Record[Action]) -> None:
        """Asks what became of an action of a former meeting."""
        tab = self._tab
        dialog = action_dialog(action, tab.services, tab.tasks, tab)
        dialog.deleted.connect(lambda: tab.tell(DELETED))
        dialog.finished.connect(lambda code: tab.changed.emit(frozenset({"action"})))
        dialog.open()


def _has(state: MeetingState, action_id: str) -> bool:
    return any(one.id == action_id for one in state.file.actions)
