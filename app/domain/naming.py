"""Where a text names a person, and the text without the name.

A full name, a civility before the last name, an address and a telephone number are certain, unless
somebody else has them too; what may be somebody else's is shown to the user and never replaced.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

from app.domain.erasure import ERASED, SENTENCE_END, every_text
from app.domain.full_names import PARTICLES
from app.domain.records import Person

_CIVILITY = (
    r"(?:(?:mr?|mme|me?lle|mle|me|dr|pr|mgr)(?:\.\s*|\s+)"
    r"|(?:monsieur|madame|mademoiselle|maitre|docteur|professeur|monseigneur)\s+)"
)
"""A civility, with what parts it from a name: nothing in « M.Roy »."""

_SMALL_WORD = re.compile(r"m\s+|(?:me|pr)(?:\s+|\.\s*)")
"""What is a civility in capitals alone: « M Roy », « Me Roy », but « 3 m », « on me dit »."""

_INITIAL = re.compile(
    r"(?:(?<=\b[^\W\d_]\.)|(?<=\b[^\W\d_]\.-))[Mm][.\s]"
    r"|(?<=\b[A-ZÀ-Þ]\.[ \u00a0\u202f])M[.\s]|(?<=\b[B-XZ] )M\s"
)
"""The last initial in « J.-M. Roy », « J. M. Roy » and « J M Roy », which is no civility."""

_ANOTHER_NAME = re.compile(r"[ \u00a0\u202f]+(?:d[eu] L[ae] )?[A-ZÀ-Þ]")
_FUNCTION = (
    r"(?:maire|adjoint|(?:vice-)?president|conseill(?:er|ere)|directeur|directrice|dgs|delegue|elu"
    r"|secretaire|titulaire|suppleant|present|absent|excuse|represente|pouvoir|oui|non|pour|contre"
    r"|abstention|il|elle|et)e?s?(?![\w\-])"
)
"""Functions and what else attendance lists, votes and hasty notes have right after a name."""

_NO_NAME = re.compile(
    rf"\s+(?:{_CIVILITY}|(?:mm\.?|mmes|messieurs|mesdames)\s|personne effacee|[\w.+\-]*@"
    rf"|{_FUNCTION})"
)
"""After « M. Martin », a last name if Martin is a first name; and folded, what is none."""

_NOT_DOUBLE = PARTICLES | {"ben", "bou", "el", "al", "saint", "sainte", "st", "ste"}
"""Words by which a last name of several is one name, whose words are of many other things."""

_MARRIED = frozenset({"nee", "epouse", "epx", "veuve", "vve"})

_BETWEEN_WORDS = r"[\s'\u2018\u2019\u02bc\u2013\-]+"
_BETWEEN_ADDRESSES = re.compile(r"[\s;,/<>()]+")
_BETWEEN_NUMBERS = re.compile(r"[;,a-z]+|/(?=\s*(?:\+|0(?:[\s./\-]?\d){9}))")
"""Words part two numbers, as does a slash before a whole one: 03/80/12/34/56 is one number."""


class Naming:
    """The ways in which texts name one person; accents and capitals do not matter.

    The addresses and telephones of the person's `former` states name them for certain too. Their
    former last names do not, as the record may have been somebody else's then; nor does a last name
    alone, nor a name, an address or a telephone that one of the `others` has as well, nor what is
    part of a longer name: « Paul Roy » in one of theirs, « M. Martin » in « M. Martin Dupont ».
    `beyond` are persons of other commissions, who count where these write too (`within`).
    """

    def __init__(
        self,
        person: Person,
        former: Sequence[Person] = (),
        others: Sequence[Person] = (),
        beyond: Sequence[Person] = (),
    ) -> None:
        self.person = person
        self._former = former
        self._others = others
        self._beyond = beyond

    def within(self, space: str | None) -> Naming:
        """The ways in which the texts of a commission, or for None of the region, name them."""
        return self if space else self._within_region

    @cached_property
    def _within_region(self) -> Naming:
        return Naming(self.person, self._former, [*self._others, *self._beyond])

    @cached_property
    def _forms(self) -> tuple[list[str], list[str]]:
        """The patterns that name the person for certain, and those that may name another."""
        first, last = _words(self.person.first_name), _words(self.person.last_name)
        like = {_words(one.first_name) for one in self._others if _words(one.last_name) == last}
        sure, unsure = list[str](), list[str]()
        if first and last:
            (unsure if first in like else sure).append(_full(first, last))
        if last:
            (unsure if like else sure).append(f"(?P<brief>{_brief(last)})")
        for reached in (_addresses, _dialled):
            shared = {form for one in self._others for form in reached(one)}
            known = (form for one in (self.person, *self._former) for form in reached(one))
            for form in dict.fromkeys(known):
                (unsure if form in shared else sure).append(form)
        names = [one.last_name for one in (self.person, *self._former)]
        lasts = filter(None, dict.fromkeys(map(_words, names)))
        unsure += (one if len(one) > 2 else _brief(one) for one in lasts)
        if halves := [_words(one) for name in names for one in _halves(name)]:
            unsure.append(f"(?P<half>{'|'.join(halves)})")
        return sure, unsure

    @cached_property
    def _certain(self) -> re.Pattern[str] | None:
        return _pattern(self._forms[0])

    @cached_property
    def _uncertain(self) -> re.Pattern[str] | None:
        return _pattern(self._forms[1])

    @cached_property
    def _longer(self) -> re.Pattern[str] | None:
        """The names of the others of which the person's last name is a part."""
        last, found = _words(self.person.last_name), list[str]()
        part = re.compile(rf"(?<!\w){last}(?!\w)")
        for one in self._others if last else ():
            names = (_words(one.first_name), _words(one.last_name))
            if all(names) and part.search(_folded(f"{one.first_name} {one.last_name}")):
                found.append(_full(*names))
            if names[1] != last and part.search(_folded(one.last_name)):
                found.append(_brief(names[1]))
        return _pattern(found)

    def _places(self, text: str) -> Iterator[tuple[int, int]]:
        """Where each certain name starts and ends."""
        folded = _folded(text)
        found = list(self._certain.finditer(folded)) if self._certain else []
        longer = self._longer.finditer(folded) if found and self._longer else ()
        theirs = [one.span() for one in longer]
        for match in found:
            start, end = match.span()
            small = _SMALL_WORD.match(text, start)
            if match.lastgroup == "brief" and (
                small or _INITIAL.match(text, start) or _goes_on(text, folded, end)
            ):
                continue
            if any(one <= start and end <= other for one, other in theirs):
                continue
            yield small.end() if small else start, end

    def names(self, text: str) -> bool:
        """Whether a text names the person for certain."""
        return any(True for _ in self._places(text))

    def may_name(self, text: str) -> bool:
        """Whether a text holds a name or an address of the person that may be somebody else's."""
        found = self._uncertain.finditer(_folded(text)) if self._uncertain else ()
        return any(one.lastgroup != "half" or text[one.start()].isupper() for one in found)

    def doubtful(self, text: str) -> str:
        """The sentences that may name the person beside the names that are certain, if any."""
        if not (self.may_name(text) and self.may_name(self.erased(text))):
            return ""
        parts = SENTENCE_END.split(text)
        return _joined(one for one in parts if self.may_name(self.erased(one))) or text

    def sentences(self, text: str) -> str:
        """The sentences of a text that name the person, else those that may, else the text."""
        parts = SENTENCE_END.split(text)
        for holds in (self.names, self.may_name):
            if found := _joined(filter(holds, parts)):
                return found
        return text

    def erased(self, text: str) -> str:
        """The text with each certain name replaced."""
        pieces, place = [], 0
        for start, end in self._places(text):
            pieces += [text[place:start], ERASED]
            place = end
        return "".join([*pieces, text[place:]])

    def erased_in(self, value: Any) -> Any:
        """The same value of JSON with every text in it erased."""
        return every_text(value, self.erased)


