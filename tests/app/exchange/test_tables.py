"""Tables of records: what is written is read back, and what people write is understood."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

from app.domain.field_words import VALUES
from app.domain.records import KINDS, Envelope
from app.domain.refusals import Refusal
from app.domain.validation import complete
from app.domain.wording import capitalised
from app.exchange import cells, csv_file, mapping, table_file, tables, xlsx_file
from app.exchange.directory import Directory
from app.exchange.sheet import Sheet
from app.exchange.titles import fields_of
from tests.app.exchange.samples import (
    COMMISSION,
    DIRECTORY,
    LETANG,
    ORGANISATIONS,
    RECORDS,
    VOUGEOT,
    envelope,
    organisation,
)

File = tuple[Callable[..., bytes], Callable[[bytes], Sheet]]


def semicolons(kind: str, rows: list[Any]) -> bytes:
    return csv_file.write(tables.headings(kind), rows)


def commas(kind: str, rows: list[Any]) -> bytes:
    return csv_file.write(tables.headings(kind), rows, ",")


def workbook(kind: str, rows: list[Any]) -> bytes:
    return xlsx_file.write(kind, tables.headings(kind), rows)


FILES: list[File] = [
    (semicolons, csv_file.read),
    (commas, csv_file.read),
    (workbook, xlsx_file.read),
]


def lines(kind: str, sheet: Sheet, **told: str) -> list[tables.Line]:
    columns = mapping.guess(kind, sheet.headings, told)
    return list(tables.lines(kind, sheet, columns, DIRECTORY, []))


def read_csv(kind: str, text: str, **told: str) -> list[tables.Line]:
    return lines(kind, csv_file.read(text.encode()), **told)


def fields_read(kind: str, text: str) -> dict[str, Any]:
    (line,) = read_csv(kind, text)
    assert line.refusal is None
    return line.fields


@pytest.mark.parametrize("file", FILES, ids=lambda file: file[0].__name__)
@given(RECORDS)
def test_a_record_written_in_a_table_is_read_back(file: File, record: Envelope) -> None:
    write, read = file
    data = write(record.kind, list(tables.rows(record.kind, [record], DIRECTORY)))
    (line,) = lines(record.kind, read(data))
    assert line.refusal is None
    assert line.record_id == record.id
    found = complete(record.kind, complete(record.kind, {}) | line.fields)
    assert with_blanks_emptied(found) == with_blanks_emptied(record.fields)


def with_blanks_emptied(fields: dict[str, Any]) -> dict[str, Any]:
    """A cell that holds only spaces is an empty one."""
    return {
        name: "" if isinstance(value, str) and not value.strip() else value
        for name, value in fields.items()
    }


ALIKE = {
    "notes", "question", "description", "intention", "participants", "code", "services", "votes",
    "population",
}  # fmt: skip
"""The fields whose name is a French word too."""


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_has_a_title_of_its_own_and_every_choice_a_word(kind: str) -> None:
    titles = tables.headings(kind)
    assert len(set(titles)) == len(titles)
    bare = {one for one in fields_of(kind) if capitalised(one) in titles} - ALIKE
    assert bare == set(), "name it in app/domain/field_words.py"
    hints = get_type_hints(KINDS[kind], include_extras=True)
    for field in msgspec.structs.fields(KINDS[kind]):
        annotation = hints[field.name]
        listed = [
            get_args(each)
            for each in (annotation, *get_args(annotation))
            if str(get_origin(each)) == "typing.Literal"
        ]
        if listed and isinstance(listed[0][0], str) and get_origin(annotation) is not dict:
            assert set(VALUES[kind][field.encode_name]) == set(listed[0])


@pytest.mark.parametrize(
    ("kind", "field", "value", "written", "said"),
    [
        ("meeting", "status", "open", "en cours", "Ouverte"),
        ("action", "status", "open", "ouverte", "en cours"),
        ("organisation", "membership", "member", "adhérente", "ADHÉRENT"),
        ("commitment", "intention", "declined", "ne participe pas", "déclinée"),
        ("organisation", "kind", "other", "autre collectivité", "autre"),
        ("need", "status", "answered", "une solution y répond", "Répondu"),
        ("need", "status", "served", "satisfait", "servi"),
        ("commission", "quorum_fraction", "1/3", "le tiers, plus un", "1/3"),
        ("commission", "quorum_fraction", "3/5", "3/5", "3/5"),
        ("commission", "body_kind", "=bureau", "'=bureau", "=bureau"),
    ],
)
def test_a_choice_is_written_as_the_screen_says_it_and_read_as_people_do(
    kind: str, field: str, value: str, written: str, said: str
) -> None:
    assert cells.write(kind, field, value, DIRECTORY) == written
    assert cells.read(kind, field, written, DIRECTORY) == value
    assert cells.read(kind, field, said, DIRECTORY) == value


def test_titles_that_break_the_line_are_quoted_on_one() -> None:
    with pytest.raises(Refusal) as refused:
        read_csv("need", '"Objet\nsur deux lignes";"?"\r\n')
    assert "(Objet sur deux lignes, ?)" in refused.value.sentence


@given(st.text())
def test_no_text_is_written_as_a_formula_and_each_comes_back(text: str) -> None:
    written = cells.guarded(text)
    assert not written or written[0] not in "=+-@\t\r\n"
    assert cells.unguarded(written) == text


@pytest.mark.parametrize("text", ["=1+1", "+33 3 80", "-2", "@x", "\t=1", "'=1", "''@"])
def test_the_formulas_of_others_stand_behind_an_apostrophe(text: str) -> None:
    (row,) = tables.rows("need", [envelope("need", title=text)], DIRECTORY)
    assert row[1 + fields_of("need").index("title")] == f"'{text}"


def test_a_csv_has_the_mark_and_the_semicolons_that_french_spreadsheets_expect() -> None:
    record = envelope("need", title="Sauvegarde ; école", organisation_ids=[VOUGEOT.id, LETANG.id])
    data = semicolons("need", list(tables.rows("need", [record], DIRECTORY)))
    head, row, end = data.decode().split("\r\n")
    assert data.startswith(b"\xef\xbb\xbf")
    assert head.startswith("\ufeffIdentifiant;Titre;Paroles;Exprimé par;Thème;Gravité;")
    assert '"Sauvegarde ; école"' in row
    assert "21716 | 21255" in row
    assert not end


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "iso8859-15", "utf-16"])
def test_encodings_and_separators_are_recognised(separator: str, encoding: str) -> None:
    text = separator.join(("Prénom", "Nom", "Commune")) + "\r\n"
    text += separator.join(("Zoé", "L'Œuvre", "l'etang vergy"))
    (line,) = lines("person", csv_file.read(text.encode(encoding)))
    assert line.fields == {
        "first_name": "Zoé",
        "last_name": "L'Œuvre",
        "organisation_id": LETANG.id,
    }


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        ("Beaune, liste arrêtée le 3, 4 et 5 mars\nTitre;Propos\nA;b\n", ("Titre", "Propos")),
        ("Liste\nTitre\tPropos\nA\tb, c\nD\te, f\n", ("Titre", "Propos")),
        ("Titre;Propos\nA, b, c;d\nE, f;g\n", ("Titre", "Propos")),
        ("Titre,Propos\nA;b,c\nD;e;f,g\n", ("Titre", "Propos")),
        ("Titre\nSauvegarde, données\nWifi, site\n", ("Titre",)),
    ],
)
def test_the_separator_is_the_one_that_parts_the_first_lines_whatever_title_is_above(
    text: str, headings: tuple[str, ...]
) -> None:
    assert csv_file.read(text.encode()).headings == headings


def test_a_separator_named_on_the_first_line_is_obeyed_and_is_no_line_of_a_spreadsheet() -> None:
    (line,) = read_csv("need", "sep=,\nTitre,Gravité\n\nA;B,2\n")
    assert (line.row.line, line.fields) == (3, {"title": "A;B", "severity": 2})


def test_the_title_above_a_table_is_not_its_headings() -> None:
    titled = "Besoins de l'automne;\n;\nTitre;Gravité\nA;2\n"
    (line,) = read_csv("need", titled)
    assert (line.row.line, line.fields) == (4, {"title": "A", "severity": 2})
    (alone,) = read_csv("need", "Titre\nA\n")
    assert alone.fields == {"title": "A"}
    first, _ = read_csv("need", "Titre;\nA;1\nB;2\n")
    assert first.fields == {"title": "A"}


def test_all_the_lines_of_title_above_a_table_are_passed_over_and_nothing_more() -> None:
    title = "Conseil communautaire 2026–2032;;\n;;\nListe des délégués;;\n"
    (line,) = read_csv("person", f"{title}COMMUNE;NOM;PRENOM\nVougeot;ROY;Zoé\n")
    assert (line.row.line, line.fields["last_name"]) == (5, "ROY")
    sheet = csv_file.read(b"Nom;\nA;\nB;\nC;\nD;\nRoy;Zoe\n")
    assert (sheet.headings, len(sheet.rows)) == (("Nom", "Colonne B"), 5)


@pytest.mark.parametrize(
    ("above", "line"),
    [
        ("Liste;;au 1er avril\nCommune;Nom;Prénom\n", 3),
        ("Commune;Titulaire;\n;Nom;Prénom\n", 3),
        ("Machin;Truc;Chose\nCommune;un;deux\n", 2),
        ("Machin;Prénom;Nom\nCommune;Élu;un\n", 2),
    ],
)
def test_the_headings_are_the_first_line_that_names_most_fields_and_two_at_least(
    above: str, line: int
) -> None:
    read = csv_file.read(f"{above}Vougeot;ROY;Zoé\n".encode())
    assert mapping.headed("person", read, {}).rows[0].line == line
    told = dict(zip(("phone", "role", "email"), read.headings, strict=True))
    assert mapping.headed("person", read, told) == read


def test_headings_that_fill_one_cell_are_no_title_where_the_next_line_names_nothing() -> None:
    text = "Liste;\nNom et prénom;\nAnne LE GOFF;a@x.fr\nLuc LEROY;l@x.fr\n"
    found = mapping.headed("person", csv_file.read(text.encode()), {})
    assert found.headings == ("Nom et prénom", "Colonne B")
    assert [row.line for row in found.rows] == [3, 4]
    text = "Titre\nSauvegarde\nWifi\nSite;voir avec Léa\nTéléphonie\n"
    read = csv_file.read(text.encode())
    assert [row.line for row in mapping.headed("need", read, {}).rows] == [2, 3, 4, 5]
    assert mapping.headed("need", read, {"words": "Titre"}).headings == ("Titre",)
    assert mapping.headed("need", read, {"title": "Site"}) == read
    book = {"A1": "Titre", "A2": "Sauvegarde", "A3": "Site", "B3": "voir avec Léa"}
    found = mapping.headed("need", xlsx_file.read(a_book(book)), {})
    assert (found.headings, found.rows[1].cells) == (
        ("Titre", "Colonne B"),
        ("Site", "voir avec Léa"),
    )
    text = "Titre;\nObjet;Réf\nSauvegarde;12\n"
    assert mapping.headed("need", csv_file.read(text.encode()), {}).headings == ("Objet", "Réf")


def test_headings_of_two_levels_are_read_together() -> None:
    read = csv_file.read("Commune;Titulaire;\n;Nom;Prénom\nVougeot;ROY;Zoé\n".encode())
    assert mapping.headed("person", read, {}).headings == ("Commune", "Nom", "Prénom")


def test_cells_copied_are_parted_by_their_tabs_whatever_their_words_hold() -> None:
    found = csv_file.pasted('Nom, prénom; qualité, rang\tMots\r\nRoy\t"Deux\nlignes ""là"""\r\n')
    assert found.headings == ("Nom, prénom; qualité, rang", "Mots")
    assert found.rows[0].cells == ("Roy", 'Deux\nlignes "là"')
    assert csv_file.pasted("Nom;Commune\nRoy;Vougeot\n").headings == ("Nom", "Commune")
    found = csv_file.pasted('Mots\tNom\n"Plus rien", dit-il\tRoy\n"Encore\t"Zoé"\n"Deux\n"\t""')
    assert [row.cells for row in found.rows] == [
        ('"Plus rien", dit-il', "Roy"), ('"Encore', "Zoé"), ("Deux\n", ""),
    ]  # fmt: skip
    alone = csv_file.pasted('Titre\n"Plus rien", dit-il\n"Deux\nlignes"\n')
    assert [row.cells for row in alone.rows] == [('"Plus rien", dit-il',), ("Deux\nlignes",)]


