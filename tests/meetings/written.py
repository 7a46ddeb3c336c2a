"""Written meetings: a story of seats, events and ballots, told as the records it comes to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from app.domain.dates import PARIS

FOLDER = Path(__file__).parent
COMMISSION = "01980000-0000-7000-8000-000000000001"

Put = list[dict[str, Any]]
"""The records of one `records put`."""


class Ids:
    """Identifiers in the order in which their names first come, as UUIDv7 are."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        number = len(self._known) + 16
        return self._known.setdefault(name, f"01980000-0000-7000-8000-{number:012x}")

    def named(self, name: str) -> str:
        """The id of a name that the story has told already; KeyError otherwise."""
        return self._known[name]


class Story:
    """One file: a commission, its seats and its meetings."""

    def __init__(self, path: Path) -> None:
        self.told: dict[str, Any] = json.loads(path.read_text("utf-8"))
        self.ids = Ids()
        self.meetings = [Evening(self, place) for place in range(len(self.told["meetings"]))]

    def roster(self) -> Put:
        """The commission with its seats, who sits on them and for which organisation."""
        fields = {"name": "Pays de Nuits"} | self.told.get("commission", {})
        put: Put = [{"kind": "commission", "id": COMMISSION, "fields": fields}]
        for name, told in self.told["roster"].items():
            seat = {"titular": told} if isinstance(told, str) else dict(told)
            place = seat.pop("organisation", name)
            if not any(one["id"] == self.ids[f"organisation {place}"] for one in put):
                put.append(self._record("organisation", place, {"name": place}, None))
            fields = {"organisation_id": self.ids[f"organisation {place}"]}
            for role in ("titular", "alternate"):
                if role in seat:
                    put.append(self._person(seat[role], fields["organisation_id"]))
                    fields[f"{role}_person_id"] = self.ids[f"person {seat.pop(role)}"]
            put.append(self._record("roster_entry", name, fields | seat))
        return put

    def _person(self, name: str, organisation_id: str) -> dict[str, Any]:
        first, last = name.split(" ", 1)
        fields = {"first_name": first, "last_name": last, "organisation_id": organisation_id}
        return self._record("person", name, fields)

    def _record(
        self, kind: str, name: str, fields: dict[str, Any], space: str | None = COMMISSION
    ) -> dict[str, Any]:
        record_id = self.ids[f"{kind} {name}"]
        return {"kind": kind, "id": record_id, "commission_id": space, "fields": fields}


