"""Files damaged or foreign, imported into a workspace: one sentence each, and nothing changed."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from app.bootstrap import Services
from app.domain.records import reference_id
from app.errors import UserError
from app.exchange import csv_file
from app.services.table_writing import TableReport
from tests.faults.test_damaged_files import damages
from tests.workspaces import lighten

VOUGEOT = reference_id("organisation", "21716")
ENDINGS = ("json", "zip", "csv", "xlsx")
Damage = Callable[[bytes], bytes]

WRITABLE = st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")
CELLS = st.text(WRITABLE, max_size=12) | st.sampled_from(["Titre", "Gravité", "9", "=1+1", VOUGEOT])
TABLES = st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=5)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["kind", "id", "schema", "fields", "records", "title", "deleted"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=9,
)


def archived(value: object) -> bytes:
    """An archive's head around any value."""
    head = {"format": "commissions-archive", "version": 1, "made_at": "2027-03-19T18:00:00+01:00"}
    return json.dumps(head | {"records": value}).encode()


def zipped(entries: list[tuple[str, bytes]]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in dict(entries).items():
            file.writestr(name, content)
    return stream.getvalue()


def workbook(rows: list[list[str]]) -> bytes:
    """A workbook as another program would write it, formulas included."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def parts_damaged(data: bytes, name: str, damage: Damage) -> bytes:
    """A zip with one of its entries damaged inside: the outside rarely lets reach them."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        held = {each: file.read(each) for each in file.namelist()}
    return zipped([(each, damage(held[each]) if each == name else held[each]) for each in held])


NAMES = st.sampled_from(
    ["archive.json", "blobs/" + "a" * 64, "../x", "xl/workbook.xml", "[Content_Types].xml"]
)
FOREIGN = {
    "json": st.binary(max_size=99)
    | VALUES.map(lambda value: json.dumps(value).encode())
    | VALUES.map(archived),
    "zip": st.binary(max_size=99)
    | st.lists(st.tuples(NAMES, st.binary(max_size=40) | VALUES.map(archived)), max_size=3).map(
        zipped
    ),
    "csv": st.binary(max_size=99) | TABLES.map(lambda rows: csv_file.write(["Titre"], rows)),
    "xlsx": st.binary(max_size=99)
    | TABLES.map(lambda rows: workbook([["Titre", "Gravité"], *rows]))
    | st.lists(st.tuples(NAMES, st.binary(max_size=40)), max_size=3).map(zipped),
}


def good_file(services: Services, ending: str, path: Path) -> bytes:
    if ending in ("csv", "xlsx"):
        services.exports.table(path, "need")
    else:
        services.exports.archive(path, "need", history=True)
    return path.read_bytes()


def attempt(services: Services, path: Path, *, dry_run: bool) -> str:
    """The sentence with which a file is refused, empty when it is not."""
    try:
        if path.suffix in (".json", ".zip"):
            services.imports.archive(path, dry_run=dry_run)
            return ""
        found: TableReport = services.table_imports.take(path, "need", dry_run=dry_run)
    except UserError as error:
        return str(error)
    refused = found.report.refused
    return refused[0].sentence if refused else ""


def fingerprint(services: Services) -> str:
    """A digest of every record, deleted or not, of all history and of what can be undone."""
    digest = hashlib.sha256()
    with services.workspace.reading() as unit:
        for table in ("record", "history", "operation", "link", "blob", "setting"):
            for row in unit.connection.exec_driver_sql(f"SELECT * FROM {table}"):
                digest.update(repr(tuple(row)).encode())
    return digest.hexdigest()


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_file_damaged_or_foreign_gets_a_sentence_and_changes_nothing(
    services: Services, commission_id: str, tmp_path: Path, ending: str
) -> None:
    lighten(services.workspace.folder)
    need = {"title": "Sauvegarde", "words": "« On a tout perdu »", "organisation_ids": [VOUGEOT]}
    services.records.create("need", need)
    services.records.create("need", {"title": "=1+1", "theme": "backup"})
    path = tmp_path / f"fichier.{ending}"
    good = good_file(services, ending, path)
    before = fingerprint(services)
    damaged = damages().map(lambda damage: damage(good))
    if ending in ("zip", "xlsx"):
        names = st.sampled_from(zipfile.ZipFile(io.BytesIO(good)).namelist())
        damaged |= st.builds(parts_damaged, st.just(good), names, damages())

    @given(damaged | FOREIGN[ending])
    def refused_or_read(data: bytes) -> None:
        path.write_bytes(data)
        sentence = attempt(services, path, dry_run=True)
        if sentence:
            assert sentence.endswith(".")
            assert "\n" not in sentence
            assert attempt(services, path, dry_run=False) == sentence
        assert fingerprint(services) == before

    refused_or_read()
