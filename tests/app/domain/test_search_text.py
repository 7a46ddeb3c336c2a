"""Words as the search compares them."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from app.domain.search_text import words

LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "Œ": "oe", "Æ": "ae"})
TEXTS = st.one_of(
    st.text(), st.text(st.characters(codec="ascii")), st.text("aàéÇœÆßÂ1_ .,;:'’-…«»²½\n\t\x1f")
)


@given(TEXTS)
def test_words_are_those_of_a_text_folded_letter_by_letter(text: str) -> None:
    spread = unicodedata.normalize("NFKD", text.translate(LIGATURES).casefold())
    folded = "".join(letter for letter in spread if not unicodedata.combining(letter))
    assert words(text) == re.findall(r"[^\W_]+", folded)
