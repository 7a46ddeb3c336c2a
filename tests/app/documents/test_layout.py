"""Pages filled with blocks: everything stands once, in order, with what it belongs to."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from app.documents.pdf.flowables import Block, Paragraph, Space
from app.documents.pdf.layout import Frame, Page, paginate
from app.documents.pdf.structure import Element
from app.documents.pdf.styles import Style
from app.documents.pdf.table import GUTTER, NARROWEST, Cell, Column, Row, Table, TableSetter
from app.documents.pdf.text import Line

FRAME = Frame(top=700, bottom=100, first_bottom=200)
KEPT = Style(keep=True)
BODY, TITLE = Style(), Style(leading=20, before=20, after=6, keep=True)


def paragraph(lines: int, style: Style = BODY) -> Paragraph:
    return Paragraph(None, [Line((), float(number)) for number in range(lines)], style, 400)


def table(rows: int, lines: int = 1) -> Table:
    def row(number: int, lines: int) -> Row:
        words = [Line((), float(number * 100 + line)) for line in range(lines)]
        return Row([Cell(Element("TD"), words, BODY, 0, 400)], lines * BODY.leading + 6.4)

    return Table(row(-1, 1), [row(number, lines) for number in range(rows)], 400)


def spoken(pages: list[Page]) -> list[float]:
    """The mark of each line, in the order of the pages."""
    lines: list[float] = []
    for page in pages:
        for placed in page:
            block = placed.block
            if isinstance(block, Paragraph):
                lines += [line.width for line in block.lines]
            elif isinstance(block, Table):
                lines += [line.width for row in block.rows for line in row.cells[0].lines]
    return lines


blocks = st.lists(
    st.one_of(
        st.integers(1, 90).map(paragraph),
        st.just(paragraph(1, TITLE)),
        st.tuples(st.integers(1, 60), st.integers(1, 70)).map(lambda size: table(*size)),
    ),
    max_size=12,
)


@given(st.lists(st.one_of(
    blocks,
    st.integers(1, 90).map(lambda lines: [paragraph(lines, KEPT)]),
    st.integers(1, 60).map(lambda rows: [replace(table(rows), keep=True)]),
)).map(lambda flows: [block for flow in flows for block in flow]))  # fmt: skip
def test_every_line_stands_once_in_order_within_the_frame(flow: list[Block]) -> None:
    pages = paginate(flow, FRAME)
    assert spoken(pages) == spoken([[_Anywhere(block) for block in flow]])
    for number, page in enumerate(pages):
        edge = FRAME.top
        for placed in page:
            assert placed.top <= edge + 0.01
            edge = placed.top - placed.block.height
        assert edge >= FRAME.floor(number) - 0.01


@given(blocks)
def test_a_heading_never_ends_a_page_that_another_follows(flow: list[Block]) -> None:
    for page in paginate(flow, FRAME)[:-1]:
        assert not page[-1].block.keep


@given(st.integers(1, 60), st.integers(4, 30))
def test_a_text_kept_with_its_remark_leaves_two_lines_with_it(above: int, lines: int) -> None:
    words = paragraph(lines, KEPT)
    pages = paginate([paragraph(above), words, paragraph(1)], FRAME)
    last = [placed.block for placed in pages[-1]]
    assert [len(block.lines) for block in last if isinstance(block, Paragraph)][-2] >= 2


def test_a_long_text_kept_with_its_remark_fills_its_page_all_the_same() -> None:
    first, _ = paginate([paragraph(20), paragraph(30, KEPT), paragraph(1)], FRAME)
    assert [placed.block.height for placed in first] == [20 * 14, 15 * 14]
    title = paragraph(1, TITLE)
    first, _ = paginate([paragraph(20), title, paragraph(30, KEPT), paragraph(1)], FRAME)
    assert [placed.block.height for placed in first] == [20 * 14, 20, 12 * 14]


@given(st.lists(st.integers(1, 90).map(paragraph), max_size=12))
def test_no_line_of_a_paragraph_stands_alone(flow: list[Block]) -> None:
    whole = {len(block.lines) for block in flow if isinstance(block, Paragraph)}
    for page in paginate(flow, FRAME):
        for placed in page:
            assert isinstance(placed.block, Paragraph)
            assert len(placed.block.lines) >= 2 or 1 in whole


def test_no_white_stands_at_the_head_of_a_page() -> None:
    for white in range(4, 40, 4):
        for above in range(20, 40):
            flow = [paragraph(above), Space(white), paragraph(1, TITLE), paragraph(60)]
            for page in paginate(flow, FRAME):
                assert page[0].top == FRAME.top
                assert page[0].block.height > 0
                assert not isinstance(page[0].block, Space)


def widths(columns: list[Column], cells: list[str], width: float) -> list[float]:
    setter = TableSetter(columns, width, 1, set(), 0)
    setter.make_room([cells])
    row = setter.body(Element("Table"), cells, "cell", 0)
    assert row.cells[-1].x + row.cells[-1].width <= width + 0.01
    return [round(cell.width, 2) for cell in row.cells]


def test_figures_take_room_from_words_up_to_a_point_and_else_nothing_changes() -> None:
    columns = [Column("Nom", 1), Column("Part", 1, "right")]
    alike = [(300 - GUTTER) / 2] * 2
    assert widths(columns, ["Ahuy", "12"], 300) == alike
    for digits in range(20, 60):
        words, figures = widths(columns, ["Ahuy", "8" * digits], 300)
        assert words + figures == 300 - GUTTER
        assert words == alike[0] or round(alike[0] * NARROWEST, 2) <= words < alike[0] < figures
    assert widths(columns, ["Ahuy", "8" * 40], 300)[1] > alike[1]
    assert widths(columns, ["Ahuy", "8" * 59], 300) == alike
    only = [Column("Part", 1, "right")] * 2
    assert widths(only, ["8" * 60] * 2, 300) == alike


def test_a_column_of_words_takes_the_room_that_another_leaves_white() -> None:
    def fitted(cells: list[str]) -> list[float]:
        setter = TableSetter([Column("Offre", 1), Column("Qui", 1)], 300, 1, set(), 0)
        done = setter.fit([cells])
        row = setter.body(Element("Table"), cells, "cell", 0)
        assert not done or [len(cell.lines) for cell in row.cells] == [1, 1]
        return [round(cell.width, 2) for cell in row.cells]

    alike = [(300 - GUTTER) / 2] * 2
    assert fitted(["A", "Ahuy"]) == alike
    wide, narrow = fitted(["A (la moins chère pour le groupe, sur quatre ans)", "Ahuy"])
    assert (wide > alike[0], wide + narrow) == (True, 300 - GUTTER)
    assert fitted(["A (la moins chère pour le groupe) " * 3, "Ahuy"]) == alike
    assert fitted(["mot " * 20_000, "Ahuy"]) == alike


def test_no_row_stands_alone_under_a_repeated_head() -> None:
    tallest = int((FRAME.top - FRAME.first_bottom) / 20.4)
    for rows in range(tallest - 2, tallest + 3):
        parts = [p.block for page in paginate([table(rows)], FRAME) for p in page]
        assert all(len(part.rows) > 1 for part in parts if isinstance(part, Table))


def test_a_tall_row_is_parted_lest_a_short_last_one_stand_alone() -> None:
    for rows in range(1, 60):
        whole = [*table(rows).rows, *table(1, lines=20).rows, *table(1).rows]
        pages = paginate([replace(table(1), rows=whole)], FRAME)
        assert spoken(pages) == [line.width for row in whole for line in row.cells[0].lines]
        for number, page in enumerate(pages):
            (placed,) = page
            assert isinstance(placed.block, Table)
            assert len(placed.block.rows) > 1
            white = placed.top - placed.block.height - FRAME.floor(number)
            assert white < 4 * BODY.leading or page is pages[-1]


def test_no_row_stands_alone_at_the_foot_of_a_page() -> None:
    for above in range(20, 36):
        for rows in range(2, 6):
            pages = paginate([paragraph(above), paragraph(1, TITLE), table(rows)], FRAME)
            parts = [p.block for page in pages for p in page if isinstance(p.block, Table)]
            assert all(len(part.rows) > 1 for part in parts)
            assert not pages[0][-1].block.keep


def test_a_table_is_not_parted_from_the_remark_that_belongs_to_it() -> None:
    for above in range(36):
        for rows in range(1, 60):
            flow = [paragraph(above), replace(table(rows), keep=True), paragraph(1)]
            *_, (*_, part, _) = paginate(flow[above == 0 :], FRAME)
            assert isinstance(part.block, Table)
            assert len(part.block.rows) >= min(rows, 2)


def test_a_parted_row_leaves_two_lines_on_each_page() -> None:
    for above in range(1, 36):
        pages = paginate([paragraph(above), table(1, lines=20)], FRAME)
        parts = [p.block for page in pages for p in page if isinstance(p.block, Table)]
        assert all(len(part.rows[0].cells[0].lines) > 1 for part in parts)


def test_a_row_to_sign_stays_whole() -> None:
    for above in range(1, 36):
        sheet = replace(table(3, lines=12), grid=True)
        pages = paginate([paragraph(above), sheet], FRAME)
        parts = [p.block for page in pages for p in page if isinstance(p.block, Table)]
        assert all(len(row.cells[0].lines) == 12 for part in parts for row in part.rows)


class _Anywhere:
    def __init__(self, block: Block) -> None:
        self.block = block
