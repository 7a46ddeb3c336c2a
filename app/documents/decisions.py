"""The relevé de décisions: what was voted, decided and left to do, without the discussion."""

from __future__ import annotations

from datetime import datetime

from app.documents.document import Document, Letterhead
from app.documents.items import ItemWriter
from app.documents.masthead import finished, masthead, open_paper
from app.documents.meeting_parts import meeting_facts, meeting_values, write_actions
from app.documents.meeting_words import iso_day, lowered, meeting_title
from app.documents.pdf.paper import Paper
from app.documents.people import People
from app.documents.templates import arrange, shipped
from app.domain.document_templates import Template
from app.domain.meeting_file import MeetingFile
from app.domain.meeting_state import MeetingState
from app.domain.minutes_content import as_frozen


def decisions(
    file: MeetingFile, letterhead: Letterhead, made_at: datetime, template: Template | None = None
) -> Document:
    """The decisions of a meeting as a PDF; without a template it follows the shipped one.

    Once the minutes are frozen it says what they say, whatever became of it since.
    """
    file = as_frozen(file)
    people = People(MeetingState(file))
    name = file.commission.fields.name
    title = meeting_title(file.meeting.fields)
    paper = open_paper(
        letterhead, f"Relevé de décisions, {lowered(title)}, {name}", made_at,
        subject=f"Relevé de décisions : {name}",
        head=f"Relevé de décisions, {lowered(title)} – {name}",
    )  # fmt: skip
    masthead(paper, letterhead, name, "Relevé de décisions", title)
    facts = meeting_facts(people)
    facts.append(("À l'ouverture", people.state.opening_quorum.sentence))
    paper.facts(facts)
    paper.contents()
    arrange(
        paper,
        template or shipped("decisions"),
        meeting_values(people, letterhead, made_at),
        {
            "items": lambda heading: _items(paper, people),
            "actions": lambda heading: write_actions(paper, people, heading),
        },
    )
    return finished(paper, "releve-de-decisions", iso_day(file.meeting.fields), name)


def _items(paper: Paper, people: People) -> None:
    file = people.file
    settled = set(people.state.ballots_of)
    settled |= {one.fields.agenda_item_id or "" for one in file.decisions}
    settled |= {one.fields.agenda_item_id or "" for one in file.actions}
    writer = ItemWriter(paper, people)
    for item in file.items:
        if item.id in settled:
            writer.heading(item)
            writer.room(item)
            writer.outcome(item)
    if not settled:
        paper.text("Aucun vote, aucune décision et aucune suite à donner n'ont été notés.")
