"""A ballot on an item: the question, the method, the votes, and the result in words at once."""

from __future__ import annotations

from datetime import time
from typing import Any, cast

import msgspec
from PySide6.QtWidgets import QWidget

from app.domain import ballots
from app.domain.meeting_state import MeetingState
from app.domain.records import AgendaItem, Ballot, Record
from app.domain.refusals import Refusal
from app.domain.wording import count
from ui.announcing import Announcer
from ui.dialogs.dialog import Delete, FormDialog, Save, answer
from ui.models.room import seat_rows
from ui.tasks import Tasks
from ui.widgets.dates import HourField
from ui.widgets.fields import Choice, TextField, Tick
from ui.widgets.form import Form
from ui.widgets.pick import Option, PicksField
from ui.widgets.text import Label, label, restyle
from ui.widgets.vote_entry import VoteEntry
from ui.words.typed_dates import Held, beginning_of, hour_of

METHODS = {
    "show_of_hands": "À main levée",
    "roll_call": "Par appel nominal",
    "secret": "Au scrutin secret",
}
CHAIR = (
    ("", "À préciser"),
    ("for", "Pour"),
    ("against", "Contre"),
    ("neither", "Ni pour ni contre"),
)
"""How the chair voted: `neither` stores no vote; the empty value means not answered yet."""

HOUR = "Voté à"

REQUESTS = {"secret": "secret_requested_by", "roll_call": "roll_call_requested_by"}
"""The field that says who asked for a method."""


