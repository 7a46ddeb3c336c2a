"""Damaged archives, zips, CSV and XLSX: each is read or refused with a sentence, never a trace."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.refusals import Refusal
from app.exchange import archive, csv_file, mapping, tables, xlsx_file
from app.exchange.archive import Entry
from app.exchange.sheet import Sheet
from tests.app.exchange.samples import DIRECTORY, VOUGEOT, envelope
from tests.app.exchange.test_archive import MADE_AT, past
from tests.app.exchange.test_bundle import read_whole, written

NEEDS = [
    envelope("need", 1, title="Sauvegarde", words="« On a tout perdu »", theme="backup"),
    envelope("need", 2, title="=1+1", organisation_ids=[VOUGEOT.id], deadline_on="2027-03-19"),
]


def an_archive() -> bytes:
    history = (past({"title": ["", "Sauvegarde"]}),)
    return b"".join(
        archive.encode([Entry(VOUGEOT), Entry(NEEDS[0], history), Entry(NEEDS[1])], MADE_AT)
    )


def a_csv() -> bytes:
    return csv_file.write(tables.headings("need"), tables.rows("need", NEEDS, DIRECTORY))


def a_workbook() -> bytes:
    return xlsx_file.write("x", tables.headings("need"), tables.rows("need", NEEDS, DIRECTORY))


def read_table(read: Callable[[bytes], Sheet]) -> Callable[[bytes], None]:
    def read_whole_table(data: bytes) -> None:
        sheet = read(data)
        columns = mapping.guess("need", sheet.headings, {})
        list(tables.lines("need", sheet, columns, DIRECTORY, NEEDS))

    return read_whole_table


KINDS = {
    "archive": (an_archive, archive.decode),
    "zip": (written, read_whole),
    "csv": (a_csv, read_table(csv_file.read)),
    "xlsx": (a_workbook, read_table(xlsx_file.read)),
}


@cache
def good(kind: str) -> bytes:
    return KINDS[kind][0]()


@st.composite
def damages(draw: st.DrawFn) -> Callable[[bytes], bytes]:
    """A few changes: a byte replaced, a stretch cut, doubled, or overwritten by any bytes."""
    steps = draw(
        st.lists(
            st.tuples(
                st.sampled_from(["byte", "cut", "double", "insert", "end"]),
                st.floats(0, 1, exclude_max=True),
                st.integers(1, 40),
                st.binary(min_size=1, max_size=8) | st.sampled_from([b'"', b"{", b"\\ud800", b";"]),
            ),
            min_size=1,
            max_size=4,
        )
    )

    def damage(data: bytes) -> bytes:
        for how, where, length, chosen in steps:
            at = int(where * len(data))
            stretch = data[at : at + length]
            data = {
                "byte": data[:at] + chosen[:1] + data[at + 1 :],
                "cut": data[:at] + data[at + length :],
                "double": data[:at] + stretch + stretch + data[at + length :],
                "insert": data[:at] + chosen + data[at:],
                "end": data[:at],
            }[how]
        return data

    return damage


@pytest.mark.parametrize("kind", KINDS)
@given(damages())
def test_a_damaged_file_is_read_or_refused_with_a_sentence(
    kind: str, damage: Callable[[bytes], bytes]
) -> None:
    read = KINDS[kind][1]
    try:
        read(damage(good(kind)))
    except Refusal as refusal:
        assert refusal.sentence.endswith(".")


@given(st.data())
def test_a_workbook_whose_parts_are_damaged_is_read_or_refused(data: st.DataObject) -> None:
    """The parts inside, for a damaged zip rarely reaches them."""
    name = data.draw(st.sampled_from(zipfile.ZipFile(io.BytesIO(good("xlsx"))).namelist()))
    damage = data.draw(damages())
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good("xlsx"))) as old, zipfile.ZipFile(stream, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, damage(content) if part == name else content)
    try:
        KINDS["xlsx"][1](stream.getvalue())
    except Refusal as refusal:
        assert refusal.sentence.endswith(".")
