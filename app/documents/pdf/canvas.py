"""ReportLab's canvas with marked content, tagged links and bookmarks, and what archives ask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from itertools import groupby
from typing import Any, NamedTuple

from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from app.documents.pdf import archival, fonts, objects, structure
from app.documents.pdf.archival import AttachedFile, Description
from app.documents.pdf.structure import Annotation, Element, Mark
from app.documents.pdf.styles import PAGE_HEIGHT, PAGE_WIDTH, Colour, Style
from app.documents.pdf.text import Line, Piece


class Place(NamedTuple):
    """Where lines are set: their left edge, the top of the first, the width they are aligned in."""

    x: float
    top: float
    width: float


class TaggedCanvas(Canvas):  # type: ignore[misc]  # ReportLab is untyped
    """Draws lines of text and artifacts, keeping the marks of each page for the parent tree."""

    def __init__(self, description: Description, files: tuple[AttachedFile, ...] = ()) -> None:
        self._buffer = BytesIO()
        super().__init__(
            self._buffer,
            pagesize=(PAGE_WIDTH, PAGE_HEIGHT),
            pageCompression=1,
            invariant=1,
            pdfVersion=(1, 7),
            initialFontName=fonts.face(0).fontName,
            lang=description.language,
        )
        self._description, self._files = description, files
        self.outlined = 0  # the lowest level of heading that the outline shows
        self._codes: dict[fonts.Face, fonts.Codes] = {}
        self._marks: list[Element] = []
        self._parents: dict[int, list[Element] | Element] = {}
        self._links: dict[Element, str] = {}

    # Marked content: `begin` and `end` go into the page's code, in pairs, never nested.

    def begin(self, element: Element) -> None:
        """What is drawn until `end` is the content of the element."""
        mark = Mark(self._pageNumber, len(self._marks))
        self._marks.append(element)
        element.kids.append(mark)
        self._code.append(f"/{element.role} <</MCID {mark.mcid}>> BDC")

    def end(self) -> None:
        self._code.append("EMC")

    @contextmanager
    def artifact(self, kind: str = "Layout", subtype: str = "") -> Iterator[None]:
        """What is drawn meanwhile is decoration, which screen readers pass over."""
        detail = f"/Subtype /{subtype}" if subtype else ""
        self._code.append(f"/Artifact <</Type /{kind}{detail}>> BDC")
        yield
        self.end()

    @contextmanager
    def content(self, element: Element) -> Iterator[None]:
        self.begin(element)
        yield
        self.end()

    # Text.

    def draw_lines(
        self, lines: Sequence[Line], style: Style, place: Place, element: Element | None
    ) -> None:
        """Sets lines from a top edge down; without an element they are part of an artifact."""
        code = self._code
        x, top, width = place
        baseline = top - style.baseline
        code.append("BT {:.3f} {:.3f} {:.3f} rg".format(*style.colour))
        last_x, last_y = 0.0, 0.0
        pen = _Pen(self, style, element)
        for number, line in enumerate(lines):
            start = x + _offset(line.width, width, style.align)
            y = baseline - number * style.leading
            code.append(f"{start - last_x:.2f} {y - last_y:.2f} Td")
            last_x, last_y = round(start, 2), round(y, 2)
            pen.line(line, start, y)
        pen.close()
        code.append("ET")

    def show(self, piece: Piece, size: float, current: str) -> str:
        """Writes the operators of one piece of text; returns the font that is set afterwards."""
        face, text, sense = piece
        if sense and sense.actual:
            actual = structure.text_string(sense.actual)
            self._code.append(f"/Span <</ActualText {actual}>> BDC")
        if face not in self._codes:
            self._codes[face] = fonts.Codes(face, self._doc)
        for name, shown in self._codes[face].shown(text):
            font = f"{name} {size:g} Tf"
            self._code.append(f"({shown}) Tj" if font == current else f"{font} ({shown}) Tj")
            current = font
        if sense and sense.actual:
            self._code.append("EMC")
        return current

    def rule(
        self, x: float, y: float, width: float, colour: Colour, thickness: float = 0.5
    ) -> None:
        """A horizontal line, as part of an artifact."""
        r, g, b = colour
        self._code.append(
            f"{r:.3f} {g:.3f} {b:.3f} RG {thickness:g} w"
            f" {x:.2f} {y:.2f} m {x + width:.2f} {y:.2f} l S"
        )

    def upright(self, x: float, top: float, bottom: float, colour: Colour) -> None:
        """A vertical hairline, as part of an artifact."""
        r, g, b = colour
        self._code.append(
            f"{r:.3f} {g:.3f} {b:.3f} RG 0.5 w {x:.2f} {top:.2f} m {x:.2f} {bottom:.2f} l S"
        )

    def squares(
        self, modules: Sequence[Sequence[bool]], x: float, y: float, size: float, colour: Colour
    ) -> None:
        """A square code filling a square whose lower left corner is given."""
        side = size / len(modules)
        r, g, b = colour
        self._code.append(f"{r:.3f} {g:.3f} {b:.3f} rg")
        for number, row in enumerate(modules, 1):
            bottom = y + size - number * side
            start = 0
            for dark, run in groupby(row):
                length = len(list(run))
                if dark:
                    self._code.append(
                        f"{x + start * side:.3f} {bottom:.3f} {length * side:.3f} {side:.3f} re"
                    )
                start += length
        self._code.append("f")

    # Links and bookmarks.

    def link_element(self, element: Element, target: str) -> Element:
        """The Link element below an element; consecutive pieces with the same target share one."""
        last = element.kids[-1] if element.kids else None
        if isinstance(last, Element) and self._links.get(last) == target:
            return last
        link = element.add("Link")
        self._links[link] = target
        return link

    def add_link(
        self, element: Element, target: str, rectangle: tuple[float, float, float, float], says: str
    ) -> None:
        """A clickable rectangle on the page for a Link element; `#name` leads to a bookmark."""
        key = self._next_key()
        entries: dict[str, Any] = {
            "Type": pdfdoc.PDFName("Annot"),
            "Subtype": pdfdoc.PDFName("Link"),
            "Rect": pdfdoc.PDFArray([round(edge, 2) for edge in rectangle]),
            "Border": pdfdoc.PDFArray([0, 0, 0]),
            "F": 4,
            "StructParent": key,
            "Contents": pdfdoc.PDFString(says),
        }
        if target.startswith("#"):
            entries["Dest"] = self._bookmarkReference(target[1:])
        else:
            action = {"S": pdfdoc.PDFName("URI"), "URI": pdfdoc.PDFString(_uri(target))}
            entries["A"] = pdfdoc.PDFDictionary(action)
        annotation = pdfdoc.PDFDictionary(entries)
        self._addAnnotation(annotation)
        element.kids.append(Annotation(self._pageNumber, annotation.__InternalName__))
        self._parents[key] = element

    def bookmark(self, name: str, title: str, level: int, top: float) -> None:
        """Makes a heading reachable: for links by its name, and in the outline by its level."""
        self.bookmarkHorizontalAbsolute(name, top)
        if level <= self.outlined:
            self.addOutlineEntry(title, name, level - 1)

    # Pages and the end.

    def showPage(self) -> None:  # noqa: N802 - ReportLab's name
        name = f"Page{self._pageNumber}"
        super().showPage()
        page = self._doc.idToObject[name]
        archival.extend(page, Tabs=pdfdoc.PDFName("S"))
        if self._marks:
            key = self._next_key()
            archival.extend(page, StructParents=key)
            self._parents[key] = self._marks
        self._marks = []

    def finish(self, root: Element) -> bytes:
        """The bytes of the document whose structure is the tree below `root`."""
        document = self._doc
        archival.describe(self, self._description)
        archival.add_output_intent(document)
        archival.attach(document, self._files, self._description.made_at)
        document.Catalog.StructTreeRoot = structure.write_tree(document, root, self._parents)
        document.format = partial(objects.written, document)
        data: bytes = self.getpdfdata()
        return data

    def _next_key(self) -> int:
        return len(self._parents)


class _Pen:
    """Writes the pieces of a paragraph, opening and closing marks as their sense changes."""

    def __init__(self, canvas: TaggedCanvas, style: Style, element: Element | None) -> None:
        self._canvas, self._style, self._element = canvas, style, element
        self._font = ""
        self._open: Element | None = None

    def line(self, line: Line, x: float, y: float) -> None:
        size = self._style.size
        for piece in line.pieces:
            face, text, sense = piece
            width = face.advance(text) * size / 1000
            if self._element is not None:
                target = self._element
                if sense and sense.link:
                    target = self._canvas.link_element(self._element, sense.link)
                    self._turn(target)
                    says = _says(sense.link, sense.actual or text)
                    edges = (x, y - 0.25 * size, x + width, y + 0.8 * size)
                    if text.strip():
                        self._canvas.add_link(target, sense.link, edges, says)
                else:
                    self._turn(target)
            self._font = self._canvas.show(piece, size, self._font)
            x += width

    def close(self) -> None:
        if self._open is not None:
            self._canvas.end()

    def _turn(self, element: Element) -> None:
        if element is not self._open:
            self.close()
            self._canvas.begin(element)
            self._open = element


def _offset(used: float, width: float, align: str) -> float:
    if align == "right":
        return width - used
    return (width - used) / 2 if align == "center" else 0.0


def _says(target: str, text: str) -> str:
    return f"Aller à : {text.strip()}" if target.startswith("#") else f"Lien vers {target}"


def _uri(address: str) -> str:
    """The address in the 7-bit characters that a URI action takes (ISO 32000-1, 12.6.4.7)."""
    from urllib.parse import quote

    return quote(address, safe=":/?#[]@!$&'()*+,;=%~")
