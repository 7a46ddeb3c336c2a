"""Instants as people and programs give them."""

from __future__ import annotations

from datetime import datetime

from app.clock import Clock
from app.domain.dates import PARIS
from app.errors import UserError


def as_instant(text: str | None, clock: Clock) -> str:
    """The ISO 8601 instant with its offset; None is the present one, no offset is Europe/Paris.

    UserError when the text is no instant, or lies outside 1900–2200.
    """
    if text is None:
        return clock().isoformat()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UserError(_sentence(text)) from error
    if len(text) <= 10 or not 1900 <= moment.year <= 2200:
        raise UserError(_sentence(text))
    return (moment if moment.tzinfo else moment.replace(tzinfo=PARIS)).isoformat()


def _sentence(text: str) -> str:
    return (
        f"« {text[:60]} » n'est pas un instant entre 1900 et 2200 : écrivez par exemple"
        " 2027-03-19T18:30:00+01:00."
    )
