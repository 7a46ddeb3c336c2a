"""What one does in an evening that Ctrl+Z takes back, on whatever there is to do it with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from app.bootstrap import Services
from app.domain.records import Envelope, reference_id
from app.services.changes import Change
from app.services.table_imports import Pasted
from tests.workspaces import FEW

COMMUNES = [reference_id("organisation", code) for code in FEW]
_PLAN: dict[str, Any] = {
    "years": 2, "vat_rate": "0.20", "key": {"kind": "equal"},
    "offers": [{"id": "A", "tiers": [{"from_participants": 1, "setup_cents": 1000}]}],
}  # fmt: skip
_STEPS = ("raised", "qualified", "answered", "set_aside")
WORDS = {
    "person": "last_name", "action": "text", "decision": "text", "ballot": "question",
    "attachment": "name",
}  # fmt: skip
"""The field that names a record of these kinds; that of others is its title."""

EDITED = (
    "need", "person", "action", "decision", "solution", "watch_note", "need_group", "agenda_item",
    "meeting", "attachment", "ballot",
)  # fmt: skip


class Deeds:
    """Each does one thing; `which` and `other` choose the records, `word` is new each time."""

    def __init__(self, services: Services, space: str, which: int, other: int, word: str) -> None:
        self.services, self.space = services, space
        self.which, self.other, self.word = which, other, word

    def pick(self, kind: str, rank: int | None = None) -> Envelope:
        """One of a kind; LookupError when there is none."""
        found = self.services.records.envelopes(kind, self.space)
        if not found:
            raise LookupError(kind)
        return found[(self.which if rank is None else rank) % len(found)]

    def _id(self, kind: str, rank: int | None = None) -> str:
        return self.pick(kind, rank).id

    def _commune(self) -> str:
        return COMMUNES[self.other % len(COMMUNES)]

    # Records of every kind

    def raise_a_need(self) -> None:
        named = {"title": self.word, "organisation_ids": [self._commune()]}
        self.services.records.create("need", named, self.space)

    def edit(self) -> None:
        kind = EDITED[self.other % len(EDITED)]
        fields = {WORDS.get(kind, "title"): self.word}
        self.services.records.update(self._id(kind), fields)

    def type_on(self) -> None:
        """Words typed in one go, which are one entry of the history."""
        change = Change("need", {"words": self.word}, self._id("need"))
        self.services.records.put([change], burst=f"frappe {self.other % 3}")

    def delete(self) -> None:
        kind = EDITED[self.other % len(EDITED)]
        self.services.records.delete(self._id(kind), cascade=self.which % 2 == 0)

    def bring_back(self) -> None:
        found = self.services.trash.list()
        if found:
            self.services.trash.restore(found[self.which % len(found)].record_id)

    def go_back(self) -> None:
        record = self._id(EDITED[self.other % len(EDITED)])
        if past := self.services.records.history(record):  # none of what came from elsewhere
            self.services.records.restore(record, str(past[self.which % len(past)].change))

    def attach(self) -> None:
        self.services.attachments.paste(self._id("need"), self.word.encode())

    def take_in_a_table(self) -> None:
        table = f"code insee\tnom\n{FEW[self.other % len(FEW)]}\t{self.word}\n"
        self.services.table_imports.take(Pasted(table), "person", commission_id=self.space)

    def note_an_address(self) -> None:
        self.services.records.update(self._commune(), {"address": self.word})

    # The agenda

    def add_an_item(self) -> None:
        self.services.agenda.add(self._id("meeting"), {"title": self.word, "kind": "need"})

    def move_an_item(self) -> None:
        item = self.pick("agenda_item")
        meeting = self.services.meetings.file(item.fields["meeting_id"])
        before = meeting.items[self.other % len(meeting.items)].id
        self.services.agenda.move(item.id, before=before)

    def withdraw_an_item(self) -> None:
        self.services.agenda.withdraw(self._id("agenda_item"), self.other % 2 == 0)

    def remove_an_item(self) -> None:
        self.services.agenda.remove(self._id("agenda_item"))

    def compose(self) -> None:
        self.services.preparation.compose(self._id("meeting"))

    def take_proposals(self) -> None:
        meeting = self._id("meeting")
        self.services.preparation.take(meeting, self.services.preparation.proposals(meeting))

    def keep_a_template(self) -> None:
        self.services.agenda_templates.save(self._id("meeting"), f"Modèle {self.other % 2}")

    def draft_the_next(self) -> None:
        self.services.preparation.draft_next(self._id("meeting"))

    # The meeting

    def convene(self) -> None:
        self.services.meetings.convene(self._id("meeting"))

    def open_it(self) -> None:
        self.services.meetings.open(self._id("meeting"))

    def close_it(self) -> None:
        self.services.meetings.close(self._id("meeting"))

    def note_sent(self) -> None:
        self.services.convocations.note_sent(self._id("meeting"), [self._id("person", self.other)])

    def mark(self) -> None:
        status: Any = ("present", "excused", "absent")[self.other % 3]
        seat = self._id("roster_entry", self.other)
        self.services.attendance.mark(self._id("meeting"), seat, status)

    def arrive(self) -> None:
        self.services.attendance.arrive(self._id("meeting"), self._id("roster_entry", self.other))

    def leave(self) -> None:
        self.services.attendance.leave(self._id("meeting"), self._id("roster_entry", self.other))

    def give_a_proxy(self) -> None:
        seats = self._id("roster_entry"), self._id("roster_entry", self.other)
        self.services.attendance.give_proxy(self._id("meeting"), *seats)

    def start_an_item(self) -> None:
        self.services.agenda.start(self._id("agenda_item"))

    def put_to_vote(self) -> None:
        vote = {"question": self.word, "for_count": self.other % 3}
        self.services.proceedings.put_to_vote(self._id("agenda_item"), vote)

    def decide(self) -> None:
        self.services.proceedings.decide(self._id("agenda_item"), self.word)

    def entrust(self) -> None:
        self.services.proceedings.entrust(self._id("agenda_item"), self.word)

    def end_an_action(self) -> None:
        self.services.proceedings.end([self._id("action")])

    def correct_minutes(self) -> None:
        frozen = self.services.minutes.frozen(self._id("meeting"))
        if frozen is not None:
            self.services.minutes.correct(frozen, {"text": self.word})

    # Needs, solutions and watch notes

    def group_needs(self) -> None:
        both = [self._id("need"), self._id("need", self.other)]
        self.services.needs.group(list(dict.fromkeys(both)), self.word)

    def part_a_need(self) -> None:
        self.services.needs.part(self._id("need"))

    def follow_a_need(self) -> None:
        status: Any = _STEPS[self.other % len(_STEPS)]
        self.services.needs.move(self._id("need"), status, reason=self.word)

    def propose(self) -> None:
        self.services.needs.propose(self._id("need"))

    def plan(self) -> None:
        self.services.solutions.save_plan(self._id("solution"), _PLAN | {"years": 1 + self.other})

    def take_part(self) -> None:
        intention: Any = ("interested", "committed", "declined", None)[self.other % 4]
        self.services.solutions.take_part(self._id("solution"), {self._commune(): (intention, {})})

    def delete_a_solution(self) -> None:
        self.services.solutions.delete([self._id("solution")])

    def tell(self) -> None:
        self.services.watch.tell(self._id("watch_note"), [self._commune()], self._id("meeting"))

    def shape_minutes(self) -> None:
        looks = self.services.paper_looks
        looks.save(self.space, looks.draft("minutes", self.space).template)


def names() -> Iterable[str]:
    """What there is to do."""
    return [name for name in vars(Deeds) if name != "pick" and not name.startswith("_")]


def deed(deeds: Deeds, name: str) -> None:
    """Does one thing by its name."""
    act: Callable[[], None] = getattr(deeds, name)
    act()
