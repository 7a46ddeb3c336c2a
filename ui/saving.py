"""Saving a document, or any other file, where the user says."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from app.paths import is_there
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

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
"""Characters that Windows, or the file system of a USB stick, refuses in a file's name."""

BLIND = " Les destinataires y sont en copie cachée (Cci) : aucun ne voit l'adresse des autres."

_FOLDER = "saved_in"
"""The application's property that holds the folder of the last file saved."""


def ask_where(over: QWidget, title: str, name: str, kinds: str) -> tuple[str, str]:
    """Asks where and as which kind to save a file, offering `name` in the folder of the last save.

    The path is empty when the user cancels. Given a name alone, Qt would offer the folder that the
    program was started from.
    """
    application = QApplication.instance()
    assert application is not None  # no widget exists without one
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    folder = Path(application.property(_FOLDER) or documents)
    offered = _FORBIDDEN.sub("-", name).rstrip(". ")
    place = folder if is_there(folder) else Path.home()
    chosen, kind = QFileDialog.getSaveFileName(over, title, str(place / offered), kinds)
    if chosen:
        application.setProperty(_FOLDER, str(Path(chosen).parent))
    return chosen, kind


def save_document(
    document: Document,
    tasks: Tasks,
    owner: QWidget,
    on_done: Callable[[str], object],
    on_error: Callable[[Exception], object],
) -> None:
    """Asks where to save a document, writes its bytes there unchanged, and says so in a sentence.

    For a draft in blind copy the sentence tells it: the user would look for recipients in « À ».
    """
    chosen, _ = ask_where(
        owner, "Enregistrer", document.file_name, ENDINGS.get(document.media_type, "")
    )
    if chosen:
        path = with_ending(chosen, Path(document.file_name).suffix)
        head = document.data.partition(b"\r\n\r\n")[0]
        blind = document.media_type == "message/rfc822" and b"\r\nBcc:" in head
        lacking = f" {missing_words(document)}" if document.missing_glyphs else ""
        said = f"Enregistré dans « {path} ».{BLIND if blind else ''}{lacking}"
        tasks.run(lambda: _write(path, document), lambda done: on_done(said), on_error, owner)


def missing_words(document: Document) -> str:
    """Names the characters that the paper shows as boxes."""
    from app.documents.document import missing_sentence

    return missing_sentence(document.missing_glyphs)


def with_ending(chosen: str, ending: str) -> Path:
    """The file that was chosen, completed by this ending where it was given none."""
    path = Path(chosen)
    if not ending or path.suffix.lower() == ending or _AN_ENDING.fullmatch(path.suffix):
        return path
    return completed(path, ending)


def completed(path: Path, ending: str) -> Path:
    """The file with this ending after its name, numbered if need be to replace no existing one."""
    whole, rank = path.with_name(path.name + ending), 1
    while whole.exists():
        rank += 1
        whole = path.with_name(f"{path.name} ({rank}){ending}")
    return whole


def _write(path: Path, document: Document) -> None:
    from app.services.documents import write_document

    write_document(document, path)
