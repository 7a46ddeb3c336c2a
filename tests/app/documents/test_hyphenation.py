"""French words are divided where pyphen, reading all its patterns, divides them."""

from __future__ import annotations

import pyphen
from hypothesis import given
from hypothesis import strategies as st

from app.documents.pdf.hyphenation import LEFT, RIGHT, positions
from tests.app.documents import reading

THEIRS = pyphen.Pyphen(lang="fr_FR", left=LEFT, right=RIGHT)


def test_the_words_of_every_paper_are_divided_as_pyphen_does() -> None:
    words = {
        word.strip(".,;:!?«»()")
        for golden in reading.GOLDEN.glob("*.txt")
        for word in golden.read_text("utf-8").split()
    }
    words |= {"anticonstitutionnellement", "intercommunalité", "œuvre", "aujourd'hui", "Éléphant"}
    assert len(words) > 400
    assert {word: positions(word) for word in words} == {
        word: [int(one) for one in THEIRS.positions(word)] for word in words
    }


@given(st.text("abcdefghilmnopqrstuvyzàâçéèêîïôûœ'", min_size=1, max_size=40))
def test_any_letters_are_divided_as_pyphen_does(word: str) -> None:
    assert positions(word) == [int(one) for one in THEIRS.positions(word)]
