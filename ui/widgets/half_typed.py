"""What stands in a field that cannot be read yet: a day that is none, a name still being typed."""

from __future__ import annotations

from typing import Any, Protocol, cast, runtime_checkable

from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.refusals import Refusal
from ui.widgets.fields import Field


@runtime_checkable
class Open(Protocol):
    """A field whose words may still go on where they can be read already.

    `so_far` is its value without them; `follow` takes what came from elsewhere, leaving them, and
    `finish` takes them for all that was meant.
    """

    def so_far(self) -> Any: ...

    def follow(self, value: Any) -> None: ...

    def finish(self) -> None: ...


def so_far(field: Field) -> Any:
    """The value of a field while the keyboard may be in it; raises Refusal where it must wait."""
    return field.so_far() if isinstance(field, Open) else field.value()


def follow(field: Field, value: Any) -> None:
    """Takes a value that came from elsewhere, leaving what is half typed beside it."""
    field.follow(value) if isinstance(field, Open) else field.set_value(value)


def finish(field: Field) -> None:
    """Takes what is typed in a field for all that was meant, as the keyboard goes on."""
    if isinstance(field, Open):
        field.finish()


def half_typed(field: Field) -> list[str]:
    """The texts of the lines of a field that cannot be read; none where it can."""
    try:
        field.value()
    except Refusal:
        return [line.text() for line in _lines(field)]
    return []


def type_again(field: Field, texts: list[str]) -> None:
    """Puts back in a field what was half typed there."""
    for line, text in zip(_lines(field), texts, strict=True):
        line.setText(text)


def _lines(field: Field) -> list[QLineEdit]:
    widget = cast(QWidget, field)
    return [widget] if isinstance(widget, QLineEdit) else widget.findChildren(QLineEdit)
