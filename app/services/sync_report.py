"""What a sync did, or would do, told in sentences."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from app.domain.records import CENTRAL_ONLY
from app.domain.titles import Called, described
from app.domain.validation import readable
from app.domain.wording import agree, capitalised, count, listed, whole
from app.services import guards
from app.services.callings import called, called_by_id, commissions, within
from app.services.conflict_words import conflict_sentence
from app.services.records import Records
from app.storage import sync_state
from app.storage.unit_of_work import UnitOfWork
from app.sync.files import naming
from app.sync.outcome import Outcome

_NONE: Mapping[str, Called] = MappingProxyType({})

OUTDATED = (
    "Ce programme est trop ancien pour que le central prenne ce que vous avez écrit : rien"
    " n'est perdu, mettez-le à jour."
)

_MOST_NAMED = 5  # records named in one sentence

_LEFT = "Fichiers qui restent à transmettre à la prochaine synchronisation"


class Named(NamedTuple):
    """One record; `name` is its kind and title, and its commission where there are several."""

    kind: str
    id: str
    name: str = ""


class Line(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One record and what is to be said of it.

    A `name`, if there is one, takes the place of {}, and is followed by the `commission` of the
    record where there are several.
    """

    kind: str
    id: str
    said: str
    name: str | Called | None = None
    commission: str = ""

    @property
    def sentence(self) -> str:
        """The words, made only when they are read, as few of thousands of lines are."""
        if self.name is None:
            return self.said
        return self.said.format(within(str(self.name), self.commission))


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What one sync did, and when it was done. `deletions` wait for the user's word; `notes` are
    about no record, and `asks` says whether one of them asks something of the user; `files_sent`
    and `files_received` count those that went and came. `clock` is a sentence when the clock here
    differs from the central's.
    """

    sent: Sequence[Line] = []
    received: Sequence[Line] = []
    merged: Sequence[Line] = []
    conflicts: Sequence[Line] = []
    refused: Sequence[Line] = []
    deletions: Sequence[Named] = []
    notes: Sequence[str] = []
    files_sent: int = 0
    files_received: int = 0
    asks: bool = False
    clock: str = ""
    at: str = ""

    @property
    def is_bare(self) -> bool:
        """Whether there was nothing to do."""
        return self == Report(at=self.at, clock=self.clock)

    @property
    def moved(self) -> bool:
        """Whether anything went or came."""
        told = msgspec.structs.replace(self, refused=[], deletions=[], notes=[], asks=False)
        return not told.is_bare

    @property
    def warnings(self) -> Sequence[str]:
        """The notes, and what is wrong with the clock."""
        return [*self.notes, *([self.clock] if self.clock else [])]

    @property
    def files_left(self) -> str:
        """The note of the files that could not go or come this time, and why; "" for none."""
        return next((one for one in self.notes if one.startswith(_LEFT)), "")

    @property
    def needs_user(self) -> bool:
        """Whether somebody has to decide something, to update this program or to ask the GIP."""
        return bool(self.conflicts or self.refused or self.deletions or self.asks)

    @property
    def warns(self) -> bool:
        """Whether somebody has to see to something, be it only to the clock."""
        return self.needs_user or bool(self.clock)

    @property
    def asked(self) -> str:
        """« 26 suppressions attendent votre accord »; nothing where none does."""
        number = len(self.deletions)
        verb = agree(number, "attend", "attendent")
        return f"{count(number, 'suppression')} {verb} votre accord" if number else ""

    @property
    def carried(self) -> str:
        """« 2 fichiers envoyés, 1 fichier reçu »; nothing where none went or came."""
        files = ((self.files_sent, "envoyé"), (self.files_received, "reçu"))
        return ", ".join(f"{count(n, 'fichier')} {agree(n, word)}" for n, word in files if n)

    @property
    def counted(self) -> str:
        """« 12 modifications envoyées, 3 reçues, 1 conflit à départager. »"""
        counts = (
            (self.sent, "envoyée"),
            (self.received, "reçue"),
            (self.merged, "réunie"),
            (self.refused, "refusée"),
        )
        parts: list[str] = []
        for number, word in ((len(lines), word) for lines, word in counts if lines):
            said = "" if parts else f"{agree(number, 'modification')} "
            parts.append(f"{whole(number)} {said}{agree(number, word)}")
        if self.carried:
            parts.append(self.carried)
        if self.conflicts:
            parts.append(f"{count(len(self.conflicts), 'conflit')} à départager")
        if self.asked:
            parts.append(self.asked)
        nothing = "Rien n'a été échangé." if self.notes else "Tout est à jour."
        return f"{', '.join(parts)}." if parts else nothing


def report_of(unit: UnitOfWork, outcome: Outcome, records: Records) -> Report:
    """The report of a sync; records not named when sent or received are named as they now stand."""
    conflicts = _conflicts(unit, outcome, records)
    return Report(
        sent=_sent(unit, outcome),
        received=_received(unit, outcome, {line.id for line in conflicts}),
        merged=[
            *_lines(unit, outcome.merged, "Réuni avec ce qui a été écrit ailleurs : {}."),
            *_renumbered(unit, outcome),
            *_addenda(unit, outcome.addenda),
            *_numbered_twice(unit, outcome),
        ],
        conflicts=conflicts,
        refused=_refused(unit, outcome),
        deletions=_deletions(unit, outcome),
        notes=[
            *([OUTDATED] if outcome.outdated else []),
            *_closed(unit, outcome.lost_spaces),
            *_files_refused(unit, outcome.files_refused),
            *_files_left(outcome),
        ],
        files_sent=outcome.files_sent,
        files_received=outcome.files_received,
        asks=bool(outcome.outdated or outcome.files_refused or outcome.lost_spaces),
    )


def report_after(unit: UnitOfWork, report: Report, named: Sequence[str], fault: str) -> Report:
    """The report, with what forgetting left: records that name somebody erased, unclean files."""
    told = _named_still(unit, named)
    notes = [*told, *report.notes, *([fault] if fault else [])]
    return msgspec.structs.replace(report, notes=notes, asks=report.asks or bool(told))


def _named_still(unit: UnitOfWork, ids: Sequence[str]) -> Sequence[str]:
    """One sentence about the records that name who was erased elsewhere; none where none does."""
    names, where = called_by_id(unit, ids), _commissions(unit, ids)
    said = [within(name, where.get(one, "")) for one, name in names.items()]
    if not said:
        return []
    if (more := len(said) - _MOST_NAMED) > 0:
        said = [*said[:_MOST_NAMED], count(more, "autre texte", "autres textes")]
    return [
        f"{capitalised(listed(said))} {agree(len(names), 'nomme', 'nomment')} encore une personne"
        " effacée depuis un autre ordinateur : faites-lui une fiche, avec le nom, le courriel ou le"
        " téléphone qu'on y lit, puis « Effacer cette personne… » l'en retirera."
    ]


def _deletions(unit: UnitOfWork, outcome: Outcome) -> list[Named]:
    tombstones = [one for found in outcome.deletions.values() for one in found]
    names, where = called(unit, tombstones), _commissions(unit, (one.id for one in tombstones))
    return [
        Named(one.kind, one.id, within(names[one.id], where.get(one.id, ""))) for one in tombstones
    ]


def _closed(unit: UnitOfWork, spaces: Sequence[str]) -> list[str]:
    names = called_by_id(unit, spaces)
    return [
        f"La {names.get(space, 'commission')} ne vous est plus ouverte au central : elle reste sur"
        " cet ordinateur, et ce que vous y écrivez ne part plus. Voyez avec le GIP."
        for space in spaces
    ]


def _files_left(outcome: Outcome) -> list[str]:
    if not outcome.files_left:
        return []
    return [f"{_LEFT} : {outcome.files_left}. {outcome.files_fault}".rstrip()]


def _files_refused(unit: UnitOfWork, refused: Mapping[str, str]) -> Iterable[str]:
    """A sentence about each file refused, named after the record that names it here."""
    for digest, sentence in refused.items():
        record = naming(unit, digest)
        name = "fichier que plus rien ne nomme" if record is None else described(record)
        yield f"Fichier refusé par le central, gardé ici : {name}. {capitalised(sentence)}".rstrip()


def _commissions(unit: UnitOfWork, ids: Iterable[str]) -> dict[str, str]:
    """The name of the commission of each of these records, where there are several."""
    asked = list(ids)
    names = commissions(unit) if asked else {}
    found = sync_state.commission_ids(unit, asked) if names else {}
    return {one: names.get(space, "") for one, space in found.items()}


def _lines(
    unit: UnitOfWork, ids: Mapping[str, str], said: str, names: Mapping[str, Called] = _NONE
) -> list[Line]:
    """A line about each record that is here; the names that `names` lacks are read."""
    read = called_by_id(unit, [one for one in ids if one not in names])
    where = _commissions(unit, ids)
    return [
        Line(kind=kind, id=one, said=said, name=name, commission=where.get(one, ""))
        for one, kind in ids.items()
        if (name := names.get(one) or read.get(one))
    ]


def _conflicts(unit: UnitOfWork, outcome: Outcome, records: Records) -> list[Line]:
    """The conflicts, found here or elsewhere, that are still open and may be decided here."""
    came = (one for one, kind in outcome.received.items() if kind == "conflict")
    ids = list(dict.fromkeys([*outcome.conflicts, *came]))
    known = sync_state.stored_many(unit, ids) if ids else {}
    found = {one: stored.envelope for one, stored in known.items()}
    where = _commissions(unit, found)
    return [
        Line(
            kind="conflict",
            id=one,
            said="À départager : {}.",
            name=conflict_sentence(records, found[one]),
            commission=where.get(one, ""),
        )
        for one in ids
        if one in found and found[one].fields.get("status") == "open"
        if guards.may_decide(unit, found[one])
    ]


def _sent(unit: UnitOfWork, outcome: Outcome) -> list[Line]:
    here, gone = _living_and_gone(outcome.sent, outcome.removed)
    return [
        *_lines(unit, here, "Envoyé : {}.", outcome.names),
        *_lines(unit, gone, "Suppression envoyée : {}.", outcome.names),
    ]


def _living_and_gone(
    ids: Mapping[str, str], deleted: Collection[str]
) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The records that live, and those that were deleted."""
    if not deleted:  # nearly always
        return ids, {}
    gone = {one: kind for one, kind in ids.items() if one in deleted}
    return {one: kind for one, kind in ids.items() if one not in gone}, gone


