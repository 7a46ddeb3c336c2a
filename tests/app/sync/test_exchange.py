"""Two laptops and a real central: what each writes reaches the other, and nothing is lost."""

from __future__ import annotations

import re
import secrets
from datetime import datetime

import pytest

from tests.app.sync.conftest import Laptop
from tests.app.sync.test_between_laptops import level
from tests.conftest import FakeClock

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


def test_the_last_receipt_of_a_record_proves_what_the_central_holds_of_it(pair: Pair) -> None:
    anne, _ = pair
    need, other = (anne.put("need", title=title) for title in ("Fibre", "Site"))
    for title in ("La fibre", "La fibre optique"):
        anne.sync()
        anne.put("need", need, title=title)
    anne.sync()
    revisions = []
    for one in (need, other):
        proof = anne.services.receipts.proof(one)
        assert proof is not None
        revisions.append(proof.line.revision)
    assert revisions == [3, 1]
    assert anne.services.receipts.proof(anne.put("need", title="Autre")) is None


def test_receipts_stand_in_order_in_the_night_when_the_hour_changes(
    pair: Pair, clock: FakeClock
) -> None:
    anne, _ = pair
    anne.services.workspace.clock = clock
    for title, hour in (("Avant", "02:50:00+02:00"), ("Après", "02:10:00+01:00")):
        clock.instant = datetime.fromisoformat(f"2027-10-31T{hour}")
        need = anne.put("need", title=title)
        anne.sync()
    latest, _ = anne.services.receipts.latest(2)
    proof = anne.services.receipts.proof(need)
    assert latest[1] == "2027-10-31T02:10:00+01:00"
    assert proof is not None
    assert proof.receipt.batch_id == latest[0]


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


@pytest.mark.parametrize(
    ("field", "keep", "decided"),
    [
        ("words", "theirs", "La mairie. Et l'école."),
        ("words", "mine", "Le maire.\nEt l'école."),
        ("title", "mine", "Le maire."),
    ],
)
def test_what_others_write_before_a_conflict_is_decided_is_not_taken_back(
    pair: Pair, field: str, keep: str, decided: str
) -> None:
    anne, benoit = pair
    need = anne.put("need", **{field: "La salle."})
    level(anne, benoit)
    anne.put("need", need, **{field: "Le maire."})
    benoit.put("need", need, **{field: "La mairie."})
    level(benoit, anne)
    benoit.put("need", need, **{field: "La mairie. Et l'école."})
    level(benoit, anne)
    (conflict,) = anne.services.conflicts.open()
    anne.services.conflicts.resolve(conflict.id, keep)
    level(anne, benoit)
    assert [one.get(need)[field] for one in pair] == [decided] * 2
    assert [one.services.conflicts.open() for one in pair] == [[], []]


def test_nothing_to_do_writes_nothing(pair: Pair) -> None:
    anne, _ = pair
    with anne.services.workspace.reading() as unit:
        before = unit.connection.exec_driver_sql("PRAGMA data_version").scalar()
        anne.sync()
        after = unit.connection.exec_driver_sql("PRAGMA data_version").scalar()
    assert before == after


def test_a_record_made_and_deleted_before_any_sync_is_not_to_be_sent(pair: Pair) -> None:
    anne, benoit = pair
    need = anne.put("need", title="Erreur")
    anne.services.records.delete(need)
    assert anne.services.sync.status().pending == 0
    assert anne.sync().sent == []
    assert need not in benoit.state()
    anne.services.records.restore(need)
    assert anne.services.sync.status().pending == 1
    assert [line.id for line in anne.sync().sent] == [need]
    benoit.sync()
    assert benoit.get(need)["title"] == "Erreur"


def test_words_typed_just_before_a_deletion_come_back_with_the_record(pair: Pair) -> None:
    anne, benoit = pair
    need = anne.put("need", title="Fibre")
    anne.sync()
    benoit.sync()
    anne.put("need", need, words="On n'a rien.")
    anne.services.records.delete(need)
    anne.sync()
    benoit.sync()
    assert benoit.stored(need).envelope.deleted
    anne.services.records.restore(need)
    anne.sync()
    benoit.sync()
    assert benoit.get(need)["words"] == "On n'a rien."


def test_words_typed_just_before_a_deletion_meet_an_edit_made_elsewhere(pair: Pair) -> None:
    anne, benoit = pair
    need = anne.put("need", title="Fibre")
    anne.sync()
    benoit.sync()
    anne.put("need", need, words="On n'a rien.")
    anne.services.records.delete(need)
    benoit.put("need", need, title="La fibre")
    benoit.sync()
    report = anne.sync()
    assert len(report.conflicts) == 1
    benoit.sync()
    for one in pair:
        assert (one.get(need)["title"], one.get(need)["words"]) == ("La fibre", "On n'a rien.")


def test_what_goes_and_what_comes_is_told_by_its_bytes(pair: Pair) -> None:
    anne, benoit = pair
    for _ in range(12):
        anne.put("need", title="Fibre", words=secrets.token_hex(9_000))  # does not compress well
    for one, way in ((anne, "Envoi"), (benoit, "Réception")):
        told = list[tuple[str, float]]()
        one.sync(progress=lambda words, share, told=told: told.append((words, share)))
        shares = [share for words, share in told if words.startswith(f"{way} : ")]
        assert shares == sorted(shares)
        assert len(shares) > 1
        assert shares[-1] == 1
        (whole,) = {words.partition(" sur ")[2] for words, _ in told if words.startswith(way)}
        assert re.fullmatch(r"1\d\d ko", whole)
