"""The parts of a document as data, in reading order, for another typesetter to set."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

import app.documents.masthead
from app.documents.pdf.paper import Paper
from app.documents.pdf.table import Column
from app.documents.pdf.text import Content, plain_text

Part = dict[str, Any]


class RecordedPaper(Paper):
    """Notes every part that is added; figures and the sealing code have no counterpart."""

    parts: ClassVar[list[Part]] = []

    def _note(self, kind: str, **values: Any) -> None:
        self.parts.append({"kind": kind, **values})

    def section(self, head: str, folds: Sequence[float] = ()) -> None:
        super().section(head, folds)
        self._note("section")

    def heading(self, level: int, title: str, *, label: str = "", **options: Any) -> None:
        super().heading(level, title, label=label, **options)
        self._note("heading", level=level, label=label, words=title)

    def text(
        self, content: Content, name: str = "body", *, label: str = "", **options: Any
    ) -> None:
        super().text(content, name, label=label, **options)
        if words := plain_text(content).strip():
            self._note("text", label=label, words=words)

    def facts(self, pairs: Sequence[tuple[str, Content]]) -> None:
        super().facts(pairs)
        for name, content in pairs:
            self._note("text", label=name, words=plain_text(content))

    def bullets(self, items: Sequence[Content], *, labels: Sequence[str] = ()) -> None:
        super().bullets(items, labels=labels)
        if items:
            self._note("bullets", items=[plain_text(item) for item in items])

    def table(
        self, columns: Sequence[Column], rows: Sequence[Sequence[Content]], **options: Any
    ) -> None:
        super().table(columns, rows, **options)
        if rows:
            cells = [[plain_text(cell) for cell in row] for row in rows]
            self._note("table", head=[plain_text(column.head) for column in columns], rows=cells)

    def signatures(self, signers: Sequence[tuple[str, str]]) -> None:
        super().signatures(signers)
        self._note("table", head=[role for role, _ in signers], rows=[[n for _, n in signers]])

    def contents(self) -> None:
        super().contents()
        self._note("contents")

    def letter_head(
        self, sender: Sequence[str], addressee: Sequence[str], *place: float, **options: Any
    ) -> None:
        super().letter_head(sender, addressee, *place, **options)
        above = [*sender, options.get("dated", "")]
        self._note("letter_head", sender="\n".join(above), addressee="\n".join(addressee))


@contextmanager
def _recording() -> Iterator[None]:
    app.documents.masthead.Paper = RecordedPaper
    try:
        yield
    finally:
        app.documents.masthead.Paper = Paper


def parts_of(make: Callable[[], object]) -> list[Part]:
    """The parts of the document that `make` makes."""
    RecordedPaper.parts = []
    with _recording():
        make()
    return RecordedPaper.parts