def test_headings_under_others_are_no_line_even_where_they_tell_nothing_more() -> None:
    text = "Commune;Titulaire;Suppléant\n;NOM Prénom;NOM Prénom\nVougeot;A B;C D\n"
    found = mapping.headed("person", csv_file.read(text.encode()), {})
    assert found.headings == ("Commune", "NOM Prénom (Titulaire)", "NOM Prénom (Suppléant)")
    assert mapping.guess("person", found.headings, {}) == {
        "organisation_id": 0, "last_first": 1, "alternate_last_first": 2,
    }  # fmt: skip
    text = "Commune;Titulaire\nVougeot;A B\n"
    assert mapping.headed("person", csv_file.read(text.encode()), {}).rows[0].line == 2


def test_a_heading_that_stands_under_several_is_told_apart() -> None:
    text = "Délégués;;;;\nCommune;Titulaire;;Suppléant;\n;Nom;Prénom;Nom;Prénom\nVougeot;A;B;C;D\n"
    told = csv_file.read(text.encode())._replace(notes=("Une seule feuille est lue.",))
    found = mapping.headed("person", told, {})
    assert found.notes == told.notes
    assert found.headings == (
        "Commune", "Nom (Titulaire)", "Prénom (Titulaire)", "Nom (Suppléant)", "Prénom (Suppléant)",
    )  # fmt: skip
    assert mapping.guess("person", found.headings, {}) == {
        "organisation_id": 0, "last_name": 1, "first_name": 2,
        "alternate_last_name": 3, "alternate_first_name": 4,
    }  # fmt: skip
    text = "Liste;;\nNom;Prénom;Nom\nA;B;C\n"
    found = mapping.headed("person", csv_file.read(text.encode()), {})
    assert found.headings == ("Nom", "Prénom", "Nom")


def test_a_column_without_heading_is_named_by_its_letter_where_it_holds_anything() -> None:
    sheet = csv_file.read(b"Nom;;;Commune\nRoy;T;;Vougeot\n")
    assert sheet.headings == ("Nom", "Colonne B", "", "Commune")
    columns = mapping.guess("person", sheet.headings, {"seat": "Colonne B"})
    assert mapping.unread(sheet.headings, columns) == []
    book = xlsx_file.read(a_book({"A1": "Nom", "A2": "Roy", "AB2": 5, "D3": "y"}))
    assert [name for name in book.headings if name] == ["Nom", "Colonne D", "Colonne AB"]
    assert mapping.unread(book.headings, {"last_name": 0}) == ["Colonne D", "Colonne AB"]


def test_a_cell_merged_with_those_below_stands_in_each_line() -> None:
    book = Workbook()
    for row in (["Nom", "Commune"], ["Roy", "Vougeot"], ["Faure"], [], ["Noël"], ["Petit"]):
        book.active.append(row)
    book.active.merge_cells("B2:B5")
    stream = io.BytesIO()
    book.save(stream)
    rows = xlsx_file.read(stream.getvalue()).rows
    assert [row.cells for row in rows] == [
        ("Roy", "Vougeot"), ("Faure", "Vougeot"), ("Noël", "Vougeot"), ("Petit", ""),
    ]  # fmt: skip
    assert [row.line for row in rows] == [2, 3, 5, 6]


COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)


