"""A small real commission to test pages on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.bootstrap import Services
from app.clock import new_id
from app.domain.records import Record, reference_id
from app.services.changes import Change

TOWNS = {
    "Vougeot": ("21716", "Paul", "Roy"),
    "Agencourt": ("21001", "Anne", "Martin"),
    "Messanges": ("21407", "Luc", "Besson"),
    "Quincey": ("21517", "Claire", "Dubois"),
    "Arcenant": ("21017", "Jean", "Garnier"),
}
"""The communes of the test commission, their INSEE code and who sits for them."""


@dataclass(frozen=True)
class World:
    """The services of a workspace with one commission of five seats."""

    services: Services
    commission_id: str
    persons: dict[str, str]
    seats: dict[str, str]

    def make(self, kind: str, /, **fields: Any) -> Record[Any]:
        """Creates a record of the commission; a trailing underscore frees a Python keyword."""
        named = {name.rstrip("_"): value for name, value in fields.items()}
        return self.services.records.create(kind, named, self.commission_id)

    def get(self, record: Record[Any]) -> Any:
        """The fields of a record as they are stored now."""
        return self.services.records.get(record.id).fields

    def meeting(self, title: str = "Réunion de mars", days: int = 10, **fields: Any) -> Record[Any]:
        """A planned meeting at 18:30, some days from now."""
        starts = self.services.workspace.clock() + timedelta(days=days)
        return self.make("meeting", title=title, starts_at=_at(starts), **fields)

    def item(self, meeting: Record[Any], title: str, kind: str = "misc", **fields: Any) -> Any:
        """An item at the end of the agenda."""
        known = self.services.records.list("agenda_item", meeting_id=meeting.id)
        rank = f"{len(known) + 1:03}"
        return self.make(
            "agenda_item", meeting_id=meeting.id, title=title, kind=kind, rank=rank, **fields
        )


def _at(day: datetime) -> str:
    return day.replace(hour=18, minute=30, second=0, microsecond=0).isoformat()


def make_world(services: Services) -> World:
    """Makes the commission with its persons and seats, in one operation."""
    commission_id = new_id()
    persons = {town: new_id() for town in TOWNS}
    seats = {town: new_id() for town in TOWNS}
    fields = {"name": "Commission de la Côte"}
    changes = [Change("commission", fields, commission_id, None)]
    for town, (code, first, last) in TOWNS.items():
        organisation = {"organisation_id": reference_id("organisation", code)}
        person = organisation | {"first_name": first, "last_name": last, "role": "maire"}
        seat = organisation | {"titular_person_id": persons[town]}
        changes += [
            Change("person", person, persons[town], commission_id),
            Change("roster_entry", seat, seats[town], commission_id),
        ]
    services.records.put(changes)
    return World(services, commission_id, persons, seats)
