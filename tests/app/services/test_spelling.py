"""Spelling with the shipped dictionary, the names of a workspace, and the words added to it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.bootstrap import Services
from app.services.spelling import Lexicon

MAELLE = {"first_name": "Maëlle", "last_name": "Durantton"}


def unknown(lexicon: Lexicon, text: str) -> list[str]:
    return [word.text for word in lexicon.unknown(text)]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon(["Saint-Léger-de-Fougeret", "Vougeot", "Nadège", "Petitjean"], ["pictobus"])


def test_words_of_the_field_are_known_and_mistakes_are_not(lexicon: Lexicon) -> None:
    assert unknown(lexicon, "L’intercommunalité dématérialise ses procès-verbaux.") == []
    wrong = "Le budgget de l’intercomunalité à labelliser, peut-etre."
    assert unknown(lexicon, wrong) == ["budgget", "l’intercomunalité", "peut-etre"]


def test_names_are_known_where_a_sentence_begins(lexicon: Lexicon) -> None:
    assert unknown(lexicon, "Vougeot et Saint-Léger. Petitjean et Nadège. Qu'Arnay vienne.") == []
    assert unknown(lexicon, "Durantton refuse, mais Durantton et d'Epiinac non. vougeot !") == [
        "Durantton",
        "vougeot",
    ]


def test_words_that_no_general_dictionary_holds_are_shipped_beside_it(lexicon: Lexicon) -> None:
    notes = (
        "L'interco et la comcom votent : copil le 27, visio le 28. Le phishing, un ransomware, le"
        " firewall et l'antispam ; cybermalveillance.gouv.fr, le géoportail, la télérelève, les"
        " cofinanceurs auxerrois, la déchèterie, les agrivoltaïques. Ste-Colombe attend."
    )
    assert unknown(lexicon, notes) == []


def test_a_word_added_is_known_with_a_capital_or_an_article(lexicon: Lexicon) -> None:
    assert unknown(lexicon, "Pictobus, le pictobus, l’pictobus, pictobuss") == ["pictobuss"]
    assert unknown(Lexicon([], ["l’pictobus"]), "Un pictobus, du pictobus") == []


@pytest.mark.parametrize(
    ("word", "first"),
    [
        ("numerique", "numérique"),
        ("l’acord", "l’accord"),
        ("vougeot", "Vougeot"),
        ("d'vougeot", "d'Vougeot"),
        ("l'acord", "l'accord"),
        ("l'intercomunalitee", "l'intercommunalité"),  # of the whole, Hunspell says no article
        ("aujourdhui", "aujourd'hui"),
        ("deliberation", "délibération"),
        ("Evenement", "Événement"),
        ("l'etat", "l'état"),
        ("meme", "même"),
        ("quil", "qu'il"),
        ("Cest", "C'est"),
        ("lecole", "l'école"),
        ("apres", "après"),
        ("ca", "ça"),
        ("dématèrialisation", "dématérialisation"),
    ],
)
def test_what_was_meant_comes_first(lexicon: Lexicon, word: str, first: str) -> None:
    found = lexicon.proposals(word)
    assert found[0] == first and len(found) == len(set(found)) <= 5


def test_what_is_elided_stays_as_it_was_typed(lexicon: Lexicon) -> None:
    assert lexicon.proposals("l’etat") == ["l’état", "l’État"]
    assert lexicon.proposals("L'etat") == ["L'état", "L'État"]


def test_the_workspace_knows_its_names_and_keeps_its_words(
    services: Services, commission_id: str
) -> None:
    services.records.create("person", MAELLE, commission_id)
    services.spelling.add("pictobus")
    services.spelling.add("Écobus")
    services.spelling.add("pictobus")
    assert services.spelling.words() == ["Écobus", "pictobus"]
    lexicon = services.spelling.read()
    assert unknown(lexicon, "Durantton prend le pictobus. Agencourt non. Maëlle aussi.") == []


def test_a_word_already_looked_at_is_known_once_it_is_learnt() -> None:
    lexicon = Lexicon([], [])
    assert unknown(lexicon, "le pictobus") == ["pictobus"]
    lexicon.learn(["pictobus"])
    assert unknown(lexicon, "le pictobus") == []


def test_words_that_two_programs_add_at_once_are_both_kept(services: Services) -> None:
    with ThreadPoolExecutor(4) as programs:
        list(programs.map(services.spelling.add, [f"mot{letter}" for letter in "abcdefghijkl"]))
    assert len(services.spelling.words()) == 12


def test_an_erased_person_s_name_is_no_word_any_longer(
    services: Services, commission_id: str
) -> None:
    person = services.records.create("person", MAELLE | {"last_name": "Épinacot"}, commission_id)
    services.records.update(person.id, MAELLE)
    services.spelling.keep(["pictobus", "durantton", "épinacot"])
    services.erasures.erase(person.id)
    assert services.spelling.words() == ["pictobus"]
