"""Which words of a French text are looked up in a dictionary, and in which spellings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import combinations, product
from typing import NamedTuple

APOSTROPHES = "'’"
_HYPHENS = "\u2010\u2011-"

_TOKEN = re.compile(  # each branch only begins where a token may, so that long lines stay fast
    rf"""
      \{{[^{{}}\n]*\}}                              # a variable of a template
    | (?:https?://|www\.)\S+ | (?<![^\s}}])\S+@\S+  # an address
    | (?<![\w-])-*+\w[\w-]*+(?:\.(?![A-ZÀ-ÞŒ][a-zß-ÿœ'’])\w[\w-]*+)+  # a file, a site; no sentence
    | (?<![\w-])[\w-]*[\d_][\w-]*                  # a number, « 27e », « n_4 »
    | (?<!\w)(?P<word>[^\W\d_]+(?:[{APOSTROPHES}{_HYPHENS}][^\W\d_]+)*)
    """,
    re.VERBOSE,
)
_ELIDED = re.compile(
    rf"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu|presqu|quelqu)[{APOSTROPHES}](?=\w)",
    re.IGNORECASE,
)
_RUN_IN = re.compile(r"(?:[cdjlmnst]|qu)(?=[aeiouyhàâéèêîïôûœ]\w)", re.IGNORECASE)
_PARTS = re.compile(f"[{APOSTROPHES}{_HYPHENS}]")
_LEADS = re.compile(r"(?:^|[.!?…:]\s)[\s\"«»“”()*\d.–—-]*\Z")
_ABBREVIATED = re.compile(r"\b(?:M|MM|Me|Mgr|Dr|Pr|St|Ste|art|cf|[A-Z])\.\s*\Z")
_ACCENTED = {"e": "éêè", "c": "ç", "a": "àâ", "u": "ûù", "i": "îï", "o": "ô"}
"""The accented forms of the letters, likeliest letters and likeliest forms first."""

_LACKED = 3  # the most accents that are added to one word
_NEAR = 40  # how far before a word the end of the sentence before it is looked for


class Word(NamedTuple):
    """A word, where it stands in its text, and whether its capital opens a sentence."""

    start: int
    end: int
    text: str
    opens: bool


def words(text: str) -> Iterator[Word]:
    """The words to look up in a dictionary: no number, address, acronym or single letter."""
    for found in _TOKEN.finditer(text):
        word = found["word"]
        if word is None or len(word) < 2 or _is_acronym(word):
            continue
        opens = word[0].isupper() and _opens(text, found.start())
        yield Word(found.start(), found.end(), word, opens)


def plain(word: str) -> str:
    """The word with straight apostrophes and ASCII hyphens, as dictionaries write it."""
    for one in _HYPHENS[:-1]:
        word = word.replace(one, "-")
    return word.replace("’", "'")


def bare(word: str) -> str:
    """The word without what is elided before it: « Agencourt » of « d'Agencourt »."""
    return _ELIDED.sub("", word, count=1) if _ELIDED.match(word) else word


def parts(word: str) -> list[str]:
    """The parts of a word between hyphens and apostrophes; the whole word if it has none."""
    return _PARTS.split(word)


def hurried(word: str) -> Iterator[str]:
    """What a word typed in haste may stand for: with accents, then with an apostrophe as well."""
    yield from accented(word)
    if (run_in := _RUN_IN.match(word)) is not None:
        rest = word[run_in.end() :]
        yield from (f"{run_in[0]}'{one}" for one in accented(rest))


def accented(word: str) -> Iterator[str]:
    """The word with each choice of accents, whatever it was typed with, fewest accents first."""
    base = "".join(one for one in unicodedata.normalize("NFD", word) if not _combines(one))
    likeliest = list(_ACCENTED)
    places = [at for at, letter in enumerate(base) if letter.lower() in _ACCENTED]
    places.sort(key=lambda at: likeliest.index(base[at].lower()))
    for number in range(_LACKED + 1):
        for some in combinations(places, number):
            for marked in product(*(_ACCENTED[base[at].lower()] for at in some)):
                letters = list(base)
                for at, letter in zip(some, marked, strict=True):
                    letters[at] = letter.upper() if base[at].isupper() else letter
                yield "".join(letters)


def _combines(letter: str) -> bool:
    return bool(unicodedata.combining(letter))


def _is_acronym(word: str) -> bool:
    """Whether a part of the word has a capital elsewhere than first: « RGPD », « l'ANCT »."""
    return any(part[1:] != part[1:].lower() for part in parts(word))


def _opens(text: str, start: int) -> bool:
    near = max(0, start - _NEAR)
    line = text.rfind("\n", near, start) + 1
    before = text[line:start] if line or not near else f"x{text[near:start]}"
    return bool(_LEADS.search(before)) and not _ABBREVIATED.search(before)
