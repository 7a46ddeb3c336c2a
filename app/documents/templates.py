"""Documents that follow a template: the shipped ones, and their sections written in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from app.documents.pdf.styles import SIDE
from app.domain.document_kinds import KINDS
from app.domain.document_templates import Section, Template, Values, each_filled, filled, read
from app.paths import resources

if TYPE_CHECKING:
    from app.documents.pdf.paper import Paper

Part = Callable[[str], object]
"""Writes a section under the heading it is given."""


@cache
def shipped(kind: str) -> Template:
    """The template of a kind of document that comes with the program."""
    return read(kind, (resources() / "templates" / "documents" / f"{kind}.json").read_bytes())


def arrange(
    paper: Paper, template: Template, values: Values, parts: Mapping[str, Part],
    *, indent: float = SIDE,
) -> None:  # fmt: skip
    """Writes the shown sections: phrases and signatures here, the others by their parts.

    `values` are what the variables stand for; a line with a variable without value is left out.
    """
    for section in template.shown():
        rules = KINDS[template.kind].sections[section.name]
        heading = filled(section.heading, values)
        if rules.at_foot:
            if words := filled(section.text, values).strip():
                paper.notice(words)
        elif rules.text:
            phrases(paper, heading, filled(section.text, values), indent)
        elif rules.signers:
            _signatures(paper, heading, section, values, alone_right=not indent)
        else:
            parts[section.name](heading or rules.label if rules.heading == "yes" else heading)


def phrases(paper: Paper, heading: str, text: str, indent: float) -> None:
    """A section of free text; nothing at all when it is empty."""
    from app.documents.formatted import write_plain

    if not text.strip():
        return
    if heading:
        paper.heading(2, heading, indent=indent)
    write_plain(paper, text, indent=indent, keep=True)  # it stays with what it leads to


def _signatures(
    paper: Paper, heading: str, section: Section, values: Values, *, alone_right: bool
) -> None:
    """The blocks two by two, one for each who signs; the only one of a letter stands on the
    right.
    """
    found = [
        (filled(one.role, values), name)
        for one in section.signers
        for name in each_filled(one.name, values)
    ]
    signers = [one for one in found if any(one)]
    if alone_right and len(signers) == 1:
        signers.insert(0, ("", ""))
    if signers:
        paper.keep_last()  # nobody signs a page that says nothing
    if signers and heading:
        paper.heading(2, heading)
    for first in range(0, len(signers), 2):
        paper.signatures(signers[first : first + 2])
