"""What a text, a number, a date or an id may be in a record, and the one way to write a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from app.domain import dates
from app.domain.canonical import MAX_INTEGER
from app.domain.records import Format, Ref
from app.domain.refusals import Refusal
from app.domain.wording import whole

BARRED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters but for line feed and tab, and halves of characters (lone surrogates)."""
_ESCAPED = re.compile(rb'\\[^"\\nt]')
_C1 = re.compile(rb"\xc2[\x80-\x9f]")
"""`_ESCAPED` and `_C1` find all barred characters of UTF-8 JSON but delete, and some good ones."""
_DELETE, _BACKSLASH = 0x7F, 0x5C  # as numbers, which `in` finds faster in bytes than other bytes
SHA256 = re.compile(r"[0-9a-f]{64}\Z")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")


def normal(value: Any) -> Any:
    """The same value with its texts in NFC and their line ends as LF."""
    if isinstance(value, str):
        if "\r" in value:
            value = value.replace("\r\n", "\n").replace("\r", "\n")
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {normal(key): normal(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [normal(member) for member in value]
    return value


def is_normal(form: bytes) -> bool:
    """Whether JSON as msgspec writes it shows no text that is barred, or that `normal` changes.

    A good form may be doubted, but no bad one passes: every part of a text in NFC is in NFC.
    """
    if _DELETE in form or (_BACKSLASH in form and _ESCAPED.search(form)):
        return False
    if form.isascii():
        return True
    return not _C1.search(form) and unicodedata.is_normalized("NFC", form.decode())


def check_value(value: Any, where: str, most: int) -> None:
    """Refusal when a text at any depth is too long or holds a barred character, or a number is too
    great; `most` is the number of characters that a text may have.
    """
    if isinstance(value, str):
        _check_text(value, where, most)
    elif isinstance(value, dict):
        for key, member in value.items():
            _check_text(key, where, most)
            check_value(member, where, most)
    elif isinstance(value, list):
        for member in value:
            check_value(member, where, most)
    elif isinstance(value, int) and abs(value) > MAX_INTEGER:
        raise Refusal(f"le nombre {str(value)[:40]} est trop grand.", field=where)


def _check_text(value: str, where: str, most: int) -> None:
    if len(value) > most:
        raise Refusal(
            f"le texte compte {whole(len(value))} caractères et n'en peut compter que"
            f" {whole(most)} : raccourcissez-le ou joignez-le en pièce jointe.",
            field=where,
        )
    if found := BARRED.search(value):
        if found[0] >= "\ud800":
            raise Refusal("un caractère n'est pas lisible : tapez le texte à nouveau.", field=where)
        raise Refusal(
            f"le caractère de commande U+{ord(found[0]):04X} n'est pas admis : retirez-le.",
            field=where,
        )


def _check_day(text: str) -> bool:
    return 1900 <= dates.day(text).year <= 2200


def _check_instant(text: str) -> bool:
    return 1900 <= dates.instant(text).year <= 2200


def _check_fraction(text: str) -> bool:
    return re.fullmatch(r"[0-9]{1,4}/[1-9][0-9]{0,3}", text) is not None and 0 < Fraction(text) < 1


_FORMATS: dict[Format, tuple[Callable[[str], bool], str]] = {
    Format.DATE: (_check_day, "une date AAAA-MM-JJ entre 1900 et 2200"),
    Format.INSTANT: (
        _check_instant,
        "un instant ISO 8601 avec son décalage horaire, entre 1900 et 2200"
        " (par exemple 2027-03-19T18:30:00+01:00)",
    ),
    Format.FRACTION: (
        _check_fraction,
        "une fraction entre 0 et 1 (quatre chiffres au plus de chaque côté), par exemple 1/2",
    ),
    Format.SHA256: (lambda text: SHA256.match(text) is not None, "une empreinte SHA-256"),
}


def check_leaf(value: str, mark: Format | Ref, where: str) -> None:
    """Refusal when a text lacks its mark's form; a `Ref` asks for an id, except of a theme."""
    if isinstance(mark, Ref):
        if mark.kinds != ("theme",) and not UUID.match(value):
            raise Refusal(f"« {value[:60]} » n'est pas un identifiant.", field=where)
        return
    check, expected = _FORMATS[mark]
    try:
        good = check(value)
    except ValueError:
        good = False
    if not good:
        raise Refusal(f"« {value[:60]} » n'est pas {expected}.", field=where)
