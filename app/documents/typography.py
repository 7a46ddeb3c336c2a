"""French typography on paper: the spaces, apostrophes and ellipses that a typesetter puts."""

from __future__ import annotations

import re

from app.domain.wording import MONTHS, NO_BREAK

THIN = "\u202f"
"""The narrow no-break space of French thousands and of « ; ! ? »."""

_MONTH = "|".join(MONTHS)

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<=\w)'(?=[\w«])"), "’"),
    (re.compile(r"\.\.\."), "…"),
    (re.compile(r"« ?(?=\S)"), f"«{NO_BREAK}"),
    (re.compile(r"(?<=\S) ?»"), f"{NO_BREAK}»"),
    (re.compile(r"(?<=\S) (?=[;!?])"), THIN),
    (re.compile(r"(?<!\S)([^\s&]*[\w)»€%’…])(?=[;!?]+(?:[\s)»]|$))"), rf"\1{THIN}"),
    (re.compile(r"(?<=[\w)»€%’…]) ?:(?=\s|$)"), f"{NO_BREAK}:"),
    (
        re.compile(r"\b([nN]os?|[nN]°s?|art\.|[LRD]\.|p\.|Me|Dr) (?=[\dA-ZÀ-Ý…])"),
        rf"\1{NO_BREAK}",
    ),
    (re.compile(r"§ (?=\d)"), f"§{NO_BREAK}"),
    (re.compile(r"\b(\d{5}) (?=[A-ZÀ-ÝŒ])"), rf"\1{NO_BREAK}"),  # a postal code and its town
    (re.compile(r"\b(M\.|MM\.|Mmes?) (?=\w)"), rf"\1{NO_BREAK}"),
    (re.compile(r"(?<=\d) (?=\d{3}(?!\d))"), THIN),
    (re.compile(r"(?<=[\d…]) (?=(?:€|%|h|min|km|Go|Mo|Mbit/s)(?!\w))"), NO_BREAK),
    (re.compile(rf"(?<=\d{NO_BREAK}h) (?=\d)"), NO_BREAK),
    (re.compile(rf"\b(1er|\d{{1,2}}) (?=(?:{_MONTH})\b)"), rf"\1{NO_BREAK}"),
    (re.compile(rf"\b({_MONTH}) (?=\d{{4}}\b)"), rf"\1{NO_BREAK}"),
    (re.compile(r"(?<=\w) (?=[–—] )"), NO_BREAK),
    (re.compile(r"(?<=\d) (?=(?:pour|contre|abstentions?|blancs?)(?:[,)]|$))"), NO_BREAK),
    (re.compile(rf"(?<!\S)-(?=\d[\d{THIN}]*(?:,\d+)?{NO_BREAK}[€%])"), "−"),
)
_NEEDED = re.compile(r"['.…«»;!?:°]|\d|Mm?e?s?\b|\bMe |\bDr |[–—]")


def french(text: str) -> str:
    """The text with the spaces, apostrophes and ellipses of French typography.

    Only spaces, apostrophes, ellipses and minus signs change: no letter, no digit.
    """
    if not _NEEDED.search(text):
        return text
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text
