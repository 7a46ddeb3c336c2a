"""The parts that several papers of a meeting share: facts, what is left to do, who signs."""

from __future__ import annotations

from datetime import datetime

from app.documents.document import Letterhead
from app.documents.formatted import inline
from app.documents.items import owner
from app.documents.meeting_words import hour_in, lowered, meeting_title, numbers
from app.documents.pdf.paper import Paper
from app.documents.pdf.table import Column
from app.documents.pdf.text import Content
from app.documents.people import People
from app.domain import attendance, dates, wording
from app.domain.document_templates import Value
from app.domain.meeting_file import MeetingFile


def meeting_facts(people: People) -> list[tuple[str, str]]:
    """Where and when the meeting was held, and who led it; what is not known is left out."""
    file, fields = people.file, people.file.meeting.fields
    start = attendance.opening(fields)
    secretaries = [people.with_place(one) for one in people.secretaries]
    chair = people.chair
    facts = [
        ("Objet", fields.title),
        ("Date", wording.long_day(dates.local_day(start)) if start else ""),
        ("Lieu", fields.place),
        ("Ouverture", wording.hour(fields.opened_at) if fields.opened_at else ""),
        ("Clôture", hour_in(fields, fields.closed_at) if fields.closed_at else ""),
        ("Présidence", people.with_place(chair) if chair else ""),
        ("Secrétariat", wording.listed(secretaries)),
        ("Convocation", _convocation(file)),
        ("Urgence", fields.emergency_reason if fields.emergency else ""),
        ("Nouvelle séance", _reconvened(file)),
    ]
    return [(name, value) for name, value in facts if value.strip()]


def _convocation(file: MeetingFile) -> str:
    """When the first convocation left; what is noted as sent after the opening convened nobody."""
    opened_at = file.meeting.fields.opened_at
    sent = [one.fields.sent_at for one in file.convocations if one.fields.sent_at]
    first = min(sent, key=dates.instant, default=None)
    if first is None or (opened_at and dates.instant(first) > dates.instant(opened_at)):
        return ""
    return f"envoyée le {wording.long_day(dates.local_day(first))}"


def _reconvened(file: MeetingFile) -> str:
    if file.reconvened_from is None:
        return ""
    title = lowered(meeting_title(file.reconvened_from.meeting.fields))
    return f"tenue après la {title}, dont le quorum n'était pas réuni"


def meeting_values(people: People, letterhead: Letterhead, made_at: datetime) -> dict[str, Value]:
    """What the variables of a template stand for in the papers of a meeting."""
    file, fields = people.file, people.file.meeting.fields
    start = attendance.opening(fields)
    return {
        "commission": file.commission.fields.name,
        "opérateur": letterhead.operator,
        "date": wording.short_day(made_at.astimezone(dates.PARIS).date()),
        "séance": lowered(meeting_title(fields)),
        "séance_numéro": str(fields.number) if fields.number is not None else "",
        "séance_date": wording.long_day(dates.local_day(start)) if start else "",
        "séance_heure": wording.hour(fields.starts_at) if fields.starts_at else "",
        "séance_lieu": fields.place.strip(),
        "séance_objet": fields.title.strip(),
        "heure_ouverture": wording.hour(fields.opened_at) if fields.opened_at else "",
        "heure_clôture": hour_in(fields, fields.closed_at) if fields.closed_at else "",
        "présidence": people.name(people.chair),
        "secrétariat": tuple(filter(None, map(people.name, people.secretaries))),
    }


def write_actions(paper: Paper, people: People, heading: str) -> None:
    """The table of all that is left to do, if anything is, in the order of the agenda."""
    if not people.file.actions:
        return
    paper.heading(2, heading)
    given = numbers(people.file)
    order = {item.id: place for place, item in enumerate(people.file.items)}
    actions = sorted(
        people.file.actions, key=lambda one: order.get(one.fields.agenda_item_id or "", len(order))
    )
    rows: list[list[Content]] = [
        [
            inline(action.fields.text),
            owner(people, action.fields) or "–",
            wording.short_day(dates.day(action.fields.due_on)) if action.fields.due_on else "–",
            given.get(action.fields.agenda_item_id or "", ""),
        ]
        for action in actions
    ]
    columns = [
        Column("Action", 46), Column("Responsable", 26), Column("Échéance", 20),
        Column("Point", 8, "right"),
    ]  # fmt: skip
    paper.table(columns, rows, caption="Suites à donner, avec leur responsable et leur échéance")
