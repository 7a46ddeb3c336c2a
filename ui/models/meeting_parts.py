"""The records of a meeting whose history can be read, each with its words."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.meeting_state import MeetingState
from app.domain.names import Names, item_name
from app.domain.records import Minutes, Record


def history_parts(state: MeetingState) -> list[tuple[str, str]]:
    """The meeting first, each item with what came of it, who was there, and its papers."""
    file, names = state.file, Names(state.file)
    parts = [(file.meeting.id, "La séance")]
    for item in file.items:
        words = item_name(item)
        parts.append((item.id, words))
        for kind, found in (
            ("vote", file.ballots),
            ("décision", file.decisions),
            ("suite à donner", file.actions),
        ):
            mine = [one for one in found if one.fields.agenda_item_id == item.id]
            parts += [
                (one.id, f"{words}, {kind}" if len(mine) == 1 else f"{words}, {kind} {rank}")
                for rank, one in enumerate(mine, 1)
            ]
    for attendance in file.attendances:
        fields = attendance.fields
        who = (
            names.seat(fields.roster_entry_id)
            if fields.roster_entry_id
            else names.person(fields.person_id)
        )
        parts.append((attendance.id, f"Présence : {who}"))
    for proxy in file.proxies:
        giver, holder = (
            names.seat(entry)
            for entry in (proxy.fields.giver_entry_id, proxy.fields.holder_entry_id)
        )
        parts.append((proxy.id, f"Pouvoir : {giver} à {holder}"))
    for convocation in file.convocations:
        parts.append(
            (convocation.id, f"Convocation : {names.person(convocation.fields.person_id)}")
        )
    addenda = names_of([one for one in file.minutes if one.fields.addendum_to_id])
    parts += [(one.id, addenda.get(one.id, "Procès-verbal")) for one in file.minutes]
    return parts


def names_of(addenda: Sequence[Record[Minutes]]) -> dict[str, str]:
    """The name of each addendum, by its id: « Additif n° 1 », « Projet d'additif (1 sur 2) ».

    Two may have been frozen under one number, on two laptops.
    """
    called: dict[str, list[str]] = {}
    for one in addenda:
        number = f"Additif n° {one.fields.number}"
        called.setdefault(number if one.fields.frozen_at else "Projet d'additif", []).append(one.id)
    return {
        addendum_id: f"{name} ({rank} sur {len(ids)})" if len(ids) > 1 else name
        for name, ids in called.items()
        for rank, addendum_id in enumerate(ids, 1)
    }
