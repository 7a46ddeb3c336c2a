"""The French titles of columns and the French words of choices, in tables of each kind."""

from __future__ import annotations

import re
from functools import cache

import msgspec

from app.domain.field_words import field_words
from app.domain.records import KINDS
from app.domain.search_text import spaced
from app.domain.wording import capitalised

ID = "id"
"""The column that holds a record's identifier, beside those of its fields."""

SEAT = "seat"
"""The column of a table of persons that says who is titular and who deputises, in free words."""

LAST_FIRST, FIRST_LAST = WHOLE_NAMES = ("last_first", "first_last")
"""The columns of a table of persons that hold their whole name, and in which order."""

COMMUNE, DEPARTMENT = PLACES = ("commune_name", "commune_department")
"""The columns that say more of a line's organisation: its name beside its code, and where it is."""

ALTERNATES = {
    f"alternate_{field}": field
    for field in (*WHOLE_NAMES, "last_name", "first_name", "role", "email", "phone")
}
"""The columns about the deputy of a line's person, each with the field that it holds."""

_TITLES = {
    ID: "Identifiant",
    LAST_FIRST: "Nom et prénom",
    FIRST_LAST: "Prénom et nom",
    SEAT: "Titulaire ou suppléant",
    COMMUNE: "Nom de la commune, outre son code",
    DEPARTMENT: "Département de la commune",
    "alone_cents": "Prix payé seule (centimes)",
    "base": "Valeur d'origine",
    "base_revision": "Révision d'origine",
    "epci_siren": "SIREN de l'EPCI",
    "kept": "Version gardée",
    "mine": "Ma version",
    "planned_minutes": "Durée prévue (minutes)",
    "record_id": "Enregistrement",
    "record_kind": "Genre",
    "size": "Taille (octets)",
    "theirs": "Version du central",
    "unit": "Unité",
}
"""The titles that differ from the name which screens give the field."""

_TITLES_OF_KIND = {
    ("attendance", "status"): "Présence",
    ("need", "reason"): "Motif (si écarté)",
    ("minutes", "text"): "Texte de l'additif",
}

_DEPARTMENT = (
    "département", "dép", "code département", "numéro de département", "n° de département",
)  # fmt: skip

SYNONYMS = {
    ID: ("id", "uuid"),
    SEAT: ("titulaire/suppléant", "T/S", "T ou S", "titulaire (T) ou suppléant (S)"),
    LAST_FIRST: (
        "nom prénom", "noms et prénoms", "nom complet", "identité", "délégué", "déléguée", "élu",
        "élue", "titulaire", "délégué titulaire", "délégué communautaire", "représentant",
    ),
    FIRST_LAST: ("prénom nom", "prénoms et noms", "civilité prénom nom"),
    COMMUNE: ("commune", "nom de la commune"),
    DEPARTMENT: _DEPARTMENT,
    "department": _DEPARTMENT,
    "kind": ("nature",),
    "insee_code": ("insee", "code commune", "code insee commune", "code_insee"),
    "name": (
        "nom de la commune", "nom de la collectivité", "commune", "libellé", "dénomination", "epci",
        "collectivité",
    ),
    "last_name": ("nom de famille", "nom d'usage"),
    "email": (
        "e-mail", "mail", "adresse mail", "adresse e-mail", "mél", "courriel",
        "adresse électronique", "adresse courriel",
    ),
    "phone": (
        "tél", "tel", "numéro de téléphone", "n° de téléphone", "portable", "mobile",
        "téléphone portable", "téléphone mobile", "tél portable",
    ),
    "role": ("qualité", "mandat", "rôle"),
    "organisation_id": (
        "code INSEE", "code commune", "commune représentée", "collectivité représentée", "commune",
        "organisme", "nom de la commune", "nom de la collectivité", "mairie", "epci",
    ),
    "organisation_ids": (
        "communes", "commune", "collectivité", "collectivités", "communes concernées",
    ),
    "membership": ("adhérent", "adhérente", "statut d'adhésion"),
    "member_category": ("catégorie", "catégorie d'adhésion"),
    "member_since": ("date d'adhésion", "adhésion le", "adhérente depuis", "adhérent depuis"),
    "left_on": ("date de sortie", "sortie le", "retrait le"),
    "population": ("population", "nombre d'habitants", "population municipale"),
    "population_year": ("année", "millésime", "année de recensement"),
    "voting": ("votant", "votante"),
    "from": ("à partir du",),
    "words": (
        "propos", "verbatim", "expression", "besoin exprimé", "dans ses mots", "ce qui est dit",
    ),
    "title": ("intitulé", "objet", "besoin"),
    "label": ("libellé", "intitulé"),
    "active": ("actif",),
    "published_on": ("date de publication", "publié le"),
    "applies_from": ("date d'effet", "entrée en vigueur", "applicable à partir du"),
    "deadline_on": ("date limite", "date butoir", "à régler avant le"),
    "url": ("url", "lien", "adresse web", "lien internet"),
    "services": ("services", "service"),
    "theme": ("thématique", "sujet"),
    "severity": ("criticité", "priorité", "urgence", "niveau de gravité"),
    "status": ("statut", "avancement"),
}  # fmt: skip
"""Other titles that people's own tables give to a field."""

