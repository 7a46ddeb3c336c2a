"""Writes the frozen workspace of the current schema: python -m tests.databases.make_frozen."""

from __future__ import annotations

import tempfile
from pathlib import Path

from app.bootstrap import Services
from app.services import workspaces
from app.storage import migration, protection
from app.storage.workspace import create

WORDS = "Nous avons tout perdu en mars, il n'y avait pas de sauvegarde."


def main() -> None:
    target = Path(__file__).parent / f"{migration.HEAD}.sauvegarde"
    lock = protection.choose("none", workspace=f"schéma {migration.HEAD}")
    with tempfile.TemporaryDirectory() as work:
        _fill(Services(create(Path(work) / "espace", lock)))
        workspaces.save(Path(work) / "espace", None, target)


def _fill(services: Services) -> None:
    services.records.create("commission", {"name": "Commission de l'Auxois"}, None)
    need = services.records.create("need", {"title": "Sauvegarde", "words": "Nous avons"})
    services.records.update(need.id, {"words": WORDS})
    services.close()


if __name__ == "__main__":
    main()
