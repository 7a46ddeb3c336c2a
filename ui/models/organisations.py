"""The list of the territory's organisations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from app.domain.attendance import is_current
from app.domain.field_words import VALUES
from app.domain.records import Commission, Organisation, Record, RosterEntry
from app.domain.wording import whole
from app.territory import departments
from ui.models.table import Column, Columns, folded
from ui.words.choices import tone, words_of
from ui.words.organisations import organisation_words

if TYPE_CHECKING:
    from app.bootstrap import Services

INSEE_LENGTH = 5
MEMBERSHIPS = list(VALUES["organisation"]["membership"])


@cache
def _folded_department(code: str) -> str:
    return folded(departments().get(code, ""))


@dataclass(frozen=True)
class OrganisationRow:
    """An organisation, the name of its EPCI, and whether it sits in the commission today.

    `is_near`: it is in one of the commission's departments or in none, or it sits; true for all
    where the commission has no department.
    """

    organisation: Record[Organisation]
    epci: str
    sits: bool
    is_near: bool

    @property
    def id(self) -> str:
        return self.organisation.id

    @property
    def title(self) -> str:
        return organisation_words(self.organisation.fields) or "Sans nom"

    def is_meant(self, word: str) -> bool:
        """Whether a word of the filter begins the INSEE code, or the SIREN if it is longer than
        one, or is in the department's name.

        A shorter number is not looked for in the SIREN: nearly every commune's begins with 21.
        """
        fields = self.organisation.fields
        if word.isdigit():
            code = fields.siren if len(word) > INSEE_LENGTH else fields.insee_code
            return code.startswith(word)
        return word in _folded_department(fields.department)


class OrganisationColumn(Columns):
    """One organisation a row."""

    NAME = Column[OrganisationRow](
        "Collectivité", lambda row: row.title, width=0, finds=lambda row, word: row.is_meant(word)
    )
    KIND = Column[OrganisationRow](
        "Genre",
        lambda row: words_of(row.organisation, "kind"),
        width=145,
        role="muted",
    )
    POPULATION = Column[OrganisationRow](
        "Habitants",
        lambda row: _whole(row.organisation.fields.population),
        lambda row: row.organisation.fields.population,
        align="right",
        width=105,
        searched=False,
    )
    EPCI = Column[OrganisationRow](
        "Intercommunalité", lambda row: row.epci, width=250, role="muted"
    )
    MEMBERSHIP = Column[OrganisationRow](
        "Adhésion",
        lambda row: words_of(row.organisation, "membership"),
        lambda row: MEMBERSHIPS.index(row.organisation.fields.membership),
        tone=lambda row: _tone(row.organisation.fields.membership),
        width=140,
        role="muted",
    )
    SEAT = Column[OrganisationRow](
        "Commission",
        lambda row: "Siège" if row.sits else "",
        lambda row: not row.sits,
        tone=lambda row: "accent",
        width=120,
    )


def _tone(membership: str) -> str | None:
    """A chip for members present and past, plain words for the many others."""
    return None if membership == "not_member" else tone("organisation", "membership", membership)


def _whole(number: int | None) -> str:
    return "" if number is None else whole(number)


def organisation_rows(services: Services, commission_id: str | None) -> list[OrganisationRow]:
    """Every organisation, in order of creation; reads the workspace."""
    everyone: Sequence[Record[Organisation]] = services.records.list("organisation", None)
    names = {one.fields.siren: one.fields.name for one in everyone if one.fields.kind == "epci"}
    sitting = _sitting(services, commission_id)
    near = _departments(services, commission_id)
    return [
        OrganisationRow(
            one,
            names.get(one.fields.epci_siren, ""),
            one.id in sitting,
            not near or one.fields.department in near or one.id in sitting,
        )
        for one in everyone
    ]


def _departments(services: Services, commission_id: str | None) -> set[str]:
    """The commission's departments, with "" for what is in none; empty if it names none."""
    if commission_id is None:
        return set()
    commission: Record[Commission] = services.records.get(commission_id)
    return {*commission.fields.departments, ""} if commission.fields.departments else set()


def _sitting(services: Services, commission_id: str | None) -> set[str | None]:
    """The organisations that have a seat in the commission today, voting or not."""
    if commission_id is None:
        return set()
    today = services.workspace.clock().date()
    seats: Sequence[Record[RosterEntry]] = services.records.list("roster_entry", commission_id)
    return {seat.fields.organisation_id for seat in seats if is_current(seat.fields, today)}
