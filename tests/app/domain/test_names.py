"""How commissions of one name are told apart, and seats called in sentences."""

from __future__ import annotations

from app.domain.names import Names, commission_names
from app.domain.records import Commission, Organisation, Person
from tests.app.domain.builders import Scene, record, uid


def called(*commissions: tuple[str, tuple[str, ...]]) -> list[str]:
    found = [
        record(Commission(name=name, departments=departments), f"{rank}")
        for rank, (name, departments) in enumerate(commissions)
    ]
    assert list(commission_names(found)) == [one.id for one in found]
    again = commission_names(found[::-1])
    return [again[one.id] for one in found]


def test_commissions_of_one_name_are_told_apart_by_departments_and_else_by_rank() -> None:
    assert called(("Morvan", ("21",)), (" ", ())) == ["Morvan", "Sans nom"]
    assert called(("Morvan", ("21",)), ("Auxois", ("21",)), ("Morvan ", ("58", "71"))) == [
        "Morvan (21)", "Auxois", "Morvan (58 et 71)",
    ]  # fmt: skip
    assert called(("Morvan", ("21",)), ("Morvan", ("21",))) == ["Morvan (n° 1)", "Morvan (n° 2)"]
    assert called(("Morvan", ("21",)), ("Morvan", ("58",)), ("Morvan", ("21",))) == [
        "Morvan (21) (n° 1)", "Morvan (58)", "Morvan (21) (n° 2)",
    ]  # fmt: skip
    assert called(("Morvan", ()), ("Morvan", ("21",)), ("Morvan", ())) == [
        "Morvan (n° 1)", "Morvan (21)", "Morvan (n° 2)",
    ]  # fmt: skip


def test_a_seat_without_a_titular_is_called_by_its_place_with_its_article() -> None:
    scene = Scene()
    seats = [
        scene.seat(name, titular_person_id=titular)
        for name, titular in (("mine", None), ("vacant", None), ("held", uid("titular held")))
    ]
    for name, place in (
        ("mine", "Le Creusot"),
        ("vacant", "CC du Morvan"),
        ("held", "Nolay"),
    ):
        organisation = uid(f"organisation {name}")
        scene.organisations[organisation] = record(Organisation(name=place), organisation, None)
    scene.persons[uid("titular held")] = record(Person(last_name="Le Goff"), uid("titular held"))
    names = Names(scene.file())
    assert [names.of_seat(one) for one in (*seats, "unknown")] == [
        "du Creusot", "de la CC du Morvan", "de Le Goff (Nolay)", "d'un siège inconnu",
    ]  # fmt: skip
    assert names.of_seat(seats[0], uid("titular held")) == "de Le Goff (Le Creusot)"
