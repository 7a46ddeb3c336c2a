"""A document being written: what is said, in reading order, then set into pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from app.documents.making import tell
from app.documents.pdf.archival import AttachedFile, Description
from app.documents.pdf.canvas import TaggedCanvas
from app.documents.pdf.contents import Contents, Heading, outline_depth
from app.documents.pdf.flowables import (
    Beside,
    Block,
    Figure,
    Paragraph,
    Rule,
    SideLabel,
    Space,
    stacked,
)
from app.documents.pdf.layout import Frame, Page, paginate
from app.documents.pdf.picture import Picture
from app.documents.pdf.running import PAGE_NUMBER_WIDTH, Foot, Modules, Notice, Running
from app.documents.pdf.structure import Element
from app.documents.pdf.styles import BOTTOM, LEFT, MM, PAGE_HEIGHT, SIDE, TOP, WIDTH, Style, style
from app.documents.pdf.table import GUTTER, Column, Table, TableSetter
from app.documents.pdf.text import (
    Content,
    Line,
    Sense,
    balanced_lines,
    plain_text,
    set_lines,
    width_of,
)
from app.documents.typography import french
from app.domain.titles import printed_title
from app.domain.wording import shortened

MOST_SPOKEN = 200
"""Letters of a heading that the outline and the table of contents repeat."""

TALLEST_BESIDE = 170 * MM
"""The greatest height of stacks side by side; taller ones flow over pages, one below the other."""

ADDRESS_HEIGHT = 54 * MM
"""What sender and addressee take at the head of a letter, below the top margin."""

SENDER_APART = 13 * MM
"""The white between sender and addressee, of which the window of the envelope shows some."""

BEFORE_DATE = 14.0
"""White between the sender and the date of a letter."""

SIGNERS_APART = 10 * MM
"""What is left white between two signatures."""

SIGNATURE_HEIGHT = 26 * MM
"""From the top of a signer's name to the line to sign on, at the least."""

ROOM_TO_SIGN = 16 * MM
"""What is left white for a signature at the least, below the name."""

_SETTING, _DRAWING = "Composition du document", "Mise en pages du document"
_SET = 0.4
"""About what share of the time goes by before the first page is drawn."""

_OFTEN = 20
"""Each time this many blocks were added, progress is told: the listener may stop the making."""

_TITLES = {1: "title", 2: "h2", 3: "h3", 4: "h4"}


def address_width(left: float) -> float:
    """The room of an address that begins so far from the sheet's left, in points."""
    return WIDTH - (left - LEFT) - GUTTER


@dataclass
class Section:
    """Pages counted by themselves: a whole document, or one letter of a batch."""

    running: Running
    blocks: list[Block] = field(default_factory=list)
    contents: Contents | None = None

    def pages(self) -> list[Page]:
        reserved = self.running.foot_height
        frame = Frame(PAGE_HEIGHT - TOP, BOTTOM, BOTTOM + reserved)
        pages = paginate(self.blocks, frame)
        if self.contents and self.contents.wanted(len(pages)):
            self.contents.insert(self.blocks)
            pages = paginate(self.blocks, frame)
            self.contents.number(pages)
        return pages


