"""Words into lines: runs of text, measured, broken and hyphenated as French wants it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby

from msgspec import Struct

from app.documents.pdf import fonts, hyphenation
from app.documents.pdf.fonts import PLACEHOLDER, Face
from app.documents.pdf.styles import Style
from app.documents.typography import french

LONGEST = 60
"""Letters beyond which a word is handled in parts."""

REPEATED = 300
"""The lines of texts of up to this many letters are cached."""

MOST_BALANCED = 3
"""Headings of up to this many lines have them made alike in length."""

HYPHEN = "\u00ad"  # drawn as a hyphen; readers of the text layer join the word again


class Run(Struct, frozen=True):
    """A piece of text set otherwise than its paragraph; `link` is an address or `#heading`."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""


Content = str | Sequence[str | Run]
"""What a paragraph says: one text, or several runs."""


class Sense(Struct, frozen=True):
    """What a piece of text carries besides its look: a link, or the text that it stands for."""

    link: str = ""
    actual: str = ""


Piece = tuple[Face, str, Sense | None]
Word = tuple[float, tuple[Piece, ...]]
"""A word: its width in thousandths of the font size, and its pieces, with no space between."""


class Line(Struct, frozen=True):
    """A line ready to be drawn: its pieces and its width in points."""

    pieces: tuple[Piece, ...]
    width: float


def plain_text(content: Content) -> str:
    """The words of a paragraph without their look."""
    if isinstance(content, str):
        return content
    return "".join(run if isinstance(run, str) else run.text for run in content)


def set_lines(content: Content, style: Style, width: float, missing: set[str]) -> list[Line]:
    """The lines of a paragraph in a width in points; characters without glyph go to `missing`."""
    if isinstance(content, str) and len(content) <= REPEATED:
        lines, lacking = _short_lines(content, style, width)
        missing |= lacking
        return list(lines)
    return list(_lines(content, style, width, missing))


def balanced_lines(title: str, style: Style, width: float, missing: set[str]) -> list[Line]:
    """The lines of a heading, set in the narrowest width that adds no line, so that no word is left
    alone on the last.
    """
    lines = set_lines(title, style, width, missing)
    if not 1 < len(lines) <= MOST_BALANCED:
        return lines
    words = re.split("[ \n]", _clean(title))
    low, high = max(width_of(word, style) for word in words), width
    while high - low > 1:
        middle = (low + high) / 2
        narrower = set_lines(title, style, middle, missing)
        if len(narrower) == len(lines):
            lines, high = narrower, middle
        else:
            low = middle
    return lines


@lru_cache(maxsize=4096)
def _short_lines(
    content: str, style: Style, width: float
) -> tuple[tuple[Line, ...], frozenset[str]]:
    """The lines of a short text and the characters without glyph, cached: tables and batches of
    letters often repeat a text.
    """
    lacking: set[str] = set()
    return tuple(_lines(content, style, width, lacking)), frozenset(lacking)


def _lines(content: Content, style: Style, width: float, missing: set[str]) -> Iterator[Line]:
    paragraphs = _paragraphs(content, style, missing)
    for number, words in enumerate(paragraphs, 1):
        last = number == len(paragraphs)
        yield from _broken(words, width * 1000 / style.size, style, last)


def width_of(text: str, style: Style) -> float:
    """The width in points of a text on one line."""
    return _face(style.bold, style.italic).advance(text) * style.size / 1000


def _face(bold: bool, italic: bool) -> Face:
    return fonts.face(bold + 2 * italic)


def _paragraphs(content: Content, style: Style, missing: set[str]) -> list[list[Word]]:
    """The words between forced line breaks."""
    paragraphs: list[list[Word]] = [[]]
    glued = False  # whether the next piece continues the last word
    for run in [content] if isinstance(content, str) else content:
        item = Run(run) if isinstance(run, str) else run
        face = _face(style.bold or item.bold, style.italic or item.italic)
        sense = Sense(link=item.link) if _leads_somewhere(item.link) else None
        text = _clean(item.text)
        lacking = fonts.without_glyph(text)
        missing |= lacking
        for number, segment in enumerate(text.split("\n")):
            if number:
                paragraphs.append([])
                glued = False
            for place, part in enumerate(segment.split(" ")):
                glued = glued and not place
                if not part:
                    continue
                word = _word(part, face, sense, lacking)
                if not word[1]:  # nothing of it can be seen
                    continue
                if glued:
                    width, pieces = paragraphs[-1].pop()
                    word = (width + word[0], pieces + word[1])
                paragraphs[-1].append(word)
                glued = True
    return paragraphs


