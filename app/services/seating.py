"""Seats that change hands: one by one, or for the persons whom a table brings into a commission."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import msgspec

from app.domain.dates import day
from app.domain.meeting_file import frozen
from app.domain.records import Attendance, Envelope, Record, RosterEntry
from app.domain.refusals import Refusal
from app.domain.search_text import words
from app.domain.titles import title_of
from app.domain.validation import readable, typed
from app.domain.wording import of
from app.services.changes import Change
from app.services.records import Records
from app.services.translation import translated
from app.storage.unit_of_work import UnitOfWork

Place = Literal["titular_person_id", "alternate_person_id"]

_TITULAR: Place = "titular_person_id"
_ALTERNATE: Place = "alternate_person_id"
_OTHER: dict[Place, Place] = {_TITULAR: _ALTERNATE, _ALTERNATE: _TITULAR}
_GIVEN = {_TITULAR: "siège donné", _ALTERNATE: "suppléance donnée"}
SEATLESS = "sans siège"
_KEPT = {_TITULAR: "garde le siège", _ALTERNATE: "garde la suppléance"}


class Asked(NamedTuple):
    """The place that a line asks for (None: it says none) for a person (None: a new one)."""

    person_id: str | None
    organisation_id: str | None
    place: Place | None


def place_said(said: str) -> Place | None:
    """The place that words such as « Suppléante », « Titulaire (suppléant : X) » or « S » say
    first.
    """
    found = words(said)
    if len(found) == 1 and found[0] in ("t", "s"):
        return _TITULAR if found[0] == "t" else _ALTERNATE
    for word in found:
        if word.startswith("titul") or word == "tit":
            return _TITULAR
        if word.startswith("suppl") or word in ("sup", "supp"):
            return _ALTERNATE
    return None


def succeed(
    records: Records, seat: Record[RosterEntry], fields: Mapping[str, Any], since: str
) -> Record[RosterEntry]:
    """Ends a seat on a day (ISO), and opens on that day the next one, with these fields.

    The meetings before keep who sat. UserError where the seat does not span that day.
    """
    held = seat.fields
    if (held.from_ and since <= held.from_) or (held.until and since >= held.until):
        with translated(records.workspace):
            raise Refusal("choisissez un jour où le siège est occupé.", field="renewed_on")
    opened = {**fields, "organisation_id": held.organisation_id, "from": since}
    changes = [
        Change("roster_entry", {"until": since}, seat.id),
        Change("roster_entry", opened, None, seat.commission_id),
    ]
    return typed(records.put(changes, "Remplacement à un siège")[1])


def correct(
    records: Records, seat: Record[RosterEntry], fields: Mapping[str, Any]
) -> Record[RosterEntry]:
    """Corrects a seat for the meetings before too: what the sheets of those whose minutes are not
    frozen note of who no longer holds it passes to who takes their place, unless noted there too.
    """
    held = msgspec.to_builtins(seat.fields)
    given = {**held, **fields}
    stay = {None, *(given[place] for place in _GIVEN)}
    heirs = {held[place]: given[place] for place in _GIVEN if held[place] not in stay}
    lines: Sequence[Record[Attendance]] = records.list("attendance", roster_entry_id=seat.id)
    noted = {(one.fields.meeting_id, one.fields.person_id) for one in lines}
    changes = [Change("roster_entry", dict(fields), seat.id, over=held)]
    for line in lines:
        heir, meeting_id = heirs.get(line.fields.person_id), line.fields.meeting_id
        minutes = frozen(records.list("minutes", meeting_id=meeting_id)) if heir else None
        if heir and (meeting_id, heir) not in noted and minutes is None:
            changes.append(Change("attendance", {"person_id": heir}, line.id))
    return typed(records.put(changes, "Correction d'un siège")[0])


class Seating:
    """Gives each person a place in a seat of their organisation: the one said, else a titular's.

    A free place is given, else one whose holder the table moves to the other place. A first seat is
    made for an organisation without any, and more until there is one for each titular in the table;
    so a new delegate takes no seat from the one in office, whose line is to come first (`sits`). A
    seat that has ended by today does not count: the next one begins on the day of its end, so that
    the meetings before count the former one alone.

    With a day, the table renews the seats of the organisations that it names: those with a holder
    to whom it does not give the same place end on that day, and the new ones begin. A seat that
    ends by then does not count either.
    """

    def __init__(
        self,
        records: Records,
        seats: Iterable[Envelope],
        asked: Collection[Asked],
        since: str | None,
    ) -> None:
        """`asked` is what the lines to come ask, each person once; `since` an ISO day."""
        self.ended: list[str] = []
        self._records = records
        self._since = since
        self._former: dict[object, Envelope] = {}
        self._leaving = defaultdict[object, list[Envelope]](list)
        self._seats = defaultdict[object, list[Envelope]](list)
        self._sitting: set[object] = set()
        self._to_come = {one.person_id: one.place for one in asked if one.person_id and one.place}
        self._titulars = Counter(one.organisation_id for one in asked if one.place == _TITULAR)
        self._asked = {one.person_id: one.place for one in asked if one.person_id}
        named = {one.organisation_id for one in asked}
        today = records.workspace.clock().date()
        present = max(today, day(since)) if since else today
        for seat in seats:
            until, home = readable(seat).get("until"), seat.fields.get("organisation_id")
            if until and day(until) <= present:
                self._follow(home, seat)
            elif home in named and self._is_renewed(seat):
                self._leaving[home].append(seat)
            else:
                self._seats[home].append(seat)
                self._sitting.update(_holders(seat))

    def _follow(self, home: object, seat: Envelope) -> None:
        """Keeps, of the seats of an organisation that ended, the one that ended last."""
        known = self._former.get(home)
        if known is None or str(known.fields["until"]) < str(seat.fields["until"]):
            self._former[home] = seat

    def _is_renewed(self, seat: Envelope) -> bool:
        """Whether a seat that began before the renewal has a holder who leaves their place."""
        since = self._since
        if not since or (readable(seat).get("from") or "") >= since:
            return False
        return any(
            seat.fields.get(place)
            and self._asked.get(seat.fields[place], _OTHER[place]) not in (None, place)
            for place in _GIVEN
        )

    def sits(self, person_id: str | None) -> bool:
        """Whether a person is titular or alternate of any seat."""
        return person_id is not None and person_id in self._sitting

    def lacking(self, person: Envelope, place: Place | None) -> str:
        """What a person was not given, in words: any seat, or the place said; "" for nothing."""
        if not self.sits(person.id):
            return SEATLESS
        held = self._held(person)
        return "" if place is None or held is None or held[1] == place else _KEPT[held[1]]

    def give(
        self, unit: UnitOfWork, person: Envelope, place: Place | None, beside: str | None = None
    ) -> str:
        """Gives a person a place, and says which in words; "" for none.

        A deputy who is named `beside` a titular gets a place in that titular's seat alone.
        """
        self._to_come.pop(person.id, None)
        organisation_id = person.fields.get("organisation_id")
        self._end(unit, organisation_id)
        held, wanted = self._held(person), place or _TITULAR
        if not organisation_id or (held and (place is None or held[1] == place)):
            return ""
        seats = self._seats[organisation_id]
        if beside:
            seats = [one for one in seats if one.fields.get(_TITULAR) == beside]
            if not seats:
                return ""
        if held and wanted == _ALTERNATE and self._titulars[organisation_id] < len(seats):
            return ""  # nobody would take the seat that is left
        own = held[0] if held else None
        nearest = sorted(seats, key=lambda one: (one is not own, bool(one.fields.get(wanted))))
        seat = next((one for one in nearest if self._free(one, wanted, person)), None)
        if seat is None and len(seats) >= max(1, self._titulars[organisation_id]):
            return ""
        fields: dict[str, object] = {wanted: person.id}
        if held and seat is own:
            fields[held[1]] = None
        elif held:
            self._write(unit, person, own, {held[1]: None})
        self._write(unit, person, seat, fields)
        several = wanted == _ALTERNATE and len(self._seats[organisation_id]) > 1
        whose = self._whose(unit, seat, person) if several else ""
        return f"{_GIVEN[wanted]}{whose}"

    def _end(self, unit: UnitOfWork, home: object) -> None:
        """Ends the seats of an organisation that are renewed."""
        for seat in self._leaving.pop(home, ()):
            titular = unit.get(str(seat.fields.get(_TITULAR) or ""))
            self.ended.append(title_of("person", titular.fields) if titular else "un siège vacant")
            change = Change("roster_entry", {"until": self._since}, seat.id)
            self._follow(home, self._records.write(unit, change))

    def _held(self, person: Envelope) -> tuple[Envelope, Place] | None:
        """The seat of their organisation where a person sits, and their place there."""
        for seat in self._seats[person.fields.get("organisation_id")]:
            for place in _GIVEN:
                if seat.fields.get(place) == person.id:
                    return seat, place
        return None

    def _free(self, seat: Envelope, place: Place, person: Envelope) -> bool:
        """Whether nobody holds a place, or a line to come moves its holder to the other place of
        the seat, which is empty, left by `person`, or emptied by a line to come in the same way.
        """
        holder, other = seat.fields.get(place), _OTHER[place]
        at_other = seat.fields.get(other)
        return not holder or (
            self._to_come.get(holder) == other
            and (at_other in (None, person.id) or self._to_come.get(at_other) == place)
        )

    def _whose(self, unit: UnitOfWork, seat: Envelope | None, person: Envelope) -> str:
        """« auprès de Zoé Roy », the titular, who stays, of the seat where a person deputises."""
        holder = seat.fields.get(_TITULAR) if seat else None
        leaves = holder == person.id or self._to_come.get(str(holder)) == _ALTERNATE
        titular = unit.get(str(holder)) if holder and not leaves else None
        return f" auprès {of(title_of('person', titular.fields))}" if titular else ""

    def _write(
        self,
        unit: UnitOfWork,
        person: Envelope,
        seat: Envelope | None,
        fields: Mapping[str, object],
    ) -> None:
        """Writes who sits in a seat of a person's organisation, or a new one where it is None."""
        home = person.fields.get("organisation_id")
        seats, former = self._seats[home], self._former.get(home)
        given = {**fields, "organisation_id": home}
        if seat is None and self._since:
            given["from"] = self._since
        if seat is None and former:
            given = {"from": former.fields["until"], **given, "voting": readable(former)["voting"]}
        seat_id, space = (seat.id, "") if seat else (None, person.commission_id)
        after = self._records.write(unit, Change("roster_entry", given, seat_id, space))
        if seat:
            seats[seats.index(seat)] = after
            self._sitting.difference_update(_holders(seat))
        else:
            seats.append(after)
        self._sitting.update(_holders(after))


def _holders(seat: Envelope) -> tuple[object, object]:
    return seat.fields.get(_TITULAR), seat.fields.get(_ALTERNATE)
