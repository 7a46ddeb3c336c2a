"""The rows of the room that rules alone decide."""

from __future__ import annotations

from app.domain.meeting_state import MeetingState
from tests.app.domain.builders import Scene, at
from ui.models.room import seat_rows


def test_a_seat_without_a_vote_shows_whether_its_holder_is_there() -> None:
    scene = Scene(2)
    for name in ("venu", "parti", "attendu"):
        scene.seat(name, voting=False)
    scene.present("venu")
    scene.present("parti", until="18:45")
    rows = {row.town: row.standing for row in seat_rows(MeetingState(scene.file()), at("19:00"))}
    assert rows["Commune venu"] == "Présent"
    assert rows["Commune parti"] == "Parti à 18 h 45"
    assert rows["Commune attendu"] == "À pointer"