def _leads_somewhere(link: str) -> bool:
    """Whether a link is a heading's, or an address that a browser takes."""
    return bool(_TARGET.match(link)) and len(link) <= 2000


_TARGET = re.compile(r"#|https?://\S+$|mailto:\S+$")


def _clean(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(_SPACES)
    text = _BETWEEN_COLUMNS.sub(_APART, text.replace("\r\n", "\n").replace("\r", "\n"))
    return french(text.replace("\t", " "))


_BETWEEN_COLUMNS = re.compile(r"(?<=\S)(?: *\t[ \t]*| {3,})(?=\S)")
_APART = "\u00a0\u00a0\u00a0 "
"""What is put between the columns of a table pasted or typed with tabs or spaces, lest the figures
of two columns read as one.
"""

_SPACES = fonts.UNDRAWN | str.maketrans({"\u2028": "\n", "\u2029": "\n"})


def _word(text: str, face: Face, sense: Sense | None, lacking: set[str]) -> Word:
    if lacking.isdisjoint(text) and len(text) <= LONGEST:
        return face.advance(text), ((face, text, sense),)
    pieces: list[Piece] = []
    link = sense.link if sense else ""
    for missing, group in groupby(text, lacking.__contains__):
        letters = list(group)
        if not missing:
            pieces += [(face, "".join(part), sense) for part in _parts(letters)]
            continue
        for letter in letters:
            if unicodedata.category(letter) not in ("Cf", "Mn", "Me"):  # those have no own shape
                pieces.append((face, PLACEHOLDER, Sense(link=link, actual=letter)))
    return _measured(tuple(pieces))


def _parts(letters: list[str]) -> Iterator[list[str]]:
    """Letters in runs short enough that breaking a word without end stays quick."""
    for start in range(0, len(letters), LONGEST):
        yield letters[start : start + LONGEST]


def _broken(words: list[Word], limit: float, style: Style, last: bool) -> Iterator[Line]:
    """Greedy lines; a word too wide is broken, one that leaves much white is hyphenated."""
    space = _face(style.bold, style.italic).space
    line: list[Word] = []
    used = 0.0
    pending = words[::-1]
    hyphens = 0
    while pending:
        word = pending.pop()
        room = limit - used - (space if line else 0)
        if word[0] <= room:
            used = limit - room + word[0]
            line.append(word)
            continue
        too_wide = word[0] > limit
        divided = None
        if too_wide or (style.hyphenate and hyphens < 2 and room > 0.14 * limit):
            divided = _divide(word, room, too_wide)
            if line and divided and _is_joined_later(word, divided[0], limit, too_wide):
                divided = None
        if divided is None and not line:
            divided = _anywhere(word, room) or (word, (0.0, ()))
        if divided is None:
            pending.append(word)
            hyphens = 0
        else:
            head, tail = divided
            line.append(head)
            used = limit - room + head[0]
            hyphens = hyphens + 1 if _is_hyphenated(head) else 0
            if tail[1]:
                pending.append(tail)
        yield _line(line, used, style, spaced=divided is None)
        line, used = [], 0.0
    yield _line(line, used, style, spaced=not last)


def _line(words: list[Word], used: float, style: Style, spaced: bool) -> Line:
    """Joins the words by spaces, neighbours of one look together.

    `spaced` ends it with one more, so that the next line's word stays apart in the text layer.
    """
    merged: list[Piece] = []
    for number, (_, pieces) in enumerate(words):
        for place, (face, text, sense) in enumerate(pieces):
            gap = " " if number and not place else ""
            if merged and merged[-1][0] is face and merged[-1][2] is sense:
                merged[-1] = (face, merged[-1][1] + gap + text, sense)
            elif gap and merged and merged[-1][2] is None:
                merged[-1] = (merged[-1][0], merged[-1][1] + gap, None)
                merged.append((face, text, sense))
            elif gap and sense is not None:
                before = merged[-1][2] if merged else None
                merged += [(face, gap, _shared(before, sense)), (face, text, sense)]
            else:
                merged.append((face, gap + text, sense))
    if merged and spaced:
        face, text, sense = merged[-1]
        merged[-1] = (face, f"{text} ", sense)
    return Line(tuple(merged), used * style.size / 1000)


def _shared(before: Sense | None, after: Sense) -> Sense | None:
    """What the space between two pieces carries: the link that both are part of."""
    one = before is not None and before.link == after.link != ""
    return Sense(link=after.link) if one else None


_LETTERS = re.compile(r"[^\W\d_]{6,}")
_AFTER = re.compile(r"(?<=\w)[-/–](?=\w)|[/\\?&=#](?=.)")
_IN_REFERENCE = re.compile(r"(?<=\d)-(?=\d)")
_GLUED = re.compile(r"[^«]\u00a0\Z")
_IN_AMOUNT = re.compile(r"(?<=\d)[\u00a0\u202f](?=\d{3})")
_IN_ADDRESS = re.compile(r"[/\\@]|\w\.\w")
_ADDRESS = re.compile(r"(?<=.)[@._](?=\w)")


@lru_cache(maxsize=20_000)
def _places(text: str, forced: bool, address: bool) -> tuple[tuple[int, bool], ...]:
    """Where a word may end a line, with whether a hyphen is drawn there, from the left."""
    places = {found.end(): False for found in _AFTER.finditer(text)}
    if forced:  # an amount wider than its cell is parted between its thousands
        places |= {found.end(): False for found in _IN_AMOUNT.finditer(text)}
    else:
        for found in _IN_REFERENCE.finditer(text):  # « L. 2121-15 », « 2027-03-19 »
            del places[found.end()]
    if address or _IN_ADDRESS.search(text):  # a hyphen there would be read as part of it
        places |= {found.start(): False for found in _ADDRESS.finditer(text)}
    else:
        for found in _LETTERS.finditer(text):
            after_number = _GLUED.search(text, 0, found.start())  # « 1er septembre »
            if forced or (found[0].islower() and not after_number):
                for position in hyphenation.positions(found[0]):
                    places.setdefault(found.start() + position, True)
    return tuple(sorted(places.items()))


def _divide(word: Word, room: float, forced: bool) -> tuple[Word, Word] | None:
    """The word in two at the last place that leaves the first part within the room."""
    before = sum(piece[0].advance(piece[1]) for piece in word[1])
    for number in range(len(word[1]) - 1, -1, -1):
        face, text, sense = word[1][number]
        before -= face.advance(text)
        if before > room:
            continue
        places = _places(text, forced, bool(sense and sense.link))
        # rather where a compound is joined, without a hyphen, than within one of its parts
        for position, hyphenated in sorted(places, key=lambda place: (place[1], -place[0])):
            head = text[:position] + (HYPHEN if hyphenated else "")
            if before + face.advance(head) <= room:
                return _halves(word, number, head, text[position:])
    return None


def _is_joined_later(word: Word, head: Word, limit: float, too_wide: bool) -> bool:
    """Whether a word too wide for any line had better wait for the next one, where it can be parted
    without a hyphen.
    """
    if not too_wide or not _is_hyphenated(head):
        return False
    whole = _divide(word, limit, too_wide)
    return whole is not None and not _is_hyphenated(whole[0])


def _is_hyphenated(head: Word) -> bool:
    return head[1][-1][1].endswith(HYPHEN)


def _anywhere(word: Word, room: float) -> tuple[Word, Word] | None:
    """The word in two wherever the room ends, at least one character on the line."""
    used = 0.0
    for number, (face, text, _) in enumerate(word[1]):
        for position, letter in enumerate(text):
            used += face.advance(letter)
            if used > room and (number or position):
                return _halves(word, number, text[:position], text[position:])
    return None


def _halves(word: Word, number: int, head: str, tail: str) -> tuple[Word, Word]:
    face, _, sense = word[1][number]
    first = (*word[1][:number], (face, head, sense)) if head else word[1][:number]
    return _measured(first), _measured(((face, tail, sense), *word[1][number + 1 :]))


def _measured(pieces: tuple[Piece, ...]) -> Word:
    return sum(face.advance(text) for face, text, _ in pieces), pieces
