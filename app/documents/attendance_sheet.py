"""The attendance sheet to sign: members with their proxies, then room for others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.documents.convocations import convened, members
from app.documents.document import Document, Letterhead
from app.documents.masthead import finished, masthead, open_paper
from app.documents.meeting_parts import meeting_values
from app.documents.meeting_words import iso_day, lowered, planned_title
from app.documents.pdf.paper import Paper
from app.documents.pdf.styles import MM
from app.documents.pdf.table import Column
from app.documents.pdf.text import Content, Run
from app.documents.people import People
from app.documents.templates import arrange, shipped
from app.domain import attendance
from app.domain.dates import PARIS
from app.domain.document_templates import Template
from app.domain.meeting_file import MeetingFile
from app.domain.meeting_state import MeetingState
from app.domain.names import person_name
from app.domain.records import Record, RosterEntry

LARGE = 1.3
"""How much large print enlarges."""

_SIGNING = 15 * MM
_BLANK_ROWS = 6
_SIGNATURE = Column("Signature", 42)


def attendance_sheet(
    file: MeetingFile, letterhead: Letterhead, made_at: datetime, *, large: bool = False,
    template: Template | None = None,
) -> Document:  # fmt: skip
    """The sheet of a meeting as a PDF, in large print on demand; without a template it follows the
    shipped one.
    """
    people = People(MeetingState(file))
    name, meeting = file.commission.fields.name, file.meeting.fields
    title = planned_title(meeting)
    paper = open_paper(
        letterhead, f"Feuille d'émargement, {lowered(title)}, {name}", made_at,
        subject=f"Feuille d'émargement : {name}",
        head=f"Feuille d'émargement, {lowered(title)} – {name}", scale=LARGE if large else 1,
    )  # fmt: skip
    masthead(paper, letterhead, name, "Feuille d'émargement", title)
    if meeting.place.strip():
        paper.facts([("Lieu", meeting.place)])
    entries = members(people, made_at.astimezone(PARIS).date())
    voting = [entry for entry in entries if entry.fields.voting]
    others = [entry for entry in entries if not entry.fields.voting]
    height = _SIGNING * (LARGE if large else 1)
    arrange(
        paper,
        template or shipped("attendance-sheet"),
        meeting_values(people, letterhead, made_at),
        {
            "members": lambda heading: _members(paper, people, voting, heading, height),
            "others": lambda heading: _others(paper, people, others, heading, height),
        },
        indent=0,
    )
    return finished(paper, "feuille-d-emargement", iso_day(meeting), name)


def _members(
    paper: Paper, people: People, seats: Sequence[Record[RosterEntry]], heading: str, height: float
) -> None:
    rows = [_row(people, entry) for entry in seats]
    if not rows:
        paper.text("Aucun siège n'est pourvu à cette date.")
        return
    paper.heading(2, f"{heading} ({len(rows)})", indent=0)
    columns = [Column("Collectivité", 32), Column("Nom et qualité", 38), Column("Pouvoir", 30)]
    caption = "Membres, avec leurs pouvoirs"
    paper.table([*columns, _SIGNATURE], rows, caption=caption, row_height=height, grid=True)


def _others(
    paper: Paper, people: People, others: Sequence[Record[RosterEntry]], heading: str, height: float
) -> None:
    """Those convened without a vote, then room for who comes besides."""
    paper.heading(2, heading, indent=0)
    rows = [row for row in (_other(people, entry) for entry in others) if any(row)]
    blank = [[" ", " ", " ", " "] for _ in range(_BLANK_ROWS)]
    columns = [Column("Nom", 38), Column("Collectivité", 32), Column("Qualité", 30), _SIGNATURE]
    paper.table(columns, [*rows, *blank], caption=heading, row_height=height, grid=True)


def _other(people: People, entry: Record[RosterEntry]) -> list[str]:
    """Who is convened, as far as it is known."""
    person, place = convened(people, entry), people.place(entry.fields.organisation_id)
    return [person_name(person), place, person.fields.role, ""] if person else ["", place, "", ""]


def _row(people: People, entry: Record[RosterEntry]) -> list[Content]:
    fields = entry.fields
    titular = people.person(fields.titular_person_id)
    names: list[str | Run] = [Run(person_name(titular) if titular else "", bold=True)]
    if role := people.role(fields.titular_person_id):
        names.append(f", {role}")
    alternate = people.person(fields.alternate_person_id)
    if alternate and attendance.is_alternate(alternate.id, fields):
        names.append(f"\nSuppléance : {person_name(alternate)}")
    return [people.place(fields.organisation_id), names, "\n".join(_proxies(people, entry.id)), ""]


def _proxies(people: People, entry_id: str) -> list[str]:
    """The proxies given and received so far, the revoked ones aside."""
    lines = []
    for proxy in people.file.proxies:
        fields = proxy.fields
        if fields.revoked_at:
            continue
        if fields.giver_entry_id == entry_id:
            lines.append(f"donné à {people.state.names.seat(fields.holder_entry_id)}")
        elif fields.holder_entry_id == entry_id:
            lines.append(f"reçu {people.state.names.of_seat(fields.giver_entry_id)}")
    return lines