class BallotDialog(FormDialog):
    """Checks the votes against the room as they are entered, or as they are corrected."""

    def __init__(
        self,
        state: MeetingState,
        item: Record[AgendaItem],
        at: str | None,
        save: Save,
        tasks: Tasks,
        *,
        held: Held | None,
        parent: QWidget | None = None,
        ballot: Record[Ballot] | None = None,
        delete: Delete | None = None,
    ) -> None:
        """The room is taken as it is `at` the instant of the vote, until another hour is typed.

        `held` is None before the meeting opens.
        """
        self._state = state
        self._item = item
        self._ballot = ballot
        self._known = ballot.fields.held_at if ballot else at
        self._held = held
        self._at = at
        self._judge(at)
        title = "Corriger le vote" if ballot else "Mettre aux voix"
        form = self._form()
        save = ask_hour(form, state, self._known, held, save)
        super().__init__(title, form, save, tasks, parent, delete=delete)
        self.entry = VoteEntry()
        self.options = self._options()
        self.chair = Choice(CHAIR)
        self.chair_row = Form(2)
        self.outcome: Label = label("", "lead", wrap=True)
        self.room: Label = label("", "caption", wrap=True)
        self._said, self._sentence = Announcer(self.outcome), ""
        self._offer()
        self._assemble()
        self._connect()
        self._fill(ballot.fields) if ballot else self._begin_with_title()
        self._show()
        answer(self, "Ctrl+T", "Tous pour", self.entry.counts.fill)

    def _form(self) -> Form:
        form = Form(2)
        form.add(
            "question",
            "Question posée",
            TextField(),
            required="Écrivez la question posée.",
            whole=True,
        )
        entered = self._ballot is not None and ballots.is_entered(self._ballot.fields)
        methods = [one for one in METHODS.items() if not (entered and one[0] == "secret")]
        form.add("method", "Mode de scrutin", Choice(methods), whole=self._held is None)
        return form

    def _judge(self, at: str | None) -> None:
        """Takes the members who vote, and who is present, from the room as it is at an instant."""
        state = self._state
        self._moment = moment = state.at(at, self._item)
        order = {row.id: rank for rank, row in enumerate(seat_rows(state, at, self._item))}
        voters = sorted(moment.voters(), key=lambda one: order.get(one, len(order)))
        self._seats = [Option(one, state.sitting(one, moment)) for one in voters]

    def _follow_hour(self) -> None:
        """Takes the room as it was at the hour typed, if that is an hour of the meeting."""
        if self._held is None:
            return
        typed = self.form.editor("held_at")
        try:
            at = _held_at(self._state, typed.value(), self._known, self._held())
        except Refusal:
            return
        self._judge(at or self._at)
        self._offer()
        self._show()

    def _fill(self, ballot: Ballot) -> None:
        """Shows a ballot as it was entered."""
        self.form.set_values({"question": ballot.question, "method": ballot.method})
        self.entry.set_votes(ballot)
        decided = self._chair_decides(ballot)
        self.chair.set_value(ballot.chair_vote or ("neither" if decided else ""))
        asking = getattr(ballot, REQUESTS.get(ballot.method, ""), ())
        names = ("not_taking_part", "appointment", "secret_waived")
        values = {name: getattr(ballot, name) for name in names}
        self.options.set_values(values | {"requested_by": asking})

    def _begin_with_title(self) -> None:
        """Proposes the item's title as the question; it opens selected, so typing replaces it."""
        question = cast(TextField, self.form.field("question"))
        question.set_value(self._item.fields.title)
        question.setFocus()

    def _options(self) -> Form:
        options = Form(2)
        self.apart, self.asking = (PicksField((), "Ajouter un membre") for _ in range(2))
        options.add("not_taking_part", "Ne prennent pas part au vote", self.apart)
        options.add("requested_by", "Mode demandé par", self.asking)
        options.add("appointment", "", Tick("Il s'agit d'une nomination"))
        options.add("secret_waived", "", Tick("Tous renoncent au scrutin secret"))
        return options

    def _offer(self) -> None:
        """Offers the members who vote; only those present can have asked for the method."""
        self.apart.offer(self._seats)
        present = self._moment.room.present
        self.asking.offer([seat for seat in self._seats if seat.id in present])

    def _assemble(self) -> None:
        self.chair_row.add(
            "chair_vote",
            "Voix du président, prépondérante",
            self.chair,
            required="Dites comment le président a voté.",
        )
        place = self.layout_.indexOf(self.form) + 1
        for widget in (self.entry, self.chair_row, self.outcome, self.room, self.options):
            self.layout_.insertWidget(place, widget)
            place += 1

    def _connect(self) -> None:
        self.form.editor("method").edited.connect(self._show)
        if self._held is not None:
            cast(HourField, self.form.field("held_at")).editingFinished.connect(self._follow_hour)
        self.apart.edited.connect(self._show)
        self.options.editor("appointment").edited.connect(self._show)
        self.entry.edited.connect(self._show)
        self.chair.edited.connect(self._show)

    @property
    def method(self) -> str:
        chosen: str = self.form.editor("method").value()
        return chosen

    @property
    def _not_taking_part(self) -> list[str]:
        """The seats that take no part in the vote; none while the field cannot be read."""
        try:
            return self.apart.value()
        except Refusal:
            return []

    def draft(self) -> Ballot:
        """The ballot as it stands on screen; Refusal while the votes cannot be read."""
        fields = self.entry.values(self.method) | {
            "method": self.method,
            "held_at": self._moment.at,
            "not_taking_part": self._not_taking_part,
        }
        ballot = msgspec.convert(fields, Ballot)
        told = self.chair.value() if self._chair_decides(ballot) else None
        return msgspec.structs.replace(
            ballot, chair_vote=told if told in ("for", "against") else None
        )

    def _chair_decides(self, ballot: Ballot) -> bool:
        """Whether a show of hands is tied and the chair, who takes part in it, decides."""
        seat = self._state.chair_seat(self._moment)
        tied = ballots.tally(ballot).tied and ballot.method == "show_of_hands"
        return tied and seat is not None and seat not in ballot.not_taking_part

    def _show(self) -> None:
        """Shows the voters and the result of the votes entered so far; hides a former refusal."""
        self.banner.hide()
        apart = self._not_taking_part
        voters = [seat for seat in self._seats if seat.id not in apart]
        self.entry.show_method(self.method)
        self.options.show_row("requested_by", shown=self.method != "show_of_hands")
        self.entry.show_voters([self._called(seat) for seat in voters])
        self.options.field("secret_waived").setEnabled(self.options.editor("appointment").value())
        try:
            draft = self.draft()
        except Refusal as refusal:
            self._say(refusal.sentence, "", "muted")
            return
        by_proxy = sum(seat.id in self._moment.represented for seat in voters)
        self._show_result(draft, len(voters), f", dont {by_proxy} par pouvoir" if by_proxy else "")

    def _called(self, seat: Option) -> Option:
        """A seat as the roll call names it: with the proxy holder where it is represented."""
        holder = self._moment.represented.get(seat.id)
        if holder is None:
            return seat
        return Option(seat.id, f"{seat.words}, par {self._state.sitting(holder, self._moment)}")

    def _show_result(self, draft: Ballot, electorate: int, by_proxy: str) -> None:
        votes = ballots.tally(draft)
        asked = self._chair_decides(draft)
        self.chair_row.setVisible(asked)
        seat = self._state.chair_seat(self._moment)
        sentence = ballots.sentence(
            votes, ballots.chair_vote(draft, seat), electorate, self._state.profile
        )
        room = f"{count(votes.entered, 'voix', 'voix')} sur {electorate} dans la salle{by_proxy}"
        if votes.entered > electorate:
            self._say("Il y a plus de voix que dans la salle.", room, "danger")
        elif asked and not self.chair.value():
            self._say("Les voix sont partagées : celle du président l'emporte.", room, "muted")
        elif votes.entered:
            self._say(sentence, room, "text")
        else:
            words = f"{count(electorate, 'voix', 'voix')} dans la salle{by_proxy}."
            self._say(words, "", "muted")

    def _say(self, sentence: str, room: str, tone: str) -> None:
        """Shows the result, and has screen readers say it, as the keyboard is on another field."""
        if sentence != self._sentence:
            self._sentence = sentence
            self._said.take(sentence)
        self.outcome.setText(sentence)
        self.room.setText(room)
        restyle(self.outcome, "tone", tone)

    def is_written(self) -> bool:
        """Counts votes entered by a button or a letter as written too."""
        kept = self._ballot.fields if self._ballot else Ballot()
        return super().is_written() or self.entry.differs(kept)

    def collect(self) -> dict[str, Any] | None:
        self._follow_hour()  # Ctrl+Enter saves while the keyboard is still in the hour
        values, options = self.form.values(), self.options.values()
        if values is None or options is None:
            return None
        if not self.chair_row.isHidden() and self.chair_row.values() is None:
            return None
        values |= options
        try:
            draft = self.draft()
        except Refusal as refusal:
            self.banner.say(refusal.sentence, "warning")
            return None
        requests = values.pop("requested_by", [])
        kept = self._ballot is not None and self._ballot.fields.method == self.method
        for method, name in REQUESTS.items():
            if method == self.method:
                values[name] = requests
            elif not kept:
                values[name] = []
        if self.method != "roll_call":
            values |= {name: getattr(draft, name) for name in ballots_counts(draft)}
        values["votes"] = draft.votes
        return values


def ask_hour(
    form: Form, state: MeetingState, known: str | None, held: Held | None, save: Save
) -> Save:
    """Adds the hour of a vote to its form, filled from the instant `known`.

    Returns `save` made to store the hour typed as an instant; before the meeting opens no hour is
    asked for, and `save` is returned as it is.
    """
    if held is None:
        return save
    form.add("held_at", HOUR, HourField(), required="Donnez l'heure du vote." if known else "")
    form.set_values({"held_at": hour_of(known)})

    def store(values: dict[str, Any]) -> object:
        return save(values | {"held_at": _held_at(state, values["held_at"], known, held())})

    return store


def _held_at(
    state: MeetingState, typed: time | None, known: str | None, held: tuple[str, str]
) -> str | None:
    return beginning_of(typed, known, held, state.file.meeting.fields.closed_at, "held_at")


def ballots_counts(draft: Ballot) -> tuple[str, ...]:
    """The vote fields stored for a ballot that is no roll call; a secret one has no chair vote."""
    counts = ("for_count", "against_count", "abstain_count", "blank_count")
    return counts if draft.method == "secret" else (*counts, "chair_vote")
