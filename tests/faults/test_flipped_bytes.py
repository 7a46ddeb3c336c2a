"""One byte changed anywhere: told in what is protected, never a trace in what is not."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.bootstrap import Services
from app.errors import UserError
from app.services import workspaces
from app.storage import protection
from app.storage.backup import check_database, mode_of, read_backup
from app.storage.database import connect
from app.storage.workspace import DATABASE, create

PASSPHRASE = "quatre mots bien choisis"
FLIPS = int(os.environ.get("SOAK_FLIPS", "40"))
PAGE = 4096
TREE_PAGES = {2, 5, 10, 13}
"""The first byte of a page of SQLite's trees."""


def a_workspace(place: Path, secret: str | None) -> bytes | None:
    """A workspace at rest and a backup of it."""
    lock = protection.choose("passphrase" if secret else "none", secret, workspace="essai")
    services = Services(create(place / "espace", lock))
    services.records.create("commission", {"name": "Auxois"}, None)
    need = services.records.create("need", {"title": "Sauvegarde", "words": "mot " * 3000})
    services.records.update(need.id, {"words": "autre mot " * 3000})
    services.search.index_pending()
    services.close()
    workspaces.save(place / "espace", secret, place / "copie")
    return lock.data_key


@contextmanager
def flipped(path: Path, place: int, bit: int) -> Iterator[None]:
    """The file with one bit changed."""
    with path.open("rb+") as file:
        file.seek(place)
        right = file.read(1)
        file.seek(place)
        file.write(bytes([right[0] ^ 1 << bit]))
        file.flush()
        yield
        file.seek(place)
        file.write(right)


def test_a_flipped_byte_of_a_protected_workspace_is_found(tmp_path: Path) -> None:
    chance = random.Random(1828)
    key = a_workspace(tmp_path, PASSPHRASE)
    path = tmp_path / "espace" / DATABASE
    size = path.stat().st_size
    for _ in range(FLIPS):
        place = chance.randrange(size)
        with flipped(path, place, chance.randrange(8)):
            assert check_database(path, key), f"byte {place}"
    assert check_database(path, key) == []


@pytest.mark.parametrize("secret", [None, PASSPHRASE])
def test_a_flipped_byte_of_a_backup_is_found_or_changes_nothing(
    tmp_path: Path, secret: str | None
) -> None:
    """A zip says some things that nobody reads, such as hours; all else is found."""
    chance = random.Random(1829)
    a_workspace(tmp_path, secret)
    work, file = tmp_path / "ouvert", tmp_path / "copie"
    work.mkdir()
    read_backup(file, work)
    right = {path.name: path.read_bytes() for path in work.iterdir()}
    size = file.stat().st_size
    for _ in range(FLIPS):
        place = chance.choice([chance.randrange(size), size - chance.randrange(1, 400)])
        with flipped(file, place, chance.randrange(8)):
            try:
                read_backup(file, work)
            except UserError as error:
                assert "n'est pas une copie" in error.sentence
                continue
            assert {path.name: path.read_bytes() for path in work.iterdir()} == right


def test_a_flipped_byte_of_a_backup_leaves_its_protection_to_be_told_or_unknown(
    tmp_path: Path,
) -> None:
    a_workspace(tmp_path, None)
    file = tmp_path / "copie"
    size = file.stat().st_size
    for place in range(size - 1000, size):  # the header, and what the zip says of it
        with flipped(file, place, place % 8):
            assert mode_of(file) in ("none", "")


def test_a_flipped_byte_of_an_unprotected_workspace_is_told_or_harmless(tmp_path: Path) -> None:
    chance = random.Random(1830)
    a_workspace(tmp_path, None)
    path = tmp_path / "espace" / DATABASE
    connect(path, None).execute("VACUUM").close()  # no page stays unused
    content = path.read_bytes()
    trees = [
        start
        for start in range(PAGE, len(content), PAGE)
        if content[start] in TREE_PAGES and any(content[start + 3 : start + 5])  # cells in it
    ]
    for number in range(FLIPS):
        of_tree = number % 2 == 0
        place = chance.choice(trees) if of_tree else chance.randrange(len(content))
        with flipped(path, place, chance.randrange(8)):
            found = check_database(path, None)
        assert found or not of_tree, f"byte {place}"
