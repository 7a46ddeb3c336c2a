"""The sheet of the recovery code: all that its keeper needs, on one page."""

from __future__ import annotations

from pathlib import Path

from app.services.workspaces import recovery_sheet
from app.storage.protection import new_recovery_code
from tests.app.documents.reading import faults, text

NBSP = "\u00a0"


def test_the_sheet_says_the_code_the_workspace_and_how_to_use_it() -> None:
    code = new_recovery_code()
    sheet = recovery_sheet(code, "Commission de l'Auxois", Path("/donnees/espace"), None)
    words = text(sheet.data)
    for number, group in enumerate(code.split("-"), 1):
        assert f"Groupe n°{NBSP}{number}{NBSP}: {group}".replace(NBSP, " ") in words.replace(
            NBSP, " "
        )
    assert "Commission de l’Auxois" in words
    assert "la commande « commissions unlock »" in words.replace(NBSP, " ")
    assert "/donnees/espace" in words
    assert faults(sheet.data) == []
