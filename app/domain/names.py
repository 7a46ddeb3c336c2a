"""How people, commissions, seats and items of a meeting are called in sentences."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from app.domain import wording
from app.domain.meeting_file import MeetingFile
from app.domain.records import AgendaItem, Commission, Organisation, Person, Record

_DEPARTMENT = re.compile(r" \((\d\w+)\)$")


def person_name(person: Record[Person] | None) -> str:
    """« Paul Roy »; « une personne sans nom » without a name, « inconnue » without a person."""
    if person is None:
        return "une personne inconnue"
    words = (person.fields.first_name.strip(), person.fields.last_name.strip())
    return " ".join(word for word in words if word) or "une personne sans nom"


def commission_names(commissions: Iterable[Record[Commission]]) -> dict[str, str]:
    """The name of each by its id, in the order given.

    Those of one name are told apart by their departments, « Pays de Nuits (21 et 58) », else by the
    order in which they were made, « Pays de Nuits (n° 2) ».
    """
    found = list(commissions)
    names = {one.id: one.fields.name.strip() or "Sans nom" for one in found}
    names = _told_apart(names, {one.id: wording.listed(one.fields.departments) for one in found})
    ranks, met = dict[str, str](), Counter[str]()
    for key in sorted(names):
        met[names[key]] += 1
        ranks[key] = f"n° {met[names[key]]}"
    return _told_apart(names, ranks)


def organisation_names(organisations: Iterable[Record[Organisation]]) -> dict[str, str]:
    """The name of each by its id; those of one name get their department, « Nolay (21) »."""
    found = {one.id: one.fields for one in organisations}
    names = {key: one.name for key, one in found.items()}
    return _told_apart(names, {key: one.department for key, one in found.items()})


def with_place(name: str, place: str) -> str:
    """« Paul Roy (Vougeot) », « Paul Roy (Nolay, 21) »; the name alone without a place."""
    beside = _DEPARTMENT.sub(r", \1", place)
    return f"{name} ({beside})" if place else name


def _told_apart(names: Mapping[str, str], marks: Mapping[str, str]) -> dict[str, str]:
    """The names, each followed by its mark where another of that name has a different mark."""
    shared = Counter(names.values())
    alike = Counter((name, marks[key]) for key, name in names.items())
    apart = {key for key, name in names.items() if alike[name, marks[key]] < shared[name]}
    return {
        key: f"{name} ({marks[key]})" if key in apart and name and marks[key] else name
        for key, name in names.items()
    }


def item_name(item: Record[AgendaItem]) -> str:
    """« Point 4 bis (Tour de table) »; without number, « Point « Tour de table » »."""
    number, title = item.fields.number, item.fields.title.strip()
    if number:
        return f"Point {number} ({title})" if title else f"Point {number}"
    return f"Point « {title or 'sans titre'} »"


class Names:
    """The names used in one meeting, each composed once."""

    def __init__(self, file: MeetingFile) -> None:
        self._file = file
        self._entries = {entry.id: entry.fields for entry in file.roster}
        self._places = organisation_names(file.organisations.values())
        self._seats: dict[tuple[str, str], str] = {}

    def person(self, person_id: str | None) -> str:
        return person_name(self._file.persons.get(person_id or ""))

    def place(self, organisation_id: str | None) -> str:
        """The organisation's name, with its department where two have it; "" if not known."""
        return self._places.get(organisation_id or "", "")

    def seat(self, entry_id: str | None, sitter_id: str | None = None) -> str:
        """« Paul Roy (Vougeot) »: who sits, and the organisation, as far as they are known.

        Who sits is the titular unless `sitter_id` names the person in their place.
        """
        key = entry_id or "", sitter_id or ""
        if key not in self._seats:
            self._seats[key] = self._compose_seat(*key)
        return self._seats[key]

    def of_seat(self, entry_id: str | None, sitter_id: str | None = None) -> str:
        """The same after « de »: « de Paul Roy (Vougeot) », « du Creusot » if nobody is known."""
        sitter = self._sitter(entry_id or "", sitter_id or "")
        return (wording.of if sitter else wording.of_place)(self.seat(entry_id, sitter_id))

    def _sitter(self, entry_id: str, sitter_id: str) -> Record[Person] | None:
        entry = self._entries.get(entry_id)
        titular_id = entry.titular_person_id if entry else None
        return self._file.persons.get(sitter_id or titular_id or "")

    def _compose_seat(self, entry_id: str, sitter_id: str) -> str:
        entry = self._entries.get(entry_id)
        if entry is None:
            return "un siège inconnu"
        place = self.place(entry.organisation_id)
        sitter = self._sitter(entry_id, sitter_id)
        if sitter is None:
            return place or "un siège sans nom"
        return with_place(person_name(sitter), place)
