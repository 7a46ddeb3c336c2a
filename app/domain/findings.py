"""What the rules find in a meeting: a sentence, and the place where it is mended."""

from __future__ import annotations

from typing import NamedTuple


class Finding(NamedTuple):
    """Something missing or odd; `field` is the one to mend, empty when the record itself is.

    `gap` is by how much a limit of the rules is exceeded; `instead` is what to say, in the place of
    `what`, to a user who would cause it by changing another record than this one.
    """

    what: str
    record_id: str
    field: str = ""
    gap: int = 0
    instead: str = ""
