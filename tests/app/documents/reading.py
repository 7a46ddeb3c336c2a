"""Reads PDF back as an archive, a blind reader and a printer do."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import page
import pikepdf
import pypdfium2

GOLDEN = Path(__file__).parent / "golden"
MM = 72 / 25.4
HELD_TEXT = {"P", "H1", "H2", "H3", "H4", "Lbl", "LBody", "TH", "TD", "Link", "Reference"}


@dataclass(frozen=True)
class Node:
    """An element of the structure tree, with the text of its own marks and of those below."""

    depth: int
    role: str
    text: str
    attributes: str = ""


def faults(data: bytes) -> list[str]:
    """What PDF/A-3a and PDF/UA-1 find wrong, and what qpdf finds broken; ParseError when the
    description is no XML.
    """
    with pikepdf.open(io.BytesIO(data)) as pdf:
        broken = pdf.check_pdf_syntax() + _barred_letters(pdf)
        ET.fromstring(pdf.Root.Metadata.read_bytes())
    return broken + [
        f"{profile} {fault.rule_id} {fault.message}"
        for profile in ("3a", "ua1")
        for fault in page.validate_pdf_bytes(data, profile=profile).failures
    ]


def structure(data: bytes) -> list[Node]:
    """The structure tree in reading order."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        texts = {sheet.objgen: _marked(sheet) for sheet in pdf.pages}
        return list(_nodes(pdf.Root.StructTreeRoot.K, texts, 0))


def listing(data: bytes) -> str:
    """The structure as an indented text; elements that hold others only show their role."""
    return "\n".join(
        f"{'  ' * node.depth}{node.role}: {node.text}".rstrip(": ")
        if node.role in HELD_TEXT
        else f"{'  ' * node.depth}{node.role}"
        for node in structure(data)
    )


def text(data: bytes) -> str:
    """All that the structure says, on one line."""
    return " ".join(node.text for node in structure(data) if node.role in HELD_TEXT)


def _nodes(element: pikepdf.Object, texts: dict[Any, Any], depth: int) -> Iterator[Node]:
    own: list[str] = []
    below: list[Node] = []
    home = element.get("/Pg")
    kids = element.get("/K", pikepdf.Array())
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/MCR":
            own.append(texts[kid.get("/Pg", home).objgen][int(kid.MCID)])
        elif isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            nodes = list(_nodes(kid, texts, depth + 1))
            below += nodes
            own.append(nodes[0].text)
        elif not isinstance(kid, pikepdf.Dictionary):
            own.append(texts[home.objgen][int(kid)])
    role = str(element.S)[1:]
    said = re.sub(r"\s+", " ", "".join(own)).strip()
    attributes = str(element.get("/A", ""))
    yield Node(depth, role, said or str(element.get("/Alt", "")), attributes)
    yield from below


def _barred_letters(pdf: pikepdf.Pdf) -> list[str]:
    """What the text layer may not hold (ISO 19005-3, 6.2.11.7.2; ISO 14289-1, 7.21.7)."""
    said = {
        letter
        for sheet in pdf.pages
        for font in sheet.resources.get("/Font", {}).values()
        for letter in "".join(_to_unicode(font).values())
    }
    return [f"text layer: {letter!a}" for letter in sorted(said & set("\0\ufeff\ufffe"))]


def _marked(sheet: pikepdf.Page) -> dict[int, str]:
    """The text of each marked-content sequence of a page."""
    maps = {name: _to_unicode(font) for name, font in sheet.resources.Font.items()}
    texts: dict[int, str] = {}
    current: dict[int, str] = {}
    stack: list[tuple[int | None, str | None]] = []
    for operands, operator in pikepdf.parse_content_stream(sheet):
        name = str(operator)
        if name == "Tf":
            current = maps[str(operands[0])]
        elif name == "BDC":
            properties = operands[1]
            mcid = int(properties.MCID) if "/MCID" in properties else None
            actual = str(properties.ActualText) if "/ActualText" in properties else None
            stack.append((mcid, actual))
            _say(texts, stack, actual or "", replaced=False)
        elif name == "EMC":
            stack.pop()
        elif name == "Tj":
            said = "".join(current[code] for code in bytes(operands[0]))
            _say(texts, stack, said, replaced=any(actual for _, actual in stack))
    return texts


def _say(
    texts: dict[int, str], stack: list[tuple[int | None, str | None]], said: str, replaced: bool
) -> None:
    mcid = next((mcid for mcid, _ in stack if mcid is not None), None)
    if mcid is not None:
        texts[mcid] = texts.get(mcid, "") + ("" if replaced else said.replace("\u00ad", ""))


def _to_unicode(font: pikepdf.Object) -> dict[int, str]:
    cmap = font.ToUnicode.read_bytes().decode()
    pairs = re.findall(r"^<(..)> <([0-9A-F]+)>$", cmap, re.MULTILINE)
    return {int(code, 16): bytes.fromhex(value).decode("utf-16-be") for code, value in pairs}


def words_in(data: bytes, face: str) -> list[str]:
    """The pieces of text set in the fonts with this in their name, in the order of drawing."""
    found = []
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for sheet in pdf.pages:
            fonts = sheet.resources.Font
            maps = {name: _to_unicode(font) for name, font in fonts.items()}
            current = ""
            for operands, operator in pikepdf.parse_content_stream(sheet):
                if str(operator) == "Tf":
                    current = str(operands[0])
                elif str(operator) == "Tj" and face in str(fonts[current].BaseFont):
                    found.append("".join(maps[current][code] for code in bytes(operands[0])))
    return found