def _joined(sentences: Iterable[str]) -> str:
    return " […] ".join(one.strip() for one in sentences)


def _full(first: str, last: str) -> str:
    """A pattern for both names, in either order."""
    return _whole(rf"{_CIVILITY}?(?:{first}\s+{last}|{last}\s+{first})")


def _brief(last: str) -> str:
    """A pattern for a civility and a last name."""
    return _whole(_CIVILITY + last)


def _goes_on(text: str, folded: str, end: int) -> bool:
    """Whether what ends there may be a first name, before a last one; in capitals, it is none."""
    followed = _ANOTHER_NAME.match(text, end) and not _NO_NAME.match(folded, end)
    return bool(followed) and not text[end - 1].isupper()


def _whole(name: str) -> str:
    """A pattern for a name that is not part of a longer one, as « Roy-Durand » is somebody else's,
    and does not end within an address.
    """
    return rf"(?<!\w-)(?:{name})(?!-\w)(?![\w.+\-]*@)"


def _addresses(person: Person) -> list[str]:
    """Patterns for the addresses of a person, none of them the end of a longer one."""
    found = _BETWEEN_ADDRESSES.split(_folded(person.email))
    return [rf"(?<!\w[.+\-]){re.escape(one)}" for one in found if "@" in one]


def _dialled(person: Person) -> list[str]:
    """Patterns for the telephone numbers of a person, dialled from France or from abroad."""
    gap, found = r"[\s.·/()\u2013\-]{0,3}", []  # the spaces of a word processor too
    for one in _BETWEEN_NUMBERS.split(_folded(person.phone)):
        number = re.sub(r"^(?:0033|33(?=\d{9})|0)0?", "", re.sub(r"\D", "", one))
        if len(number) >= 9:
            before = rf"(?:(?:\+|00){gap}33{gap}(?:0{gap})?|0{gap})" if len(number) == 9 else ""
            found.append(rf"(?:\((?=[+\d\s]{{1,6}}\)))?{before}{gap.join(number)}")
    return found


