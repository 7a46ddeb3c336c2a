"""Reads the pages of a database one by one, without SQLite, so that a bad page costs only itself.

SQLite gives up a whole table, or the whole file, for one bad page. Here each page is taken from
the last good frame of the write-ahead log, else from the file, and checked by itself: by the HMAC
that SQLCipher 4 puts on it, or if unencrypted, by the checksum that a frame of the log has.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from struct import iter_unpack, unpack_from

SIZE = 4096
_MAC, _RESERVED, _SALT = 64, 80, 16
_LOG_HEADER, _FRAME_HEADER = 32, 24
_BIG_ENDIAN = 0x377F0683
MAGIC = b"SQLite format 3\0"


class Pages:
    """The readable pages of a database and of its log; `count` is how many there should be.

    `damaged` holds the numbers of the pages found bad so far; `log_damaged` tells whether a
    committed frame of the log is lost.
    """

    def __init__(self, path: Path, key: bytes | None) -> None:
        self._file = path.read_bytes() if path.is_file() else b""
        log = path.with_name(f"{path.name}-wal")
        self._log = _Log(log.read_bytes() if log.is_file() else b"")
        self._cipher = None if key is None else self._find_cipher(key)
        self.usable = SIZE if key is None else SIZE - _RESERVED
        self._key = key
        self.damaged: set[int] = set()
        self.log_damaged = False
        self._frames = self._committed(_frames_said(path, self._log.salt))
        first = self.read(1) or b""
        said = unpack_from(">I", first, 28)[0] if first else 0
        here = -(-len(self._file) // SIZE)
        self.count = self._log_count or max(here, min(said, 2 * here + 1024))

    @property
    def authentic(self) -> bool:
        """Whether a readable page is proven to be as it was written (by its HMAC)."""
        return self._key is not None

    def read(self, number: int) -> bytes | None:
        """A page as SQLite sees it; None when it is damaged or missing, and added to `damaged`."""
        frame = self._frames.get(number)
        raw = self._file[(number - 1) * SIZE : number * SIZE] if frame is None else frame
        page = self._opened(number, raw) if number > 0 else None
        if page is None:
            self.damaged.add(number)
        return page

    def _opened(self, number: int, raw: bytes) -> bytes | None:
        if len(raw) < SIZE:
            return None
        if self._key is not None:
            return None if self._cipher is None else self._cipher.open(number, raw)
        return None if number == 1 and not raw.startswith(MAGIC) else raw

    def _committed(self, frames_said: int) -> dict[int, bytes]:
        """The last good state of each page in the log, up to the last commit."""
        found: dict[int, bytes] = {}
        pending: dict[int, bytes] = {}
        self._log_count = last_good = 0
        bad = []
        for place, frame in enumerate(self._log.frames(), 1):
            if not frame.sound:
                bad.append(place)
            if self._is_authentic(frame):
                pending[frame.page] = frame.content
            if (frame.sound and frame.pages_after) or place == frames_said:
                found |= pending
                pending = {}
                last_good = place
                self._log_count = frame.pages_after if frame.sound else self._log_count
        self.log_damaged = any(place < last_good for place in bad) or last_good < frames_said
        return found

    def _is_authentic(self, frame: _Frame) -> bool:
        if self._key is None:
            return frame.sound
        return self._cipher is not None and self._cipher.is_authentic(frame.page, frame.content)

    def _find_cipher(self, key: bytes) -> _Cipher | None:
        """The cipher under the file's salt, in which one byte may be bad, whatever it was."""
        samples = [(n, self._file[(n - 1) * SIZE : n * SIZE]) for n in (1, 2, 3)]
        frames = list(self._log.frames())[:3]
        samples += [(frame.page, frame.content) for frame in frames]
        samples = [(number, page) for number, page in samples if len(page) == SIZE]
        for salt in self._salts(frames):
            cipher = _Cipher(key, salt)
            if any(cipher.is_authentic(number, page) for number, page in samples):
                return cipher
        return None

    def _salts(self, frames: list[_Frame]) -> Iterator[bytes]:
        salt = self._file[:_SALT]
        yield salt
        yield from (frame.content[:_SALT] for frame in frames if frame.page == 1)
        for place in range(len(salt)):
            for value in range(256):
                yield salt[:place] + bytes([value]) + salt[place + 1 :]


