"""What the workspace keeps about a person: the register, and its export on paper and as data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from app.documents.document import Document, file_name
from app.domain.dates import local_day
from app.domain.erasure import ERASED, emptied, is_erased
from app.domain.field_words import field_words, value_words
from app.domain.names import commission_names
from app.domain.naming import Naming
from app.domain.personal_data import Register, Trace, traces
from app.domain.records import CENTRAL_ONLY, Envelope, Person
from app.domain.search_text import spaced
from app.domain.titles import title_of
from app.domain.validation import readable, typed
from app.domain.wording import capitalised, short_day
from app.errors import UserError
from app.services.history import last_writings
from app.services.history_words import names_of, record_name, story
from app.services.letterheads import letterhead
from app.services.personal_seats import deeds
from app.services.records import Records
from app.services.settings import Settings
from app.services.terms import term_of
from app.services.translation import translated
from app.storage.meeting_ties import meeting_of
from app.storage.scrub import past_values, values_held
from app.storage.unit_of_work import UnitOfWork

JSON = "application/json"

_GONE = " (supprimé)"
"""Follows the title of what only the trash still shows."""


class PersonalData:
    """Answers a person who asks what is kept about them (RGPD, art. 15)."""

    def __init__(self, records: Records, settings: Settings) -> None:
        self._records = records
        self._settings = settings

    def register(self, person_id: str) -> Register:
        """Every record that points to the person or names them; UserError for another kind."""
        person = self.person(person_id)
        with translated(self._records.workspace), self._records.workspace.reading() as unit:
            naming = naming_of(unit, person)
            found = [
                (envelope, field, how, text)
                for envelope in around(unit, person)
                for field, how, text in traces(envelope, person_id, naming)
            ]
            done = list(deeds(unit, person))
            told = {one.id: one for one, *_ in found} | {one.id: one for one, *_ in done}
            written = last_writings(unit, told)
            days = {one.id: _day(unit, one) for one in told.values()}
            others = elsewhere(unit, person)
        found += [
            (envelope, field, "points", self.said(envelope.kind, field, value))
            for envelope, field, value in done
        ]
        return Register(
            person=person,
            name=title_of("person", person.fields) or "Sans nom",
            organisation=self.said(
                "person", "organisation_id", readable(person)["organisation_id"]
            ),
            traces=[
                Trace(
                    record_id=envelope.id,
                    kind=envelope.kind,
                    title=f"{self.title(envelope)}{days[envelope.id]}",
                    field=capitalised(field_words(field)),
                    how=how,
                    text=text,
                    **(written.get((envelope.id, field)) or written.get((envelope.id, ""), {})),
                )
                for envelope, field, how, text in found
            ],
            elsewhere=others,
        )

    def person(self, person_id: str) -> Envelope:
        """The person's live record."""
        envelope = self._records.envelope(person_id)
        if envelope.kind != "person":
            raise UserError(f"« {person_id} » n'est pas une personne : choisissez-en une.")
        return envelope

    def title(self, envelope: Envelope) -> str:
        """The words that name a record, those of its meeting or item when it has none of its own;
        they say when it is deleted.
        """
        named = title_of(envelope.kind, envelope.fields)
        owner = envelope.fields.get("meeting_id") or envelope.fields.get("agenda_item_id")
        if not named and isinstance(owner, str) and envelope.kind != "roster_entry":
            named = record_name(self._records, owner)
        named = named or record_name(self._records, envelope.id)
        return f"{named}{_GONE}" if envelope.deleted else named

    def said(self, kind: str, name: str, value: Any) -> str:
        """A value in words, with names in the place of identifiers."""
        return value_words(kind, name, value, names_of(self._records, kind, [{name: [value]}]))

    def report(self, person_id: str) -> Document:
        """The register as a PDF to hand over."""
        from app.documents.personal_report import personal_report

        register, term = self.register(person_id), term_of("person")
        return personal_report(register, letterhead(self._settings), self._now, term)

    def archive(self, person_id: str) -> Document:
        """The register as JSON, less its doubtful traces, with the history of the person's own
        record.
        """
        register = self.register(person_id)
        content = {
            "format": "commissions-person",
            "version": 1,
            "made_at": self._now.isoformat(),
            "person": register.person,
            "organisation": register.organisation,
            "concerned_by": [one for one in register.traces if one.how != "may_name"],
            "history": story(self._records, person_id),
        }
        data = msgspec.json.format(msgspec.json.encode(content), indent=1)
        name = file_name("donnees-personnelles", register.name, ending="json")
        return Document(data, JSON, name)

    @property
    def _now(self) -> datetime:
        return self._records.workspace.clock()


