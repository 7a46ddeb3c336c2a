"""Long texts merged sentence by sentence: tokens, their differences, and the three-way merge."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

_TOKEN = re.compile(r"\n|[^\n.!?…]*+[.!?…]++[^\S\n]*+|[^\n.!?…]++")
_SENTENCE = re.compile(r"\w.{3,}\w|\w[^.!?…]*$")
"""What a token says, bare of dashes and quotes; a line feed or an « Art. » alone says nothing."""

_MOST_EDITS = 200
"""Beyond so many edits between two anchors the passage counts as rewritten, to bound the time."""


@dataclass(frozen=True)
class Change:
    """One side's replacement of the base's tokens [start, end) by its own."""

    start: int
    end: int
    tokens: tuple[str, ...]

    def touches(self, other: Change) -> bool:
        """Whether the two overlap, are neighbours, or insert at one point."""
        return self.start <= other.end and other.start <= self.end


@dataclass(frozen=True, eq=False)
class _Region:
    """The base's tokens [start, end) and what each side makes of them."""

    start: int
    end: int
    base: tuple[str, ...]
    mine: tuple[str, ...]
    theirs: tuple[str, ...]

    def turned(self) -> _Region:
        """The same, seen from the other side."""
        return replace(self, mine=self.theirs, theirs=self.mine)

    @property
    def collides(self) -> bool:
        return len({self.base, self.mine, self.theirs}) == 3

    @property
    def merged(self) -> tuple[str, ...]:
        """What both make of it where they do not collide."""
        return self.theirs if self.mine == self.base else self.mine

    @property
    def gone(self) -> Counter[str]:
        """The sentences that they took out of it."""
        return _sentences(self.base) - _sentences(self.theirs)

    @property
    def come(self) -> Counter[str]:
        """The sentences that they put there."""
        return _sentences(self.theirs) - _sentences(self.base)

    def added(self) -> _Region:
        """The same, what they did beside mine where all that they did is to add to it."""
        found = changes(_parted(self.base), _parted(self.theirs))
        if any(change.start < change.end for change in found):
            return self
        new = [token for change in found for token in change.tokens]
        if {*map(str.strip, new)} <= {"", *map(str.strip, self.mine)}:
            return replace(self, theirs=self.mine)
        first = [token for change in found if not change.start for token in change.tokens]
        both = (_spaced(_spaced("".join(first), "".join(self.mine)), "".join(new[len(first) :])),)
        return replace(self, mine=both, theirs=both)


def tokens(text: str) -> list[str]:
    """The sentences of a text, each with its closing `. ! ? …` and the spaces after it.

    A line feed is always a token of its own. Joined, the tokens are the text again.
    """
    return _TOKEN.findall(text)


def merge_text(base: str, mine: str, theirs: str) -> tuple[str, str]:
    """Both sides with everything of the other that did not collide; equal when nothing did."""
    before = tokens(base)
    regions = _compared(before, tokens(mine), tokens(theirs))
    turned = [region.turned() for region in regions]
    return _joined(before, regions), _joined(before, turned)


def merge_typed(base: str, mine: str, theirs: str) -> str:
    """My text with all that they did, but for the sentences of theirs that I changed too.

    Nobody is there to choose: what they added where I wrote, as at the end, stands with mine.
    """
    before = tokens(base)
    regions = _compared(before, tokens(mine), tokens(theirs))
    return _joined(before, [one.added() if one.collides else one for one in regions])


def _compared(before: list[str], mine: list[str], theirs: list[str]) -> list[_Region]:
    ours, others = changes(before, mine), changes(before, theirs)
    ours, others = _apart(before, ours, others), _apart(before, others, ours)
    return list(_regions(before, ours, others))


def _joined(before: Sequence[str], regions: Sequence[_Region]) -> str:
    """My text, with what they changed where nothing collided.

    A sentence that they moved from or to where something did stays where it was: taken at one end
    alone, the move would lose it or say it twice.
    """
    leaving, coming = defaultdict[str, list[_Region]](list), defaultdict[str, list[_Region]](list)
    for region in regions:
        if region.mine == region.base:
            for moved, said in ((leaving, region.gone), (coming, region.come)):
                for sentence in said:
                    moved[sentence].append(region)
    apart = set[_Region]()
    fresh = [region for region in regions if region.collides]
    while fresh:
        region = fresh.pop()
        if region not in apart:
            apart.add(region)
            for moved, said in ((coming, region.gone), (leaving, region.come)):
                for sentence in said:
                    fresh += moved.pop(sentence, ())
    own = [Change(one.start, one.end, one.mine if one in apart else one.merged) for one in regions]
    return "".join(_apply(before, 0, len(before), own))


