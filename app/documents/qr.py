"""QR codes as squares to draw."""

from __future__ import annotations


def modules(text: str) -> list[list[bool]]:
    """The dark and light squares of the QR code of a text, its quiet zone aside, from the top.

    Error correction is at level M: the code is read with 15 % of it spoilt.
    """
    from reportlab.graphics.barcode import qrencoder

    code = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    return [[bool(square) for square in row] for row in code.modules]
