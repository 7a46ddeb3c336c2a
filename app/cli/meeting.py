"""`meeting convene|open|close|unattended|freeze|approve|check`: its steps, its state."""

from __future__ import annotations

import argparse
from typing import Any

from app.cli import DONE, NEEDS_USER
from app.cli.arguments import emit, open_from, warn
from app.documents.document import missing_sentence
from app.domain import wording
from app.domain.dates import day
from app.domain.meeting_check import MeetingCheck
from app.domain.records import Meeting, Record

_STEPS = {
    "convene": "note la séance comme convoquée",
    "open": "l'ouvre",
    "close": "la clôt",
    "approve": "note son procès-verbal comme approuvé",
}
_DONE = {
    "planned": "prévue",
    "convened": "convoquée",
    "open": "ouverte",
    "closed": "close",
    "approved": "approuvée",
}


def add(verbs: Any) -> None:
    """Registers the verbs."""
    group = verbs.add_parser("meeting", help="les séances")
    actions = group.add_subparsers(required=True, metavar="ACTION", title="actions")
    for name, words in _STEPS.items():
        one = actions.add_parser(name, help=words)
        one.add_argument("id", metavar="ID")
        when = "quand, sinon maintenant"
        if name == "approve":
            one.add_argument("--in", dest="approving", metavar="ID", help="la séance qui approuve")
            when = "sans effet : l'approbation est du jour de la séance qui approuve"
        one.add_argument("--at", metavar="INSTANT", help=when)
        one.set_defaults(run=step, step=name)
    one = actions.add_parser("unattended", help="la note comme n'ayant réuni personne")
    one.add_argument("id", metavar="ID")
    one.set_defaults(run=unattended)
    one = actions.add_parser("freeze", help="gèle son procès-verbal, ou un additif")
    one.add_argument("id", metavar="ID")
    one.add_argument("--at", metavar="INSTANT", help="quand, sinon maintenant")
    one.set_defaults(run=freeze)
    one = actions.add_parser("check", help="son état : quorum, pouvoirs, votes, ce qui manque")
    one.add_argument("id", metavar="ID")
    one.set_defaults(run=check)


def step(arguments: argparse.Namespace) -> int:
    """Takes the meeting a step further; prints its record."""
    services = open_from(arguments)
    meetings = services.meetings
    if arguments.step == "approve":
        meeting: Record[Meeting] = meetings.approve(arguments.id, arguments.approving, arguments.at)
    else:
        take = {"convene": meetings.convene, "open": meetings.open, "close": meetings.close}
        meeting = take[arguments.step](arguments.id, arguments.at)
    emit(
        arguments,
        services.records.envelope(meeting.id),
        f"La séance est {_DONE[meeting.fields.status]}.",
    )
    return DONE


def unattended(arguments: argparse.Namespace) -> int:
    """Notes that a meeting whose day is past gathered nobody; prints its record."""
    services = open_from(arguments)
    meeting = services.meetings.note_unattended(arguments.id)
    emit(
        arguments,
        services.records.envelope(meeting.id),
        "La séance est close : elle n'a réuni personne.",
    )
    return DONE


def freeze(arguments: argparse.Namespace) -> int:
    """Freezes minutes or an addendum; 3 when something was missing, or has no glyph."""
    services = open_from(arguments)
    frozen = services.minutes.freeze(arguments.id, arguments.at)
    emit(
        arguments,
        services.records.envelope(frozen.record.id),
        f"Gelé, empreinte {frozen.record.fields.content_sha256}.",
    )
    for gap in frozen.gaps:
        warn(gap.what)
    if frozen.document.missing_glyphs:
        warn(missing_sentence(frozen.document.missing_glyphs))
    return NEEDS_USER if frozen.gaps or frozen.document.missing_glyphs else DONE


def check(arguments: argparse.Namespace) -> int:
    """Prints the state of a meeting; 3 when something is missing or forbidden."""
    found = open_from(arguments).meetings.check(arguments.id)
    emit(arguments, found, lambda: "\n".join(_lines(found)))
    return NEEDS_USER if found.missing else DONE


def _lines(found: MeetingCheck) -> list[str]:
    lines = []
    if found.latest_sending_on:
        latest = wording.long_day(day(found.latest_sending_on))
        lines.append(f"Convocations à envoyer au plus tard le {latest}.")
    for item in found.items:
        lines.append(f"{item.number or '-'} : {item.quorum.sentence}.")
        lines += [f"  {ballot.sentence}. {ballot.quorum.sentence}." for ballot in item.ballots]
    if found.missing:
        lines.append("Il manque :")
        lines += [f"- {one.what}" for one in found.missing]
    return lines
