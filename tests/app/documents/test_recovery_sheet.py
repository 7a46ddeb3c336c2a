"""The sheet of the recovery code: all that its keeper needs, on one page."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from app.documents.document import Letterhead
from app.documents.recovery_sheet import recovery_sheet as sheet_of
from app.services.workspaces import recovery_sheet
from app.storage.protection import new_recovery_code
from tests.app.documents.meetings import MADE
from tests.app.documents.reading import faults, page_texts, pages, text

NBSP = "\u00a0"
CODE = "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE-FFFFF-GGGGG"
NAMES = st.text("Wi é/\n", max_size=600) | st.text(max_size=300)


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


def logo() -> bytes:
    stream = BytesIO()
    Image.new("RGB", (40, 800), "blue").save(stream, "PNG")
    return stream.getvalue()


def made(workspace: str, folder: str, operator: str) -> bytes:
    return sheet_of(CODE, workspace, folder, Letterhead(operator=operator, logo=logo()), MADE).data


@pytest.mark.parametrize("words", ["W" * 4000, "Commission très longue " * 90, "W\n" * 90])
def test_the_longest_names_under_the_tallest_logo_leave_it_on_one_page(words: str) -> None:
    data = made(words, words, words)
    (page,) = page_texts(data)
    for group in CODE.split("-"):
        assert group in page
    assert "elle ouvre encore les copies d’avant" in " ".join(page.split())
    assert faults(data) == []


@given(NAMES, NAMES, NAMES)
@settings(max_examples=25)
def test_whatever_it_names_it_is_one_page(workspace: str, folder: str, operator: str) -> None:
    assert pages(made(workspace, folder, operator)) == 1


def test_a_path_too_long_says_where_it_begins_and_where_it_leads() -> None:
    words = text(made("Auxois", f"portable, /espaces/{'x' * 900}/auxois-2027", "GIP"))
    assert "portable, /espaces/xxx" in words
    assert "xxx…xxx" in words
    assert "xxx/auxois-2027" in words
