"""What a cost-sharing plan refuses, each with the path of the field and a French sentence."""

from __future__ import annotations

import copy
import math
from fractions import Fraction
from typing import Any

import pytest

from app.domain.cost_plan import (
    Participant,
    check_draft,
    last_said,
    plan_for,
    read_plan,
    read_terms,
)
from app.domain.records import Commitment, Organisation, Record
from app.domain.refusals import Refusal

Json = dict[str, Any]

PLAN: Json = {
    "years": 4,
    "vat_rate": "0.20",
    "exempt_below_population": 500,
    "subsidy_cents": 0,
    "key": {
        "kind": "mixed",
        "fixed_share": "0.30",
        "strata": [{"from": 0, "weight": "1"}, {"from": 500, "weight": "2.5"}],
        "floor_cents": 0,
        "cap_cents": None,
    },
    "offers": [
        {
            "id": "A",
            "supplier": "Le GIP",
            "tiers": [
                {
                    "from_participants": 1,
                    "setup_cents": 120000,
                    "yearly_cents": 90000,
                    "setup_per_participant_cents": 5000,
                    "yearly_per_participant_cents": 12000,
                    "yearly_per_inhabitant_cents": 0,
                    "yearly_per_unit_cents": 0,
                },
                {"from_participants": 10},
            ],
        }
    ],
    "participants": [
        {
            "code": "21716",
            "name": "Vougeot",
            "kind": "commune",
            "population": 150,
            "units": 1,
            "alone_cents": None,
        },
        {"code": "21038", "population": 0},
    ],
}


def changed(path: tuple[str | int, ...], value: object) -> Json:
    """The plan above with another value at a path."""
    plan = copy.deepcopy(PLAN)
    at: Any = plan
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return plan


def without(path: tuple[str | int, ...]) -> Json:
    plan = copy.deepcopy(PLAN)
    at: Any = plan
    for step in path[:-1]:
        at = at[step]
    del at[path[-1]]
    return plan


def place(path: tuple[str | int, ...]) -> str:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


def refusal(plan: object) -> Refusal:
    with pytest.raises(Refusal) as refused:
        read_plan(plan)
    return refused.value


def test_the_plan_of_the_contract_is_read_with_its_defaults() -> None:
    plan = read_plan(PLAN)
    assert plan.vat_rate == Fraction(1, 5)
    assert plan.key.strata[1].weight == Fraction(5, 2)
    assert plan.offers[0].tiers[1].setup_cents == 0
    assert plan.participants[1] == Participant(code="21038", population=0)


AMOUNTS = [
    ("subsidy_cents",),
    ("key", "floor_cents"),
    ("key", "cap_cents"),
    ("offers", 0, "tiers", 0, "setup_cents"),
    ("offers", 0, "tiers", 1, "yearly_per_unit_cents"),
    ("participants", 0, "alone_cents"),
]
NUMBERS = [
    *AMOUNTS,
    ("years",),
    ("exempt_below_population",),
    ("key", "strata", 0, "from"),
    ("offers", 0, "tiers", 0, "from_participants"),
    ("participants", 0, "population"),
    ("participants", 1, "units"),
]
DECIMALS = [("vat_rate",), ("key", "fixed_share"), ("key", "strata", 1, "weight")]


@pytest.mark.parametrize("path", NUMBERS, ids=place)
@pytest.mark.parametrize(
    "value", [-1, 1.0, 0.5, math.nan, math.inf, True, "1", [1], {}, 10**19, 10**400], ids=str
)
def test_a_number_is_a_whole_one_from_0_on(path: tuple[str | int, ...], value: object) -> None:
    assert refusal(changed(path, value)).field == place(path)


@pytest.mark.parametrize("path", DECIMALS, ids=place)
@pytest.mark.parametrize(
    "value",
    [
        0.2,
        1,
        True,
        "",
        "-0.1",
        "1e9999999999",
        "1/2",
        "0,2",
        " 1",
        "nan",
        "Infinity",
        "+1",
        "٣",
        [],
    ],
    ids=repr,
)
def test_a_decimal_is_a_text_without_exponent(path: tuple[str | int, ...], value: object) -> None:
    assert refusal(changed(path, value)).field == place(path)


