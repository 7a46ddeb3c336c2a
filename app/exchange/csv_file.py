"""CSV as French spreadsheets write and expect it, and as others do."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from itertools import islice

from app.domain.refusals import Refusal
from app.exchange.cells import Cell, french
from app.exchange.sheet import MOST_TITLES, Sheet, sheet

SEPARATORS = ";\t,"
"""In order of preference, when several split the first lines as well."""

_LOST = re.compile(
    r"(?:Ã[\x80-\xbf\u0192-\u2122]|â€|\ufffd"
    r"|[‚ˆ‡‰™ŒŠŽ](?<=\w.)(?=[a-zà-ÿ])|[‚ˆŠŽ](?<=[a-zà-ÿ].)|ƒ(?:(?<=\w.)|(?=\w)))\w{0,30}"
)
"""What could not be read at all, or was read as Windows-1252: UTF-8, or the accents of DOS and of
old Macs, as signs and capitals where no word has them. Each begins with its sign, not with the word
before it, so that a long text is soon looked through.
"""

_BEGUN = re.compile(r"\w*\Z")

_LATIN_9 = re.compile(rb"[A-Za-z\xc0-\xd6\xd8-\xf6\xf8-\xff][\xbc-\xbe]|[\xbc\xbd]u|\d[ \xa0]?\xa4")
"""« cœur », « L'HAŸ », « œuvre », « 12 € » as old programs write them, which Windows-1252 reads as
fractions among letters and as a sign without use.
"""

_WINDOWS = re.compile(rb"[\x80-\x9f]")
"""What Windows-1252 alone has letters and signs for."""

_COPIED = re.compile(r'(?:"((?:[^"]++|"")*+)"|([^\t\n]*))(\t|\n|\Z)')
"""A copied cell with what ends it: what quotation marks enclose up to there, else all as it is."""


def write(headings: Sequence[str], rows: Iterable[Sequence[Cell]], separator: str = ";") -> bytes:
    """UTF-8 with a byte-order mark, lines ended by CR LF (RFC 4180)."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=separator, lineterminator="\r\n")
    writer.writerow(headings)
    for row in rows:
        writer.writerow(
            french(cell) if isinstance(cell, Decimal | date) and separator != "," else cell
            for cell in row
        )
    return text.getvalue().encode("utf-8-sig")


def read(data: bytes) -> Sheet:
    """The table of a CSV file in UTF-8, UTF-16 with its mark, Latin-9 where its letters show, or
    Windows-1252.

    The separator is the one that splits most of the first lines (a title may stand above the table)
    or else the first of them in most cells; no comma that is not in the first line, as texts have
    some. Raises Refusal with the line on a file that is no such table.
    """
    text = _text(data).replace("\r\n", "\n").replace("\r", "\n")  # as records end their lines
    if "\0" in text:
        raise Refusal(
            "ce fichier n'est pas un tableau CSV : ouvrez-le dans un tableur et enregistrez-le au"
            " format .xlsx ou .csv."
        )
    first, _, rest = text.partition("\n")
    if first.strip().lower() in {f"sep={separator}" for separator in SEPARATORS}:
        return sheet(_lines(rest, first.strip()[4:] or "\t"))
    separator = max(SEPARATORS, key=lambda each: _splitting(text, each))
    return sheet(_lines(text, separator))._replace(notes=tuple(_notes(text)))


def pasted(text: str) -> Sheet:
    """The table of cells copied from a spreadsheet, split by tabs if any; of a CSV file else."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    if "\t" not in lines and (";" in lines or "," in lines.strip().partition("\n")[0]):
        return read(lines.encode())
    return sheet(enumerate(_copied(lines), 1))._replace(notes=tuple(_notes(lines)))


def _copied(text: str) -> Iterator[list[str]]:
    """The cells of each copied line: a spreadsheet encloses those that break a line in quotation
    marks, and may leave alone one that a quoted word begins.
    """
    line: list[str] = []
    for cell in _COPIED.finditer(text):
        enclosed, bare, end = cell.groups("")
        line.append(enclosed.replace('""', '"') or bare)
        if end != "\t":
            yield line
            line = []


def _notes(text: str) -> Iterator[str]:
    lost = _LOST.search(text)
    if lost is not None:
        before = text[max(0, lost.start() - 30) : lost.start()]
        word = f"{_BEGUN.findall(before)[0]}{lost[0]}"
        yield (
            f"Des accents semblent perdus (« {word} ») : enregistrez de nouveau le tableau, en"
            " « CSV UTF-8 » ou en .xlsx."
        )


def _text(data: bytes) -> str:
    latin = not _WINDOWS.search(data) and _LATIN_9.search(data)
    encodings = ["utf-8-sig", "iso8859-15" if latin else "cp1252"]
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refusal("le texte n'est ni en UTF-8 ni en Windows-1252 : enregistrez-le en UTF-8.")


def _splitting(text: str, separator: str) -> tuple[int, int]:
    """How many of the first lines that are not blank a separator splits, and in how many cells the
    first of all.
    """
    widths: list[int] = []
    filled = (len(cells) for _, cells in _lines(text, separator) if any(cells))
    with suppress(Refusal):
        widths.extend(islice(filled, MOST_TITLES + 1))
    first = widths[0] if widths else 0
    if separator == "," and first < 2:
        return 0, first
    return sum(width > 1 for width in widths), first


def _lines(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """The lines as a spreadsheet numbers them: one whose cells hold several counts as one."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 0
    try:
        for line, cells in enumerate(reader, 1):
            yield line, cells
    except csv.Error as error:
        raise Refusal(
            f"ligne {line + 1} : des guillemets sont mal fermés, ou une cellule est trop longue."
        ) from error
