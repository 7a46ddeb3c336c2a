"""What minutes say of who sat and of what was voted."""

from __future__ import annotations

from app.documents.decisions import decisions
from app.documents.document import Letterhead
from app.documents.minutes import minutes
from app.domain.records import Person
from tests.app.documents import reading
from tests.app.documents.meetings import MADE
from tests.app.domain.builders import Scene, record, uid

LETTERHEAD = Letterhead()


def test_the_minutes_give_the_quality_of_each_member_where_it_is_known() -> None:
    scene = Scene(5)
    scene.seat("A", alternate=True)
    for key, name, role in (
        ("titular 1", "Roy", "maire"), ("titular 2", "Petit", "adjointe "),
        ("titular 3", "Bonnet", "conseiller"), ("titular 4", "Aubry", "maire déléguée"),
        ("titular A", "Garnier", "maire"), ("alternate A", "Fèvre", "première adjointe"),
    ):  # fmt: skip
        scene.persons[uid(key)] = record(Person(last_name=name, role=role), uid(key))
    scene.present(1, 5)
    scene.sheet("A", role="alternate")
    scene.proxy(2, to=1)
    scene.sheet(3, "excused")
    said = reading.listing(minutes(scene.file(), LETTERHEAD, MADE).data)
    for words in (
        "TH: Nom et qualité", "TD: Roy, maire\n", "TD: Titulaire 5\n",
        "TD: Fèvre, première adjointe\n      TD: suppléance de Garnier\n",
        "TD: Petit, adjointe\n      TD: Roy (Commune 1)\n",
        "P: Excusés : Bonnet (Commune 3), conseiller\n",
        "P: Absents : Aubry (Commune 4), maire déléguée\n",
    ):  # fmt: skip
        assert words in said


def test_a_result_says_of_how_many_voters_without_those_who_take_no_part() -> None:
    scene = Scene(8)
    scene.present(*range(1, 7))
    scene.proxy(8, to=3)
    aside = (uid("seat 6"),)
    scene.ballot(scene.item(), for_count=4, against_count=1, abstain_count=1, not_taking_part=aside)
    scene.ballot(scene.item(2), method="secret", held=None, for_count=5)
    for make in (minutes, decisions):
        said = reading.text(make(scene.file(), LETTERHEAD, MADE).data)
        assert (
            "Vote à main levée, à 19 h : 6 votants, 5 suffrages exprimés."
            " Avis favorable (4 pour, 1 contre, 1 abstention)."
        ) in said
        assert "Vote au scrutin secret : 5 votants sur 7 admis à voter. Avis favorable (5 p" in said
