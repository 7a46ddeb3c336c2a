"""Workbooks of LibreOffice: what their sheets say, and what is refused of them."""

from __future__ import annotations

import io
import zipfile
from xml.etree.ElementTree import fromstring

import pytest

from app.domain.refusals import Refusal
from app.exchange import ods_file, table_file
from app.exchange.sheet import MOST_COLUMNS, Sheet

NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text", "style")
)
MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"


def a_book(tables: str, styles: str = "", head: str = "", manifest: str = "<m/>") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        file.writestr("mimetype", MIMETYPE)
        file.writestr("META-INF/manifest.xml", manifest)
        file.writestr(
            "content.xml",
            f"{head}<office:document-content {NAMESPACES}><office:automatic-styles>{styles}"
            f"</office:automatic-styles><office:body><office:spreadsheet>{tables}"
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return stream.getvalue()


def text(words: str, more: str = "") -> str:
    return f"<table:table-cell {more}><text:p>{words}</text:p></table:table-cell>"


def typed(kind: str, name: str, value: str, shown: str = "x") -> str:
    about = f'office:value-type="{kind}" office:{name}="{value}"'
    return text(shown, about)


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def page(*rows: str, name: str = "Feuille1", more: str = "") -> str:
    return f'<table:table table:name="{name}" {more}>{"".join(rows)}</table:table>'


def read(data: bytes) -> Sheet:
    return table_file.read(data, ".ods")


EMPTY = '<table:table-cell table:number-columns-repeated="16000"/>'
TITLES = row(text("Titre"), text("Valeur"), EMPTY)


def test_the_cells_of_a_sheet_are_read_as_a_french_sheet_shows_them() -> None:
    found = read(
        a_book(
            page(
                f"<table:table-header-rows>{TITLES}</table:table-header-rows>",
                row(text("A"), typed("date", "date-value", "2027-03-19")),
                row(text("B"), typed("date", "date-value", "2027-03-19T18:30:00")),
                row(EMPTY, more='table:number-rows-repeated="3"'),
                row(text("C"), typed("float", "value", "1234.5", "1 234,50")),
                row(text("D"), typed("boolean", "boolean-value", "true", "VRAI")),
                row(text("E"), typed("float", "value", "0", "#REF!")),
                row(
                    text('un<text:s text:c="2"/>deux<text:line-break/><text:a>trois</text:a>.'),
                    "<table:table-cell><office:annotation><text:p>vu</text:p></office:annotation>"
                    "<text:p>quatre</text:p><text:p>cinq</text:p></table:table-cell>",
                ),
                row(EMPTY, more='table:number-rows-repeated="1048000"'),
            )
        )
    )
    assert found.headings == ("Titre", "Valeur")
    assert [(each.line, *each.cells) for each in found.rows] == [
        (2, "A", "19/03/2027"),
        (3, "B", "19/03/2027 18:30:00"),
        (7, "C", "1234.5"),
        (8, "D", "oui"),
        (9, "E", "#REF!"),
        (10, "un  deux\ntrois.", "quatre\ncinq"),
    ]


def test_merged_and_repeated_cells_stand_in_each_line_and_column() -> None:
    found = read(
        a_book(
            page(
                row(text("Commune"), text("Nom"), text("Prénom")),
                row(text("Vougeot", 'table:number-rows-spanned="2"'), text("Roy"), text("Zoé")),
                row(
                    "<table:covered-table-cell/>", text("Ali", 'table:number-columns-repeated="2"')
                ),
                row(text(""), text("Bo"), more='table:number-rows-repeated="2"'),
            )
        )
    )
    assert [each.cells for each in found.rows] == [
        ("Vougeot", "Roy", "Zoé"), ("Vougeot", "Ali", "Ali"), ("", "Bo", ""), ("", "Bo", ""),
    ]  # fmt: skip
    assert [each.line for each in found.rows] == [2, 3, 4, 5]


def test_what_one_may_not_see_of_a_workbook_is_said() -> None:
    hidden = (
        '<style:style style:name="h"><style:table-properties table:display="false"/></style:style>'
    )
    found = read(
        a_book(
            page(TITLES, name="Listes", more='table:style-name="h"')
            + page(EMPTY, name="Vide")
            + page(
                TITLES,
                row(text("A"), more='table:visibility="collapse"'),
                f"<table:table-row-group>{row(text('B'))}</table:table-row-group>",
                name="Besoins",
            )
            + page(TITLES, name="Plus"),
            hidden,
        )
    )
    assert [each.cells[0] for each in found.rows] == ["A", "B"]
    assert found.notes == (
        "Seule la feuille « Besoins » est lue, l'autre ne l'est pas : « Plus ».",
        "1 ligne masquée est lue aussi : 2.",
    )


def test_the_sheet_whose_columns_are_known_is_read_unless_it_is_hidden() -> None:
    style = (
        '<style:style style:name="h"><style:table-properties table:display="false"/></style:style>'
    )
    hidden = page(row(text("Commune"), text("Nom")), name="Listes", more='table:style-name="h"')
    book = page(TITLES, name="Accueil") + page(row(text("Commune")), row(text("A")), name="B")
    known = {"Commune", "Nom"}
    found = ods_file.read(a_book(hidden + book, style), lambda top: len(known & {*top.headings}))
    assert found.headings == ("Commune",)
    assert found.notes == ("Seule la feuille « B » est lue, l'autre ne l'est pas : « Accueil ».",)


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (a_book(page(TITLES), manifest="<manifest:encryption-data/>"), "par un mot de passe"),
        (a_book(page(TITLES), head="<!DOCTYPE x>"), "déclare un type de document"),
        (a_book("<table:table>"), "n'est pas un classeur ODS"),
        (a_book(page(TITLES))[:-60], "n'est pas un classeur ODS"),
        (b"PK\x03\x04\0\0", "n'est pas un classeur ODS"),
        (a_book(page()), "aucun tableau"),
        (a_book(page(row(text("A", 'table:number-columns-repeated="999999999"')))), "500 colonnes"),
        (
            a_book(page(TITLES, row(text("A"), more='table:number-rows-repeated="999999999"'))),
            "100 000 lignes",
        ),
        (a_book(page(TITLES, row(EMPTY, text("A")))), "500 colonnes"),
        (a_book(page(row(text("A", 'table:number-columns-repeated="deux"')))), "endommagé"),
        (a_book(page(row(text("A"), more='table:number-rows-repeated="1e3"'))), "endommagé"),
        (a_book(page(row(text("<text:span>" * 5_000 + "</text:span>" * 5_000)))), "endommagé"),
    ],
    ids=range(12),
)
def test_what_is_no_such_workbook_is_refused(data: bytes, part: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(data)
    assert part in refused.value.sentence


def test_a_line_of_many_repeated_blanks_takes_no_more_than_a_table_may_hold() -> None:
    root = fromstring(f"<r {NAMESPACES}>{row(text('A'), *[EMPTY] * 1_000)}</r>")
    assert len(list(ods_file._cells(root[0], 1, {}))) == MOST_COLUMNS + 1


def test_such_a_workbook_is_known_by_its_content() -> None:
    data = a_book(page(TITLES, row(text("A"))))
    assert table_file.read(data, ".csv") == table_file.read(data, ".ods")