_SYNONYMS_OF_KIND = {("watch_note", "title"): ("note", "note de veille")}

_WHOSE = re.compile(
    " (?:du|de la|de l) (?:delegue|elu|titulaire|representant|membre|referent)e?(?: titulaire)?$"
)
"""What folded headings of a table of persons add: « Nom du délégué », « Tél. de l'élue »."""

_SOMEBODY = re.compile("(?:suppl|titul|delegue|elu|representant|membre|referent).*|e|es|1")
"""Any word, folded, of a heading such as « Délégué(e) suppléant(e) 1 »."""

_LINKS = frozenset({"de", "du", "des", "d", "la", "l"})


def said(kind: str, heading: str) -> str:
    """The folded words of a heading, without those that say whose field it is (« du délégué »).

    They stay if only « identifiant » would be left: somebody's identifier is not one of ours.
    """
    words = spaced(heading)
    if is_alternate(kind, heading):
        return spaced(f"{_of_whom(words) or title(kind, LAST_FIRST)} du suppléant")
    short = words
    if kind == "person":
        short = _WHOSE.sub("", words)
        if "titul" in words and "suppl" not in words:
            short = _of_whom(words) or spaced(title(kind, LAST_FIRST))
    return words if short in (spaced(title(kind, ID)), *SYNONYMS[ID]) else short


def is_alternate(kind: str, heading: str) -> bool:
    """Whether a heading of a table of persons is about a deputy: « Suppléant », « Nom suppléant »;
    « Suppléant de » is about the titular, and « Titulaire ou suppléant » about the person's seat.
    """
    words = spaced(heading).split()
    deputises = kind == "person" and any(word.startswith("suppl") for word in words)
    return deputises and words[-1] not in _LINKS and not any(map(_is_titular, words))


def may_name(heading: str) -> bool:
    """Whether a column of titulars or deputies may hold their names: « Suppléant 2 », « Nom du
    titulaire », and not « Civilité du titulaire ».
    """
    left = _of_whom(spaced(heading)).split()
    return not left or "nom" in left or all(map(str.isdecimal, left))


def _is_titular(word: str) -> bool:
    return word.startswith("titul")


def _of_whom(words: str) -> str:
    """The folded words of a heading without those that say whose the field is."""
    left = [word for word in words.split() if not _SOMEBODY.fullmatch(word)]
    while left and left[-1] in _LINKS:
        left.pop()
    return " ".join(left)


@cache
def fields_of(kind: str) -> tuple[str, ...]:
    """The fields of a kind, in the order of its definition."""
    return tuple(field.encode_name for field in msgspec.structs.fields(KINDS[kind]))


def columns_of(kind: str) -> tuple[str, ...]:
    """What the columns of a kind's table may hold: `ID`, its fields, and what else is read."""
    fields = fields_of(kind)
    more = (*WHOLE_NAMES, SEAT, *ALTERNATES) if kind == "person" else ()
    one, several = "organisation_id" in fields, "organisation_ids" in fields
    return (ID, *fields, *more, *(PLACES if one else (DEPARTMENT,) if several else ()))


def synonyms(kind: str, field: str) -> tuple[str, ...]:
    """The other titles that tables of a kind give to a field."""
    return (*SYNONYMS.get(field, ()), *_SYNONYMS_OF_KIND.get((kind, field), ()))


def title(kind: str, field: str) -> str:
    """The French title of one of `columns_of`."""
    if field in ALTERNATES:
        return f"{title(kind, ALTERNATES[field])} du suppléant"
    named = _TITLES_OF_KIND.get((kind, field)) or _TITLES.get(field)
    return named or capitalised(field_words(field))
