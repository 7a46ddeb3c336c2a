"""Persons as they are chosen and named on screen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from app.domain.dates import day
from app.domain.names import commission_names, organisation_names, with_place
from app.domain.records import Person, Record, RosterEntry
from app.domain.search_text import fold
from ui.widgets.pick import Option
from ui.words.organisations import organisation_options

if TYPE_CHECKING:
    from app.bootstrap import Services


class People(NamedTuple):
    """The persons to choose from, and the organisations that a new person may belong to."""

    persons: list[Option]
    places: list[Option]


def person_name(person: Person) -> str:
    """« Paul Roy »."""
    return f"{person.first_name} {person.last_name}".strip() or "Sans nom"


def person_words(person: Person, place: str = "", *, former: bool = False) -> str:
    """« Paul Roy, maire (Vougeot) », with what is known; « hors mandat » for a `former` member."""
    role = role_words(person, former=former)
    return with_place(f"{person_name(person)}{', ' if role else ''}{role}", place)


def role_words(person: Person, *, former: bool) -> str:
    """« maire », « maire, hors mandat » for a `former` member; empty when nothing is known."""
    return ", ".join(part for part in (person.role, "hors mandat" if former else "") if part)


def person_options(services: Services, commission_id: str | None) -> list[Option]:
    """The persons of a commission, or of all (`*`), by name; those whose words are the same are
    told apart by their commission. Reads the workspace.
    """
    persons: list[Record[Person]] = list(services.records.list("person", commission_id))
    homes = {person.fields.organisation_id for person in persons}
    found = services.records.list("organisation", None)
    places = organisation_names(one for one in found if one.id in homes)
    gone = former_members(services, commission_id)
    said, spaces = dict[str, str](), defaultdict[str, set[str]](set)
    for person in persons:
        place = places.get(person.fields.organisation_id or "", "")
        words = person_words(person.fields, place, former=person.id in gone)
        said[person.id] = words
        spaces[words].add(person.commission_id or "")
    names = commission_names(services.records.list("commission"))
    options = []
    for person in persons:
        words, name = said[person.id], names.get(person.commission_id or "", "")
        if name and len(spaces[words]) > 1:  # near the beginning: a list cuts off the end
            who = person_name(person.fields)
            words = f"{who}, {name}{words.removeprefix(who)}"
        options.append(Option(person.id, words))
    return sorted(options, key=lambda option: fold(option.words))


def former_members(services: Services, commission_id: str | None) -> set[str | None]:
    """The ids of the persons who had a seat and have none any more; reads the workspace."""
    today = services.workspace.clock().date()
    seats: Sequence[Record[RosterEntry]] = services.records.list("roster_entry", commission_id)
    sat: set[str | None] = set()
    sit: set[str | None] = set()
    for seat in (one.fields for one in seats):
        ended = seat.until is not None and day(seat.until) <= today
        (sat if ended else sit).update((seat.titular_person_id, seat.alternate_person_id))
    return sat - sit


def person_homes(services: Services, commission_id: str | None) -> dict[str, str]:
    """The organisation of each person of a commission; reads the workspace."""
    persons = services.records.list("person", commission_id)
    return {one.id: one.fields.organisation_id or "" for one in persons}


def people(services: Services, commission_id: str | None) -> People:
    """The persons of a commission and every organisation; reads the workspace."""
    return People(
        person_options(services, commission_id), organisation_options(services, commission_id)
    )
