"""Short builders of a meeting's file, for the tests of whatever reads one.

scene = Scene(seats=12)                  # seats "S1"… "S12", all with a titular
scene.present(1, 2, 3)                   # from opening to closing
scene.present(4, until="18:40")
item = scene.item(started="18:40")
scene.proxy(5, to=1)
scene.ballot(item, for_count=4)
scene.file()
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec

from app.domain.meeting_file import MeetingFile
from app.domain.records import (
    KINDS,
    Commission,
    Envelope,
    Exclusion,
    Fields,
    Interval,
    Meeting,
    Organisation,
    Person,
    Record,
    RosterEntry,
)

DAY = "2027-03-19"  # a Friday, in winter time
COMMISSION = str(uuid5(NAMESPACE_URL, "test:commission"))


def uid(label: object) -> str:
    """The id that a label stands for in tests."""
    return str(uuid5(NAMESPACE_URL, f"test:{label}"))


def at(hour: str, day: str = DAY, offset: str = "+01:00") -> str:
    """The instant of an hour such as « 18:40 » on the day of the meeting; an instant stays."""
    return hour if "T" in hour else f"{day}T{hour}:00{offset}"


def record(fields: Fields, record_id: str, commission_id: str | None = COMMISSION) -> Record[Any]:
    return Record(id=record_id, fields=fields, commission_id=commission_id)


class Scene:
    """A meeting being set; seats, items and proxies are named by small numbers or words."""

    def __init__(
        self,
        seats: int = 0,
        *,
        profile: str = "commission",
        label: str = "meeting",
        day: str = DAY,
        commission: dict[str, Any] | None = None,
        **meeting: Any,
    ) -> None:
        self.day = day
        self.meeting_id = uid(label)
        self.label = label
        defaults: dict[str, Any] = {
            "title": "Commission numérique locale", "place": "Salle des fêtes de Vougeot",
            "starts_at": at("18:30", day), "opened_at": at("18:30", day),
            "closed_at": at("20:30", day), "status": "closed",
            "chair_person_id": uid("titular 1"), "secretary_ids": (uid("titular 2"),),
        }  # fmt: skip
        self._commission = Commission(
            name="Pays de Nuits", **({"profile": profile} | (commission or {}))
        )
        self._meeting = Meeting(**(defaults | meeting))
        self._records: dict[str, list[Record[Any]]] = {}
        self.persons: dict[str, Record[Person]] = {}
        self.organisations: dict[str, Record[Organisation]] = {}
        self.former: MeetingFile | None = None
        for number in range(1, seats + 1):
            self.seat(number)
        for person_id in (self._meeting.chair_person_id, *self._meeting.secretary_ids):
            if person_id is not None and person_id not in self.persons:
                self.persons[person_id] = record(Person(last_name="Bureau"), person_id)

    def _add(self, kind: str, record_id: str, /, **fields: Any) -> str:
        self._records.setdefault(kind, []).append(record(KINDS[kind](**fields), record_id))
        return record_id

    def all(self, kind: str) -> tuple[Record[Any], ...]:
        return tuple(self._records.get(kind, ()))

    def seat(self, name: object, *, alternate: bool = False, **fields: Any) -> str:
        """A seat of the roster with its organisation, its titular and, if asked, its alternate."""
        organisation = uid(f"organisation {name}")
        self.organisations[organisation] = record(
            Organisation(name=f"Commune {name}", population=150), organisation, None
        )
        roles = {"titular": "Titulaire", "alternate": "Suppléant"}
        for role in ("titular", "alternate") if alternate else ("titular",):
            person = Person(
                organisation_id=organisation, first_name=roles[role], last_name=str(name)
            )
            self.persons[uid(f"{role} {name}")] = record(person, uid(f"{role} {name}"))
            fields.setdefault(f"{role}_person_id", uid(f"{role} {name}"))
        return self._add(
            "roster_entry", uid(f"seat {name}"), organisation_id=organisation, **fields
        )

    def sheet(
        self,
        seat: object,
        status: str = "present",
        *spans: tuple[str | None, str | None],
        role: str = "titular",
        excluded: dict[str, str] | None = None,
    ) -> str:
        """One line of the attendance sheet; `excluded` gives the interest by item id."""
        return self._add(
            "attendance",
            uid(f"attendance {self.label} {role} {seat} {len(self.all('attendance'))}"),
            meeting_id=self.meeting_id,
            roster_entry_id=uid(f"seat {seat}"),
            person_id=uid(f"{role} {seat}"),
            status=status,
            intervals=tuple(Interval(arrived=self._at(a), left=self._at(b)) for a, b in spans),
            exclusions=tuple(
                Exclusion(item_id=item, interest=interest)
                for item, interest in (excluded or {}).items()
            ),
        )

    def present(self, *seats: object, since: str | None = None, until: str | None = None) -> None:
        for seat in seats:
            self.sheet(seat, "present", *([(since, until)] if since or until else []))

    def absent(self, *seats: object) -> None:
        for seat in seats:
            self.sheet(seat, "absent")

    def item(self, name: object = 1, *, started: str | None = "18:30", **fields: Any) -> str:
        place = len(self.all("agenda_item")) + 1
        defaults = {
            "meeting_id": self.meeting_id, "rank": f"{place:03}", "number": str(place),
            "kind": "misc", "title": f"Sujet {name}", "notes": "Échanges.",
            "started_at": self._at(started),
        }  # fmt: skip
        return self._add("agenda_item", uid(f"item {self.label} {name}"), **(defaults | fields))

    def proxy(
        self, giver: object, *, to: object, received: str | None = "12:00",
        revoked: str | None = None, record_id: str | None = None,
    ) -> str:  # fmt: skip
        return self._add(
            "proxy",
            record_id or uid(f"proxy {giver} {to} {received}"),
            meeting_id=self.meeting_id,
            giver_entry_id=uid(f"seat {giver}"),
            holder_entry_id=uid(f"seat {to}"),
            received_at=self._at(received),
            revoked_at=self._at(revoked),
        )

    def ballot(self, item: str, *, held: str | None = "19:00", **fields: Any) -> str:
        defaults = {"question": "Êtes-vous d'accord ?", "held_at": self._at(held)}
        place = len(self.all("ballot")) + 1
        return self._add(
            "ballot",
            uid(f"ballot {self.label} {place}"),
            agenda_item_id=item,
            **(defaults | fields),
        )

    def add(self, kind: str, label: object = 1, /, **fields: Any) -> str:
        """A record of any other kind that the meeting's file holds."""
        return self._add(kind, uid(f"{kind} {self.label} {label}"), **fields)

    def _at(self, hour: str | None) -> str | None:
        return None if hour is None else at(hour, self.day)

    def file(self) -> MeetingFile:
        """The file as the rules read it."""
        return MeetingFile(
            commission=record(self._commission, COMMISSION),
            meeting=record(self._meeting, self.meeting_id),
            items=tuple(sorted(self.all("agenda_item"), key=lambda r: (r.fields.rank, r.id))),
            roster=self.all("roster_entry"),
            attendances=self.all("attendance"),
            proxies=self.all("proxy"),
            ballots=self.all("ballot"),
            decisions=self.all("decision"),
            actions=self.all("action"),
            needs=self.all("need"),
            convocations=self.all("convocation"),
            minutes=self.all("minutes"),
            persons=dict(self.persons),
            organisations=dict(self.organisations),
            reconvened_from=self.former,
        )

    def envelopes(self) -> list[Envelope]:
        """The same records whole, in an order in which a store takes them."""
        file = self.file()
        ordered: list[Record[Any]] = [
            *file.organisations.values(), file.commission, *file.persons.values(), *file.roster,
            file.meeting,
        ]  # fmt: skip
        for records in self._records.values():
            ordered += [one for one in records if not isinstance(one.fields, RosterEntry)]
        return [
            Envelope(
                kind=one.fields.kind_name,
                id=one.id,
                commission_id=one.commission_id,
                fields=msgspec.to_builtins(one.fields),
            )
            for one in ordered
        ]


def with_fields(file: MeetingFile, record_id: str, **fields: Any) -> MeetingFile:
    """The file with fields of one of its records set."""
    changes = {}
    for name in ("items", "roster", "attendances", "proxies", "ballots", "decisions", "actions",
                 "needs", "convocations", "minutes"):  # fmt: skip
        records = getattr(file, name)
        if any(one.id == record_id for one in records):
            changes[name] = tuple(
                msgspec.structs.replace(one, fields=msgspec.structs.replace(one.fields, **fields))
                if one.id == record_id
                else one
                for one in records
            )
    if record_id == file.meeting.id:
        changes["meeting"] = msgspec.structs.replace(
            file.meeting, fields=msgspec.structs.replace(file.meeting.fields, **fields)
        )
    return replace(file, **changes)
