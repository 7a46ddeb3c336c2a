"""Who is told of a watch note by sitting where it is presented."""

from __future__ import annotations

from app.domain.audience import concerned
from app.domain.meeting_state import MeetingState
from app.domain.records import shared_id


def briefing_id(note_id: str, meeting_id: str, told_by: str) -> str:
    """The id of a briefing: the same when two laptops of a facilitator both close the meeting."""
    return shared_id(meeting_id, f"briefing:{note_id}:{meeting_id}:{told_by}")


def given(state: MeetingState) -> dict[str, list[str]]:
    """By watch note, the organisations concerned that were in the room, those without a vote
    included, as its item began, or at the opening where no start at all was noted; a note not
    reached, or heard by none of them, is left out.
    """
    file, found = state.file, dict[str, list[str]]()
    seats = {entry.id: entry.fields.organisation_id or "" for entry in file.roster}
    for item in file.items:
        note = file.watch_notes.get(item.fields.linked_id or "")
        begun = item.fields.started_at
        if state.is_untimed and state.is_told(item):
            begun = state.opening
        if note is None or not begun or item.fields.withdrawn:
            continue
        attending = state.attending(begun)
        heard = dict.fromkeys(seats[entry_id] for entry_id in sorted(attending))
        reached = [
            one.id
            for one in map(file.organisations.get, heard)
            if one is not None and concerned(one.fields, note.fields.audience)
        ]
        if reached:
            found[note.id] = [*dict.fromkeys([*found.get(note.id, ()), *reached])]
    return found
