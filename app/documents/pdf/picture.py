"""Pictures on paper: a logo in the colours that archives accept."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from app.documents.pdf.styles import MM

WIDEST = 60 * MM


class Picture:
    """A PNG or JPEG scaled to a height in points; ValueError when the bytes are no picture."""

    def __init__(self, data: bytes, height: float) -> None:
        from PIL import Image, UnidentifiedImageError

        try:
            with Image.open(BytesIO(data)) as opened:
                # sRGB over white: PDF/A takes neither other colours nor interlaced transparency
                canvas = Image.new("RGBA", opened.size, "white")
                canvas.alpha_composite(opened.convert("RGBA"))
                self._image = canvas.convert("RGB")
        except (UnidentifiedImageError, OSError) as error:
            raise ValueError("this is no PNG or JPEG picture") from error
        width = height * self._image.width / self._image.height
        ratio = min(1, WIDEST / width)
        self.size = (width * ratio, height * ratio)

    def paint(self, canvas: Any, x: float, y: float) -> None:
        """Draws the picture from its lower left corner."""
        from reportlab.lib.utils import ImageReader

        canvas.drawImage(ImageReader(self._image), x, y, *self.size)
