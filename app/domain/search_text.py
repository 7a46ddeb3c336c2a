"""Words as the search compares them: case, accents and ligatures folded, French stems."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import filterfalse
from typing import Any

TITLES = ("title", "name", "last_name", "first_name", "label", "question", "insee_code", "siren")
BODIES = (
    "words", "notes", "body", "todo", "description", "text", "reference", "reason", "outcome",
    "owner", "presenter", "place", "provider", "answer", "role", "email", "address", "replaces",
    "url", "emergency_reason", "phone", "member_category", "services", "act_reference", "plan",
)  # fmt: skip
_WORD = re.compile(r"[^\W_]+")
_PARTED = {sign: " " for sign in range(128) if not chr(sign).isalnum()}
_SIGNS = frozenset("'’‐‑-")
_SAINTS = re.compile(r"\bst(e?) ")
_JOINED = re.compile(r"(?<![^\W_])[^\W_]++(?:['’‐‑-][^\W_]++){1,4}")  # fast on a long run


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """A text in lower case without accents; œ and æ become two letters."""
    if text.isascii():
        return text.lower()
    spread = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    return "".join(filterfalse(unicodedata.combining, spread))


def words(text: str) -> list[str]:
    """The folded words of a text; apostrophes and hyphens part them."""
    folded = fold.__wrapped__(text)  # a whole text is folded once: it has no place in the cache
    return folded.translate(_PARTED).split() if folded.isascii() else _WORD.findall(folded)


def spaced(text: str) -> str:
    """The folded words of a text, a space between them, to compare two spellings of one name."""
    return " ".join(words(text))


def spelt_out(folded: str) -> str:
    """Folded words with « st » and « ste » before another word spelt out: saint, sainte."""
    return _SAINTS.sub(r"saint\1 ", folded)


def joined(text: str) -> list[str]:
    """The words with apostrophes or hyphens, folded, as somebody who leaves these out types them.

    « L'Étang-Vergy » gives letang, letangvergy and etangvergy.
    """
    found: list[str] = []
    if _SIGNS.isdisjoint(text):
        return found
    for match in _JOINED.finditer(text):
        parts = words(match.group())
        for first in range(len(parts)):
            found += ["".join(parts[first:last]) for last in range(first + 2, len(parts) + 1)]
    return found


_stemmer: Any = None


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The French stem of a folded word (Snowball)."""
    global _stemmer  # noqa: PLW0603 - loading it costs more than a search
    if _stemmer is None:
        import snowballstemmer

        _stemmer = snowballstemmer.stemmer("french")
    return str(_stemmer.stemWord(word))


def searchable(fields: Mapping[str, Any]) -> tuple[str, str]:
    """(title, body) of a record: the texts in which one looks for words."""
    titles, bodies = (said(map(fields.get, names)) for names in (TITLES, BODIES))
    return " ".join(titles), "\n".join(bodies)


def said(values: Iterable[Any]) -> list[str]:
    """The searchable text of each value: a text, the texts of a list, the suppliers of a plan."""
    return [text for value in values if value and (text := _said(value))]


def _said(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping) and isinstance(offers := value.get("offers"), Sequence):
        value = [offer.get("supplier") for offer in offers if isinstance(offer, Mapping)]
    if isinstance(value, Sequence):
        return ", ".join(one for one in value if one and isinstance(one, str))
    return ""
