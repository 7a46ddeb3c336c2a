"""The canonical form of JSON (RFC 8785): one sequence of bytes for one value, whoever writes it."""

from __future__ import annotations

from math import isfinite
from typing import Any

import msgspec

MAX_INTEGER = 2**53 - 1
"""The greatest whole number that every reader of JSON holds exactly (RFC 7493)."""

_SIMPLE = frozenset({str, bool, type(None)})
_encode = msgspec.json.Encoder(order="sorted").encode


def canonical(value: Any) -> bytes:
    """The RFC 8785 form of a value made of None, bool, int, float, str, list, tuple and dict.

    Raises ValueError where the form has no exact writing: a number that is not finite, a whole
    number that no float holds exactly as written, a lone surrogate; TypeError on any other type.
    """
    if _is_plain(value):
        return _encode(value)
    return _write(value).encode()


def _is_plain(value: Any) -> bool:
    """Whether msgspec's sorted form is already the canonical one.

    It is, except for floats, which msgspec writes otherwise than ECMAScript, and for keys beyond
    ASCII, which it sorts by code point where RFC 8785 sorts by UTF-16 code unit.
    """
    kind = type(value)
    if kind in _SIMPLE:
        return True
    if kind is int:
        return bool(-MAX_INTEGER <= value <= MAX_INTEGER)
    if kind is dict:
        for key, member in value.items():
            if type(key) is not str or not key.isascii():
                return False
            if type(member) not in _SIMPLE and not _is_plain(member):
                return False
        return True
    return (kind is list or kind is tuple) and all(map(_is_plain, value))


def _write(value: Any) -> str:
    if isinstance(value, dict):
        keys = sorted(value, key=_utf16)
        return "{" + ",".join(f"{_write_text(key)}:{_write(value[key])}" for key in keys) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_write, value)) + "]"
    if isinstance(value, float):
        return _write_float(value)
    if isinstance(value, int) and not -MAX_INTEGER <= value <= MAX_INTEGER:
        return _write_great(value)
    if value is None or isinstance(value, str | int):
        return _encode(value).decode()
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _write_text(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError("a key of an object is a text")
    return _encode(key).decode()


def _utf16(key: Any) -> bytes:
    return key.encode("utf-16-be") if isinstance(key, str) else b""


def _write_great(value: int) -> str:
    """A whole number as the float of that value is written; ValueError when no float holds it."""
    try:
        written = _write_float(float(value))
    except OverflowError as error:
        raise ValueError("a whole number is too great") from error
    if written != str(value):
        raise ValueError("a whole number is too great to be written exactly")
    return written


def _write_float(value: float) -> str:
    """The number as ECMAScript's Number::toString writes it; Python gives the same digits."""
    if not isfinite(value):
        raise ValueError("a number that is not finite has no form in JSON")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, _, power = f"{abs(value)!r}".partition("e")
    whole, _, part = mantissa.partition(".")
    part = "" if part == "0" else part
    point = len(whole) + int(power or 0)  # where the decimal point stands among the digits
    digits = (whole + part).lstrip("0")
    point -= len(whole + part) - len(digits)
    digits = digits.rstrip("0")
    return sign + _place(digits, point)


def _place(digits: str, point: int) -> str:
    if len(digits) <= point <= 21:
        return digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    tail = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{tail}e{point - 1:+d}"
