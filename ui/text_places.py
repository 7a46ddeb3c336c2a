"""Cursor positions: as Qt counts them, and where they move when the text is replaced."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

_WORDS = re.compile(r"\n|\S+[^\S\n]?|[^\S\n]")
_ROUNDS = 12
_MUCH = 40_000
"""Two parts are compared word by word only up to this product of their numbers of words: a page of
the same few words again and again would freeze the window for minutes."""


def typed_on(before: str, after: str, place: int) -> tuple[str, int]:
    """What to show as `after` replaces `before` under a cursor at `place`, and where the cursor
    goes.

    Spaces and line ends just typed before the cursor, which are not stored until a word follows,
    are kept.
    """
    at = letter_of(before, place)
    said = before[:at].rstrip()
    blank, rest = before[len(said) : at], before[at:]
    if not blank or rest[:1].strip("\n"):
        return after, followed(before, after, place)
    there = letter_of(after, followed(before, after, unit_of(before, len(said))))
    left = after[there:]
    if left[:1].strip():  # the words before are gone: the blanks would cut another word
        return after, followed(before, after, place)
    if not left.startswith(blank) or left[len(blank) :][:1].strip("\n"):
        after = f"{after[:there]}{blank}{left}"
    return after, unit_of(after, there + len(blank))


def unit_of(text: str, letter: int) -> int:
    """The position that Qt, which counts UTF-16 units, gives to a Python index."""
    return len(text[:letter].encode("utf-16-le")) // 2


def letter_of(text: str, unit: int) -> int:
    """The Python index of a position that Qt counts in UTF-16 units."""
    return len(text.encode("utf-16-le")[: 2 * unit].decode("utf-16-le", "replace"))


def followed(before: str, after: str, place: int) -> int:
    """Where a cursor at `place` goes as `after` replaces `before`: it stays by the same words."""
    left = letter_of(before, place)
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    word = 0
    while word < len(old) and left > len(old[word]):
        left -= len(old[word])
        word += 1
    if not left:
        return 0
    to, past = _counterpart(old, new, word)
    column = 0 if past else min(left, len(new[to]))
    return unit_of(after, sum(map(len, new[:to])) + column)


def _counterpart(old: Sequence[str], new: Sequence[str], word: int) -> tuple[int, bool]:
    """The index in `new` that answers to a word of `old`, and whether its replacement ends there.

    Words found exactly once on both sides narrow the part to look in, which is then compared word
    by word if it is small enough.
    """
    start = there = _alike(old, new)
    tail = _alike(old[start:][::-1], new[there:][::-1])
    end, there_end = len(old) - tail, len(new) - tail
    if not start <= word < end:
        return word + (there_end - end if word >= end else 0), False
    for _ in range(_ROUNDS):
        marks = _landmarks(old[start:end], new[there:there_end])
        at = bisect_right(marks, word - start, key=lambda mark: mark[0])
        if at and marks[at - 1][0] == word - start:
            return there + marks[at - 1][1], False
        if not marks:
            break
        if at < len(marks):
            end, there_end = start + marks[at][0], there + marks[at][1]
        if at:
            start, there = start + marks[at - 1][0] + 1, there + marks[at - 1][1] + 1
    if (end - start) * (there_end - there) <= _MUCH:
        matcher = SequenceMatcher(None, old[start:end], new[there:there_end], autojunk=False)
        for _, first, last, to, to_end in matcher.get_opcodes():
            if first <= word - start < last:
                end, there_end = start + last, there + to_end
                start, there = start + first, there + to
                break
    to = there + min(word - start, there_end - there)
    return to, to == there_end


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    """How many words both begin with."""
    differ = (
        number for number, (one, other) in enumerate(zip(old, new, strict=False)) if one != other
    )
    return next(differ, min(len(old), len(new)))


def _landmarks(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """The longest series of words found once on both sides in the same order: pairs of places."""
    once = [{word for word, n in Counter(side).items() if n == 1} for side in (old, new)]
    there = {word: number for number, word in enumerate(new) if word in once[1]}
    ends: list[int] = []  # the least place that a chain of each length ends at
    chains: list[tuple[int, int, int]] = []  # a word's two places, and how long a chain precedes it
    for number, word in enumerate(old):
        if word in once[0] and word in there:
            length = bisect_left(ends, there[word])
            ends[length : length + 1] = [there[word]]
            chains.append((number, there[word], length))
    marks: list[tuple[int, int]] = []
    wanted, below = len(ends) - 1, len(new)
    for number, place, length in reversed(chains):
        if length == wanted and place < below:
            marks.append((number, place))
            wanted, below = wanted - 1, place
    return marks[::-1]
