"""How many take part in each solution of the region, over the commitments of every commission."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, or_, select

from app.central.held import Held, load, read_known
from app.central.reference import shipped
from app.central.schema import publications, standings
from app.domain.canonical import MAX_INTEGER
from app.domain.records import REGION, reference_id
from app.sync.protocol import Kind, Named, Uuid, Whole

KIND = "solution_tally"


# A record that a newer schema wrote otherwise is read as empty, so that the others still count.


class _Commitment(msgspec.Struct):
    solution_id: Uuid | None = None
    organisation_id: Uuid | None = None
    intention: Kind = "interested"
    units: Whole | None = None
    on: Named | None = None


class _Solution(msgspec.Struct):
    published_as_id: Uuid | None = None


class _Organisation(msgspec.Struct):
    population: Whole | None = None


def derive(
    connection: Connection, found: Sequence[Held]
) -> list[tuple[str, str, dict[str, Any] | None]]:
    """(kind, id, fields) of the tally of each solution of the region that the records touch."""
    touched = _note_standings(connection, [one for one in found if one.kind == "commitment"])
    touched |= _taking_part(connection, [one.id for one in found if one.kind == "organisation"])
    published = _note_publications(connection, [one for one in found if one.kind == "solution"])
    if touched:
        of_these = publications.c.solution_id.in_(touched)
        query = select(publications.c.published_as_id).where(of_these)
        published |= set(connection.execute(query).scalars())
    regional = load(connection, touched | published)
    return [
        (
            KIND,
            reference_id(KIND, solution.id),
            _tally(connection, solution),
        )
        for solution in sorted(regional.values(), key=lambda one: one.id)
        if solution.space == REGION and solution.kind == "solution"
    ]


def _note_standings(connection: Connection, commitments: Sequence[Held]) -> set[str]:
    """Keeps each commitment's standing; gives the solutions concerned, former ones included."""
    if not commitments:
        return set()
    of_these = standings.c.commitment_id.in_([one.id for one in commitments])
    touched = set(connection.execute(select(standings.c.solution_id).where(of_these)).scalars())
    if touched:
        connection.execute(delete(standings).where(of_these))
    rows = []
    for held in commitments:
        fields = read_known(held, _Commitment)
        if held.deleted or fields.solution_id is None or fields.organisation_id is None:
            continue
        rows.append(
            {
                "commitment_id": held.id,
                "solution_id": fields.solution_id,
                "organisation_id": fields.organisation_id,
                "since": fields.on or "",
                "units": fields.units,
                "takes_part": fields.intention != "declined",
            }
        )
    if rows:
        connection.execute(standings.insert(), rows)
    return touched | {str(row["solution_id"]) for row in rows}


def _taking_part(connection: Connection, organisations: Sequence[str]) -> set[str]:
    """The solutions to which these organisations have a standing."""
    if not organisations:
        return set()
    query = select(standings.c.solution_id).where(standings.c.organisation_id.in_(organisations))
    return set(connection.execute(query).scalars())


def _note_publications(connection: Connection, solutions: Sequence[Held]) -> set[str]:
    """Keeps what each commission's solution is published as; gives the solutions concerned."""
    if not solutions:
        return set()
    of_these = publications.c.solution_id.in_([one.id for one in solutions])
    touched = set(
        connection.execute(select(publications.c.published_as_id).where(of_these)).scalars()
    )
    if touched:
        connection.execute(delete(publications).where(of_these))
    rows = [
        {"solution_id": held.id, "published_as_id": target}
        for held in solutions
        if not held.deleted and (target := read_known(held, _Solution).published_as_id)
    ]
    if rows:
        connection.execute(publications.insert(), rows)
    regional = {held.id for held in solutions if held.space == REGION}
    return touched | regional | {row["published_as_id"] for row in rows}


def _tally(connection: Connection, solution: Held) -> dict[str, Any] | None:
    """The tally's fields; of the commitments of one organisation the latest counts.

    Units that it does not state are those of the one before.
    """
    if solution.deleted:
        return None
    origins = select(publications.c.solution_id).where(
        publications.c.published_as_id == solution.id
    )
    query = (
        select(standings)
        .where(or_(standings.c.solution_id == solution.id, standings.c.solution_id.in_(origins)))
        .order_by(standings.c.since, standings.c.commitment_id)
    )
    latest: dict[str, Any] = {}
    units: dict[str, int] = {}
    for row in connection.execute(query):
        latest[row.organisation_id] = row
        if row.units is not None:
            units[row.organisation_id] = row.units
    taking_part = [row for row in latest.values() if row.takes_part]
    populations = _populations(connection, [row.organisation_id for row in taking_part])
    return {
        "solution_id": solution.id,
        "participants": len(taking_part),
        "population": _total(populations),
        "units": _total(units.get(row.organisation_id, 0) for row in taking_part),
    }


def _populations(connection: Connection, ids: Iterable[str]) -> list[int]:
    """The populations entered at the central, else those of the shipped reference, else 0."""
    entered = load(connection, ids)
    return [
        read_known(entered[one], _Organisation).population or 0
        if one in entered and entered[one].space == REGION
        else (shipped(one) or {}).get("population", 0)
        for one in ids
    ]


def _total(counts: Iterable[int]) -> int:
    """Their sum, at most the largest integer that JSON writes exactly."""
    return min(sum(counts), MAX_INTEGER)