def changes(before: Sequence[str], after: Sequence[str]) -> list[Change]:
    """What turns `before` into `after`, in order; a pure insertion or deletion stands rightmost."""
    ends = [*_blocks(before, after), (len(before), len(after), 0)]
    found: list[Change] = []
    at, to = 0, 0
    for start, other, length in ends:
        if start > at or other > to:
            found.append(Change(at, start, tuple(after[to:other])))
        at, to = start + length, other + length
    for index in range(len(found) - 1, -1, -1):
        limit = found[index + 1].start if index + 1 < len(found) else len(before)
        found[index] = _rightmost(before, found[index], limit)
    return found


def _rightmost(before: Sequence[str], change: Change, limit: int) -> Change:
    while change.end < limit and (moved := _slid_right(before, change)):
        change = moved
    return change


def _slid_right(before: Sequence[str], change: Change) -> Change | None:
    """The same insertion or deletion read one token further on, where the text allows it."""
    start, end, new = change.start, change.end, change.tokens
    if not new and before[start] == before[end]:
        return Change(start + 1, end + 1, new)
    if start == end and new[0] == before[start]:
        return Change(start + 1, end + 1, (*new[1:], new[0]))
    return None


def _slid_left(before: Sequence[str], change: Change) -> Change | None:
    start, end, new = change.start, change.end, change.tokens
    if not new and before[start - 1] == before[end - 1]:
        return Change(start - 1, end - 1, new)
    if start == end and new[-1] == before[start - 1]:
        return Change(start - 1, end - 1, (new[-1], *new[:-1]))
    return None


def _readings(before: Sequence[str], change: Change, limit: int) -> Iterator[Change]:
    """The change where it stands, then each place to the left where it gives the same text."""
    moved: Change | None = change
    while moved:
        yield moved
        moved = _slid_left(before, moved) if moved.start > limit else None


def _apart(before: Sequence[str], own: list[Change], others: list[Change]) -> list[Change]:
    """The own changes, read where possible so that they do not touch the others'.

    A paragraph added between two may be read as before or after the line feed; where a
    neighbouring paragraph was edited, only one of the readings collides. Two changes that can both
    be read elsewhere keep their place, lest two insertions at one point pass for none.
    """
    placed: list[Change] = []
    for change in own:
        limit = placed[-1].end if placed else 0
        touched = [other for other in _near(others, change) if other != change]
        fixed = all(_slid_left(before, other) is None for other in touched if other.start)
        free = change
        if touched and fixed:
            readings = _readings(before, change, limit)
            free = next((r for r in readings if not _near(others, r)), change)
        placed.append(free)
    return placed


def _near(others: list[Change], change: Change) -> list[Change]:
    first = bisect_left(others, change.start, key=lambda other: other.end)
    found = []
    for other in others[first:]:
        if not other.touches(change):
            break
        found.append(other)
    return found


def _regions(before: Sequence[str], ours: list[Change], others: list[Change]) -> Iterator[_Region]:
    """The changed places, those that touch each other gathered into one."""
    marked = sorted(
        [(change, True) for change in ours] + [(change, False) for change in others],
        key=lambda item: (item[0].start, item[0].end),
    )
    group: list[tuple[Change, bool]] = []
    end = 0
    for change, mine in marked:
        if group and change.start > end:
            yield _region(before, group, end)
            group = []
        end = max(end, change.end) if group else change.end
        group.append((change, mine))
    if group:
        yield _region(before, group, end)


def _sentences(found: Iterable[str]) -> Counter[str]:
    return Counter(said[0].strip() for said in map(_SENTENCE.search, found) if said)


def _parted(found: Iterable[str]) -> list[str]:
    """The tokens, apart from the spaces that end them."""
    parts = ((token.rstrip(), token[len(token.rstrip()) :]) for token in found)
    return [part for pair in parts for part in pair if part]


def _spaced(one: str, other: str) -> str:
    """Two pieces of text in a row, which never make one sentence."""
    if not one.strip() or not other.strip() or "\n" in (one[-1], other[0]):
        return one + other
    if one.rstrip()[-1] not in ".!?…":
        return f"{one}\n{other.lstrip()}"
    return one + other if one[-1].isspace() or other[0].isspace() else f"{one} {other}"