@pytest.mark.parametrize("path", DECIMALS, ids=place)
def test_a_decimal_is_taken_to_its_last_digit(path: tuple[str | int, ...]) -> None:
    long = f"0.{'3' * 400}"
    plan = read_plan(changed(path, long))
    assert Fraction(long) in (plan.vat_rate, plan.key.fixed_share, plan.key.strata[1].weight)


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        (None, ""),
        ([], ""),
        (without(("participants",)), "participants"),
        (changed(("participants",), []), "participants"),
        (changed(("participants",), {}), "participants"),
        (changed(("participants",), [3]), "participants[0]"),
        (without(("offers",)), "offers"),
        (changed(("offers",), []), "offers"),
        (changed(("offers", 0, "tiers"), []), "offers[0].tiers"),
        (
            changed(("offers", 0, "tiers", 0, "from_participants"), 2),
            "offers[0].tiers[0].from_participants",
        ),
        (
            changed(("offers", 0, "tiers", 1, "from_participants"), 1),
            "offers[0].tiers[1].from_participants",
        ),
        (changed(("participants", 1, "code"), "21716"), "participants[1].code"),
        (changed(("participants", 1, "code"), ""), "participants[1].code"),
        (changed(("participants", 1, "code"), "a\x00"), "participants[1].code"),
        (changed(("participants", 1, "name"), "\ud800"), "participants[1].name"),
        (changed(("participants", 1, "kind"), "ville"), "participants[1].kind"),
        (without(("participants", 0, "population")), "participants[0].population"),
        (changed(("participants", 0, "population"), None), "participants[0].population"),
        (changed(("participants", 0, "age"), 3), "participants[0].age"),
        (
            changed(("key",), {"kind": "equal", "floor_cents": 2, "cap_cents": 1}),
            "key.floor_cents",
        ),
        (changed(("key", "fixed_share"), "1.01"), "key.fixed_share"),
        (without(("key", "fixed_share")), "key.fixed_share"),
        (changed(("key", "kind"), "surface"), "key.kind"),
        (changed(("key", "kind"), ["equal"]), "key.kind"),
        (without(("key", "kind")), "key.kind"),
        (without(("key",)), "key"),
        (changed(("key", "kinds"), "equal"), "key.kinds"),
        (changed(("key",), {"kind": "strata"}), "key.strata"),
        (changed(("key", "strata", 0, "from"), 1), "key.strata[0].from"),
        (changed(("key", "strata", 1, "from"), 0), "key.strata[1].from"),
        (without(("key", "strata", 0, "weight")), "key.strata[0].weight"),
        (changed(("offers",), PLAN["offers"] * 2), "offers[1].id"),
        (changed(("years",), 0), "years"),
        (changed(("years",), 31), "years"),
        (without(("years",)), "years"),
        (changed(("note",), ""), "note"),
    ],
)
def test_a_plan_that_cannot_be_computed_is_refused_with_its_field(plan: object, field: str) -> None:
    refused = refusal(plan)
    assert refused.field == field
    assert refused.sentence.endswith(".")


def test_a_cap_an_exemption_and_a_price_alone_may_be_null() -> None:
    assert read_plan(changed(("exempt_below_population",), None)).exempt_below_population == 0
    assert read_plan(changed(("key", "cap_cents"), None)).key.cap_cents is None
    assert read_plan(changed(("participants", 0, "alone_cents"), None))


def test_a_solution_names_no_participants_in_its_plan() -> None:
    assert read_terms(without(("participants",))).participants == ()
    with pytest.raises(Refusal) as refused:
        read_terms(PLAN)
    assert refused.value.field == "participants"


def test_a_fixed_share_may_be_the_whole() -> None:
    assert read_plan(changed(("key", "fixed_share"), "1")).key.fixed_share == 1


def test_a_plan_being_written_may_lack_its_years_its_key_and_its_offers() -> None:
    check_draft({})
    check_draft({"years": None, "key": None, "offers": None, "vat_rate": "0.2"})
    check_draft({"years": 3, "offers": []})
    for draft, field in (
        ({"years": 0}, "years"),
        ({"key": {"kind": "surface"}}, "key.kind"),
        ({"offers": {}}, "offers"),
        ({"offers": [{"id": "A", "tiers": []}]}, "offers[0].tiers"),
        ({"participants": []}, "participants"),
    ):
        with pytest.raises(Refusal) as refused:
            check_draft(draft)
        assert refused.value.field.removeprefix("plan.") == field


def organisation(record_id: str, **fields: Any) -> Record[Organisation]:
    return Record(id=record_id, fields=Organisation(**fields))


def commitment(record_id: str, organisation_id: str, **fields: Any) -> Record[Commitment]:
    return Record(id=record_id, fields=Commitment(organisation_id=organisation_id, **fields))


TERMS = without(("participants",))
TOWNS = {
    "v": organisation("v", insee_code="21716", name="Vougeot", population=150),
    "a": organisation("a", insee_code="21001", name="Agencourt", population=416),
    "e": organisation("e", siren="200000925", name="CC", kind="epci", population=22568),
}


