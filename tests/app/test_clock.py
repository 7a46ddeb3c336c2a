"""Identifiers sort in the order of their making."""

from __future__ import annotations

import os
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.clock import new_id


def test_ids_made_one_after_the_other_sort_in_that_order() -> None:
    made = [new_id() for _ in range(20_000)]
    assert made == sorted(set(made))
    assert {uuid.UUID(one).version for one in made} == {7}
    assert {uuid.UUID(one).variant for one in made} == {uuid.RFC_4122}
    assert {uuid.UUID(one).int >> 47 & 1 for one in made} == {0}  # there is room for thousands more


def test_ids_differ_whatever_chance_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "urandom", bytes)
    made = [new_id() for _ in range(1_000)]
    assert made == sorted(set(made))


def test_ids_made_by_several_threads_at_once_differ() -> None:
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda _: new_id(), range(20_000)))
    assert len(set(made)) == len(made)
