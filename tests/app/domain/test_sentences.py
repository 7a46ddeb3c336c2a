"""The merge of long texts by sentence."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.erasure import ERASED
from app.domain.sentences import changes, merge_text, merge_typed, tokens

_PIECES = st.sampled_from(["Oui. ", "Non. ", "\n", "Le maire ", ".", "Quoi ? ", "Fin"])
_TEXTS = st.lists(_PIECES, max_size=10).map("".join)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("Bonjour. Ça va ?  Oui\n", ["Bonjour. ", "Ça va ?  ", "Oui", "\n"]),
        ("Suite… fin", ["Suite… ", "fin"]),
        ("A.\n\nB !", ["A.", "\n", "\n", "B !"]),
        ("Quoi ?! Rien...", ["Quoi ?! ", "Rien..."]),
        ("  \n. ", ["  ", "\n", ". "]),
    ],
)
def test_tokens_end_after_a_closing_mark_and_its_spaces(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        ("A. B. C.", "A1. B. C.", "A. B. C1.", "A1. B. C1."),
        ("A.\nB.", "A1.\nB.", "A.\nB1.", "A1.\nB1."),
        ("A. B. C. D.", "B. C. D.", "A. B. C. D. E.", "B. C. D. E."),
        ("A.\nB.\nC.", "A.\nB.\nX.\nC.", "A.\nB.\nC1.", "A.\nB.\nX.\nC1."),
        ("A.\nB.\nC.", "A.\nC.", "A.\nB.\nC1.", "A.\nC1."),
        ("A.\nB.\nC.", "A.\nC.", "A1.\nB.\nC.", "A1.\nC."),
        ("A. B. C.", "A. X. C.", "A. X. C.", "A. X. C."),
        ("A.\nB.\nC.", "X.\nA.\nB.\nC.", "A.\nB.\nC.\nX.", "X.\nA.\nB.\nC.\nX."),
        ("A.\n", "A.\n\n", "A.\nX.", "A.\n\nX."),
    ],
)
def test_changes_apart_from_each_other_merge(
    base: str, mine: str, theirs: str, merged: str
) -> None:
    assert merge_text(base, mine, theirs) == (merged, merged)
    assert merge_text(base, theirs, mine) == (merged, merged)


@pytest.mark.parametrize(
    ("base", "mine", "theirs"),
    [
        ("A. B. C.", "A. X. C.", "A. Y. C."),  # overlap
        ("A. B. C. D.", "X.", "A. B1. C. D."),  # one within the other
        ("A. B. C.", "A1. B. C.", "A. B1. C."),  # touch
        ("A. B. C.", "A. B. X. C.", "A. B. C1."),  # an insertion touches what follows
        ("A. B. C.", "A. X. B. C.", "A. Y. B. C."),  # insert at one point
        ("A.\nB.", "A.\nX.\nB.", "A.\nY.\nB."),
        ("", "X.", "Y."),
        ("A.", "", "A1."),
    ],
)
def test_changes_that_meet_keep_both_sides_whole(base: str, mine: str, theirs: str) -> None:
    assert merge_text(base, mine, theirs) == (mine, theirs)


def test_both_sides_of_a_collision_hold_the_rest_of_the_other() -> None:
    mine, theirs = merge_text("A.\nB.\nC.\nD.", "A1.\nX.\nC.\nD.", "A.\nY.\nC.\nD1.")
    assert mine == "A1.\nX.\nC.\nD1."
    assert theirs == "A1.\nY.\nC.\nD1."


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        ("A.\nB.", "A.\nB1.", "C.\nA.\nB.", "C.\nA.\nB1."),
        ("A.", "A.\nDe moi", "A.\nD'eux.", "A.\nDe moi\nD'eux."),
        ("A.", "A. De moi.", "A. D'eux.", "A. De moi.\nD'eux."),
        ("A. De moi", "A. De moi aussi", "A. De moi\nD'eux.", "A. De moi aussi\nD'eux."),
        ("", "De moi", "D'eux.\nD'eux.", "De moi\nD'eux.\nD'eux."),
        ("A.\nB.", "", "A.\nB.\nC.", "C."),
        ("A.\nB.", "A.\nB1.", "A.\nB2.", "A.\nB1.\nB2."),
        ("A.", "A. Oui. Et", "A. Oui.", "A. Oui. Et"),
        ("A.", "A.\n", "A.\nD'eux.", "A.\n\nD'eux."),
        ("A.\nB.\nC.\nD.", "A.\nB.\nC.\nD1.", "B.\nC.\nA. D.", "B.\nC.\nD1.\nA."),
        ("M. Roy part.", "M. Roy part tô", f"{ERASED} part.", f"{ERASED} part tô"),
        ("M. Roy.\nA.", "M. Roy part.\nB.", f"{ERASED}.\nC.", f"{ERASED} part.\nB.\nC."),
    ],
)
def test_what_is_added_elsewhere_stays_with_what_is_typed(
    base: str, mine: str, theirs: str, merged: str
) -> None:
    assert merge_typed(base, mine, theirs) == merged


@given(_TEXTS, _TEXTS)
def test_the_changes_of_a_text_give_the_other(before: str, after: str) -> None:
    old = tokens(before)
    rebuilt: list[str] = []
    at = 0
    for change in changes(old, tokens(after)):
        rebuilt += [*old[at : change.start], *change.tokens]
        at = change.end
    assert "".join(rebuilt + old[at:]) == after


@given(_TEXTS, _TEXTS, _TEXTS)
def test_the_merge_does_not_depend_on_the_side(base: str, one: str, other: str) -> None:
    assert merge_text(base, one, other) == merge_text(base, other, one)[::-1]


@given(_TEXTS, _TEXTS)
def test_an_unchanged_or_equal_side_gives_the_other(base: str, one: str) -> None:
    assert merge_text(base, base, one) == (one, one)
    assert merge_text(base, one, one) == (one, one)


@given(_TEXTS, _TEXTS, _TEXTS)
def test_no_word_that_a_side_added_vanishes(base: str, one: str, other: str) -> None:
    mine, theirs = merge_text(base, one, other)
    had = Counter(base)
    assert (Counter(one) - had) <= Counter(mine)
    assert (Counter(other) - had) <= Counter(theirs)


@st.composite
def _separate_edits(draw: st.DrawFn) -> tuple[str, str, str, str]:
    """A text, two sets of edits that never touch, and what they make together."""
    sentences = [f"Phrase {n}. " if n % 3 else f"Phrase {n}.\n" for n in range(12)]
    base = tokens("".join(sentences))
    owners = draw(st.lists(st.sampled_from("bmt"), min_size=len(base), max_size=len(base)))
    for place in range(1, len(owners)):  # a token of the base between two owners
        if "b" not in (owners[place - 1], owners[place]) and owners[place - 1] != owners[place]:
            owners[place] = "b"
    sides: dict[str, list[str]] = {"m": [], "t": [], "both": []}
    for place, (token, owner) in enumerate(zip(base, owners, strict=True)):
        new = draw(st.sampled_from(["", f"Neuf {place}. "])) if owner != "b" else token
        for side, text in sides.items():
            text.append(new if side in (owner, "both") else token)
    return "".join(base), "".join(sides["m"]), "".join(sides["t"]), "".join(sides["both"])


@settings(max_examples=200)
@given(_separate_edits())
def test_edits_of_separate_sentences_never_collide(case: tuple[str, str, str, str]) -> None:
    base, mine, theirs, both = case
    assert merge_text(base, mine, theirs) == (both, both)


@pytest.mark.parametrize(
    ("written", "merged"),
    [
        ("Ouvert. Vu M. Roy hier. Fin.", "Ouvert. Vu {} hier. Fin."),
        ("Ouvert tôt. Vu M. Roy. Fin.", "Ouvert tôt. Vu {}. Fin."),
        ("Ouvert. Vu M. Roy. Puis rien. Fin.", "Ouvert. Vu {}. Puis rien. Fin."),
        ("Ouvert. Vu M. Roy. Fin.\nM. Roy insiste.", "Ouvert. Vu {}. Fin.\nM. Roy insiste."),
    ],
)
def test_a_sentence_keeps_what_was_written_in_it_and_not_the_name_erased(
    written: str, merged: str
) -> None:
    base, merged = "Ouvert. Vu M. Roy. Fin.", merged.format(ERASED)
    erased = base.replace("M. Roy", ERASED)
    assert merge_text(base, written, erased) == (merged, merged)
    assert merge_text(base, erased, written) == (merged, merged)


def test_a_long_text_without_a_sentence_in_common_is_merged_too() -> None:
    base, mine, theirs = ".\n" * 20_000, "a.b.\n" * 20_000, ".\n\n" * 20_000
    assert merge_text(base, mine, theirs) == merge_text(base, theirs, mine)[::-1]


_FRENCH = (
    "M. Roux dit {}. ", "Art. L. 2121-15, {} ! ", "- le {}\n", "1. le {}\n\n", "    - Le {}\n",
    "« Le {}\u202f! »\n", "Le {}\u00a0: 3,5\u00a0€. ", "L'e\u0301te\u0301 {}… ", "😀 Le {} ?\n\n\n",
    "**Le {}.**\n", "Le {} etc. etc. ",
)  # fmt: skip
_NAME = re.compile(r"\w\d+e")


@st.composite
def _versions(draw: st.DrawFn) -> tuple[str, str, str]:
    """A French text and what two people made of it, each sentence with a name of its own.

    The second also moves some.
    """
    count = 0

    def new(by: str) -> str:
        nonlocal count
        count += 1
        return draw(st.sampled_from(_FRENCH)).format(f"{by}{count}e point")

    def edited(by: str) -> list[str]:
        text = list(base)
        for _ in range(draw(st.integers(0, 4))):
            place = draw(st.integers(0, len(text)))
            if draw(st.booleans()):
                text.insert(place, new(by))
            elif place < len(text):
                del text[place]
        return text

    base = [new("b") for _ in range(draw(st.integers(0, 9)))]
    mine, theirs = edited("m"), edited("t")
    for _ in range(draw(st.integers(0, 3)) if theirs else 0):
        taken = theirs.pop(draw(st.integers(0, len(theirs) - 1)))
        theirs.insert(draw(st.integers(0, len(theirs))), taken)
    return "".join(base), "".join(mine), "".join(theirs)


@settings(max_examples=300)
@given(_versions())
def test_nobody_loses_in_their_version_a_sentence_that_they_wrote(
    case: tuple[str, str, str],
) -> None:
    base, mine, theirs = case
    sides = merge_text(base, mine, theirs)
    assert sides == merge_text(base, theirs, mine)[::-1]
    had, ours, others = (set(_NAME.findall(text)) for text in (base, mine, theirs))
    for own, text in zip((ours, others), sides, strict=True):
        assert own - had <= set(_NAME.findall(text)) <= ours | others
    if sides[0] == sides[1]:
        assert (ours | others) - had <= set(_NAME.findall(sides[0]))


@settings(max_examples=300)
@given(_versions())
def test_no_sentence_of_others_is_lost_as_one_types(case: tuple[str, str, str]) -> None:
    base, mine, theirs = case
    said = set(_NAME.findall(merge_typed(base, mine, theirs)))
    had, ours, others = (set(_NAME.findall(text)) for text in (base, mine, theirs))
    assert ours - had | others - had | had & ours & others <= said <= ours | others
