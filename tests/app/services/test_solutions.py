"""Who takes part in a solution, its plan, and the shares that follow."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_uppercase
from typing import Any

import pytest

from app.bootstrap import Services
from app.domain.cost_plan import free_id, last_said
from app.domain.records import Envelope, Record, reference_id
from app.domain.refusals import Refusal
from app.errors import UserError
from app.storage import snapshot
from tests.conftest import FakeClock
from tests.positions import take_part

VOUGEOT = reference_id("organisation", "21716")
AGENCOURT = reference_id("organisation", "21001")

PLAN: dict[str, Any] = {
    "years": 2,
    "vat_rate": "0.20",
    "key": {"kind": "equal"},
    "offers": [{"id": "A", "tiers": [{"from_participants": 1, "setup_cents": 30000}]}],
}


@pytest.fixture
def solution(services: Services, commission_id: str) -> Record[Any]:
    return services.records.create("solution", {"title": "Sauvegarde partagée"})


def test_there_is_no_sheet_before_a_plan_and_a_participant(
    services: Services, solution: Record[Any]
) -> None:
    assert services.solutions.sheet(solution.id) is None
    services.solutions.save_plan(solution.id, PLAN)
    assert services.solutions.sheet(solution.id) is None
    take_part(services.solutions, solution.id, VOUGEOT, "declined")
    assert services.solutions.sheet(solution.id) is None


def test_the_interested_and_the_committed_share_the_cost(
    services: Services, solution: Record[Any]
) -> None:
    services.solutions.save_plan(solution.id, PLAN)
    take_part(services.solutions, solution.id, VOUGEOT, "interested")
    take_part(services.solutions, solution.id, AGENCOURT, "committed", alone_cents=10000)
    sheet = services.solutions.sheet(solution.id)
    assert sheet is not None
    assert {one.name for one in sheet.plan.participants} == {"Agencourt", "Vougeot"}
    (offer,) = sheet.comparison.offers
    assert [(one.code, one.share_cents, one.worse_off) for one in offer.shares] == [
        ("21001", 15000, True),
        ("21716", 15000, False),
    ]


def test_what_is_not_given_stays_as_it_was(services: Services, solution: Record[Any]) -> None:
    take_part(services.solutions, solution.id, VOUGEOT, "interested", units=3, alone_cents=5000)
    made = take_part(services.solutions, solution.id, VOUGEOT, "committed")
    assert made is not None
    assert (made.fields.units_, made.fields.alone_cents) == (3, 5000)
    assert made.fields.on == "2027-03-19"
    take_part(services.solutions, solution.id, VOUGEOT, "committed", units=None)
    (kept,) = services.solutions.commitments(solution.id)
    assert (kept.fields.units_, kept.fields.alone_cents) == (None, 5000)


def test_a_position_can_be_taken_back_and_undone(services: Services, solution: Record[Any]) -> None:
    take_part(services.solutions, solution.id, VOUGEOT, "interested", units=3)
    take_part(services.solutions, solution.id, VOUGEOT, None)
    assert services.solutions.commitments(solution.id) == []
    services.undo.undo()
    (kept,) = services.solutions.commitments(solution.id)
    assert kept.fields.units_ == 3


def test_positions_taken_at_once_are_taken_back_at_once(
    services: Services, solution: Record[Any]
) -> None:
    take_part(services.solutions, solution.id, VOUGEOT, "declined", units=3)
    step = services.undo.next_undo()
    assert step is not None
    assert step.label == "Position de Vougeot"
    interested: Any = ("interested", {})
    services.solutions.take_part(solution.id, {VOUGEOT: interested, AGENCOURT: interested})
    said = last_said(services.solutions.commitments(solution.id))
    assert {one: said[one].intention for one in said} == {
        VOUGEOT: "interested", AGENCOURT: "interested",
    }  # fmt: skip
    assert said[VOUGEOT].units_ == 3
    step = services.undo.next_undo()
    assert step is not None
    assert step.label == "Position de 2 collectivités"
    services.undo.undo()
    (kept,) = services.solutions.commitments(solution.id)
    assert (kept.fields.organisation_id, kept.fields.intention) == (VOUGEOT, "declined")
    assert services.solutions.take_part(solution.id, {}) == []


def test_a_plan_that_cannot_be_computed_is_refused_with_its_field(
    services: Services, solution: Record[Any]
) -> None:
    with pytest.raises(UserError, match="au moins une offre") as error:
        services.solutions.save_plan(solution.id, PLAN | {"offers": []})
    assert isinstance(error.value.__cause__, Refusal)
    assert error.value.__cause__.field == "offers"
    assert services.records.get(solution.id).fields.plan is None


def test_an_offer_written_elsewhere_stays_as_another_is_being_written(
    services: Services, solution: Record[Any]
) -> None:
    def offer(letter: str, cents: int) -> dict[str, Any]:
        return {"id": letter, "tiers": [{"from_participants": 1, "setup_cents": cents}]}

    first, solutions = offer("A", 30000), services.solutions
    solutions.save_plan(solution.id, PLAN | {"offers": [first]})
    shown = solutions.solution(solution.id).fields.plan
    came = {"offers": [offer("A", 20000), offer("B", 25000)], "years": 4}
    solutions.save_plan(solution.id, PLAN | came)
    typed = PLAN | {"offers": [first, offer("B", 10000)]}
    kept = solutions.save_plan(solution.id, typed, over=shown).fields.plan
    assert kept == PLAN | {"offers": [*came["offers"], offer("C", 10000)], "years": 4}
    other = services.records.create("solution", {"title": "Autre"})
    solutions.save_plan(other.id, PLAN | came)
    kept = solutions.save_plan(other.id, typed | {"years": 1}, over=None).fields.plan
    assert kept is not None
    assert kept["years"] == 4
    assert len(kept["offers"]) == 4


def test_only_a_solution_has_a_sheet(services: Services, commission_id: str) -> None:
    with pytest.raises(UserError, match="n'est pas une solution"):
        services.solutions.sheet(commission_id)


def test_a_solution_of_the_region_takes_the_commitments_of_a_commission(
    services: Services, commission_id: str
) -> None:
    shared = services.records.create("solution", {"title": "Régionale", "plan": PLAN}, None)
    made = take_part(
        services.solutions, shared.id, VOUGEOT, "interested", commission_id=commission_id
    )
    assert made is not None
    assert made.commission_id == commission_id
    assert services.solutions.sheet(shared.id) is not None


def test_a_solution_is_deleted_with_where_its_organisations_stand(
    services: Services, solution: Record[Any], commission_id: str
) -> None:
    shared = services.records.create("solution", {"title": "Régionale"}, None)
    for one in (solution, shared):
        take_part(services.solutions, one.id, VOUGEOT, "interested", commission_id=commission_id)
    services.solutions.delete([solution.id, shared.id])
    assert services.records.list("commitment") == []


def test_what_a_commission_noted_stays_as_another_changes_or_takes_back_its_own(
    services: Services, commission_id: str
) -> None:
    shared = services.records.create("solution", {"title": "Régionale", "plan": PLAN}, None).id
    other = services.records.create("commission", {"name": "Dijon"}, None).id
    solutions = services.solutions
    made = take_part(solutions, shared, VOUGEOT, "committed", 3, commission_id=other)
    assert made is not None
    theirs = services.records.update(made.id, {"on": "2027-03-01", "act_reference": "2027-12"})
    own = take_part(solutions, shared, VOUGEOT, "declined", commission_id=commission_id)
    assert own is not None
    assert own.commission_id == commission_id
    assert solutions.sheet(shared) is None
    take_part(solutions, shared, VOUGEOT, None, commission_id=commission_id)
    assert solutions.commitments(shared) == [theirs]
    with pytest.raises(UserError, match="« Vougeot » prend part par la commission « Dijon »"):
        take_part(solutions, shared, VOUGEOT, None, commission_id=commission_id)
    assert solutions.commitments(shared) == [theirs]


def test_what_a_commission_notes_last_counts_over_what_another_noted_alike(
    services: Services, commission_id: str, clock: FakeClock
) -> None:
    shared = services.records.create("solution", {"title": "Régionale", "plan": PLAN}, None).id
    other = services.records.create("commission", {"name": "Dijon"}, None).id
    for units, space in ((4, other), (6, commission_id), (5, other), (7, commission_id)):
        clock.forward(days=1)
        take_part(services.solutions, shared, VOUGEOT, "committed", units, commission_id=space)
        (said,) = last_said(services.solutions.commitments(shared)).values()
        assert said.units_ == units


def test_an_offer_beyond_z_takes_a_number_that_none_has() -> None:
    assert free_id({"A", "C"}) == "B"
    assert free_id({*ascii_uppercase, "28"}) == "27"
    assert free_id({*ascii_uppercase, "27", "28"}) == "29"


def test_those_who_raised_a_like_need_are_named_even_by_a_group(
    services: Services, solution: Record[Any]
) -> None:
    first = services.records.create("need", {"title": "A", "organisation_ids": [VOUGEOT]})
    other = services.records.create("need", {"title": "B", "organisation_ids": [AGENCOURT]})
    services.needs.group([first.id, other.id], "Ensemble")
    changed = services.records.update(solution.id, {"need_ids": [first.id]})
    needs = services.solutions.needs(changed)
    assert [need.id for need in needs] == [first.id]
    assert services.solutions.raised(needs) == {VOUGEOT: "A", AGENCOURT: "B"}


def test_a_need_that_a_solution_answers_is_named_by_it(
    services: Services, solution: Record[Any]
) -> None:
    need = services.records.create("need", {"title": "A"})
    services.needs.move(need.id, "qualified")
    services.needs.move(need.id, "answered", solution_id=solution.id)
    assert services.records.get(solution.id).fields.need_ids == (need.id,)
    services.records.update(solution.id, {"need_ids": []})
    assert services.solutions.needs(services.records.get(solution.id))[0].id == need.id


def test_the_needs_that_a_solution_answers_are_read_alone_in_the_order_that_it_names_them(
    services: Services, commission_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = services.records.create
    other, *named = (make("need", {"title": title}).id for title in ("Fibre", "Site", "Serveur"))
    solution = make("solution", {"title": "Sauvegarde", "need_ids": named[::-1]})
    naming = make("need", {"title": "Courriel", "solution_id": solution.id}).id
    read, decoded = list[str](), snapshot.envelope_of

    def noted(row: Sequence[Any]) -> Envelope:
        envelope = decoded(row)
        read.append(envelope.id)
        return envelope

    monkeypatch.setattr(snapshot, "envelope_of", noted)
    found = services.solutions.needs(services.records.get(solution.id))
    assert [one.id for one in found] == [*named[::-1], naming]
    assert other not in read
