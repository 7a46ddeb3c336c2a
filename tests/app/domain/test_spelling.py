"""The words of a text that are looked up in a dictionary."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.spelling import accented, bare, parts, plain, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("L’accord d'Agencourt, aujourd’hui", ["L’accord", "d'Agencourt", "aujourd’hui"]),
        ("un procès-verbal, un peut\u2011être", ["un", "procès-verbal", "un", "peut\u2011être"]),
        ("RGPD, l'ANCT, iPhone, le 27e, 3 000 €, CO2", ["le"]),
        ("écrire à mairie@vougeot.fr ou sur www.anct.fr", ["écrire", "ou", "sur"]),
        ("lire plan.pdf, https://exemple.fr/a-b", ["lire"]),
        ("voté.Puis dit-il.L'accord, Plan.PDF", ["voté", "Puis", "dit-il", "L'accord"]),
        ("ouverte par {présidence}", ["ouverte", "par"]),
        ("à la - une", ["la", "une"]),
        ("-plan.pdf, l'27e, (mairie@vougeot.fr) et {lieu}x@y.fr", ["et"]),
    ],
)
def test_numbers_addresses_and_acronyms_are_none(text: str, found: list[str]) -> None:
    assert [word.text for word in words(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "Vougeot", "Dit. Vougeot", "Dit !\nVougeot", "- Vougeot", "1. **Vougeot", "« Vougeot",
        "Ensuite : Vougeot",
    ],
)  # fmt: skip
def test_a_word_opens_a_sentence(text: str) -> None:
    assert [word.opens for word in words(text) if word.text == "Vougeot"] == [True]


@pytest.mark.parametrize(
    "text", ["à Vougeot", "M. Vougeot", "le point « Vougeot", "art. Vougeot", f"{'a ' * 30}Vougeot"]
)
def test_a_word_stands_within_a_sentence(text: str) -> None:
    assert [word.opens for word in words(text) if word.text == "Vougeot"] == [False]


@given(st.text(alphabet="aéZ'’-\u2011. \n{}@*1"))
def test_words_are_where_they_say(text: str) -> None:
    found = list(words(text))
    assert [text[word.start : word.end] for word in found] == [word.text for word in found]
    assert [word.start for word in found] == sorted({word.start for word in found})


def test_what_is_elided_or_joined_is_taken_apart() -> None:
    assert [bare("d'Agencourt"), bare("qu’elle"), bare("aujourd'hui")] == [
        "Agencourt",
        "elle",
        "aujourd'hui",
    ]
    assert parts("Saint-Léger") == ["Saint", "Léger"]
    assert plain("l’an\u2011née") == "l'an-née"


@pytest.mark.parametrize("piece", ["-", "a,", "mot/", "a--", "ab'", "a.", "{", "x-é_"])
def test_a_long_line_is_read_once(piece: str) -> None:
    """Read over from each of its places, it would take minutes, or hours."""
    line = piece * (1_000_000 // len(piece))
    assert all(line[found.start : found.end] == found.text for found in words(line))


def test_accents_are_put_right_fewest_first() -> None:
    assert list(accented("Ete"))[:4] == ["Ete", "Éte", "Ête", "Ète"]
    assert "déléguée" in accented("deleguee") and "ça" in accented("ca")
    assert next(accented("vôtr")) == "votr"
