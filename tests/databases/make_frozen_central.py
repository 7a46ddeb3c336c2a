"""Writes the frozen central of this schema: python -m tests.databases.make_frozen_central."""

from __future__ import annotations

import tempfile
from pathlib import Path

from app.central import backup, migration
from app.clock import now
from tests.app.central.laptop import deletion, laptop, op
from tests.central_server import Central, start_central


def main() -> None:
    with tempfile.TemporaryDirectory() as work, start_central(Path(work) / "site") as central:
        _fill(central)
        target = Path(__file__).parent / f"{migration.HEAD}.central"
        backup.save(central.database, target, now())


def _fill(central: Central) -> None:
    space = central.commission("Commission de l'Auxois")
    lea = laptop(central, space)
    need, gone = op("need", title="Sauvegarde"), op("need", title="Erreur")
    lea.send(space, need, gone)
    lea.send(space, op("need", need.id, 1, words="Nous avons tout perdu en mars."))
    lea.send(space, op("need", need.id, 2, title="Des sauvegardes"), deletion("need", gone.id, 1))
    lea.client.close()


if __name__ == "__main__":
    main()
