"""What a sync did, or would do, told in sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from app.domain import wording
from app.domain.field_words import field_words, value_words
from app.domain.records import CENTRAL_ONLY, LABELS, Envelope
from app.services.search import described
from app.storage import sync_state
from app.storage.unit_of_work import UnitOfWork
from app.sync.merge import DELETED
from app.sync.outcome import Outcome

_AT_ONCE = 1000  # records held in memory to be named

OUTDATED = (
    "Ce programme est trop ancien pour que le central prenne vos modifications, qui sont"
    " gardées : mettez-le à jour."
)


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One record and what is to be said of it."""

    kind: str
    id: str
    sentence: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What one sync did. `deletions` wait for the user's word; `notes` are about no record."""

    sent: Sequence[Line] = ()
    received: Sequence[Line] = ()
    merged: Sequence[Line] = ()
    conflicts: Sequence[Line] = ()
    refused: Sequence[Line] = ()
    deletions: Sequence[Line] = ()
    notes: Sequence[str] = ()

    @property
    def needs_user(self) -> bool:
        """Whether somebody has to decide something."""
        return bool(self.conflicts or self.refused or self.deletions)


def report_of(unit: UnitOfWork, outcome: Outcome) -> Report:
    """The report of a sync, its records named as they stand now."""
    return Report(
        sent=_lines(unit, outcome.sent, lambda one: f"Envoyé : {name(one)}."),
        received=_lines(unit, _told(outcome.received), _received),
        merged=[
            *_lines(unit, outcome.merged, _merged),
            *_renumbered(unit, outcome),
            *_lines(unit, dict.fromkeys(outcome.addenda, "minutes"), _addendum),
        ],
        conflicts=_lines(unit, dict.fromkeys(outcome.conflicts, "conflict"), conflict_sentence),
        refused=_refused(unit, outcome),
        deletions=[
            Line(kind=one.kind, id=one.id, sentence=f"À confirmer : suppression, {name(one)}.")
            for tombstones in outcome.deletions.values()
            for one in tombstones
        ],
        notes=[
            *([OUTDATED] if outcome.outdated else []),
            *_files_left(outcome.files_left),
            *(
                f"La commission {space} ne vous est plus ouverte au central : elle reste sur cet"
                " ordinateur."
                for space in outcome.lost_spaces
            ),
        ],
    )


def _files_left(count: int) -> list[str]:
    if not count:
        return []
    return [f"Fichiers qui restent à transmettre à la prochaine synchronisation : {count}."]


def _lines(
    unit: UnitOfWork, ids: Mapping[str, str], sentence: Callable[[Envelope], str]
) -> list[Line]:
    lines = []
    told = list(ids)
    for start in range(0, len(told), _AT_ONCE):
        some = told[start : start + _AT_ONCE]
        records = sync_state.stored_many(unit, some)
        lines += [
            Line(kind=ids[one], id=one, sentence=sentence(records[one].envelope))
            for one in some
            if one in records
        ]
    return lines


def name(record: Envelope) -> str:
    """The record's kind and title, whatever the schema that it comes from."""
    try:
        return described(record)
    except (KeyError, TypeError):
        return f"un enregistrement d'une version plus récente ({record.kind})"


def _told(received: Mapping[str, str]) -> dict[str, str]:
    """What came from people; the digests that the central derives from it go unsaid."""
    return {one: kind for one, kind in received.items() if kind not in CENTRAL_ONLY}


def _received(record: Envelope) -> str:
    return f"Supprimé : {name(record)}." if record.deleted else f"Reçu : {name(record)}."


def _merged(record: Envelope) -> str:
    return f"Réuni avec ce qui a été écrit ailleurs : {name(record)}."


def _addendum(_record: Envelope) -> str:
    return (
        "Un projet d'additif garde ce qui a été écrit ailleurs d'une séance au procès-verbal gelé :"
        " relisez-le."
    )


def _renumbered(unit: UnitOfWork, outcome: Outcome) -> Iterable[Line]:
    for line in _lines(unit, dict.fromkeys(outcome.renumbered, "agenda_item"), name):
        before, after = outcome.renumbered[line.id]
        sentence = (
            f"Le {line.sentence} porte désormais le numéro {after} : le {before} était déjà pris"
            " au central."
        )
        yield Line(kind=line.kind, id=line.id, sentence=sentence)


def _refused(unit: UnitOfWork, outcome: Outcome) -> list[Line]:
    kinds = {record_id: kind for record_id, (kind, _) in outcome.refused.items()}
    return [
        Line(
            kind=line.kind,
            id=line.id,
            sentence=f"Refusé par le central, gardé ici : {line.sentence}."
            f" {outcome.refused[line.id][1]}".rstrip(),
        )
        for line in _lines(unit, kinds, name)
    ]


def conflict_sentence(conflict: Envelope) -> str:
    """« Séance, lieu : Mme A a écrit « X » ; M. B a écrit « Y » : choisissez. »"""
    fields = conflict.fields
    kind, unit = fields["record_kind"], fields["unit"]
    mine, theirs = fields["mine"], fields["theirs"]
    who, other = mine["author"] or "cet ordinateur", theirs["author"] or "un autre ordinateur"
    what = wording.capitalised(LABELS.get(kind, kind))
    if unit == DELETED:
        kept, gone = (other, who) if mine["value"] else (who, other)
        return f"{what} : {gone} a supprimé ce que {kept} a modifié : choisissez."
    return (
        f"{what}, {field_words(unit)} : {who} a écrit « {_short(kind, unit, mine['value'])} » ;"
        f" {other} a écrit « {_short(kind, unit, theirs['value'])} » : choisissez."
    )


def _short(kind: str, unit: str, value: Any, width: int = 60) -> str:
    if isinstance(value, list | dict):
        text = msgspec.json.encode(value).decode()
    else:
        text = " ".join(value_words(kind, unit, value, {}).split())
    return text if len(text) <= width else f"{text[: width - 1]}…"
