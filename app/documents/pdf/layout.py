"""From a flow of blocks to pages: headings kept with what follows, long blocks parted."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from msgspec import Struct

from app.documents.pdf.flowables import Block, Space


class Placed(Struct, frozen=True):
    """A block on a page, by the height of its top edge."""

    block: Block
    top: float


Page = list[Placed]


class Frame(Struct, frozen=True):
    """The heights between which a page is filled; the first page may keep more room at its foot."""

    top: float
    bottom: float
    first_bottom: float

    def floor(self, page: int) -> float:
        return self.first_bottom if page == 0 else self.bottom


def paginate(blocks: Sequence[Block], frame: Frame) -> list[Page]:
    """Fills as many pages as the blocks need, at least one."""
    queue = deque(blocks)
    pages: list[Page] = [[]]
    y, white = frame.top, 0.0

    def turn() -> None:
        nonlocal y, white
        pages.append([])
        y, white = frame.top, 0.0

    while queue:
        block = queue.popleft()
        empty = not pages[-1]
        if empty and isinstance(block, Space):
            continue
        gap = 0.0 if empty else max(white, block.before)
        room = y - gap - frame.floor(len(pages) - 1)
        whole = block.height <= room
        together = whole and _chain(block, queue) <= room
        parts = None if together else block.split(room, force=empty and not whole)
        if parts:
            pages[-1].append(Placed(parts[0], y - gap))
            queue.appendleft(parts[1])
            turn()
        elif together or (whole and empty):
            pages[-1].append(Placed(block, y - gap))
            y -= gap + block.height
            white = block.after
        elif empty:
            pages[-1].append(Placed(block, y))
            turn()
        else:
            queue.appendleft(block)
            turn()
    if len(pages) > 1 and not pages[-1]:
        pages.pop()
    return pages


def _chain(block: Block, following: deque[Block]) -> float:
    """The height of a block and, if it is kept with what follows, of the beginning of that."""
    total, previous = block.height, block
    for following_block in following:
        if not previous.keep:
            break
        total += max(previous.after, following_block.before) + following_block.least
        if following_block.least < following_block.height:
            break  # its rest may go to the next page, with what it is kept with
        previous = following_block
    return total
