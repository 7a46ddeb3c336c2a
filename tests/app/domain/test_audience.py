"""Whom a watch note concerns."""

from __future__ import annotations

from typing import Any, get_args, get_type_hints

import pytest

from app.domain.audience import concerned
from app.domain.records import Audience, Organisation

VOUGEOT = Organisation(
    kind="commune", name="Vougeot", insee_code="21716", department="21", epci_siren="200070894",
    population=150, services=("acts", "websites"),
)  # fmt: skip


def reason(organisation: Organisation = VOUGEOT, **audience: Any) -> str | None:
    return concerned(organisation, Audience(**audience))


def test_empty_criteria_mean_everybody() -> None:
    assert reason() == "la note concerne toutes les collectivités"


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        ({"kinds": ("epci", "commune")}, "commune"),
        ({"kinds": ("epci",)}, None),
        ({"departments": ("58", "21")}, "département 21"),
        ({"departments": ("58",)}, None),
        ({"services": ("acts", "training")}, "utilise acts"),
        ({"services": ("acts", "websites")}, "utilise acts et websites"),
        ({"services": ("training",)}, None),
        ({"epci_sirens": ("200070894",)}, "périmètre de l'intercommunalité 200070894"),
        ({"epci_sirens": ("200000925",)}, None),
        ({"population_from": 150}, "150 habitants (au moins 150)"),
        ({"population_from": 151}, None),
        ({"population_to": 151}, "150 habitants (moins de 151)"),
        ({"population_to": 150}, None),
        ({"population_from": 0, "population_to": 3500},
         "150 habitants (au moins 0 et moins de 3 500)"),
    ],
)  # fmt: skip
def test_any_value_of_a_criterion_is_enough(audience: Any, expected: str | None) -> None:
    assert reason(**audience) == expected


@pytest.mark.parametrize("kind", get_args(get_type_hints(Organisation)["kind"]))
def test_every_kind_has_its_words(kind: Any) -> None:
    assert reason(Organisation(kind=kind), kinds=(kind,))


def test_a_commune_without_inhabitants_is_below_any_bound() -> None:
    assert reason(Organisation(population=0), population_to=500) == "0 habitant (moins de 500)"


def test_every_criterion_must_hold() -> None:
    assert reason(kinds=("commune",), departments=("21",)) == "commune, département 21"
    assert reason(kinds=("commune",), departments=("58",)) is None


def test_an_unknown_population_fails_a_bound_even_of_zero() -> None:
    unknown = Organisation(kind="commune")
    assert reason(unknown, population_from=0) is None
    assert reason(unknown, population_to=500) is None
    assert reason(unknown, kinds=("commune",)) == "commune"


def test_an_epci_belongs_to_its_own_perimeter() -> None:
    epci = Organisation(kind="epci", siren="200070894")
    assert reason(epci, epci_sirens=("200070894",)) is not None
    assert reason(Organisation(kind="syndicat", siren="1"), epci_sirens=("1",)) is None
    assert reason(Organisation(kind="epci"), epci_sirens=("",)) is None


def test_the_words_given_stand_for_the_codes_in_the_reason_alone() -> None:
    words = {"acts": "Télétransmission des actes", "200070894": "CC de Gevrey-Chambertin"}
    audience = Audience(services=("acts", "websites"), epci_sirens=("200070894",))
    assert concerned(VOUGEOT, audience, words) == (
        "périmètre de l'intercommunalité CC de Gevrey-Chambertin, utilise Télétransmission des"
        " actes et websites"
    )
    named = Audience(services=("Télétransmission des actes",))
    assert concerned(VOUGEOT, named, words) is None
