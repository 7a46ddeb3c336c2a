"""JSON text of any origin, decoded strictly, with the place of the fault when there is one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from app.domain.refusals import Refusal

_SURROGATE = re.compile("[\ud800-\udfff]")
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")


class _Twice(dict[str, Any]):
    """An object in which a key stands twice."""


def decode(data: bytes) -> Any:
    """The value of UTF-8 JSON, with or without a byte-order mark.

    Raises Refusal, with the line and column or the path, on text that is not JSON, on a key that
    stands twice in one object, a number that is not finite, an unpaired surrogate.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(
            f"l'octet {error.start} n'est pas de l'UTF-8 : enregistrez le fichier en UTF-8."
        ) from error
    suspect = _SURROGATE_ESCAPE.search(text) is not None

    def as_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal suspect
        found = dict(pairs)
        if len(found) == len(pairs):
            return found
        suspect = True
        return _Twice(found)

    try:
        value = _loads(text, as_object)
        for path, sentence in _faults(value, "") if suspect else ():
            raise Refusal(sentence, field=path)
    except RecursionError as error:
        raise Refusal("les valeurs y sont trop profondément imbriquées.") from error
    return value


def _loads(text: str, as_object: Any) -> Any:
    try:
        return json.loads(
            text, object_pairs_hook=as_object, parse_constant=_not_finite, parse_float=_finite
        )
    except json.JSONDecodeError as error:
        raise Refusal(
            f"ce n'est pas du JSON valide (ligne {error.lineno}, colonne {error.colno})."
        ) from error
    except ValueError as error:
        if isinstance(error, Refusal):
            raise
        raise Refusal("un nombre y a trop de chiffres.") from error


def _not_finite(text: str) -> NoReturn:
    raise Refusal(f"« {text} » n'est pas un nombre en JSON.")


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise Refusal(f"le nombre « {text[:40]} » est trop grand.")
    return value


def _faults(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """The path and the sentence of each fault that only a look at the whole value finds."""
    if isinstance(value, str) and _SURROGATE.search(value):
        yield path, "ce texte contient une moitié de caractère (U+D800 à U+DFFF) : retirez-la."
    if isinstance(value, _Twice):
        yield path, "une même clé figure deux fois dans cet objet : n'en gardez qu'une."
    if isinstance(value, dict):
        for key, member in value.items():
            yield from _faults(key, path)
            yield from _faults(member, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for rank, member in enumerate(value):
            yield from _faults(member, f"{path}[{rank}]")
