"""The words by which records are called."""

from __future__ import annotations

import pytest

from app.domain.records import Envelope
from app.domain.titles import described


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"code": "fictif-2027", "year": 2027}, "barème « 2027 »"),
        ({"code": "fictif", "year": None}, "barème « fictif »"),
        ({}, "barème"),
    ],
)
def test_a_fee_scale_is_called_by_its_year(fields: dict[str, object], words: str) -> None:
    assert described(Envelope(kind="fee_scale", id="x", fields=fields)) == words
