"""The restore drill: a laptop gone back to a copy, or repaired, syncs on without loss."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.errors import SyncError
from app.services import doctor, workspaces
from app.storage import keyrings, tables
from app.storage.salvage import Salvage
from tests.app.sync.conftest import Laptop
from tests.app.sync.meddler import Meddler, cut_after
from tests.app.sync.test_between_laptops import level
from tests.central_server import Central

Pair = tuple[Laptop, Laptop]


def everything(laptop: Laptop) -> dict[str, list[Any]]:
    """Every row of every table but the index of search, which is made again."""
    with laptop.services.workspace.reading() as unit:
        return {
            table.name: sorted(map(tuple, unit.connection.execute(table.select())), key=repr)
            for table in tables.metadata.sorted_tables
        }


def agree(pair: Pair, *gone: str) -> None:
    """Both hold the same live records, once each, without a conflict."""
    level(*pair)
    one, other = (
        {i: e.fields for i, e in laptop.state().items() if not e.deleted} for laptop in pair
    )
    assert one == other
    assert not one.keys() & set(gone)
    titles = [fields["title"] for fields in one.values() if "words" in fields]
    assert len(titles) == len(set(titles))
    for laptop in pair:
        assert laptop.services.conflicts.open() == []
        assert laptop.services.sync.status().pending == 0
        assert laptop.services.sync.status().to_resend == 0


def test_the_copy_comes_back_row_by_row_history_and_conflicts_included(
    pair: Pair, tmp_path: Path
) -> None:
    anne, benoit = pair
    need = anne.put("need", title="Fibre", words="Rien.")
    level(anne, benoit)
    anne.put("need", need, title="La fibre")
    benoit.put("need", need, title="Le réseau")
    anne.sync()
    benoit.sync()
    anne.sync()
    anne.put("need", title="Pas encore envoyé")
    assert len(anne.services.conflicts.open()) == 1
    before = everything(anne)
    file = anne.services.backups.save(tmp_path / "copie")
    anne.put("need", need, words="Toujours rien.")
    anne.services.records.delete(anne.put("need", title="Erreur"))
    anne.sync()
    assert everything(anne) != before
    anne.services.backups.restore(file)
    assert everything(anne) == before


def test_a_laptop_gone_back_takes_in_what_it_had_sent_since_and_doubles_nothing(
    pair: Pair, tmp_path: Path
) -> None:
    anne, benoit = pair
    old = anne.put("need", title="Fibre")
    doomed = anne.put("need", title="Erreur")
    level(anne, benoit)
    waiting = anne.put("need", title="En attente")
    anne.put("need", old, words="À envoyer.")
    file = anne.services.backups.save(tmp_path / "copie")
    level(anne, benoit)
    new = anne.put("need", title="Site")
    benoit.put("need", old, title="La fibre")
    benoit.services.records.delete(doomed)
    level(anne, benoit)
    anne.services.backups.restore(file)
    assert anne.get(waiting)["title"] == "En attente"
    agree(pair, doomed)
    assert anne.get(new)["title"] == "Site"
    assert anne.get(old)["title"] == "La fibre"
    assert anne.get(old)["words"] == "À envoyer."
    anne.put("need", new, title="Le site")
    agree(pair, doomed)
    assert benoit.get(new)["title"] == "Le site"


def test_a_batch_that_waits_in_the_copy_and_was_answered_since_has_one_effect(
    troubled: Pair, meddler: Meddler, tmp_path: Path
) -> None:
    anne, _ = troubled
    need = anne.put("need", title="Fibre")
    meddler.next(cut_after, cut_after, cut_after)
    with pytest.raises(SyncError):
        anne.sync()
    file = anne.services.backups.save(tmp_path / "copie")
    meddler.next()
    anne.sync()
    anne.put("need", need, title="La fibre")
    level(*troubled)
    anne.services.backups.restore(file)
    agree(troubled)
    assert anne.get(need)["title"] == "La fibre"


@pytest.fixture
def coded(
    central: Central, meddler: Meddler, laptop: Callable[..., Laptop]
) -> Iterator[tuple[Pair, str, str]]:
    """A pair, the first one behind the meddler and under the keyring; its code, and the account."""
    facilitator = central.facilitator(central.commission())
    anne, benoit = laptop("anne", meddler), laptop("benoit")
    for one in (anne, benoit):
        one.enrol(facilitator)
        one.sync()
    folder = anne.services.workspace.folder
    anne.services.close()
    code = workspaces.protect(folder, "keyring", None, None).code
    assert code is not None
    anne.open(folder)
    yield (anne, benoit), code, facilitator
    forget_entries(anne)


def forget_entries(laptop: Laptop) -> None:
    """What the keyring of a computer that is lost held."""
    for entry in (laptop.services.workspace.name, f"{laptop.services.workspace.name}:central"):
        keyrings.forget_secret(entry)


@pytest.mark.parametrize("lost", [False, True], ids=["over itself", "on another computer"])
def test_a_copy_brought_back_by_its_code_syncs_on_without_loss_nor_doubles(
    coded: tuple[Pair, str, str], meddler: Meddler, tmp_path: Path, lost: bool
) -> None:
    (anne, benoit), code, facilitator = coded
    old, doomed = anne.put("need", title="Fibre"), anne.put("need", title="Erreur")
    level(anne, benoit)
    waiting = anne.put("need", title="En attente")
    meddler.next(cut_after, cut_after, cut_after)
    with pytest.raises(SyncError):
        anne.sync()
    unsent = anne.put("need", title="Pas encore parti")
    file = anne.services.backups.save(tmp_path / "copie")
    meddler.next()
    anne.put("need", waiting, words="Écrit après la copie.")
    new = anne.put("need", title="Site")
    level(anne, benoit)
    benoit.put("need", old, title="La fibre")
    benoit.services.records.delete(doomed)
    level(anne, benoit)
    folder = anne.services.workspace.folder
    anne.services.close()
    if lost:
        forget_entries(anne)
        folder = tmp_path / "neuf"
    assert workspaces.restore_by_code(folder, file, code)[0] == "keyring"
    anne.open(folder)
    if lost:
        with pytest.raises(SyncError) as refused:
            anne.sync()
        assert refused.value.kind == "sign_in"
        anne.enrol(facilitator)
    agree((anne, benoit), doomed)
    assert anne.get(old)["title"] == "La fibre"
    assert anne.get(waiting)["words"] == "Écrit après la copie."
    for need, title in ((waiting, "En attente"), (unsent, "Pas encore parti"), (new, "Site")):
        assert benoit.get(need)["title"] == title
    anne.put("need", new, title="Le site")
    agree((anne, benoit), doomed)
    assert benoit.get(new)["title"] == "Le site"


def test_a_repaired_laptop_compares_and_keeps_what_was_not_sent_yet(pair: Pair) -> None:
    anne, benoit = pair
    old = [anne.put("need", title=f"Besoin {n}", words="mots " * 90) for n in range(12)]
    level(anne, benoit)
    anne.services.backups.daily()
    for need in old:
        anne.put("need", need, title=f"Après {need}")
    late = [anne.put("need", title=f"Tardif {n}", words="mots " * 90) for n in range(6)]
    level(anne, benoit)
    benoit.put("need", old[0], words="De Benoît.")
    benoit.sync()
    unsent = anne.put("need", old[1], words="Pas encore envoyé.")
    _lose_the_last_records(anne)
    repair = doctor.mend(anne.services.workspace.folder, None)
    assert repair is not None
    anne.services.workspace.turn_to(None)
    with anne.services.workspace.reading() as unit:
        held = {envelope.id for envelope in unit.select("need")}
    assert set(old) <= held
    agree(pair)
    assert anne.get(old[0])["words"] == "De Benoît."
    assert benoit.get(unsent)["words"] == "Pas encore envoyé."
    assert {benoit.get(need)["title"] for need in late} == {f"Tardif {n}" for n in range(6)}
    assert len(anne.services.records.list("need")) == 18


def test_a_repair_that_loses_history_too_gets_from_the_central_what_it_had(pair: Pair) -> None:
    anne, benoit = pair
    kept = anne.put("need", title="Fibre")
    level(anne, benoit)
    anne.services.backups.daily()
    lost = [anne.put("need", title=f"Perdu {n}", words="mots " * 90) for n in range(12)]
    anne.put("need", kept, title="La fibre")
    level(anne, benoit)
    _lose_the_last_records(anne, history=True)
    repair = doctor.mend(anne.services.workspace.folder, None)
    assert repair is not None
    assert repair.lost
    anne.services.workspace.turn_to(None)
    agree(pair)
    assert anne.get(kept)["title"] == "La fibre"
    assert {anne.get(need)["title"] for need in lost} == {f"Perdu {n}" for n in range(12)}


def test_a_base_that_is_gone_says_that_the_central_gives_back_what_it_had(pair: Pair) -> None:
    anne, benoit = pair
    anne.services.backups.daily()
    sent = anne.put("need", title="Fibre")
    level(anne, benoit)
    space = anne.services.workspace
    space.close()
    (space.folder / "commissions.db").unlink()
    known, lost = doctor.losable(space.folder, None)
    assert "le central en avait déjà reçu reviendra" in known.sentence
    assert "est perdu" in lost.sentence
    assert doctor.mend(space.folder, None) is not None
    space.turn_to(None)
    agree(pair)
    assert anne.get(sent)["title"] == "Fibre"


def _lose_the_last_records(laptop: Laptop, *, history: bool = False) -> None:
    """Zeroes the pages that hold the latest records, and those of the history if asked."""
    laptop.services.workspace.close()
    path = laptop.services.workspace.folder / "commissions.db"
    salvage = Salvage(path, None)
    pages = [*salvage.leaves("record")[-1:], *salvage.leaves("content")[-4:]]
    if history:
        pages += [*salvage.leaves("history"), *salvage.leaves("history_record")]
    content = bytearray(path.read_bytes())
    for number in pages:
        content[(number - 1) * 4096 : number * 4096] = bytes(4096)
    path.write_bytes(content)
