"""Two laptops and a real central: what each writes reaches the other, and nothing is lost."""

from __future__ import annotations

from tests.app.sync.conftest import Laptop

Pair = tuple[Laptop, Laptop]


def test_a_record_travels_to_the_other_laptop_with_a_receipt(pair: Pair) -> None:
    anne, benoit = pair
    need = anne.put("need", title="Fibre", words="On n'a rien.")
    report = anne.sync()
    assert [(line.kind, line.id) for line in report.sent] == [("need", need)]
    proof = anne.services.receipts.proof(need)
    assert proof is not None
    assert proof.line.revision == 1
    assert [line.id for line in benoit.sync().received] == [need]
    assert benoit.get(need) == anne.get(need)


def test_different_fields_of_one_need_are_both_kept(pair: Pair) -> None:
    anne, benoit = pair
    need = anne.put("need", title="Fibre", words="On n'a rien.")
    anne.sync()
    benoit.sync()
    anne.put("need", need, title="La fibre")
    benoit.put("need", need, severity=4)
    anne.sync()
    report = benoit.sync()
    assert [line.id for line in report.merged] == [need]
    assert not report.needs_user
    anne.sync()
    for one in pair:
        assert (one.get(need)["title"], one.get(need)["severity"]) == ("La fibre", 4)
    assert anne.state() == benoit.state()


def test_the_same_field_makes_a_conflict_that_the_user_decides(pair: Pair) -> None:
    anne, benoit = pair
    need = anne.put("need", title="Fibre")
    anne.sync()
    benoit.sync()
    anne.put("need", need, title="A")
    benoit.put("need", need, title="B")
    anne.sync()
    report = benoit.sync()
    (line,) = report.conflicts
    assert report.needs_user
    assert benoit.get(need)["title"] == "A"
    conflict = benoit.get(line.id)
    assert (conflict["mine"]["value"], conflict["mine"]["author"]) == ("B", "benoit")
    assert (conflict["theirs"]["value"], conflict["theirs"]["author"]) == ("A", "Léa Martin")
    anne.sync()
    assert anne.get(line.id) == conflict
    anne.services.conflicts.resolve(line.id, "mine")
    anne.sync()
    benoit.sync()
    for one in pair:
        assert one.get(need)["title"] == "B"
        assert one.services.conflicts.open() == []
    assert anne.state() == benoit.state()


def test_nothing_to_do_writes_nothing(pair: Pair) -> None:
    anne, _ = pair
    with anne.services.workspace.reading() as unit:
        before = unit.connection.exec_driver_sql("PRAGMA data_version").scalar()
        anne.sync()
        after = unit.connection.exec_driver_sql("PRAGMA data_version").scalar()
    assert before == after
