"""The keys of notes: bold, lists and phrases, each one edit that a second press takes back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.formatted_text import line
from app.domain.note_editing import Edit, bold, bullets, completing, next_line, written

PHRASES = ["La commission prend acte.", "Le point est reporté.", "Élection du bureau"]
TEXTS = st.text("ab é*-1.)•\n", max_size=30)


def made(edit: Edit | None, text: str) -> tuple[str, str]:
    """The text once edited, and what is selected in it."""
    assert edit is not None
    done = edit.done(text)
    return done, done[edit.anchor : edit.caret]


@pytest.mark.parametrize(
    ("text", "start", "end", "expected", "selected"),
    [
        ("Un mot fort", 3, 6, "Un **mot** fort", "**mot**"),
        ("Un mot fort", 4, 4, "Un **mot** fort", "**mot**"),
        ("Un mot ", 2, 7, "Un **mot** ", "**mot**"),
        ("Un **mot** fort", 5, 8, "Un mot fort", "mot"),
        ("Un **mot** fort", 3, 10, "Un mot fort", "mot"),
        ("- a\n- b c", 0, 9, "- **a**\n- **b c**", "- **a**\n- **b c**"),
        ("", 0, 0, "****", ""),
        ("Il dit oui\n\nsuite", 11, 11, "Il dit oui\n****\nsuite", ""),
        ("Il dit oui\nsuite", 11, 11, "Il dit oui\n**suite**", "**suite**"),
        ("Fin\nmot", 4, 4, "Fin\n**mot**", "**mot**"),
    ],
)
def test_bold_goes_round_the_selection_or_the_word(
    text: str, start: int, end: int, expected: str, selected: str
) -> None:
    assert made(bold(text, start, end), text) == (expected, selected)


def test_a_word_after_a_long_run_of_letters_is_found_at_once() -> None:
    run = "a" * 200_000
    caret = len(run) + 3
    assert made(bold(f"{run}. fin", caret, caret), f"{run}. fin") == (f"{run}. **fin**", "**fin**")


@given(st.text("ab é.", min_size=1, max_size=20), st.data())
def test_bold_twice_leaves_the_words_as_they_were(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    first = bold(text, start, end)
    once = first.done(text)
    again = bold(once, min(first.anchor, first.caret), max(first.anchor, first.caret))
    if "****" not in once:
        assert line(once).words == text
        assert again.done(once) == text


@pytest.mark.parametrize(
    ("text", "start", "end", "expected"),
    [
        ("un\ndeux", 0, 5, "- un\n- deux"),
        ("- un\n- deux", 0, 8, "un\ndeux"),
        ("1. un\n\n- deux", 0, 12, "- un\n\n- deux"),
        ("a) un\n• deux", 0, 12, "- un\n• deux"),
        ("– un\n• deux", 0, 11, "un\ndeux"),
        ("seul", 2, 2, "- seul"),
    ],
)
def test_a_list_is_made_of_the_lines_touched_and_unmade(
    text: str, start: int, end: int, expected: str
) -> None:
    assert bullets(text, start, end).done(text) == expected


@pytest.mark.parametrize(
    ("text", "caret", "expected"),
    [
        ("- un", 4, "- un\n- "),
        ("9. neuf", 7, "9. neuf\n10. "),
        ("9) neuf", 7, "9) neuf\n10) "),
        ("a) un", 5, "a) un\nb) "),
        ("  • un", 6, "  • un\n  • "),
        ("  • un\n  • ", 11, "  • un\n"),
        ("- un\n- ", 7, "- un\n"),
        ("- un deux", 5, "- un \n- deux"),
    ],
)
def test_enter_goes_on_with_a_list_and_ends_it(text: str, caret: int, expected: str) -> None:
    assert made(next_line(text, caret), text)[0] == expected


@pytest.mark.parametrize(("text", "caret"), [("", 0), ("un", 2), ("- un", 0), ("- un", 1)])
def test_enter_elsewhere_only_begins_a_line(text: str, caret: int) -> None:
    assert next_line(text, caret) is None


@given(TEXTS, st.data())
def test_every_edit_stays_within_the_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    for edit in (bold(text, start, end), bullets(text, start, end), next_line(text, start)):
        if edit is not None:
            assert 0 <= edit.start <= edit.end <= len(text)
            assert 0 <= edit.anchor <= edit.caret <= len(edit.done(text))


@pytest.mark.parametrize(
    ("typed", "letters", "found"),
    [
        ("la com", 6, PHRASES[:1]),
        ("Puis le po", 5, PHRASES[1:2]),
        ("l", 1, PHRASES[:2]),
        ("ELEC", 4, PHRASES[2:]),
        ("rien de tel", 0, PHRASES),
        ("", 0, PHRASES),
        ("la com\n", 0, PHRASES),
    ],
)
def test_the_words_before_the_cursor_choose_the_phrase(
    typed: str, letters: int, found: list[str]
) -> None:
    assert completing(typed, len(typed), PHRASES) == (letters, found)


@pytest.mark.parametrize(
    ("before", "expected"),
    [("", "La"), ("Fin. ", "La"), ("- ", "La"), ("Ensuite, ", "la"), ("Fin\n", "La")],
)
def test_a_phrase_loses_its_capital_within_a_sentence(before: str, expected: str) -> None:
    assert written(before, len(before), "La suite.") == f"{expected} suite. "
