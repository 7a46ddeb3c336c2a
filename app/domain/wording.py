"""French words: plurals, dates, hours, amounts, lists, and the typography of screen and paper.

What this module composes has ordinary spaces and straight apostrophes, as JSON wants it;
`typographic` dresses it for screen and paper.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from app.domain import dates

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip

NO_BREAK = "\u00a0"
_SPACES = re.compile("[\u00a0\u202f\u2007\u2009]")
_APOSTROPHES = re.compile("[\u2018\u2019\u02bc]")
_BEFORE_MARK = re.compile(r"(?<=\S)[ \u00a0\u202f]+(?=[;:!?»])")
_MISSING_BEFORE_MARK = re.compile(r"(?<=[\w)\]»])(?=[;:!?]+(?:\s|$))")
_AFTER_QUOTE = re.compile(r"«[ \u00a0\u202f]*")
_BEFORE_QUOTE = re.compile(r"(?<![ \u00a0\u202f])[ \u00a0\u202f]*+»")  # fast on a long run
_ELIDED = re.compile(
    "[aeiouàâäéèêëîïôöûüœæø]|y(?![aeiouéèê])|h(?:[eéèêuy]|adr|arm|il|ip|om|onor|or)", re.IGNORECASE
)
"""How a name begins after « d' »: an h is mute before e, u and y; before a, i and o, in the names
that are like Hadrien, Harmonie, Hilaire, Hippolyte, Homère, Honoré or Hortense.
"""

_WITHIN_NUMBER = re.compile(
    r"(?<=\d) (?=\d{3}(?!\d)|[€%]|(?:h|min|jours?)\b"
    r"|(?:pour|contre|abstentions?|blancs?)(?:[,)]|$))"
    r"|(?<=\d h) (?=\d\d\b)|(?<=n°) (?=\d)"
)


def count(number: int, singular: str, plural: str = "") -> str:
    """« 0 présent », « 1 présent », « 1 200 présents »; the plural adds an s unless given."""
    return f"{whole(number)} {agree(number, singular, plural)}"


def agree(number: int, singular: str, plural: str = "") -> str:
    """The noun alone, in the number that French gives it: the plural begins at two."""
    return singular if abs(number) < 2 else plural or f"{singular}s"


def listed(words: Sequence[str]) -> str:
    """« A, B et C »; an empty text for no word."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} et {words[-1]}"


def either(words: Sequence[str]) -> str:
    """« A, B ou C »; an empty text for no word."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} ou {words[-1]}"


def short_day(day: date) -> str:
    """« 19 mars 2027 », « 1er mars 2027 »."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number} {MONTHS[day.month - 1]} {day.year}"


def long_day(day: date) -> str:
    """« vendredi 19 mars 2027 »."""
    return f"{WEEKDAYS[day.weekday()]} {short_day(day)}"


def hour(instant: str) -> str:
    """« 18 h 40 », « 18 h »: the time in Europe/Paris of an ISO 8601 instant.

    « 2 h 15 (heure d'hiver) » where the clocks go back, and an hour comes twice.
    """
    moment = dates.instant(instant).astimezone(dates.PARIS)
    said = f"{moment.hour} h {moment.minute:02}" if moment.minute else f"{moment.hour} h"
    if moment.replace(fold=0).utcoffset() == moment.replace(fold=1).utcoffset():
        return said
    season = "d'été" if moment.dst() else "d'hiver"
    return f"{said} (heure {season})"


def day_and_hour(instant: str) -> str:
    """« vendredi 19 mars 2027 à 18 h 40 »."""
    return f"{long_day(dates.local_day(instant))} à {hour(instant)}"


def duration(seconds: float) -> str:
    """« une minute », « 2 minutes », « 3 heures »: so many seconds, rounded up."""
    minutes = math.ceil(seconds / 60)
    if minutes >= 120:
        return count(math.ceil(minutes / 60), "heure")
    return count(minutes, "minute") if minutes > 1 else "une minute"


def whole(number: int) -> str:
    """« 1 234 »: a whole number with its thousands apart."""
    return f"{number:,}".replace(",", " ")


