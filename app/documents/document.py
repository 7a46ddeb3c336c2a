"""What a document is once made, and the letterhead that all of them share."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from app.domain import wording

PDF = "application/pdf"
CALENDAR = "text/calendar"
DRAFT = "message/rfc822"


@dataclass(frozen=True)
class Document:
    """A file to save, print or send; `missing_glyphs` are the characters that its fonts lack.

    A `one_sided` document has parts for different people, which must not share a sheet of paper.
    """

    data: bytes
    media_type: str
    file_name: str
    missing_glyphs: tuple[str, ...] = ()
    one_sided: bool = False


@dataclass(frozen=True)
class Letterhead:
    """Who publishes the documents: the operator's name, its address, a logo (PNG or JPEG).

    `logo_words` say whose logo it is, or what it shows.
    """

    operator: str = "GIP Territoires Numériques Bourgogne-Franche-Comté"
    address: str = ""
    logo: bytes = b""
    logo_words: str = ""


def file_name(*parts: str, ending: str = "pdf") -> str:
    """A name for a file that every system takes: « pv-2027-03-19-pays-de-nuits.pdf »."""
    text = unicodedata.normalize("NFKD", "-".join(part for part in parts if part)).lower()
    letters = "".join(letter for letter in text if not unicodedata.combining(letter))
    slug = re.sub(r"[^a-z0-9]+", "-", letters.replace("œ", "oe").replace("æ", "ae")).strip("-")
    return f"{slug[:80].rstrip('-') or 'document'}.{ending}"


def missing_sentence(letters: tuple[str, ...]) -> str:
    """« La police n'a pas de dessin pour ce caractère, remplacez-le : « 😀 » (U+1F600). »"""
    named = [
        f"« {letter} » (U+{ord(letter):04X})"
        if unicodedata.category(letter)[0] not in "CM"
        else f"U+{ord(letter):04X}"
        for letter in letters
    ]
    these = "ce caractère, remplacez-le" if len(letters) == 1 else "ces caractères, remplacez-les"
    return f"La police n'a pas de dessin pour {these} : {wording.listed(named)}."
