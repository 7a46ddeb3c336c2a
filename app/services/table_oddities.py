"""What may be mistaken in the lines of a table, and is taken in all the same."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.full_names import Parted
from app.domain.mail_addresses import is_address
from app.domain.records import Envelope
from app.domain.titles import title_of
from app.exchange.tables import Line
from app.exchange.titles import ID

_DIGITS = 10
"""Those of a French telephone number."""

_PARTED, _ZERO, _NEW, _JOINS, _NAMED = "parted", "zero", "new", "joins", "named"
ODD = {
    _PARTED: (
        "nom est à vérifier, rien n'y distinguant le prénom",
        "noms sont à vérifier, rien n'y distinguant le prénom",
    ),
    "last_name": ("personne n'a pas de nom", "personnes n'ont pas de nom"),
    "organisation_id": ("personne n'a pas de collectivité", "personnes n'ont pas de collectivité"),
    "title": ("ligne n'a pas de titre", "lignes n'ont pas de titre"),
    "name": ("ligne n'a pas de nom", "lignes n'ont pas de nom"),
    _JOINS: (
        "personne connue sans collectivité en reçoit une",
        "personnes connues sans collectivité en reçoivent une",
    ),
    _NAMED: ("personne est reconnue à son seul nom", "personnes sont reconnues à leur seul nom"),
    _NEW: (
        "collectivité est nouvelle, son nom ou son code est à vérifier",
        "collectivités sont nouvelles, leurs noms ou leurs codes sont à vérifier",
    ),
    "email": ("courriel n'est pas une adresse", "courriels ne sont pas des adresses"),
    "phone": ("téléphone est incomplet", "téléphones sont incomplets"),
    _ZERO: ("téléphone a retrouvé son zéro", "téléphones ont retrouvé leur zéro"),
}
"""What is said of a field that may be mistaken, and is taken in all the same."""


def odd(line: Line, before: Envelope | None, after: Envelope) -> Iterator[tuple[str, str]]:
    """What may be mistaken in a line: a key of `ODD`, and the words that show it with its place."""
    where = f"ligne {line.row.line}"
    if after.kind == "organisation" and before is None and after.fields["name"]:
        yield _NEW, f"« {after.fields['name']} » ({where})"
    if after.kind == "person" and before and after.fields["organisation_id"]:
        whom = f"« {title_of('person', after.fields)} » ({where})"
        if not before.fields.get("organisation_id"):
            yield _JOINS, whom
        elif "organisation_id" not in line.fields and not _is_identified(line):
            yield _NAMED, whom
    for field in ("last_name", "title", "name"):
        if after.fields.get(field) == "":
            yield field, where
    if (
        after.kind == "person"
        and "organisation_id" in line.columns
        and not after.fields["organisation_id"]
    ):
        yield "organisation_id", where
    if line.parted and not line.parted.sure:
        yield _PARTED, f"{read_as(line.parted)} ({where})"
    email, phone = line.fields.get("email"), line.fields.get("phone")
    if email and not is_address(email):
        yield "email", f"« {email[:60]} » ({where})"
    if phone and sum(map(str.isdigit, phone)) < _DIGITS:
        yield "phone", f"« {phone[:60]} » ({where})"
    if phone and phone == f"0{line.row.cells[line.columns['phone']].strip()}":
        yield _ZERO, f"« {phone} » ({where})"


def _is_identified(line: Line) -> bool:
    """Whether a line gives the identifier of what it is about."""
    return ID in line.columns and bool(line.row.cells[line.columns[ID]].strip())


def read_as(parted: Parted) -> str:
    """« nom « Le Goff » et prénom « Anne » »."""
    return f"nom « {parted.last} » et prénom « {parted.first} »"
