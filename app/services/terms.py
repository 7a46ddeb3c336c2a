"""The terms that ship with the program: how long what concerns persons is kept."""

from __future__ import annotations

import msgspec

from app.domain.retention_terms import Term
from app.paths import resources


def terms() -> tuple[Term, ...]:
    """Every term, in the order of its file."""
    path = resources() / "retention" / "terms.json"
    return msgspec.json.decode(path.read_bytes(), type=tuple[Term, ...])


def term_of(kind: str) -> Term | None:
    """The term of a kind; None where the operator has taken it out of the file."""
    return next((one for one in terms() if one.kind == kind), None)