def _halves(name: str) -> list[str]:
    """Each last name in a double one, « Roy-Durand » or « Roy (née Durand) »; one where it has a
    capital, as « Petit-Bois » would be all that is small and all woods.
    """
    words = re.findall(r"\w+", _folded(name))
    if _NOT_DOUBLE.intersection(words):
        return []
    halves = [one for one in words if len(one) > 2 and one not in _MARRIED]
    return halves if len(words) > 1 else []


def _words(name: str) -> str:
    """A name as a pattern in which spaces, hyphens and apostrophes are alike, and œ and oe too."""
    parts = (re.escape(part) for part in re.split(_BETWEEN_WORDS, _folded(name)) if part)
    pattern = _BETWEEN_WORDS.join(parts)
    for ligature, letters in ("œ", "oe"), ("æ", "ae"):
        pattern = pattern.replace(letters, ligature).replace(ligature, f"(?:{ligature}|{letters})")
    return pattern


def _pattern(forms: list[str]) -> re.Pattern[str] | None:
    return re.compile(rf"(?<!\w)(?:{'|'.join(forms)})(?!\w)") if forms else None


def _folded(text: str) -> str:
    """The text without accents, capitals and odd hyphens, letter for letter, so that positions stay
    the same.
    """
    return text.translate(_FOLDED)


class _Folds(dict[int, str]):
    """The plain small letter of each letter, found once."""

    def __missing__(self, code: int) -> str:
        self[code] = unicodedata.normalize("NFD", chr(code))[0].lower()[0]
        return self[code]


_FOLDED = _Folds.fromkeys((0x2010, 0x2011), "-")
