"""French typography: what changes, and that no word does."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents.typography import french


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Avis favorable : oui", "Avis favorable\u00a0: oui"),
        ("Qui est pour ?", "Qui est pour\u202f?"),
        ("Vraiment? Oui; non!", "Vraiment\u202f? Oui\u202f; non\u202f!"),
        ("« L'eau »", "«\u00a0L’eau\u00a0»"),
        ("«L'eau»", "«\u00a0L’eau\u00a0»"),
        ("n° 3", "n°\u00a03"),
        ("n° …… du ……", "n°\u00a0…… du ……"),
        ("Mairie, 1 rue Basse 21210 Saulieu", "Mairie, 1 rue Basse 21210\u00a0Saulieu"),
        ("art. 17, § 3", "art.\u00a017, §\u00a03"),
        ("art. L. 2121-15", "art.\u00a0L.\u00a02121-15"),
        ("le 1er mars 2027", "le 1er\u00a0mars\u00a02027"),
        ("à 18 h 40", "à 18\u00a0h\u00a040"),
        ("12 450 habitants", "12\u202f450 habitants"),
        ("1 234,50 €", "1\u202f234,50\u00a0€"),
        ("un montant de …… € HT", "un montant de ……\u00a0€ HT"),
        ("de -1 234,50 € à 5 %", "de −1\u202f234,50\u00a0€ à 5\u00a0%"),
        ("2027-03-19, pages 3-4", "2027-03-19, pages 3-4"),
        ("(9 pour, 1 abstention)", "(9\u00a0pour, 1\u00a0abstention)"),
        ("30 pour cent, 2 pour les autres", "30 pour cent, 2 pour les autres"),
        ("M. Roy...", "M.\u00a0Roy…"),
        ("Mme d'Ormesson, M. Œuvrard", "Mme\u00a0d’Ormesson, M.\u00a0Œuvrard"),
        ("https://www.cnil.fr/fr?a=b à 18:30", "https://www.cnil.fr/fr?a=b à 18:30"),
    ],
)
def test_typed_french_is_printed_as_a_typesetter_would(typed: str, printed: str) -> None:
    assert french(typed) == printed


_SILENT = str.maketrans(dict.fromkeys(" \u00a0\u202f'’.…-−", None))


@given(st.text(alphabet="ab1é «»;:!?'.,()-–€%h°nM\u00a0\u202f\n", max_size=60))
@settings(max_examples=300)
def test_typography_never_changes_a_word(text: str) -> None:
    once = french(text)
    assert once.translate(_SILENT) == text.translate(_SILENT)
