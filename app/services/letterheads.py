"""The letterhead of the documents, from the workspace's settings."""

from __future__ import annotations

import base64

from app.documents.document import Letterhead
from app.errors import UserError
from app.services.settings import Settings


def letterhead(settings: Settings) -> Letterhead:
    """The operator's name, address and logo; UserError when the logo is no picture."""
    encoded: str = settings.get("operator_logo")
    logo = b""
    if encoded:
        from app.documents.pdf.picture import Picture

        try:
            logo = base64.b64decode(encoded, validate=True)
            Picture(logo, 1)
        except ValueError as error:
            raise UserError(
                "Le logo n'est pas une image PNG ou JPEG : choisissez-en une autre dans les"
                " réglages."
            ) from error
    return Letterhead(settings.get("operator_name"), settings.get("operator_address"), logo)
