"""The archive of CONTRACTS §3: records as one JSON document, decoded with every check.

With its history a record also carries what happened to it, newest first, as `records show` does.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import msgspec

from app.domain import dates, json_text, validation
from app.domain.canonical import canonical
from app.domain.json_object import JsonObject
from app.domain.minutes_content import ARCHIVE_FORMAT, ARCHIVE_VERSION, UNSAID
from app.domain.records import MOST_SCHEMA, SCHEMA, Envelope
from app.domain.refusals import Refusal, UnknownField

_KIND = re.compile(r"[a-z][a-z_]{0,63}")  # as on the wire; newer kinds match it too
_UNKNOWN = (
    "ce champ n'existe pas : si l'archive vient d'une version plus récente, mettez le programme à"
    " jour."
)
_TOP = ("format", "version", "made_at", "records", "absent")
_RECORD = ("kind", "id", "schema", "revision", "deleted", "commission_id", "fields", "history")


class PastChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One change of a record in its history; `changes` is {field: [from, to]}."""

    change: int
    revision: int
    at: str
    author: str
    device: str
    changes: dict[str, tuple[Any, Any]]


class Entry(msgspec.Struct, frozen=True):
    """A record of the archive, with its history, newest first, when that was asked for.

    `unsaid` are fields that minutes leave out: they must not change the record held here.
    """

    envelope: Envelope
    history: tuple[PastChange, ...] = ()
    unsaid: frozenset[str] = frozenset()


class Archive(msgspec.Struct, frozen=True):
    """What an archive holds.

    `absent` names what its records refer to though no sync ever brought it where they were: ids,
    codes of themes.
    """

    entries: tuple[Entry, ...]
    absent: frozenset[str] = frozenset()


def encode(entries: Iterable[Entry], made_at: str, absent: Collection[str] = ()) -> Iterator[bytes]:
    """The archive as UTF-8 JSON, one record a line, piece by piece: ten years of work are large.

    `absent` is as in `Archive`; the document has it only when there is something to name.
    """
    head = (
        f'{{"format":"{ARCHIVE_FORMAT}","version":{ARCHIVE_VERSION},"made_at":"{made_at}",'
        '"records":[\n'
    )
    yield head.encode()
    before = b""
    for entry in entries:
        yield before + _line(entry)
        before = b",\n"
    named = b',"absent":' + msgspec.json.encode(sorted(absent)) if absent else b""
    yield b"\n]" + named + b"}\n"


def _line(entry: Entry) -> bytes:
    record = msgspec.to_builtins(entry.envelope)
    if entry.history:
        record["history"] = entry.history
    return msgspec.json.encode(record)


def decode(data: bytes) -> Archive:
    """An archive, whose records are complete and checked one by one.

    Raises Refusal, with the path of the fault, on anything else than an archive of this version.
    A record of a newer schema is taken as it is.
    """
    value = json_text.decode(data)
    if not isinstance(value, dict) or value.get("format") != ARCHIVE_FORMAT:
        raise Refusal("ce fichier n'est pas une archive de commissions.", field="format")
    version = value.get("version")
    if isinstance(version, int) and version > ARCHIVE_VERSION:
        raise Refusal(
            "l'archive vient d'une version plus récente : mettez le programme à jour.",
            field="version",
        )
    top = JsonObject(value, "", _TOP)
    if top.integer("version") != ARCHIVE_VERSION:
        raise top.refusal("version", f"la version {ARCHIVE_VERSION} est attendue.")
    _check_instant(top, "made_at")
    if not top.has("records"):
        raise top.refusal("records", "ce champ manque.")
    places: dict[str, str] = {}
    entries = []
    for found in top.children("records", _RECORD):
        entry = _entry(found)
        place = places.setdefault(entry.envelope.id, found.path("id"))
        if place != found.path("id"):
            raise found.refusal("id", f"cet identifiant figure déjà à « {place} ».")
        entries.append(entry)
    return Archive(tuple(entries), frozenset(top.texts("absent")))


