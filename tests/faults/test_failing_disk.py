"""Every creation, write, rename and sync fails once by its number, or the disk is full from it on.

What was there before is there after, nothing else is, and one French sentence says why.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.bootstrap import Services, open_services
from app.cli.workspaces import hand_over
from app.documents.document import Document
from app.errors import AppError
from app.services import workspaces
from app.services.changes import Change
from app.services.documents import write_document
from app.storage import protection
from app.storage.backup import check_database, pack, read_backup
from app.storage.database import connect
from app.storage.faults import french_storage_errors
from app.storage.migration import bring_up_to_date
from app.storage.workspace import DATABASE, create
from tests.faults.disk import Call, Disk, failing, full_from
from tests.workspaces import cheap_passphrases, lighten, new_workspace

OLDEST = Path(__file__).parents[1] / "databases" / "0001.sauvegarde"
PASSPHRASE = "quatre mots bien choisis"
FAULTS = int(os.environ.get("SOAK_FAULTS", "8"))
"""How many of an operation's calls fail; all of them when they are fewer."""


def in_window(work: Callable[[Services, Path], object]) -> Callable[[Path], object]:
    """An operation of an open workspace."""

    def run(place: Path) -> object:
        services = open_services(place / "espace")
        try:
            return work(services, place)
        finally:
            services.close()

    return run


def typing(services: Services, place: Path) -> None:
    (need,) = services.records.list("need")
    services.records.put([Change("need", {"words": "Nouveau " * 2000}, need.id)], burst="frappe")


def second_folder(services: Services, place: Path) -> None:
    services.backups.keep_up()


def document(place: Path) -> None:
    page = Document(b"%PDF" * 50_000, "application/pdf", "procès-verbal.pdf")
    write_document(page, place / "clé" / "former")


def migration(place: Path) -> None:
    with french_storage_errors(place / "ancien"):
        bring_up_to_date(place / "ancien" / DATABASE, None)


OPERATIONS: dict[str, Callable[[Path], object]] = {
    "typing": in_window(typing),
    "setting": in_window(lambda services, place: services.settings.set("author_name", "Léa")),
    "archive": in_window(lambda s, place: s.exports.archive(place / "clé" / "former")),
    "zip": in_window(lambda s, place: s.exports.archive(place / "clé" / "former.zip")),
    "csv": in_window(lambda s, place: s.exports.table(place / "clé" / "former", "theme")),
    "xlsx": in_window(lambda s, place: s.exports.table(place / "clé" / "former.xlsx", "theme")),
    "document": document,
    "recovery code": lambda place: hand_over("CODE", place / "clé" / "code", must=True),
    "backup": lambda place: workspaces.save(place / "espace", None, place / "clé" / "former"),
    "second folder": in_window(second_folder),
    "restore": lambda place: workspaces.restore(place / "espace", place / "copie", None),
    "restore an older one": lambda place: workspaces.restore(
        place / "espace", place / "ancienne copie", None
    ),
    "protect": lambda place: workspaces.protect(place / "espace", "passphrase", None, PASSPHRASE),
    "migration": migration,
    "new": lambda place: create(
        place / "nouveau", protection.choose("none", workspace="nouveau")
    ).close(),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds a small workspace, a backup of it, and former files."""
    place = tmp_path_factory.mktemp("disque") / "entier"
    place.mkdir()
    new_workspace(place / "espace").close()
    lighten(place / "espace")
    services = open_services(place / "espace")
    services.records.create("commission", {"name": "Auxois"}, None)
    need = services.records.create("need", {"words": "Ancien"})
    workspaces.save(place / "espace", None, place / "copie")
    services.records.update(need.id, {"title": "Après la copie"})
    (place / "clé").mkdir()
    for name in ("former", "former.zip", "former.xlsx"):
        (place / "clé" / name).write_bytes(b"ancien" * 30_000)
    services.settings.set("backup_folder", str(place.with_name("essai") / "clé"))
    (place / "clé" / f"commissions-{services.workspace.clock():%Y-%m-%d}-jour.sauvegarde").touch()
    services.close()
    (place / "ancien").mkdir()
    read_backup(OLDEST, place / "ancien")
    lighten(place / "ancien")
    pack(place / "ancien", place / "ancienne copie")
    return place


def contents(place: Path) -> dict[str, Any]:
    """Every file by its name: its bytes, and for a workspace what its tables hold."""
    found: dict[str, Any] = {}
    for path in sorted(place.rglob("*")):
        name = str(path.relative_to(place))
        if path.name == DATABASE:
            assert check_database(path, None) == []
            found[name] = rows(path)
        elif path.name.startswith(f"{DATABASE}-") or "sauvegardes" in name:
            continue  # a log that the next opening takes in; copies made before what then failed
        else:
            found[name] = path.read_bytes() if path.is_file() else None
    return found


def rows(path: Path) -> list[Any]:
    driver = connect(path, None)
    tables = ("record", "link", "history", "operation", "setting", "alembic_version")
    found = [driver.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in tables]
    driver.close()
    return found


def chosen(calls: list[Call]) -> list[Call]:
    """The calls to fail, one of each file and kind of call before a second of any."""
    seen: Counter[tuple[str, str]] = Counter()
    ranked = []
    for call in reversed(calls):
        seen[call.name, call.path] += 1
        ranked.append((seen[call.name, call.path], call.number, call))
    ranked.sort(key=lambda each: each[:2])
    firsts = sum(rank == 1 for rank, _, _ in ranked)
    step = max(1, firsts // FAULTS)
    return [call for *_, call in (ranked[:firsts:step] + ranked[firsts:])[:FAULTS]]


def attempt(operation: Callable[[Path], object], disk: Disk, place: Path) -> str | None:
    """The sentence with which an operation fails on this disk; None when it is done."""
    with disk(), cheap_passphrases():
        try:
            operation(place)
        except AppError as error:
            return error.sentence
    return None


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_call_that_fails_leaves_everything_as_it_was(whole: Path, name: str) -> None:
    before, calls, told = contents(whole), [], []
    place = whole.with_name("essai")
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(whole, place)
    assert attempt(OPERATIONS[name], Disk(calls.append), place) is None
    shutil.rmtree(place)
    calls = [call for call in calls if call.name != "delete"]  # what goes last may well stay
    for rank, call in enumerate(chosen(calls)):
        disks = [failing(call.number, errno.EIO), full_from(call.number)]
        for disk in disks if len(calls) <= FAULTS else disks[rank % 2 :][:1]:
            shutil.copytree(whole, place)
            sentence = attempt(OPERATIONS[name], disk, place)
            if sentence is not None:
                told.append(sentence)
                assert sentence.endswith(".")
                assert contents(place) == before, f"{call.number} {call.name} {call.path}"
                assert attempt(OPERATIONS[name], Disk(), place) is None
            shutil.rmtree(place)
    assert told
    assert all("est plein" in one or "ne peut" in one for one in told)
