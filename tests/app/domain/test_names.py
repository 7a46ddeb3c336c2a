"""How commissions of one name are told apart."""

from __future__ import annotations

from app.domain.names import commission_names
from app.domain.records import Commission
from tests.app.domain.builders import record


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
