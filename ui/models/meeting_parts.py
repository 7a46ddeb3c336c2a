"""The records of a meeting whose history can be read, each with its words."""

from __future__ import annotations

from app.domain.meeting_state import MeetingState
from app.domain.names import Names, item_name


def history_parts(state: MeetingState) -> list[tuple[str, str]]:
    """The meeting first, then each item with what came of it, then who was there."""
    file, names = state.file, Names(state.file)
    parts = [(file.meeting.id, "La séance")]
    for item in file.items:
        words = item_name(item)
        parts.append((item.id, words))
        for kind, found in (
            ("vote", file.ballots),
            ("décision", file.decisions),
            ("suite à donner", file.actions),
        ):
            mine = [one for one in found if one.fields.agenda_item_id == item.id]
            parts += [
                (one.id, f"{words}, {kind}" if len(mine) == 1 else f"{words}, {kind} {rank}")
                for rank, one in enumerate(mine, 1)
            ]
    for attendance in file.attendances:
        fields = attendance.fields
        who = (
            names.seat(fields.roster_entry_id)
            if fields.roster_entry_id
            else names.person(fields.person_id)
        )
        parts.append((attendance.id, f"Présence : {who}"))
    return parts
