"""The names and codes by which tables refer to organisations, persons and themes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from copy import copy

from app.domain.records import Envelope
from app.domain.refusals import Refusal
from app.domain.search_text import spaced, spelt_out
from app.domain.validation import is_id, readable
from app.territory import departments

_HOUSE = re.compile("(?:mairie|commune|ville) (de|d|du|des) (.+)")
_ARTICLES = {"du": "le ", "des": "les "}
_BEHIND = re.compile("(.+) (le|la|les|l)")


class Directory:
    """Finds an organisation or a department by code or name, a person by name, a theme by code or
    label; and gives back the code of an organisation and the label of a theme.
    """

    def __init__(
        self,
        organisations: Iterable[Envelope],
        themes: Iterable[Envelope],
        near: Collection[str] = (),
        persons: Iterable[Envelope] = (),
    ) -> None:
        """A name that several organisations share means the only one in the departments `near`."""
        self._codes: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._within: dict[str, set[str]] = {}  # the organisations of each department
        self._organisations: dict[str, set[str]] = {}
        self._spelt: dict[str, set[str]] = {}
        for each in organisations:
            fields = readable(each)
            code = fields["insee_code"] or fields["siren"]
            self._codes[each.id] = code
            name, department = fields["name"], fields["department"]
            self._names[each.id] = name
            self._within.setdefault(department, set()).add(each.id)
            for known in (fields["insee_code"], fields["siren"], name, f"{name} {department}"):
                self._organisations.setdefault(spaced(known), set()).add(each.id)
                self._spelt.setdefault(spelt_out(spaced(known)), set()).add(each.id)
        self._near = set[str]().union(*(self._within.get(each, ()) for each in near))
        self._persons: dict[str, set[str]] = {}
        for each in persons:
            first, last = readable(each)["first_name"], readable(each)["last_name"]
            for known in (f"{first} {last}", f"{last} {first}"):
                self._persons.setdefault(spaced(known), set()).add(each.id)
        self._departments: dict[str, str] = {}
        for code, name in departments().items():
            ways = (code, name, f"{code} {name}", f"{name} {code}")
            self._departments |= {spaced(way): code for way in ways}
        self._labels: dict[str, str] = {}
        self._themes: dict[str, str] = {}
        for fields in map(readable, themes):
            code, label = fields["code"], fields["label"]
            self._labels[code] = label
            self._themes |= {spaced(label): code, spaced(code): code}
        for known in (self._organisations, self._spelt, self._persons, self._themes):
            known.pop("", None)  # no name at all

    def code(self, organisation_id: str) -> str:
        """The code by which `organisation` finds it again, else its id."""
        code = self._codes.get(organisation_id, "")
        alone = self._organisations.get(spaced(code)) == {organisation_id}
        return code if alone else organisation_id

    def organisation(self, text: str) -> str:
        """The id of the organisation so called; Refusal when there is none, or several.

        « St-Romain » is also « Saint-Romain », where none is called so to the letter.
        """
        if is_id(text):
            return text
        how = "ou donnez son code INSEE ou son SIREN."
        found = self.organisations(text)
        if len(near := found & self._near) == 1:
            found = near
        if not found:
            raise Refusal(
                f"aucune collectivité ne s'appelle « {text[:60]} » : corrigez son nom, {how}"
            )
        if len(found) > 1:
            raise Refusal(
                f"plusieurs collectivités s'appellent « {text[:60]} » : ajoutez le numéro de son"
                f" département, {how}"
            )
        return next(iter(found))

    def organisations(self, text: str) -> set[str]:
        """The ids of the organisations that a text may mean, near or not."""
        return next(filter(None, map(self._so_called, _ways(text))), None) or set()

    def check_called(self, organisation_id: str, name: str, field: str) -> None:
        """Refusal when the organisation of the code in a field is not called so but another is."""
        called = self.organisations(name)
        if called and organisation_id not in called:
            raise Refusal(
                f"ce code est celui de « {self._names[organisation_id]} » et non de"
                f" « {name[:60]} » : corrigez-le (un code postal n'est pas un code INSEE), ou"
                " corrigez le nom.",
                field=field,
            )

    def of(self, department: str) -> Directory:
        """The same, for a line that says the department of its organisations: this one is near."""
        other = copy(self)
        other._near = self._within.get(self.department(department.strip()), set())
        return other

    def _so_called(self, name: str) -> set[str] | None:
        return self._organisations.get(name) or self._spelt.get(spelt_out(name))

    def department(self, text: str) -> str:
        """The code of the department so called, as « 021 » or « 21 - Côte-d'Or »; else the text."""
        return self._departments.get(spaced(text).lstrip("0"), text)

    def person(self, text: str) -> str:
        """The id of the person so called; Refusal when there is none, or several."""
        found = {text} if is_id(text) else self._persons.get(spaced(text), set())
        if len(found) != 1:
            who = "plusieurs personnes s'appellent" if found else "aucune personne ne s'appelle"
            raise Refusal(
                f"{who} « {text[:60]} » : corrigez son nom, donnez son identifiant, ou laissez la"
                " cellule vide."
            )
        return next(iter(found))

    def label(self, theme_code: str) -> str:
        """The label by which `theme` finds it again, else its code."""
        label = self._labels.get(theme_code, "")
        return label if self._themes.get(spaced(label)) == theme_code else theme_code

    def theme(self, text: str) -> str:
        """The code of the theme so called; the text itself when there is none."""
        return self._themes.get(spaced(text), text)


def _ways(text: str) -> Iterator[str]:
    """The names that a text may mean: itself, « 200 070 894 » or « 1004 » as a code, « Mairie du
    Creusot » without the house, « Creusot (Le) » with its article first.
    """
    name = spaced(text)
    yield name
    digits = name.replace(" ", "")
    if digits.isdecimal():
        yield digits.zfill(5)
    house = _HOUSE.fullmatch(name)
    if house is not None:
        yield _ARTICLES.get(house[1], "") + house[2]
    behind = _BEHIND.fullmatch(name)
    if behind is not None:
        yield f"{behind[2]} {behind[1]}"
