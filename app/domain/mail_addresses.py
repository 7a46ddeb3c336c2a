"""Which texts are e-mail addresses that any mail program takes."""

from __future__ import annotations

import re

_ATOMS = r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*"
_ADDRESS = re.compile(f"{_ATOMS}@{_ATOMS}", re.ASCII)


def is_address(text: str) -> bool:
    """Whether a text is an address: « mairie@vougeot.fr », not « néant » (RFC 5322, 3.4.1)."""
    return _ADDRESS.fullmatch(text.strip()) is not None
