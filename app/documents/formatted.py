"""Formatted texts on paper: paragraphs with bold words, and real lists."""

from __future__ import annotations

from app.documents.pdf.paper import Paper
from app.documents.pdf.text import Content, Run
from app.domain import formatted_text
from app.domain.formatted_text import FormattedLine


def write_formatted(paper: Paper, words: str, name: str = "body", *, label: str = "") -> None:
    """Writes a text as it was typed, its formatting shown by the look of the words.

    Its label says what it is: in the side column, or above a text that begins with a list.
    """
    for kind, lines in formatted_text.blocks(words):
        contents = [_content(line) for line in lines]
        if kind == "paragraph":
            paper.text(contents[0], name, label=label)
            label = label if not lines[0].words.strip() else ""
            continue
        if label:
            paper.text(f"{label} :", "label", keep=True)
            label = ""
        labels = [line.label for line in lines] if kind == "number" else ()
        paper.bullets(contents, name, labels=labels)


def inline(words: str) -> list[str | Run]:
    """A text that stands within others: its bold words are bold, a list keeps its lines."""
    parts: list[str | Run] = []
    for line in formatted_text.lines(words):
        mark = f"{line.label or '–'} " if line.kind != "paragraph" else ""
        parts += ["\n" if parts else "", mark, *_runs(line)]
    return parts


def _content(line: FormattedLine) -> Content:
    if not any(bold for _, bold in line.runs):
        return line.words
    return _runs(line)


def _runs(line: FormattedLine) -> list[Run]:
    return [Run(words, bold=bold) for words, bold in line.runs]
