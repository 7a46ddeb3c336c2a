"""Formatted texts on paper: bold words, tagged lists, and the rest to the letter."""

from __future__ import annotations

from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents.formatted import write_formatted
from app.documents.pdf.archival import Description
from app.documents.pdf.paper import Paper
from app.domain.dates import PARIS
from tests.app.documents import reading

MADE = datetime(2027, 3, 19, 20, 0, tzinfo=PARIS)


def written(words: str, name: str = "body", *, label: str = "") -> bytes:
    paper = Paper(Description("Essai", MADE, author="GIP"))
    paper.heading(1, "Notes")
    write_formatted(paper, words, name, label=label)
    return paper.render()


def test_notes_print_their_bold_words_and_their_lists() -> None:
    data = written("M. Roy <b>insiste</b> & **demande** un devis\n- un seul lot\n- **deux** ans")
    assert reading.faults(data) == []
    assert [words.strip() for words in reading.words_in(data, "Bold")][1:] == ["demande", "deux"]
    assert reading.listing(data).split("\n")[2:] == [
        "  P: M. Roy <b>insiste</b> & demande un devis",
        "  L",
        "    LI",
        "      Lbl: –",
        "      LBody: un seul lot",
        "    LI",
        "      Lbl: –",
        "      LBody: deux ans",
    ]


def test_a_numbered_list_keeps_the_numbers_that_were_typed() -> None:
    said = reading.text(written("3. trois\n4. quatre"))
    assert said.endswith("3. trois 4. quatre")


def test_the_label_of_a_text_stands_beside_its_first_words_or_above_its_list() -> None:
    beside = reading.text(written("\n \nOui :\n- un lot", label="Décision"))
    assert beside.endswith("Décision : Oui : – un lot")
    above = reading.text(written("1. oui\n2. non", label="Décision"))
    assert above.endswith("Décision : 1. oui 2. non")


def test_a_text_in_bold_print_stays_so_in_its_lists() -> None:
    data = written("La commission **approuve** :\n- l'achat", "strong", label="Décision")
    assert reading.faults(data) == []
    bold = " ".join(words.strip() for words in reading.words_in(data, "Bold")[1:])
    assert bold == "Décision La commission approuve : – l’achat"


def test_a_text_in_bold_print_has_its_label_so_before_a_list_too() -> None:
    data = written("- l'achat", "strong", label="Décision")
    assert "Décision :" in [words.strip() for words in reading.words_in(data, "Bold")]
    assert reading.words_in(written("L'achat", label="Vote"), "Bold")[1:] == []


def test_words_that_announce_a_list_stand_on_the_page_where_it_begins() -> None:
    for above in range(30, 45):
        data = written("\n".join(["Échanges."] * above) + "\nIl demande :\n\n- un lot\n- deux ans")
        (page,) = (page for page in reading.page_texts(data) if "Il demande" in page)
        assert "un lot" in page


@settings(max_examples=15)
@given(st.text("*-1. \n<b>&é", max_size=200))
def test_whatever_is_typed_prints_as_an_accessible_page(words: str) -> None:
    assert reading.faults(written(words, label="Décision")) == []
