"""Whom a watch note concerns, chosen by kinds, population, departments, EPCI and services."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal

from app.domain.refusals import Refusal
from ui.theme import Space
from ui.widgets.fields import NumberField
from ui.widgets.form import Form
from ui.widgets.half_typed import finish, follow, half_typed, so_far
from ui.widgets.pick import Option, PicksField
from ui.widgets.ticks import TicksField
from ui.words.choices import choices


@dataclass(frozen=True)
class AudienceOffers:
    """What an audience can name: departments by code, EPCI by SIREN, services by code."""

    departments: Sequence[tuple[str, str]]
    groups: Sequence[Option]
    services: Sequence[Option]


class AudienceField(Form):
    """The audience as a record holds it; an empty criterion means everybody."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__(2)
        self._shown: dict[str, Any] = {}
        self.kinds = TicksField(choices("organisation", "kind"))
        self.population_from = NumberField("0")
        self.population_to = NumberField("sans limite")
        self.departments = TicksField([])
        self.groups = PicksField([], "Ajouter une intercommunalité")
        self.services = PicksField([], "Ajouter un service")
        self._grid.setVerticalSpacing(Space.M)
        self.add("kinds", "Genres de collectivité", self.kinds, whole=True)
        self.add("population_from", "À partir de (habitants)", self.population_from)
        self.add("population_to", "En dessous de (habitants)", self.population_to)
        self.add("departments", "Départements", self.departments, whole=True)
        self.add("epci_sirens", "Intercommunalités", self.groups)
        self.add("services", "Utilisatrices d'un service", self.services)
        for name, row in self._rows.items():
            row.field.edited.connect(self.edited)
            self.check_once_left(name)
        self.setFocusProxy(self.kinds)

    def offer(self, offers: AudienceOffers) -> None:
        self.departments.offer(offers.departments)
        self.groups.offer(offers.groups)
        self.services.offer(offers.services)

    def value(self) -> dict[str, Any]:
        """The criteria; Refusal when a bound is no number or a name is not in its list."""
        return {name: row.field.value() for name, row in self._rows.items()}

    def so_far(self) -> dict[str, Any]:
        """The criteria; for those that cannot be read yet, the values shown last."""
        found = dict(self._shown)
        for name, row in self._rows.items():
            with suppress(Refusal):
                found[name] = so_far(row.field)
        return found

    def finish(self) -> None:
        for row in self._rows.values():
            finish(row.field)

    def follow(self, value: dict[str, Any]) -> None:
        self._shown = dict(value)
        for name, row in self._rows.items():
            if not half_typed(row.field):
                follow(row.field, value[name])

    def set_value(self, value: dict[str, Any]) -> None:
        """Shows an audience in its JSON form, touching only what differs."""
        self._shown = dict(value)
        self.set_values(value)
        for row in self._rows.values():
            row.say("")
