"""The validation errors of msgspec, said in French with the field's path."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from app.domain.refusals import Refusal, UnknownField
from app.domain.wording import either

_TYPES = {
    "str": "un texte", "int": "un nombre entier", "bool": "vrai ou faux", "array": "une liste",
    "object": "un objet", "null": "rien", "float": "un nombre à virgule",
}  # fmt: skip
_UNKNOWN_FIELD = re.compile(
    r"Object contains unknown field `(?P<name>.*?)`(?: - at `(?P<at>.*)`)?$", re.DOTALL
)  # a name that someone else wrote may hold line feeds
_BAD_TYPE = re.compile(r"Expected `(?P<wanted>.*?)`, got `(?P<got>.*?)`(?: - at `(?P<at>.*)`)?$")
_BAD_ENUM = re.compile(r"Invalid enum value (?P<value>.*?)(?: - at `(?P<at>.*)`)?$")
_TOO_LOW = re.compile(r"Expected `int` >= (?P<least>-?\d+)(?: - at `(?P<at>.*)`)?$")
_AT = re.compile(r"`(?P<at>\$[^`]*)`$")
_MISSING = re.compile(r"Object missing required field `(?P<name>.*?)`(?: - at `(?P<at>.*)`)?$")


_NONE: Mapping[str, Mapping[Any, str]] = MappingProxyType({})


def in_french(
    error: msgspec.ValidationError, words: Mapping[str, Mapping[Any, str]] = _NONE
) -> Refusal:
    """The refusal that says in French what msgspec found.

    `words` gives, by field, the French words of each allowed value: the refusal names them all.
    """
    text = str(error)
    if found := _UNKNOWN_FIELD.match(text):
        return UnknownField("ce champ n'existe pas.", field=_path(found["at"], found["name"]))
    if found := _MISSING.match(text):
        return Refusal("ce champ manque.", field=_path(found["at"], found["name"]))
    if found := _BAD_ENUM.match(text):
        value, field = found["value"].strip("'\""), _path(found["at"])
        known = words.get(re.sub(r"\[.*?\]", "", field).rpartition(".")[2], {})
        wanted = either([_told(one, word) for one, word in known.items()])
        more = f" : il faut {wanted}" if wanted else ""
        return Refusal(f"la valeur « {value} » n'est pas admise{more}.", field=field)
    if found := _TOO_LOW.match(text):
        return Refusal(f"il faut au moins {found['least']}.", field=_path(found["at"]))
    if found := _BAD_TYPE.match(text):
        wanted = " ou ".join(_TYPES.get(t.strip(), t) for t in found["wanted"].split("|"))
        got = _TYPES.get(found["got"], found["got"])
        return Refusal(f"il faut {wanted}, et non {got}.", field=_path(found["at"]))
    found = _AT.search(text)
    field = _path(found["at"] if found else None)
    return Refusal("la valeur n'est pas de la forme attendue.", field=field)


def _told(value: Any, word: str) -> str:
    """« 1 (léger) », of a value and what the screens call it."""
    return word if value == word else f"{value} ({word})"


def _path(at: str | None, name: str = "") -> str:
    where = (at or "$").removeprefix("$").removeprefix(".")
    return ".".join(part for part in (where, name) if part)