class Paper:
    """Takes the parts of a document in reading order; `render` gives its bytes.

    `scale` enlarges the print. Characters that the fonts lack are gathered in `missing`.
    """

    def __init__(
        self, description: Description, *, head: str = "", files: tuple[AttachedFile, ...] = (),
        scale: float = 1,
    ) -> None:  # fmt: skip
        self.description = description
        self.missing: set[str] = set()
        self.root = Element("Document")
        self._files, self._scale = files, scale
        self._parent = self.root
        self._headings: list[Heading] = []
        self._sections = [Section(Running(head, self.missing))]

    def section(self, head: str, folds: Sequence[float] = ()) -> None:
        """Begins pages that are counted from 1 again, with fold marks on the first of them."""
        if not self._sections[-1].blocks:
            self._sections.pop()
        self._sections.append(Section(Running(head, self.missing, folds)))
        self._parent = self.root.add("Sect")

    @property
    def one_sided(self) -> bool:
        """Whether its parts, such as letters, must not stand on two sides of one sheet."""
        return len(self._sections) > 1

    def render(self) -> bytes:
        """The PDF; the same bytes for the same parts."""
        canvas = TaggedCanvas(self.description, self._files)
        canvas.outlined = outline_depth(self._headings)
        if self.one_sided:
            canvas.setViewerPreference("Duplex", "Simplex")
        for rank, section in enumerate(self._sections):
            pages = section.pages()
            for number, page in enumerate(pages, 1):
                share = (rank + (number - 1) / len(pages)) / len(self._sections)
                tell(_DRAWING, _SET + (1 - _SET) * share)
                section.running.draw(canvas, number, len(pages))
                for placed in page:
                    placed.block.draw(canvas, LEFT, placed.top)
                if number == 1:
                    section.running.draw_foot(canvas, self.root)
                canvas.showPage()
        return canvas.finish(self.root)

    # The parts.

    def heading(
        self, level: int, title: str, *, label: str = "", name: str = "", indent: float = SIDE,
        bookmark: str = "",
    ) -> None:  # fmt: skip
        """A heading with its number, if any, in the side column; a title stands at its edge.

        `bookmark` are its words in the outline, where they tell it from others alike.
        """
        title = printed_title(title)
        element = self._parent.add(f"H{level}")
        look = style(name or _TITLES[level], self._scale)
        indent = 0 if level == 1 else indent
        spoken = french(shortened(bookmark or f"{label} {title}", MOST_SPOKEN))
        heading = Heading(f"h{len(self._headings) + 1}", spoken, level)
        self._headings.append(heading)
        self._add(
            Paragraph(
                element,
                balanced_lines(title, look, WIDTH - indent, self.missing),
                look,
                WIDTH,
                indent,
                label=self._label(label, look, " ") if label else (),
                label_style=replace(look, before=0, after=0),
                anchor=(heading.name, spoken, level),
            )
        )

    def text(
        self, content: Content, name: str = "body", *, label: str = "", indent: float = SIDE,
        keep: bool = False, align: str = "left",
    ) -> None:  # fmt: skip
        """A paragraph; its label says in the side column what it is."""
        if not plain_text(content).strip():
            return
        look = style(name, self._scale, align)
        label_look = style("label-strong" if look.bold else "label", self._scale)
        self._add(
            Paragraph(
                self._parent.add("P"),
                self._lines(content, look, WIDTH - indent),
                replace(look, keep=True) if keep else look,
                WIDTH,
                indent,
                label=self._label(label, label_look, " : ") if label else (),
                label_style=label_look,
            )
        )

    def side_label(self, label: str, name: str) -> None:
        """Says in the side column what the list that follows is; `name` is the list's style."""
        if not label:
            return
        beside = style(name, self._scale)
        look = style("label-strong" if beside.bold else "label", self._scale)
        lines = self._label(label, look, " : ")
        self._add(SideLabel(self._parent.add("P"), lines, look, beside))

    def facts(self, pairs: Sequence[tuple[str, Content]]) -> None:
        """A list of named values, the names in the side column."""
        if not pairs:
            return
        group = self._parent.add("L", attributes="/O/List/ListNumbering/None")
        look, name_look = style("body", self._scale), style("label", self._scale)
        for number, (name, content) in enumerate(pairs, 1):
            item = group.add("LI")
            label_element = item.add("Lbl")
            self._add(
                Paragraph(
                    item.add("LBody"),
                    self._lines(content, look, WIDTH - SIDE),
                    replace(look, after=2 if number < len(pairs) else 12),
                    WIDTH,
                    SIDE,
                    label=self._label(name, name_look, " : "),
                    label_style=name_look,
                    label_element=label_element,
                )
            )

    def bullets(
        self, items: Sequence[Content], name: str = "body", *, labels: Sequence[str] = (),
        numbering: str = "Decimal", indent: float = SIDE, keep: bool = False,
    ) -> None:  # fmt: skip
        """A list with dashes or, if given, labels; `numbering` is what ISO 32000 calls these."""
        if not items:
            return
        numbering = numbering if labels else "Disc"
        group = self._parent.add("L", attributes=f"/O/List/ListNumbering/{numbering}")
        look, hang = style(name, self._scale), 12 * self._scale
        if numbering != "Disc":
            widest = max(width_of(label, look) for label in labels)
            hang = min(max(widest + 8, hang), SIDE)
        for number, content in enumerate(items):
            item = group.add("LI")
            label = labels[number] if labels else "–"
            label_element = item.add("Lbl")
            last = number == len(items) - 1
            apart = number in (0, len(items) - 2) and not last  # leaves none alone
            self._add(
                Paragraph(
                    item.add("LBody"),
                    self._lines(content, look, WIDTH - indent - hang),
                    replace(look, after=7 if last else 3, keep=keep if last else apart),
                    WIDTH,
                    indent + hang,
                    label=self._label(label, look, " ", hang),
                    label_style=look,
                    label_element=label_element,
                    label_at=indent,
                )
            )

    def table(
        self, columns: Sequence[Column], rows: Sequence[Sequence[Content]], *, caption: str,
        indent: float = 0, row_height: float = 0, grid: bool = False, total: bool = False,
        keep: bool = False, fit: bool = True,
    ) -> None:  # fmt: skip
        """A table whose first column heads each row; with `total` the last row stands out.

        `row_height` is the least height of a row in points; the caption is read aloud only. Without
        `fit` the columns of words keep their shares, to line up with those of another table.
        """
        if not rows:
            return
        summary = plain_text(caption).encode("utf-16-be").hex().upper()
        element = self._parent.add("Table", attributes=f"/O/Table/Summary<FEFF{summary}>")
        inset = GUTTER / 2 if grid else 0
        setter = TableSetter(columns, WIDTH - indent, self._scale, self.missing, inset)
        fitted = fit and not grid and setter.fit(rows)
        if not fitted and not setter.make_room(rows) and total:
            setter.make_room(rows[:-1])  # only the total is broken, not the amounts above it
        head = setter.head(element)
        body = [setter.body(element, row, "cell", row_height) for row in rows[:-1]]
        last = "cell-total" if total else "cell"
        body.append(setter.body(element, rows[-1], last, row_height))
        self._add(Table(head, body, WIDTH - indent, indent, grid, keep=keep))

    def figure(
        self, paint: Callable[[TaggedCanvas, float, float], None], size: tuple[float, float],
        alt: str, indent: float = SIDE,
    ) -> None:  # fmt: skip
        """A picture of a size in points, drawn from its lower left corner."""
        self._add(Figure(self._parent.add("Figure", alt=alt), paint, size, indent))

    def signatures(self, signers: Sequence[tuple[str, str]]) -> None:
        """Room to sign, side by side: what each signs as, and the name."""
        width = (WIDTH - SIDE) / 2
        names: list[tuple[float, Paragraph]] = []
        for number, signer in enumerate(signers[:2]):
            if words := "\n".join(part for part in signer if part):
                room = width if number else width - SIGNERS_APART
                names.append((SIDE + number * width, self._paragraph(words, "signer", room)))
        depth = max([SIGNATURE_HEIGHT, *(above.height + ROOM_TO_SIGN for _, above in names)])
        line = Rule(width - SIGNERS_APART, before=0, after=0)
        stacks: list[tuple[float, list[Block]]] = [
            (x, [above, Space(depth - above.height), line]) for x, above in names
        ]
        self._add_beside(stacks, 0, before=12, after=8)

    def keep_last(self) -> None:
        """Keeps the end of what was written last on the page of what follows."""
        blocks = self._sections[-1].blocks
        match blocks[-1:]:
            case [Paragraph() as last]:
                blocks[-1] = replace(last, style=replace(last.style, keep=True))
            case [(Table() | Figure()) as last]:
                blocks[-1] = replace(last, keep=True)

    def contents(self) -> None:
        """Where the table of contents stands, should the document be long enough for one."""
        section = self._sections[-1]
        section.contents = Contents(
            self._parent, len(self._parent.kids), len(section.blocks), self._headings, self.missing
        )

    def foot(self, contents: Sequence[Content], modules: Modules, alt: str) -> None:
        """What the foot of the first page carries: words, and a square code that says `alt`."""
        self._sections[-1].running.foot = Foot(contents, modules, alt)

    def notice(self, words: str) -> None:
        """Small print at the foot of the first page, read aloud where it is given; it is set there
        instead, as text, when the foot would leave no room for what begins the page.
        """
        look, section = style("small", self._scale), self._sections[-1]
        lines = self._lines(words, look, WIDTH - PAGE_NUMBER_WIDTH)
        begins = max([ADDRESS_HEIGHT, *(block.least for block in section.blocks[:1])])
        notice = Notice(Element("P"), lines, look)
        if notice.top + begins > PAGE_HEIGHT - TOP:
            for part in words.split("\n"):
                self.text(part, "small", indent=0)
        else:
            section.running.notice = replace(notice, element=self._parent.add("P"))

    def letter_head(
        self, sender: Sequence[str], addressee: Sequence[str], left: float, top: float,
        *, picture: Picture | None = None, alt: str = "", dated: str = "",
    ) -> None:  # fmt: skip
        """The sender, under a picture if there is one, and the date; beside them the addressee, at
        `left` and `top` of the sheet, in points.
        """
        width, who = left - LEFT - SENDER_APART, list[Block]()
        if picture:
            figure = self._parent.add("Figure", alt=alt)
            who.append(Figure(figure, picture.paint, picture.size))
        who.append(self._paragraph("\n".join(sender), "small", width))
        if dated:
            who += [Space(BEFORE_DATE), self._paragraph(dated, "body", width)]
        address = self._paragraph("\n".join(addressee), "address", address_width(left))
        whom: list[Block] = [Space(top - TOP), address]
        stacks = [(0.0, who), (left - LEFT, whom)]
        self._add_beside(stacks, ADDRESS_HEIGHT, before=0, after=10)

    def count_lines(self, words: str, name: str, width: float) -> int:
        """How many lines words take in a style, in a width in points."""
        return len(self._lines(words, style(name, self._scale), width))

    def rule(self, indent: float = 0) -> None:
        """A hairline."""
        self._add(Rule(WIDTH, indent))

    def space(self, height: float) -> None:
        """White, in points."""
        self._add(Space(height))

    def _add_beside(
        self, stacks: Sequence[tuple[float, Sequence[Block]]], least: float, *, before: float,
        after: float,
    ) -> None:  # fmt: skip
        """Puts stacks next to each other, or below each other when one would fill a page."""
        height = max(stacked(blocks) for _, blocks in stacks)
        if height <= TALLEST_BESIDE:
            self._add(Beside(stacks, max(height, least), before=before, after=after))
            return
        for _, blocks in stacks:
            for block in blocks:
                self._add(block)

    def _add(self, block: Block) -> None:
        blocks = self._sections[-1].blocks
        if len(blocks) % _OFTEN == 0:
            tell(_SETTING, 0)
        blocks.append(block)

    def _lines(self, content: Content, look: Style, width: float) -> list[Line]:
        return set_lines(content, look, width, self.missing)

    def _paragraph(self, words: str, name: str, width: float) -> Paragraph:
        look = style(name, self._scale)
        return Paragraph(self._parent.add("P"), self._lines(words, look, width), look, width)

    def _label(self, text: str, look: Style, ending: str, width: float = SIDE) -> list[Line]:
        """A label's lines; in the text layer `ending` parts it from the text that follows."""
        lines = self._lines(text, look, width - GUTTER / 2)
        *others, last = lines
        if not last.pieces:
            return lines
        *pieces, (face, words, sense) = last.pieces
        if sense is None:
            sense = Sense(actual=words + ending)
        return [*others, Line((*pieces, (face, words, sense)), last.width)]
