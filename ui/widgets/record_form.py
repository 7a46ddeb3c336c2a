"""A form of one record that saves itself as it is filled in."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, cast

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from app.domain.refusals import Refusal
from app.errors import StorageError
from ui import errors
from ui.tasks import Tasks
from ui.widgets.autosave import Autosave, Saving
from ui.widgets.fields import LongField, TextField
from ui.widgets.form import Form
from ui.widgets.half_typed import finish, follow, half_typed, so_far, type_again

Save = Callable[[str, dict[str, Any], dict[str, Any]], object]


class RecordForm(Form):
    """Fields of a record, each saved soon after it is edited; a field that cannot be read waits.

    Words not yet stored as another record is shown are still saved behind it, and are back in the
    fields if their record is; so is text that could not be read. `failed` carries an error that no
    field can show, the id of its record, and a function that tells whether its words still wait;
    `left_behind` the id of a record out of sight, and why its words were refused; `orphaned` the
    words written in a record that was deleted; `edited` follows each edit.
    """

    edited = Signal()
    saved = Signal()
    state_changed = Signal()
    failed = Signal(object, str, object)
    left_behind = Signal(str, object)
    orphaned = Signal(str)

    def __init__(self, save: Save, tasks: Tasks, columns: int = 2) -> None:
        """`save(record_id, fields, over)` runs off the GUI thread: `fields` are those that changed,
        `over` the stored values that they replace, which a field may show otherwise.
        """
        super().__init__(columns)
        self.record_id = ""
        self._write = save
        self._kept: dict[str, dict[str, Any]] = {}  # what is stored, as the fields read it
        self._stored: dict[str, dict[str, Any]] = {}
        self._refused: tuple[str, str] | None = None
        self._tasks = tasks
        self._left: dict[str, Autosave] = {}
        self._half: dict[str, dict[str, list[str]]] = {}  # what could not be read, by record
        self.autosave = self._begin("")

    def add(self, name: str, words: str, field: QWidget, **options: Any) -> None:
        super().add(name, words, field, **options)
        self._rows[name].field.edited.connect(self._on_edited)
        self.check_once_left(name)

    def load(
        self, record_id: str, values: dict[str, Any], offered: Mapping[str, Any] | None = None
    ) -> None:
        """Shows a record. Shown again, it takes what changed elsewhere, never over typed words.

        `offered` gives some fields new choices; what the fields hold is handed to the store before
        these change.
        """
        another = record_id != self.record_id
        if another:
            self._leave(record_id)
        elif not self.autosave.settled:
            self._go_on()
            return
        for name, choices in (offered or {}).items():
            cast(Any, self.editor(name)).offer(choices)
        typed = self._take_back(record_id) if another else {}
        if another:
            self.record_id = record_id
            self.set_values(values)
            self._refused = None
            for row in self._rows.values():
                row.say("")
        else:
            for name, value in values.items():
                if self._differs(name, value):
                    follow(self.editor(name), value)
        self._kept[record_id] = self._readable()
        self._stored[record_id] = dict(values)
        for name, texts in self._half.pop(record_id, {}).items():
            type_again(self.editor(name), texts)
            self.check(name)
        self.autosave.loaded()
        if typed:
            self.set_values(typed)
            self.autosave.edited()
        if another:
            self.state_changed.emit()

    def _begin(self, record_id: str) -> Autosave:
        """The autosave of the fields as long as they show this record."""
        autosave = Autosave(self._read, self._save, self._tasks, self)
        autosave.failed.connect(lambda error: self._on_failed(record_id, autosave, error))
        autosave.orphaned.connect(self._on_orphaned)
        autosave.saved.connect(self.saved)
        autosave.state_changed.connect(self._on_state)
        return autosave

    def _leave(self, record_id: str) -> None:
        """Hands what the fields hold to the store, as another record is about to be shown."""
        self.finish()
        half = {name: half_typed(row.field) for name, row in self._rows.items()}
        if any(half.values()):
            self._half[self.record_id] = {name: texts for name, texts in half.items() if texts}
            self.left_behind.emit(self.record_id, self._first_refusal())
        left, self.autosave = self.autosave, self._begin(record_id)
        left.let_go()
        if not left.settled:
            self._left[self.record_id] = left

    def finish(self) -> None:
        """Takes names still being typed as complete, as when the focus leaves them."""
        for row in self._rows.values():
            finish(row.field)

    def forget(self, record_id: str) -> None:
        """Drops the text that could not be read of a record that is gone."""
        self._half.pop(record_id, None)
        for name, row in self._rows.items():
            if record_id == self.record_id and half_typed(row.field):
                row.field.set_value(self._stored[record_id][name])

    def hideEvent(self, event: QHideEvent) -> None:
        """Tells of words refused in the record shown, as its page goes out of sight."""
        super().hideEvent(event)
        if event.spontaneous():  # the window is made small
            return
        failure = self._first_refusal() if self._is_half_typed else self.autosave.failure
        if failure is not None and not isinstance(failure, StorageError):
            self.left_behind.emit(self.record_id, failure)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.state_changed.emit()

    @property
    def _is_half_typed(self) -> bool:
        fields = (row.field for row in self._rows.values())
        return bool(self.record_id) and any(half_typed(field) for field in fields)

    def awaits(self, record_id: str) -> bool:
        """Whether words that were refused wait in a record out of sight."""
        left = self._left.get(record_id)
        if record_id in self._half or (left is not None and not left.settled):
            return True
        is_told = self.autosave.failure is not None or self._is_half_typed
        return record_id == self.record_id and is_told and not self.isVisible()

    def _waits(self, autosave: Autosave, error: Exception) -> bool:
        """Whether this error still keeps words waiting, in an autosave that is still in charge."""
        return autosave in (self.autosave, *self._left.values()) and autosave.failure is error

    @property
    def is_refused(self) -> bool:
        """Whether what a field holds cannot be read, and that was said."""
        rows = [row for row in self._rows.values() if row.is_refused]
        return any(half_typed(row.field) for row in rows)

    def check(self, name: str) -> None:
        super().check(name)
        self.state_changed.emit()

    def unread(self) -> list[str]:
        """What is typed in any record and cannot be read, which would be lost with the form."""
        here = [half_typed(row.field) for row in self._rows.values()] if self.record_id else []
        left = [texts for half in self._half.values() for texts in half.values()]
        return [" ".join(filter(None, texts)) for texts in (*here, *left) if any(texts)]

    def _first_refusal(self) -> Refusal:
        """Why the first field that cannot be read cannot."""
        for row in self._rows.values():
            try:
                row.field.value()
            except Refusal as refusal:
                return refusal
        raise AssertionError("every field can be read")

    def _take_back(self, record_id: str) -> dict[str, Any]:
        """The values typed in a record before it was left, which are not stored yet."""
        left = self._left.pop(record_id, None)
        if left is None or left.settled:
            return {}
        _, values = json.loads(left.value)
        left.deleteLater()
        kept = self._kept[record_id]
        return {name: value for name, value in values.items() if kept.get(name) != value}

    def _go_on(self) -> None:
        """Has the fields saved soon, where one changed that tells of no edit before it is left."""
        if self.autosave.state is Saving.SAVED:
            self.autosave.edited()

    def _differs(self, name: str, value: Any) -> bool:
        row = self._rows.get(name)
        try:
            return row is not None and _plain(so_far(row.field)) != _plain(value)
        except Refusal:
            return False

    def say_error(self, name: str, sentence: str) -> bool:
        """Shows a refusal, without taking the keyboard away from the field typed in by now."""
        row = self._row_of(name)
        if row is None:
            return False
        row.say(sentence)
        if self._refused != (name, sentence):
            row.tell()
        self._refused = (name, sentence)
        return True

    def _on_state(self) -> None:
        """Takes the sentence of a refusal away once all is saved."""
        if self.autosave.state is Saving.SAVED and self._refused is not None:
            row = self._row_of(self._refused[0])
            self._refused = None
            if row is not None:
                row.say("")
        self.state_changed.emit()

    def _on_edited(self) -> None:
        self.autosave.edited()
        if self._refused is not None:
            self.say_error(*self._refused)
        self.edited.emit()

    def _readable(self) -> dict[str, Any]:
        values = {}
        for name, row in self._rows.items():
            try:
                values[name] = _plain(so_far(row.field))
            except Refusal:
                continue
        return values

    def _read(self) -> str:
        """Which record is shown and what its fields hold; empty before there is one."""
        if not self.record_id:
            return ""
        return json.dumps([self.record_id, self._readable()])

    def _save(self, text: str) -> None:
        record_id, values = json.loads(text)
        kept = self._kept.setdefault(record_id, {})
        changed = {name: value for name, value in values.items() if kept.get(name) != value}
        if changed:
            stored = self._stored.setdefault(record_id, {})
            self._write(record_id, changed, {name: stored.get(name) for name in changed})
            self.keep(record_id, changed)

    def keep(self, record_id: str, fields: dict[str, Any]) -> None:
        """Counts these fields as stored as they were typed, even if others were refused."""
        self._kept[record_id].update(fields)
        self._stored[record_id].update(fields)

    def _on_orphaned(self, text: str) -> None:
        """Gives back what was written in a record that was deleted before it was stored."""
        record_id, values = json.loads(text)
        kept = self._kept[record_id]
        written = (
            value
            for name, value in values.items()
            if isinstance(self.field(name), TextField | LongField) and kept.get(name) != value
        )
        self.forget(record_id)
        self.orphaned.emit("\n".join(filter(None, written)))

    def _on_failed(self, record_id: str, autosave: Autosave, error: Exception) -> None:
        is_here = record_id == self.record_id
        shown = is_here and errors.inline(error, self)
        if isinstance(error, StorageError) or (is_here and not shown):
            self.failed.emit(error, record_id, lambda: self._waits(autosave, error))
        elif not shown or not self.isVisible():
            self.left_behind.emit(record_id, error)


def _plain(value: Any) -> Any:
    """A value as JSON gives it back, so that two can be compared."""
    return list(value) if isinstance(value, tuple) else value
