"""Gives back the leading zeros that a spreadsheet drops from what it takes for numbers."""

from __future__ import annotations

import re
from typing import Any

_WITHOUT_ZERO = re.compile("[1-9][0-9]{8}")
"""A French telephone number that a spreadsheet took for a number."""

_DIGITS = {"insee_code": 5, "siren": 9, "epci_siren": 9, "department": 2}
"""How many digits each code has."""


def mend(fields: dict[str, Any], before: dict[str, Any] | None) -> None:
    """Gives back dropped zeros: to any text that had them `before`, in a record that exists; else
    to telephone numbers and to codes, whose spaces are taken out.
    """
    if before is not None:
        fields |= {
            name: before[name] for name in fields if _lost_zeros(before.get(name), fields[name])
        }
        return
    if _WITHOUT_ZERO.fullmatch(fields.get("phone", "")):
        fields["phone"] = f"0{fields['phone']}"
    for field in fields.keys() & _DIGITS:
        together = "".join(fields[field].split())
        if together.isdecimal():
            fields[field] = together.zfill(_DIGITS[field])


def _lost_zeros(had: Any, text: Any) -> bool:
    """Whether `text` is what a spreadsheet makes of `had` when it takes it for a number."""
    if not (isinstance(had, str) and isinstance(text, str) and had.isdecimal()):
        return False
    return "".join(text.split()) == (had.lstrip("0") or "0")
