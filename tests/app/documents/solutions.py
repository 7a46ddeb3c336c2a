"""A solution whose papers are tested, with so many communes taking part."""

from __future__ import annotations

from typing import Any

from app.documents.needs_report import Needs
from app.documents.solution_sheet import SolutionFile
from app.domain.records import (
    Audience,
    Commitment,
    Need,
    Organisation,
    Person,
    Record,
    Solution,
    WatchNote,
)
from tests.app.documents.meetings import NOTES, ODD, PLACES
from tests.app.domain.builders import record, uid

PLAN = {
    "years": 4, "vat_rate": "0.20", "exempt_below_population": 500, "subsidy_cents": 150000,
    "key": {"kind": "population"},
    "offers": [
        {"id": "A", "supplier": "Bourgogne Sauvegarde", "tiers": [
            {"from_participants": 1, "setup_cents": 120000, "yearly_cents": 90000,
             "setup_per_participant_cents": 5000, "yearly_per_participant_cents": 12000},
            {"from_participants": 15, "setup_cents": 120000,
             "yearly_per_participant_cents": 9000}]},
        {"id": "B", "supplier": "Nuage de l'Est", "tiers": [
            {"from_participants": 1, "setup_cents": 60000, "yearly_cents": 150000}]},
    ],
}  # fmt: skip


def communes(number: int) -> dict[str, Record[Organisation]]:
    found = {}
    for place in range(number):
        name = (
            PLACES[place]
            if place < len(PLACES)
            else f"Commune {place} {ODD if place == 20 else ''}"
        )
        fields = Organisation(
            name=name.strip(), insee_code=f"{21001 + place}", population=150 + 97 * place,
            address=f"1, rue Haute\n21700 {name[:30]}", department="21",
        )  # fmt: skip
        found[uid(f"organisation {place}")] = record(fields, uid(f"organisation {place}"), None)
    return found


def need(number: int, **fields: Any) -> Record[Need]:
    given: dict[str, Any] = {
        "title": f"Sauvegarder hors de la mairie ({number})", "words": NOTES[:200],
        "theme": "backup",
        "severity": 1 + number % 4, "organisation_ids": (uid(f"organisation {number % 12}"),),
        "speaker_person_id": uid("speaker"),
    }  # fmt: skip
    return record(Need(**(given | fields)), uid(f"need {number}"))


def solution_file(participants: int, needs: int = 2) -> SolutionFile:
    organisations = communes(max(participants, 12))
    fields = Solution(
        title="Sauvegarde mutualisée", description=NOTES, provider="à choisir",
        route="group_purchase", status="favourable", plan=PLAN, answer="Le GIP étudie l'offre.",
        answered_on="2027-03-01",
    )  # fmt: skip
    commitments = [
        record(
            Commitment(
                solution_id=uid("solution"), organisation_id=uid(f"organisation {place}"),
                intention="committed" if place % 3 == 0 else "interested", on="2027-03-19",
                alone_cents=60000 if place == 1 else None,
                act_reference=f"2027-{place:03}" if place % 3 == 0 else "",
            ),
            uid(f"commitment {place}"),
        )
        for place in range(participants)
    ]  # fmt: skip
    return SolutionFile(
        record(fields, uid("solution")), "Pays de Nuits", [need(n) for n in range(needs)],
        commitments, organisations,
    )  # fmt: skip


def needs(number: int) -> Needs:
    speaker = Person(first_name="Zoé", last_name="L'Hôte", role="adjointe")
    return Needs(
        "Pays de Nuits",
        [
            need(
                n, theme=("backup", "websites", None)[n % 3],
                status=("raised", "answered", "set_aside")[n % 3],
                reason="hors du champ" * (n % 3 == 2),
                solution_id=uid("solution") if n % 3 == 1 else None,
            )
            for n in range(number)
        ],
        {"backup": "Sauvegarde", "websites": "Sites internet"},
        {uid("speaker"): record(speaker, uid("speaker"))},
        communes(12),
        {uid("solution"): solution_file(1).solution},
    )  # fmt: skip


def notes(number: int) -> list[Record[WatchNote]]:
    return [
        record(
            WatchNote(
                title=f"Signaler un incident de sécurité {place}", body=NOTES,
                todo="Désigner un référent.", reference="Décret n° 2027-112",
                url="https://cyber.gouv.fr/incident",
                level=("obligation", "information")[place % 2],
                published_on="2027-02-02", deadline_on="2027-06-30" if place % 2 else None,
                audience=Audience(population_from=500) if place % 3 else Audience(),
            ),
            uid(f"note {place}"), None,
        )
        for place in range(number)
    ]  # fmt: skip
