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

_LATIN = (*range(0xC0, 0x250), *range(0x1E00, 0x1F00), 0x212A, 0x212B)
"""The code points of Latin letters beyond ASCII, with the signs of kelvin and ångström."""


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
    """The words that begin as those wanted do, accents and case aside, and some others.

    Two letters: all words of one stem share them, and few others do. The set of the first ones
    comes first, for what it does not hold is skipped fastest; a ligature stands for both.
    """
    firsts, seconds = ("".join(map(_written, {word[at : at + 1] for word in wanted})) for at in (0, 1))
    then = f"(?:[{seconds}]|(?<=[{_accented()['']}]))" if all(word[1:] for word in wanted) else ""
    return re.compile(rf"[{firsts}](?<![^\W_].){then}[^\W_]*")


def _written(letter: str) -> str:
    """What is written for a folded letter; ligatures for their first one."""
    return f"{letter}{letter.upper()}{_accented()[letter]}"


@lru_cache(maxsize=1)
def _accented() -> defaultdict[str, str]:
    """The Latin letters with an accent, and the ligatures, by the letter that they begin with.

    The ligatures stand under "" too.
    """
    found: defaultdict[str, str] = defaultdict(str)
    for letter in filter(str.isalpha, map(chr, _LATIN)):
        folded = fold(letter)
        found[folded[:1]] += letter
        if len(folded) > 1:
            found[""] += letter
    return found
