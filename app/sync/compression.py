"""Bodies compressed on the wire: zstd, gzip as fallback, and never more bytes than allowed."""

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
"""Bytes under which a body travels as it is."""

_LEVELS = {"zstd": 1, "gzip": 1}
"""The next level of zstd sends 3 % fewer bytes in a third more time."""
_MAX_WINDOW = 23  # log2 of the memory that a frame may ask of its reader, as browsers allow


class TooLarge(ValueError):
    """The decompressed body passes the limit."""


class Damaged(ValueError):
    """The body is not what its coding says, or is cut short."""


def compress(body: bytes, coding: str) -> bytes:
    """The body in one of CODINGS."""
    if coding == "zstd":
        return zstd.compress(body, level=_LEVELS["zstd"])
    return gzip.compress(body, compresslevel=_LEVELS["gzip"], mtime=0)


def decompress(body: bytes, coding: str, limit: int) -> bytes:
    """The body out of one of CODINGS, at most `limit` bytes of it.

    Raises TooLarge as soon as the limit is passed, Damaged when the body cannot be read whole.
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
    """At most `limit` bytes, and whether the one frame ended with the body."""
    if coding == "zstd":
        frame = zstd.ZstdDecompressor(
            options={zstd.DecompressionParameter.window_log_max: _MAX_WINDOW}
        )
        whole = frame.decompress(body, max_length=limit)
        return whole, frame.eof and not frame.unused_data
    stream = zlib.decompressobj(wbits=31)
    whole = stream.decompress(body, limit)
    return whole, stream.eof and not stream.unused_data
