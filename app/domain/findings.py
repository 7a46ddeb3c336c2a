"""What the rules find in a meeting: a sentence, and the place where it is mended."""

from __future__ import annotations

from typing import NamedTuple


class Finding(NamedTuple):
    """Something missing or odd; `field` is the one to mend, empty when the record itself is.

    `gap` tells how far something is beyond what the rules let be, `instead` what is said to whoever
    would bring it about by something else than the record.
    """

    what: str
    record_id: str
    field: str = ""
    gap: int = 0
    instead: str = ""