@pytest.mark.parametrize(
    ("data", "ending", "part"),
    [
        (COMPOUND, ".xlsx", "ancien classeur .xls : ouvrez-le"),
        (COMPOUND, ".csv", "ancien classeur .xls : ouvrez-le"),
        (COMPOUND + "EncryptedPackage".encode("utf-16-le"), ".xlsx", "par un mot de passe"),
        (b"\n", ".xlsx", "le fichier est vide"),
        (b"\xef\xbb\xbf <html><table>", ".csv", "c'est une page web"),
        (b"<html><table>", ".xls", "c'est une page web"),
        (b"Titre", ".xls", "ce format de classeur ne se lit pas"),
        (b"Titre", ".xlsx", "n'est pas un classeur XLSX"),
    ],
)
def test_a_file_that_is_something_else_says_what_to_do(data: bytes, ending: str, part: str) -> None:
    with pytest.raises(Refusal) as refused:
        table_file.read(data, ending)
    assert part in refused.value.sentence


def test_a_workbook_is_known_by_its_content() -> None:
    assert table_file.read(a_book({"A1": "Titre"}), ".csv").headings == ("Titre",)


def test_what_one_may_not_see_of_a_workbook_is_said() -> None:
    book = Workbook()
    book.active.title = "Listes"
    book.active.append(["léger"])
    book.active.sheet_state = "hidden"
    for name, rows in {
        "Vide": [],
        "Besoins": ["Titre", "A", "B", "C", None],
        "Plus": ["x"],
    }.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append([row])
        for line in (3, 4, 5):
            page.row_dimensions[line].hidden = True
    stream = io.BytesIO()
    book.save(stream)
    found = xlsx_file.read(stream.getvalue())
    assert (found.headings, len(found.rows)) == (("Titre",), 3)
    assert found.notes == (
        "Seule la feuille « Besoins » est lue, l'autre ne l'est pas : « Plus ».",
        "2 lignes masquées sont lues aussi : 3, 4.",
    )


def test_a_formula_that_was_never_calculated_is_not_read_as_empty() -> None:
    with pytest.raises(Refusal, match="cellule B2 : sa formule n'a pas été calculée"):
        xlsx_file.read(a_book({"A1": "Titre", "A2": "A", "B2": '="A"&1'}))


def test_accents_that_were_lost_are_said() -> None:
    found = csv_file.read("Intitulé;Ville\nÉcole à côté;Nîmes\n".encode().decode("cp1252").encode())
    assert found.notes[0].startswith("Des accents semblent perdus (« IntitulÃ© ») : enregistrez")
    assert csv_file.read("Intitulé\nÉcole à côté\n".encode("cp1252")).notes == ()


@pytest.mark.parametrize("encoding", ["mac-roman", "cp850", "cp437"])
@pytest.mark.parametrize("text", ["Titre\nSécurité", "Intitulé", "Titre\nThéâtre", "Titre\nTélé"])
def test_accents_of_dos_and_of_old_macs_are_said_to_be_lost(text: str, encoding: str) -> None:
    assert csv_file.read(text.encode(encoding)).notes[0].startswith("Des accents semblent perdus")


@pytest.mark.parametrize(
    "text",
    [
        "Wi-Fi™", "oui…mais", "Jan Žižka", "DŽUMHUR", "MŒURS", "‚cité‘", "5‰", "Šimon, l’HAŸ",
        "2½ h", "une ½ journée", "¤ Wifi", "l´eau", "2¼ à 3¾",
    ],
)  # fmt: skip
def test_signs_that_texts_have_are_no_lost_accents(text: str) -> None:
    found = csv_file.read(f"Titre\n{text}".encode("cp1252"))
    assert (found.rows[0].cells, found.notes) == ((text,), ())


@pytest.mark.parametrize("text", ["Lecœur", "L'HAŸ", "Sœurs à Bœuf", "œuvre", "12 €", "Œufs"])
def test_the_letters_and_the_euro_of_latin_9_are_known(text: str) -> None:
    assert csv_file.read(f"Titre\n{text}".encode("iso8859-15")).rows[0].cells == (text,)


def test_a_column_is_called_as_a_spreadsheet_calls_it() -> None:
    found = csv_file.read(b";Titre;Etat;\nA;B;C;D\n")
    assert [found.column(rank) for rank in range(4)] == [
        "colonne A", "colonne B (« Titre »)", "colonne C (« Etat »)", "colonne D",
    ]  # fmt: skip


def test_who_is_vacant_is_nobody() -> None:
    (line,) = read_csv("person", "Commune;Nom et prénom\nVougeot;Vacant\n")
    assert (line.fields, line.refusal) == ({}, None)
    found = read_csv("person", "Commune;Nom;Prénom\nVougeot;-;-\nVougeot;X;\nVougeot;Sans;\n")
    assert [line.fields.get("last_name") for line in found] == [None, "X", "Sans"]


def test_a_total_under_a_table_is_no_record() -> None:
    rows = ["A;2", "Total;2", ";Total général : 2", "Sous-total;", "Total des sauvegardes;3"]
    found = read_csv("need", "\n".join(["Titre;Gravité", *rows]))
    assert [line.total for line in found] == [False, True, True, True, False]
    assert found[-1].fields["title"] == "Total des sauvegardes"
    (kept,) = read_csv("need", f"Identifiant;Titre\n{VOUGEOT.id};Total\n")
    assert (kept.total, kept.fields) == (False, {"title": "Total"})


def test_a_telephone_that_lost_its_zero_to_a_spreadsheet_has_it_again() -> None:
    rows = "380123456;\n38012345;\n080123456;\n380123456;0198aaaa-aaaa-7aaa-8aaa-aaaaaaaaaaaa\n"
    found = read_csv("person", f"Téléphone;Identifiant\n{rows}")
    assert [line.fields["phone"] for line in found] == [
        "0380123456", "38012345", "080123456", "380123456",
    ]  # fmt: skip


def test_a_line_is_numbered_as_a_spreadsheet_does() -> None:
    found = read_csv("need", 'Titre;Propos\nA;"un\ndeux"\n\nB;trois\n')
    assert [(line.row.line, line.fields["title"]) for line in found] == [(2, "A"), (4, "B")]
    assert found[0].fields["words"] == "un\ndeux"


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("need", "Échéance\n19/03/2027", {"deadline_on": "2027-03-19"}),
        ("need", "échéance\n2027-03-19T00:00:00", {"deadline_on": "2027-03-19"}),
        ("need", "Échéance\n19/03/27", {"deadline_on": "2027-03-19"}),
        ("need", "Échéance\n31-déc-49", {"deadline_on": "2049-12-31"}),
        ("watch_note", "Publié le\n06/01/78", {"published_on": "1978-01-06"}),
        ("need", "Échéance\n2027-03-18T23:00:00.000Z", {"deadline_on": "2027-03-19"}),
        ("need", "Échéance\n2027-03-18T20:00:00-05:00", {"deadline_on": "2027-03-19"}),
        ("need", "Échéance\n19-mars-27", {"deadline_on": "2027-03-19"}),
        ("need", "Échéance\nvendredi 19 mars 2027", {"deadline_on": "2027-03-19"}),
        ("need", "Échéance\n1er AVRIL 2027", {"deadline_on": "2027-04-01"}),
        ("need", "Échéance\n9 févr. 2027", {"deadline_on": "2027-02-09"}),
        ("need", "Échéance\n46465", {"deadline_on": "2027-03-19"}),
        ("need", "Gravité\nGénant", {"severity": 2}),
        ("need", "Urgence (de 1 à 4)\nGénant", {"severity": 2}),
        ("need", "ETAT\nÉcarté", {"status": "set_aside"}),
        ("need", "status\nset_aside", {"status": "set_aside"}),
        ("need", "Thématique\nprotection des donnees", {"theme": "gdpr"}),
        ("need", "Communes concernées\nVougeot|Champagny (39)", {"organisation_ids": 2}),
        ("organisation", "Nombre d'habitants\n1 234", {"population": 1234}),
        ("organisation", "Année\n2024", {"population_year": 2024}),
        ("commitment", "alone_cents\n1 234,5 €", {"alone_cents": 123450}),
        ("commitment", "alone_cents\n1234", {"alone_cents": 1234}),
        ("organisation", "Services\nParapheur | Marchés", {"services": ["Parapheur", "Marchés"]}),
        ("organisation", "SIREN\n200 070 894", {"siren": "200070894"}),
        ("organisation", "Code INSEE\n1004", {"insee_code": "01004"}),
        ("meeting", "Urgence\nNON", {"emergency": False}),
        ("meeting", "Début prévu\n19/03/2027 18 h 30", {"starts_at": "2027-03-19T18:30:00+01:00"}),
        ("meeting", "Début prévu\n19/07/2027 à 18:30", {"starts_at": "2027-07-19T18:30:00+02:00"}),
        ("meeting", "Début prévu\n19 mars 2027 à 18h", {"starts_at": "2027-03-19T18:00:00+01:00"}),
        ("meeting", "Début prévu\n46465.77083", {"starts_at": "2027-03-19T18:30:00+01:00"}),
        ("watch_note", 'Destinataires\n"{""kinds"": [""commune""]}"', {"audience": 1}),
    ],
)
def test_what_people_write_is_understood(kind: str, text: str, expected: dict[str, Any]) -> None:
    found = fields_read(kind, text)
    counted = {
        name: len(value)
        if isinstance(expected[name], int) and not isinstance(value, int)
        else value
        for name, value in found.items()
    }
    assert counted == expected


