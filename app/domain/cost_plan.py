"""The cost-sharing plan of CONTRACTS §4: its definition, and what it refuses."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from itertools import chain, count
from string import ascii_uppercase
from typing import Any, TypeVar, get_args

import msgspec

from app.domain.json_object import JsonObject
from app.domain.names import organisation_names
from app.domain.records import Commitment, Organisation, OrganisationKind, Record
from app.domain.refusals import Refusal
from app.domain.wording import listed

KEY_LABELS = {
    "equal": "à parts égales",
    "population": "par population",
    "strata": "par strates",
    "mixed": "mixte",
    "usage": "à l'usage",
    "alone": "au prix seul",
}
KEY_KINDS = tuple(KEY_LABELS)
Quantity = TypeVar("Quantity", int, Fraction)
ORGANISATION_KINDS: tuple[str, ...] = get_args(OrganisationKind)


class Stratum(msgspec.Struct, frozen=True):
    """The weight of participants from `from_population` inhabitants up to the next stratum."""

    from_population: int
    weight: Fraction


class Key(msgspec.Struct, frozen=True, kw_only=True):
    """How a cost is shared; `cap_cents` None sets no cap."""

    kind: str
    fixed_share: Fraction = Fraction(0)
    strata: tuple[Stratum, ...] = ()
    floor_cents: int = 0
    cap_cents: int | None = None


class Tier(msgspec.Struct, frozen=True, kw_only=True):
    """The prices of an offer from a number of participants on, excluding tax."""

    from_participants: int
    setup_cents: int = 0
    yearly_cents: int = 0
    setup_per_participant_cents: int = 0
    yearly_per_participant_cents: int = 0
    yearly_per_inhabitant_cents: int = 0
    yearly_per_unit_cents: int = 0

    def total(self, years: int, count: int, population: Quantity, units: Quantity) -> Quantity:
        """The price over the term for `count` participants with so many inhabitants and units."""
        once = self.setup_cents + self.setup_per_participant_cents * count
        yearly = self.yearly_cents + self.yearly_per_participant_cents * count
        used = self.yearly_per_inhabitant_cents * population + self.yearly_per_unit_cents * units
        return years * used + (once + years * yearly)


def _start(tier: Tier) -> int:
    return tier.from_participants


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A supplier's price for a solution; its tiers start at 1 participant and increase strictly."""

    id: str
    supplier: str = ""
    tiers: tuple[Tier, ...]

    def tier_at(self, count: int) -> Tier:
        """The last tier that starts at `count` participants or fewer."""
        return self.tiers[bisect_right(self.tiers, count, key=_start) - 1]

    def next_tier(self, count: int) -> Tier | None:
        """The first tier that starts above `count` participants."""
        rank = bisect_right(self.tiers, count, key=_start)
        return self.tiers[rank] if rank < len(self.tiers) else None


