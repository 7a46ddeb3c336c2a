"""The zeros that a spreadsheet takes from what it believes to be numbers, given back."""

from __future__ import annotations

import re
from typing import Any

_WITHOUT_ZERO = re.compile("[1-9][0-9]{8}")
"""A French telephone number that a spreadsheet took for a number."""

_DIGITS = {"insee_code": 5, "siren": 9, "epci_siren": 9, "department": 2}
"""How many each code has."""


def mend(fields: dict[str, Any], before: dict[str, Any] | None) -> None:
    """Gives back to numbers and codes the zero that a spreadsheet took away, without spaces; in a
    record that is named, to every text that had some `before`.
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
    """Whether a spreadsheet makes this number of the text that was there."""
    if not (isinstance(had, str) and isinstance(text, str) and had.isdecimal()):
        return False
    return "".join(text.split()) == (had.lstrip("0") or "0")
