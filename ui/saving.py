"""Saving a document where the user says."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QWidget

from ui.tasks import Tasks

if TYPE_CHECKING:
    from app.documents.document import Document

ENDINGS = {
    "application/pdf": "PDF (*.pdf)",
    "application/json": "Données (*.json)",
    "text/calendar": "Calendrier (*.ics)",
    "message/rfc822": "Brouillon de courriel (*.eml)",
}

_AN_ENDING = re.compile(r"\.[a-z][a-z0-9]{1,4}", re.IGNORECASE)
"""What an ending looks like, unlike the « .2 » of « version 1.2 »."""


def save_document(
    document: Document,
    tasks: Tasks,
    owner: QWidget,
    on_done: Callable[[str], object],
    on_error: Callable[[Exception], object],
) -> None:
    """Asks where, writes the very bytes there, and says so in a sentence."""
    chosen, _ = QFileDialog.getSaveFileName(
        owner, "Enregistrer", document.file_name, ENDINGS.get(document.media_type, "")
    )
    if chosen:
        path = with_ending(chosen, Path(document.file_name).suffix)
        tasks.run(
            lambda: _write(path, document),
            lambda done: on_done(f"Enregistré dans « {path} »."),
            on_error,
            owner,
        )


def with_ending(chosen: str, ending: str) -> Path:
    """The file that was chosen, completed by this ending where it was given none."""
    path = Path(chosen)
    if not ending or path.suffix.lower() == ending or _AN_ENDING.fullmatch(path.suffix):
        return path
    return completed(path, ending)


def completed(path: Path, ending: str) -> Path:
    """The file with this ending after its name, in the place of no other."""
    whole, rank = path.with_name(path.name + ending), 1
    while whole.exists():
        rank += 1
        whole = path.with_name(f"{path.name} ({rank}){ending}")
    return whole


def _write(path: Path, document: Document) -> None:
    from app.services.documents import write_document

    write_document(document, path)