def _received(unit: UnitOfWork, outcome: Outcome, apart: Collection[str]) -> list[Line]:
    """A line about each record received, except those that the central makes by itself, such as
    digests, and those that are told `apart`.
    """
    told = {
        one: kind
        for one, kind in outcome.received.items()
        if kind not in CENTRAL_ONLY and one not in apart
    }
    here, gone = _living_and_gone(told, outcome.gone)
    return [
        *_lines(unit, here, "Reçu : {}.", outcome.names),
        *_lines(unit, gone, "Supprimé : {}.", outcome.names),
    ]


def _addenda(unit: UnitOfWork, ids: Sequence[str]) -> Iterable[Line]:
    """The drafts that keep what was written elsewhere, each by the meeting that it is about."""
    drafts = sync_state.stored_many(unit, ids) if ids else {}
    meetings = {one: str(readable(draft.envelope)["meeting_id"]) for one, draft in drafts.items()}
    names = called_by_id(unit, [*set(meetings.values())])
    where = _commissions(unit, drafts)
    for one, meeting in meetings.items():
        yield Line(
            kind="minutes",
            id=one,
            said="{}, au procès-verbal gelé : un projet d'additif garde ce qui a été écrit"
            " ailleurs, relisez-le.",
            name=capitalised(names.get(meeting, "séance")),
            commission=where.get(one, ""),
        )


