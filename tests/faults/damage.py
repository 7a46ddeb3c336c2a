"""A workspace with a copy and a life after it, made once, and ways to damage it."""

from __future__ import annotations

import atexit
import random
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.bootstrap import open_services
from app.domain.records import Envelope
from app.storage import protection
from app.storage.workspace import create
from tests.workspaces import cheap_passphrases, lighten

PASSPHRASE = "quatre mots bien choisis"
PAGE = 4096
MOST = 6
"""The places that one damage changes."""


@dataclass(frozen=True)
class Model:
    """The folder, what opens it, and its records as they were in the copy and at the end."""

    folder: Path
    secret: str | None
    key: bytes | None
    copied: Mapping[str, Envelope]
    final: Mapping[str, Envelope]


@cache
def model(mode: str) -> Model:
    """A workspace closed after changes that came later than its copy."""
    folder = Path(tempfile.mkdtemp(prefix="commissions-")) / "modele"
    atexit.register(shutil.rmtree, folder.parent, ignore_errors=True)
    secret = PASSPHRASE if mode == "passphrase" else None
    with cheap_passphrases():
        lock = protection.choose("passphrase" if secret else "none", secret, workspace="essai")
    create(folder, lock).close()
    lighten(folder, lock.data_key)  # the other communes come back from what is shipped
    services = open_services(folder, secret)
    records = services.records
    records.create("commission", {"name": "Commission de l'Auxois"}, None)
    old = [
        records.create("need", {"title": f"Besoin {n}", "words": f"mot {n} " * n * 9}).id
        for n in range(40)
    ]
    services.search.index_pending()
    services.backups.daily()
    copied = {one: records.envelope(one) for one in old}
    for one in old[::3]:
        records.update(one, {"title": f"Après {one}", "words": "après " * 90})
    records.delete(old[1])
    new = [
        records.create("need", {"title": f"Neuf {n}", "words": "x" * n * 90}).id for n in range(15)
    ]
    final = {one: records.envelope(one, deleted=True) for one in (*old, *new)}
    services.close()
    return Model(folder, secret, lock.data_key, copied, final)


def damaged(path: Path, how: str, chance: random.Random) -> None:
    """Flips bits, zeroes pages or cuts the end of a database."""
    content = bytearray(path.read_bytes())
    if how == "cut":
        del content[chance.randrange(PAGE, len(content)) :]
    for _ in range(chance.randint(1, MOST) if how != "cut" else 0):
        place = chance.randrange(len(content))
        if how == "flip":
            content[place] ^= 1 << chance.randrange(8)
        else:
            start = place - place % PAGE
            content[start : start + PAGE] = bytes(PAGE)
    path.write_bytes(content)


def files(folder: Path) -> dict[str, bytes]:
    """Every file under a folder, by its name there."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