def test_the_interested_and_the_committed_take_part_with_their_units_and_price_alone() -> None:
    plan = plan_for(
        TERMS,
        [
            commitment("1", "v", intention="interested", units_=3, alone_cents=700),
            commitment("2", "e", intention="committed"),
            commitment("3", "a", intention="declined"),
        ],
        TOWNS,
    )
    assert plan.participants == (
        Participant(code="200000925", name="CC", kind="epci", population=22568),
        Participant(code="21716", name="Vougeot", population=150, units=3, alone_cents=700),
    )


def test_communes_of_one_name_are_told_apart_by_their_department() -> None:
    towns = {
        "n": organisation("n", insee_code="21461", name="Nolay", department="21", population=1),
        "m": organisation("m", insee_code="58196", name="Nolay", department="58", population=1),
        "v": organisation("v", insee_code="21716", name="Vougeot", department="21", population=1),
        "x": organisation("x", insee_code="21001", department="21", population=1),
        "y": organisation("y", insee_code="58001", department="58", population=1),
    }
    plan = plan_for(TERMS, [commitment(one, one) for one in towns], towns)
    assert {each.code: each.name for each in plan.participants} == {
        "21461": "Nolay (21)", "58196": "Nolay (58)", "21716": "Vougeot", "21001": "", "58001": "",
    }  # fmt: skip
    towns["n"] = organisation("n", insee_code="21461", name="Nolay", department="21")
    with pytest.raises(Refusal, match=r"« Nolay \(21\) » n'est pas connue"):
        plan_for(TERMS, [commitment("1", "n")], towns)


def test_the_later_of_two_commitments_of_one_commune_counts() -> None:
    first = commitment("9", "v", on="2027-01-01", units_=1)
    second = commitment("1", "v", on="2027-02-01", units_=2)
    plan = plan_for(TERMS, [second, first], TOWNS)
    assert [each.units for each in plan.participants] == [2]


def test_of_two_commitments_the_later_keeps_what_the_former_alone_tells() -> None:
    tells = {"units_": 1, "alone_cents": 700, "signed_on": "2027-01-05", "act_reference": "2027-4"}
    first = commitment("1", "v", on="2027-02-01", intention="committed", **tells)
    whole = commitment("2", "v", on="2027-02-01", intention="interested")  # by id: the same day
    nought = commitment("3", "v", on="2027-02-02", units_=0, alone_cents=0)
    other = commitment("4", "a", on="2027-02-03", intention="declined")
    said = last_said([other, nought, whole, first])
    assert said["v"] == Commitment(
        organisation_id="v", on="2027-02-02", **tells | {"units_": 0, "alone_cents": 0}
    )
    assert said["a"] == other.fields
    former = last_said([whole, first])["v"]
    assert former == Commitment(
        organisation_id="v", on="2027-02-01", intention="interested", **tells
    )


@pytest.mark.parametrize(("name", "code"), [("insee_code", "21716"), ("siren", "200000925")])
def test_two_organisations_of_one_code_are_named_with_what_to_do(name: str, code: str) -> None:
    double = organisation("z", name="Double", population=1, **{name: code})
    said = [commitment(one, one, intention="interested") for one in ("e", "v", "z")]
    with pytest.raises(Refusal) as refused:
        plan_for(TERMS, said, TOWNS | {"z": double})
    assert (refused.value.record_id, refused.value.field) == ("z", name)
    first = "Vougeot" if name == "insee_code" else "CC"
    assert refused.value.sentence == (
        f"« {first} » et « Double » portent le même code ({code}) : corrigez l'un des deux dans sa"
        " fiche, ou retirez une position."
    )
    said[-1] = commitment("z", "z", intention="declined")
    assert len(plan_for(TERMS, said, TOWNS | {"z": double}).participants) == 2


def test_a_solution_without_plan_or_participants_and_an_unknown_population_are_refused() -> None:
    unknown = {"v": organisation("v", name="Vougeot")}
    with pytest.raises(Refusal) as refused:
        plan_for(TERMS, [commitment("1", "v")], unknown)
    assert refused.value.record_id == "v"
    assert "Vougeot" in refused.value.sentence
    for plan, commitments, field in (
        (None, [commitment("1", "v")], "plan"),
        (TERMS, [], "participants"),
    ):
        with pytest.raises(Refusal) as refused:
            plan_for(plan, commitments, TOWNS)
        assert refused.value.field == field


@pytest.mark.parametrize(
    ("draft", "missing"),
    [
        ({}, "la durée, la clé de répartition et les offres"),
        ({"years": 4, "key": None, "offers": []}, "la clé de répartition et les offres"),
        ({name: part for name, part in TERMS.items() if name != "years"}, "la durée"),
    ],
)
def test_what_a_draft_of_a_plan_lacks_is_named_in_words(draft: Json, missing: str) -> None:
    check_draft(draft)
    with pytest.raises(Refusal, match=f"il manque au plan de coûts {missing} : complétez-le"):
        plan_for(draft, [commitment("1", "v")], TOWNS)
