"""How every document opens and ends: who publishes it, what it is, of which commission."""

from __future__ import annotations

from datetime import datetime

from app.documents.document import PDF, Document, Letterhead, file_name
from app.documents.pdf.archival import AttachedFile, Description
from app.documents.pdf.paper import Paper
from app.documents.pdf.picture import Picture
from app.documents.pdf.styles import MM

LOGO_HEIGHT = 14 * MM


def open_paper(
    letterhead: Letterhead, title: str, made_at: datetime, *, subject: str = "", head: str = "",
    files: tuple[AttachedFile, ...] = (), scale: float = 1,
) -> Paper:  # fmt: skip
    """A blank document described to archives and readers; `head` runs on its later pages."""
    description = Description(
        title=title,
        made_at=made_at,
        author=letterhead.operator,
        subject=subject,
        keywords="commission numérique locale",
    )
    return Paper(description, head=head or title, files=files, scale=scale)


def masthead(
    paper: Paper, letterhead: Letterhead, kicker: str, title: str, subtitle: str, *,
    bookmark: str = "",
) -> None:  # fmt: skip
    """The publisher, then the title between the commission's name and a line that dates it."""
    if picture := logo(letterhead):
        paper.figure(picture.paint, picture.size, logo_words(letterhead), indent=0)
    paper.text(letterhead.operator, "small", indent=0)
    if picture or letterhead.operator.strip():
        paper.rule()
        paper.space(22)
    paper.text(kicker, "kicker", indent=0)
    paper.heading(1, title, bookmark=bookmark)
    paper.text(subtitle, "subtitle", indent=0)


def logo(letterhead: Letterhead) -> Picture | None:
    """The letterhead's logo as it is drawn."""
    return Picture(letterhead.logo, LOGO_HEIGHT) if letterhead.logo else None


def logo_words(letterhead: Letterhead) -> str:
    """What a screen reader says for the logo."""
    return f"Logo : {letterhead.logo_words or letterhead.operator}"


def finished(paper: Paper, *name: str) -> Document:
    """The document, with what its fonts could not show."""
    data = paper.render()
    missing = tuple(sorted(paper.missing))
    return Document(data, PDF, file_name(*name), missing, paper.one_sided)
