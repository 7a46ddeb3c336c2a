"""What a zip says of its entries, checked before any of them is extracted."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib

from app.domain.refusals import Refusal

MOST_ENTRIES = 100_000
_TIMES_SMALLER = 250
"""An entry larger than `_SMALL`, and more than this many times its compressed size, is a bomb."""
_SMALL = 4 << 20

DAMAGES = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError,
    ValueError, OverflowError,
)  # fmt: skip
"""What reading a damaged zip raises."""


def check_whole(entries: list[zipfile.ZipInfo]) -> None:
    """Refusal when there are too many entries, or two of the same name; BadZipFile when one has no
    name, at which zipfile itself stumbles.
    """
    if not all(entry.filename for entry in entries):
        raise zipfile.BadZipFile("an entry without a name")
    if len(entries) > MOST_ENTRIES:
        raise Refusal(f"le zip compte plus de {MOST_ENTRIES} entrées.")
    seen: set[str] = set()
    for entry in entries:
        if entry.filename in seen:
            raise refusal(entry, "cette entrée figure deux fois.")
        seen.add(entry.filename)


def check_entry(entry: zipfile.ZipInfo, most_bytes: int, *, folder: bool) -> None:
    """Refusal of what is no ordinary file (or folder), of an encrypted entry and of a bomb."""
    mode = entry.external_attr >> 16
    if stat.S_ISLNK(mode):
        raise refusal(entry, "les liens sont refusés.")
    if stat.S_IFMT(mode) not in (0, stat.S_IFDIR if folder else stat.S_IFREG):
        raise refusal(entry, "cette entrée n'est pas un fichier ordinaire.")
    if entry.flag_bits & 0x1:
        raise refusal(entry, "cette entrée est chiffrée.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise refusal(entry, "cette compression n'est pas admise.")
    if entry.file_size > most_bytes:
        raise refusal(entry, f"cette entrée dépasse {most_bytes >> 20} Mo.")
    if entry.file_size > _SMALL and entry.file_size > _TIMES_SMALLER * entry.compress_size:
        raise refusal(entry, "cette entrée gonflerait démesurément : c'est une bombe.")


def climbs(name: str) -> bool:
    """Whether a name leads out of the folder that it is extracted to."""
    return name.startswith(("/", "\\")) or ":" in name or ".." in name.replace("\\", "/").split("/")


def refusal(entry: zipfile.ZipInfo, sentence: str) -> Refusal:
    """The refusal of an entry, by its name."""
    return Refusal(sentence, field=entry.filename[:100])