def _renumbered(unit: UnitOfWork, outcome: Outcome) -> Iterable[Line]:
    for line in _lines(unit, dict.fromkeys(outcome.renumbered, "agenda_item"), "{}"):
        before, after = outcome.renumbered[line.id]
        sentence = (
            f"Le {line.sentence} porte désormais le numéro {after} : le {before} était déjà pris"
            " au central."
        )
        yield Line(kind=line.kind, id=line.id, said=sentence)


def _numbered_twice(unit: UnitOfWork, outcome: Outcome) -> Iterable[Line]:
    """The addenda received that were frozen under the number of another of the same minutes."""
    ids = [one for one, kind in outcome.received.items() if kind == "minutes"]
    for stored in sync_state.stored_many(unit, ids).values() if ids else ():
        fields = readable(stored.envelope)
        corrected, number = fields["addendum_to_id"], fields["number"]
        if stored.envelope.deleted or not (corrected and fields["frozen_at"]):
            continue
        addenda = map(readable, unit.select("minutes", pointing=("addendum_to_id", corrected)))
        if sum(bool(one["frozen_at"]) and one["number"] == number for one in addenda) > 1:
            yield Line(
                kind="minutes",
                id=stored.envelope.id,
                said=f"Deux additifs au même procès-verbal portent le numéro {number}, gelés"
                " sur deux ordinateurs : nommez-les par leur date de gel.",
            )


def _refused(unit: UnitOfWork, outcome: Outcome) -> list[Line]:
    kinds = {record_id: kind for record_id, (kind, _) in outcome.refused.items()}
    return [
        Line(
            kind=line.kind,
            id=line.id,
            said=f"Refusé par le central, gardé ici : {line.sentence}."
            f" {capitalised(outcome.refused[line.id][1])}".rstrip(),
        )
        for line in _lines(unit, kinds, "{}")
    ]
