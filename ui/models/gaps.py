"""What the minutes lack, as the window lists it before the freeze."""

from __future__ import annotations

from app.domain import meeting_check, minutes
from app.domain.findings import Finding
from app.domain.meeting_state import MeetingState
from app.domain.wording import count, listed

NAMED = 3
"""How many of the seats missing from the attendance sheet are named before others are counted."""


def gaps_of(state: MeetingState) -> list[Finding]:
    """The findings of the rules, with all seats missing from the attendance sheet in one finding,
    which leads to the first of them.
    """
    found, unlisted = meeting_check.findings(state), minutes.unlisted(state)
    if len(unlisted) < 2:
        return found
    place = found.index(unlisted[0])
    left = [one for one in found if one not in unlisted]
    return [*left[:place], _together(state, unlisted), *left[place:]]


def _together(state: MeetingState, unlisted: list[Finding]) -> Finding:
    """« Présences : A, B, C et 6 autres ne sont pas sur la feuille. »"""
    names = [state.names.seat(one.record_id) for one in unlisted]
    if len(names) > NAMED + 1:
        names[NAMED:] = [count(len(names) - NAMED, "autre")]
    return Finding(
        f"Présences : {listed(names)} ne sont pas sur la feuille.", unlisted[0].record_id
    )
