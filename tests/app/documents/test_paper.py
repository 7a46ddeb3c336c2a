"""The writer: pages, structure and files, whatever is written on them."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents.formatted import write_plain
from app.documents.pdf.archival import AttachedFile, Description
from app.documents.pdf.paper import Paper
from app.documents.pdf.table import Column
from app.documents.pdf.text import Run
from app.domain.dates import PARIS
from app.domain.wording import plain
from tests.app.documents import reading

MADE = datetime(2027, 3, 19, 20, 0, tzinfo=PARIS)
LONG = (
    "La directive impose aux collectivités territoriales une gouvernance renforcée ; le règlement"
    " général sur la protection des données demeure applicable, « anticonstitutionnellement »"
    " n'est pas un mot d'usage courant. "
)
NAMES = "<b>Zoé</b> &amp; Cie, 😀 محمد, e\u0301, a\u0308\u0323, \u202eévêque, " + "x" * 500


def blank(**options: Any) -> Paper:
    return Paper(Description("Essai « & <b> »", MADE, author="GIP"), head="Essai", **options)


def filled(sections: int, rows: int, files: tuple[AttachedFile, ...] = ()) -> Paper:
    paper = blank(files=files)
    paper.heading(1, "Procès-verbal")
    paper.facts([("Date", "vendredi 19 mars 2027"), ("Lieu", "Mairie de Vougeot")])
    paper.contents()
    for number in range(1, sections + 1):
        paper.heading(2, f"Point d'actualité {number}", label=f"{number}.")
        paper.text(LONG * 3, label="Débat")
        paper.text(["Voir la ", Run("CNIL", link="https://www.cnil.fr/été"), " pour le détail."])
        paper.bullets(["un", ["deux ", Run("fois", bold=True)]], labels=["1.", "2."])
        paper.table(
            [Column("Commune", 3), Column("Part", 1, "right")],
            [[f"Saint-Œdile {row}", "8 300,00 €"] for row in range(rows)],
            caption="Parts",
        )
    paper.signatures([("La présidente", "Anne Roy"), ("Le secrétaire", "Paul Petit")])
    return paper


@pytest.mark.parametrize(("sections", "rows"), [(0, 0), (1, 3), (12, 40), (3, 300)])
def test_a_paper_of_any_length_is_accessible_and_archivable(sections: int, rows: int) -> None:
    data = filled(sections, rows).render()
    assert reading.faults(data) == []
    assert reading.tables_without_head(data) == 0
    assert reading.fonts_not_embedded(data) == []
    assert reading.ink_near_edges(data) == []
    assert reading.overlaps(data) == []


def test_a_hundred_pages_and_a_thousand_headings_stay_compliant() -> None:
    paper = blank()
    paper.heading(1, "Besoins")
    for number in range(1000):
        paper.heading(2, f"Besoin {number}")
        paper.text(LONG)
    assert reading.faults(paper.render()) == []


def test_the_same_parts_make_the_same_bytes() -> None:
    assert filled(3, 5).render() == filled(3, 5).render()


def test_reading_order_is_the_order_of_writing() -> None:
    assert reading.listing(filled(1, 1).render()) == "\n".join(
        [
            "Document",
            "  H1: Procès-verbal",
            "  L",
            "    LI",
            "      Lbl: Date",
            "      LBody: vendredi 19 mars 2027",
            "    LI",
            "      Lbl: Lieu",
            "      LBody: Mairie de Vougeot",
            "  H2: 1. Point d’actualité 1",
            f"  P: Débat : {(LONG * 3).strip()}".replace("'", "’"),
            "  P: Voir la CNIL pour le détail.",
            "    Link: CNIL",
            "  L",
            "    LI",
            "      Lbl: 1.",
            "      LBody: un",
            "    LI",
            "      Lbl: 2.",
            "      LBody: deux fois",
            "  Table",
            "    TR",
            "      TH: Commune",
            "      TH: Part",
            "    TR",
            "      TH: Saint-Œdile 0",
            "      TD: 8 300,00 €",
            "  P: La présidente Anne Roy",
            "  P: Le secrétaire Paul Petit",
        ]
    )


def test_a_title_is_set_in_lines_alike_and_a_cramped_column_in_the_room_of_another() -> None:
    paper = blank()
    paper.heading(1, "Sauvegarde hors site et surveillance des postes")
    columns, row = [Column("Offre", 2), Column("Qui", 9)], ["A (la moins chère)", "Ahuy"]
    for fit in (True, False):
        paper.table(columns, [row], caption="Offres", indent=60 * reading.MM, fit=fit)
    _, *lines = (line.strip() for line in reading.page_texts(paper.render())[0].splitlines())
    assert lines == [
        "Sauvegarde hors site et", "surveillance des postes",
        "Offre Qui", "A (la moins chère) Ahuy", "Offre Qui", "A (la moins", "chère)", "Ahuy",
    ]  # fmt: skip


def test_a_row_that_goes_on_says_again_whom_it_is_about_for_the_eye_alone() -> None:
    paper = blank()
    columns = [Column(head, 1) for head in ("Commune", "Nom", "Présence")]
    stays = "\n".join(f"de 18 h {minute:02} à 19 h" for minute in range(60))
    long = "Communauté de communes de Gevrey-Chambertin et de Nuits-Saint-Georges " * 2
    rows = [["Vougeot", "Roy", stays], ["Agencourt", long, stays], [stays, "Petit", "ici"]]
    paper.table(columns, rows, caption="Présents")
    data = paper.render()
    assert reading.faults(data) == []
    assert reading.overlaps(data) == []
    assert reading.ink_near_edges(data) == []
    pages = reading.page_texts(data)
    shown = [[page.count(word) for page in pages] for word in ("Vougeot", "Roy", "Agencourt")]
    assert shown == [[1, 1, 0, 0], [1, 1, 0, 0], [0, 1, 1, 0]]
    assert [page.count("Gevrey") for page in pages] == [0, 2, 0, 0]  # too long to be repeated
    assert [page.count("Petit") for page in pages] == [0, 0, 1, 0]  # what goes on stands before it
    assert reading.text(data).count("Vougeot") == reading.text(data).count("Agencourt") == 1


def test_a_long_paper_opens_with_its_contents_and_a_short_one_does_not() -> None:
    roles = [node.role for node in reading.structure(filled(12, 40).render())]
    assert roles.count("TOCI") == 12
    contents = reading.listing(filled(12, 40).render()).split("TOCI")[1:]
    assert contents[0].split() == [
        "Reference:", "1.", "Point", "d’actualité", "1", "1",
        "Link:", "1.", "Point", "d’actualité", "1", "1",
    ]  # fmt: skip
    assert "TOC" not in [node.role for node in reading.structure(filled(2, 5).render())]


def test_a_link_whose_words_lack_a_glyph_is_one_and_read_in_its_order() -> None:
    paper = blank()
    paper.text(["Voir ", Run("un 😀 😀, deux", link="https://a.fr"), " puis ",
                Run("trois", link="https://a.fr"), "."])  # fmt: skip
    links = [node.text for node in reading.structure(paper.render()) if node.role == "Link"]
    assert links == ["un 😀 😀, deux", "trois"]


def test_a_paper_has_its_contents_from_eight_pages_on() -> None:
    def points(number: int, *, listed: bool) -> bytes:
        paper = blank()
        if listed:
            paper.contents()
        for _ in range(number):
            paper.heading(2, "Point")
            paper.text(LONG * 15)
        return paper.render()

    seen = set()
    for number in range(5, 12):
        pages = reading.pages(points(number, listed=False))
        listing = [node.role for node in reading.structure(points(number, listed=True))]
        assert ("TOC" in listing) is (pages >= 8)
        seen.add(pages)
    assert {7, 8} <= seen


def test_contents_that_would_not_be_taken_in_at_a_glance_list_the_main_headings() -> None:
    def listed(points: int) -> int:
        paper = blank()
        paper.heading(1, "Essai")
        paper.contents()
        for _ in range(9):
            paper.heading(2, "Thème")
            for _ in range(points):
                paper.heading(3, "Point")
                paper.text(LONG * 30)
        roles = [node.role for node in reading.structure(paper.render())]
        assert roles.count("H3") == 9 * points
        return roles.count("TOCI")

    assert [listed(points) for points in (1, 2, 3)] == [18, 27, 9]


def test_no_line_of_a_table_of_contents_stands_alone_on_a_page() -> None:
    def overflowing(number: int) -> int:
        """The lines of the table on the second page, before the first point itself."""
        paper = blank()
        paper.heading(1, "Essai")
        paper.contents()
        for _ in range(number):
            paper.heading(2, "Point")
            for _ in range(12):
                paper.text("Texte")
        return reading.page_texts(paper.render())[1].partition("Texte")[0].count("Point") - 1

    assert [overflowing(number) for number in range(42, 45)] == [2, 2, 3]


@pytest.mark.parametrize("above", range(26, 34))
def test_no_item_of_a_list_stands_alone_on_a_page(above: int) -> None:
    paper = blank()
    paper.heading(1, "Essai")
    for _ in range(above):
        paper.text("Texte")
    paper.bullets([f"élément {place}" for place in range(4)])
    assert all(page.count("élément") in (0, 2, 4) for page in reading.page_texts(paper.render()))


@pytest.mark.parametrize("words", ["Pays de Nuits, " * 20, "x" * 500, "mot " * 1200])
def test_a_running_head_too_long_for_its_line_ends_by_an_ellipsis(words: str) -> None:
    paper = Paper(Description("Essai", MADE), head=f"Essai {words}")
    paper.heading(1, "Essai")
    paper.bullets(["Suite"] * 60)
    data = paper.render()
    assert reading.page_texts(data)[1].splitlines()[0].endswith("…")
    assert reading.ink_near_edges(data) == []


@pytest.mark.parametrize("lines", [1, 24, 60, 200])
@pytest.mark.parametrize("scale", [1, 1.3])
def test_small_print_covers_nothing_and_is_whole_however_long(lines: int, scale: float) -> None:
    paper = blank(scale=scale)
    sender = [f"expéditeur {place}" for place in range(20)]
    paper.letter_head(sender, ["Paul Roy"], 112 * reading.MM, 52 * reading.MM)
    paper.heading(1, "Essai")
    paper.bullets(["Suite"] * 30)
    paper.notice("\n".join(f"mention {place}." for place in range(lines)))
    data = paper.render()
    assert reading.overlaps(data) == []
    assert reading.ink_near_edges(data) == []
    text = reading.text(data)
    assert all(f"mention {place}." in text for place in range(lines))
    at_foot = reading.page_texts(data)[0].count("mention")
    assert at_foot == (lines if lines < 25 else 0)


@pytest.mark.parametrize(
    "role", ["Maire", "Vice-présidence déléguée aux usages numériques " * 3, ""]
)
def test_there_is_room_to_sign_below_a_name_of_any_length(role: str) -> None:
    paper = blank()
    paper.heading(1, "Essai")
    paper.signatures([(role, "Anne Roy"), ("", "")])
    paper.text("Fin")
    data = paper.render()
    _, _, _, name = reading.box_of(data, "Anne Roy")
    _, after, _, _ = reading.box_of(data, "Fin")
    assert after - name > 16


def test_a_list_of_nothing_is_no_list() -> None:
    paper = blank()
    paper.heading(1, "Essai")
    paper.facts([])
    assert [node.role for node in reading.structure(paper.render())] == ["Document", "H1"]


def test_a_sum_too_long_for_its_column_parts_none_of_the_amounts_that_it_sums() -> None:
    paper = blank()
    amount = "11 999 999,99 €"
    columns = [Column("Commune", 55), *(Column(f"Part {place}", 18, "right") for place in range(5))]
    sums = ["Ensemble", *["1 679 999 998 888,60 €"] * 5]
    paper.table(columns, [["Vougeot", *[amount] * 5]] * 2 + [sums], caption="Parts", total=True)
    lines = plain(reading.page_texts(paper.render())[0])
    assert sum(line.count(amount) for line in lines.splitlines()) == 10


def test_a_table_repeats_its_head_silently_on_each_page() -> None:
    data = filled(1, 300).render()
    assert reading.pages(data) > 5
    assert sum(node.text == "Commune" for node in reading.structure(data)) == 1


def test_odd_names_are_printed_as_they_are_and_what_has_no_glyph_is_said() -> None:
    paper = blank()
    paper.heading(1, NAMES)
    paper.text(NAMES)
    paper.facts([(NAMES, NAMES)])
    paper.table([Column("Nom", 1), Column("Rôle", 1)], [[NAMES, NAMES]], caption=NAMES)
    data = paper.render()
    assert paper.missing == set("😀محمد\u202e")
    assert reading.faults(data) == []
    said = reading.text(data)
    assert "<b>Zoé</b> &amp; Cie, 😀 محمد, é" in said
    assert "x" * 500 in said
    assert reading.ink_near_edges(data) == []


def test_a_description_leaves_out_what_xml_does_not_take() -> None:
    paper = Paper(Description("Bip\x07 & \x1b<fin>\ufffe", MADE, author="GIP"))
    paper.heading(1, "Essai")
    assert reading.faults(paper.render()) == []
    assert paper.description.title == "Bip & <fin>"


def test_a_file_inside_keeps_its_bytes() -> None:
    content = '{"séance": 3}'.encode()
    file = AttachedFile("seance.json", "application/json", content, "La séance, en données")
    data = filled(1, 1, (file,)).render()
    assert reading.attached(data) == {"seance.json": content}
    assert reading.faults(data) == []


@given(st.lists(st.text(max_size=200), min_size=1, max_size=6))
@settings(max_examples=25)
def test_whatever_is_typed_is_set_and_archivable(texts: list[str]) -> None:
    paper = blank()
    paper.heading(1, texts[0])
    for typed in texts:
        write_plain(paper, typed, label=typed[:20])
        paper.bullets([typed])
    paper.table([Column("A", 1), Column("B", 9)], [[typed, typed] for typed in texts], caption="")
    assert reading.faults(paper.render()) == []


_AT_ONCE = """
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from app.documents.pdf.fonts import face
together = Barrier(4)
def first(_):
    together.wait()
    return face(0)
with ThreadPoolExecutor(4) as threads:
    print(len(set(threads.map(first, range(4)))))
"""


def test_the_first_papers_of_all_made_at_once_share_their_faces() -> None:
    """In a process that has read none yet, as when minutes are frozen while their preview is made;
    two faces of one name in one PDF are an error.
    """
    command = [sys.executable, "-c", _AT_ONCE]
    made = subprocess.run(command, capture_output=True, text=True, check=True)
    assert made.stdout.strip() == "1"
