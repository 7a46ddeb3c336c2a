"""Conflicts said in French: the unit, the record, and both versions."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from app.bootstrap import Services
from app.domain.records import reference_id
from app.errors import UserError
from app.services.changes import Change
from app.services.conflict_words import conflict_sentence, side_by_side
from tests.positions import take_part
from tests.ui.world import make_world

VOUGEOT = reference_id("organisation", "21716")
AGENCOURT = reference_id("organisation", "21001")
AT = "2027-03-19T18:00:00+01:00"
UNKNOWN = "0198aaaa-aaaa-7aaa-8aaa-aaaaaaaaaaaa"


def conflict(services: Services, kind: str, unit: str, mine: Any, theirs: Any) -> str:
    record = services.records.create(kind, {"title": "Sauvegarde"})
    sides = {
        name: {"value": value, "author": author, "at": AT}
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
        " Anne a écrit « Tout est perdu » le vendredi 19 mars 2027 à 18 h ;"
        " Paul a écrit « Tout est retrouvé » le vendredi 19 mars 2027 à 18 h"
    )
    assert (words.mine, words.theirs, words.editable) == (
        "Tout est perdu",
        "Tout est retrouvé",
        True,
    )
    assert (severity.mine, severity.editable) == ("léger", False)
    assert communes.mine.splitlines() == ["Vougeot (21)", "(inconnu ici)"]
    assert (communes.theirs, communes.both) == ("(rien)", True)
    assert "Anne a écrit « Vougeot (21) ; (inconnu ici) » le vendredi" in communes.sentence
    assert "Paul a écrit « (rien) » le vendredi" in communes.sentence
    assert group.mine.splitlines() == ["État : écarté", "Motif : Trop cher"]
    conflict(services, "need", "status", status, dict(sorted(status.items())))  # from the central
    alike = side_by_side(services.records, services.conflicts)[-1]
    assert alike.mine == alike.theirs


def test_conflicts_of_one_record_stand_together_the_oldest_first(services: Services) -> None:
    def write(record_id: str, unit: str, hour: int, conflict_id: str) -> None:
        side = {"author": "Anne", "at": f"2027-03-19T{hour}:00:00+01:00"}
        fields = {"record_kind": "organisation", "record_id": record_id, "unit": unit}
        fields |= {"mine": side | {"value": "1"}, "theirs": side | {"value": "2"}}
        services.records.put([Change("conflict", fields, conflict_id.ljust(36, "a"))])

    write(AGENCOURT, "phone", 12, "0198aaaa-aaaa-7aaa-8aaa-1")
    write(VOUGEOT, "email", 11, "0198aaaa-aaaa-7aaa-8aaa-2")
    write(VOUGEOT, "phone", 13, "0198aaaa-aaaa-7aaa-8aaa-3")
    write(AGENCOURT, "email", 14, "0198aaaa-aaaa-7aaa-8aaa-4")
    found = side_by_side(services.records, services.conflicts)
    assert [one.subject.split(", collectivité ") for one in found] == [
        ["Courriel", "« Vougeot (21) »"],
        ["Téléphone", "« Vougeot (21) »"],
        ["Téléphone", "« Agencourt (21) »"],
        ["Courriel", "« Agencourt (21) »"],
    ]


def test_a_rank_is_told_by_the_item_that_it_follows(services: Services, commission_id: str) -> None:
    meeting = services.records.create("meeting", {"title": "Printemps"}).id
    titles = ("Voirie", "Écoles", "Divers")
    voirie, _, moved = (services.agenda.add(meeting, {"title": title}).id for title in titles)
    ranks = [services.agenda.move(moved, before=voirie).fields.rank]
    ranks.append(services.records.get(voirie).fields.rank)
    sides = {
        name: {"value": rank, "author": "Anne", "at": AT}
        for name, rank in zip(("mine", "theirs"), ranks, strict=True)
    }
    fields = {"record_kind": "agenda_item", "record_id": moved, "unit": "rank", **sides}
    services.records.create("conflict", fields)
    (one,) = side_by_side(services.records, services.conflicts)
    assert (one.mine, one.theirs, one.editable) == ("en tête", "après « Voirie »", False)
    unread = sides | {"mine": sides["mine"] | {"value": 3}}
    services.records.create("conflict", fields | unread)
    services.records.update(voirie, {"title": ""})
    one, other = side_by_side(services.records, services.conflicts)
    assert (one.theirs, other.mine) == ("après « Sans titre »", "3")
    sides["mine"]["value"] = f"{ranks[0]}a"  # past its own place, and no other's
    services.records.create("conflict", fields)
    *_, last = side_by_side(services.records, services.conflicts)
    assert (last.mine, last.theirs) == ("en tête", "après « Sans titre »")
    services.records.delete(moved)
    *_, last = side_by_side(services.records, services.conflicts)
    assert (last.mine, last.theirs) == ("en tête", "après « Sans titre »")


def test_what_a_record_would_be_kept_with_is_told_whole(
    services: Services, commission_id: str
) -> None:
    meeting = services.records.create("meeting", {"title": "Printemps"}).id
    first, moved = (services.agenda.add(meeting, {"title": one}).id for one in ("Voirie", "Écoles"))
    services.records.update(moved, {"presenter": "Mme Petit", "withdrawn": True})
    sides = {
        name: {"value": name == "mine", "author": "Anne", "at": AT} for name in ("mine", "theirs")
    }
    fields = {"record_kind": "agenda_item", "record_id": moved, "unit": "deleted", **sides}
    services.records.create("conflict", fields)
    with services.workspace.unit() as unit:  # both laptops know the item as it stands
        unit.connection.execute(text("UPDATE history SET revision = -1"))
        unit.commit()
    services.agenda.move(moved, before=first)
    for title in ("École", "Écoles"):  # which leaves it as it was
        services.records.update(moved, {"title": title})
    services.records.update(moved, {"presenter": "", "withdrawn": False, "planned_minutes": 20})
    (one,) = side_by_side(services.records, services.conflicts)
    assert (one.mine, *one.theirs.splitlines()) == (
        "Supprimé",
        "Gardé, avec ce qui a été écrit :",
        "Rang : en tête",
        "Retiré : non",
        "Durée prévue : 20",
        "Rapporteur : (rien)",
    )


def test_a_day_or_a_file_is_chosen_between_two_versions_and_not_written_anew(
    services: Services, commission_id: str
) -> None:
    conflict(services, "need", "deadline_on", "2027-04-01", "2027-05-01")
    (day,) = side_by_side(services.records, services.conflicts)
    assert (day.mine, day.editable) == ("1er avril 2027", False)
    sides = {name: {"value": one * 64, "at": AT} for name, one in (("mine", "a"), ("theirs", "b"))}
    fields = {"record_kind": "attachment", "record_id": UNKNOWN, "unit": "sha256", **sides}
    services.records.create("conflict", fields)
    found = side_by_side(services.records, services.conflicts)
    assert [one.editable for one in found] == [False, False]


def test_the_user_is_addressed_and_a_long_text_is_cut(
    services: Services, commission_id: str
) -> None:
    services.settings.set("author_name", "Anne")
    conflict(services, "need", "words", "mot " * 40, "")
    conflict(services, "need", "deleted", True, False)
    conflict(services, "need", "deleted", False, True)
    words, gone, kept = side_by_side(services.records, services.conflicts)
    assert (words.gone, gone.gone, kept.gone) == ("", "mine", "theirs")
    assert " : vous avez écrit « mot mot" in words.sentence
    assert "mot mot… » le vendredi" in words.sentence
    assert "Paul a écrit « (rien) » le vendredi" in words.sentence
    assert gone.subject == "Besoin « Sauvegarde »"
    assert gone.sentence == (
        "Besoin « Sauvegarde » : vous avez supprimé le vendredi 19 mars 2027 à 18 h ;"
        " Paul a modifié le vendredi 19 mars 2027 à 18 h"
    )


def test_of_two_long_texts_the_sentences_that_differ_are_cited(
    services: Services, commission_id: str
) -> None:
    long = "La commune n'a plus de sauvegarde depuis la panne du serveur de juin. {}. Il le dit."
    said = [long.format(one) for one in ("Le prestataire est parti", "Il a cessé d'exister")]
    conflict(services, "need", "words", *said)
    (one,) = side_by_side(services.records, services.conflicts)
    assert "Anne a écrit « Le prestataire est parti. » le vendredi" in one.sentence
    assert "Paul a écrit « Il a cessé d'exister. » le vendredi" in one.sentence


def test_a_sentence_that_ends_one_version_is_not_cited_of_the_other(
    services: Services, commission_id: str
) -> None:
    both = "La commune n'a plus de sauvegarde depuis la panne du serveur de juin."
    conflict(services, "need", "words", f"{both} Le site ferme.", both)
    (one,) = side_by_side(services.records, services.conflicts)
    assert "Anne a écrit « Le site ferme. » le vendredi" in one.sentence
    assert "Paul a écrit « La commune n'a plus de sauvegarde" in one.sentence


def test_an_address_is_cited_whole_though_it_holds_points(
    services: Services, commission_id: str
) -> None:
    sides = {
        name: {"value": value, "author": author, "at": AT}
        for name, value, author in (
            ("mine", "mairie@vougeot.fr", "Anne"),
            ("theirs", "contact@vougeot.fr", "Paul"),
        )
    }
    fields = {"record_kind": "organisation", "record_id": VOUGEOT, "unit": "email", **sides}
    services.records.create("conflict", fields)
    (one,) = side_by_side(services.records, services.conflicts)
    assert "Anne a écrit « mairie@vougeot.fr » le vendredi" in one.sentence
    assert "Paul a écrit « contact@vougeot.fr » le vendredi" in one.sentence


def test_a_record_that_has_not_come_yet_is_told_by_its_kind(
    services: Services, commission_id: str
) -> None:
    sides = {
        name: {"value": value, "author": author, "at": AT}
        for name, value, author in (("mine", "Mairie", "Anne"), ("theirs", "Foyer rural", ""))
    }
    fields = {"record_kind": "meeting", "record_id": UNKNOWN, "unit": "place", **sides}
    made = services.records.envelope(services.records.create("conflict", fields).id)
    assert conflict_sentence(services.records, made) == (
        "Lieu, séance : Anne a écrit « Mairie » le vendredi 19 mars 2027 à 18 h ;"
        " quelqu'un a écrit « Foyer rural » le vendredi 19 mars 2027 à 18 h"
    )


def test_two_cost_plans_are_set_out_alike_a_line_for_each_part(
    services: Services, commission_id: str
) -> None:
    tiers = [{"from_participants": 1, "yearly_cents": 48000}]
    offer = {"id": "A", "supplier": "Serein Numérique", "tiers": tiers}
    mine = {"years": 4, "vat_rate": "0.055", "key": {"kind": "equal"}, "offers": [offer]}
    theirs = {"offers": [offer | {"tiers": [tiers[0] | {"yearly_cents": 50000}]}]}
    theirs |= {"key": {"kind": "equal"}, "vat_rate": "0.055", "years": 4}
    conflict(services, "solution", "plan", mine, theirs)
    (plan,) = side_by_side(services.records, services.conflicts)
    ours, others = (side.splitlines() for side in (plan.mine, plan.theirs))
    assert ours[:4] == [
        "Années : 4",
        "Taux de TVA : 5,5 %",
        "Clé de répartition :",
        "\N{NO-BREAK SPACE}" * 4 + "Genre : à parts égales",
    ]
    assert ours[:-1] == others[:-1]
    assert others[-1].strip() == "À partir de : 1, par an : 500,00 €"
    assert "Anne a écrit « À partir de : 1, par an : 480,00 € » le vendredi" in plan.sentence


def test_a_roll_call_is_set_out_a_name_a_line_without_what_was_not_asked(
    services: Services, commission_id: str
) -> None:
    world = make_world(services)
    seats = [world.seats[town] for town in ("Vougeot", "Agencourt")]
    mine = {"method": "roll_call", "votes": dict.fromkeys(seats, "for"), "secret_waived": False}
    theirs = mine | {"votes": {seats[0]: "for", seats[1]: "against"}, "secret_waived": True}
    fields = {"record_kind": "ballot", "record_id": UNKNOWN, "unit": "ballot"}
    fields |= {
        name: {"value": value, "author": author, "at": AT}
        for name, value, author in (("mine", mine, "Anne"), ("theirs", theirs, "Paul"))
    }
    services.records.create("conflict", fields, world.commission_id)
    (vote,) = side_by_side(services.records, services.conflicts)
    ours, others = (side.replace("\N{NO-BREAK SPACE}", " ") for side in (vote.mine, vote.theirs))
    voices = ["Mode de scrutin : par appel nominal", "Voix :", "    Agencourt (21) : pour"]
    assert ours.splitlines() == [*voices, "    Vougeot (21) : pour"]
    assert others.splitlines()[2:] == [
        "    Agencourt (21) : contre",
        "    Vougeot (21) : pour",
        "Scrutin secret écarté à l'unanimité : oui",
    ]
    assert "Anne a écrit « Agencourt (21) : pour » le vendredi" in vote.sentence


def test_the_parts_that_a_conflict_s_sentence_cites_stand_apart(
    services: Services, commission_id: str
) -> None:
    key = {"kind": "mixed", "fixed_share": "0.30"}
    strata = {"kind": "strata", "strata": [{"from": 0, "weight": "2.5"}]}
    conflict(services, "solution", "plan", {"years": 4, "key": key}, {"years": 3, "key": strata})
    (plan,) = side_by_side(services.records, services.conflicts)
    assert "Anne a écrit « Années : 4 ; Genre : mixte, part fixe : 30 % »" in plan.sentence
    assert "Paul a écrit « Années : 3 ; Genre : par strates ; Strates : À partir" in plan.sentence
    assert plan.theirs.endswith("À partir de : 0, poids : 2,5")


def test_an_attendance_is_named_by_its_person(services: Services) -> None:
    world = make_world(services)
    meeting = world.meeting()
    services.meetings.open(meeting.id)
    sheet = services.attendance.mark(meeting.id, world.seats["Quincey"], "present")
    sides = {
        name: {"value": {"status": status}, "author": author, "at": AT}
        for name, status, author in (("mine", "present", "Anne"), ("theirs", "excused", "Paul"))
    }
    fields = {"record_kind": "attendance", "record_id": sheet.id, "unit": "attendance", **sides}
    services.records.create("conflict", fields)
    (told,) = side_by_side(services.records, services.conflicts)
    assert told.subject == "Présence « Claire Dubois »"
    assert (told.mine, told.theirs) == ("État : présent", "État : excusé")


def test_a_commitment_is_named_by_the_organisation_that_makes_it(
    services: Services, commission_id: str
) -> None:
    solution = services.records.create("solution", {"title": "Sauvegarde"})
    made = take_part(services.solutions, solution.id, VOUGEOT, "interested")
    assert made is not None
    sides = {
        name: {"value": value, "author": author, "at": AT}
        for name, value, author in (("mine", "declined", "Anne"), ("theirs", "committed", "Paul"))
    }
    fields = {"record_kind": "commitment", "record_id": made.id, "unit": "intention", **sides}
    services.records.create("conflict", fields)
    (told,) = side_by_side(services.records, services.conflicts)
    assert told.subject == "Position, engagement « Vougeot (21) »"


def test_a_version_that_no_program_of_ours_wrote_is_not_kept(
    services: Services, commission_id: str
) -> None:
    kept = conflict(services, "need", "status", "écarté", {"status": "qualified", "reason": ""})
    with pytest.raises(UserError, match=f"{kept}, champ « status » : cette version"):
        services.conflicts.resolve(kept, "mine")
    services.conflicts.resolve(kept, "theirs")
    assert services.records.list("need")[0].fields.status == "qualified"