def amount(cents: int) -> str:
    """« 1 234,56 € » for 123456 cents."""
    euros, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole(euros)},{rest:02} €"


def per_cent(tenths: str) -> str:
    """« 12,5 % », « -1 183,3 % » for "-1183.3"."""
    return f"{Decimal(tenths):,}".translate({44: " ", 46: ","}) + " %"


def size(octets: int) -> str:
    """« 640 octets », « 12 ko », « 1,4 Mo », « 2,1 Go », in powers of 1 000 as the systems' folders
    say.
    """
    if octets < 1000:
        return count(octets, "octet")
    if octets < 999_500:
        return f"{round(octets / 1000)} ko"
    if octets < 999_950_000:
        return f"{octets / 1_000_000:.1f} Mo".replace(".", ",")
    return f"{octets / 1_000_000_000:.1f} Go".replace(".", ",")


_LONG_WORD = 15  # letters of a word that is cut rather than left out


def shortened(text: str, most: int) -> str:
    """The text on one line, cut to so many letters, the ellipsis included.

    The cut falls between two words, unless the one that it falls in is long.
    """
    line = " ".join(text[: 2 * most].split())
    if len(line) <= most:  # of a text that is short, or full of spaces
        line = " ".join(text.split())
    if len(line) <= most:
        return line
    whole_words, _, part = line[:most].rpartition(" ")
    kept = whole_words if whole_words and len(part) <= _LONG_WORD else line[: most - 1]
    return f"{kept.rstrip(' ,;:«(')}…"


def capitalised(text: str) -> str:
    """The text with its first letter as a capital, the others untouched."""
    return text[:1].upper() + text[1:]


_SOME = 4  # how many words of several are named


def some(words: Sequence[str]) -> str:
    """The first few of the words, with an ellipsis for the others, as the end of a sentence."""
    return ended(", ".join([*words[:_SOME], *("…" for _ in words[_SOME : _SOME + 1])]))


def ended(text: str) -> str:
    """« Fin. », « Fin ! »: the text as a sentence, with a stop unless it ends with one."""
    text = text.rstrip()
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def of(name: str) -> str:
    """« de Vougeot », « d'Agencourt », « de Yannick », « d'Hélène », « de Hautot »: the name after
    the preposition.
    """
    return f"d'{name}" if _ELIDED.match(name) else f"de {name}"


def of_place(name: str) -> str:
    """« du Creusot », « de La Motte-Ternant », « de la CC du Morvan »: after the preposition."""
    for article, contracted in (("Le ", "du "), ("Les ", "des ")):
        if name.startswith(article):
            return contracted + name.removeprefix(article)
    article = _ARTICLES.get(name.partition(" ")[0], "")
    return f"{article}{name}" if article else of(name)


_ARTICLES = {
    word: article
    for article, words in (
        ("de la ", "CC CA CU Communauté Commune Métropole Région Ville"),
        ("du ", "SIVOM SIVU SIVOS SIAEP SICTOM SMICTOM SIRTOM SICECO SIEEEN SYDESL SDEY CCAS CIAS"
                " PETR Centre Conseil Département Parc Pôle Syndicat Territoire"),
        ("de l'", "Agence Association EPAGE EPTB Office Union"),
    )
    for word in words.split()
}  # fmt: skip
"""The preposition and the article before a body's name, by its first word."""


def typographic(text: str) -> str:
    """The text with the no-break spaces that French typography asks for.

    U+00A0 stands before ; : ! ? and inside « », within numbers and before their units. A colon
    inside a time, a ratio or an address (`18:40`, `https://…`) is left alone.
    """
    text = _BEFORE_MARK.sub(NO_BREAK, text)
    text = _MISSING_BEFORE_MARK.sub(NO_BREAK, text)
    text = _AFTER_QUOTE.sub("«" + NO_BREAK, text)
    text = _BEFORE_QUOTE.sub(NO_BREAK + "»", text)
    return _WITHIN_NUMBER.sub(NO_BREAK, text)


def plain(text: str) -> str:
    """The text with straight apostrophes and ordinary spaces, as JSON output carries it."""
    return _APOSTROPHES.sub("'", _SPACES.sub(" ", text))
