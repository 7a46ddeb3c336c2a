"""Reads the rows of a database's tables from its pages, passing over what cannot be read.

The format is https://www.sqlite.org/fileformat2.html, sections 1.6 and 2.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from struct import unpack_from
from typing import Any, NamedTuple

from app.storage.pages import Pages

_INDEX_INTERIOR, _TABLE_INTERIOR, _INDEX_LEAF, _TABLE_LEAF = 0x02, 0x05, 0x0A, 0x0D
_KINDS = (_INDEX_INTERIOR, _TABLE_INTERIOR, _INDEX_LEAF, _TABLE_LEAF)
_INTEGER_SIZES = (0, 1, 2, 3, 4, 6, 8)
_FLOAT, _ZERO, _ONE = 7, 8, 9
_FAULTS = (IndexError, OverflowError, struct.error, TypeError, ValueError)


class Row(NamedTuple):
    """A row of a table with its rowid, or an entry of an index; `number` is then its last value."""

    number: int
    values: list[Any]


class Tree:
    """Reads trees of pages; `broken` counts the cells that could not be read on good pages."""

    def __init__(self, pages: Pages) -> None:
        self.pages = pages
        self.broken = 0

    def leaves(self, root: int) -> Iterator[int]:
        """The leaf pages under a root, those below a damaged page excepted."""
        waiting, seen = [root], set[int]()
        while waiting:
            number = waiting.pop()
            if number in seen or not 0 < number <= self.pages.count:
                continue
            seen.add(number)
            page = self.pages.read(number)
            if page is None or page[_start(number)] not in _KINDS:
                self.pages.damaged.add(number)
                continue
            if page[_start(number)] in (_TABLE_INTERIOR, _INDEX_INTERIOR):
                waiting += reversed(self._children(number, page))
            if page[_start(number)] != _TABLE_INTERIOR:  # an index holds entries on every level
                yield number

    def rows(self, root: int) -> Iterator[Row]:
        """The readable rows under a root, or the entries of an index."""
        for number in self.leaves(root):
            yield from self.rows_on(number)

    def rows_on(self, number: int) -> Iterator[Row]:
        """The readable rows of one page."""
        page = self.pages.read(number)
        if page is None:
            return
        kind = page[_start(number)]
        if kind not in (_TABLE_LEAF, _INDEX_LEAF, _INDEX_INTERIOR):
            return
        for at in self._cells(number, page):
            try:
                yield self._row(page, at, kind)
            except _FAULTS:
                self.broken += 1

    def table_leaves(self) -> Iterator[int]:
        """Every page that looks like a table's leaf, even if no tree leads to it."""
        for number in range(1, self.pages.count + 1):
            page = self.pages.read(number)
            if page is not None and page[_start(number)] == _TABLE_LEAF:
                yield number

    def free(self) -> set[int]:
        """The pages that the database no longer uses, whose former content is still there."""
        first = self.pages.read(1)
        trunk = unpack_from(">I", first, 32)[0] if first else 0
        found: set[int] = set()
        while trunk and trunk not in found and (page := self.pages.read(trunk)) is not None:
            found.add(trunk)
            trunk, count = unpack_from(">II", page)
            found.update(unpack_from(f">{min(count, self.pages.usable // 4 - 2)}I", page, 8))
        return found

    def _cells(self, number: int, page: bytes) -> list[int]:
        start = _start(number)
        count = unpack_from(">H", page, start + 3)[0]
        pointers = start + (12 if page[start] in (_TABLE_INTERIOR, _INDEX_INTERIOR) else 8)
        count = min(count, (self.pages.usable - pointers) // 2)
        return list(unpack_from(f">{count}H", page, pointers))

    def _children(self, number: int, page: bytes) -> list[int]:
        cells = [at for at in self._cells(number, page) if at + 4 <= len(page)]
        last = unpack_from(">I", page, _start(number) + 8)[0]
        return [*(unpack_from(">I", page, at)[0] for at in cells), last]

    def _row(self, page: bytes, at: int, kind: int) -> Row:
        if kind == _INDEX_INTERIOR:
            at += 4
        size, at = _varint(page, at)
        number = 0
        if kind == _TABLE_LEAF:
            number, at = _varint(page, at)
        values = _decoded(self._payload(page, at, size, kind))
        return Row(number if kind == _TABLE_LEAF else int(values[-1]), values)

    def _payload(self, page: bytes, at: int, size: int, kind: int) -> bytes:
        """The bytes of a cell, gathered from its overflow pages when it is long."""
        usable = self.pages.usable
        if size > self.pages.count * usable:
            raise ValueError("a cell longer than the file")
        most = usable - 35 if kind == _TABLE_LEAF else (usable - 12) * 64 // 255 - 23
        if size <= most:
            return page[at : at + size]
        least = (usable - 12) * 32 // 255 - 23
        local = least + (size - least) % (usable - 4)
        local = local if local <= most else least
        parts = [page[at : at + local]]
        number, left = unpack_from(">I", page, at + local)[0], size - local
        while left > 0:
            more = self.pages.read(number) if 0 < number <= self.pages.count else None
            if more is None:
                raise ValueError("a page of the cell is damaged")
            number = unpack_from(">I", more)[0]
            parts.append(more[4 : min(usable, 4 + left)])
            left -= usable - 4
        return b"".join(parts)


def _start(number: int) -> int:
    return 100 if number == 1 else 0


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """SQLite's integer of one to nine bytes, and where it ends."""
    value = 0
    for place in range(at, at + 8):
        value = value << 7 | data[place] & 0x7F
        if data[place] < 0x80:
            return value, place + 1
    return value << 8 | data[at + 8], at + 9


def _decoded(payload: bytes) -> list[Any]:
    """The values of a row; ValueError when the payload does not end with the last of them."""
    end, at = _varint(payload, 0)
    values, place = [], end
    while at < end:
        kind, at = _varint(payload, at)
        value, place = _value(payload, place, kind)
        values.append(value)
    if place != len(payload) or at != end:
        raise ValueError("a row of another length")
    return values


def _value(payload: bytes, at: int, kind: int) -> tuple[Any, int]:
    if kind in (_ZERO, _ONE):
        return kind - _ZERO, at
    if kind == 0:
        return None, at
    if kind == _FLOAT:
        return unpack_from(">d", payload, at)[0], at + 8
    if kind < _FLOAT:
        end = at + _INTEGER_SIZES[kind]
        return int.from_bytes(payload[at:end], "big", signed=True), end
    end = at + (kind - 12) // 2
    data = payload[at:end]
    return data if kind % 2 == 0 else data.decode(), end
