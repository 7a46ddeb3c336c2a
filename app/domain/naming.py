"""Where a text names a person, and the same text without the name.

A full name, a civility before the last name, an address and a telephone number are certain; a last
name alone may be somebody else's, so it is pointed at and never replaced.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from app.domain.records import Person

ERASED = "Personne effacée"
"""What stands in the place of an erased name."""

_CIVILITY = r"(?:m\.|mr|mme|mlle|monsieur|madame|mademoiselle|maitre|dr|docteur)"

_SENTENCE_END = re.compile(r"(?<![Mm]\.)(?<=[.!?…])\s+|\n+")
"""Where a sentence ends; the point of « M. » ends none."""


class Naming:
    """The ways in which texts name one person; accents and capitals do not matter.

    The addresses and telephones of `former` states of the person do too; another's name may have
    stood there, so that only the present one counts.
    """

    def __init__(self, person: Person, former: Sequence[Person] = ()) -> None:
        self.person = person
        self._reached = (person, *former)

    @cached_property
    def _certain(self) -> re.Pattern[str] | None:
        first, last = (_words(part) for part in (self.person.first_name, self.person.last_name))
        forms = []
        if first and last:
            forms += [rf"{first}\s+{last}", rf"{last}\s+{first}"]
        named = [rf"(?:{_CIVILITY}\s+)?(?:{'|'.join(forms)})"] if forms else []
        if last:
            named.append(rf"{_CIVILITY}\s+{last}")
        named += [re.escape(_folded(one.email)) for one in self._reached if one.email]
        numbers = (re.sub(r"\D", "", one.phone) for one in self._reached)
        named += [r"[ .\-]?".join(digits) for digits in numbers if len(digits) >= 10]
        return _pattern(named)

    @cached_property
    def _alone(self) -> re.Pattern[str] | None:
        last = _words(self.person.last_name)
        return _pattern([last]) if len(last) > 2 else None

    def names(self, text: str) -> bool:
        """Whether a text names the person for certain."""
        return bool(self._certain and self._certain.search(_folded(text)))

    def may_name(self, text: str) -> bool:
        """Whether a text holds at least the last name, be it somebody else's."""
        return bool(self._alone and self._alone.search(_folded(text)))

    def sentences(self, text: str) -> str:
        """The sentences of a text that name the person, or else at least the last name."""
        parts = _SENTENCE_END.split(text)
        for holds in (self.names, self.may_name):
            if found := [part.strip() for part in parts if holds(part)]:
                return " […] ".join(found)
        return text

    def erased(self, text: str) -> str:
        """The text with each certain name replaced."""
        if self._certain is None:
            return text
        pieces, place = [], 0
        for match in self._certain.finditer(_folded(text)):
            pieces += [text[place : match.start()], ERASED]
            place = match.end()
        return "".join([*pieces, text[place:]])

    def erased_in(self, value: Any) -> Any:
        """The same value of JSON with every text in it erased."""
        if isinstance(value, str):
            return self.erased(value)
        if isinstance(value, list):
            return [self.erased_in(one) for one in value]
        if isinstance(value, dict):
            return {name: self.erased_in(one) for name, one in value.items()}
        return value


def texts(value: Any) -> Iterator[str]:
    """Every text in a value of JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts(one)


def emptied() -> dict[str, str]:
    """What the fields that tell who a person is hold once they are erased."""
    return dict.fromkeys(("first_name", "role", "email", "phone"), "") | {"last_name": ERASED}


def blank(person: dict[str, Any]) -> dict[str, Any]:
    """The fields of a person once erased: nothing is left to tell who it was."""
    return person | emptied() | {"organisation_id": None}


def is_erased(person: dict[str, Any]) -> bool:
    """Whether nothing in the fields of a person is left to tell who it was."""
    return all(person.get(name, value) == value for name, value in blank({}).items())


def is_rewritten(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether an erasure, between two states of a record, put its words in the place of a name.

    Or took away all that told who a person was: their name may have been taken before.
    """
    if "last_name" in after and is_erased(after):
        return not is_erased(before)
    changed = [value for name, value in after.items() if before.get(name) != value]
    return any(ERASED in text for text in texts(changed))


def _words(name: str) -> str:
    """A name as a pattern in which spaces and hyphens are alike."""
    return r"[\s\-]+".join(re.escape(part) for part in re.split(r"[\s\-]+", _folded(name)) if part)


def _pattern(forms: list[str]) -> re.Pattern[str] | None:
    return re.compile(rf"(?<!\w)(?:{'|'.join(forms)})(?!\w)") if forms else None


def _folded(text: str) -> str:
    """The text without accents and capitals, letter for letter: places stay the same."""
    return text.translate(_FOLDED)


class _Folds(dict[int, str]):
    """The plain small letter of each letter, found once."""

    def __missing__(self, code: int) -> str:
        self[code] = unicodedata.normalize("NFD", chr(code))[0].lower()[0]
        return self[code]


_FOLDED = _Folds()
