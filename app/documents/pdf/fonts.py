"""Source Sans 3 for paper: its faces, their measures, and the codes a document gives to letters."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from app.paths import resources

FOLDER = resources() / "fonts"
PLACEHOLDER = "□"
"""What stands on paper for a character without a glyph; the text layer keeps the character."""

UNDRAWN = dict.fromkeys((0xAD, 0x200B, 0xFEFF))
"""Soft hyphens and spaces without width, for `str.translate` to leave out: the text layer of an
archive may not hold U+FEFF (ISO 19005-3, 6.2.11.7.2).
"""

_NAMES = ("Regular", "Bold", "It", "BoldIt")

_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_ACTUAL = re.compile(rb"/ActualText <FEFF((?:[0-9A-F]{4})*)>")
_MOST_READ = 16 << 20
"""The bytes that are read of one page of a PDF."""

_AS_SPACE = {0x202F: 0x20, 0x2011: 0x2D}  # so that searching and reading aloud find plain text

rl_config.useA85 = 0  # binary streams: smaller and faster


class Face(TTFont):  # type: ignore[misc]  # ReportLab is untyped
    """One face, measured in thousandths of its size."""

    def __init__(self, name: str, path: Path) -> None:
        super().__init__(name, str(path), asciiReadable=True)
        self.glyphs: dict[int, int] = self.face.charToGlyph
        self.advance = lru_cache(maxsize=100_000)(self._advance)
        self.space: float = self._advance(" ")

    def _advance(self, text: str) -> float:
        widths, default = self.face.charWidths, self.face.defaultWidth
        total: float = sum([widths.get(code, default) for code in map(ord, text)])
        return total

    def addObjects(self, doc: Any) -> None:  # noqa: N802 - ReportLab's name
        """Embeds the subsets, with ToUnicode maps as ISO 19005 and ISO 32000 want them."""
        subsets = self.state[doc].subsets
        before = set(doc.idToObject)
        super().addObjects(doc)
        maps = [name for name in doc.idToObject if name not in before and "toUnicode" in name]
        for name, subset in zip(maps, subsets, strict=True):
            doc.idToObject[name].content = _to_unicode(subset)


def _to_unicode(subset: list[int]) -> str:
    """A CMap from codes to text: no U+0000, at most 100 entries a block, UTF-16."""
    rows = []
    for code, value in enumerate(subset):
        if value:
            text = chr(_AS_SPACE.get(value, value)).encode("utf-16-be").hex().upper()
            rows.append(f"<{code:02X}> <{text}>")
    blocks = [rows[start : start + 100] for start in range(0, len(rows), 100)]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
            "/CMapName /Adobe-Identity-UCS def /CMapType 2 def",
            f"1 begincodespacerange <00> <{len(subset) - 1:02X}> endcodespacerange",
            *(
                line
                for block in blocks
                for line in (f"{len(block)} beginbfchar", *block, "endbfchar")
            ),
            "endcmap CMapName currentdict /CMap defineresource pop end end",
        ]
    )


class Codes(dict[int, str]):
    """What `str.translate` needs to write text in one document with one face.

    A letter becomes its escaped code when it stands in the face's first subset of 256 glyphs, and
    a character from U+0100 on otherwise: (subset << 8) + code.
    """

    def __init__(self, face: Face, document: Any) -> None:
        super().__init__()
        self._face, self._document = face, document

    def __missing__(self, letter: int) -> str:
        ((subset, code),) = self._face.splitString(chr(letter), self._document)
        text = escaped(code[0]) if subset == 0 else chr((subset << 8) + code[0])
        self[letter] = text
        return text

    def shown(self, text: str) -> list[tuple[str, str]]:
        """The resource name and the escaped string of each part of a text, in order."""
        coded = text.translate(self)
        if coded.isascii():
            return [(self._name(0), coded)]
        parts: list[tuple[str, str]] = []
        for letter in coded:
            subset, code = divmod(ord(letter), 256)
            name, piece = self._name(subset), escaped(code) if subset else letter
            if parts and parts[-1][0] == name:
                parts[-1] = (name, parts[-1][1] + piece)
            else:
                parts.append((name, piece))
        return parts

    def _name(self, subset: int) -> str:
        name: str = self._face.getSubsetInternalName(subset, self._document)
        return name


def escaped(code: int) -> str:
    """A byte as it stands in a literal string of a content stream, in ASCII."""
    letter = chr(code)
    if letter in "()\\":
        return f"\\{letter}"
    return letter if code < 127 and letter != "\r" else f"\\{code:03o}"


_reading = Lock()
_faces: dict[int, Face] = {}


@cache
def face(index: int) -> Face:
    """Regular, bold, italic or bold italic (bold + 2 × italic), read when it is first used.

    The lock gives the same face to two threads that both begin the first paper: no PDF may hold two
    faces of one name.
    """
    with _reading:
        if index not in _faces:
            name = f"SourceSans3-{_NAMES[index]}"
            _faces[index] = Face(name, FOLDER / f"{name}.ttf")
            pdfmetrics.registerFont(_faces[index])
        return _faces[index]


def without_glyph(text: str) -> set[str]:
    """The characters of a text that no face can show; line feeds and soft hyphens need none."""
    return {letter for letter in set(text) if ord(letter) not in _known()}


@cache
def _known() -> frozenset[int]:
    """The letters of the regular face, which the other three have too."""
    return frozenset(face(0).glyphs) | {0x0A, 0x09} | UNDRAWN.keys()


def replaced(pdf: bytes) -> set[str]:
    """The characters that a PDF made here shows by a placeholder, as its text layer tells."""
    return without_glyph("".join(_actual_texts(pdf)))


def _actual_texts(pdf: bytes) -> Iterator[str]:
    for stream in _STREAM.finditer(pdf):
        try:
            content = zlib.decompressobj().decompress(stream[1], _MOST_READ)
        except zlib.error:  # of another filter
            continue
        for found in _ACTUAL.finditer(content):
            yield bytes.fromhex(found[1].decode()).decode("utf-16-be", "ignore")
