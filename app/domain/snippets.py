"""The excerpt shown of a text in which a search found words, with those words marked."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain

from app.domain.search_text import fold, stem

MARKS = "\x02", "\x03"
"""What stands around a found word in a snippet: characters that no record holds."""

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


def bracketed(snippet: str) -> str:
    """A snippet with brackets for its marks, as the command line shows it."""
    return snippet.translate(_BRACKETS)


_BRACKETS = str.maketrans(dict(zip(MARKS, "[]", strict=True)))


def _found(text: str, wanted: tuple[str, ...]) -> Iterator[Span]:
    """The places of the words found, in the order of the text."""
    stems = {stem(word) for word in wanted}
    for match in _candidates(wanted).finditer(text):
        word = fold(match.group())
        if word.startswith(wanted) or stem(word) in stems:
            yield match.span()


@lru_cache(maxsize=512)
def _candidates(wanted: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern for the words that share their first two letters with a wanted one.

    Words of one stem share these letters (one letter, if a stem has no more) and few others do;
    accents and case do not matter, and a ligature stands for both letters. The set of first
    letters comes first in the pattern, as the regex engine then skips the text fastest.
    """
    first = rf"[{_written(word[0] for word in wanted)}](?<![^\W_].)"
    if min(len(stem(word)) for word in wanted) == 1:
        return re.compile(rf"{first}[^\W_]*")
    second = f"(?:[{_written(word[1] for word in wanted)}]|(?<=[{_accented()['']}]))"
    return re.compile(rf"{first}{second}[^\W_]*")


def _written(letters: Iterable[str]) -> str:
    """The characters that fold to these letters, or that fold to two and begin with one of them."""
    return "".join(f"{one}{one.upper()}{_accented()[one]}" for one in set(letters))


@lru_cache(maxsize=1)
def _accented() -> defaultdict[str, str]:
    """The Latin letters with an accent, and the ligatures, by the first letter that they fold to.

    All ligatures are also under the key "".
    """
    found: defaultdict[str, str] = defaultdict(str)
    for letter in filter(str.isalpha, map(chr, _LATIN)):
        folded = fold(letter)
        found[folded[:1]] += letter
        if len(folded) > 1:
            found[""] += letter
    return found
