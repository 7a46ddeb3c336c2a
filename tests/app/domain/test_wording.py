"""French words and typography."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import wording

NB = "\u00a0"


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 voix"), (1, "1 voix"), (2, "2 voix"), (15, "15 voix")]
)
def test_a_plural_may_be_given(number: int, words: str) -> None:
    assert wording.count(number, "voix", "voix") == words


def test_the_plural_begins_at_two() -> None:
    assert [wording.count(n, "présent") for n in (0, 1, 2)] == [
        "0 présent", "1 présent", "2 présents",
    ]  # fmt: skip


def test_a_count_sets_its_thousands_apart_as_amounts_do() -> None:
    assert wording.count(5000, "ligne") == "5 000 lignes"


def test_dates_are_written_in_full() -> None:
    assert wording.long_day(date(2027, 3, 19)) == "vendredi 19 mars 2027"
    assert wording.short_day(date(2027, 3, 1)) == "1er mars 2027"
    assert wording.short_day(date(2027, 8, 11)) == "11 août 2027"


def test_hours_are_those_of_paris() -> None:
    assert wording.hour("2027-03-19T17:40:00+00:00") == "18 h 40"
    assert wording.hour("2027-07-01T16:05:00+00:00") == "18 h 05"
    assert wording.hour("2027-03-19T18:00:00+01:00") == "18 h"
    assert wording.day_and_hour("2027-03-01T18:40:00+01:00") == "lundi 1er mars 2027 à 18 h 40"


@pytest.mark.parametrize(
    ("utc", "said"),
    [
        ("00:59", "2 h 59 (heure d'été)"), ("00:00", "2 h (heure d'été)"), ("23:59", "1 h 59"),
        ("01:00", "2 h (heure d'hiver)"), ("01:59", "2 h 59 (heure d'hiver)"), ("02:00", "3 h"),
    ],
)  # fmt: skip
def test_an_hour_that_comes_twice_says_which_it_is(utc: str, said: str) -> None:
    day = "2027-10-30" if utc > "22" else "2027-10-31"
    assert wording.hour(f"{day}T{utc}:00+00:00") == said


def test_an_hour_that_the_clocks_leave_out_is_the_next() -> None:
    assert wording.hour("2027-03-28T01:30:00+00:00") == "3 h 30"


def test_a_wait_is_said_no_shorter_than_it_is() -> None:
    said = {0: "une minute", 60: "une minute", 61: "2 minutes", 7140: "119 minutes"}
    said |= {7200: "2 heures", 7201: "3 heures"}
    assert {seconds: wording.duration(seconds) for seconds in said} == said


@pytest.mark.parametrize(
    ("cents", "words"),
    [(123456, "1 234,56 €"), (5, "0,05 €"), (0, "0,00 €"), (-150, "-1,50 €"),
     (123456789, "1 234 567,89 €")],
)  # fmt: skip
def test_amounts_have_their_thousands_apart(cents: int, words: str) -> None:
    assert wording.amount(cents) == words


def test_a_per_cent_has_its_thousands_apart() -> None:
    told = [wording.per_cent(text) for text in ("-1000.0", "12345.6", "-0.5")]
    assert told == ["-1 000,0 %", "12 345,6 %", "-0,5 %"]


def test_lists_end_by_and() -> None:
    assert wording.listed([]) == ""
    assert wording.listed(["A"]) == "A"
    assert wording.listed(["A", "B"]) == "A et B"
    assert wording.listed(["A", "B", "C"]) == "A, B et C"


def test_a_name_after_the_preposition_is_elided() -> None:
    assert wording.of("Vougeot") == "de Vougeot"
    assert wording.of("Agencourt") == "d'Agencourt"
    assert wording.of("Époisses") == "d'Époisses"
    assert wording.of("Yves") == "d'Yves"
    assert wording.of("Yannick") == "de Yannick"
    assert wording.of("Hélène") == "d'Hélène"
    assert wording.of("Héry") == "d'Héry"
    assert wording.of("Hautot") == "de Hautot"
    assert wording.of("Øystein") == "d'Øystein"


@pytest.mark.parametrize(
    "name",
    ["Hadrien", "Harmonie", "Henri", "Hilaire", "Hippolyte", "Homère", "Honoré", "Honorine",
     "Horace", "Hortense", "Hubert", "Hyacinthe"],
)  # fmt: skip
def test_a_mute_h_is_elided(name: str) -> None:
    assert wording.of(name) == f"d'{name}"


@pytest.mark.parametrize(
    "name", ["Hakim", "Hamid", "Hans", "Harold", "Hassan", "Hicham", "Honfleur", "Houtaud"]
)
def test_an_aspirated_h_is_not(name: str) -> None:
    assert wording.of(name) == f"de {name}"


def test_a_place_s_article_melts_into_the_preposition() -> None:
    assert wording.of_place("Le Creusot") == "du Creusot"
    assert wording.of_place("Les Rousses") == "des Rousses"
    assert wording.of_place("La Motte-Ternant") == "de La Motte-Ternant"
    assert wording.of_place("Leuglay") == "de Leuglay"
    assert wording.of_place("Œuilly") == "d'Œuilly"
    assert wording.of_place("CC de Saulieu-Morvan") == "de la CC de Saulieu-Morvan"
    assert wording.of_place("Syndicat des eaux") == "du Syndicat des eaux"
    assert wording.of_place("SICECO") == "du SICECO"
    assert wording.of_place("Conseil départemental de la Nièvre").startswith("du Conseil")
    assert wording.of_place("Ville de Dijon") == "de la Ville de Dijon"
    assert wording.of_place("Agence technique") == "de l'Agence technique"


def test_a_sentence_gets_its_capital() -> None:
    assert wording.capitalised("élu") == "Élu"
    assert wording.capitalised("") == ""


@pytest.mark.parametrize(
    ("text", "dressed"),
    [
        ("Quorum atteint : 9 présents", f"Quorum atteint{NB}: 9 présents"),
        ("Objet: achat", f"Objet{NB}: achat"),
        ("Vraiment ?! Oui ; non !", f"Vraiment{NB}?! Oui{NB}; non{NB}!"),
        ("Vraiment?!", f"Vraiment{NB}?!"),
        ("« Vougeot » et «Gilly»", f"«{NB}Vougeot{NB}» et «{NB}Gilly{NB}»"),
        ("à 18 h 40, 1 234,56 € ou 12 %", f"à 18{NB}h{NB}40, 1{NB}234,56{NB}€ ou 12{NB}%"),
        ("1 234 567 habitants", f"1{NB}234{NB}567 habitants"),
        ("n° 4", f"n°{NB}4"),
        ("dans 27 jours, 1 jour et 45 min", f"dans 27{NB}jours, 1{NB}jour et 45{NB}min"),
        ("le 19 mars 2027", "le 19 mars 2027"),
        ("https://exemple.fr/a?b=c et 18:40", "https://exemple.fr/a?b=c et 18:40"),
        ("Suite :\nfin", f"Suite{NB}:\nfin"),
        ("(9 pour, 1 abstention)", f"(9{NB}pour, 1{NB}abstention)"),
        ("20 minutes pour 2 contre tous", "20 minutes pour 2 contre tous"),
    ],
)
def test_typography_holds_french_marks_to_their_words(text: str, dressed: str) -> None:
    assert wording.typographic(text) == dressed
    assert wording.typographic(dressed) == dressed


def test_a_long_run_of_spaces_is_dressed_at_once() -> None:
    run = " " * 200_000
    assert wording.typographic(f"« a{run}»{run}b") == f"«{NB}a{NB}»{run}b"


def test_plain_text_has_straight_apostrophes_and_ordinary_spaces() -> None:
    assert wording.plain(f"l’eau{NB}: 1\u202f234") == "l'eau : 1 234"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Fibre", "Fibre"),
        ("Fibre\n\n  lente", "Fibre lente"),
        ("Fibre lente.", "Fibre lente."),
        ("Fibre lente et chère", "Fibre lente…"),
        ("Fibre bien lente", "Fibre bien…"),
        ("Fibre optique", "Fibre…"),
        ("Fibre, optique", "Fibre…"),
        ("Fibre « vite »", "Fibre…"),
        ("Un assujettissement", "Un…"),
        ("Assujettissement", "Assujettiss…"),
    ],
)
def test_a_text_in_a_sentence_is_one_line_and_says_that_it_is_cut(text: str, words: str) -> None:
    assert wording.shortened(text, 12) == words


@given(st.text("é b\n\t", max_size=60), st.integers(2, 12))
def test_a_text_is_shortened_whatever_spaces_it_has(text: str, most: int) -> None:
    line = " ".join(text.split())
    words = wording.shortened(text, most)
    assert len(words) <= most
    if len(line) <= most:
        assert words == line
    else:
        kept = words.removesuffix("…")
        assert words != kept and line.startswith(kept)
        assert line[len(kept) :].startswith(" ") or " " not in line[:most]


def test_a_long_word_is_cut_rather_than_left_out() -> None:
    assert wording.shortened(f"Le {'a' * 40} suit", 30) == f"Le {'a' * 26}…"