class Participant(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation that takes part; `alone_cents` None: the offer's own price for it alone."""

    code: str
    name: str = ""
    kind: str = "commune"
    population: int
    units: int = 0
    alone_cents: int | None = None


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Offers over a number of years, and the rules by which participants share their cost.

    Communes below `exempt_below_population` inhabitants pay nothing; 0 exempts nobody.
    """

    years: int
    vat_rate: Fraction = Fraction(0)
    exempt_below_population: int = 0
    subsidy_cents: int = 0
    key: Key
    offers: tuple[Offer, ...]
    participants: tuple[Participant, ...] = ()

    def exempts(self, kind: str, population: int | Fraction) -> bool:
        return kind == "commune" and population < self.exempt_below_population


_TERMS = ("years", "vat_rate", "exempt_below_population", "subsidy_cents", "key", "offers")
_UNSAID = {
    "years": 1,
    "key": {"kind": KEY_KINDS[0]},
    "offers": [{"id": "A", "tiers": [{"from_participants": 1}]}],
}
"""The least that `_terms` accepts in each required field, put where a draft has nothing yet."""

_DRAFT = {"years": "la durée", "key": "la clé de répartition", "offers": "les offres"}
"""The fields that `check_draft` lets a plan leave out, in words."""

_KEY = Key.__struct_fields__
_STRATUM = ("from", "weight")
_TIER = Tier.__struct_fields__
_PARTICIPANT = Participant.__struct_fields__


def read_plan(value: object) -> Plan:
    """The plan that decoded JSON holds; Refusal with the field when it cannot be computed."""
    found = JsonObject(value, "", (*_TERMS, "participants"))
    terms = _terms(found)
    return msgspec.structs.replace(terms, participants=_participants(found))


def read_terms(value: object) -> Plan:
    """The plan of a solution, which names no participants; Refusal as `read_plan`."""
    return _terms(JsonObject(value, "", _TERMS))


def check_draft(value: Mapping[str, Any]) -> None:
    """Raises the Refusal of `read_terms`, but lets the years, the key or the offers be missing."""
    said = {name for name, part in value.items() if part is not None}
    if value.get("offers") == []:
        said.remove("offers")
    unsaid = {name: part for name, part in _UNSAID.items() if name not in said}
    _terms(JsonObject({**value, **unsaid}, "plan", _TERMS))


def plan_for(
    plan: Mapping[str, Any] | None,
    commitments: Iterable[Record[Commitment]],
    organisations: Mapping[str, Record[Organisation]],
) -> Plan:
    """A solution's plan with those who take part: the interested and the committed, by code.

    A commitment of an organisation that `organisations` lacks, because it was deleted, does not
    count; those of one name are told apart by their department. Raises Refusal when there is no
    plan or a mere draft of one, when nobody takes part, when two take part under one code, or when
    an organisation's population is not known.
    """
    if plan is None:
        raise Refusal("la solution n'a pas encore de plan de coûts : saisissez-le.", field="plan")
    if unsaid := [words for name, words in _DRAFT.items() if plan.get(name) in (None, [])]:
        missing = f"il manque au plan de coûts {listed(unsaid)} : complétez-le."
        raise Refusal(missing, field="plan")
    said = {
        organisation_id: commitment
        for organisation_id, commitment in last_said(commitments).items()
        if organisation_id in organisations and commitment.intention != "declined"
    }
    names = organisation_names(organisations.values())
    _refuse_one_code([organisations[one] for one in said], names)
    participants = [
        _participant_of(organisations[one], names[one], commitment)
        for one, commitment in said.items()
    ]
    participants.sort(key=lambda participant: participant.code)
    _check_participants(participants)
    return msgspec.structs.replace(read_terms(plan), participants=tuple(participants))


def last_said(commitments: Iterable[Record[Commitment]]) -> dict[str, Commitment]:
    """The commitment that counts for each organisation, by the organisation's id.

    Two laptops may each have noted one: the later counts (by `on`, then id); units, price alone,
    signature and act that it does not tell come from the earlier.
    """
    said: dict[str, Commitment] = {}
    for one in sorted(commitments, key=lambda each: (each.fields.on or "", each.id)):
        fields = one.fields
        former = said.get(fields.organisation_id or "", fields)
        said[fields.organisation_id or ""] = msgspec.structs.replace(
            fields,
            units_=former.units_ if fields.units_ is None else fields.units_,
            alone_cents=former.alone_cents if fields.alone_cents is None else fields.alone_cents,
            signed_on=fields.signed_on or former.signed_on,
            act_reference=fields.act_reference or former.act_reference,
        )
    return said


def free_id(ids: Collection[str]) -> str:
    """The first letter that is not the id of an offer; a number once all letters are taken."""
    names = chain(ascii_uppercase, map(str, count(len(ascii_uppercase) + 1)))
    return next(name for name in names if name not in ids)


def code_of(organisation: Record[Organisation]) -> str:
    """The code that identifies a participant and orders them: INSEE code, else SIREN, else id."""
    return organisation.fields.insee_code or organisation.fields.siren or organisation.id


def _refuse_one_code(taking_part: list[Record[Organisation]], names: Mapping[str, str]) -> None:
    """Refusal, on the second, when two have the same code."""
    known: dict[str, str] = {}
    for one in taking_part:
        code = code_of(one)
        if code in known:
            raise Refusal(
                f"« {known[code]} » et « {names[one.id]} » portent le même code ({code[:60]}) :"
                " corrigez l'un des deux dans sa fiche, ou retirez une position.",
                field="insee_code" if one.fields.insee_code else "siren",
                record_id=one.id,
            )
        known[code] = names[one.id]


def _participant_of(
    organisation: Record[Organisation], name: str, commitment: Commitment
) -> Participant:
    fields = organisation.fields
    if fields.population is None:
        raise Refusal(
            f"la population de « {name} » n'est pas connue : saisissez-la dans sa fiche.",
            field="population",
            record_id=organisation.id,
        )
    return Participant(
        code=code_of(organisation),
        name=name,
        kind=fields.kind,
        population=fields.population,
        units=commitment.units_ or 0,
        alone_cents=commitment.alone_cents,
    )


def _terms(found: JsonObject) -> Plan:
    exempt = "exempt_below_population"
    return Plan(
        years=found.integer("years", least=1, most=30),
        vat_rate=found.decimal("vat_rate", "0"),
        exempt_below_population=found.integer(exempt) if found.has(exempt) else 0,
        subsidy_cents=found.integer("subsidy_cents", 0),
        key=_key(found.child("key", _KEY)),
        offers=_offers(found),
    )


def _key(found: JsonObject) -> Key:
    key = Key(
        kind=found.choice("kind", KEY_KINDS),
        fixed_share=found.decimal("fixed_share") if found.has("fixed_share") else Fraction(0),
        strata=_strata(found),
        floor_cents=found.integer("floor_cents", 0),
        cap_cents=found.integer("cap_cents") if found.has("cap_cents") else None,
    )
    if key.fixed_share > 1:
        raise found.refusal("fixed_share", "la part fixe se tient entre 0 et 1.")
    if key.kind == "mixed" and not found.has("fixed_share"):
        raise found.refusal("fixed_share", "une clé mixte demande sa part fixe, entre 0 et 1.")
    if key.kind == "strata" and not key.strata:
        raise found.refusal("strata", "une clé par strates demande au moins une strate.")
    if key.cap_cents is not None and key.floor_cents > key.cap_cents:
        raise found.refusal("floor_cents", "le plancher dépasse le plafond.")
    return key


def _strata(found: JsonObject) -> tuple[Stratum, ...]:
    strata: list[Stratum] = []
    for stratum in found.children("strata", _STRATUM):
        start = stratum.integer("from")
        if not strata and start != 0:
            raise stratum.refusal("from", "la première strate commence à 0 habitant.")
        if strata and start <= strata[-1].from_population:
            raise stratum.refusal("from", "chaque strate commence au-dessus de la précédente.")
        strata.append(Stratum(start, stratum.decimal("weight")))
    return tuple(strata)


def _offers(found: JsonObject) -> tuple[Offer, ...]:
    offers: dict[str, Offer] = {}
    for each in found.children("offers", Offer.__struct_fields__):
        offer = Offer(id=each.text("id"), supplier=each.text("supplier", ""), tiers=_tiers(each))
        if offer.id in offers:
            raise each.refusal("id", f"deux offres portent l'identifiant « {offer.id[:60]} ».")
        offers[offer.id] = offer
    if not offers:
        raise found.refusal("offers", "il faut au moins une offre.")
    return tuple(offers.values())


def _tiers(found: JsonObject) -> tuple[Tier, ...]:
    tiers: list[Tier] = []
    for each in found.children("tiers", _TIER):
        amounts = {name: each.integer(name, 0) for name in _TIER[1:]}
        tier = Tier(from_participants=each.integer("from_participants", least=1), **amounts)
        if not tiers and tier.from_participants != 1:
            raise each.refusal("from_participants", "le premier palier part de 1 participant.")
        if tiers and tier.from_participants <= tiers[-1].from_participants:
            raise each.refusal(
                "from_participants", "chaque palier part de plus de participants que le précédent."
            )
        tiers.append(tier)
    if not tiers:
        raise found.refusal("tiers", "il faut au moins un palier, à partir de 1 participant.")
    return tuple(tiers)


def _participants(found: JsonObject) -> tuple[Participant, ...]:
    participants = [
        Participant(
            code=each.text("code"),
            name=each.text("name", ""),
            kind=each.choice("kind", ORGANISATION_KINDS, "commune"),
            population=each.integer("population"),
            units=each.integer("units", 0),
            alone_cents=each.integer("alone_cents") if each.has("alone_cents") else None,
        )
        for each in found.children("participants", _PARTICIPANT)
    ]
    _check_participants(participants)
    return tuple(participants)


def _check_participants(participants: list[Participant]) -> None:
    if not participants:
        raise Refusal("il faut au moins un participant.", field="participants")
    seen: set[str] = set()
    for rank, participant in enumerate(participants):
        if participant.code in seen:
            raise Refusal(
                f"deux participants portent le code « {participant.code[:60]} ».",
                field=f"participants[{rank}].code",
            )
        seen.add(participant.code)
