"""Rows as spreadsheet cells on the clipboard, with nothing that a spreadsheet would run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.exchange.cells import Cell

_NUMBER = re.compile(r"[+-]?\d[\d\s\u00a0\u202f]*([.,]\d+)?")


def as_cells(lines: Sequence[Sequence[Cell]]) -> str:
    """Lines of cells joined by tabs and line ends."""
    return "\n".join("\t".join(_cell(cell) for cell in line) for line in lines)


def _cell(cell: Cell) -> str:
    from app.exchange.cells import french, guarded

    if isinstance(cell, Decimal | date):
        return french(cell)
    flat = " ".join(str("" if cell is None else cell).split())
    if flat.startswith('"'):  # else a spreadsheet loses what follows the quotation, or all cells
        return '"{}"'.format(flat.replace('"', '""'))
    return flat if _NUMBER.fullmatch(flat) else guarded(flat)
