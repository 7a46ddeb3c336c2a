"""The structure tree of a tagged PDF (ISO 32000-1, 14.7): what each piece of a page is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct
from reportlab.pdfbase import pdfdoc


class Mark(Struct, frozen=True):
    """A sequence of marked content: the page (from 1) and its number there."""

    page: int
    mcid: int


class Annotation(Struct, frozen=True):
    """An annotation that belongs to an element, by its object's name in the document."""

    page: int
    name: str


class Element:
    """A structure element: its role, what it holds in reading order, and its attributes in PDF.

    `attributes` is the inside of an attribute dictionary, such as `/O /Table /Scope /Column`.
    """

    __slots__ = ("alt", "attributes", "kids", "number", "parent", "role")

    def __init__(
        self, role: str, parent: Element | None = None, *, attributes: str = "", alt: str = ""
    ) -> None:
        self.role = role
        self.parent = parent
        self.attributes = attributes
        self.alt = alt
        self.kids: list[Element | Mark | Annotation] = []
        self.number = 0
        if parent is not None:
            parent.kids.append(self)

    def add(self, role: str, *, attributes: str = "", alt: str = "") -> Element:
        """A new element, last among the children of this one."""
        return Element(role, self, attributes=attributes, alt=alt)

    def walk(self) -> Iterator[Element]:
        """This element and all below it, in reading order."""
        stack = [self]
        while stack:
            element = stack.pop()
            yield element
            stack.extend(kid for kid in reversed(element.kids) if isinstance(kid, Element))


class Written(pdfdoc.PDFObject):  # type: ignore[misc]  # ReportLab is untyped
    """A PDF object already written out."""

    __RefOnly__ = 1

    def __init__(self, text: str = "") -> None:
        self.text = text

    def format(self, document: Any) -> bytes:
        return self.text.encode("ascii")


def text_string(text: str) -> str:
    """A text string in hexadecimal UTF-16, which needs no escape."""
    return f"<FEFF{text.encode('utf-16-be', 'replace').hex().upper()}>"


def write_tree(document: Any, root: Element, parents: dict[int, list[Element] | Element]) -> Any:
    """Adds the tree to a ReportLab document and returns the StructTreeRoot object.

    `parents` maps the StructParents key of each page to the elements of its marks, in their
    order, and the StructParent key of each annotation to its element.
    """
    tree = Written()
    top = _register(document, tree)
    pairs: list[tuple[Element, Written]] = []
    for element in root.walk():
        written = Written()
        element.number = _register(document, written)
        pairs.append((element, written))
    pages = _PageNumbers(document)
    for element, written in pairs:
        written.text = _element(document, element, top, pages)
    numbers = " ".join(_parents(document, key, value) for key, value in sorted(parents.items()))
    tree.text = (
        f"<</Type/StructTreeRoot/K {root.number} 0 R/ParentTree<</Nums[{numbers}]>>"
        f"/ParentTreeNextKey {max(parents, default=-1) + 1}>>"
    )
    return tree


class _PageNumbers(dict[int, int]):
    def __init__(self, document: Any) -> None:
        super().__init__()
        self._document = document

    def __missing__(self, page: int) -> int:
        self[page] = object_number(self._document, f"Page{page}")
        return self[page]


def object_number(document: Any, name: str) -> int:
    """The number of a registered object of a ReportLab document."""
    number: int = document.idToObjectNumberAndVersion[name][0]
    return number


def _register(document: Any, written: Written) -> int:
    return object_number(document, document.Reference(written).name)


def _parents(document: Any, key: int, value: list[Element] | Element) -> str:
    if isinstance(value, Element):
        return f"{key} {value.number} 0 R"
    number = _register(document, Written(f"[{' '.join(f'{e.number} 0 R' for e in value)}]"))
    return f"{key} {number} 0 R"


def _element(document: Any, element: Element, top: int, pages: dict[int, int]) -> str:
    parent = element.parent.number if element.parent else top
    parts = [f"<</S/{element.role}/P {parent} 0 R"]
    if element.attributes:
        parts.append(f"/A<<{element.attributes}>>")
    if element.alt:
        parts.append(f"/Alt{text_string(element.alt)}")
    home = next((kid.page for kid in element.kids if not isinstance(kid, Element)), 0)
    if home:
        parts.append(f"/Pg {pages[home]} 0 R")
    kids = [_kid(document, kid, home, pages) for kid in element.kids]
    if kids:
        parts.append(f"/K {kids[0]}" if len(kids) == 1 else f"/K[{' '.join(kids)}]")
    parts.append(">>")
    return "".join(parts)


def _kid(document: Any, kid: Element | Mark | Annotation, home: int, pages: dict[int, int]) -> str:
    if isinstance(kid, Element):
        return f"{kid.number} 0 R"
    page = "" if kid.page == home else f"/Pg {pages[kid.page]} 0 R"
    if isinstance(kid, Annotation):
        return f"<</Type/OBJR/Obj {object_number(document, kid.name)} 0 R{page}>>"
    return f"<</Type/MCR/MCID {kid.mcid}{page}>>" if page else str(kid.mcid)
