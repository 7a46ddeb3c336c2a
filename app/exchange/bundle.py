"""The archive with its attachments in one zip: `archive.json` beside `blobs/SHA256`.

Everything that the zip says of itself is checked before anything is extracted.
"""

from __future__ import annotations

import hashlib
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO

from app.domain.refusals import Refusal

ARCHIVE = "archive.json"
BLOBS = "blobs/"
MOST_ENTRIES = 100_000
MOST_BYTES = 256 << 20
"""What one entry may hold, for it is read in one piece."""

_NAME = re.compile(r"blobs/[0-9a-f]{64}\Z")
_TIMES_SMALLER = 250
"""What is this much larger than its compressed form, beyond a few megabytes, is a bomb."""
_SMALL = 4 << 20
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_DAMAGES = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError,
    ValueError, OverflowError,
)  # fmt: skip


def write(stream: IO[bytes], archive: bytes, blobs: Iterable[tuple[str, bytes]]) -> None:
    """Writes the zip: the archive's JSON, then each attachment under its SHA-256."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(ARCHIVE, archive)
        for sha256, content in blobs:
            file.writestr(f"{BLOBS}{sha256}", content)


class Bundle:
    """A zip whose entries were all checked; attachments are read one at a time.

    Raises Refusal on an entry outside `archive.json` and `blobs/`, one that stands twice, a link,
    a climbing path, a lying size, a bomb, and on a file that is damaged or no zip.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        with _damage_refused():
            self._file = zipfile.ZipFile(stream)
            entries = self._file.infolist()
            _check_whole(entries)
            for entry in entries:
                _check_entry(entry)
                _check_local_header(stream, entry)
        names = {entry.filename for entry in entries}
        if ARCHIVE not in names:
            raise Refusal("ce zip n'est pas une archive de commissions : archive.json manque.")
        self.blobs = frozenset(name.removeprefix(BLOBS) for name in names if _NAME.match(name))

    def archive(self) -> bytes:
        """The bytes of the archive's JSON."""
        return self._read(ARCHIVE)

    def blob(self, sha256: str) -> bytes:
        """One of `blobs`, whose content matches its name."""
        content = self._read(f"{BLOBS}{sha256}")
        if hashlib.sha256(content).hexdigest() != sha256:
            raise Refusal("le contenu ne correspond pas à son empreinte.", field=BLOBS + sha256)
        return content

    def _read(self, name: str) -> bytes:
        """The whole content, never more than the size declared; zipfile checks its CRC."""
        declared = self._file.getinfo(name).file_size
        with _damage_refused(name), self._file.open(name) as member:
            content = member.read(declared)
            more = member.read(1)
        if more or len(content) != declared:
            raise Refusal("la taille annoncée n'est pas la vraie.", field=name)
        return content


@contextmanager
def _damage_refused(name: str = "") -> Iterator[None]:
    try:
        yield
    except Refusal:
        raise
    except _DAMAGES as error:
        raise Refusal("le zip est endommagé ou n'en est pas un.", field=name) from error


def _check_whole(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES:
        raise Refusal(f"le zip compte plus de {MOST_ENTRIES} entrées.")
    seen: set[str] = set()
    for entry in entries:
        if entry.filename in seen:
            raise _refusal(entry, "cette entrée figure deux fois.")
        seen.add(entry.filename)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    mode = entry.external_attr >> 16
    if stat.S_ISLNK(mode):
        raise _refusal(entry, "les liens sont refusés.")
    folder = entry.orig_filename == BLOBS and entry.file_size == 0
    if not folder and entry.orig_filename != ARCHIVE and not _NAME.match(entry.orig_filename):
        raise _refusal(entry, "cette entrée n'a pas sa place dans une archive.")
    if stat.S_IFMT(mode) not in (0, stat.S_IFDIR if folder else stat.S_IFREG):
        raise _refusal(entry, "cette entrée n'est pas un fichier ordinaire.")
    if entry.flag_bits & 0x1:
        raise _refusal(entry, "cette entrée est chiffrée.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _refusal(entry, "cette compression n'est pas admise.")
    if entry.file_size > MOST_BYTES:
        raise _refusal(entry, f"cette entrée dépasse {MOST_BYTES >> 20} Mo.")
    if entry.file_size > _SMALL and entry.file_size > _TIMES_SMALLER * entry.compress_size:
        raise _refusal(entry, "cette entrée gonflerait démesurément : c'est une bombe.")


def _check_local_header(stream: IO[bytes], entry: zipfile.ZipInfo) -> None:
    """An entry is described twice; both descriptions must agree, or leave the sizes for later."""
    stream.seek(entry.header_offset)
    header = stream.read(_LOCAL_HEADER.size)
    _, _, flags, method, _, _, crc, compressed, size, _, _ = _LOCAL_HEADER.unpack(header)
    later = bool(flags & 0x8)
    told = (crc, compressed, size)
    if method != entry.compress_type or (
        told != (entry.CRC, entry.compress_size, entry.file_size)
        and not (later and told == (0, 0, 0))
    ):
        raise _refusal(entry, "la taille annoncée n'est pas la même partout.")


def _refusal(entry: zipfile.ZipInfo, sentence: str) -> Refusal:
    return Refusal(sentence, field=entry.filename[:100])
