"""Pictures on paper: a logo in the colours that archives accept."""

from __future__ import annotations

import struct
from io import BytesIO
from typing import TYPE_CHECKING, Any

from app.documents.pdf.styles import MM

if TYPE_CHECKING:
    from PIL.Image import Image

WIDEST = 60 * MM
MOST_BYTES = 4 << 20
MOST_PIXELS = 20_000_000
KEPT = (1_600, 640)
"""The width and height in pixels that a logo keeps: enough for 60 × 14 mm at 600 dpi."""


class Picture:
    """A PNG or JPEG scaled to a height in points; ValueError when the bytes are no picture."""

    def __init__(self, data: bytes, height: float) -> None:
        self._image = _opened(data)
        width = height * self._image.width / self._image.height
        ratio = min(1, WIDEST / width)
        self.size = (width * ratio, height * ratio)

    def paint(self, canvas: Any, x: float, y: float) -> None:
        """Draws the picture from its lower left corner."""
        from reportlab.lib.utils import ImageReader

        canvas.drawImage(ImageReader(self._image), x, y, *self.size)


class _Unfit(ValueError):
    """A picture that can be read but cannot be a logo."""


def as_logo(data: bytes) -> bytes:
    """A picture of any origin as a small PNG of nothing but its pixels.

    ValueError, with a French sentence for the user, when it is not a picture fit for a logo.
    """
    image = _opened(data)
    image.thumbnail(KEPT)
    stream = BytesIO()
    image.save(stream, "PNG", optimize=True)
    return stream.getvalue()


def _opened(data: bytes) -> Image:
    """The picture upright, over white, in sRGB: PDF/A takes neither other colours nor transparency.

    Its sizes in bytes and in pixels are judged before a pixel is decoded.
    """
    from PIL import Image, UnidentifiedImageError

    if len(data) > MOST_BYTES:
        raise ValueError(f"le fichier dépasse {MOST_BYTES >> 20} Mo")
    try:
        with Image.open(BytesIO(data), formats=("PNG", "JPEG")) as opened:
            width, height = opened.size
            if width * height > MOST_PIXELS:
                raise _Unfit(f"l'image dépasse {MOST_PIXELS // 1_000_000} millions de points")
            if not 1 / 20 <= width / height <= 20:
                raise _Unfit("l'image est trop étroite")
            upright = _upright(opened)
            canvas = Image.new("RGBA", upright.size, "white")
            canvas.alpha_composite(upright.convert("RGBA"))
            return canvas.convert("RGB")
    except _Unfit:
        raise
    except (
        UnidentifiedImageError, OSError, SyntaxError, ValueError, struct.error,
        Image.DecompressionBombError,
    ) as error:  # fmt: skip
        raise ValueError("ce n'est pas une image PNG ou JPEG lisible") from error


def _upright(image: Image) -> Image:
    """The picture turned as its EXIF tells. `ImageOps.exif_transpose` also writes the EXIF again,
    which fails on an odd one.
    """
    from PIL.Image import Transpose

    turns: dict[Any, Transpose] = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    turn = turns.get(image.getexif().get(0x0112))
    return image if turn is None else image.transpose(turn)
