"""Amounts and numbers as people type them, or paste them from a spreadsheet."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.domain.refusals import Refusal
from tests.ui.acting import CONTROL
from ui.dialogs.cost_plan import WeightField
from ui.widgets.amounts import AmountField, PercentField
from ui.widgets.fields import NumberField


def pasted(field: QLineEdit, words: str, qtbot: QtBot) -> Any:
    """What a field holds once words are pasted in it; the sentence where it refuses them."""
    qtbot.addWidget(field)
    QGuiApplication.clipboard().setText(words)
    qtbot.keyClick(field, Qt.Key.Key_V, CONTROL)
    assert field.text() == words
    try:
        return field.value()  # type: ignore[attr-defined]  # a field of a form
    except Refusal as refusal:
        return refusal.sentence


AMOUNT = "Écrivez un montant en euros, par exemple 1 200,50."
NUMBER = "Écrivez un nombre entier, en chiffres."
RATE = "Écrivez un pourcentage de 0 à 100, par exemple 20 ou 5,5."
WEIGHT = "Écrivez un poids, par exemple 2 ou 2,5."


@pytest.mark.parametrize(
    ("words", "cents"),
    [
        ("1 200,50", 120050), ("1\u202f200,50\u00a0€", 120050), ("1200.5", 120050),
        ("1 234 567 €", 123456700), (" 900\r\n", 90000), ("", None), (" ", None),
        ("1.200", AMOUNT), ("12O", AMOUNT), ("-5", AMOUNT), ("20 %", AMOUNT), ("12 00", AMOUNT),
        ("1 200,505", AMOUNT), ("1 000 000 000 000", AMOUNT),
        ("1200\t900", AMOUNT), ("1 200\n900", AMOUNT), ("900,50\t120", AMOUNT),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_written_and_several_cells_are_no_amount(
    words: str, cents: int | str | None, qtbot: QtBot
) -> None:
    assert pasted(AmountField(), words, qtbot) == cents


@pytest.mark.parametrize(
    ("field", "words", "value"),
    [
        (NumberField, "1 000\n", 1000), (NumberField, "1\t1200", NUMBER),
        (NumberField, "1\n15", NUMBER), (NumberField, "1,5", NUMBER),
        (PercentField, "5,5 %", "0.055"), (PercentField, "5\t5", RATE),
        (WeightField, "2,5\n", "2.5"), (WeightField, "2\t5", WEIGHT),
    ],
)  # fmt: skip
def test_a_number_a_rate_and_a_weight_are_of_one_cell(
    field: type[QLineEdit], words: str, value: object, qtbot: QtBot
) -> None:
    assert pasted(field(), words, qtbot) == value


@pytest.mark.parametrize("field", [PercentField, WeightField])
@pytest.mark.parametrize("text", ["0.3", "1", f"0.{'3' * 30}", f"0.{'3' * 400}"])
def test_a_rate_and_a_weight_keep_every_decimal(
    field: type[PercentField | WeightField], text: str, qtbot: QtBot
) -> None:
    shown = field()
    qtbot.addWidget(shown)
    shown.set_value(text)
    assert shown.value() == text