class Evening:
    """One meeting of the story."""

    def __init__(self, story: Story, place: int) -> None:
        self.story, self.ids, self.place = story, story.ids, place
        self.told: dict[str, Any] = story.told["meetings"][place]
        self.day: str = self.told["starts_at"].split()[0]

    @property
    def id(self) -> str:
        return self.ids[f"meeting {self.place}"]

    def at(self, told: str | None) -> str | None:
        """The instant of « 18:40 » on the day of the meeting, or of « 2027-03-18 09:00 ».

        One that ends by Z is given in universal time, and put as such.
        """
        if told is None or told.endswith("Z"):
            return told
        whole = told if " " in told else f"{self.day} {told}"
        return datetime.fromisoformat(whole).replace(tzinfo=PARIS).isoformat()

    def puts(self) -> Iterator[Put]:
        """What is put in turn: planned, convened, added to, sat in, voted in, closed."""
        yield [self._meeting(self._planned()), *self._items(added=False)]
        yield [self._meeting({"status": "convened"}), *self._convocations()]
        yield [*self._items(added=True), *self._late_marks()]
        yield [*self._attendances(), *self._proxies()]
        yield [self._meeting({"status": "open", "opened_at": self.at(self.told["opened_at"])})]
        yield [self.ballot(one) for one in self.told.get("ballots", [])]
        yield [self._meeting({"status": "closed", "closed_at": self.at(self.told["closed_at"])})]

    def _meeting(self, fields: dict[str, Any]) -> dict[str, Any]:
        return self._record("meeting", self.id, fields)

    def _record(self, kind: str, record_id: str, fields: dict[str, Any]) -> dict[str, Any]:
        return {"kind": kind, "id": record_id, "commission_id": COMMISSION, "fields": fields}

    def _planned(self) -> dict[str, Any]:
        fields = {
            "title": "Séance écrite",
            "place": "Salle des fêtes de Vougeot",
            "starts_at": self.at(self.told["starts_at"]),
            "chair_person_id": self.ids.named(f"person {self.told['chair']}"),
            "secretary_ids": [self.ids.named(f"person {self.told['secretary']}")],
        }
        if self.told.get("reconvenes"):
            fields["reconvened_from_id"] = self.story.meetings[self.place - 1].id
        return fields | {
            name: self.told[name] for name in ("emergency", "emergency_reason") if name in self.told
        }

    def _convocations(self) -> Put:
        sent_at = self.told.get("sent_at")
        seats = self.story.told["roster"] if sent_at else ()
        return [self.convocation(seat, sent_at) for seat in seats]

    def convocation(self, seat: str, sent_at: str) -> dict[str, Any]:
        """The convocation of a seat's titular, sent at an instant as told."""
        told = self.story.told["roster"][seat]
        titular = told if isinstance(told, str) else told["titular"]
        fields = {
            "meeting_id": self.id,
            "person_id": self.ids.named(f"person {titular}"),
            "sent_at": self.at(sent_at),
        }
        name = f"convocation {self.place} {seat} {sent_at}"
        return self._record("convocation", self.ids[name], fields)

    # The agenda

    def item_id(self, number: str) -> str:
        return self.ids[f"item {self.place} {number}"]

    def _items(self, *, added: bool) -> Put:
        return [
            self._record("agenda_item", self.item_id(told["number"]), self._item(told, place))
            for place, told in enumerate(self.told["agenda"], 1)
            if told.get("added", False) is added
        ]

    def _item(self, told: dict[str, Any], place: int) -> dict[str, Any]:
        fields = {
            "meeting_id": self.id,
            "rank": f"{place:03}",
            "kind": told["kind"],
            "title": told["title"],
            "notes": told.get("notes", ""),
            "started_at": self.at(told.get("started")),
            "ended_at": self.at(told.get("ended")),
            "notified_at": self.at(told.get("notified")),
        }
        if "takes_over" in told:
            former = self.story.meetings[self.place - 1]
            fields["reconvened_item_id"] = former.item_id(told["takes_over"])
        return fields

    def _late_marks(self) -> Put:
        return [
            self._record("agenda_item", self.item_id(told["number"]), {"withdrawn": True})
            for told in self.told["agenda"]
            if told.get("withdrawn")
        ]

    # The room

    def _attendances(self) -> Put:
        sheets: dict[tuple[str, bool], dict[str, Any]] = {}
        for event in self.told["events"]:
            for told in ("present", "excused", "absent", "arrives", "leaves", "excluded"):
                seats = event.get(told, [])
                for seat in [seats] if isinstance(seats, str) else seats:
                    key = (seat, event.get("alternate", False))
                    sheet = sheets.setdefault(key, self._sheet(*key))
                    self._happens(sheet, told, event)
        return [
            self._record("attendance", self.ids[f"attendance {self.place} {key}"], fields)
            for key, fields in sheets.items()
        ]

    def _sheet(self, seat: str, alternate: bool) -> dict[str, Any]:
        told = self.story.told["roster"][seat]
        people = {"titular": told} if isinstance(told, str) else told
        person = people["alternate" if alternate else "titular"]
        return {
            "meeting_id": self.id,
            "roster_entry_id": self.ids.named(f"roster_entry {seat}"),
            "person_id": self.ids.named(f"person {person}"),
            "status": "absent",
            "intervals": [],
            "exclusions": [],
        }

    def _happens(self, sheet: dict[str, Any], told: str, event: dict[str, Any]) -> None:
        intervals = sheet["intervals"]
        if told == "excluded":
            exclusion = {"item_id": self.item_id(event["of"]), "interest": event["interest"]}
            sheet["exclusions"].append(exclusion)
        elif told == "leaves":
            if not intervals:
                intervals.append({"arrived": None})
            intervals[-1]["left"] = self.at(event["at"])
        else:
            sheet["status"] = "present" if told == "arrives" else told
            if told == "arrives":
                intervals.append({"arrived": self.at(event["at"])})

    def proxies(self) -> list[str]:
        """The names of the proxies, in their order."""
        return [event["proxy"] for event in self.told["events"] if "proxy" in event]

    def proxy_id(self, name: str) -> str:
        return self.ids[f"proxy {self.place} {name}"]

    def _proxies(self) -> Put:
        revoked = {one["revoked"]: one["at"] for one in self.told["events"] if "revoked" in one}
        return [
            self._record(
                "proxy",
                self.proxy_id(event["proxy"]),
                {
                    "meeting_id": self.id,
                    "giver_entry_id": self.ids.named(f"roster_entry {event['from']}"),
                    "holder_entry_id": self.ids.named(f"roster_entry {event['to']}"),
                    "received_at": self.at(event["at"]),
                    "revoked_at": self.at(revoked.get(event["proxy"])),
                },
            )
            for event in self.told["events"]
            if "proxy" in event
        ]

    # The ballots

    def ballot_id(self, name: str) -> str:
        return self.ids[f"ballot {self.place} {name}"]

    def ballot(self, told: dict[str, Any]) -> dict[str, Any]:
        """The record of a ballot as told; seats stand for their entries."""
        fields = {
            "agenda_item_id": self.item_id(told["item"]),
            "question": told.get("question", "Approuvez-vous ?"),
            "held_at": self.at(told["at"]),
            "method": told.get("method", "show_of_hands"),
            "chair_vote": told.get("chair"),
            "appointment": told.get("appointment", False),
            "votes": {
                self.ids.named(f"roster_entry {seat}"): vote
                for seat, vote in told.get("votes", {}).items()
            },
        }
        for name in ("for", "against", "abstain", "blank"):
            if name in told:
                fields[f"{name}_count"] = told[name]
        for name in ("secret_requested_by", "roll_call_requested_by", "not_taking_part"):
            fields[name] = [self.ids.named(f"roster_entry {one}") for one in told.get(name, [])]
        return self._record("ballot", self.ballot_id(told["name"]), fields)

    # What is expected

    def expected(self) -> dict[str, Any]:
        """The whole JSON of `meeting check`, names replaced by what they stand for."""
        told = self.told["check"]
        return {
            "meeting_id": self.id,
            "latest_sending_on": told["latest_sending_on"],
            "items": [
                {
                    "id": self.item_id(item["number"]),
                    "number": item["number"],
                    **self._moment(item),
                    "ballots": [self._expected_ballot(one) for one in item.get("ballots", [])],
                }
                for item in told["items"]
            ],
            "missing": [
                {"what": one["what"], "record_id": self._named(one["record"])}
                for one in told["missing"]
            ],
        }

    def _moment(self, told: dict[str, Any]) -> dict[str, Any]:
        reasons = told.get("proxies", {})
        assert list(reasons) == self.proxies()
        return {
            "quorum": told["quorum"],
            "proxies": [
                {"id": self.proxy_id(name), "counts": not reason, "reason": reason}
                for name, reason in reasons.items()
            ],
        }

    def _expected_ballot(self, told: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": self.ballot_id(told["name"]),
            **self._moment(told),
            "adopted": told["adopted"],
            "sentence": told["sentence"],
        }

    def _named(self, name: str) -> str:
        """The id of « meeting », « item 2 », or of another record by the name it was made by."""
        if name == "meeting":
            return self.id
        kind, _, number = name.partition(" ")
        return self.item_id(number) if kind == "item" else self.ids.named(name)


def stories() -> list[Path]:
    """The files, in the order of their names."""
    return sorted(FOLDER.glob("*.json"))
