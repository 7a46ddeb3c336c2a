"""What is shown of a text in which words were found."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.search_text import joined, stem, words
from app.domain.snippets import WIDTH, bracketed, snippet


@pytest.mark.parametrize(
    ("text", "typed", "shown"),
    [
        ("Nos sauvegardes, hélas", "sauvegarde", "Nos [sauvegardes], hélas"),
        ("L'Étang-Vergy", "etang", "L'[Étang]-Vergy"),
        ("Œuvre et cœur", "oeuvre coeur", "[Œuvre] et [cœur]"),
        ("Œuvre", "o", "[Œuvre]"),
        ("Le cœur", "coe", "Le [cœur]"),
        ("Un æther", "ae", "Un [æther]"),
        ("Œdème, cœdème", "o oed", "[Œdème], cœdème"),
        ("Ệu ou eu", "eu", "[Ệu] ou [eu]"),
        ("ÉLÈVE élevé", "elev", "[ÉLÈVE] [élevé]"),
        ("rien de tel", "sauvegarde", "rien de tel"),
        ("Ts-T", "ts", "[Ts]-[T]"),
        ("sauver n'est pas sauvegarder", "sauvegarde", "sauver n'est pas [sauvegarder]"),
    ],
)
def test_the_words_found_are_marked_whole(text: str, typed: str, shown: str) -> None:
    assert bracketed(snippet(text, words(typed))) == shown


def test_a_long_text_is_shown_around_the_first_word_found() -> None:
    text = "un " * 100 + "sauvegarde " + "deux " * 100
    shown = bracketed(snippet(text, ["sauvegarde"]))
    assert "[sauvegarde]" in shown
    assert (shown[0], shown[-1]) == ("…", "…")
    assert len(shown) < WIDTH + 10


LETTERS = st.text("aàeéoœæ sç'-tuT", min_size=1, max_size=40)


@given(LETTERS, st.data())
def test_all_that_was_looked_for_is_marked_and_nothing_else(text: str, data: st.DataObject) -> None:
    text = unicodedata.normalize("NFC", text)
    held = words(text)
    if not held:
        return
    typed = data.draw(st.lists(st.tuples(st.sampled_from(held), st.integers(1, 9)), min_size=1))
    wanted = [word[:length] for word, length in typed]
    stems = {stem(word) for word in wanted}

    def marked(match: re.Match[str]) -> str:
        word = "".join(words(match.group()))
        found = word.startswith(tuple(wanted)) or stem(word) in stems
        return f"[{match.group()}]" if found else match.group()

    assert bracketed(snippet(text, wanted)) == " ".join(re.sub(r"[^\W_]+", marked, text).split())


def test_what_apostrophes_and_hyphens_part_is_also_known_joined() -> None:
    assert joined("L'Étang-Vergy") == ["letang", "letangvergy", "etangvergy"]
    assert joined("Aujourd’hui, rien") == ["aujourdhui"]
    assert joined("Vougeot") == []