def tables_without_head(data: bytes) -> int:
    """Tables no cell of which is a head with a scope."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        tables = [one for one in _below(pdf.Root.StructTreeRoot) if one.S == "/Table"]
        return sum(not any(map(_is_head, _below(table))) for table in tables)


def _below(element: pikepdf.Object) -> Iterator[pikepdf.Object]:
    kids = element.get("/K", pikepdf.Array())
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from _below(kid)


def _is_head(element: pikepdf.Object) -> bool:
    return element.S == "/TH" and "/Scope" in str(element.get("/A", ""))


def fonts_not_embedded(data: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return [
            str(font.BaseFont)
            for sheet in pdf.pages
            for font in sheet.resources.Font.values()
            if "/FontFile2" not in font.FontDescriptor
        ]


def ink_near_edges(data: bytes) -> list[int]:
    """The pages, from 1, with ink in their outer centimetre."""
    inked = []
    with pypdfium2.PdfDocument(data) as pdf:
        for number, sheet in enumerate(pdf, 1):
            picture = sheet.render(scale=0.5, grayscale=True).to_pil()
            width, height = picture.size
            edge = round(10 * MM * 0.5)
            inner = (edge, edge, width - edge, height - edge)
            picture.paste(255, inner)
            if picture.getextrema()[0] < 250:
                inked.append(number)
    return inked


def smallest_print(data: bytes) -> float:
    """The size in points of the smallest letters."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return min(
            float(operands[1])
            for sheet in pdf.pages
            for operands, operator in pikepdf.parse_content_stream(sheet, "Tf")
        )


def darkest(data: bytes) -> int:
    """The darkest grey of the first page, 0 for black."""
    with pypdfium2.PdfDocument(data) as pdf:
        low, _ = pdf[0].render(scale=4, grayscale=True).to_pil().getextrema()
        return int(low)


def dark_at(data: bytes, page_number: int, left: float, light: int = 250) -> list[int]:
    """The millimetres from the top of a page at which a line down it, so far from the left,
    meets ink darker than `light`.
    """
    with pypdfium2.PdfDocument(data) as pdf:
        picture = pdf[page_number].render(scale=4, grayscale=True).to_pil()
        height, column = picture.height, round(left * MM * 4)
        rows = [row for row in range(height) if picture.getpixel((column, row)) < light]
        return sorted({round(row / MM / 4) for row in rows})


def squares(data: bytes, number: int) -> list[list[bool]]:
    """The dark and light squares of the code at the lower left of page 1, `number` a side."""
    with pypdfium2.PdfDocument(data) as pdf:
        picture = pdf[0].render(scale=4, grayscale=True).to_pil()
    scale = 4 * MM
    part = picture.crop((0, round(250 * scale), round(45 * scale), round(285 * scale)))
    left, top, right, bottom = part.point(lambda value: 255 if value < 128 else 0).getbbox()
    centres = [(place + 0.5) / number for place in range(number)]
    return [
        [
            part.getpixel((left + x * (right - left), top + y * (bottom - top))) < 128
            for x in centres
        ]
        for y in centres
    ]


def overlaps(data: bytes) -> list[str]:
    """Texts of one page whose boxes cover each other by more than a hair."""
    found = []
    with pypdfium2.PdfDocument(data) as pdf:
        for number, sheet in enumerate(pdf, 1):
            words = sheet.get_textpage()
            boxes = [words.get_rect(index) for index in range(words.count_rects())]
            boxes.sort(key=lambda box: box[1])
            for place, first in enumerate(boxes):
                for second in boxes[place + 1 :]:
                    if second[1] >= first[3] - 1:
                        break
                    if min(first[2], second[2]) - max(first[0], second[0]) > 1:
                        found.append(f"page {number}: {first} {second}")
    return found


def subject(data: bytes) -> str:
    """What the document says that it is, as archives show it."""
    with pikepdf.open(io.BytesIO(data)) as pdf, pdf.open_metadata() as about:
        return str(about["dc:description"])


def bookmarks(data: bytes) -> list[str]:
    """The outline's entries of the first level."""
    with pikepdf.open(io.BytesIO(data)) as pdf, pdf.open_outline() as outline:
        return [str(entry.title) for entry in outline.root]


def pages(data: bytes) -> int:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return len(pdf.pages)


def is_one_sided(data: bytes) -> bool:
    """Whether the document asks viewers to print on one side of the sheet."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return bool(pdf.Root.ViewerPreferences.get("/Duplex") == "/Simplex")


def attached(data: bytes) -> dict[str, bytes]:
    """The files inside, by name."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return {name: file.get_file().read_bytes() for name, file in pdf.attachments.items()}


def page_texts(data: bytes) -> list[str]:
    """What each page shows, decoration included."""
    with pypdfium2.PdfDocument(data) as pdf:
        return [sheet.get_textpage().get_text_bounded() for sheet in pdf]


def box_of(data: bytes, words: str) -> tuple[float, float, float, float]:
    """Left, top, right and bottom in millimetres of the words, from the upper left of page 1."""
    with pypdfium2.PdfDocument(data) as pdf:
        sheet = pdf[0]
        textpage = sheet.get_textpage()
        index, count = textpage.search(words).get_next()
        boxes = [textpage.get_charbox(one) for one in range(index, index + count)]
        height = sheet.get_height()
        return (
            min(box[0] for box in boxes) / MM,
            (height - max(box[3] for box in boxes)) / MM,
            max(box[2] for box in boxes) / MM,
            (height - min(box[1] for box in boxes)) / MM,
        )
