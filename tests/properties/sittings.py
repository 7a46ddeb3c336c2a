"""What people do around a sitting: prepare the next one, call the roll, correct, carry by hand."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from app.domain.records import Envelope, reference_id
from tests.positions import take_part
from tests.properties.gestures import VOUGEOT, WHICH, WHO, Gestures, minutes_of, pick
from tests.properties.region import Device

_MOST_MEETINGS = 3  # a frozen one and what it holds fit in one batch
_CARRIED = ["need", "agenda_item", "decision", "action", "minutes", None]


class Sittings(Gestures):
    """The gestures of a facilitator before, during and after a meeting."""

    @rule(who=WHO, which=WHICH)
    def draft_the_next_meeting(self, who: int, which: int) -> None:
        with self.acting(who) as one:
            meeting = pick(one, "meeting", which)
            if meeting and len(one.services.records.list("meeting")) < _MOST_MEETINGS:
                one.services.preparation.draft_next(meeting.id)

    @rule(who=WHO, which=WHICH)
    def take_what_the_last_meeting_left(self, who: int, which: int) -> None:
        with self.acting(who) as one:
            if meeting := pick(one, "meeting", which):
                found = one.services.preparation.proposals(meeting.id)
                one.services.preparation.take(meeting.id, found)

    @rule(who=WHO, which=WHICH, other=WHICH)
    def approve_the_minutes(self, who: int, which: int, other: int) -> None:
        with self.acting(who) as one:
            meeting, approving = pick(one, "meeting", which), pick(one, "meeting", other)
            if meeting and approving:
                one.services.meetings.approve(meeting.id, approving.id)

    @rule(who=WHO, which=WHICH, withdrawn=st.booleans())
    def withdraw_an_item(self, who: int, which: int, withdrawn: bool) -> None:
        with self.acting(who) as one:
            if item := pick(one, "agenda_item", which):
                one.services.agenda.withdraw(item.id, withdrawn)

    @rule(who=WHO, which=WHICH)
    def note_what_is_said(self, who: int, which: int) -> None:
        with self.acting(who) as one:
            if item := pick(one, "agenda_item", which):
                notes = f"{item.fields['notes']}Dit {self.word()}.\n"
                one.put("agenda_item", item.id, notes=notes)

    @rule(who=WHO, commune=st.integers(0, 2))
    def seat_a_commune(self, who: int, commune: int) -> None:
        with self.acting(who) as one:
            organisation = reference_id("organisation", f"21{100 + commune}")
            person = one.put("person", last_name=self.word())
            one.put("roster_entry", organisation_id=organisation, titular_person_id=person)

    @rule(who=WHO, which=WHICH, at=st.integers(31, 59), leaves=st.booleans())
    def come_or_leave(self, who: int, which: int, at: int, leaves: bool) -> None:
        with self.acting(who) as one:
            meeting, seat = pick(one, "meeting", 0), pick(one, "roster_entry", which)
            if meeting and seat:
                attendance = one.services.attendance
                move = attendance.leave if leaves else attendance.arrive
                move(meeting.id, seat.id, f"2027-03-19T18:{at}:00+01:00")

    @rule(who=WHO, which=WHICH, seat=WHICH, vote=st.sampled_from(["for", "against"]))
    def call_the_roll(self, who: int, which: int, seat: int, vote: str) -> None:
        with self.acting(who) as one:
            ballot, called = pick(one, "ballot", which), pick(one, "roster_entry", seat)
            if ballot and called:
                votes = ballot.fields["votes"] | {called.id: vote}
                one.put("ballot", ballot.id, method="roll_call", votes=votes)

    @rule(who=WHO, which=WHICH, other=WHICH)
    def group_two_needs(self, who: int, which: int, other: int) -> None:
        with self.acting(who) as one:
            needs = [pick(one, "need", place) for place in (which, other)]
            ids = {need.id for need in needs if need}
            one.services.needs.group(sorted(ids), self.word())

    @rule(who=WHO, which=WHICH)
    def part_a_need(self, who: int, which: int) -> None:
        with self.acting(who) as one:
            if need := pick(one, "need", which):
                one.services.needs.part(need.id)

    @rule(who=WHO, which=WHICH, status=st.sampled_from(["qualified", "answered", "set_aside"]))
    def follow_a_need(self, who: int, which: int, status: str) -> None:
        with self.acting(who) as one:
            if need := pick(one, "need", which):
                one.services.needs.move(need.id, status, reason=self.word())

    @rule(who=WHO, which=WHICH, intention=st.sampled_from(["interested", "committed", None]))
    def take_part(self, who: int, which: int, intention: str | None) -> None:
        with self.acting(who) as one:
            if solution := pick(one, "solution", 0):
                organisation = reference_id("organisation", f"21{100 + which}")
                take_part(one.services.solutions, solution.id, organisation, intention)

    @rule(who=WHO, which=WHICH, gives_up=st.booleans())
    def read_a_draft_addendum_again(self, who: int, which: int, gives_up: bool) -> None:
        with self.acting(who) as one:
            if draft := _draft(one, which):
                if gives_up:
                    one.services.records.delete(draft.id)
                else:
                    one.put("minutes", draft.id, text=f"{draft.fields['text']}\n{self.word()}")

    @rule(who=WHO)
    def raise_a_need_elsewhere(self, who: int) -> None:
        """In the other commission of those who have two."""
        with self.acting(who) as one:
            fields = {"title": self.word()}
            one.services.records.create("need", fields, self.region.spaces_of(one)[-1])

    @rule(who=WHO)
    def rename_a_commune(self, who: int) -> None:
        """As the GIP alone may."""
        with self.acting(who) as one:
            one.put("organisation", VOUGEOT, name=self.word())

    @precondition(lambda self: len(self.devices) > 1)
    @rule(who=WHO, other=WHO, kind=st.sampled_from(_CARRIED))
    def carry_by_hand(self, who: int, other: int, kind: str | None) -> None:
        """An archive of one laptop is read on another, be it older or newer than the central."""
        giver, path = self.devices[other % len(self.devices)], self.region.evening / "archive.zip"
        with self.acting(who) as one:
            if {*self.region.spaces_of(giver)} <= {*self.region.spaces_of(one)}:
                giver.services.exports.archive(path, kind)
                one.services.imports.archive(path)


def _draft(one: Device, which: int) -> Envelope | None:
    found = [
        each for each in minutes_of(one)
        if each.fields["addendum_to_id"] and not each.fields["frozen_at"]
    ]  # fmt: skip
    return found[which % len(found)] if found else None
