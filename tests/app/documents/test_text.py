"""Words into lines: nothing lost, nothing too wide, broken where French breaks."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from app.documents.pdf import fonts
from app.documents.pdf.styles import Style
from app.documents.pdf.text import Line, Run, balanced_lines, set_lines

BODY = Style()
SOFT = "\u00ad"


def said(lines: list[Line]) -> list[str]:
    return ["".join(text for _, text, _ in line.pieces) for line in lines]


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("une intercommunalité", 75, ["une intercommu" + SOFT, "nalité"]),
        ("la Bourgogne-Franche-Comté", 75, ["la Bourgogne-", "Franche-Comté"]),
        ("la (Champeau-en-Morvan)", 80, ["la (Champeau-en-", "Morvan)"]),
        ("reçu (Champeau-en-Morvan)", 70, ["reçu ", "(Champeau-en-", "Morvan)"]),
        ("dans C:\\Utilisateurs\\Zoé", 70, ["dans C:\\", "Utilisateurs\\Zoé"]),
        ("voir cyber.gouv.fr/incident/2027", 90, ["voir cyber.gouv.fr/", "incident/2027"]),
        ("oui ; non", 28, ["oui\u202f; ", "non"]),
        ("monsieur Hautevillette-Maître", 90, ["monsieur ", "Hautevillette-Maître"]),
        ("2 025 104 560,53 €", 70, ["2\u202f025\u202f104\u202f", "560,53\u00a0€"]),
        ("avant le 1er septembre 2027", 100, ["avant le ", "1er\u00a0septembre\u00a02027"]),
        ("lues « intercommunalité »", 85, ["lues «\u00a0intercommu" + SOFT, "nalité\u00a0»"]),
        ("Voir l'acte 2027-003", 75, ["Voir l’acte ", "2027-003"]),
        ("deux\nlignes", 90, ["deux ", "lignes"]),
    ],
)
def test_lines_break_where_a_typesetter_would(text: str, width: float, lines: list[str]) -> None:
    assert said(set_lines(text, BODY, width, set())) == lines


@pytest.mark.parametrize(
    ("title", "width", "lines"),
    [
        ("Sauvegarde", 190, ["Sauvegarde"]),
        (
            "Sauvegarde hors site et surveillance des postes", 190,
            ["Sauvegarde hors site et ", "surveillance des postes"],
        ),
        ("Une intercommunalité", 90, ["Une ", "intercommunalité"]),
        ("Sauvegarde 😀 hors site et surveillance 😀 des postes", 210,
         ["Sauvegarde □ hors site et ", "surveillance □ des postes"]),
    ],
)  # fmt: skip
def test_the_lines_of_a_heading_are_alike(title: str, width: float, lines: list[str]) -> None:
    look = replace(BODY, hyphenate=False)
    assert said(balanced_lines(title, look, width, set())) == lines


@given(st.text(alphabet="abcé -'\n«»;", max_size=120), st.floats(60, 300))
def test_a_heading_takes_as_many_lines_as_it_must_and_says_as_much(
    title: str, width: float
) -> None:
    look = replace(BODY, hyphenate=False)
    plain, lines = (setter(title, look, width, set()) for setter in (set_lines, balanced_lines))
    assert len(lines) == len(plain)
    assert "".join(said(lines)) == "".join(said(plain))
    assert max(line.width for line in lines) <= max(line.width for line in plain) + 0.01


def test_runs_that_touch_are_one_word() -> None:
    lines = set_lines(["un mot", Run("gras", bold=True), ", puis"], BODY, 400, set())
    assert said(lines) == ["un motgras, puis"]
    assert [face.fontName[-4:] for face, _, _ in lines[0].pieces] == ["ular", "Bold", "ular"]


@pytest.mark.parametrize("gap", ["\t", " \t\t ", "   ", " " * 12])
def test_figures_in_two_columns_typed_by_hand_stay_two(gap: str) -> None:
    apart = "12\u00a0\u00a0\u00a0 300"
    assert said(set_lines(f"{gap}Vougeot  12{gap}300{gap}", BODY, 400, set())) == [
        f"Vougeot {apart}"
    ]
    assert said(set_lines(f"12{gap}300", BODY, 30, set())) == ["12\u00a0\u00a0\u00a0 ", "300"]


@pytest.mark.parametrize(
    ("link", "kept"),
    [("https://www.cnil.fr", True), ("#h3", True), ("javascript:alert(1)", False), ("mot", False),
     ("https://a.fr/" + "x" * 3000, False)],
)  # fmt: skip
def test_only_what_a_browser_takes_is_a_link(link: str, kept: bool) -> None:
    ((_, _, sense),) = set_lines([Run("lien", link=link)], BODY, 400, set())[0].pieces
    assert (sense is not None and sense.link == link) is kept


def test_an_address_that_begins_by_a_mark_is_broken_further_on() -> None:
    lines = said(set_lines("@canton/.communes.fr", BODY, 40, set()))
    assert "".join(lines) == "@canton/.communes.fr"
    assert all(lines)


def test_a_word_that_nobody_sees_takes_no_room() -> None:
    for width in range(20, 60):
        lines = set_lines("mot \u202e mot \u202e mot", BODY, width, set())
        assert "".join(said(lines)).split() == ["mot", "mot", "mot"]


@given(st.text(max_size=400), st.floats(12, 400))
def test_no_line_is_wider_than_its_room(text: str, width: float) -> None:
    for line in set_lines(text, BODY, width, set()):
        assert line.width <= width + 0.01


@given(st.text(alphabet="abcdéÉ -'«»;0123", max_size=400), st.floats(30, 400))
def test_no_letter_is_lost_or_added(text: str, width: float) -> None:
    def letters(words: str) -> str:
        return "".join(letter for letter in words if letter.isalnum() or letter in "-«»;")

    whole = "".join(said(set_lines(text, BODY, width, set())))
    assert letters(whole) == letters(text)


def test_the_four_faces_have_the_same_letters() -> None:
    regular, *others = (set(fonts.face(index).glyphs) for index in range(4))
    assert all(other == regular for other in others)


def test_letters_looked_up_before_any_paper_is_made_leave_each_face_one() -> None:
    code = (
        "from app.documents.document import Letterhead\n"
        "from app.documents.pdf import fonts\n"
        "from app.documents.solution_sheet import solution_sheet\n"
        "from tests.app.documents.meetings import MADE\n"
        "from tests.app.documents.solutions import solution_file\n"
        "fonts.without_glyph('a')\n"
        "solution_sheet(solution_file(2), Letterhead(), MADE)\n"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