class _Cipher:
    """SQLCipher 4 with a raw key: AES-256-CBC, then HMAC-SHA512 over content, vector and number."""

    def __init__(self, key: bytes, salt: bytes) -> None:
        self._key = key
        masked = bytes(byte ^ 0x3A for byte in salt)
        self._mac_key = hashlib.pbkdf2_hmac("sha512", key, masked, 2, 32)

    def is_authentic(self, number: int, raw: bytes) -> bool:
        start = _SALT if number == 1 else 0
        signed = raw[start:-_MAC] + number.to_bytes(4, "little")
        mac = hmac.digest(self._mac_key, signed, "sha512")
        return hmac.compare_digest(mac, raw[-_MAC:])

    def open(self, number: int, raw: bytes) -> bytes | None:
        """The page decrypted; None when its HMAC is wrong."""
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

        if not self.is_authentic(number, raw):
            return None
        vector = raw[-_RESERVED:-_MAC]
        reader = Cipher(algorithms.AES(self._key), modes.CBC(vector)).decryptor()
        start = _SALT if number == 1 else 0
        clear = reader.update(raw[start:-_RESERVED]) + reader.finalize()
        return (MAGIC if number == 1 else b"") + clear + bytes(_RESERVED)


@dataclass(frozen=True)
class _Frame:
    """A page in the log; `sound` if its checksum is right. If it commits, `pages_after` is the size
    of the database then, in pages, else 0.
    """

    page: int
    pages_after: int
    content: bytes
    sound: bool


class _Log:
    """A write-ahead log (https://www.sqlite.org/fileformat2.html#walformat)."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        order = unpack_from(">I", data)[0] if len(data) >= _LOG_HEADER else 0
        self._order = ">" if order == _BIG_ENDIAN else "<"
        header_sound = self._sum(data[:24], (0, 0)) == self._sums(24)
        self.salt = data[16:24] if header_sound else data[_LOG_HEADER + 8 : _LOG_HEADER + 16]

    def frames(self) -> Iterator[_Frame]:
        """The frames of the log; those left from before SQLite last restarted it are not sound.

        Each checksum continues from the previous frame's: here from the one written there, right or
        wrong, so that a bad frame does not make the next ones bad.
        """
        before = self._sums(24)
        for at in range(_LOG_HEADER, len(self._data) - SIZE - _FRAME_HEADER + 1, SIZE + 24):
            page, pages_after = unpack_from(">II", self._data, at)
            content = self._data[at + _FRAME_HEADER : at + _FRAME_HEADER + SIZE]
            said = self._sums(at + 16)
            turn = self._data[at + 8 : at + 16] == self.salt
            sound = turn and self._sum(self._data[at : at + 8] + content, before) == said
            before = said
            yield _Frame(page, pages_after, content if turn else b"", sound)

    def _sums(self, at: int) -> tuple[int, int]:
        if len(self._data) < at + 8:
            return 0, 0
        first, second = unpack_from(">II", self._data, at)
        return first, second

    def _sum(self, data: bytes, start: tuple[int, int]) -> tuple[int, int]:
        first, second = start
        for one, other in iter_unpack(f"{self._order}II", data):
            first = (first + one + second) & 0xFFFFFFFF
            second = (second + other + first) & 0xFFFFFFFF
        return first, second


def _frames_said(path: Path, salt: bytes) -> int:
    """How many committed frames the log's index (kept after a crash) counts; 0 if unknown."""
    index = path.with_name(f"{path.name}-shm")
    header = index.read_bytes()[:48] if index.is_file() else b""
    if len(header) < 48 or header[32:40] != salt:
        return 0
    return int.from_bytes(header[16:20], "little")
