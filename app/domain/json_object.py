"""Reads the fields of a decoded JSON object of any origin, checking each one.

Every refusal names the field by its path, such as `offers[0].tiers[1].from_participants`, and
says in a French sentence what to do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from app.domain.records import MAX_TEXT
from app.domain.refusals import Refusal
from app.domain.values import BARRED

LARGEST = 10**18
"""The largest integer that is taken: amounts, populations, units."""

_DECIMAL = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,400})?\Z")
_REQUIRED = object()


class JsonObject:
    """The object found at a path; a field that is not `known` is refused at once.

    Each getter but `children` and `texts` refuses null, and a missing field unless given a default.
    """

    def __init__(self, value: object, path: str, known: tuple[str, ...]) -> None:
        if not isinstance(value, dict):
            raise Refusal("il faut un objet JSON.", field=path)
        self._fields: dict[Any, Any] = value
        self._path = path
        for name in value:
            if name not in known:
                raise self.refusal(str(name)[:60], "ce champ n'existe pas.")

    def path(self, name: str) -> str:
        return f"{self._path}.{name}" if self._path else name

    def refusal(self, name: str, sentence: str) -> Refusal:
        return Refusal(sentence, field=self.path(name))

    def has(self, name: str) -> bool:
        """Whether a field is there and not null."""
        return self._fields.get(name) is not None

    def integer(
        self, name: str, default: object = _REQUIRED, *, least: int = 0, most: int = LARGEST
    ) -> int:
        """A whole number from `least` to `most`; a boolean or 1.0 is refused."""
        value = self._value(name, default)
        if not isinstance(value, int) or isinstance(value, bool):
            unit = " de centimes" if name.endswith("_cents") else ""
            raise self.refusal(name, f"il faut un nombre entier{unit}, sans virgule ni guillemets.")
        if not least <= value <= most:
            raise self.refusal(name, _out_of(value, least, most))
        return value

    def decimal(self, name: str, default: object = _REQUIRED) -> Fraction:
        """The exact value, 0 or more, of a decimal written as a text without exponent."""
        value = self._value(name, default)
        if not isinstance(value, str) or not _DECIMAL.match(value):
            raise self.refusal(
                name, 'il faut un nombre décimal écrit entre guillemets, par exemple "0.20".'
            )
        number = Fraction(value)
        if number < 0:
            raise self.refusal(name, "ce nombre ne peut pas être négatif.")
        return number

    def text(self, name: str, default: object = _REQUIRED) -> str:
        """A text; it cannot be empty when it is required."""
        value = self._value(name, default)
        if not isinstance(value, str):
            raise self.refusal(name, "il faut un texte.")
        if default is _REQUIRED and not value:
            raise self.refusal(name, "ce texte ne peut pas être vide.")
        if len(value) > MAX_TEXT:
            raise self.refusal(name, f"le texte ne peut compter que {MAX_TEXT} caractères.")
        if BARRED.search(value):
            raise self.refusal(name, "ce texte contient un caractère interdit : retirez-le.")
        return value

    def texts(self, name: str) -> list[str]:
        """A list of texts, none of them empty; none when it is missing or null."""
        values = self._fields.get(name)
        if values is None:
            return []
        if not isinstance(values, list) or not all(one and isinstance(one, str) for one in values):
            raise self.refusal(name, "il faut une liste de textes.")
        return values

    def choice(self, name: str, choices: tuple[str, ...], default: object = _REQUIRED) -> str:
        value = self._value(name, default)
        if not isinstance(value, str) or value not in choices:
            raise self.refusal(
                name, f"cette valeur n'existe pas : choisissez parmi {', '.join(choices)}."
            )
        return value

    def flag(self, name: str, default: object) -> bool:
        value = self._value(name, default)
        if not isinstance(value, bool):
            raise self.refusal(name, "il faut vrai ou faux (true ou false).")
        return value

    def mapping(self, name: str) -> dict[str, Any]:
        """An object whose own fields are not checked."""
        value = self._value(name, _REQUIRED)
        if not isinstance(value, dict):
            raise self.refusal(name, "il faut un objet JSON.")
        return value

    def child(self, name: str, known: tuple[str, ...]) -> JsonObject:
        return JsonObject(self._value(name, _REQUIRED), self.path(name), known)

    def children(self, name: str, known: tuple[str, ...]) -> Iterator[JsonObject]:
        """The members of a list of objects; none when it is missing or null."""
        values = self._fields.get(name)
        if values is None:
            return
        if not isinstance(values, list):
            raise self.refusal(name, "il faut une liste.")
        for rank, value in enumerate(values):
            yield JsonObject(value, f"{self.path(name)}[{rank}]", known)

    def _value(self, name: str, default: object) -> Any:
        value = self._fields.get(name, default)
        if value is _REQUIRED:
            raise self.refusal(name, "ce champ manque : indiquez-le.")
        return value


def _out_of(value: int, least: int, most: int) -> str:
    if most < LARGEST:
        return f"il faut un nombre entier de {least} à {most}."
    if value > most:
        return f"ce nombre dépasse {most}."
    return "ce nombre ne peut pas être négatif." if least == 0 else f"il faut au moins {least}."