def _day(unit: UnitOfWork, envelope: Envelope) -> str:
    """« , 19 mars 2027 »: the day of a record's meeting, for many records have the same title."""
    meeting = unit.get(meeting_of(unit, envelope) or "")
    starts_at = readable(meeting).get("starts_at") if meeting else None
    return f", {short_day(local_day(starts_at))}" if starts_at else ""


def naming_of(unit: UnitOfWork, person: Envelope) -> Naming:
    """The ways in which texts name a person; of one erased elsewhere, as far as the history here
    still tells it, those until the erasure.
    """
    fields = typed(person).fields
    if fields.last_name == ERASED:  # which replaces a name, and is none
        known = {"last_name": ""} | past_values(unit, person.id, emptied())
        left = {n: one for n, one in known.items() if getattr(fields, n) == emptied()[n]}
        fields = msgspec.structs.replace(fields, **left)
    beyond = _beyond(unit, person, fields)
    return Naming(fields, _former(unit, person), _others(unit, person), beyond)


def _former(unit: UnitOfWork, person: Envelope) -> list[Person]:
    """The former names, addresses and telephones of a person, by the history, each as a Person.

    The word that replaces an erased name is left out.
    """
    return [
        Person(**{name: one})
        for name in ("last_name", "email", "phone")
        for one in values_held(unit, person.id, name)
        if one != ERASED
    ]


def _others(unit: UnitOfWork, person: Envelope) -> list[Person]:
    """Those who may share a name, an address or a telephone with a person: the commission's other
    persons, and the organisations, whose town hall's may serve several.
    """
    persons = unit.select("person", space=person.commission_id)
    reached = (readable(one) for one in unit.select("organisation"))
    return [
        *(typed(one).fields for one in persons if one.id != person.id),
        *(
            Person(email=one["email"], phone=one["phone"])
            for one in reached
            if one["email"] or one["phone"]
        ),
    ]


def _beyond(unit: UnitOfWork, person: Envelope, fields: Person) -> list[Person]:
    """The persons of other commissions, less who bears the same name: it may be the same person."""
    name = _name(fields)
    strangers = (one for one in unit.select("person") if one.commission_id != person.commission_id)
    return [one.fields for one in map(typed, strangers) if _name(one.fields) != name]


def _name(fields: Person) -> str:
    return spaced(f"{fields.first_name} {fields.last_name}")


def elsewhere(unit: UnitOfWork, person: Envelope) -> Sequence[str]:
    """The other commissions that have a record of somebody of this name, by their names."""
    name = spaced(title_of("person", person.fields))
    spaces = {
        one.commission_id
        for one in unit.select("person")
        if name and one.commission_id != person.commission_id
        if spaced(title_of("person", one.fields)) == name and not is_erased(one.fields)
    }
    names = commission_names(map(typed, unit.select("commission"))) if spaces else {}
    return [f"« {said} »" for space, said in names.items() if space in spaces]


def around(unit: UnitOfWork, person: Envelope) -> Iterator[Envelope]:
    """The records among which a person may be, deleted ones too: the commission's, the region's.

    Deleted records that only the central writes, such as digests, are left out.
    """
    for space in (person.commission_id, None):
        for envelope in unit.select(space=space, deleted=True):
            if envelope.id != person.id and not (
                envelope.deleted and envelope.kind in CENTRAL_ONLY
            ):
                yield envelope
