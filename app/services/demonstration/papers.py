"""The papers of the evening, each kind of document made from what was played."""

from __future__ import annotations

from pathlib import Path

from app.services.demonstration.play import Played

PAPERS = (
    ("convocations", "seance"),
    ("attendance-sheet", "seance"),
    ("minutes", "precedente"),
    ("minutes", "seance"),
    ("decisions", "seance"),
    ("solution-sheet", "solution.sauvegarde"),
    ("vote-pack", "solution.sauvegarde"),
    ("solution-sheet", "solution.dpo"),
    ("needs-report", "commission"),
    ("bulletin", "commission"),
    ("bulletin", "21584"),
    ("agenda", "prochaine"),
    ("invitation", "prochaine"),
    ("calendar", "commission"),
)
"""Each document's kind, and the key of the record that it is about."""


def write_papers(played: Played, folder: Path) -> dict[str, Path]:
    """Writes the documents, and gives their files by kind and key."""
    folder.mkdir()
    written = {}
    for kind, key in PAPERS:
        document = played.laptop.services.documents.make(kind, played.story.id_of(key))
        path = folder / document.file_name
        path.write_bytes(document.data)
        written[f"{kind} {key}"] = path
    return written
