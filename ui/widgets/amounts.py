"""Fields for amounts in euros and for rates in per cent, typed as one writes them in French."""

from __future__ import annotations

import re
from fractions import Fraction

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from app.domain.decimals import decimal
from app.domain.refusals import Refusal
from app.domain.wording import amount
from ui import theme
from ui.widgets.fields import WHOLE
from ui.widgets.plain_edit import PlainLine

_MOST = 12
"""The digits of the largest amount, in euros."""

_AMOUNT = re.compile(rf"({WHOLE})(?:[,.](\d{{1,2}}))?\Z", re.ASCII)
_PER_CENT = re.compile(r"\d{1,3}(?:[,.]\d{1,400})?\Z", re.ASCII)


class AmountField(PlainLine):
    """An amount in whole cents, such as « 1 200,50 », or nothing."""

    edited = Signal()

    def __init__(self, hint: str = "") -> None:
        super().__init__()
        _dress(self, hint, 160)

    def value(self) -> int | None:
        text = self.text().strip().removesuffix("€").rstrip()
        if not text:
            return None
        found = _AMOUNT.match(text)
        euros = "".join(found[1].split()) if found else ""
        if found is None or len(euros) > _MOST:
            raise Refusal("Écrivez un montant en euros, par exemple 1 200,50.")
        return int(euros) * 100 + int((found[2] or "").ljust(2, "0"))

    def set_value(self, value: int | None) -> None:
        self.setText("" if value is None else _bare(value))


class PercentField(PlainLine):
    """A rate as a decimal text such as "0.055", typed « 5,5 », or nothing."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        _dress(self, "", 140)

    def value(self) -> str | None:
        text = self.text().strip().removesuffix("%").rstrip()
        if not text:
            return None
        if not _PER_CENT.match(text) or (rate := Fraction(text.replace(",", "."))) > 100:
            raise Refusal("Écrivez un pourcentage de 0 à 100, par exemple 20 ou 5,5.")
        return decimal(rate / 100).replace(",", ".")

    def set_value(self, value: str | None) -> None:
        self.setText("" if value is None else decimal(Fraction(value) * 100))


def _dress(field: QLineEdit, hint: str, width: int) -> None:
    field.setPlaceholderText(hint)
    theme.set_widths(field, most=width)
    field.textEdited.connect(lambda text: field.edited.emit())  # type: ignore[attr-defined]  # both


def _bare(cents: int) -> str:
    """« 1 200,50 », « 1 200 »: without the unit, cents only where there are some."""
    return amount(cents).removesuffix(" €").removesuffix(",00")