def _check_instant(found: JsonObject, name: str) -> None:
    try:
        dates.instant(found.text(name))
    except ValueError as error:
        if isinstance(error, Refusal):
            raise
        raise found.refusal(name, "ce n'est pas un instant ISO 8601 avec décalage.") from error


def _entry(found: JsonObject) -> Entry:
    envelope = Envelope(
        kind=found.text("kind"),
        id=_id(found, "id"),
        schema=found.integer("schema", SCHEMA, least=1, most=MOST_SCHEMA),
        revision=found.integer("revision", 0),
        deleted=found.flag("deleted", False),
        commission_id=_id(found, "commission_id") if found.has("commission_id") else None,
        fields=found.mapping("fields"),
    )
    unsaid = UNSAID.get(envelope.kind, frozenset()) - envelope.fields.keys()
    try:
        if not _KIND.fullmatch(envelope.kind):
            raise Refusal(f"« {envelope.kind[:60]} » n'est pas un genre.", field="kind")
        if envelope.schema <= SCHEMA:
            envelope = msgspec.structs.replace(
                envelope, fields=validation.complete(envelope.kind, envelope.fields)
            )
            validation.check_space(envelope.kind, envelope.id, envelope.commission_id)
            _check_minutes(envelope)
    except Refusal as refusal:
        place = "" if refusal.field in ("kind", "commission_id") else "fields."
        raise Refusal(
            _UNKNOWN if isinstance(refusal, UnknownField) else refusal.sentence,
            field=found.path(f"{place}{refusal.field}".rstrip(".")),
            record_id=envelope.id,
        ) from refusal
    return Entry(envelope, _history(found, envelope) if found.has("history") else (), unsaid)


def _id(found: JsonObject, name: str) -> str:
    value = found.text(name)
    if not validation.is_id(value):
        raise found.refusal(name, "ce n'est pas un identifiant (un UUID en minuscules).")
    return value


def _check_minutes(envelope: Envelope) -> None:
    """Refusal of minutes whose fingerprint is not that of their frozen content."""
    if envelope.kind != "minutes":
        return
    content, found = envelope.fields["content"], None
    try:
        if content is not None:
            found = hashlib.sha256(canonical(content)).hexdigest()
    except ValueError as error:
        raise Refusal("le contenu gelé n'est pas exact.", field="content") from error
    if found != envelope.fields["content_sha256"]:
        raise Refusal(
            "l'empreinte ne correspond pas au contenu gelé : l'archive est endommagée.",
            field="content_sha256",
        )


def _history(found: JsonObject, envelope: Envelope) -> tuple[PastChange, ...]:
    """The history, whose changes must lead, one after the other, to the record's present state.

    In a newer schema, a field that the record lacks counts as null, as in the changes.
    """
    changes = []
    ours = envelope.schema <= SCHEMA
    state = envelope.fields | {"deleted": envelope.deleted}
    for past in found.children("history", PastChange.__struct_fields__):
        change = _past_change(past)
        for name, (before, after) in change.changes.items():
            if (ours and name not in state) or state.get(name) != after:
                raise past.refusal("changes", f"« {name[:60]} » ne mène pas à l'état suivant.")
            state[name] = before
        if ours:
            _check_past(past, envelope.kind, state)
        changes.append(change)
    return tuple(changes)


def _check_past(past: JsonObject, kind: str, state: dict[str, Any]) -> None:
    """Refusal of a past state that the record may not have, since it could be restored."""
    fields = {name: value for name, value in state.items() if name != "deleted"}
    try:
        validation.complete(kind, fields)
    except Refusal as refusal:
        raise past.refusal(f"changes.{refusal.field}", refusal.sentence) from refusal


def _past_change(past: JsonObject) -> PastChange:
    _check_instant(past, "at")
    changes = {}
    for name, sides in past.mapping("changes").items():
        if not isinstance(sides, list) or len(sides) != 2:
            raise past.refusal(f"changes.{name[:60]}", "il faut la valeur d'avant et d'après.")
        changes[name] = (sides[0], sides[1])
    return PastChange(
        change=past.integer("change"),
        revision=past.integer("revision"),
        at=past.text("at"),
        author=past.text("author", ""),
        device=past.text("device", ""),
        changes=changes,
    )
