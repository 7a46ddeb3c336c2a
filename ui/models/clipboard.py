"""Rows as spreadsheet cells on the clipboard, with nothing that a spreadsheet would run."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NUMBER = re.compile(r"[+-]?\d[\d\s\u00a0\u202f]*([.,]\d+)?")


def as_cells(lines: Sequence[Sequence[str]]) -> str:
    """Lines of cells joined by tabs and line ends."""
    return "\n".join("\t".join(_cell(text) for text in line) for line in lines)


def _cell(text: str) -> str:
    flat = " ".join(text.split())
    if flat[:1] in ("=", "+", "-", "@") and not _NUMBER.fullmatch(flat):
        return f"'{flat}"
    return flat
