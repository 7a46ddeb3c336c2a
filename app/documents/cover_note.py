"""The cover note of approved minutes: who approved them and when, the minutes left as they are."""

from __future__ import annotations

from datetime import datetime

from app.documents.document import Document, Letterhead
from app.documents.masthead import finished, masthead, open_paper
from app.documents.meeting_words import iso_day, lowered, meeting_title
from app.domain import attendance, ballots, dates, wording
from app.domain.meeting_file import MeetingFile
from app.domain.meeting_state import MeetingState
from app.domain.minutes_content import as_frozen
from app.domain.records import Minutes, Record


def cover_note(
    file: MeetingFile, minutes: Record[Minutes], approving: MeetingFile, letterhead: Letterhead,
    made_at: datetime,
) -> Document:  # fmt: skip
    """One page to put before the frozen minutes of a meeting, approved at another."""
    name, meeting = file.commission.fields.name, meeting_title(file.meeting.fields)
    title = "Procès-verbal approuvé"
    paper = open_paper(
        letterhead, f"{title}, {lowered(meeting)}, {name}", made_at,
        subject=f"Note d'approbation : {name}",
    )  # fmt: skip
    masthead(paper, letterhead, name, title, meeting)
    paper.text(_approved(approving), "lead")
    frozen = minutes.fields.frozen_at
    facts = [
        ("Vote", _vote(file, minutes, approving)),
        ("Gelé le", wording.day_and_hour(frozen) if frozen else ""),
        ("Empreinte du PDF", minutes.fields.pdf_sha256 or ""),
        ("Empreinte du contenu", minutes.fields.content_sha256 or ""),
        ("Additifs", wording.listed(_addenda(file, minutes))),
    ]
    paper.facts([(label, words) for label, words in facts if words])
    paper.text(
        "Le procès-verbal qui suit est celui qui a été gelé, à l'octet près : son approbation n'y"
        " change rien, et cette note n'en fait pas partie.",
        "note",
    )
    return finished(paper, "note-d-approbation", iso_day(file.meeting.fields), name)


def _approved(approving: MeetingFile) -> str:
    fields = approving.meeting.fields
    start = attendance.opening(fields)
    day = f" le {wording.long_day(dates.local_day(start))}" if start else ""
    number = f", à la séance n° {fields.number}" if fields.number is not None else ""
    return f"Approuvé{day}{number}."


def _vote(file: MeetingFile, minutes: Record[Minutes], approving: MeetingFile) -> str:
    """The sentence of the ballot that approved, else of the last one entered, if there is one."""
    approving = as_frozen(approving)
    state, about = MeetingState(approving), (file.meeting.id, minutes.id)
    entered = [
        ballot
        for item in approving.items
        if item.fields.kind == "approval" and item.fields.linked_id in about
        for ballot in state.ballots_of.get(item.id, ())
        if ballots.is_entered(ballot.fields)
    ]
    told = [*entered, *filter(state.adopts, entered)]
    return state.result(told[-1]) if told else ""


def _addenda(file: MeetingFile, minutes: Record[Minutes]) -> list[str]:
    frozen = sorted(
        (one.fields.number or 0, dates.local_day(one.fields.frozen_at))
        for one in file.minutes
        if one.fields.addendum_to_id == minutes.id and one.fields.frozen_at
    )
    return [f"n° {number}, gelé le {wording.short_day(day)}" for number, day in frozen]
