"""The file itself: small objects in compressed streams, a compressed cross-reference (PDF 1.5)."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass, field
from typing import Any

from reportlab.pdfbase import pdfdoc

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
PER_STREAM = 200
"""Objects in one object stream."""


@dataclass
class _File:
    """Bytes so far, and where each object stands: (1, offset) or (2, stream, place in it)."""

    data: bytearray = field(default_factory=lambda: bytearray(HEADER))
    places: dict[int, tuple[int, int, int]] = field(default_factory=dict)

    def add(self, number: int, body: bytes) -> None:
        self.places[number] = (1, len(self.data), 0)
        self.data += b"%d 0 obj\n%s\nendobj\n" % (number, body)

    def add_small(self, number: int, bodies: list[tuple[int, bytes]]) -> None:
        """Puts objects without a stream into an object stream of the given number."""
        index, offset = [], 0
        for place, (small, body) in enumerate(bodies):
            self.places[small] = (2, number, place)
            index.append(b"%d %d" % (small, offset))
            offset += len(body) + 1
        head = b" ".join(index) + b"\n"
        content = head + b"\n".join(body for _, body in bodies)
        entries = b"/Type/ObjStm/N %d/First %d" % (len(bodies), len(head))
        self.add(number, _stream(entries, content))

    def finish(self, number: int, root: bytes, info: bytes) -> bytes:
        """Adds the cross-reference stream (ISO 32000-1, 7.5.8) and returns the whole."""
        start = len(self.data)
        self.places[number] = (1, start, 0)
        table = b"".join(
            kind.to_bytes(1, "big") + where.to_bytes(4, "big") + place.to_bytes(2, "big")
            for _, (kind, where, place) in sorted(self.places.items())
        )
        digest = hashlib.sha256(self.data).hexdigest()[:32].encode()
        entries = b"/Type/XRef/Size %d/W[1 4 2]/Root %s/Info %s/ID[<%s><%s>]" % (
            number + 1, root, info, digest, digest,
        )  # fmt: skip
        table = b"\0\0\0\0\0\xff\xff" + table
        self.data += b"%d 0 obj\n%s\nendobj\n" % (number, _stream(entries, table))
        self.data += b"startxref\n%d\n%%%%EOF\n" % start
        return bytes(self.data)


def _stream(entries: bytes, content: bytes) -> bytes:
    packed = zlib.compress(content)
    head = b"<<%s/Filter/FlateDecode/Length %d>>\nstream\n" % (entries, len(packed))
    return head + packed + b"\r\nendstream"


def written(document: Any) -> bytes:
    """The bytes of a ReportLab document; objects made while others are written come last."""
    root = document.Reference(document.Catalog).format(document)
    info = document.Reference(document.info).format(document)
    file = _File()
    small: list[tuple[int, bytes]] = []
    number = 1
    while number in document.numberToId:
        found = document.idToObject[document.numberToId[number]]
        body: bytes = pdfdoc.format(found, document, toplevel=1).rstrip(b"\n")
        if body.endswith(b"endstream"):
            # ISO 19005-3, 6.1.7.1 wants an end of line here; two bytes, as data may end in CR
            file.add(number, body[: -len(b"endstream")] + b"\r\nendstream")
        else:
            small.append((number, body))
        number += 1
    for start in range(0, len(small), PER_STREAM):
        file.add_small(number, small[start : start + PER_STREAM])
        number += 1
    return file.finish(number, root, info)
