"""All the hours of a meeting moved together: nothing that the rules judge of it changes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from app.domain.dates import PARIS
from app.domain.meeting_check import check
from app.domain.meeting_file import MeetingFile
from app.domain.meeting_state import MeetingState
from app.domain.shifting import shifted
from app.domain.wording import plain
from tests.properties.test_meeting_rules import CLOSING, OPENING, Evening, evenings, recorded

ASTRAY = st.one_of(
    st.sampled_from([timedelta(hours=1), timedelta(hours=-1), timedelta(days=1)]),
    st.timedeltas(timedelta(days=-4000), timedelta(days=4000)).map(
        lambda lapse: timedelta(seconds=round(lapse.total_seconds()))
    ),
)


@given(evenings(), ASTRAY)
def test_who_is_in_and_what_is_decided_stay_the_same(evening: Evening, astray: timedelta) -> None:
    noted = recorded(replace(evening, offices=[(None, None)] * len(evening.offices))).file()
    true = (OPENING + astray).astimezone(PARIS).isoformat()
    right = shifted(noted, true)
    assert right.meeting.fields.opened_at == true
    assert judged(right) == judged(noted)
    for minute in range(0, CLOSING + 1, 15):
        then = OPENING + timedelta(minutes=minute)
        assert sitting(right, (then + astray).isoformat()) == sitting(noted, then.isoformat())


@given(evenings(), ASTRAY)
def test_moved_and_moved_back_it_is_as_it_was(evening: Evening, astray: timedelta) -> None:
    noted = recorded(evening).file()
    there = shifted(noted, (OPENING + astray).astimezone(PARIS).isoformat())
    assert shifted(there, OPENING.astimezone(PARIS).isoformat()) == noted


def judged(file: MeetingFile) -> str:
    """All that is said of the items and the ballots, but for the hours that a reason names."""
    said = plain(msgspec.json.encode(check(MeetingState(file)).items).decode())
    hour = r"à \d+ h( \d\d)?( \(heure d'(été|hiver)\))?"
    return re.sub(rf"(le \S+ \S+ \S+ \d{{4}} )?{hour}", "", said)


def sitting(file: MeetingFile, at: str) -> dict[str, str | None]:
    room = MeetingState(file).at(at).room
    return {entry_id: one.person_id for entry_id, one in room.occupants.items()}
