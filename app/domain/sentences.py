"""Long texts merged sentence by sentence: tokens, their differences, and the three-way merge."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from app.domain.erasure import with_names_out

_TOKEN = re.compile(r"\n|[^\n.!?…]*+[.!?…]++[^\S\n]*+|[^\n.!?…]++")
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


@dataclass(frozen=True)
class _Region:
    """The base's tokens [start, end) and what each side makes of them."""

    start: int
    end: int
    mine: tuple[str, ...]
    theirs: tuple[str, ...]


def tokens(text: str) -> list[str]:
    """The sentences of a text, each with its closing `. ! ? …` and the spaces after it.

    A line feed is always a token of its own. Joined, the tokens are the text again.
    """
    return _TOKEN.findall(text)


def merge_text(base: str, mine: str, theirs: str) -> tuple[str, str]:
    """My text and theirs, each with the other's changes that do not collide; equal if none does.

    Names that an erasure took out on one side are taken out of what the other side wrote there.
    """
    before = tokens(base)
    ours, others = changes(before, tokens(mine)), changes(before, tokens(theirs))
    ours, others = _clear_of(before, ours, others), _clear_of(before, others, ours)
    regions = [_less_names(before, region) for region in _regions(before, ours, others)]
    mine_whole = [Change(region.start, region.end, region.mine) for region in regions]
    theirs_whole = [Change(region.start, region.end, region.theirs) for region in regions]
    return _joined(before, mine_whole), _joined(before, theirs_whole)


def merge_typed(base: str, mine: str, theirs: str) -> str:
    """My text with all the changes that they made elsewhere in it.

    Nobody is there to choose: each sentence that they wrote where I was typing goes after my text,
    on a line of its own, even when my text already ends with a line feed.
    """
    merged, others = merge_text(base, mine, theirs)
    lost = (_said(theirs) & _said(others)) - (_said(base) - _said(mine)) - _said(merged)
    for token in tokens(theirs):
        if lost[token.strip()] > 0:
            lost[token.strip()] -= 1
            apart = "\n" if merged.strip() else ""
            merged += f"{apart}{token.strip()}"
    return merged


def _said(text: str) -> Counter[str]:
    return Counter(filter(None, map(str.strip, tokens(text))))


def _joined(before: Sequence[str], own: list[Change]) -> str:
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


def _clear_of(before: Sequence[str], own: list[Change], others: list[Change]) -> list[Change]:
    """My own changes, read where possible so that they do not touch the others'.

    A paragraph added between two may be read as before or after the line feed; where a
    neighbouring paragraph was edited, only one of the readings collides. A change stays in place
    when the other can be moved too, lest two insertions at one point seem not to collide.
    """
    placed: list[Change] = []
    for change in own:
        limit = placed[-1].end if placed else 0
        near = _near(others, change)
        fixed = all(_slid_left(before, other) is None for other in near if other.start)
        readings = _readings(before, change, limit) if fixed else ()
        placed.append(next((r for r in readings if not _near(others, r)), change))
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
        key=lambda item: item[0].start,
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


def _region(before: Sequence[str], group: list[tuple[Change, bool]], end: int) -> _Region:
    start = group[0][0].start
    ours = [change for change, mine in group if mine]
    others = [change for change, mine in group if not mine]
    return _Region(
        start,
        end,
        tuple(_apply(before, start, end, ours or others)),
        tuple(_apply(before, start, end, others or ours)),
    )


def _less_names(before: Sequence[str], region: _Region) -> _Region:
    """The region with the names out that an erasure, and nothing else, took out on one side."""
    if region.mine == region.theirs:
        return region
    base = before[region.start : region.end]
    whole = with_names_out(*("".join(side) for side in (base, region.mine, region.theirs)))
    return region if whole is None else replace(region, mine=(whole,), theirs=(whole,))


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
    """The longest common run of tokens that stand once on each side (patience diff)."""
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
    """The pairs kept by a shortest edit script (Myers 1986); none beyond `_MOST_EDITS` edits."""
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