@pytest.mark.parametrize(
    ("kind", "text", "field", "part"),
    [
        ("need", "Gravité\nforte", "severity", "nombre entier, ni léger"),
        ("need", "Échéance\n31/02/2027", "deadline_on", "date"),
        ("need", "Échéance\n19-jui-27", "deadline_on", "n'est pas une date telle que"),
        ("need", "Échéance\n01/01/1850", "deadline_on", "« 01/01/1850 » n'est pas entre 1900 et"),
        ("need", "État\nperdu", "status", "exprimé, qualifié"),
        ("person", "Commune\nChampagny", "organisation_id", "code INSEE"),
        ("person", "Commune\nAtlantis", "organisation_id", "aucune"),
        ("meeting", "Urgence\npeut-être", "emergency", "oui ou non"),
        ("meeting", "Début prévu\nbientôt", "starts_at", "instant"),
        ("solution", "Plan de coûts\n{", "plan", "JSON"),
        ("commitment", "alone_cents\n12,5 %", "alone_cents", "n'est pas un nombre entier"),
        ("commitment", "units\n3 €", "units", "est un montant"),
        ("need", "Titre\n#N/A", "title", "l'erreur d'une formule"),
        (
            "need",
            "Séance\n19/03/2027",
            "raised_at_meeting_id",
            "donnez-le, ou ignorez cette colonne",
        ),
        ("need", "Titre\nA;B;C", "", "plus de cellules"),
    ],
)
def test_a_cell_that_is_not_understood_refuses_its_line_alone(
    kind: str, text: str, field: str, part: str
) -> None:
    if part == "plus de cellules":
        text = "Titre;Propos\nA;B;C"
    (line,) = read_csv(kind, text)
    assert line.refusal is not None
    assert line.refusal.field == field
    assert part in line.refusal.sentence


def test_an_empty_cell_asks_for_nothing() -> None:
    (line,) = read_csv("need", "Titre;Propos;Gravité\nA; ;\n")
    assert line.fields == {"title": "A"}


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (["Nom du délégué", "Prénom du délégué"], ["last_name", "first_name"]),
        (["Prénom de l’élue", "Nom de l'élue"], ["first_name", "last_name"]),
        (["Nom du délégué titulaire", "Nom du suppléant"], ["last_name", "alternate_last_name"]),
        (
            ["Commune", "Titulaire", "Courriel", "Délégué(e) suppléant(e)", "Courriel"],
            ["organisation_id", "last_first", "email", "alternate_last_first", "alternate_email"],
        ),
        (
            ["Titulaire - Nom", "Tél. titulaire", "Prénom du suppléant", "Suppléant - Nom"],
            ["last_name", "phone", "alternate_first_name", "alternate_last_name"],
        ),
        (
            ["Mail du délégué suppléant", "Fonction suppléante"],
            ["alternate_email", "alternate_role"],
        ),
        (["Nom", "Suppléant de"], ["last_name"]),
        (
            ["Commune représentée", "Nom", "Tél. portable"],
            ["organisation_id", "last_name", "phone"],
        ),
        (["Mél.", "N° de téléphone", "Fonction du membre"], ["email", "phone", "role"]),
        (["Code INSEE", "Titulaire / Suppléant"], ["organisation_id", "seat"]),
        (["Commune", "Élu", "T/S"], ["organisation_id", "last_first", "seat"]),
        (["NOM\nPrénom", "Mme/M."], ["last_first"]),
        (["Civilité", "Prénom NOM du délégué"], ["first_last"]),
        (["Titulaire", "Nom et prénom", "Prénom et nom"], ["last_first"]),
        (["Nom", "Prénom", "Titulaire"], ["last_name", "first_name"]),
        (["Identifiant de l'élu", "Nom de l'élu"], ["last_name"]),
        (
            ["Nom (suppléant)", "Nom", "Mairie", "Tél. (portable)"],
            ["alternate_last_name", "last_name", "organisation_id", "phone"],
        ),
    ],
)
def test_the_headings_of_a_list_of_delegates_are_known(
    headings: list[str], expected: list[str]
) -> None:
    assert list(mapping.guess("person", headings, {})) == expected


def test_a_name_said_to_be_a_delegate_s_comes_before_another() -> None:
    headings = ["Nom", "Nom du délégué"]
    assert mapping.guess("person", headings, {}) == {"last_name": 1}
    assert mapping.guess("organisation", headings, {}) == {"name": 0}


def test_a_whole_name_is_parted_in_the_order_of_its_column_unless_its_capitals_say_more() -> None:
    first, second, third = read_csv("person", "Prénom Nom\nROY Zoé\nJean Dupont\nMme FAURE\n")
    assert first.fields == {"last_name": "ROY", "first_name": "Zoé"}
    assert second.fields == {"last_name": "Dupont", "first_name": "Jean"}
    assert third.fields == {"last_name": "FAURE"}
    sure = [line.parted.sure for line in (first, second, third) if line.parted]
    assert sure == [True, False, True]


def test_of_two_columns_of_whole_names_the_first_one_filled_is_read() -> None:
    told = {"last_first": "Élu", "first_last": "Signature"}
    read = read_csv("person", "Élu;Signature\nDupont Jean;J. Dupont\n;Zoé Roy\n", **told)
    assert [line.refusal for line in read] == [None, None]
    assert [line.fields for line in read] == [
        {"last_name": "Dupont", "first_name": "Jean"},
        {"last_name": "Roy", "first_name": "Zoé"},
    ]


def test_columns_told_come_before_those_guessed() -> None:
    (line,) = read_csv("need", "Titre;Idée\nun;deux", title="idee")
    assert line.fields == {"title": "deux"}


@pytest.mark.parametrize(
    ("told", "part"),
    [({"titre": "Titre"}, "titre"), ({"title": "Sujet"}, "Sujet"), ({}, "--map")],
)
def test_a_column_that_is_not_there_is_refused(told: dict[str, str], part: str) -> None:
    with pytest.raises(Refusal) as refused:
        mapping.guess("need", ["Machin", "Truc"], told)
    assert part in refused.value.sentence


def test_a_line_without_identifier_finds_the_record_that_it_is_about() -> None:
    known = [
        envelope("person", 1, organisation_id=VOUGEOT.id, last_name="Roy", first_name="Zoé"),
        envelope("person", 2, organisation_id=VOUGEOT.id, last_name="Roy", first_name="Ali"),
        envelope("person", 3, organisation_id=VOUGEOT.id, last_name="Roy", first_name="ALI"),
    ]
    sheet = csv_file.read("Commune;Nom;Prénom\n21716;ROY;zoe\n21716;Roy;Ali\n;Roy;Zoé".encode())
    columns = mapping.guess("person", sheet.headings, {})
    first, second, third = tables.lines("person", sheet, columns, DIRECTORY, known)
    assert first.record_id == known[0].id
    assert second.refusal is not None
    assert "plusieurs" in second.refusal.sentence
    assert (third.record_id, third.refusal) == (None, None)


