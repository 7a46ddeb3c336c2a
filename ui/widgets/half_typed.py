"""Text in a field that has no value yet: a day that does not exist, a name half typed."""

from __future__ import annotations

from typing import Any, Protocol, cast, runtime_checkable

from PySide6.QtWidgets import QLineEdit, QWidget

from app.domain.refusals import Refusal
from ui.widgets.fields import Field


@runtime_checkable
class Open(Protocol):
    """A field where the name being typed may go on, even if it can be read already.

    `so_far` is its value without that name, or a Refusal; `follow` takes a value from elsewhere and
    leaves the name; `finish` takes the name as complete.
    """

    def so_far(self) -> Any: ...

    def follow(self, value: Any) -> None: ...

    def finish(self) -> None: ...


def so_far(field: Field) -> Any:
    """The value of a field that may still be typed in; raises Refusal where it must wait."""
    return field.so_far() if isinstance(field, Open) else field.value()


def follow(field: Field, value: Any) -> None:
    """Shows a value that came from elsewhere, leaving a name half typed beside it."""
    field.follow(value) if isinstance(field, Open) else field.set_value(value)


def finish(field: Field) -> None:
    """Takes what is typed in a field as complete, as when the focus leaves it."""
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
