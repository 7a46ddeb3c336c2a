"""The quorum: how many seats must be present, and the sentence that says where the room stands."""

from __future__ import annotations

from fractions import Fraction
from math import floor

import msgspec

from app.domain.attendance import Room
from app.domain.wording import count

HALF = Fraction(1, 2)


class Quorum(msgspec.Struct, frozen=True):
    """The quorum of a room: seats present against those needed; proxies do not count."""

    present: int
    needed: int
    reached: bool
    sentence: str


def fraction_of(text: str | None) -> Fraction:
    """The commission's fraction of the seats, one half unless set."""
    return Fraction(text) if text else HALF


def needed(seats: int, fraction: Fraction = HALF) -> int:
    """More than the fraction of the seats in office (CGCT L2121-17): 11 → 6, 8 → 5, 100 → 51."""
    return floor(seats * fraction) + 1


def judge(room: Room, fraction: Fraction = HALF) -> Quorum:
    """The ordinary quorum of the room."""
    present, seats = len(room.present), room.seat_count
    least = needed(seats, fraction)
    standing = f"{count(present, 'présent')} sur {seats}, il en faut {least}"
    if present >= least:
        return Quorum(present, least, True, f"Quorum atteint : {standing}")
    missing = f"il en manque {least - present}"
    return Quorum(present, least, False, f"Quorum non atteint : {standing}, {missing}")


def waived(room: Room) -> Quorum:
    """The quorum of an item taken over from a meeting whose quorum failed: none is needed."""
    present = len(room.present)
    standing = f"{count(present, 'présent')} sur {room.seat_count}"
    sentence = f"Quorum non exigé : point repris après une séance sans quorum, {standing}"
    return Quorum(present, 0, True, sentence)