@pytest.mark.parametrize(
    ("last", "first"), [("L’HUILLIER", "Jean Luc"), ("L'Huillier", "Jean‑Luc"), ("", "Jean-Luc")]
)
def test_who_is_known_is_found_whatever_the_apostrophes_and_hyphens(last: str, first: str) -> None:
    fields = {"organisation_id": VOUGEOT.id, "last_name": "L'Huillier", "first_name": "Jean-Luc"}
    known = envelope("person", 1, **fields, email="a@b.fr")
    for place in ("21716", ""):
        sheet = csv_file.read(f"Commune;Nom;Prénom\n{place};{last};{first}".encode())
        columns = mapping.guess("person", sheet.headings, {})
        (line,) = tables.lines("person", sheet, columns, DIRECTORY, [known])
        assert line.record_id == (known.id if last else None)


def test_codes_and_titles_that_only_their_signs_tell_apart_stay_apart() -> None:
    known = [envelope("fee_scale", 1, code="A"), envelope("need", 2, title="?", words="!")]
    for one, text in zip(known, ("Code\nA+", "Titre;Propos\n!;!"), strict=True):
        sheet = csv_file.read(text.encode())
        columns = mapping.guess(one.kind, sheet.headings, {})
        (line,) = tables.lines(one.kind, sheet, columns, DIRECTORY, [one])
        assert line.record_id is None


def test_who_is_of_nowhere_is_known_by_name_and_words_however_their_lines_end() -> None:
    known = envelope("person", 1, last_name="Roy", first_name="Zoé")
    sheet = csv_file.read(b"Commune;Nom;Prenom\n;ROY;Zoe\n21716;ROY;Zoe\n;ROY;\n")
    columns = mapping.guess("person", sheet.headings, {})
    found = tables.lines("person", sheet, columns, DIRECTORY, [known])
    assert [line.record_id for line in found] == [known.id, None, None]
    need = envelope("need", 2, title="A", words="un\ndeux")
    sheet = csv_file.read(b'Titre;Propos\r\nA;"un\r\ndeux"\r\n')
    columns = mapping.guess("need", sheet.headings, {})
    (line,) = tables.lines("need", sheet, columns, DIRECTORY, [need])
    assert line.record_id == need.id


def test_a_need_without_its_words_is_known_by_its_title_and_whose_it_is() -> None:
    both = [VOUGEOT.id, LETANG.id]
    known = [
        envelope("need", 1, title="A", words="un", organisation_ids=both),
        envelope("need", 2, title="A", words="deux", organisation_ids=[VOUGEOT.id]),
    ]
    lists = ["Titre;Communes", "A;21255, 21716", "A;21716", "A;21255", "A;"]
    sheet = csv_file.read("\n".join(lists).encode())
    columns = mapping.guess("need", sheet.headings, {})
    found = tables.lines("need", sheet, columns, DIRECTORY, known)
    assert [line.record_id for line in found] == [known[0].id, known[1].id, None, None]
    sheet = csv_file.read(b"Titre;Propos;Communes\nA;;21716\n")
    columns = mapping.guess("need", sheet.headings, {})
    (line,) = tables.lines("need", sheet, columns, DIRECTORY, known)
    assert line.record_id is None


def test_a_note_without_its_reference_is_known_by_its_title() -> None:
    known = [envelope("watch_note", 1, title="A", reference="un")]
    for table, found in {
        "Note\nA\nB\n": [known[0].id, None],
        "Note;Référence\nA;\n": [None],
    }.items():
        sheet = csv_file.read(table.encode())
        columns = mapping.guess("watch_note", sheet.headings, {})
        asked = tables.lines("watch_note", sheet, columns, DIRECTORY, known)
        assert [line.record_id for line in asked] == found


def test_a_column_of_words_is_not_taken_for_one_of_identifiers_unless_told() -> None:
    def kept(cell: str, **told: str) -> set[str]:
        sheet = csv_file.read(f"Besoin;Solution;Séance\nA;;{cell}\nB;;\n".encode())
        columns = mapping.guess("need", sheet.headings, told)
        return {*mapping.with_identifiers("need", columns, sheet, told)}

    meeting = "raised_at_meeting_id"
    assert kept("19/03/2027") == {"title", "solution_id"}
    assert kept("19/03/2027", raised_at_meeting_id="Séance") >= {meeting}
    assert kept(f" {COMMISSION} ") == kept("") == {"title", "solution_id", meeting}


def test_a_table_that_comes_back_from_a_spreadsheet_has_lost_no_zero() -> None:
    known = [envelope("person", 1, phone="0380123456"), envelope("person", 2, phone="380123456")]
    sheet = csv_file.read("".join(
        ["Identifiant;Tél\n", *(f"{one.id};380123456\n" for one in known)]
    ).encode())  # fmt: skip
    columns = mapping.guess("person", sheet.headings, {})
    found = list(tables.lines("person", sheet, columns, DIRECTORY, known))
    assert [line.fields["phone"] for line in found] == ["0380123456", "380123456"]


@pytest.mark.parametrize(
    ("had", "typed", "text"),
    [("010", "10", "010"), ("000", "0", "000"), ("010", "100", "100"), ("10", "010", "010")],
)
def test_a_text_of_digits_keeps_the_zeros_that_a_spreadsheet_does_not_show(
    had: str, typed: str, text: str
) -> None:
    known = envelope("agenda_item", rank=had)
    sheet = csv_file.read(f"Identifiant;Rang\n{known.id};{typed}\n".encode())
    columns = mapping.guess("agenda_item", sheet.headings, {})
    (line,) = tables.lines("agenda_item", sheet, columns, DIRECTORY, [known])
    assert line.fields["rank"] == text


@pytest.mark.parametrize(
    ("text", "record_id"),
    [
        ("Commune\nVOUGEOT", VOUGEOT.id),
        ("Commune;Département\nL'Étang-Vergy;21", LETANG.id),
        ("Commune;Département\nVougeot;Côte-d'Or", VOUGEOT.id),
        ("Commune;Département\nVougeot;39", None),
        ("Commune;Code INSEE\nVougeot;21999", None),
        ("Commune\nVougeot (21)", VOUGEOT.id),
        ("Commune;Département\nVougeot (21);21", VOUGEOT.id),
        ("Commune\nMAIRIE DE VOUGEOT", VOUGEOT.id),
        ("Commune;Code INSEE\nVOUGEOT;21716", VOUGEOT.id),
        ("Commune\nSt Prix les Arnay", ORGANISATIONS[-1].id),
        ("Commune\nEtang-Vergy (L')", LETANG.id),
        ("Commune;Code INSEE\nETANG VERGY (L’);21255", LETANG.id),
    ],
)
def test_a_commune_is_known_by_its_name_where_no_code_says_it(
    text: str, record_id: str | None
) -> None:
    sheet = csv_file.read(text.encode())
    columns = mapping.guess("organisation", sheet.headings, {})
    (line,) = tables.lines("organisation", sheet, columns, DIRECTORY, ORGANISATIONS)
    assert (line.record_id, line.refusal) == (record_id, None)
    if record_id:  # and is not called anew
        (known,) = [one for one in ORGANISATIONS if one.id == record_id]
        assert line.fields["name"] == known.fields["name"]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("21", "21"), ("021", "21"), ("COTE D'OR", "21"), ("21 - Côte-d'Or", "21"),
        ("Côte-d'Or (21)", "21"), ("75", "75"), ("01", "01"), ("Haute-Marne", "Haute-Marne"),
    ],
)  # fmt: skip
def test_a_department_is_known_by_its_code_or_its_name(typed: str, code: str) -> None:
    assert fields_read("organisation", f"Nom;Département\nNeuve;{typed}\n")["department"] == code


