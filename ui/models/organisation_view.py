"""All that the page of one organisation shows, read in one go."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.domain.attendance import is_current
from app.domain.names import organisation_names
from app.domain.records import Need, Organisation, Person, Record, RosterEntry, Theme
from app.domain.search_text import fold
from app.services.memberships import Fee
from ui.widgets.pick import Option
from ui.words.persons import former_members, person_name, person_words

if TYPE_CHECKING:
    from app.bootstrap import Services


@dataclass(frozen=True)
class OrganisationView:
    """An organisation, its people, seats and needs in a commission, and what its fields offer.

    `everyone` offers the commission's persons, the organisation's own first; `names` has their
    names by id, and `former` the ids of those who have no seat any more. `current` has the ids of
    today's seats, which come first in `seats`.
    """

    organisation: Record[Organisation]
    fee: Fee
    persons: Sequence[Record[Person]]
    everyone: Sequence[Option]
    names: Mapping[str, str]
    former: Collection[str | None]
    seats: Sequence[Record[RosterEntry]]
    current: frozenset[str]
    needs: Sequence[Record[Need]]
    epcis: Sequence[Option]
    services: Sequence[Option]


def organisation_view(
    services: Services, organisation: Record[Organisation], commission_id: str | None
) -> OrganisationView:
    """Reads the workspace."""
    everywhere: Sequence[Record[Organisation]] = services.records.list("organisation", None)
    mine = {"organisation_id": organisation.id}
    seats = _inside(services, "roster_entry", commission_id, mine)
    people = _inside(services, "person", commission_id, {})
    own = [one for one in people if one.fields.organisation_id == organisation.id]
    former = former_members(services, commission_id)
    today = services.workspace.clock().date()
    current = frozenset(seat.id for seat in seats if is_current(seat.fields, today))
    return OrganisationView(
        organisation=organisation,
        fee=services.memberships.fee(organisation.fields),
        persons=sorted(own, key=_by_name),
        everyone=_everyone(people, organisation.id, everywhere, former),
        names={one.id: person_name(one.fields) for one in people},
        former=former,
        seats=sorted(seats, key=lambda seat: seat.id not in current),
        current=current,
        needs=_inside(services, "need", commission_id, {"organisation_ids": organisation.id}),
        epcis=group_options(everywhere, {organisation.fields.epci_siren}),
        services=_services(services, organisation.fields.services),
    )


def _inside(
    services: Services, kind: str, commission_id: str | None, where: dict[str, Any]
) -> Sequence[Record[Any]]:
    """Records of the commission's space; none without a commission."""
    return services.records.list(kind, commission_id, **where) if commission_id else []


def _by_name(person: Record[Person]) -> tuple[str, str]:
    return fold(person.fields.last_name), fold(person.fields.first_name)


def _everyone(
    people: Sequence[Record[Person]],
    home_id: str,
    everywhere: Sequence[Record[Organisation]],
    former: Collection[str | None],
) -> list[Option]:
    homes = {one.fields.organisation_id for one in people}
    places = organisation_names(one for one in everywhere if one.id in homes) | {home_id: ""}
    ordered = sorted(people, key=lambda one: (one.fields.organisation_id != home_id, _by_name(one)))
    return [
        Option(
            one.id,
            person_words(
                one.fields,
                places.get(one.fields.organisation_id or "", ""),
                former=one.id in former,
            ),
        )
        for one in ordered
    ]


def group_options(
    everywhere: Sequence[Record[Organisation]], held: Collection[str]
) -> list[Option]:
    """The EPCI by SIREN; one held that has no record, as of another region, by its SIREN alone."""
    found = {
        one.fields.siren: one.fields.name
        for one in everywhere
        if one.fields.kind == "epci" and one.fields.siren
    }
    found |= {siren: f"SIREN {siren}" for siren in held if siren and siren not in found}
    return [
        Option(siren, name) for siren, name in sorted(found.items(), key=lambda pair: fold(pair[1]))
    ]


def _services(services: Services, held: Sequence[str]) -> list[Option]:
    """The services by theme code; those held stay, even if retired or unknown by now."""
    themes: Sequence[Record[Theme]] = services.records.list("theme")
    found = {
        one.fields.code: one.fields.label
        for one in themes
        if one.fields.active or one.fields.code in held
    }
    known = sorted(found.items(), key=lambda pair: fold(pair[1]))
    return [Option(code, label) for code, label in known] + [
        Option(code, code) for code in held if code not in found
    ]
