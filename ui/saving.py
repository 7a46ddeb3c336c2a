"""Saving a document where the user says."""

from __future__ import annotations

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


def save_document(
    document: Document,
    tasks: Tasks,
    owner: QWidget,
    on_done: Callable[[str], object],
    on_error: Callable[[Exception], object],
) -> None:
    """Asks where, writes the very bytes there, and says so in a sentence."""
    path, _ = QFileDialog.getSaveFileName(
        owner, "Enregistrer", document.file_name, ENDINGS.get(document.media_type, "")
    )
    if path:
        tasks.run(
            lambda: _write(Path(path), document),
            lambda done: on_done(f"Enregistré dans « {path} »."),
            on_error,
            owner,
        )


def _write(path: Path, document: Document) -> None:
    from app.services.documents import write_document

    write_document(document, path)
