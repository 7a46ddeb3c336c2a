"""The agenda as it is sent: the items, with who presents them and when."""

from __future__ import annotations

from datetime import datetime

from app.documents.document import Document, Letterhead
from app.documents.masthead import finished, masthead, open_paper
from app.documents.meeting_parts import meeting_values
from app.documents.meeting_words import (
    hour_in,
    iso_day,
    item_title,
    lowered,
    numbers,
    planned_title,
)
from app.documents.pdf.paper import Paper
from app.documents.pdf.table import Column
from app.documents.people import People
from app.documents.templates import arrange, shipped
from app.domain.document_templates import Template
from app.domain.meeting_file import MeetingFile
from app.domain.meeting_state import MeetingState
from app.domain.records import AgendaItem, Record
from app.domain.schedule import planned

_COLUMNS = (
    Column("Point", 9),
    Column("Intitulé", 64),
    Column("Rapporteur", 22),
    Column("Heure", 10, "right"),
    Column("Durée", 10, "right"),
)
_PRESENTER = 2
_TWO_LINES = 40
"""Letters of a presenter's name that two lines of the column hold."""


def agenda(
    file: MeetingFile, letterhead: Letterhead, made_at: datetime, template: Template | None = None
) -> Document:
    """The agenda of a meeting as a PDF; without a template it follows the shipped one."""
    name, meeting = file.commission.fields.name, file.meeting.fields
    title = planned_title(meeting)
    paper = open_paper(
        letterhead, f"Ordre du jour, {lowered(title)}, {name}", made_at,
        subject=f"Ordre du jour : {name}", head=f"Ordre du jour, {lowered(title)} – {name}",
    )  # fmt: skip
    masthead(paper, letterhead, name, "Ordre du jour", title)
    paper.facts(
        [(label, words) for label, words in
         (("Objet", meeting.title), ("Lieu", meeting.place), ("Fin prévue", _end(file)))
         if words.strip()]
    )  # fmt: skip
    values = meeting_values(People(MeetingState(file)), letterhead, made_at)
    parts = {"items": lambda heading: _items(paper, file, heading)}
    arrange(paper, template or shipped("agenda"), values, parts)
    return finished(paper, "ordre-du-jour", iso_day(meeting), name)


def _items(paper: Paper, file: MeetingFile, heading: str) -> None:
    if heading:
        paper.heading(2, heading)
    agenda_table(paper, file)
    if not file.items:
        paper.text("L'ordre du jour n'est pas encore établi.")


def agenda_table(paper: Paper, file: MeetingFile) -> None:
    """The items with the hours that the planned durations give.

    When one presenter is too long for the column, all presenters stand under the titles instead.
    """
    under = any(len(item.fields.presenter) > _TWO_LINES for item in file.items)
    given = numbers(file)
    hours = planned_hours(file)
    rows = [
        [
            given[item.id],
            _titled(item) if under else item_title(item),
            item.fields.presenter,
            hours.get(item.id, ""),
            _duration(item.fields),
        ]
        for item in file.items
    ]
    used = [
        number
        for number, column in enumerate(_COLUMNS)
        if number < 2 or (any(row[number] for row in rows) and not (under and number == _PRESENTER))
    ]
    paper.table(
        [_COLUMNS[number] for number in used],
        [[row[number] for number in used] for row in rows],
        caption="Ordre du jour",
    )


def _titled(item: Record[AgendaItem]) -> str:
    """The title, and under it who presents the item."""
    presenter = item.fields.presenter
    return f"{item_title(item)}\nRapporteur : {presenter}" if presenter else item_title(item)


def _duration(item: AgendaItem) -> str:
    """« 20 min »; a withdrawn item takes no time."""
    minutes = 0 if item.withdrawn else item.planned_minutes
    return f"{minutes} min" if minutes else ""


def planned_hours(file: MeetingFile) -> dict[str, str]:
    """The planned hour of each item by its id, as long as every item before it has a duration.

    « 19 h 00 », minutes always written, so that hours below each other line up.
    """
    begins = planned(file.meeting.fields, file.items).begins
    return {key: f"{begin.hour} h {begin.minute:02}" for key, begin in begins.items() if begin}


def _end(file: MeetingFile) -> str:
    meeting = file.meeting.fields
    return hour_in(meeting, meeting.ends_at) if meeting.ends_at else ""
