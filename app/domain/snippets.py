"""What is shown of a text in which words were found: a stretch of it, the words marked."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain

from app.domain.search_text import fold, stem

MARKS = ("[", "]")
"""What stands around a found word in a snippet."""

WIDTH = 160
"""Characters of the text in a snippet."""

Span = tuple[int, int]


def snippet(text: str, wanted: Sequence[str]) -> str:
    """A stretch of a text in NFC around the first word found, the found words between MARKS.

    `wanted` are folded words, each found whole, by its beginning or by its French stem.
    """
    spans = _found(text, tuple(wanted))
    first = next(spans, None)
    start = max(0, first[0] - WIDTH // 3) if first else 0
    start = text.find(" ", start) + 1 if start else 0
    end = min(len(text), start + WIDTH)
    pieces, place = [], start
    for begin, finish in chain((first,) if first else (), spans):
        if finish > end:
            break
        if begin >= place:
            pieces += [text[place:begin], MARKS[0], text[begin:finish], MARKS[1]]
            place = finish
    shown = " ".join("".join([*pieces, text[place:end]]).split())
    return f"{'…' if start else ''}{shown}{'…' if end < len(text) else ''}"


def _found(text: str, wanted: tuple[str, ...]) -> Iterator[Span]:
    """Where the words found stand, in their order."""
    stems = {stem(word) for word in wanted}
    for match in _candidates(wanted).finditer(text):
        word = fold(match.group())
        if word.startswith(wanted) or stem(word) in stems:
            yield match.span()


@lru_cache(maxsize=512)
def _candidates(wanted: tuple[str, ...]) -> re.Pattern[str]:
    """The words that begin as one of those wanted does, accents and case aside.

    Two letters: all words of one stem share them, and few others do.
    """
    beginnings = "|".join(_letters(word[:2]) for word in wanted)
    return re.compile(rf"(?<![^\W_])(?:{beginnings})[^\W_]*", re.IGNORECASE)


def _letters(beginning: str) -> str:
    """What is written for folded letters; a ligature stands for its first one, or for both."""
    written = "".join(f"[{letter}{_accented()[letter]}]" for letter in beginning)
    ligature = _accented()[beginning] if len(beginning) > 1 else ""
    return f"{written}|[{ligature}]" if ligature else written


@lru_cache(maxsize=1)
def _accented() -> defaultdict[str, str]:
    """The Latin letters with an accent, and the ligatures, by the letters that they fold to."""
    found: defaultdict[str, str] = defaultdict(str)
    for letter in filter(str.isalpha, map(chr, range(0xC0, 0x250))):
        for folded in {fold(letter), fold(letter)[:1]}:
            found[folded] += letter
    return found
