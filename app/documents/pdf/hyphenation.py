"""Where a French word may be divided, by the patterns that pyphen ships (Liang's method).

Patterns are found by their letters, and the numbers of one only read once a word holds it: pyphen
reads them all at first, which takes longer than setting a page.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

LEFT, RIGHT = 3, 3
"""The least letters that stay on the line, and that go to the next."""

_NUMBER = re.compile(r"\d")
_NO_RULE = re.compile(r"[A-Z%]")
"""How the lines that hold settings or comments begin."""

_WITHOUT_NUMBERS = str.maketrans("", "", "0123456789")


def positions(word: str) -> list[int]:
    """How many letters may stand before a hyphen, in ascending order."""
    patterns, longest = _patterns()
    pointed = f".{word.lower()}."
    weights = [0] * (len(pointed) + 1)
    for start in range(len(pointed) - 1):
        for end in range(start + 1, min(start + longest, len(pointed)) + 1):
            pattern = patterns.get(pointed[start:end])
            if pattern is not None:
                for place, weight in _weights(pattern):
                    weights[start + place] = max(weights[start + place], weight)
    last = len(word) - RIGHT
    return [at - 1 for at, weight in enumerate(weights) if weight % 2 and LEFT < at <= last + 1]


@cache
def _patterns() -> tuple[dict[str, str], int]:
    """Each pattern by its letters, and the length of the longest."""
    found = find_spec("pyphen")
    assert found is not None
    assert found.origin is not None
    file = Path(found.origin).with_name("dictionaries") / "hyph_fr.dic"
    lines = file.read_text("utf-8").splitlines()
    rules = [one for one in lines if _NUMBER.search(one) and not _NO_RULE.match(one)]
    patterns = {rule.translate(_WITHOUT_NUMBERS): rule for rule in rules}
    return patterns, max(map(len, patterns))


@cache
def _weights(pattern: str) -> list[tuple[int, int]]:
    """The numbers of a pattern, each with the letters before it."""
    return [
        (found.start() - passed, int(found[0]))
        for passed, found in enumerate(_NUMBER.finditer(pattern))
    ]
