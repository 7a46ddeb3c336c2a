"""The life of a need."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain import needs
from app.domain.records import Need
from app.domain.refusals import Refusal


def step(before: str, after: str, **fields: Any) -> None:
    needs.check_step(Need(status=before), Need(status=after, **fields))


def test_a_need_is_raised_qualified_answered_and_served() -> None:
    step("raised", "qualified")
    step("qualified", "answered", solution_id="s")
    step("answered", "served", solution_id="s")


def test_a_step_taken_by_mistake_can_be_taken_back() -> None:
    step("qualified", "raised")
    step("served", "answered", solution_id="s")
    step("set_aside", "raised")


def test_a_need_does_not_skip_a_step() -> None:
    with pytest.raises(Refusal, match="« exprimé » ne devient pas « satisfait »") as caught:
        step("raised", "served", solution_id="s")
    assert caught.value.field == "status"
    assert "« qualifié » ou « écarté »" in caught.value.sentence


def test_a_need_set_aside_says_why() -> None:
    with pytest.raises(Refusal, match="motif") as caught:
        step("raised", "set_aside", reason="  ")
    assert caught.value.field == "reason"
    step("raised", "set_aside", reason="Hors du champ.")


def test_a_need_is_answered_by_a_solution() -> None:
    with pytest.raises(Refusal, match="choisissez laquelle") as caught:
        step("qualified", "answered")
    assert caught.value.field == "solution_id"


def test_other_edits_of_a_need_change_no_status() -> None:
    step("raised", "raised", title="Un site internet")
