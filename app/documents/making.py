"""How far the making of a long document is, told to a listener who may stop it.

Code that makes a document in a thread of its own wraps it in `heard_by`; the code that lays the
document out, deep below, calls `tell`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Heard = Callable[[str, float], None]
"""Takes words and a share from 0 to 1; what it raises stops the making."""

_heard: ContextVar[Heard | None] = ContextVar("heard", default=None)


@contextmanager
def heard_by(heard: Heard) -> Iterator[None]:
    """Has `heard` told, within this block and in this thread, how far a making is."""
    token = _heard.set(heard)
    try:
        yield
    finally:
        _heard.reset(token)


def tell(words: str, share: float) -> None:
    """Says how far the making is, if anybody listens."""
    heard = _heard.get()
    if heard is not None:
        heard(words, share)
