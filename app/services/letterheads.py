"""The letterhead of the documents, from the workspace's settings."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from app.documents.document import Letterhead
from app.errors import UserError
from app.services.settings import Settings


@dataclass(frozen=True)
class Logo:
    """A PNG or JPEG, and the words that are read aloud in its stead."""

    data: bytes
    words: str


def operator_logo(settings: Settings) -> Logo | None:
    """The operator's own logo, whatever its bytes are."""
    encoded: str = settings.get("operator_logo")
    if not encoded:
        return None
    words: str = settings.get("operator_logo_words") or settings.get("operator_name")
    try:
        return Logo(base64.b64decode(encoded, validate=True), words)
    except ValueError:
        return Logo(encoded.encode(), words)


def letterhead(settings: Settings, logo: Logo | None = None) -> Letterhead:
    """The operator's name and address, with a logo, by default its own.

    UserError when the logo is no picture.
    """
    from app.documents.pdf.picture import Picture

    name: str = settings.get("operator_name")
    address: str = settings.get("operator_address")
    logo = logo or operator_logo(settings)
    if logo is None:
        return Letterhead(name, address)
    try:
        Picture(logo.data, 1)
    except ValueError as error:
        raise UserError(unfit(error)) from error
    return Letterhead(name, address, logo.data, logo.words)


def unfit(error: ValueError) -> str:
    """Why a picture is refused as a logo, and what to do."""
    return f"Le logo ne convient pas, {error} : choisissez-en un autre dans Réglages, Commission."
