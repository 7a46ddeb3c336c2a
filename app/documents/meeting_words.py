"""What every paper of a meeting calls it: its title, its day, its items' numbers."""

from __future__ import annotations

from app.domain import agenda, attendance, dates, wording
from app.domain.meeting_file import MeetingFile
from app.domain.meeting_state import MeetingState
from app.domain.records import AgendaItem, Meeting, Record
from app.domain.titles import printed_title

AGENDA_TO_COME = "L'ordre du jour vous sera communiqué."
"""What convenes to a meeting that has no item yet."""


def meeting_title(meeting: Meeting) -> str:
    """« Séance n° 3 du vendredi 19 mars 2027 »"""
    start = attendance.opening(meeting)
    number = f" n° {meeting.number}" if meeting.number is not None else ""
    day = f" du {wording.long_day(dates.local_day(start))}" if start else ""
    return f"Séance{number}{day}"


def planned_title(meeting: Meeting) -> str:
    """« Séance n° 3 du vendredi 19 mars 2027 à 18 h 30 », as convened."""
    number = f" n° {meeting.number}" if meeting.number is not None else ""
    when = f" du {wording.day_and_hour(meeting.starts_at)}" if meeting.starts_at else ""
    return f"Séance{number}{when}"


def hour_in(meeting: Meeting, instant: str) -> str:
    """« 18 h 40 »; past midnight « 0 h 25 le samedi 20 mars 2027 »."""
    hour, day, start = wording.hour(instant), dates.local_day(instant), attendance.opening(meeting)
    if start is None or day == dates.local_day(start):
        return hour
    return f"{hour} le {wording.long_day(day)}"


def hours_in(meeting: Meeting, first: str, last: str) -> str:
    """« de 18 h 40 à 19 h 50 », « de 23 h 50 à 0 h 25 le samedi 20 mars 2027 »."""
    return f"de {wording.hour(first)} à {hour_in(meeting, last)}"


def lowered(title: str) -> str:
    """The same words within a sentence."""
    return title[:1].lower() + title[1:]


def named_commission(name: str) -> str:
    """« Commission numérique locale du Morvan », « commission « Pays de Nuits » »."""
    name = name.strip()
    if name.lower().startswith("commission"):
        return name
    return f"commission « {name} »" if name else "commission numérique locale"


def of_commission(name: str) -> str:
    """« du Conseil communautaire », « de l'Assemblée », « de la commission « Pays de Nuits » »."""
    name = name.strip()
    article = _ARTICLES.get(name.partition(" ")[0].lower())
    return f"{article}{name}" if article else f"de la {named_commission(name)}"


_ARTICLES = {
    "assemblée": "de l'", "bureau": "du ", "comité": "du ", "communauté": "de la ",
    "conseil": "du ", "métropole": "de la ", "syndicat": "du ",
}  # fmt: skip
"""What goes before the name of an assembly, by the word that the name begins with."""


def when_and_where(meeting: Meeting) -> str:
    """« le vendredi 19 mars 2027 à 18 h 30, à l'adresse suivante : mairie de Vougeot », without a
    stop, as the sentence that it ends has one.
    """
    when = f"le {wording.day_and_hour(meeting.starts_at)}" if meeting.starts_at else ""
    place = meeting.place.strip().removesuffix(".")
    where = f"à l'adresse suivante : {place}" if place else ""
    told = ", ".join(part for part in (when, where) if part)
    return told or "à une date et en un lieu qui vous seront précisés"


def conditions(file: MeetingFile) -> list[str]:
    """What a convocation says of an emergency, and of a quorum that failed before."""
    meeting, former = file.meeting.fields, file.reconvened_from
    said = []
    if meeting.emergency and meeting.emergency_reason.strip():
        said.append(f"Urgence : {wording.ended(meeting.emergency_reason.strip())}")
    if former is not None:
        day = attendance.meeting_day(former.meeting.fields)
        when = f" du {wording.long_day(day)}" if day else ""
        how = (
            "sans condition de quorum"
            if MeetingState(file).is_late_enough
            else "sous la condition ordinaire de quorum"
        )
        said.append(
            f"Le quorum n'ayant pas été réuni lors de la séance{when}, les points repris de cette"
            f" séance seront examinés {how}."
        )
    return said


def iso_day(meeting: Meeting) -> str:
    """The local day for a file's name, empty before it is set."""
    start = attendance.opening(meeting)
    return dates.local_day(start).isoformat() if start else ""


def numbers(file: MeetingFile) -> dict[str, str]:
    """The number of each item by its id; before the convocation, the one it would have."""
    given = agenda.numbers_at_convening(file.items)
    return {item.id: item.fields.number or given.get(item.id, "") for item in file.items}


def item_title(item: Record[AgendaItem]) -> str:
    """The item's title, with what happened to it since the agenda was sent."""
    title = printed_title(item.fields.title)
    if item.fields.withdrawn:
        return f"{title} (retiré de l'ordre du jour)"
    return title if item.fields.original else f"{title} (ajouté)"


def is_draft(file: MeetingFile) -> bool:
    """Whether the minutes say « projet »: a deliberative body's, before their approval."""
    deliberative = file.commission.fields.profile == "deliberative"
    return deliberative and file.meeting.fields.status != "approved"