def _region(before: Sequence[str], group: list[tuple[Change, bool]], end: int) -> _Region:
    start = group[0][0].start
    ours = [change for change, mine in group if mine]
    others = [change for change, mine in group if not mine]
    return _Region(
        start,
        end,
        tuple(before[start:end]),
        tuple(_apply(before, start, end, ours)),
        tuple(_apply(before, start, end, others)),
    )


def _apply(before: Sequence[str], start: int, end: int, own: list[Change]) -> Iterator[str]:
    """The base's tokens [start, end) with the changes made."""
    for change in own:
        yield from before[start : change.start]
        yield from change.tokens
        start = change.end
    yield from before[start:end]


def _blocks(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int, int]]:
    """The runs that both have, as (start in before, start in after, length), in order."""
    found: list[tuple[int, int, int]] = []
    gaps = [(0, len(before), 0, len(after))]
    while gaps:
        a, a_end, b, b_end = gaps.pop()
        same = 0
        while a + same < a_end and b + same < b_end and before[a + same] == after[b + same]:
            same += 1
        found.append((a, b, same))
        a, b, same = a + same, b + same, 0
        while a < a_end and b < b_end and before[a_end - 1] == after[b_end - 1]:
            a_end, b_end, same = a_end - 1, b_end - 1, same + 1
        found.append((a_end, b_end, same))
        if a < a_end and b < b_end:
            anchors = _anchors(before, after, (a, a_end, b, b_end))
            if anchors:
                stops = [(a, b), *anchors, (a_end, b_end)]
                gaps += [(i, i_end, j, j_end) for (i, j), (i_end, j_end) in pairwise(stops)]
            else:
                pairs = _shortest(before[a:a_end], after[b:b_end])
                found += [(a + i, b + j, 1) for i, j in pairs]
    return sorted(block for block in found if block[2])


def _anchors(
    before: Sequence[str], after: Sequence[str], gap: tuple[int, int, int, int]
) -> list[tuple[int, int]]:
    """The longest run in order of tokens that stand once on each side (patience difference)."""
    a, a_end, b, b_end = gap
    count, other = Counter(before[a:a_end]), Counter(after[b:b_end])
    places = {after[j]: j for j in range(b, b_end)}
    pairs = [
        (i, places[before[i]])
        for i in range(a, a_end)
        if count[before[i]] == 1 and other[before[i]] == 1
    ]
    tails: list[int] = []  # the least place in `after` that ends a run of each length
    last: list[int] = []  # which pair ends it
    former: list[int] = []  # for each pair, the one before it in its run
    for index, (_, j) in enumerate(pairs):
        length = bisect_left(tails, j)
        former.append(last[length - 1] if length else -1)
        tails[length : length + 1] = [j]
        last[length : length + 1] = [index]
    run: list[tuple[int, int]] = []
    index = last[-1] if last else -1
    while index >= 0:
        run.append(pairs[index])
        index = former[index]
    return run[::-1]


def _shortest(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """The pairs kept by a shortest edit (Myers 1986); none beyond `_MOST_EDITS` edits."""
    if set(before).isdisjoint(after):
        return []
    n, m = len(before), len(after)
    reach = {1: 0}  # the furthest point of each diagonal
    trail: list[dict[int, int]] = []
    for edits in range(min(n + m, _MOST_EDITS) + 1):
        trail.append(reach.copy())
        for k in range(-edits, edits + 1, 2):
            down = k == -edits or (k != edits and reach[k - 1] < reach[k + 1])
            x = reach[k + 1] if down else reach[k - 1] + 1
            while x < n and 0 <= x - k < m and before[x] == after[x - k]:
                x += 1
            reach[k] = x
            if x >= n and x - k >= m:
                return _walk(trail, n, m)
    return []


def _walk(trail: list[dict[int, int]], x: int, y: int) -> list[tuple[int, int]]:
    """The diagonal steps of Myers' path, followed back from its end."""
    kept: list[tuple[int, int]] = []
    for edits in range(len(trail) - 1, -1, -1):
        reach, k = trail[edits], x - y
        down = k == -edits or (k != edits and reach[k - 1] < reach[k + 1])
        k_before = k + 1 if down else k - 1
        x_before = reach[k_before]
        y_before = x_before - k_before
        while x > x_before and y > y_before and x > 0 and y > 0:
            x, y = x - 1, y - 1
            kept.append((x, y))
        x, y = x_before, y_before
    return kept[::-1]
