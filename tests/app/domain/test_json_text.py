"""Strict JSON: what is refused says where."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import json_text
from app.domain.refusals import Refusal

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)  # fmt: skip


@given(VALUES)
def test_what_json_writes_is_read_back(value: object) -> None:
    assert json_text.decode(json.dumps(value).encode()) == value
    assert json_text.decode("\ufeff".encode() + json.dumps(value, ensure_ascii=False).encode()) == (
        value
    )


@given(st.binary(max_size=40) | VALUES.map(lambda value: json.dumps(value).encode()[:-1]))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        json_text.decode(data)
    except Refusal as refusal:
        assert refusal.sentence.endswith(".")


@pytest.mark.parametrize(
    ("data", "field", "part"),
    [
        (b'{"a": 1,\n "b" 2}', "", "ligne 2, colonne 6"),
        (b'{"a": [{"b": 1, "b": 1}]}', "a[0]", "deux fois"),
        (b'{"a": {"b": "\\ud800"}}', "a.b", "moitié"),
        (b'{"\\udc00": 1}', "", "moitié"),
        (b'{"a": NaN}', "", "NaN"),
        (b'{"a": -Infinity}', "", "-Infinity"),
        (b'{"a": 1e400}', "", "trop grand"),
        (b"1" * 5000, "", "chiffres"),
        (b"[" * 200000, "", "imbriquées"),
        (b"[" * 3000 + b'{"a": 1, "a": 1}' + b"]" * 3000, "", "imbriquées"),
        (b'"\xff"', "", "octet 1"),
        (b"", "", "ligne 1"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_a_fault_is_refused_with_its_place(data: bytes, field: str, part: str) -> None:
    with pytest.raises(Refusal) as refused:
        json_text.decode(data)
    assert refused.value.field == field
    assert part in refused.value.sentence


def test_an_escaped_pair_is_one_character() -> None:
    assert json_text.decode(b'"\\ud83d\\ude00"') == "\U0001f600"
