"""Texts lightly formatted: `**gras**`, and lists whose lines begin with `- `, `• `, `1. ` or `a) `.

The record keeps plain text; whatever is not formatted by these rules stands as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, cast

BOLD = "**"
BLANK = r"[ \t\u00a0\u202f]"
MARK = rf"{BLANK}*(?:(?P<bullet>[-–•])|(?P<number>\d{{1,3}}[.)])|(?P<letter>[a-z]\)))"
"""What begins an item, as it is typed or pasted: a dash, a bullet, a number, a letter."""

_MARKED = re.compile(rf"{MARK}{BLANK}+(?=\S)")

Kind = Literal["paragraph", "bullet", "number", "letter"]


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a line between two positions in it, without the `**` that make it bold."""

    start: int
    end: int
    bold: bool

    @property
    def length(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class FormattedLine:
    """One line as typed: its kind, its item's mark with the spaces around it, its words' spans."""

    text: str
    kind: Kind
    mark: str
    spans: tuple[Span, ...]

    @property
    def label(self) -> str:
        """The mark as it is printed; "" outside a list."""
        return self.mark.strip().replace("-", "–")

    @property
    def plain(self) -> str:
        """The words after the mark, for texts in which `**` means nothing."""
        return self.text[len(self.mark) :]

    @property
    def runs(self) -> tuple[tuple[str, bool], ...]:
        """The words in order, each with whether it is bold."""
        return tuple((self.text[span.start : span.end], span.bold) for span in self.spans)

    @property
    def words(self) -> str:
        """The line without what formats it."""
        return "".join(words for words, _ in self.runs)


def lines(text: str) -> Iterator[FormattedLine]:
    """Each line of a text."""
    return (line(one) for one in text.split("\n"))


def unmarked(text: str) -> str:
    """The text to quote in a sentence, without any `**`, unpaired ones (of a cut text) included."""
    return text.replace(BOLD, "")


def blocks(text: str) -> Iterator[tuple[Kind, tuple[FormattedLine, ...]]]:
    """The items of a list together, each other line by itself; a blank line parts two lists."""
    found = ((one.kind, one) for one in lines(text))
    for kind, group in groupby(found, key=lambda pair: pair[0]):
        members = tuple(one for _, one in group)
        if kind == "paragraph":
            yield from ((kind, (one,)) for one in members)
        else:
            yield kind, members


def line(text: str) -> FormattedLine:
    """Reads one line; takes a time in proportion to its length."""
    found = _MARKED.match(text)
    kind = cast("Kind", found.lastgroup) if found else "paragraph"
    mark = found[0] if found else ""
    return FormattedLine(text, kind, mark, tuple(_joined(_spans(text, len(mark)))))


def _spans(text: str, start: int) -> Iterator[Span]:
    """Pairs each `**` before a word with the next one after a word; unpaired ones stay as typed."""
    opened: int | None = None
    place = start
    found = text.find(BOLD, start)
    while found >= 0:
        after = found + len(BOLD)
        if opened is None and text[after : after + 1].strip():
            yield Span(place, found, bold=False)
            opened = place = found
        elif opened is not None and found > opened + len(BOLD) and text[found - 1].strip():
            yield Span(opened + len(BOLD), found, bold=True)
            opened, place = None, after
        found = text.find(BOLD, after)
    yield Span(place, len(text), bold=False)


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """The spans, adjacent ones of one look merged and empty ones left out."""
    last: Span | None = None
    for span in spans:
        if span.start == span.end:
            continue
        if last is not None and (last.end, last.bold) == (span.start, span.bold):
            last = Span(last.start, span.end, span.bold)
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last
