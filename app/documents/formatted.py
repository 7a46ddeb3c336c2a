"""Formatted texts on paper: paragraphs with bold words, and real lists."""

from __future__ import annotations

from app.documents.pdf.paper import Paper
from app.documents.pdf.text import Content, Run
from app.domain import formatted_text
from app.domain.formatted_text import FormattedLine


def write_formatted(paper: Paper, words: str, name: str = "body", *, label: str = "") -> None:
    """Writes a text as it was typed, its formatting shown by the look of the words.

    Its label says what it is: in the side column, or above a text that begins with a list. Words
    that announce a list stand on the page where it begins.
    """
    found = [
        (kind, lines)
        for kind, lines in formatted_text.blocks(words)
        if any(line.words.strip() for line in lines)
    ]
    following = [*(kind for kind, _ in found[1:]), "paragraph"]
    for (kind, lines), after in zip(found, following, strict=False):
        contents = [_content(line) for line in lines]
        if kind == "paragraph":
            announces = after != "paragraph" and lines[0].words.rstrip().endswith(":")
            paper.text(contents[0], name, label=label, keep=announces)
            label = ""
            continue
        if label:
            paper.text(f"{label} :", "label-strong" if name == "strong" else "label", keep=True)
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
