"""What minutes say of who sat and of what was voted."""

from __future__ import annotations

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
