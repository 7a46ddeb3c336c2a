"""What people do on their laptops in an evening, each gesture with words of its own."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from app.domain.records import SCHEMA, Envelope, reference_id
from app.errors import UserError
from app.services.conflicts import EDITED
from app.storage import blobs
from app.sync import link as ties
from app.sync.merge import DELETED
from tests.properties.ledger import Ledger, words_in
from tests.properties.region import LIMITS, NAMES, PARAGRAPHS, Device, Region

WHO = st.integers(0, len(NAMES) - 1)
WHICH = st.integers(0, 9)
YEARS = st.sampled_from([0, 0, 10, -10])
_WRITTEN = st.lists(st.sampled_from(["decision", "action", "need"]), max_size=2)
_WITH_A_PAST = ["need", "agenda_item", "action", "solution", "need_group", "meeting"]
VOUGEOT = reference_id("organisation", "21716")
_MOST_AT_ONCE = 2  # times that many needs are raised in one evening


class Gestures(RuleBasedStateMachine):
    """The laptops of one evening. `region` is made once for all of them."""

    region: ClassVar[Region]

    def meet(self, clocks: list[int]) -> None:
        """Gives a laptop to each of these years that a clock is off by."""
        self.devices = self.region.begin(clocks)
        self.ledger = Ledger(self.devices)
        self.many = 0
        self.chance = random.Random(len(clocks))

    @contextmanager
    def acting(self, who: int) -> Iterator[Device]:
        """What somebody does on a laptop; what the rules refuse is not done."""
        device = self.devices[who % len(self.devices)]
        with suppress(UserError):
            yield device
        self.ledger.note(device, on_purpose=True)

    def word(self) -> str:
        return self.ledger.new_word()

    @rule(who=WHO)
    def raise_a_need(self, who: int) -> None:
        with self.acting(who) as one:
            one.put("need", title=self.word())

    @precondition(lambda self: self.many < _MOST_AT_ONCE)
    @rule(who=WHO)
    def raise_many_needs(self, who: int) -> None:
        """More than two batches hold: they go in a row."""
        self.many += 1
        with self.acting(who) as one:
            for _ in range(2 * LIMITS.ops + 1):
                one.put("need", title=self.word())

    @rule(who=WHO, which=WHICH, name=st.sampled_from(["title", "words", "reason"]))
    def edit(self, who: int, which: int, name: str) -> None:
        with self.acting(who) as one:
            need = pick(one, "need", which)
            if need is not None:
                one.put("need", need.id, **{name: self.word()})

    @rule(who=WHO, place=st.integers(0, PARAGRAPHS - 1))
    def rewrite_a_paragraph(self, who: int, place: int) -> None:
        with self.acting(who) as one:
            group = pick(one, "need_group", 0)
            assert group is not None
            lines = group.fields["notes"].split("\n")
            at = min(2 * place, len(lines) - 1)  # less, once someone decided in own words
            lines[at] = f"Phrase {self.word()}."
            one.put("need_group", group.id, notes="\n".join(lines))

    @rule(who=WHO, place=WHICH, added=st.booleans())
    def describe(self, who: int, place: int, added: bool) -> None:
        with self.acting(who) as one:
            solution = pick(one, "solution", 0)
            assert solution is not None
            lines = solution.fields["description"].split("\n")
            at = place % len(lines)
            lines[at : at + (not added)] = [f"Dit {self.word()}."]
            one.put("solution", solution.id, description="\n".join(lines))

    @rule(who=WHO, which=WHICH, commune=WHICH)
    def name_a_commune(self, who: int, which: int, commune: int) -> None:
        with self.acting(who) as one:
            need = pick(one, "need", which)
            if need is not None:
                code = reference_id("organisation", f"21{100 + commune}")
                named = set(need.fields["organisation_ids"]) ^ {code}
                one.put("need", need.id, organisation_ids=sorted(named))

    @rule(who=WHO)
    def note_the_address_of_a_town_hall(self, who: int) -> None:
        with self.acting(who) as one:
            one.put("organisation", VOUGEOT, address=self.word())

    @rule(who=WHO, status=st.sampled_from(["present", "excused", "absent"]))
    def tick(self, who: int, status: str) -> None:
        with self.acting(who) as one:
            sheet = pick(one, "attendance", 0)
            if sheet is not None:
                one.put("attendance", sheet.id, status=status)

    @rule(who=WHO, which=WHICH, before=WHICH)
    def reorder(self, who: int, which: int, before: int) -> None:
        with self.acting(who) as one:
            items = [pick(one, "agenda_item", place) for place in (which, before)]
            if items[0] is not None and items[1] is not None:
                one.services.agenda.move(items[0].id, before=items[1].id)

    @rule(who=WHO, kinds=_WRITTEN)
    def add_an_item(self, who: int, kinds: list[str]) -> None:
        with self.acting(who) as one:
            meeting = pick(one, "meeting", 0)
            if meeting is None:
                return
            item = one.services.agenda.add(meeting.id, {"title": self.word(), "kind": "need"})
            self.write_on(one, item.id, kinds)

    @rule(who=WHO, which=WHICH, kinds=_WRITTEN)
    def write_on_an_item(self, who: int, which: int, kinds: list[str]) -> None:
        with self.acting(who) as one:
            item = pick(one, "agenda_item", which)
            if item is not None:
                self.write_on(one, item.id, kinds)

    def write_on(self, one: Device, item: str, kinds: list[str]) -> None:
        for kind in kinds:
            words = "title" if kind == "need" else "text"
            one.put(kind, agenda_item_id=item, **{words: self.word()})

    @rule(who=WHO, which=WHICH, name=st.sampled_from(["outcome", "owner"]))
    def follow_an_action(self, who: int, which: int, name: str) -> None:
        with self.acting(who) as one:
            action = pick(one, "action", which)
            if action is not None:
                one.put("action", action.id, **{name: self.word()})

    @rule(who=WHO, which=WHICH)
    def take_notes_on_an_item(self, who: int, which: int) -> None:
        with self.acting(who) as one:
            item = pick(one, "agenda_item", which)
            if item is not None:
                one.put("agenda_item", item.id, presenter=self.word())

    @rule(who=WHO, which=WHICH)
    def put_to_the_vote(self, who: int, which: int) -> None:
        with self.acting(who) as one:
            item = pick(one, "agenda_item", which)
            if item is not None:
                one.put("ballot", agenda_item_id=item.id, question=self.word())

    @rule(who=WHO, which=WHICH, votes=st.booleans())
    def correct_a_ballot(self, who: int, which: int, votes: bool) -> None:
        with self.acting(who) as one:
            ballot = pick(one, "ballot", which)
            if ballot is not None:
                changed = {"secret_waived": True} if votes else {"question": self.word()}
                one.put("ballot", ballot.id, **changed)

    @rule(who=WHO, which=WHICH)
    def correct_the_minutes(self, who: int, which: int) -> None:
        """Freezes an addendum: a draft that a sync made, if there is one, else a new one."""
        with self.acting(who) as one:
            frozen = [each for each in minutes_of(one) if each.fields["frozen_at"]]
            drafts = [
                each for each in minutes_of(one)
                if each.fields["addendum_to_id"] and not each.fields["frozen_at"]
            ]  # fmt: skip
            if drafts:
                one.services.minutes.freeze(drafts[which % len(drafts)].id)
            elif frozen:
                first = one.services.records.get(frozen[0].id)
                added = one.services.minutes.correct(first, {"text": self.word()})
                one.services.minutes.freeze(added.id)

    @rule(who=WHO)
    def ask_for_an_offer(self, who: int) -> None:
        with self.acting(who) as one:
            solution = pick(one, "solution", 0)
            assert solution is not None
            plan = solution.fields["plan"] or {"years": 1, "key": {"kind": "equal"}, "offers": []}
            tier = {"from_participants": 1, "yearly_cents": 1000}
            offer = {"id": self.word(), "supplier": self.word(), "tiers": [tier]}
            one.services.solutions.save_plan(
                solution.id, plan | {"offers": [*plan["offers"], offer]}
            )

    @rule(who=WHO, steps=st.integers(1, 4), which=WHICH)
    def move_the_meeting_on(self, who: int, steps: int, which: int) -> None:
        """Convenes, opens, closes, then freezes it."""
        with self.acting(who) as one:
            for _ in range(steps):
                self.take_a_step(one, which)

    def take_a_step(self, one: Device, which: int) -> None:
        meeting = pick(one, "meeting", which)
        if meeting is None:
            return
        meetings = one.services.meetings
        step: dict[str, Callable[..., Any]] = {
            "planned": meetings.convene,
            "convened": meetings.open,
            "open": meetings.close,
            "closed": one.services.minutes.freeze,
        }
        at = {"planned": "2027-03-01T10:00:00+01:00", "convened": "2027-03-19T18:30:00+01:00"}
        status = meeting.fields["status"]
        if status in step:  # an approved one has come to its end
            step[status](meeting.id, at.get(status, "2027-03-19T20:00:00+01:00"))

    @rule(who=WHO, which=WHICH)
    def delete(self, who: int, which: int) -> None:
        with self.acting(who) as one:
            need = pick(one, "need", which)
            if need is not None:
                one.services.records.delete(need.id, cascade=True)

    @rule(who=WHO, which=WHICH)
    def delete_an_item(self, who: int, which: int) -> None:
        with self.acting(who) as one:
            item = pick(one, "agenda_item", which)
            if item is not None:
                one.services.records.delete(item.id, cascade=True)

    @rule(who=WHO)
    def delete_the_meeting(self, who: int) -> None:
        with self.acting(who) as one:
            meeting = pick(one, "meeting", 0)
            if meeting is not None:
                one.services.records.delete(meeting.id, cascade=True)

    @rule(who=WHO)
    def place_the_meeting(self, who: int) -> None:
        with self.acting(who) as one:
            meeting = pick(one, "meeting", 0)
            if meeting is not None:
                one.put("meeting", meeting.id, place=self.word())

    @rule(who=WHO, which=WHICH, to=WHICH)
    def move_a_decision(self, who: int, which: int, to: int) -> None:
        with self.acting(who) as one:
            decision, item = pick(one, "decision", which), pick(one, "agenda_item", to)
            if decision is not None and item is not None:
                one.put("decision", decision.id, agenda_item_id=item.id)

    @rule(who=WHO)
    def undo(self, who: int) -> None:
        with self.acting(who) as one:
            one.services.undo.undo()

    @rule(who=WHO)
    def redo(self, who: int) -> None:
        with self.acting(who) as one:
            one.services.undo.redo()

    @rule(who=WHO, kind=st.sampled_from(_WITH_A_PAST), which=WHICH, back=WHICH)
    def go_back_to_a_state(self, who: int, kind: str, which: int, back: int) -> None:
        with self.acting(who) as one:
            record = pick(one, kind, which)
            past = one.services.records.history(record.id) if record is not None else []
            if record is not None and past:  # what came whole from elsewhere has none here
                one.services.records.restore(record.id, str(past[back % len(past)].change))

    @rule(who=WHO, which=WHICH)
    def bring_back(self, who: int, which: int) -> None:
        with self.acting(who) as one:
            gone = one.services.trash.list()
            if gone:
                one.services.trash.restore(gone[which % len(gone)].record_id)

    @rule(who=WHO, which=WHICH, size=st.integers(0, 40_000))
    def attach(self, who: int, which: int, size: int) -> None:
        with self.acting(who) as one:
            need = pick(one, "need", which)
            if need is None:
                return
            content = self.chance.randbytes(size)
            with one.services.workspace.unit("Photo") as unit:
                digest = blobs.keep(unit, content)
                unit.commit()
            one.put("attachment", owner_id=need.id, name=f"{self.word()}.jpg",
                    media_type="image/jpeg", size=size, sha256=digest)  # fmt: skip

    @rule(who=WHO, which=WHICH, keep=st.sampled_from(["mine", "theirs", "both"]))
    def decide(self, who: int, which: int, keep: str) -> None:
        with self.acting(who) as one:
            found = list(one.services.conflicts.open())
            if found:
                conflict = found[which % len(found)]
                one.services.conflicts.resolve(conflict.id, keep)
                self.ledger.dropped |= _words_decided_against(one, conflict)

    @rule(who=WHO, which=WHICH)
    def decide_in_own_words(self, who: int, which: int) -> None:
        with self.acting(who) as one:
            found = [each for each in one.services.conflicts.open() if _is_of_text(each)]
            if found:
                conflict = found[which % len(found)]
                one.services.conflicts.resolve(conflict.id, EDITED, self.word())
                self.ledger.dropped |= _words_decided_against(one, conflict)

    @rule(who=WHO)
    def upgrade(self, who: int) -> None:
        """A newer program on one laptop: it pulls everything again, and writes a newer schema."""
        with self.acting(who) as one, one.services.workspace.unit("Nouvelle version") as unit:
            ties.keep(unit, ties.DEFINITIONS, "before")
            space = self.region.space
            unit.save(
                Envelope(
                    kind="need",
                    id=one.services.ids(),
                    schema=SCHEMA + 1,
                    commission_id=space,
                    fields={"title": self.word(), "mood": ["calme"]},
                )
            )
            unit.commit()

    @rule(who=WHO)
    def restart_the_program(self, who: int) -> None:
        self.devices[who % len(self.devices)].restart()


def pick(one: Device, kind: str, which: int) -> Envelope | None:
    """One of the records of a kind, if there is any."""
    found = [
        record for record in one.services.records.envelopes(kind)
        if record.revision or record.commission_id
        if record.schema == SCHEMA
    ]  # fmt: skip
    return found[which % len(found)] if found else None


def minutes_of(one: Device) -> list[Envelope]:
    """The minutes and addenda of a laptop."""
    return [each for each in one.services.records.envelopes("minutes") if each.schema == SCHEMA]


def _is_of_text(conflict: Envelope) -> bool:
    return all(isinstance(conflict.fields[side]["value"], str) for side in ("mine", "theirs"))


def _words_decided_against(one: Device, conflict: Envelope) -> set[str]:
    """The words of a conflict that its decision left in no record."""
    fields = conflict.fields
    kept = one.stored(fields["record_id"]).envelope
    sides = words_in([fields["mine"], fields["theirs"]])
    if fields["unit"] == DELETED:
        return words_in(kept.fields) if kept.deleted else set()
    return sides - (set() if kept.deleted else words_in(kept.fields))
