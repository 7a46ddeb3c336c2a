"""What an archive asks of a PDF besides its pages: XMP, output intent, files (ISO 19005-3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from html import escape
from typing import Any

from reportlab.pdfbase import pdfdoc

from app.documents.typography import french
from app.domain.wording import shortened
from app.paths import resources

PROFILE = resources() / "colour" / "sRGB.icc"
MOST_SAID = 500
"""Letters of a title or a subject that the description holds."""

_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

TOOL = "Commissions numériques locales"


@dataclass(frozen=True)
class Description:
    """What a document says of itself; `made_at` is an aware instant, never read from a clock."""

    title: str
    made_at: datetime
    author: str = ""
    subject: str = ""
    keywords: str = ""
    language: str = "fr-FR"

    def __post_init__(self) -> None:
        for name in ("title", "author", "subject", "keywords"):
            object.__setattr__(self, name, _said(getattr(self, name)))


@dataclass(frozen=True)
class AttachedFile:
    """A file inside the PDF; `relationship` as ISO 19005-3 names it (Source, Data, Supplement…)."""

    name: str
    media_type: str
    data: bytes
    description: str
    relationship: str = "Source"


def _said(text: str) -> str:
    """A description on one line, of a length to read, in characters that XML takes, spelt as on the
    page.
    """
    return french(shortened(_NOT_IN_XML.sub("", text), MOST_SAID))


def describe(canvas: Any, description: Description) -> None:
    """Writes the same description into the information dictionary, the XMP and the viewer."""
    document = canvas._doc
    canvas.setTitle(description.title)
    canvas.setAuthor(description.author)
    canvas.setSubject(description.subject)
    canvas.setKeywords(description.keywords)
    canvas.setCreator(TOOL)
    canvas.setProducer(TOOL)
    stamp = pdf_date(description.made_at)
    document.info._dateFormatter = lambda *_: stamp
    canvas.setViewerPreference("DisplayDocTitle", "true")
    document.Catalog.MarkInfo = pdfdoc.PDFDictionary({"Marked": "true"})
    document.Catalog.Metadata = pdfdoc.XMP(creator=lambda _: _xmp(description).encode())


def add_output_intent(document: Any) -> None:
    """States that colours are sRGB, with its profile."""
    stream = pdfdoc.PDFStream(
        dictionary=pdfdoc.PDFDictionary({"N": 3}),
        content=_profile(),
        filters=[pdfdoc.PDFZCompress],
    )
    intent = {
        "Type": pdfdoc.PDFName("OutputIntent"),
        "S": pdfdoc.PDFName("GTS_PDFA1"),
        "OutputConditionIdentifier": pdfdoc.PDFString("sRGB IEC61966-2.1"),
        "RegistryName": pdfdoc.PDFString("http://www.color.org"),
        "Info": pdfdoc.PDFString("sRGB IEC61966-2.1"),
        "DestOutputProfile": document.Reference(stream),
    }
    extend(document.Catalog, OutputIntents=pdfdoc.PDFArray([pdfdoc.PDFDictionary(intent)]))


def attach(document: Any, files: tuple[AttachedFile, ...], made_at: datetime) -> None:
    """Embeds the files and associates them with the document (AF)."""
    if not files:
        return
    names: list[Any] = []
    associated = []
    for file in sorted(files, key=lambda file: file.name):
        reference = document.Reference(_file_specification(document, file, made_at))
        names += [pdfdoc.PDFString(file.name), reference]
        associated.append(reference)
    tree = pdfdoc.PDFDictionary({"Names": pdfdoc.PDFArray(names)})
    document.Catalog.Names = pdfdoc.PDFDictionary({"EmbeddedFiles": tree})
    extend(document.Catalog, AF=pdfdoc.PDFArray(associated))


def _file_specification(document: Any, file: AttachedFile, made_at: datetime) -> Any:
    parameters = {"Size": len(file.data), "ModDate": pdfdoc.PDFString(pdf_date(made_at))}
    stream = pdfdoc.PDFStream(
        dictionary=pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("EmbeddedFile"),
                "Subtype": "/" + file.media_type.replace("/", "#2F"),
                "Params": pdfdoc.PDFDictionary(parameters),
            }
        ),
        content=file.data,
        filters=[pdfdoc.PDFZCompress],
    )
    data = document.Reference(stream)
    return pdfdoc.PDFDictionary(
        {
            "Type": pdfdoc.PDFName("Filespec"),
            "F": pdfdoc.PDFString(file.name),
            "UF": pdfdoc.PDFString(file.name),
            "Desc": pdfdoc.PDFString(file.description),
            "AFRelationship": pdfdoc.PDFName(file.relationship),
            "EF": pdfdoc.PDFDictionary({"F": data, "UF": data}),
        }
    )


def extend(target: Any, **entries: Any) -> None:
    """Sets entries that ReportLab's definition of a catalog or page does not list."""
    target.__NoDefault__ = [*target.__NoDefault__, *entries]
    for name, value in entries.items():
        setattr(target, name, value)


def pdf_date(moment: datetime) -> str:
    """An aware instant as ISO 32000-1, 7.9.4 writes it."""
    zone = moment.strftime("%z")
    return f"D:{moment:%Y%m%d%H%M%S}{zone[:3]}'{zone[3:5]}'"


@cache
def _profile() -> bytes:
    return PROFILE.read_bytes()


_EXTENSION = """<rdf:Description rdf:about=""
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>PDF/UA part</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""


def _xmp(about: Description) -> str:
    moment = about.made_at.isoformat(timespec="seconds")
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(about.title)}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{escape(about.author)}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{escape(about.subject)}</rdf:li></rdf:Alt>
</dc:description>
<dc:language><rdf:Bag><rdf:li>{about.language}</rdf:li></rdf:Bag></dc:language>
<pdf:Producer>{TOOL}</pdf:Producer><pdf:Keywords>{escape(about.keywords)}</pdf:Keywords>
<xmp:CreatorTool>{TOOL}</xmp:CreatorTool>
<xmp:CreateDate>{moment}</xmp:CreateDate><xmp:ModifyDate>{moment}</xmp:ModifyDate>
<xmp:MetadataDate>{moment}</xmp:MetadataDate>
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
{_EXTENSION}
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