ARCEYS = [organisation(code, "Saint-Arcey") for code in ("21018", "25022")]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Commune\nSt-Arcey (25)", ARCEYS[1]),
        ("Commune;Département\nSt-Arcey;Doubs", ARCEYS[1]),
        ("Commune;Département\nSaint-Arcey;21", ARCEYS[0]),
        ("Commune;Code INSEE\nST ARCEY;25022", ARCEYS[1]),
        ("Commune\nsaint arcey", ARCEYS[0]),
    ],
)
def test_a_commune_is_the_one_of_its_line_s_department_before_a_namesake_near(
    text: str, place: Envelope
) -> None:
    sheet = csv_file.read(text.encode())
    columns = mapping.guess("organisation", sheet.headings, {})
    directory = Directory(ARCEYS, [], ["21"])
    (line,) = tables.lines("organisation", sheet, columns, directory, ARCEYS)
    assert (line.record_id, line.fields["name"]) == (place.id, "Saint-Arcey")


@pytest.mark.parametrize("code", ["Code INSEE;SIREN\n21255;", "Code INSEE;SIREN\n;200070894"])
def test_a_code_that_is_another_s_is_refused_and_one_that_is_given_a_new_name_is_not(
    code: str,
) -> None:
    epci = organisation("", "CC de Gevrey", siren="200070894")
    known = [VOUGEOT, LETANG, epci]
    head, cells = code.split("\n")
    sheet = csv_file.read(f"{head};Commune\n{cells};Vougeot\n{cells};Neuve\n".encode())
    columns = mapping.guess("organisation", sheet.headings, {})
    line, renamed = tables.lines("organisation", sheet, columns, Directory(known, []), known)
    assert line.refusal is not None
    assert "et non de « Vougeot »" in line.refusal.sentence
    assert (renamed.refusal, renamed.fields["name"]) == (None, "Neuve")


@pytest.mark.parametrize("kind", ["person", "need", "roster_entry"])
@pytest.mark.parametrize("heading", ["Département", "Dép.", "Code département"])
def test_the_department_of_a_line_says_which_namesake_it_is_of(kind: str, heading: str) -> None:
    text = f"Commune;{heading}\nSaint-Arcey;25\nSaint-Arcey;Jura\nSaint-Arcey;\n"
    sheet = csv_file.read(text.encode())
    columns = mapping.guess(kind, sheet.headings, {})
    directory = Directory(ARCEYS, [], ["21"])
    there, nowhere, here = tables.lines(kind, sheet, columns, directory, [])
    for line, place in ((there, ARCEYS[1]), (here, ARCEYS[0])):
        assert list(line.fields.values()) in ([place.id], [[place.id]])
    assert nowhere.refusal is not None


def test_the_commune_represented_is_a_delegate_s_and_not_another_beside_it() -> None:
    (line,) = read_csv("person", "Commune;Nom;Commune représentée\nL'Étang-Vergy;Roy;Vougeot\n")
    assert line.fields["organisation_id"] == VOUGEOT.id


def test_a_delegate_s_code_that_is_not_that_of_the_commune_named_beside_it_is_refused() -> None:
    rows = "21255;Vougeot;Roy\n21255;L'Etang-Vergy;Roy\n21255;Inconnue;Roy\n;Vougeot;Roy\n"
    wrong, right, unknown, none = read_csv("person", f"Code commune;Commune;Nom\n{rows}")
    assert wrong.refusal is not None
    assert wrong.refusal.field == "organisation_id"
    for line in (right, unknown):
        assert line.fields == {"organisation_id": LETANG.id, "last_name": "Roy"}
    assert none.fields == {"organisation_id": VOUGEOT.id, "last_name": "Roy"}
    (of_epci,) = read_csv("person", "Collectivité;Commune;Nom\nVougeot;L'Étang-Vergy;Roy\n")
    assert of_epci.fields["organisation_id"] == VOUGEOT.id


@pytest.mark.parametrize("told", [{}, {"commune_name": "Nom de la commune"}])
def test_the_name_of_a_delegate_s_commune_is_enough(told: dict[str, str]) -> None:
    text = "Nom de la commune;Nom\nVougeot;Roy\nInconnue;Roy\n"
    known, unknown = read_csv("person", text, **told)
    assert known.fields == {"organisation_id": VOUGEOT.id, "last_name": "Roy"}
    assert unknown.refusal is not None
    assert unknown.columns[unknown.refusal.field] == 0


def test_a_line_filled_beforehand_with_its_department_alone_asks_nothing() -> None:
    _, line = read_csv("person", "Commune;Nom;Département\nVougeot;Roy;21\n;;21\n")
    assert (line.fields, line.refusal) == ({}, None)


def test_communes_of_one_name_ask_for_more() -> None:
    sheet = csv_file.read(b"Commune\nChampagny")
    columns = mapping.guess("organisation", sheet.headings, {})
    (line,) = tables.lines("organisation", sheet, columns, DIRECTORY, ORGANISATIONS)
    assert line.refusal is not None


