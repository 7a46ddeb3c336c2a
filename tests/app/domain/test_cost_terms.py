"""The rules of sharing and what comes of them, in sentences for screen, paper and terminal."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.cost_plan import Plan, read_plan
from app.domain.cost_sharing import compare
from app.domain.cost_terms import (
    alone_words,
    missing_units,
    offer_called,
    provider_without_offer,
    remarks,
    standing,
    taken_words,
    terms,
)

NAMES = {"21002": "Agey", "21003": "Ahuy"}


def plan_of(alone: tuple[int | None, ...], **terms: Any) -> Plan:
    """Communes of 700 inhabitants with these prices alone, who share 200 € between two."""
    participants = [
        {"code": code, "name": name, "population": 700, "alone_cents": own}
        for (code, name), own in zip(NAMES.items(), alone, strict=True)
    ]
    tier = {"from_participants": 1, "setup_cents": 20000}
    plan = {
        "years": 1, "vat_rate": "0.20", "key": {"kind": "equal"}, "participants": participants,
        "offers": [{"id": "A", "tiers": [tier]}],
    }  # fmt: skip
    return read_plan(plan | terms)


def said_of(plan: Plan) -> list[str]:
    (offer,) = compare(plan).offers
    return remarks(offer, NAMES)


@pytest.mark.parametrize(
    ("alone", "said"),
    [
        ((90000, 500), "Ahuy paierait plus ensemble que seule."),
        ((500, 500), "Agey et Ahuy paieraient plus ensemble que seules."),
    ],
)
def test_who_would_pay_more_is_named_with_the_right_agreement(
    alone: tuple[int, int], said: str
) -> None:
    assert said_of(plan_of(alone))[0] == said


@pytest.mark.parametrize(
    ("alone", "floor", "said"),
    [
        (8000, 0, "À partir de 3 participants, si les nouvelles communes ressemblent en moyenne"
                  " aux présentes, personne ne paierait plus ensemble que seul."),
        (8000, 9000, "De nouvelles communes n'y changeraient rien ; une autre clé de répartition,"
                     " peut-être."),
    ],
)  # fmt: skip
def test_what_it_takes_for_nobody_to_pay_more_is_said(alone: int, floor: int, said: str) -> None:
    key = {"kind": "equal", "floor_cents": floor}
    assert said_of(plan_of((alone, None), key=key))[1] == said


def test_nothing_is_said_of_newcomers_beyond_those_who_are_looked_at() -> None:
    many = [{"code": str(one), "population": 700, "alone_cents": 1} for one in range(1000, 1400)]
    (offer,) = compare(plan_of((None, None), participants=many)).offers
    names = {one.code: one.code for one in offer.shares}
    assert remarks(offer, names) == ["400 collectivités paieraient plus ensemble que seules."]


def test_the_next_price_is_said_beside_the_present_one_and_before_what_subsidy() -> None:
    tiers = [
        {"from_participants": 1, "setup_cents": 20001},
        {"from_participants": 3, "setup_cents": 10000},
    ]
    plan = {"offers": [{"id": "A", "tiers": tiers}], "subsidy_cents": 100}
    assert said_of(plan_of((None, None), **plan)) == [
        "Encore 1 commune et le prix moyen passe de 100,01 € à 33,33 € HT par participant, avant"
        " subvention."
    ]


def test_a_next_price_that_is_the_present_one_is_not_said() -> None:
    tiers = [{"from_participants": 1, "setup_cents": 0}, {"from_participants": 3, "setup_cents": 0}]
    assert said_of(plan_of((None, None), offers=[{"id": "A", "tiers": tiers}])) == []


@pytest.mark.parametrize(
    ("bound", "said"),
    [
        ({"cap_cents": 9999}, "Le plafond est trop bas : 0,02 € HT ne sont à la charge de"
                              " personne."),
        ({"floor_cents": 10001}, "Le plancher est trop haut : les parts dépassent le coût de"
                                 " 0,02 € HT."),
    ],
)  # fmt: skip
def test_what_the_bounds_leave_or_take_too_much_is_said(bound: dict[str, int], said: str) -> None:
    assert said_of(plan_of((None, None), key={"kind": "equal", **bound}))[-1] == said


@pytest.mark.parametrize(
    ("alone", "subsidy", "said"),
    [
        ((None, None), 0, "Seule : le prix de l'offre pour elle seule."),
        ((None, None), 1, "Seule : le prix de l'offre pour elle seule, sans subvention."),
        ((1, None), 0, "Seule : le prix déclaré pour Agey ; pour chaque autre, celui de l'offre"
                       " pour elle seule."),
        ((1, 0), 1, "Seule : le prix déclaré par chaque collectivité."),
    ],
)  # fmt: skip
def test_where_the_prices_alone_come_from_is_said(
    alone: tuple[int | None, ...], subsidy: int, said: str
) -> None:
    assert alone_words(plan_of(alone, subsidy_cents=subsidy)) == said


@pytest.mark.parametrize(
    ("price", "units", "said"),
    [
        ("yearly_per_unit_cents", (0, 2), "Aucune unité n'est saisie pour Agey."),
        ("yearly_per_unit_cents", (0, 0), "Aucune unité n'est saisie pour Agey et Ahuy."),
        ("yearly_per_unit_cents", (1, 2), ""),
        ("yearly_cents", (0, 0), ""),
    ],
)
def test_who_has_no_unit_where_prices_go_by_them_is_said(
    price: str, units: tuple[int, int], said: str
) -> None:
    offers = [{"id": "A", "tiers": [{"from_participants": 1, price: 900}]}]
    participants = [
        {"code": code, "name": name, "population": 700, "units": own}
        for (code, name), own in zip(NAMES.items(), units, strict=True)
    ]
    plan = plan_of((None, None), offers=offers, participants=participants)
    assert missing_units(plan) == said


def test_many_are_counted_and_not_named() -> None:
    many = [
        {"code": str(number), "population": 700, "alone_cents": None if number == 21 else 1}
        for number in range(22)
    ]
    key = {"kind": "strata", "strata": [{"from": 0, "weight": "1"}]}
    tier = {"from_participants": 1, "yearly_per_unit_cents": 900}
    offers = [{"id": "A", "tiers": [tier]}]
    plan = plan_of((None, None), key=key, offers=offers, participants=many)
    assert alone_words(plan).startswith("Seule : le prix déclaré pour 21 collectivités ;")
    assert missing_units(plan) == "Aucune unité n'est saisie pour 22 collectivités."


def test_rates_and_weights_are_said_in_full() -> None:
    strata = [{"from": 0, "weight": "0.00001"}, {"from": 500, "weight": "100.0"}]
    key = {"kind": "strata", "strata": strata}
    said = dict(terms(plan_of((None, None), key=key, vat_rate="0.021")))
    assert said["Strates"] == "dès 0 habitant : 0,00001 ; dès 500 habitants : 100"
    assert said["TVA"] == "2,1 %"
    mixed = {"kind": "mixed", "fixed_share": "0.3333"}
    assert dict(terms(plan_of((None, None), key=mixed)))["Part fixe"] == "33,33 %"
    long = "3" * 400
    said = dict(terms(plan_of((None, None), vat_rate=f"0.{long}")))
    assert said["TVA"] == f"33,{long[2:]} %"


def offered(*suppliers: tuple[str, int]) -> Plan:
    """Offers by these suppliers at these prices, the first named A."""
    offers = [
        {"id": name, "supplier": supplier, "tiers": [
            {"from_participants": 1, "setup_cents": cents}]}
        for name, (supplier, cents) in zip("ABC", suppliers, strict=False)
    ]  # fmt: skip
    return plan_of((None, None), offers=offers)


TWO = (("GIP", 900), ("Nuage", 300))


@pytest.mark.parametrize(
    ("suppliers", "provider", "said"),
    [
        (TWO, "", ""),
        (TWO, "nuage", ""),
        (TWO, "Nuages", "« Nuages », fournisseur retenu, n'est celui d'aucune offre : les montants"
                        " repris sont ceux de l'offre la moins chère, B, Nuage. À corriger : son"
                        " nom dans la fiche, ou l'offre dans le plan de coûts."),
        (TWO[:1], "Nuage", "« Nuage », fournisseur retenu, n'est celui d'aucune offre : les"
                           " montants repris sont ceux de l'offre A, GIP. À corriger : son nom"
                           " dans la fiche, ou l'offre dans le plan de coûts."),
        ((("", 900),), "Nuage", ""),
    ],
)  # fmt: skip
def test_a_provider_whose_name_is_on_no_offer_is_told_with_what_to_mend(
    suppliers: tuple[tuple[str, int], ...], provider: str, said: str
) -> None:
    plan = offered(*suppliers)
    assert provider_without_offer(plan, compare(plan), provider) == said


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("A, GIP", "offre A, GIP"),
        ("Offre 3, GIP", "offre 3, GIP"),
        ("offre de base", "offre de base"),
        ("Offres", "offre Offres"),
        ("Offre", "offre"),
        ("Offre, GIP", "offre, GIP"),
    ],
)
def test_the_word_offer_is_said_once(name: str, called: str) -> None:
    assert offer_called(name) == called


def test_a_single_offer_named_offer_is_said_once_where_its_provider_is_another() -> None:
    tier = {"from_participants": 1, "setup_cents": 900}
    plan = plan_of((None, None), offers=[{"id": "Offre 3", "supplier": "GIP", "tiers": [tier]}])
    assert "sont ceux de l'offre 3, GIP." in provider_without_offer(plan, compare(plan), "Nuage")


@pytest.mark.parametrize(
    ("provider", "told", "taken"),
    [
        ("", [[], ["la moins chère pour le groupe"]],
         "Offre la moins chère pour le groupe : B, Nuage"),
        ("GIP", [["retenue"], ["la moins chère pour le groupe"]], "Offre retenue : A, GIP"),
        ("Nuage", [[], ["retenue", "la moins chère pour le groupe"]],
         "Offre retenue : B, Nuage"),
    ],
)  # fmt: skip
def test_an_offer_is_told_as_retained_and_as_the_cheapest(
    provider: str, told: list[list[str]], taken: str
) -> None:
    plan = offered(*TWO)
    compared = compare(plan)
    assert [standing(plan, compared, provider, one.id) for one in plan.offers] == told
    assert taken_words(plan, compared, provider) == taken


@pytest.mark.parametrize(("provider", "told"), [("", []), ("GIP", ["retenue"])])
def test_one_offer_alone_is_not_told_as_the_cheapest(provider: str, told: list[str]) -> None:
    plan = offered(*TWO[:1])
    assert standing(plan, compare(plan), provider, "A") == told
