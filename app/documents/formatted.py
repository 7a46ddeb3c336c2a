"""Formatted notes on paper: paragraphs with bold words, and real lists."""

from __future__ import annotations

from app.documents.pdf.paper import Paper
from app.documents.pdf.text import Content, Run
from app.domain import formatted_text
from app.domain.formatted_text import FormattedLine


def write_notes(paper: Paper, notes: str) -> None:
    """Writes notes as they were typed, their formatting shown by the look of the words."""
    for kind, lines in formatted_text.blocks(notes):
        contents = [_content(line) for line in lines]
        if kind == "paragraph":
            paper.text(contents[0])
        else:
            labels = [line.label for line in lines] if kind == "number" else ()
            paper.bullets(contents, labels=labels)


def _content(line: FormattedLine) -> Content:
    if not any(bold for _, bold in line.runs):
        return line.words
    return [Run(words, bold=bold) for words, bold in line.runs]
