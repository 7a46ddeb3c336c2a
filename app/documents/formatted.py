"""Long texts on paper: paragraphs, and real lists where lines begin as items do."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from app.documents.pdf.paper import Paper
from app.documents.pdf.styles import SIDE
from app.documents.pdf.text import Content, Run, plain_text
from app.domain import formatted_text
from app.domain.formatted_text import FormattedLine, Kind

_NUMBERING = {"bullet": "Disc", "number": "Decimal", "letter": "LowerAlpha"}


class _Part(NamedTuple):
    """A paragraph, or the items of a list with what is printed before each."""

    kind: Kind
    labels: list[str]
    contents: list[Content]


def write_formatted(paper: Paper, words: str, name: str = "body", *, label: str = "") -> None:
    """Writes a text as it was typed, its formatting shown by the look of the words.

    Its label says in the side column what it is.
    """
    _write(paper, _parts(words, _content), name, label, indent=SIDE, keep=False)


def write_plain(
    paper: Paper, words: str, name: str = "body", *, label: str = "", indent: float = SIDE,
    keep: bool = False, quoted: bool = False,
) -> None:  # fmt: skip
    """Writes a text in which only lists are formatted; `quoted` puts it between « »."""
    parts = _parts(words, lambda line: line.plain)
    if quoted and parts:
        parts[0].contents[0] = f"« {parts[0].contents[0]}"
        parts[-1].contents[-1] = f"{parts[-1].contents[-1]} »"
    _write(paper, parts, name, label, indent=indent, keep=keep)


def inline(words: str) -> list[str | Run]:
    """A text that stands within others: its bold words are bold, a list keeps its lines."""
    parts: list[str | Run] = []
    for line in formatted_text.lines(words):
        mark = f"{line.label} " if line.label else ""
        parts += ["\n" if parts else "", mark, *_runs(line)]
    return parts


def _parts(words: str, said: Callable[[FormattedLine], Content]) -> list[_Part]:
    """The blocks of a text that say something."""
    return [
        _Part(kind, [line.label for line in lines], [said(line) for line in lines])
        for kind, lines in formatted_text.blocks(words.strip())
        if any(line.words.strip() for line in lines)
    ]


def _write(
    paper: Paper, parts: list[_Part], name: str, label: str, *, indent: float, keep: bool
) -> None:
    """Writes the parts; words that announce a list stay on the page where it begins."""
    for number, (kind, labels, contents) in enumerate(parts, 1):
        after = parts[number].kind if number < len(parts) else "paragraph"
        last = keep and number == len(parts)
        if kind == "paragraph":
            announces = after != "paragraph" and plain_text(contents[0]).rstrip().endswith(":")
            paper.text(contents[0], name, label=label, indent=indent, keep=announces or last)
        else:
            paper.side_label(label, name)
            paper.bullets(
                contents, name, labels=labels, numbering=_NUMBERING[kind], indent=indent, keep=last
            )
        label = ""


def _content(line: FormattedLine) -> Content:
    if not any(bold for _, bold in line.runs):
        return line.words
    return _runs(line)


def _runs(line: FormattedLine) -> list[Run]:
    return [Run(words, bold=bold) for words, bold in line.runs]
