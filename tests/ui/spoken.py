"""Finds what a screen reader could not name, or tell from another, on screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QMainWindow, QWidget

from ui.widgets.line import Line

_Role, _NAME = QAccessible.Role, QAccessible.Text.Name
_LISTS = {_Role.List, _Role.Table, _Role.Tree}
_PRESSED = {
    _Role.Button, _Role.ButtonMenu, _Role.ButtonDropDown, _Role.CheckBox, _Role.RadioButton,
}  # fmt: skip

ALIKE = (Line,)
"""What may bear one name several times: it says what records say, and two may say the same."""

QUOTED = " « "
"""So does what quotes a record, as the button of a file that another one has the name of."""


def unspoken_on_screen() -> list[str]:
    """What is `unspoken` in the window and the dialogs over it."""
    shown = (one for one in QApplication.topLevelWidgets() if one.isVisible())
    return [
        f"{type(one).__name__} : {what}"
        for one in shown
        if isinstance(one, QDialog | QMainWindow)
        for what in unspoken(one)
    ]


def unspoken(root: QWidget) -> list[str]:
    """The controls on screen without a name, or with that of another of their kind."""
    found = list(_controls(QAccessible.queryAccessibleInterface(root)))
    times = Counter(
        (role, name)
        for role, name, widget in found
        if not isinstance(widget, ALIKE) and QUOTED not in name
    )
    return sorted({
        f"{role.name} « {name} »"
        for role, name, _ in found
        if not any(map(str.isalnum, name)) or times[role, name] > 1
    })  # fmt: skip


def _controls(
    one: QAccessibleInterface, within: str = ""
) -> Iterator[tuple[QAccessible.Role, str, object]]:
    """The kind, the name and the widget of each control that is shown in a part of the window.

    What stands inside a field is named with it.
    """
    role, name, state = one.role(), _name(one), one.state()
    if state.invisible:
        return
    if role in _PRESSED or (state.focusable and role is not _Role.StaticText):
        yield role, f"{within}{name}" if name else "", one.object()
    if role in _LISTS:  # their cells say what they hold
        return
    if role is _Role.EditableText:
        within = f"{name}, "
    for number in range(one.childCount()):
        if (part := one.child(number)) is not None:
            yield from _controls(part, within)


def _name(one: QAccessibleInterface) -> str:
    """The name of a control; under Linux, Qt says what a list of choices is by its label alone."""
    widget = one.object()
    if not isinstance(widget, QComboBox):
        return one.text(_NAME)
    labels = one.relations(QAccessible.RelationFlag.Label)
    return widget.accessibleName() if labels else ""
