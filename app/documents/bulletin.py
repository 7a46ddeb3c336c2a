"""The bulletin of regulatory watch: for a commission, or for one organisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import NamedTuple

from app.documents.document import Document, Letterhead
from app.documents.formatted import write_plain
from app.documents.masthead import finished, masthead, open_paper
from app.documents.pdf.paper import Paper
from app.documents.pdf.text import Run
from app.documents.templates import Part, arrange, shipped
from app.domain import dates, wording
from app.domain.audience import NO_WORDS, concerned
from app.domain.dates import PARIS
from app.domain.document_templates import Template
from app.domain.names import organisation_names
from app.domain.records import Organisation, Record, WatchNote
from app.domain.search_text import fold
from app.domain.titles import printed_title

LEVELS = {"information": "Information", "attention": "Attention", "obligation": "Obligation"}


class Telling(NamedTuple):
    """That an organisation was told of a note: the day, by whom, the title of the meeting if any.

    `changed` says that the note has been changed since.
    """

    on: str | None
    by: str = ""
    meeting: str = ""
    changed: bool = False


Told = Mapping[str, Sequence[Telling]]
"""The tellings of each note, by its id."""

_UNTOLD: Told = MappingProxyType({})


@dataclass(frozen=True)
class Concern:
    """A note with the organisations that it concerns, each with the reason."""

    note_id: str
    note: WatchNote
    organisations: tuple[tuple[str, str], ...]


def concerns(
    notes: Sequence[Record[WatchNote]], organisations: Sequence[Record[Organisation]], today: date,
    words: Mapping[str, str],
) -> list[Concern]:  # fmt: skip
    """The notes in force that concern somebody: the nearest deadline first, then those without one,
    the newest first, then those whose deadline is past.
    """
    found, names = [], organisation_names(organisations)
    for note in notes:
        if note.fields.superseded_by_id is None:
            reasons = [
                (names[one.id], reason)
                for one in organisations
                if (reason := concerned(one.fields, note.fields.audience, words)) is not None
            ]
            if reasons:
                reasons.sort(key=lambda one: fold(one[0]))
                found.append(Concern(note.id, note.fields, tuple(reasons)))
    found.sort(key=lambda one: one.note.published_on or "", reverse=True)
    return sorted(found, key=lambda one: _urgency(one.note, today))


def _urgency(note: WatchNote, today: date) -> tuple[bool, str]:
    return _is_past(note, today), note.deadline_on or "9999"


def _is_past(note: WatchNote, today: date) -> bool:
    return note.deadline_on is not None and dates.day(note.deadline_on) < today


def bulletin(
    name: str, notes: Sequence[Record[WatchNote]], organisations: Sequence[Record[Organisation]],
    letterhead: Letterhead, made_at: datetime, *, template: Template | None = None,
    commission: str = "", words: Mapping[str, str] = NO_WORDS, told: Told = _UNTOLD,
) -> Document:  # fmt: skip
    """The bulletin as a PDF; of one organisation it gives the reasons, of several the names.

    `told` says when one organisation was told of what. `words` names services and EPCIs in the
    reasons, `commission` the commission where `name` is that of an organisation. Without a template
    the bulletin follows the shipped one.
    """
    today = made_at.astimezone(PARIS).date()
    title = "Bulletin de veille"
    paper = open_paper(
        letterhead, f"{title} du {wording.short_day(today)}, {name}", made_at,
        subject=f"Veille réglementaire : {name}",
        head=f"{title} du {wording.short_day(today)} – {name}",
    )  # fmt: skip
    masthead(paper, letterhead, name, title, wording.capitalised(wording.long_day(today)))
    found = concerns(notes, organisations, today, words)
    paper.contents()
    values = {
        "commission": commission or name,
        "destinataire": name,
        "opérateur": letterhead.operator,
        "date": wording.short_day(today),
    }
    parts: dict[str, Part] = {
        "deadlines": lambda heading: _deadlines(paper, found, today, heading),
        "notes": lambda heading: _notes(paper, found, today, len(organisations), told),
    }
    arrange(paper, template or shipped("bulletin"), values, parts)
    return finished(paper, "bulletin-de-veille", today.isoformat(), name)


def _notes(paper: Paper, found: list[Concern], today: date, everyone: int, told: Told) -> None:
    if not found:
        whom = "cette collectivité" if everyone == 1 else "ces collectivités"
        paper.text(f"Aucune note de veille ne concerne {whom} pour le moment.")
    for concern in found:
        _note(paper, concern, today, everyone, told.get(concern.note_id, ()))


def _deadlines(paper: Paper, found: list[Concern], today: date, heading: str) -> None:
    coming = [one.note for one in found if one.note.deadline_on and not _is_past(one.note, today)]
    if not coming:
        return
    paper.heading(2, heading)
    paper.facts(
        [
            (
                wording.capitalised(wording.short_day(dates.day(note.deadline_on or ""))),
                printed_title(note.title),
            )
            for note in coming
        ]
    )


def _note(
    paper: Paper, concern: Concern, today: date, everyone: int, told: Sequence[Telling]
) -> None:
    note = concern.note
    paper.heading(2, note.title)
    paper.text(_dated(note, today) or "Sans date", "small", label=LEVELS[note.level], keep=True)
    write_plain(paper, note.body)
    write_plain(paper, note.todo, "strong", label="À faire")
    paper.keep_last()  # lest one line stand alone on a page
    follows = bool(note.url)
    paper.text(_whom(concern, everyone), label="Qui est concerné", keep=follows or bool(told))
    if told:
        said = wording.capitalised(" ; ".join(map(_telling, told)))
        paper.text(wording.ended(said), label="Information donnée", keep=follows)
    if note.url:
        paper.text([Run(note.url, link=note.url)], "note", label="Source")


def _whom(concern: Concern, everyone: int) -> str:
    if everyone == 1:
        name, reason = concern.organisations[0]
        return wording.ended(f"{name} : {reason}")
    if len(concern.organisations) == everyone:
        return f"Les {everyone} collectivités de la commission."
    return wording.ended(wording.listed([name for name, _ in concern.organisations]))


def _telling(told: Telling) -> str:
    """« le 19 mars 2027, à la séance « Tour de table », par Anne Martin »."""
    parts = [
        f"le {wording.short_day(dates.day(told.on))}" if told.on else "",
        f"à la séance « {told.meeting} »" if told.meeting else "",
        f"par {told.by}" if told.by else "",
    ]
    said = ", ".join(filter(None, parts)) or "sans date"
    return f"{said} (la note a changé depuis)" if told.changed else said


def _dated(note: WatchNote, today: date) -> str:
    parts = [note.reference]
    for words, day in (
        ("publication le", note.published_on),
        ("en vigueur le", note.applies_from),
        ("échéance le", note.deadline_on),
    ):
        if day:
            parts.append(f"{words} {wording.short_day(dates.day(day))}")
    if _is_past(note, today):
        parts[-1] += " (passée)"
    return wording.capitalised(", ".join(part for part in parts if part.strip()))
