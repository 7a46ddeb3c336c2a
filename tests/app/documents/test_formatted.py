"""Formatted texts on paper: bold words, tagged lists, and the rest to the letter."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.documents.formatted import write_formatted, write_plain
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


def plain(words: str, *, label: str = "", quoted: bool = False) -> bytes:
    paper = Paper(Description("Essai", MADE, author="GIP"))
    paper.heading(1, "Notes")
    write_plain(paper, words, label=label, quoted=quoted)
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


def test_the_label_of_a_text_stands_beside_its_first_words_or_its_list() -> None:
    beside = reading.text(written("\n \nOui :\n- un lot", label="Décision"))
    assert beside.endswith("Décision : Oui : – un lot")
    above = written("1. oui\n2. non", label="Décision")
    assert reading.text(above).endswith("Décision : 1. oui 2. non")
    label, item = (reading.box_of(above, words) for words in ("Décision", "oui"))
    assert label[2] < item[0]
    assert label[1] < item[3] and item[1] < label[3]  # on one line


def test_a_text_in_bold_print_stays_so_in_its_lists() -> None:
    data = written("La commission **approuve** :\n- l'achat", "strong", label="Décision")
    assert reading.faults(data) == []
    bold = " ".join(words.strip() for words in reading.words_in(data, "Bold")[1:])
    assert bold == "Décision La commission approuve : – l’achat"


def test_a_text_in_bold_print_has_its_label_so_before_a_list_too() -> None:
    data = written("- l'achat", "strong", label="Décision")
    assert "Décision" in [words.strip() for words in reading.words_in(data, "Bold")]
    assert reading.words_in(written("L'achat", label="Vote"), "Bold")[1:] == []


def test_words_that_announce_a_list_stand_on_the_page_where_it_begins() -> None:
    for above in range(30, 45):
        data = written("\n".join(["Échanges."] * above) + "\nIl demande :\n\n- un lot\n- deux ans")
        (page,) = (page for page in reading.page_texts(data) if "Il demande" in page)
        assert "un lot" in page


PLAIN = """Il faut :
- un serveur
– des copies
• un essai

1) relire
a) signer
*Fin*"""


def test_a_text_typed_by_hand_prints_its_lists_with_the_marks_that_were_typed() -> None:
    data = plain(PLAIN, label="À faire")
    assert reading.faults(data) == []
    assert reading.listing(data).split("\n")[2:] == [
        "  P: À faire : Il faut",
        *("  L", "    LI", "      Lbl: –", "      LBody: un serveur"),
        *("    LI", "      Lbl: –", "      LBody: des copies"),
        *("    LI", "      Lbl: •", "      LBody: un essai"),
        *("  L", "    LI", "      Lbl: 1)", "      LBody: relire"),
        *("  L", "    LI", "      Lbl: a)", "      LBody: signer"),
        "  P: *Fin*",
    ]
    kinds = [node.attributes for node in reading.structure(data) if node.role == "L"]
    for kind, numbering in zip(kinds, ("Disc", "Decimal", "LowerAlpha"), strict=True):
        assert f'"/{numbering}"' in kind


def test_a_long_item_hangs_from_its_mark() -> None:
    data = plain("- un serveur " + "loué " * 40 + "enfin\n- deux")
    first, *others = [line for line in reading.page_texts(data)[0].splitlines() if "loué" in line]
    edge = reading.box_of(data, "un serveur")[0]
    assert first.startswith("– un serveur") and others
    for line in [*others, "deux"]:
        assert reading.box_of(data, line.strip())[0] == pytest.approx(edge, abs=0.3)


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        ("Un débit.\nUne fibre.", "« Un débit. Une fibre. »"),
        ("Il faut :\n- un débit\n- une fibre", "« Il faut : – un débit – une fibre »"),
        ("- un débit\nbientôt", "– « un débit bientôt »"),
        ("  \n", ""),
    ],
)
def test_the_words_of_a_speaker_stand_between_their_marks(words: str, printed: str) -> None:
    said = reading.text(plain(words, quoted=True)).replace("\u00a0", " ")
    assert said.split("Notes")[-1].strip() == printed


@given(st.text("ab1.)-–•* \n", max_size=120), st.booleans())
@settings(max_examples=40)
def test_every_word_typed_is_printed_in_its_order(words: str, quoted: bool) -> None:
    quote = quoted and bool(words.strip())
    said = reading.text(plain(words, quoted=quoted)).removeprefix("Essai").removeprefix("Notes")
    kept = bare(said).replace("«", "").replace("»", "")
    assert kept == bare(words)
    assert ("«" in said, "»" in said) == (quote, quote)


def bare(text: str) -> str:
    """The letters alone, spelt as a typesetter does."""
    return "".join(text.split()).replace("...", "…").replace("-", "–")


def test_the_label_of_a_list_stands_on_the_page_where_it_begins() -> None:
    for above in range(30, 45):
        paper = Paper(Description("Essai", MADE, author="GIP"))
        write_plain(paper, "\n".join(["Échanges."] * above))
        write_plain(paper, "- un lot\n- deux ans", label="À faire")
        (page,) = (page for page in reading.page_texts(paper.render()) if "À faire" in page)
        assert "un lot" in page


@settings(max_examples=15)
@given(st.text("*-1. \n<b>&é", max_size=200))
def test_whatever_is_typed_prints_as_an_accessible_page(words: str) -> None:
    assert reading.faults(written(words, label="Décision")) == []
