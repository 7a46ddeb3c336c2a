"""Seats given to persons who come into a commission by a table."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.dates import day
from app.domain.records import Envelope
from app.domain.search_text import words
from app.domain.validation import readable
from app.services.records import Change, Records
from app.storage.unit_of_work import UnitOfWork

_TITULAR, _ALTERNATE = "titular_person_id", "alternate_person_id"
_GIVEN = {_TITULAR: "siège donné", _ALTERNATE: "suppléance donnée"}


def deputises(said: str) -> bool:
    """Whether words such as « Suppléante », « délégué suppléant » or « S » say so."""
    found = words(said)
    return found == ["s"] or any(word.startswith("suppl") for word in found)


class Seating:
    """Gives each person the place that is free in the seat of their organisation, or a new seat.

    An organisation of several seats gets none: a table does not say whom each is for. A seat that
    has ended by today is none.
    """

    def __init__(self, records: Records, seats: Iterable[Envelope]) -> None:
        self._records = records
        self._seats: dict[str | None, list[Envelope]] = {}
        self._sitting: set[object] = set()
        today = records.workspace.clock().date()
        for seat in seats:
            until = readable(seat).get("until")
            if until and day(until) <= today:
                continue
            self._seats.setdefault(seat.fields.get("organisation_id"), []).append(seat)
            self._sitting.update(_holders(seat))

    def sits(self, person_id: str) -> bool:
        """Whether a person is titular or alternate of any seat."""
        return person_id in self._sitting

    def give(self, unit: UnitOfWork, person: Envelope, said: str) -> str:
        """What a person was given, in words; "" for nothing. `said` tells who deputises."""
        organisation_id = person.fields.get("organisation_id")
        place = _ALTERNATE if deputises(said) else _TITULAR
        known = self._seats.get(organisation_id, [])
        free = all(_free(seat, place, person.id) for seat in known)
        if not organisation_id or len(known) > 1 or not free:
            return ""
        fields = {place: person.id, "organisation_id": organisation_id}
        seat_id, space = (known[0].id, "") if known else (None, person.commission_id)
        seat = self._records.write(unit, Change("roster_entry", fields, seat_id, space))
        self._seats[organisation_id] = [seat]
        self._sitting.add(person.id)
        return _GIVEN[place]


def _free(seat: Envelope, place: str, person_id: str) -> bool:
    """Whether a person can take a place of a seat."""
    return not seat.fields.get(place) and person_id not in _holders(seat)


def _holders(seat: Envelope) -> tuple[object, object]:
    return seat.fields.get(_TITULAR), seat.fields.get(_ALTERNATE)
