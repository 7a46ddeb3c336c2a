"""What comes into the workspace from an archive, whole or not at all.

A dry run does the same work and takes it back, so that what it announces is what would happen.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from app.domain.field_words import field_words
from app.domain.files import named_by
from app.domain.records import CENTRAL_ONLY, SCHEMA, Envelope
from app.domain.refusals import Refusal
from app.domain.titles import described, label_of
from app.domain.validation import name_of
from app.exchange import archive, bundle
from app.exchange.archive import Archive, Entry
from app.exchange.bundle import Bundle
from app.services import guards
from app.services.changes import SPACE_STAYS
from app.services.meeting_rules import settle
from app.services.records import Records
from app.services.translation import of_record, translated
from app.storage import blobs, files, past
from app.storage.unit_of_work import UnitOfWork

LABEL = "Importation"
_MOST_NAMES = 5  # fields that a sentence names


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one record or line; `id` is empty for a line that was refused."""

    kind: str
    id: str
    sentence: str


@dataclass
class Report:
    """What an import did, or would do."""

    created: list[Outcome] = field(default_factory=list)
    changed: list[Outcome] = field(default_factory=list)
    skipped: list[Outcome] = field(default_factory=list)
    refused: list[Outcome] = field(default_factory=list)

    def add(self, other: Report) -> None:
        """Appends the outcomes of another report."""
        self.created += other.created
        self.changed += other.changed
        self.skipped += other.skipped
        self.refused += other.refused


class Imports:
    """Reads files into the workspace, each in one unit of work that can be undone."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self.workspace = records.workspace

    def archive(self, path: Path, *, dry_run: bool = False) -> Report:
        """Takes in an archive, `.json` or `.zip`; UserError with the place of a fault in it."""
        with translated(self.workspace), of_record(f"« {path.name} »", ""):
            if path.suffix.lower() != ".zip":
                data = files.content(path, bundle.MOST_BYTES)
                return self._take_in(archive.decode(data), None, dry_run)
            with files.opened(path) as stream:
                found = Bundle(stream)
                return self._take_in(archive.decode(found.archive()), found, dry_run)

    def _take_in(self, whole: Archive, found: Bundle | None, dry_run: bool) -> Report:
        report, entries = Report(), whole.entries
        # Frozen minutes come last: once there, they bar changes to what the others bring.
        ordered = sorted(entries, key=lambda entry: entry.envelope.kind == "minutes")
        with self.workspace.unit(LABEL, undoable=True) as unit:
            if found is not None:  # before the attachments, whose size is checked on them
                _keep_blobs(unit, entries, found)
            for entry in ordered:
                _take(unit, entry, report)
            _check_whole(unit, report, whole.absent)
            named = {entry.envelope.id: entry.envelope.fields for entry in entries}
            settle(self.workspace, unit, named, imported=True)
            if not dry_run:
                unit.commit()
        return report


def _take(unit: UnitOfWork, entry: Entry, report: Report) -> None:
    """Writes one record of an archive as an ordinary change of the current one."""
    envelope = entry.envelope
    found = unit.stored(envelope.id)
    before = None if found is None else found.envelope
    with of_record(label_of(envelope.kind), envelope.id):
        after = envelope if before is None else _edited(before, entry)
        if envelope.kind in CENTRAL_ONLY:
            if before is None:
                unit.receive_new([envelope])
        else:
            guards.check_change(unit, before, after, imported=True)
            _write(unit, before, after, entry)
    note(report, before, after, "")


def _edited(before: Envelope, entry: Entry) -> Envelope:
    """The current record with what the archive says of it."""
    given = entry.envelope
    if given.kind in CENTRAL_ONLY:
        return before
    if given.kind != before.kind:
        sentence = f"cet identifiant est celui d'un autre genre ({label_of(before.kind)})."
        raise Refusal(sentence, field="kind")
    if given.commission_id != before.commission_id:
        raise Refusal(SPACE_STAYS, field="commission_id")
    if given.deleted:
        return msgspec.structs.replace(before, deleted=True)
    said = {name: value for name, value in given.fields.items() if name not in entry.unsaid}
    schema = max(before.schema, given.schema)
    return msgspec.structs.replace(
        before, fields=before.fields | said, deleted=False, schema=schema
    )


def _write(unit: UnitOfWork, before: Envelope | None, after: Envelope, entry: Entry) -> None:
    if before is not None:
        unit.save(after)
        return
    made_here = msgspec.structs.replace(after, revision=0)  # the central has not accepted it yet
    if entry.history:
        past.adopt(unit, made_here, msgspec.to_builtins(entry.history))
        return
    unit.save(msgspec.structs.replace(made_here, deleted=False))
    unit.save(made_here)


def _check_whole(unit: UnitOfWork, report: Report, absent: Collection[str]) -> None:
    """Refuses broken references, both from and to what was written, once everything is.

    What is said to be `absent` where the archive was made may be so here.
    """
    written = dict.fromkeys(outcome.id for outcome in (*report.created, *report.changed))
    stored = [found.envelope for each in written if (found := unit.stored(each)) is not None]
    buried = {name_of(each) for each in stored if each.deleted}
    buried |= {name for name in absent if unit.get(name) is None}
    guards.check_written(unit, [each.id for each in stored if each.schema <= SCHEMA], buried)
    for envelope in stored:
        if envelope.deleted:
            for _, source in unit.pointing_to(name_of(envelope)):
                if source.id in written:
                    continue
                raise Refusal(
                    f"{described(source)} s'y rapporte encore : il ne peut être supprimé.",
                    record_id=envelope.id,
                )


def _keep_blobs(unit: UnitOfWork, entries: tuple[Entry, ...], found: Bundle) -> None:
    """Checks every attachment of the zip, and keeps those that a record names."""
    named = {named_by(entry.envelope.kind, entry.envelope.fields) for entry in entries}
    for sha256 in sorted(found.blobs):
        content = found.blob(sha256)
        if sha256 in named:
            blobs.keep(unit, content)


def _which(before: Envelope, after: Envelope) -> str:
    """« (gravité, échéance) »: the fields that change."""
    names = [
        field_words(name)
        for name, value in after.fields.items()
        if before.fields.get(name) != value
    ]
    told = names[:_MOST_NAMES] + ["…"] * (len(names) > _MOST_NAMES)
    return f" ({', '.join(told)})" if told else ""


def note(
    report: Report, before: Envelope | None, after: Envelope, place: str, *,
    home: str = "", given: str = "", lacking: str = "",
) -> None:  # fmt: skip
    """Says in a report what became of a record; `place` begins the sentence.

    `home` says of which organisation it is. `given` tells what else was given, such as a seat, and
    makes an unchanged record count as changed; `lacking` tells what could not be given.
    """
    if before is None:
        kept, word = report.created, "création"
    elif (before.fields, before.deleted) != (after.fields, after.deleted):
        kept, word = report.changed, f"modification{_which(before, after)}"
    else:
        kept, word = (report.changed, "") if given else (report.skipped, "sans changement")
    what = " ".join(filter(None, (described(after), home)))
    words = ", ".join(filter(None, (word, given, lacking)))
    kept.append(Outcome(kind=after.kind, id=after.id, sentence=f"{place}{what} : {words}."))