def test_a_row_is_written_as_it_was_read() -> None:
    sheet = csv_file.read(b"Titre;Propos\n'=A;b\n")
    assert tables.as_read(sheet, sheet.rows[0]) == ["''=A", "b"]


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"", "aucun tableau"),
        (b"\n \n;;\n", "aucun tableau"),
        (b"Titre\nA\0B", "enregistrez-le au format .xlsx ou .csv"),
        (b'Titre;Propos\nA;B\nC;"D\n', "ligne 3"),
        (b'Titre\n"' + b"a" * 140_000 + b'"', "ligne 2"),
        (b"Titre\n\x81", "Windows-1252"),
        (b"Titre" + b";" * 600, "500 colonnes"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_a_file_that_is_no_table_is_refused_with_the_line(data: bytes, part: str) -> None:
    with pytest.raises(Refusal) as refused:
        csv_file.read(data)
    assert part in refused.value.sentence


@pytest.mark.parametrize("text", ["a" * 40_000, "a\uffff"])
def test_what_a_cell_of_a_workbook_cannot_hold_is_refused_and_not_cut(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        xlsx_file.write("besoins", ["Titre"], [["a"], [text]])
    assert "ligne 3, colonne « Titre »" in refused.value.sentence


def test_a_workbook_holds_no_formula_and_reads_what_spreadsheets_write() -> None:
    page = load_workbook(io.BytesIO(xlsx_file.write("x", ["=A1"], [["=1+1"], [3]]))).active
    assert [[cell.data_type for cell in row] for row in page] == [["s"], ["s"], ["n"]]
    book = Workbook()
    rows = [
        [None, None],
        ["Titre", "Gravité", "Échéance"],
        ["Sauvegarde", 3.0, date(2027, 3, 19)],
        [True, 1, datetime(2027, 3, 20, 18, 30)],
    ]
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    first, second = lines("need", xlsx_file.read(stream.getvalue()))
    assert first.row.line == 3
    assert first.fields == {"title": "Sauvegarde", "severity": 3, "deadline_on": "2027-03-19"}
    assert second.fields == {"title": "oui", "severity": 1, "deadline_on": "2027-03-20"}


def test_a_workbook_shows_dates_as_dates_and_no_apostrophe_before_a_number_to_call() -> None:
    rows = [[date(2027, 3, 19), "'+33 380", "'-1"], [Decimal("1234.50"), "''=1", "A"]]
    page = load_workbook(io.BytesIO(xlsx_file.write("x", ["Jour", "Tél", "Z"], rows))).active
    day, phone, sign = page[2]
    assert (day.value, day.number_format) == (datetime(2027, 3, 19), "DD/MM/YYYY")
    assert [(one.value, one.data_type, one.quotePrefix) for one in (phone, sign)] == [
        ("+33 380", "s", True), ("-1", "s", True),
    ]  # fmt: skip
    amount, twice, plain = page[3]
    assert (amount.value, amount.number_format) == (1234.5, "#,##0.00")
    assert (twice.value, twice.quotePrefix, plain.quotePrefix) == ("''=1", False, False)


def test_a_day_that_spreadsheets_count_in_two_ways_is_a_text() -> None:
    data = xlsx_file.write("x", ["Jour"], [[date(1900, 2, 28)], [date(1900, 3, 1)]])
    page = load_workbook(io.BytesIO(data)).active
    assert [page["A2"].value, page["A3"].value] == ["28/02/1900", datetime(1900, 3, 1)]


def test_what_a_cell_of_a_workbook_escapes_is_read_as_it_is_meant() -> None:
    book = a_book({"A1": "Paroles", "A2": "Une_x000D_\nDeux_x000d_Trois", "A3": "_x005F_x000D_"})
    assert [row.cells for row in xlsx_file.read(book).rows] == [
        ("Une\nDeux\nTrois",), ("_x000D_",),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["_x0041_", "_x005F_x0041_", "=_x0041_", "_xD83D_", "_x00_"])
def test_a_text_that_looks_escaped_is_escaped_in_a_workbook(text: str) -> None:
    data = xlsx_file.write("x", ["Titre"], [[cells.guarded(text)]])
    (row,) = xlsx_file.read(data).rows
    assert row.cells == (text,)
    held = load_workbook(io.BytesIO(data)).active["A2"].value
    assert re.fullmatch("_x[0-9A-F]{4}_", held) is None


def test_a_text_that_looks_escaped_is_read_as_it_is_once_saved_in_a_spreadsheet() -> None:
    """Spreadsheets keep all texts in a part of their own, where the cells share them."""
    texts = ["Lien", "carte_x005F_x1024_y768.png", "_x005F_x005F_x005F_x0041_", "1_x000D_\n2"]
    with_ranks = zipfile.ZipFile(io.BytesIO(a_book({f"A{n + 1}": n for n in range(len(texts))})))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        for name in with_ranks.namelist():
            part = with_ranks.read(name).decode().replace('t="n"', 't="s"')
            shared = (
                f'<Override PartName="/xl/strings.xml" ContentType="{SHARED_STRINGS}"/></Types>'
            )
            file.writestr(name, part.replace("</Types>", shared))
        held = "".join(f"<si><t>{text}</t></si>" for text in texts)
        file.writestr("xl/strings.xml", f'<sst xmlns="{SHEET_MAIN_NS}">{held}</sst>')
    assert [row.cells for row in xlsx_file.read(stream.getvalue()).rows] == [
        ("carte_x1024_y768.png",), ("_x005F_x0041_",), ("1\n2",),
    ]  # fmt: skip


def test_a_workbook_is_printed_as_wide_as_a_page_under_its_headings() -> None:
    rows = [["a" * 61, "b"], ["a\nb", date(2027, 3, 19)], ["a" * 900, "b"]]
    book = load_workbook(io.BytesIO(xlsx_file.write("Besoins", ["Titre", "Jour"], rows)))
    page = book.active
    assert (book.properties.title, book.properties.creator) == ("Besoins", None)
    assert (page.freeze_panes, page.print_title_rows) == ("A2", "$1:$1")
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert (page.page_setup.orientation, page.page_setup.fitToHeight) == ("landscape", 0)
    heading, word = page["A1"].font, page["A2"].font
    assert (heading.b, heading.name, heading.sz) == (True, word.name, word.sz)
    assert [[bool(one.alignment.wrap_text) for one in row] for row in page] == [
        [False, False], [True, False], [True, False], [False, False],
    ]  # fmt: skip
    assert page["B2"].alignment.vertical == "top"


def test_a_csv_writes_days_as_the_spreadsheets_that_read_its_separator() -> None:
    rows = [[date(2027, 3, 19)]]
    assert b"19/03/2027" in csv_file.write(["Jour"], rows)
    assert b"2027-03-19" in csv_file.write(["Jour"], rows, ",")


def a_book(*sheets: dict[str, object]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for cells_of in sheets:
        page = book.create_sheet()
        for place, value in cells_of.items():
            page[place] = value
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_nothing_of_a_workbook_is_dropped_however_far_it_stands() -> None:
    far = xlsx_file.read(a_book({"A1": "Titre", "A2": "Un", "A150000": "Deux"}))
    assert [(row.line, row.cells) for row in far.rows] == [(2, ("Un",)), (150_000, ("Deux",))]
    with pytest.raises(Refusal, match="ligne 2 : le tableau dépasse 500 colonnes"):
        xlsx_file.read(a_book({"A1": "Titre", "A2": "Un", "ZZ2": "Loin"}))


def test_a_workbook_of_strict_open_xml_is_said_with_the_way_out() -> None:
    strict, usual = io.BytesIO(), zipfile.ZipFile(io.BytesIO(a_book({"A1": "Titre"})))
    with zipfile.ZipFile(strict, "w") as file:
        for part in usual.namelist():
            content = usual.read(part)
            names = b"schemas.openxmlformats.org/officeDocument/2006", b"purl.oclc.org/ooxml"
            file.writestr(part, content.replace(*names))
    with pytest.raises(Refusal, match="au format « Strict Open XML »"):
        xlsx_file.read(strict.getvalue())


def test_an_empty_first_sheet_hides_no_other() -> None:
    sheet = xlsx_file.read(a_book({}, {"A1": " "}, {"A1": "Titre", "A2": "Un"}, {"A1": "Autre"}))
    assert (sheet.headings, [row.cells for row in sheet.rows]) == (("Titre",), [("Un",)])
    with pytest.raises(Refusal, match="aucun tableau"):
        xlsx_file.read(a_book({}, {}))


def test_an_identifier_that_stands_twice_refuses_its_second_line() -> None:
    one, other = "0198aaaa-aaaa-7aaa-8aaa-aaaaaaaaaaaa", "0198aaaa-aaaa-7aaa-8aaa-aaaaaaaaaaab"
    text = f"Identifiant;Titre\n{one};Un\n{other};Autre\n{one};Deux\n;Trois\n;Quatre\n"
    first, second, third, *others = read_csv("need", text)
    assert third.refusal is not None
    assert "la ligne 2 porte déjà cet identifiant" in third.refusal.sentence
    assert not any(line.refusal for line in (first, second, *others))


def test_two_addresses_of_one_name_in_one_commune_refuse_the_second_line() -> None:
    rows = (
        "Roy;Luc;Vougeot;a@x.fr\nRoy;Luc;Vougeot;\nRoy;Luc;21716;A@X.fr\nRoy;Luc;Vougeot;b@x.fr\n"
    )
    first, bare, same, other = read_csv("person", f"Nom;Prénom;Commune;Courriel\n{rows}")
    assert not any(line.refusal for line in (first, bare, same))
    assert other.refusal is not None
    assert other.refusal.field == "email"
    assert "la ligne 2 donne un autre courriel à cette personne" in other.refusal.sentence


def test_two_names_or_addresses_of_one_commune_refuse_the_second_line() -> None:
    rows = "Vougeot;a@x.fr\nVOUGEOT;A@X.fr\nVougeot - budget eau;a@x.fr\nVougeot;b@x.fr\n"
    text = "Code INSEE;Commune;Courriel\n" + "".join(f"21716;{row}\n" for row in rows.splitlines())
    sheet = csv_file.read(text.encode())
    columns = mapping.guess("organisation", sheet.headings, {})
    found = list(tables.lines("organisation", sheet, columns, DIRECTORY, ORGANISATIONS))
    assert [line.refusal.field if line.refusal else None for line in found] == [
        None, None, "name", "email",
    ]  # fmt: skip
    assert found[2].refusal is not None
    assert "la ligne 2 donne un autre nom à cette collectivité" in found[2].refusal.sentence


def test_a_workbook_that_would_overflow_is_refused_before_it_is_read() -> None:
    data = bytearray(xlsx_file.write("x", ["Titre"], [["A"]]))
    entry = data.index(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = struct.pack("<I", 300 << 20)
    with pytest.raises(Refusal) as refused:
        xlsx_file.read(bytes(data))
    assert "200 Mo" in refused.value.sentence


def workbook_with(name: str, content: bytes, **attributes: int) -> bytes:
    """A workbook with a part added, or in the place of the one of that name."""
    stream = io.BytesIO()
    good = zipfile.ZipFile(io.BytesIO(xlsx_file.write("x", ["Titre"], [["A"]])))
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        for part in good.namelist():
            if part != name:
                file.writestr(part, good.read(part))
        entry = zipfile.ZipInfo(name)
        entry.compress_type = zipfile.ZIP_DEFLATED
        for attribute, value in attributes.items():
            setattr(entry, attribute, value)
        file.writestr(entry, content)
    return stream.getvalue()


FETCHED = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><sst>&e;</sst>'


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (workbook_with("../../climbed.xml", b"<x/>"), "sort du classeur"),
        (workbook_with("/etc/cron.d/x", b"<x/>"), "sort du classeur"),
        (workbook_with("C:\\x.xml", b"<x/>"), "sort du classeur"),
        (workbook_with("link", b"/etc/passwd", external_attr=0o120777 << 16), "liens"),
        (workbook_with("xl/bomb.xml", b" " * (8 << 20)), "bombe"),
        (workbook_with("xl/sharedStrings.xml", FETCHED.encode()), "type de document"),
        (workbook_with("xl/sharedStrings.xml", FETCHED.encode("utf-16")), "type de document"),
        (workbook_with("xl/workbook.xml", b"<workbook/>"), "aucune feuille"),
    ],
)
def test_a_workbook_that_would_do_more_than_hold_a_table_is_refused(data: bytes, part: str) -> None:
    with pytest.raises(Refusal) as refused:
        xlsx_file.read(data)
    assert part in refused.value.sentence


def test_a_workbook_with_a_part_that_has_no_name_is_refused_as_damaged() -> None:
    nameless = workbook_with("xl/more.xml", b"<x/>").replace(b"xl/more.xml", b"\0l/more.xml")
    with pytest.raises(Refusal, match="endommagé"):
        xlsx_file.read(nameless)


def test_a_workbook_whose_sizes_lie_is_refused() -> None:
    data = bytearray(workbook_with("xl/more.xml", b"<x>" + b"y" * 500 + b"</x>"))
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = struct.pack("<I", 20)
    with pytest.raises(Refusal):
        xlsx_file.read(bytes(data))


@pytest.mark.parametrize(
    "typed", ["St Prix les Arnay", "SAINT-PRIX-LES-ARNAY", "st-prix-lès-arnay 21"]
)
def test_a_commune_is_known_with_its_saint_abbreviated(typed: str) -> None:
    assert DIRECTORY.organisation(typed) == DIRECTORY.organisation("21567")


def test_a_name_to_the_letter_comes_before_its_saint_spelt_out() -> None:
    both = organisation("21001", "St-Romain"), organisation("21002", "Saint-Romain")
    directory = Directory(both, [])
    for typed, place in (("St-Romain", both[0]), ("saint romain", both[1])):
        assert directory.organisation(typed) == place.id
    for unknown in ("St-Rom", "-", ""):
        with pytest.raises(Refusal, match="son code INSEE ou son SIREN"):
            directory.organisation(unknown)


def test_a_place_is_known_behind_its_house_and_by_a_code_that_a_spreadsheet_changed() -> None:
    places = {
        "Mairie de Vougeot": VOUGEOT,
        "commune de l'Étang-Vergy": LETANG,
        "Mairie du Creusot": organisation("71153", "Le Creusot"),
        "Ville des Rousses": organisation("39470", "Les Rousses"),
        "200 070 894": organisation("", "CC de Gevrey", siren="200070894"),
        "1004": organisation("01004", "Ambérieu"),
    }
    directory = Directory(places.values(), [])
    assert {typed: directory.organisation(typed) for typed in places} == {
        typed: place.id for typed, place in places.items()
    }


def test_of_namesakes_the_only_one_of_a_department_near_is_meant() -> None:
    places = organisation("21018", "Arcey"), organisation("25022", "Arcey", department="25")
    assert Directory(places, [], ["21"]).organisation("arcey") == places[0].id
    for near in ([], ["21", "25"]):
        with pytest.raises(Refusal, match="ajoutez le numéro de son département"):
            Directory(places, [], near).organisation("Arcey")
        assert Directory(places, [], near).organisation("Arcey (25)") == places[1].id


@pytest.mark.parametrize("typed", ["Vougeot, L'Étang-Vergy", "vougeot;l'étang vergy",
                                   "Vougeot et L'Étang-Vergy", "Vougeot / 21255",
                                   "Vougeot & L'Étang-Vergy,"])  # fmt: skip
def test_several_communes_are_listed_in_a_cell_as_people_write_them(typed: str) -> None:
    found = cells.read("need", "organisation_ids", typed, DIRECTORY)
    assert found == [VOUGEOT.id, LETANG.id]


def test_a_name_that_says_and_is_read_whole_and_an_unknown_one_of_a_list_is_named() -> None:
    ouche = organisation("200039055", "CC Ouche et Montagne")
    pont = organisation("21497", "Pont-et-Massène")
    suzon = organisation("200000925", "CC Forêts, Seine et Suzon")
    seine = organisation("200000933", "CC Forêts, Seine")
    both = Directory([ouche, pont, suzon, seine, VOUGEOT], [])
    for typed, found in (
        ("Vougeot, CC Forêts, Seine et Suzon, Pont-et-Massène", [VOUGEOT, suzon, pont]),
        ("CC Ouche et Montagne", [ouche]),
        ("Vougeot et CC Ouche et Montagne", [VOUGEOT, ouche]),
        ("CC Ouche et Montagne et Vougeot", [ouche, VOUGEOT]),
        ("Pont-et-Massène et Vougeot", [pont, VOUGEOT]),
    ):
        assert cells.read("need", "organisation_ids", typed, both) == [one.id for one in found]
    with pytest.raises(Refusal, match="ne s'appelle « Pont-et-Masène »"):
        cells.read("need", "organisation_ids", "Pont-et-Masène", both)
    with pytest.raises(Refusal, match="ne s'appelle « Vouget »"):
        cells.read("need", "organisation_ids", "CC Ouche et Montagne, Vouget", both)


def test_a_list_of_any_length_is_read_and_its_unknown_name_said() -> None:
    read = partial(cells.read, "need", "organisation_ids", directory=DIRECTORY)
    assert read(" et ".join(["Vougeot"] * 2000)) == [VOUGEOT.id] * 2000
    with pytest.raises(Refusal, match="ne s'appelle « Vouget »"):
        read(" et ".join(["Vougeot"] * 2000 + ["Vouget"]))


@pytest.mark.parametrize(
    ("kind", "field", "text"),
    [
        ("need", "speaker_person_id", "-"),
        ("need", "organisation_ids", ","),
        ("person", "organisation_id", "?"),
    ],
)
def test_what_names_nobody_is_refused_where_one_without_a_name_is_known(
    kind: str, field: str, text: str
) -> None:
    nameless = Directory([organisation("", "")], [], persons=[envelope("person", 7)])
    with pytest.raises(Refusal, match="aucune"):
        cells.read(kind, field, text, nameless)


def test_a_theme_without_a_label_is_no_other_s() -> None:
    assert Directory([], [envelope("theme", 8, code="seul")]).theme("-") == "-"


def test_a_person_is_known_by_name_unless_two_have_it() -> None:
    roy = envelope("person", 7, first_name="Paul", last_name="Roy")
    namesakes = [envelope("person", n, first_name="Luc", last_name="Besson") for n in (8, 9)]
    directory = Directory([], [], persons=[roy, *namesakes])
    for typed in ("Paul Roy", "roy paul", roy.id):
        assert cells.read("need", "speaker_person_id", typed, directory) == roy.id
    for typed, said in (("Luc Besson", "plusieurs personnes"), ("Zoé", "aucune personne")):
        with pytest.raises(Refusal, match=said):
            cells.read("need", "speaker_person_id", typed, directory)


@pytest.mark.parametrize(
    ("kind", "former"),
    [
        ("organisation", {"kind": "Nature", "population": "Population", "left_on": "Sortie le",
                          "member_since": "Adhérent depuis", "services": "Services"}),
        ("roster_entry", {"from": "À partir du", "voting": "Votant"}),
        ("watch_note", {"published_on": "Publié le", "applies_from": "Applicable à partir du",
                        "url": "Lien"}),
        ("need", {"words": "Propos", "organisation_ids": "Collectivités"}),
        ("theme", {"active": "Actif", "label": "Intitulé"}),
    ],
)  # fmt: skip
def test_a_table_that_a_former_version_headed_is_read_as_it_was(
    kind: str, former: dict[str, str]
) -> None:
    found = mapping.guess(kind, list(former.values()), {})
    assert found == {field: rank for rank, field in enumerate(former)}
