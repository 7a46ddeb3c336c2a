"""Formatted notes on paper: bold words, tagged lists, and the rest to the letter."""

from __future__ import annotations

from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents.formatted import write_notes
from app.documents.pdf.archival import Description
from app.documents.pdf.paper import Paper
from app.domain.dates import PARIS
from tests.app.documents import reading

MADE = datetime(2027, 3, 19, 20, 0, tzinfo=PARIS)


def written(notes: str) -> bytes:
    paper = Paper(Description("Essai", MADE, author="GIP"))
    paper.heading(1, "Notes")
    write_notes(paper, notes)
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


@settings(max_examples=15)
@given(st.text("*-1. \n<b>&é", max_size=200))
def test_whatever_is_typed_prints_as_an_accessible_page(notes: str) -> None:
    assert reading.faults(written(notes)) == []
