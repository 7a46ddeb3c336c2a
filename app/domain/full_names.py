"""Parts a person's name, which lists of delegates write in one cell, into last and first name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from app.domain.search_text import spaced

_CIVILITIES = frozenset(
    {
        "m", "mm", "mr", "mme", "mlle", "melle", "mle", "monsieur", "madame", "mademoiselle", "me",
        "maitre", "dr",
    }
)  # fmt: skip
PARTICLES = frozenset(
    {"d", "de", "du", "des", "l", "la", "le", "les", "van", "von", "der", "den", "da", "di", "dos"}
)
_ELIDED = re.compile("^[dl]['’]")
_STUCK = re.compile(r"\.(?=[^\W\d_]{2}|[dl]['’][^\W\d_])", re.IGNORECASE)  # « M.D'HONT »

_NOBODY = re.compile(
    r"(?:(?:poste|siege|designation|deleguee?|titulaire|suppleante?) )?(?:vacante?"
    r"|a (?:completer|confirmer|definir|designer|determiner|nommer|pourvoir|preciser|renseigner)"
    r"|non (?:communiquee?|connue?|designee?|pourvue?|renseignee?)"
    r"|en (?:attente|cours)(?: de (?:designation|nomination))?)"
    r"|(?:aucune?|pas de|sans) (?:deleguee?|titulaire|suppleante?)|aucune?|neant|n ?c|(?:xx+)?"
)
"""Folded words that stand in a list of delegates in place of a name that it lacks, if any."""


class Parted(NamedTuple):
    """A last name and a first one, which may be empty; `sure` is whether the cell itself says
    where one ends.
    """

    last: str
    first: str
    sure: bool


def part(text: str, *, last_comes_first: bool) -> Parted:
    """The two names in a text, without its civility.

    « DE LA TOUR Marie » and « Marie de La TOUR » say which is which by their capitals; where
    nothing does, as in « Jean Dupont », the order given decides and it is not sure.
    """
    words = _STUCK.sub(". ", text.replace(",", " ")).split()
    while len(words) > 1 and spaced(words[0]) in _CIVILITIES:
        words = words[1:]
    first, last = _in_capitals(words) or (0, 0)
    sure = (first == 0) != (last == len(words)) and last > 0
    if not sure:
        first, last = _in_order(words, last_comes_first=last_comes_first)
    others = words[:first] + words[last:]
    return Parted(" ".join(words[first:last]), " ".join(others), sure or not others)


def is_nobody(name: str) -> bool:
    """Whether words that stand for a name say that there is none."""
    return _NOBODY.fullmatch(spaced(name.lower().replace("(e)", "e"))) is not None


def _in_capitals(words: Sequence[str]) -> tuple[int, int] | None:
    """Where the words in capitals start and end, with the particles among and before them."""
    ranks = [rank for rank, word in enumerate(words) if _is_capital(word)]
    if not ranks:
        return None
    first, last = ranks[0], ranks[-1] + 1
    if any(not _is_capital(word) and not _is_particle(word) for word in words[first:last]):
        return None
    return _with_particles(words, first), last


def _in_order(words: Sequence[str], *, last_comes_first: bool) -> tuple[int, int]:
    """Where the last name starts and ends: one word and the particles before it."""
    if not last_comes_first:
        return _with_particles(words, max(len(words) - 1, 0)), len(words)
    end = next((rank for rank, word in enumerate(words, 1) if not _is_particle(word)), len(words))
    return 0, end


def _with_particles(words: Sequence[str], first: int) -> int:
    while first > 0 and _is_particle(words[first - 1]):
        first -= 1
    return first


def _is_capital(word: str) -> bool:
    """Whether a word is in capitals; an initial does not count."""
    bare = _ELIDED.sub("", word)
    return bare.isupper() and sum(map(str.isalpha, bare)) > 1 and not bare.endswith(".")


def _is_particle(word: str) -> bool:
    return spaced(word) in PARTICLES
