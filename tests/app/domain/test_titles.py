"""The words by which records are called."""

from __future__ import annotations

import pytest

from app.domain.records import Envelope
from app.domain.titles import LONGEST, described, titled


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


def test_a_long_text_is_cut_and_not_kept_for_its_name() -> None:
    short = titled(Envelope(kind="decision", id="x", fields={"text": " Le\n{}  vote  "}))
    long = titled(Envelope(kind="decision", id="x", fields={"text": f"Un  {'mot ' * 9_000}"}))
    assert str(short) == "décision « Le {} vote »"
    assert str(long) == f"décision « Un{' mot' * 19}… »"
    assert long is not None and len(long.title) <= 4 * LONGEST


def test_what_has_no_word_for_title_is_called_by_its_kind() -> None:
    blank = Envelope(kind="need", id="x", fields={"title": " \n"})
    assert (titled(blank), described(blank)) == (None, "besoin")
