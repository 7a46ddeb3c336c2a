"""Checks the zip of a workbook, XLSX or OpenDocument, before it is read."""

from __future__ import annotations

import io
import zipfile

from app.domain.refusals import Refusal
from app.exchange.zip_entries import DAMAGES, check_entry, check_whole, climbs, refusal

MOST_BYTES = 200 << 20
"""What the parts of the file may hold together once extracted."""

LOCKED = (
    "le classeur est protégé par un mot de passe : ouvrez-le dans un tableur et enregistrez-le"
    " sans mot de passe."
)

_DOCUMENT_TYPES = tuple("<!DOCTYPE".encode(each) for each in ("utf-8", "utf-16-le", "utf-16-be"))


def check_parts(data: bytes, damaged: str) -> None:
    """Refusal of a workbook's zip with a part of unsafe name or size, or an XML document type;
    `damaged` is the sentence for one that is damaged.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            entries = file.infolist()
            check_whole(entries)
            for entry in entries:
                _check_part(entry)
            if sum(entry.file_size for entry in entries) > MOST_BYTES:
                raise Refusal(f"le classeur déborderait {MOST_BYTES >> 20} Mo une fois ouvert.")
            for entry in entries:
                _check_xml(file, entry)
    except Refusal:
        raise
    except DAMAGES as error:
        raise Refusal(damaged) from error


def _check_part(entry: zipfile.ZipInfo) -> None:
    check_entry(entry, MOST_BYTES, folder=entry.is_dir())
    if climbs(entry.orig_filename):
        raise refusal(entry, "ce chemin sort du classeur.")


def _check_xml(file: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Reads a part to its end, where zipfile checks its size and its checksum.

    Refusal of a document type (ECMA-376-2 §8.1.4 forbids it), which may declare entities.
    """
    content = file.read(entry)
    if any(mark in content for mark in _DOCUMENT_TYPES):
        raise refusal(entry, "cette partie déclare un type de document.")
