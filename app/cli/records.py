"""`records list|show|put|delete|restore`: every kind of record, from the command line."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import msgspec

from app.cli import DONE
from app.cli.arguments import emit, open_from, pair, read_json
from app.domain import validation
from app.domain.records import KINDS, SCHEMA, Envelope
from app.domain.refusals import Refusal
from app.domain.titles import described, title_of
from app.domain.values import normal
from app.domain.wording import count, shortened
from app.errors import UserError
from app.services.changes import Change

_ENVELOPE = {"kind", "id", "commission_id", "fields", "schema", "revision", "deleted"}


def add(verbs: Any) -> None:
    """Registers the verbs."""
    group = verbs.add_parser("records", help="les enregistrements")
    actions = group.add_subparsers(required=True, metavar="ACTION", title="actions")
    one = actions.add_parser("list", help="ceux d'un genre")
    one.add_argument("kind", metavar="GENRE", help=", ".join(KINDS))
    one.add_argument(
        "--where", action="append", default=[], type=pair, metavar="CHAMP=VALEUR",
        help="dont le champ a cette valeur ; se répète",
    )  # fmt: skip
    one.set_defaults(run=list_records)
    one = actions.add_parser("show", help="un enregistrement entier")
    one.add_argument("id", metavar="ID")
    one.add_argument("--history", action="store_true", help="avec son historique")
    one.set_defaults(run=show)
    one = actions.add_parser("put", help="crée ou modifie d'après un fichier JSON")
    one.add_argument("file", metavar="FICHIER", type=Path, help="« - » : l'entrée standard")
    one.set_defaults(run=put)
    one = actions.add_parser("delete", help="supprime")
    one.add_argument("id", metavar="ID")
    one.add_argument("--cascade", action="store_true", help="avec ce qui lui appartient")
    one.set_defaults(run=delete)
    one = actions.add_parser("restore", help="rétablit un état")
    one.add_argument("id", metavar="ID")
    one.add_argument(
        "--at", metavar="MODIFICATION_OU_INSTANT",
        help="l'état d'alors, sinon celui d'avant la dernière modification",
    )  # fmt: skip
    one.set_defaults(run=restore)


def list_records(arguments: argparse.Namespace) -> int:
    """Prints the live records of a kind."""
    services = open_from(arguments)
    where = [(name, _typed(arguments.kind, name, value)) for name, value in arguments.where]
    spaces = [value for name, value in where if name == "commission_id"]
    fields = [one for one in where if one[0] != "commission_id"]
    space = spaces[0] if spaces else "*"
    found = [
        envelope
        for envelope in services.records.envelopes(arguments.kind, space, fields)
        if all(envelope.commission_id == space for space in spaces)
    ]
    emit(arguments, found, lambda: "\n".join(_line(envelope) for envelope in found))
    return DONE


def _typed(kind: str, name: str, typed: str) -> Any:
    """The value that the text of a `--where` stands for, by the type of its field."""
    text = normal(typed)
    if name == "commission_id":
        return None if text in ("", "null") else text
    try:
        value = normal(msgspec.json.decode(text))
    except (msgspec.DecodeError, RecursionError):
        return text
    definition = KINDS.get(kind)
    fields = msgspec.structs.fields(definition) if definition else ()
    default = next((field.default for field in fields if field.encode_name == name), None)
    of_texts = default == () and not isinstance(value, list | dict)  # each element is a text
    return text if isinstance(default, str) or of_texts else value


def _line(envelope: Envelope) -> str:
    title = title_of(envelope.kind, envelope.fields) or described(envelope)
    return f"{envelope.id}  {shortened(title, 100)}"


def show(arguments: argparse.Namespace) -> int:
    """Prints one record whole, deleted or not."""
    services = open_from(arguments)
    envelope = services.records.envelope(arguments.id, deleted=True)
    document = msgspec.to_builtins(envelope)
    if arguments.history:
        document["history"] = msgspec.to_builtins(services.records.history(arguments.id))
    emit(arguments, document, lambda: msgspec.json.format(msgspec.json.encode(document)).decode())
    return DONE


def put(arguments: argparse.Namespace) -> int:
    """Creates and changes records, all or nothing."""
    document = read_json(arguments.file)
    entries = document if isinstance(document, list) else [document]
    changes = [_change(entry, place) for place, entry in enumerate(entries, 1)]
    services = open_from(arguments)
    written = list(services.records.put(changes))
    emit(arguments, written, lambda: "\n".join(_line(envelope) for envelope in written))
    return DONE


def _change(entry: Any, place: int) -> Change:
    """One entry of the file; envelopes as `records list` prints them are taken too."""
    where = f"Enregistrement n° {place}"
    if not isinstance(entry, dict):
        raise UserError(f"{where} : il faut un objet {{kind, fields}}, rien n'a été modifié.")
    unknown = sorted(set(entry) - _ENVELOPE)
    if unknown:
        raise UserError(f"{where} : « {unknown[0][:60]} » n'existe pas, rien n'a été modifié.")
    for name, kind in (("kind", str), ("fields", dict)):
        if not isinstance(entry.get(name), kind):
            raise UserError(f"{where} : « {name} » manque ou n'est pas de la forme attendue.")
    for name in ("id", "commission_id"):
        if name in entry and (entry[name] == "" or not isinstance(entry[name], str | None)):
            raise UserError(f"{where} : « {name} » doit être un identifiant.")
    if entry.get("schema", SCHEMA) != SCHEMA or entry.get("deleted", False) is not False:
        raise UserError(
            f"{where} : « put » ne prend que des enregistrements vivants du schéma {SCHEMA}."
        )
    change = Change(
        kind=entry["kind"],
        fields=entry["fields"],
        record_id=entry.get("id"),
        commission_id=entry.get("commission_id", ""),
    )
    if change.commission_id:
        try:
            validation.check_space(change.kind, change.record_id, change.commission_id)
        except Refusal as refusal:
            raise UserError(f"{where}, champ « {refusal.field} » : {refusal.sentence}") from refusal
    return change


def delete(arguments: argparse.Namespace) -> int:
    """Deletes a record, with what it owns when asked."""
    gone = list(open_from(arguments).records.delete(arguments.id, cascade=arguments.cascade))
    emit(
        arguments,
        {"deleted": gone},
        f"{count(len(gone), 'enregistrement supprimé', 'enregistrements supprimés')}.",
    )
    return DONE


def restore(arguments: argparse.Namespace) -> int:
    """Brings a former state back."""
    envelope = open_from(arguments).records.restore(arguments.id, arguments.at)
    emit(arguments, envelope, f"Rétabli : {_line(envelope)}")
    return DONE
