"""A numbered correction of frozen minutes: what it replaces, by what, and why."""

from __future__ import annotations

from datetime import datetime

from app.documents.document import Document, Letterhead
from app.documents.formatted import write_formatted
from app.documents.masthead import finished, masthead, open_paper
from app.documents.meeting_parts import meeting_values
from app.documents.meeting_words import iso_day, lowered, meeting_title
from app.documents.pdf.paper import Paper
from app.documents.people import People
from app.documents.seal import Seal, sealed_file, sealing_foot
from app.documents.templates import Part, arrange, shipped
from app.domain import wording
from app.domain.document_templates import Template
from app.domain.meeting_file import MeetingFile
from app.domain.meeting_state import MeetingState
from app.domain.records import Minutes, Record


def addendum(
    file: MeetingFile, correction: Record[Minutes], corrected: Record[Minutes],
    letterhead: Letterhead, made_at: datetime, *, seal: Seal | None = None,
    template: Template | None = None,
) -> Document:  # fmt: skip
    """The addendum to minutes as a PDF; without a template it follows the shipped one."""
    fields, name = correction.fields, file.commission.fields.name
    # the freeze alone gives the number
    number = str(fields.number or "") if seal or fields.frozen_at else ""
    kind = f"Additif n° {number}" if number else "Projet d'additif"
    title = f"{kind} au procès-verbal"
    meeting = meeting_title(file.meeting.fields)
    paper = open_paper(
        letterhead, f"{title}, {lowered(meeting)}, {name}", made_at,
        subject=f"{title} : {name}", head=f"{title}, {lowered(meeting)} – {name}",
        files=sealed_file(seal, "additif.json"),
    )  # fmt: skip
    masthead(paper, letterhead, name, title, meeting)
    frozen = corrected.fields.frozen_at
    facts = [
        ("Procès-verbal", f"gelé le {wording.day_and_hour(frozen)}" if frozen else "non gelé"),
        ("Son empreinte", corrected.fields.content_sha256 or ""),
    ]
    paper.facts([fact for fact in facts if fact[1]])
    values = meeting_values(People(MeetingState(file)), letterhead, made_at)
    values["additif_numéro"] = number
    parts: dict[str, Part] = {
        "replaced": lambda heading: _words(paper, heading, fields.replaces),
        "text": lambda heading: _words(paper, heading, fields.text),
        "reason": lambda heading: _words(paper, heading, fields.reason),
    }
    arrange(paper, template or shipped("addendum"), values, parts)
    if seal:
        sealing_foot(paper, seal, "Additif gelé")
    return finished(paper, "additif", number, iso_day(file.meeting.fields), name)


def _words(paper: Paper, heading: str, words: str) -> None:
    if words.strip():
        paper.heading(2, heading)
        write_formatted(paper, words)
