"""Compresses bodies for the wire (zstd, gzip as fallback), and decompresses up to a limit."""

from __future__ import annotations

import gzip
import sys
import zlib

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

CODINGS = ("zstd", "gzip")
"""The names of `Content-Encoding` that both sides understand, the preferred one first."""

FALLBACK = "gzip"

WORTH_IT = 1024
"""Bytes below which a body is not compressed."""

_LEVELS = {"zstd": 1, "gzip": 1}
"""The next level of zstd would send 3 % fewer bytes, but take a third longer."""
_MAX_WINDOW = 23  # log2 of the bytes of memory that a frame may make its reader use, as in browsers


class TooLarge(ValueError):
    """The decompressed body is longer than the limit."""


class Damaged(ValueError):
    """The body is not in the coding named, or is cut short."""


def compress(body: bytes, coding: str) -> bytes:
    """Compresses a body in one of CODINGS."""
    if coding == "zstd":
        return zstd.compress(body, level=_LEVELS["zstd"])
    return gzip.compress(body, compresslevel=_LEVELS["gzip"], mtime=0)


def decompress(body: bytes, coding: str, limit: int) -> bytes:
    """Decompresses a body from one of CODINGS.

    Raises TooLarge as soon as the result passes `limit` bytes, Damaged when the body is unreadable
    or incomplete.
    """
    try:
        whole, ended = _inflate(body, coding, limit + 1)
    except (zstd.ZstdError, zlib.error) as error:
        raise Damaged(coding) from error
    if len(whole) > limit:
        raise TooLarge(f"more than {limit} bytes")
    if not ended:
        raise Damaged(f"{coding}: cut short, or followed by something else")
    return whole


def _inflate(body: bytes, coding: str, limit: int) -> tuple[bytes, bool]:
    """At most `limit` decompressed bytes, and whether the body is exactly one whole frame."""
    if coding == "zstd":
        frame = zstd.ZstdDecompressor(
            options={zstd.DecompressionParameter.window_log_max: _MAX_WINDOW}
        )
        whole = frame.decompress(body, max_length=limit)
        return whole, frame.eof and not frame.unused_data
    stream = zlib.decompressobj(wbits=31)
    whole = stream.decompress(body, limit)
    return whole, stream.eof and not stream.unused_data
