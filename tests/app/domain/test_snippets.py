"""What is shown of a text in which words were found."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.search_text import joined, stem, words
from app.domain.snippets import MARKS, WIDTH, snippet


@pytest.mark.parametrize(
    ("text", "typed", "shown"),
    [
        ("Nos sauvegardes, hélas", "sauvegarde", "Nos [sauvegardes], hélas"),
        ("L'Étang-Vergy", "etang", "L'[Étang]-Vergy"),
        ("Œuvre et cœur", "oeuvre coeur", "[Œuvre] et [cœur]"),
        ("Œuvre", "o", "[Œuvre]"),
        ("Le cœur", "coe", "Le [cœur]"),
        ("Un æther", "ae", "Un [æther]"),
        ("ÉLÈVE élevé", "elev", "[ÉLÈVE] [élevé]"),
        ("rien de tel", "sauvegarde", "rien de tel"),
        ("sauver n'est pas sauvegarder", "sauvegarde", "sauver n'est pas [sauvegarder]"),
    ],
)
def test_the_words_found_are_marked_whole(text: str, typed: str, shown: str) -> None:
    assert snippet(text, words(typed)) == shown


def test_a_long_text_is_shown_around_the_first_word_found() -> None:
    text = "un " * 100 + "sauvegarde " + "deux " * 100
    shown = snippet(text, ["sauvegarde"])
    assert "[sauvegarde]" in shown
    assert (shown[0], shown[-1]) == ("…", "…")
    assert len(shown) < WIDTH + 10


LETTERS = st.text("aàeéoœæ sç'-tuT", min_size=1, max_size=40)


@given(LETTERS, st.data())
def test_what_is_marked_is_what_was_looked_for(text: str, data: st.DataObject) -> None:
    text = unicodedata.normalize("NFC", text)
    held = words(text)
    if not held:
        return
    wanted = words(data.draw(st.sampled_from(held))[: data.draw(st.integers(1, 9))])
    shown = snippet(text, wanted)
    assert MARKS[0] in shown
    for piece in shown.split(MARKS[0])[1:]:
        (word,) = words(piece.split(MARKS[1])[0])
        assert word.startswith(tuple(wanted)) or stem(word) in {stem(each) for each in wanted}


def test_what_apostrophes_and_hyphens_part_is_also_known_joined() -> None:
    assert joined("L'Étang-Vergy") == ["letang", "letangvergy", "etangvergy"]
    assert joined("Aujourd’hui, rien") == ["aujourdhui"]
    assert joined("Vougeot") == []
