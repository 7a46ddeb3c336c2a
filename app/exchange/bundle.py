"""The archive with its attachments in one zip: `archive.json` beside `blobs/SHA256`.

Everything that the zip says of itself is checked before anything is extracted.
"""

from __future__ import annotations

import hashlib
import re
import struct
import time
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO

from app.domain.refusals import Refusal
from app.exchange.zip_entries import DAMAGES, check_entry, check_whole, refusal

ARCHIVE = "archive.json"
BLOBS = "blobs/"
MOST_BYTES = 256 << 20
"""The most bytes of one entry, which is read in one piece."""

_NAME = re.compile(r"blobs/[0-9a-f]{64}\Z")
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")


def write(stream: IO[bytes], archive: Iterable[bytes], blobs: Iterable[tuple[str, bytes]]) -> None:
    """Writes the zip: the pieces of the archive's JSON, then each attachment under its SHA-256.

    Attachments are not compressed: few would be smaller, and a blank page may pass for a bomb.
    """
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        entry = zipfile.ZipInfo(ARCHIVE, time.localtime()[:6])
        entry.compress_type = zipfile.ZIP_DEFLATED
        with file.open(entry, "w") as whole:
            whole.writelines(archive)
        for sha256, content in blobs:
            file.writestr(f"{BLOBS}{sha256}", content, zipfile.ZIP_STORED)


class Bundle:
    """A zip whose entries were all checked; attachments are read one at a time.

    Raises Refusal on an entry outside `archive.json` and `blobs/`, one that stands twice, a link,
    a climbing path, a lying size, a bomb, and on a file that is damaged or no zip.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        with _damage_refused():
            entries = zipfile.ZipFile(stream).infolist()
            check_whole(entries)
            for entry in entries:
                _check_entry(entry)
            self._starts = {entry.filename: _start(stream, entry) for entry in entries}
        self._entries = {entry.filename: entry for entry in entries}
        if ARCHIVE not in self._entries:
            raise Refusal("ce zip n'est pas une archive de commissions : archive.json manque.")
        self.blobs = frozenset(
            name.removeprefix(BLOBS) for name in self._entries if _NAME.match(name)
        )

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
        """The whole content; zipfile would stop at the declared size without looking further."""
        entry = self._entries[name]
        self._stream.seek(self._starts[name])
        with _damage_refused(name):
            content, exact = self._stream.read(entry.compress_size), True
            if entry.compress_type == zipfile.ZIP_DEFLATED:
                inflater = zlib.decompressobj(-zlib.MAX_WBITS)
                content = inflater.decompress(content, entry.file_size + 1)
                exact = inflater.eof and not inflater.unused_data
        if len(content) != entry.file_size or not exact:
            raise refusal(entry, "la taille annoncée n'est pas la vraie.")
        if zlib.crc32(content) != entry.CRC:
            raise refusal(entry, "le contenu est endommagé.")
        return content


@contextmanager
def _damage_refused(name: str = "") -> Iterator[None]:
    try:
        yield
    except Refusal:
        raise
    except DAMAGES as error:
        raise Refusal("le zip est endommagé ou n'en est pas un.", field=name) from error


def _check_entry(entry: zipfile.ZipInfo) -> None:
    folder = entry.orig_filename == BLOBS and entry.file_size == 0
    named = entry.orig_filename == ARCHIVE or _NAME.match(entry.orig_filename)
    check_entry(entry, MOST_BYTES, folder=folder)
    if not folder and not named:
        raise refusal(entry, "cette entrée n'a pas sa place dans une archive.")


def _start(stream: IO[bytes], entry: zipfile.ZipInfo) -> int:
    """Where the content starts, after its local header, which must agree with the directory's."""
    stream.seek(entry.header_offset)
    header = _LOCAL_HEADER.unpack(stream.read(_LOCAL_HEADER.size))
    mark, _, flags, method, _, _, crc, compressed, size, name_length, extra_length = header
    name = stream.read(name_length)
    if mark != b"PK\x03\x04" or name != entry.orig_filename.encode():
        raise zipfile.BadZipFile
    told = (crc, compressed, size)
    later = bool(flags & 0x8) and told == (0, 0, 0)  # they follow the content
    if method != entry.compress_type or (
        told != (entry.CRC, entry.compress_size, entry.file_size) and not later
    ):
        raise refusal(entry, "la taille annoncée n'est pas la même partout.")
    return stream.tell() + int(extra_length)
