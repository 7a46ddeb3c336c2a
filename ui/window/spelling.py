"""Checks the spelling of any long text that has the keyboard, names in the workspace included."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakSet

import shiboken6
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from ui.tasks import Tasks
from ui.widgets.plain_edit import PlainEdit
from ui.window.preferences import Preferences

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.services.spelling import Lexicon

ADDED = "known_words"
"""Stands among the kinds that changed when the words added by the user changed."""

AHEAD = 500
"""Milliseconds after the workspace opened at which the lexicon is read, before anybody writes: the
window stands still while the dictionary opens.
"""

_NAMING = frozenset({"organisation", "commission", "person", "solution", ADDED})


class SpellingAid(QObject):
    """Reads the lexicon soon after opening; when its names changed, again as a text is entered."""

    def __init__(self, services: Services, tasks: Tasks, preferences: Preferences) -> None:
        super().__init__(tasks)
        self._services, self._tasks, self._preferences = services, tasks, preferences
        self._window = tasks.parent()
        self._lexicon: Lexicon | None = None
        self._is_to_read = True
        self._editors = WeakSet[PlainEdit]()
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus)
        QTimer.singleShot(AHEAD, self, self._read)

    def refresh(self, kinds: frozenset[str]) -> None:
        """Notes that records of these kinds changed; an empty set means any."""
        self._is_to_read |= not kinds or not kinds.isdisjoint(_NAMING)

    def _on_focus(self, old: QWidget | None, new: QWidget | None) -> None:
        if not (isinstance(new, PlainEdit) and self._is_ours(new)):
            return
        self._editors.add(new)
        self._read()
        self._show_in(new)

    def _read(self) -> None:
        if self._preferences.spelling and self._is_to_read:
            self._is_to_read = False
            self._tasks.run(self._services.spelling.read, self._take, owner=self)

    def _is_ours(self, editor: PlainEdit) -> bool:
        """Whether an editor is in the window of this workspace, or in a dialog over it."""
        widget: QObject | None = editor
        while widget is not None and widget is not self._window:
            widget = widget.parent()
        return widget is not None

    def _take(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        for editor in filter(shiboken6.isValid, list(self._editors)):
            self._show_in(editor)

    def _show_in(self, editor: PlainEdit) -> None:
        wanted = self._lexicon if self._preferences.spelling else None
        if editor.spelled_by is not wanted:
            editor.spell(wanted, self._add)

    def _add(self, word: str) -> None:
        assert self._lexicon is not None
        self._lexicon.learn([word])
        for editor in filter(shiboken6.isValid, list(self._editors)):
            editor.respell()
        spelling = self._services.spelling
        self._tasks.run(lambda: spelling.add(word), owner=self)
