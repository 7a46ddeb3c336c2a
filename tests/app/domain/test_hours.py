"""The hours of a meeting against what is noted between them."""

from __future__ import annotations

import pytest

from app.domain.hours import last_noted, refuse, was_left_open
from app.domain.meeting_state import MeetingState
from app.domain.refusals import Refusal
from tests.app.domain.builders import Scene, at

SATURDAY = "2027-03-20"
NOW = at("10:00", SATURDAY)


def held(**meeting: object) -> MeetingState:
    scene = Scene(3, **meeting)
    scene.present(1)
    scene.present(2, since="18:35", until="20:10")
    item = scene.item("Besoins", started="18:40", ended_at=at("20:05"))
    scene.ballot(item, for_count=1, held_at=at("20:00"))
    scene.item("Divers", started="20:05", ended_at=at("20:30"))
    return MeetingState(scene.file())


@pytest.mark.parametrize(
    ("opened", "closed", "field", "sentence"),
    [
        ("18:38", "20:30", "opened_at",
         "Titulaire 2 (Commune 2) arrive à 18 h 35, avant cette ouverture : avancez l'ouverture, ou"
         " corrigez d'abord l'heure de cette arrivée."),
        ("18:30", "20:07", "closed_at",
         "Titulaire 2 (Commune 2) part à 20 h 10, après cette clôture : retardez la clôture, ou"
         " corrigez d'abord l'heure de ce départ."),
        ("18:30", "18:20", "closed_at", "la clôture précède l'ouverture"),
        (at("10:01", SATURDAY), at("10:02", SATURDAY), "opened_at", "à venir"),
    ],
)  # fmt: skip
def test_what_is_noted_outside_new_hours_is_named(
    opened: str, closed: str, field: str, sentence: str
) -> None:
    with pytest.raises(Refusal) as refused:
        refuse(held(), at(opened), at(closed), NOW)
    assert refused.value.field == field
    assert sentence in refused.value.sentence


def test_items_and_votes_are_named_too_and_the_day_of_another_day() -> None:
    scene = Scene(1, closed_at=at("08:40", SATURDAY))
    item = scene.item("Besoins", started="18:40")
    scene.ballot(item, held_at=at("22:00"))
    with pytest.raises(Refusal, match=r"^Point 1 \(Sujet Besoins\) commence à 18 h 40, avant"):
        refuse(MeetingState(scene.file()), at("18:45"), at("22:10"), NOW)
    with pytest.raises(Refusal, match=r"^Point 1 \(Sujet Besoins\), vote à 22 h, après"):
        refuse(MeetingState(scene.file()), at("18:30"), at("21:50"), NOW)
    scene.item("Divers", started="22:05", ended_at=at("08:39", SATURDAY))
    with pytest.raises(Refusal, match="finit à 8 h 39 le samedi 20 mars 2027, après"):
        refuse(MeetingState(scene.file()), at("18:30"), at("22:10"), NOW)


def test_what_ended_with_the_meeting_bars_no_other_closing() -> None:
    refuse(held(), at("18:35"), at("20:10"), NOW)
    refuse(held(), at("18:00"), at("23:00"), NOW)


@pytest.mark.parametrize(
    ("opened", "now", "left"),
    [
        (at("18:30"), at("23:59"), False),
        (at("18:30"), at("03:59", SATURDAY), False),
        (at("18:30"), at("04:00", SATURDAY), True),
        (at("18:30"), at("08:40", SATURDAY), True),
        (at("09:00"), at("21:00"), False),
        (at("09:00"), at("21:01"), True),
    ],
)
def test_a_meeting_was_left_open_past_twelve_hours_or_into_the_morning(
    opened: str, now: str, left: bool
) -> None:
    assert was_left_open(opened, now) is left


def test_the_last_thing_noted_is_not_what_was_noted_in_the_morning() -> None:
    scene = Scene(2, status="open", closed_at=None)
    scene.present(1, until="20:10")
    scene.item(started="20:05", ended_at=at("08:39", SATURDAY))
    assert last_noted(MeetingState(scene.file())) == at("20:10")
    assert last_noted(MeetingState(Scene(1).file())) is None
