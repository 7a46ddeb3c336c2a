"""Conflicts said in French: the unit, the record, and both versions."""

from __future__ import annotations

from typing import Any

from app.bootstrap import Services
from app.domain.records import reference_id
from app.services.conflict_words import conflict_sentence, side_by_side

VOUGEOT = reference_id("organisation", "21716")
UNKNOWN = "0198aaaa-aaaa-7aaa-8aaa-aaaaaaaaaaaa"


def conflict(services: Services, kind: str, unit: str, mine: Any, theirs: Any) -> str:
    record = services.records.create(kind, {"title": "Sauvegarde"})
    sides = {
        name: {"value": value, "author": author, "at": "2027-03-19T18:00:00+01:00"}
        for name, value, author in (("mine", mine, "Anne"), ("theirs", theirs, "Paul"))
    }
    fields = {"record_kind": kind, "record_id": record.id, "unit": unit, **sides}
    return services.records.create("conflict", fields).id


def test_a_text_a_choice_a_list_and_a_group_are_shown_in_words(
    services: Services, commission_id: str
) -> None:
    conflict(services, "need", "words", "Tout est perdu", "Tout est retrouvé")
    conflict(services, "need", "severity", 1, 4)
    conflict(services, "need", "organisation_ids", [VOUGEOT, UNKNOWN], [])
    status = {"status": "set_aside", "reason": "Trop cher"}
    conflict(services, "need", "status", status, status | {"reason": "Trop tard"})
    words, severity, communes, group = side_by_side(services.records, services.conflicts)
    assert words.subject == "Paroles, besoin « Sauvegarde »"
    assert words.sentence == (
        "Paroles, besoin « Sauvegarde » :"
        " Anne a écrit « Tout est perdu » vendredi 19 mars 2027 à 18 h ;"
        " Paul a écrit « Tout est retrouvé » vendredi 19 mars 2027 à 18 h"
    )
    assert (words.mine, words.theirs, words.editable) == (
        "Tout est perdu",
        "Tout est retrouvé",
        True,
    )
    assert (severity.mine, severity.editable) == ("léger", False)
    assert communes.mine.splitlines() == ["Vougeot (21)", "(inconnu ici)"]
    assert (communes.theirs, communes.both) == ("(rien)", True)
    assert "Anne a écrit « Vougeot (21) (inconnu ici) » vendredi" in communes.sentence
    assert "Paul a écrit « (rien) » vendredi" in communes.sentence
    assert group.mine.splitlines() == ["État : écarté", "Motif : Trop cher"]


def test_a_day_is_chosen_between_two_versions_and_not_written_anew(
    services: Services, commission_id: str
) -> None:
    conflict(services, "need", "deadline_on", "2027-04-01", "2027-05-01")
    (day,) = side_by_side(services.records, services.conflicts)
    assert (day.mine, day.editable) == ("1er avril 2027", False)


def test_the_user_is_addressed_and_a_long_text_is_cut(
    services: Services, commission_id: str
) -> None:
    services.settings.set("author_name", "Anne")
    conflict(services, "need", "words", "mot " * 40, "")
    conflict(services, "need", "deleted", True, False)
    words, gone = side_by_side(services.records, services.conflicts)
    assert " : vous avez écrit « mot mot" in words.sentence
    assert "mot mot… » vendredi" in words.sentence
    assert "Paul a écrit « (rien) » vendredi" in words.sentence
    assert gone.subject == "Besoin « Sauvegarde »"
    assert gone.sentence == (
        "Besoin « Sauvegarde » : vous avez supprimé vendredi 19 mars 2027 à 18 h ;"
        " Paul a modifié vendredi 19 mars 2027 à 18 h"
    )


def test_a_record_that_has_not_come_yet_is_told_by_its_kind(
    services: Services, commission_id: str
) -> None:
    sides = {
        name: {"value": value, "author": author, "at": "2027-03-19T18:00:00+01:00"}
        for name, value, author in (("mine", "Mairie", "Anne"), ("theirs", "Foyer rural", ""))
    }
    fields = {"record_kind": "meeting", "record_id": UNKNOWN, "unit": "place", **sides}
    made = services.records.envelope(services.records.create("conflict", fields).id)
    assert conflict_sentence(services.records, made) == (
        "Lieu, séance : Anne a écrit « Mairie » vendredi 19 mars 2027 à 18 h ;"
        " quelqu'un a écrit « Foyer rural » vendredi 19 mars 2027 à 18 h"
    )
