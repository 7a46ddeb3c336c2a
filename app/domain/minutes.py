"""The checklist of the minutes: what a French procès-verbal still lacks (CGCT L2121-15)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from app.domain import attendance, ballots, hours
from app.domain.field_words import field_words
from app.domain.findings import Finding
from app.domain.formatted_text import unmarked
from app.domain.frozen import held_fields
from app.domain.meeting_file import MeetingFile
from app.domain.meeting_state import MeetingState
from app.domain.names import item_name
from app.domain.records import (
    KINDS,
    AgendaItem,
    Attendance,
    Ballot,
    Interval,
    Minutes,
    Person,
    Record,
    RosterEntry,
)
from app.domain.search_text import fold, spaced
from app.domain.titles import label_of
from app.domain.wording import capitalised, listed

_PHONE = 9
"""How many last digits of a telephone number are compared: the same after « +33 » and « 0 »."""

_PRESIDES = re.compile(r"\bpresid(?:e|ee|ence)\b")
"""What folded notes hold when they say who presides; « la présidente se retire » is not found."""


def in_order(addenda: Iterable[Record[Minutes]]) -> list[Record[Minutes]]:
    """The addenda to the minutes of a meeting: those frozen by number, then the drafts."""
    return sorted(
        addenda, key=lambda one: (one.fields.frozen_at is None, one.fields.number or 0, one.id)
    )


def checklist(state: MeetingState) -> list[Finding]:
    """What is missing, the meeting first, then each item of the agenda with what hangs on it."""
    found = [*_newer(state.file), *_meeting(state), *_attendance(state), *hours.out_of_order(state)]
    if not state.file.items:
        found.append(Finding("Séance : l'ordre du jour est vide.", state.file.meeting.id))
    for item in state.file.items:
        if not item.fields.withdrawn:
            found += _item(state, item)
    found += [*_numbers(state), *_decisions(state), *_actions(state), *_needs(state)]
    return [*found, *_undecided(state), *_addenda(state)]


def _undecided(state: MeetingState) -> Iterator[Finding]:
    """Open conflicts about what the minutes hold: frozen now, these would leave out one version.

    The finding is about the conflict, which the user must decide, not about its record.
    """
    for conflict in state.file.conflicts:
        kind, unit = conflict.fields.record_kind, conflict.fields.unit
        fields = KINDS[kind].units.get(unit, (unit,)) if kind in KINDS else ()
        if not held_fields(kind, set(fields)):
            continue
        item = state.items.get(conflict.fields.record_id or "")
        name = item_name(item) if item else capitalised(label_of(kind))
        what = "" if unit == "deleted" or len(fields) > 1 else f" ({field_words(unit)})"
        yield Finding(f"{name} : deux versions restent à départager{what}.", conflict.id)


def _newer(file: MeetingFile) -> Iterator[Finding]:
    """Fields that a newer program wrote and this one cannot read: they may change every count."""
    records: tuple[Record[Any], ...] = (
        file.commission, file.meeting, *file.items, *file.roster, *file.attendances,
        *file.proxies, *file.ballots, *file.decisions, *file.actions, *file.needs,
    )  # fmt: skip
    for record in records:
        for field in record.unread:
            label = capitalised(label_of(record.fields.kind_name))
            yield Finding(
                f"{label} : « {field_words(field)} » vient d'une version plus récente du programme"
                " et ne peut être lu ici, mettez le programme à jour.",
                record.id,
                field,
            )


def _meeting(state: MeetingState) -> Iterator[Finding]:
    meeting = state.file.meeting
    fields = meeting.fields
    led = not state.gathered_nobody
    chair = fields.chair_person_id
    lacks = (
        (state.opening is None, "la date", "starts_at"),
        (not fields.place.strip(), "le lieu", "place"),
        (fields.opened_at is None, "l'heure d'ouverture", "opened_at"),
        (fields.closed_at is None, "l'heure de clôture", "closed_at"),
        (led and chair is None, "le nom du président de séance", "chair_person_id"),
        (led and not fields.secretary_ids, "le nom du secrétaire de séance", "secretary_ids"),
        (
            fields.emergency and not fields.emergency_reason.strip(),
            "le motif de l'urgence",
            "emergency_reason",
        ),
    )
    for lacking, what, field in lacks:
        if lacking:
            yield Finding(f"Séance : {what} manque.", meeting.id, field)


def unlisted(state: MeetingState) -> list[Finding]:
    """Each seat of which the sheet says nothing: neither present, represented, excused nor absent.

    They come by organisation, then by name.
    """
    day = attendance.meeting_day(state.file.meeting.fields)
    noted = attendance.told_seats(state.file.attendances, state.file.roster)
    proxies = (proxy.fields for proxy in state.file.proxies)
    noted |= {proxy.giver_entry_id for proxy in proxies if not proxy.revoked_at}
    noted |= {giver for moment in state.moments() for giver in moment.represented}
    missing = [
        entry
        for entry in state.file.roster
        if day and attendance.in_office(entry.fields, day) and entry.id not in noted
    ]
    return [
        Finding(f"Présences : {state.names.seat(entry.id)} n'est pas sur la feuille.", entry.id)
        for entry in sorted(missing, key=lambda one: _place(state, one))
    ]


def _attendance(state: MeetingState) -> Iterator[Finding]:
    """Seats missing from the sheet, persons on a seat that is not theirs, nobody named on a seat
    of a roster that names some, what is there twice.
    """
    yield from unlisted(state)
    entries = {entry.id: entry.fields for entry in state.file.roster}
    are_named = any(entry.titular_person_id for entry in entries.values())
    for sheet in state.file.attendances:
        seat_entry = entries.get(sheet.fields.roster_entry_id or "")
        if seat_entry and attendance.is_stranger(sheet.fields.person_id, seat_entry):
            person = state.names.person(sheet.fields.person_id)
            seat = state.names.of_seat(sheet.fields.roster_entry_id)
            yield Finding(
                f"Présences : {person} n'est ni titulaire ni suppléant du siège {seat},"
                " sa présence ne compte pas.",
                sheet.id,
                "person_id",
            )
        elif seat_entry and are_named and _is_unnamed(sheet.fields, seat_entry):
            seat = state.names.of_seat(sheet.fields.roster_entry_id)
            yield Finding(
                f"Présences : le siège {seat} est noté présent sans nom ; donnez-lui un titulaire,"
                " dans la fiche de la collectivité, ou notez-le absent.",
                sheet.id,
                "person_id",
            )
    yield from _told_twice(state)
    yield from _seated_twice(state)


def _is_unnamed(sheet: Attendance, entry: RosterEntry) -> bool:
    """Whether a line notes somebody present on a seat without saying who."""
    return sheet.status == "present" and not (sheet.person_id or entry.titular_person_id)


def _place(state: MeetingState, entry: Record[RosterEntry]) -> tuple[str, str]:
    """Where a seat stands on the sheet: by organisation, then by name."""
    organisation = state.file.organisations.get(entry.fields.organisation_id or "")
    name = organisation.fields.name if organisation else ""
    return fold(name), fold(state.names.seat(entry.id))


def _told_twice(state: MeetingState) -> Iterator[Finding]:
    """Two laptops may each have noted a presence, and differently."""
    titulars = {entry.id: entry.fields.titular_person_id for entry in state.file.roster}
    told: dict[tuple[str | None, str | None], set[tuple[str, tuple[float | None, ...]]]] = {}
    for sheet in state.file.attendances:
        fields = sheet.fields
        entry_id = fields.roster_entry_id
        person_id = fields.person_id or titulars.get(entry_id or "")
        if entry_id is None and person_id is None:
            continue  # guests without a name are not one person
        known = told.setdefault((entry_id, person_id), set())
        ends = [
            at for stay in fields.intervals or (Interval(),) for at in (stay.arrived, stay.left)
        ]
        known.add((fields.status, tuple(attendance.seconds(at) if at else None for at in ends)))
        if len(known) == 2:
            names = state.names
            who = names.seat(entry_id, person_id) if entry_id else names.person(person_id)
            yield Finding(
                f"Présences : {who} est deux fois sur la feuille, et différemment ; notez à"
                " nouveau sa présence.",
                sheet.id,
                "status",
            )


def _seated_twice(state: MeetingState) -> Iterator[Finding]:
    """Two laptops may each have given somebody the seat that they hold; both count."""
    day = attendance.meeting_day(state.file.meeting.fields)
    seated: dict[str | None, list[Record[Person]]] = {}
    for entry in state.file.roster:
        holder = state.file.persons.get(entry.fields.titular_person_id or "")
        if holder is None or day is None or not attendance.in_office(entry.fields, day):
            continue
        known = seated.setdefault(entry.fields.organisation_id, [])
        if any(_may_be_one(holder, other) for other in known):
            yield Finding(
                f"Présences : {state.names.seat(entry.id)} a deux sièges, qui comptent tous deux au"
                " quorum ; supprimez l'un ou donnez-lui une date de fin, dans la fiche de la"
                " collectivité, ou notez à chacun son courriel s'il s'agit de deux homonymes.",
                entry.id,
            )
        known.append(holder)


def _may_be_one(one: Record[Person], other: Record[Person]) -> bool:
    """Whether two laptops may have written one person twice: namesakes of the same contacts."""
    mine, theirs = one.fields, other.fields
    names = {spaced(f"{each.first_name} {each.last_name}") for each in (mine, theirs)}
    emails = [fold(each.email).strip() for each in (mine, theirs)]
    phones = [re.sub(r"\D", "", each.phone)[-_PHONE:] for each in (mine, theirs)]
    apart = any(here and there and here != there for here, there in (emails, phones))
    return one.id == other.id or (len(names) == 1 and names != {""} and not apart)


def _item(state: MeetingState, item: Record[AgendaItem]) -> Iterator[Finding]:
    name = item_name(item)
    held = state.ballots_of.get(item.id, [])
    if not item.fields.title.strip():
        yield Finding(f"{name} : l'intitulé manque.", item.id, "title")
    if state.gathered_nobody:
        return  # there was nobody to hear it
    unreached = state.is_unreached(item)
    if unreached and state.came_to_nothing and state.profile == "deliberative":
        return  # it could not deliberate
    if item.fields.started_at is None:
        yield Finding(
            f"{name} : l'heure de début manque, le quorum est jugé à l'ouverture de la séance.",
            item.id,
            "started_at",
        )
    if not _has_substance(state, item):
        so = ", le procès-verbal dira « Point non abordé »" if unreached else ""
        if unreached and state.profile == "deliberative":
            so += " ; s'il est reporté, retirez-le de l'ordre du jour"
        yield Finding(f"{name} : la teneur des échanges manque{so}.", item.id, "notes")
    if item.fields.kind == "decision" and not held and not _is_decided(state, item):
        yield Finding(f"{name} : il n'y a ni vote ni décision.", item.id)
    for ballot in held:
        yield from _ballot(state, ballot, name)


def without_chair(state: MeetingState) -> list[Finding]:
    """The items on which the chair takes no part, in the room or out of it, and whose notes do not
    say who presides.

    Only the window asks for it, as no field holds it: a word in the notes has to tell.
    """
    chair_id = state.file.meeting.fields.chair_person_id
    titulars = {entry.id: entry.fields.titular_person_id for entry in state.file.roster}
    apart = {
        exclusion.item_id
        for sheet in (one.fields for one in state.file.attendances)
        if chair_id and chair_id == (sheet.person_id or titulars.get(sheet.roster_entry_id or ""))
        for exclusion in sheet.exclusions
    }
    found = []
    for item in state.file.items:
        told = _PRESIDES.search(fold(item.fields.notes)) or state.is_unreached(item)
        if item.id in apart and not told and not item.fields.withdrawn:
            found.append(
                Finding(
                    f"{item_name(item)} : la présidence se déporte, notez qui l'assure (« La"
                    " présidence est assurée par… »).",
                    item.id,
                    "notes",
                )
            )
    return found


def _has_substance(state: MeetingState, item: Record[AgendaItem]) -> bool:
    """Whether something is said of the item; an opening, or an approval voted on, needs no more."""
    return (
        bool(item.fields.notes.strip())
        or item.fields.kind == "opening"
        or (item.fields.kind == "approval" and item.id in state.ballots_of)
        or any(need.fields.agenda_item_id == item.id for need in state.file.needs)
    )


def _is_decided(state: MeetingState, item: Record[AgendaItem]) -> bool:
    return any(decision.fields.agenda_item_id == item.id for decision in state.file.decisions)


def _ballot(state: MeetingState, ballot: Record[Ballot], item: str) -> Iterator[Finding]:
    name, fields = f"{item}, vote", ballot.fields
    if not fields.question.strip():
        yield Finding(f"{name} : la question posée manque.", ballot.id, "question")
    if fields.held_at is None:
        yield Finding(
            f"{name} : l'heure du vote manque, le quorum est jugé au début du point.",
            ballot.id,
            "held_at",
        )
    if not ballots.is_entered(fields):
        yield Finding(f"{name} : les voix ne sont pas saisies.", ballot.id, "for_count")
    voters = state.ballot(ballot).voters(fields)
    outside = [state.names.seat(entry_id) for entry_id in fields.votes if entry_id not in voters]
    if outside:
        yield Finding(
            f"{name} : un vote est noté pour {listed(outside)}, sans voix à ce moment.",
            ballot.id,
            "votes",
        )


def _numbers(state: MeetingState) -> Iterator[Finding]:
    """Two laptops may have added the same number; the sync settles it."""
    seen: set[str] = set()
    for item in state.file.items:
        number = item.fields.number
        if number and number in seen:
            yield Finding(f"Ordre du jour : deux points portent le numéro {number}.", item.id)
        seen.add(number)


def _addenda(state: MeetingState) -> Iterator[Finding]:
    """Two laptops may each have frozen an addendum under one number, which both papers now bear."""
    seen = set[tuple[str | None, int | None]]()
    for one in state.file.minutes:
        fields = one.fields
        if fields.addendum_to_id and fields.frozen_at:
            if (fields.addendum_to_id, fields.number) in seen:
                yield Finding(
                    f"Additifs : deux portent le numéro {fields.number}, nommez-les par leur date"
                    " de gel.",
                    one.id,
                )
            seen.add((fields.addendum_to_id, fields.number))


def _decisions(state: MeetingState) -> Iterator[Finding]:
    for decision in state.file.decisions:
        if not decision.fields.text.strip():
            yield Finding("Décision : le texte manque.", decision.id, "text")


def _actions(state: MeetingState) -> Iterator[Finding]:
    for action in state.file.actions:
        fields = action.fields
        name = f"Suite à donner « {unmarked(fields.text.strip()) or 'sans texte'} »"
        if not fields.text.strip():
            yield Finding(f"{name} : ce qui est à faire manque.", action.id, "text")
        if not fields.owner.strip() and fields.owner_organisation_id is None:
            yield Finding(f"{name} : le responsable manque.", action.id, "owner")
        if fields.due_on is None:
            yield Finding(f"{name} : l'échéance manque.", action.id, "due_on")


def _needs(state: MeetingState) -> Iterator[Finding]:
    for need in state.file.needs:
        title = need.fields.title.strip()
        if not title:
            yield Finding("Besoin : le titre manque.", need.id, "title")
        if not need.fields.words.strip():
            name = f"Besoin « {title or 'sans titre'} »"
            yield Finding(
                f"{name} : les mots de la personne qui l'a exprimé manquent.", need.id, "words"
            )
