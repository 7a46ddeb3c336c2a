"""Words as the search compares them."""

from __future__ import annotations

import re
import unicodedata

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from app.domain.records import KINDS
from app.domain.search_text import BODIES, TITLES, joined, words

LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "Œ": "oe", "Æ": "ae"})
NOT_SEARCHED = {
    "department", "epci_siren", "body_kind", "rank", "number", "told_by", "media_type",
    "record_kind", "unit", "kept", "code",
}  # fmt: skip
"""The texts that are codes, or say by whom or of what a record is."""
TEXTS = st.one_of(
    st.text(), st.text(st.characters(codec="ascii")), st.text("aàéÇœÆßÂ1_ .,;:'’-…«»²½\n\t\x1f")
)


@given(TEXTS)
def test_words_are_those_of_a_text_folded_letter_by_letter(text: str) -> None:
    spread = unicodedata.normalize("NFKD", text.translate(LIGATURES).casefold())
    folded = "".join(letter for letter in spread if not unicodedata.combining(letter))
    assert words(text) == re.findall(r"[^\W_]+", folded)


def test_every_text_field_is_searched_but_those_that_hold_no_words() -> None:
    fields = [field for kind in KINDS.values() for field in msgspec.structs.fields(kind)]
    texts = {field.encode_name for field in fields if field.type is str}
    unsaid = (texts - {*TITLES, *BODIES}) ^ NOT_SEARCHED
    assert unsaid == set(), "name it in app/domain/search_text.py, or in NOT_SEARCHED for a code"


def test_words_with_signs_are_joined_and_a_long_run_of_letters_is_passed_over_at_once() -> None:
    assert joined("L'Étang-Vergy") == ["letang", "letangvergy", "etangvergy"]
    assert joined("x_a-b de c\u2019d-") == ["ab", "cd"]
    assert joined("a" * 200_000 + " d'eau") == ["deau"]
