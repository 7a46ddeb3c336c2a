"""The records that were deleted, found by a few letters, and the way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.titles import LONGEST
from app.domain.wording import capitalised, count, day_and_hour, shortened
from ui.dialogs.reading import StoringDialog
from ui.models.table import folded, sought
from ui.tasks import Tasks
from ui.theme import Space
from ui.widgets.buttons import button
from ui.widgets.filter_line import FilterLine
from ui.widgets.text import clear, label

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.domain.titles import Called
    from app.services.trash import Deleted

MOST = 60
"""The most records shown at once; the filter finds the others."""


class TrashDialog(StoringDialog):
    """`restored` carries the kinds that came back.

    `others` gives the names, by id, of the commissions that the window does not show.
    """

    restored = Signal(object)

    def __init__(
        self,
        services: Services,
        tasks: Tasks,
        others: Mapping[str, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            "Corbeille",
            "Ce qui a été supprimé, le plus récent d'abord. Ce que vous rétablissez reviendra aussi"
            " chez vos collègues, à la prochaine synchronisation.",
            tasks,
            parent,
        )
        self._trash = services.trash
        self._others = others
        self._found: Sequence[Deleted] = ()
        self.filter = FilterLine("Filtrer la corbeille")
        self.filter.textChanged.connect(lambda typed: self._show())
        self.reading_head.addWidget(self.filter)
        self.filter.setFocus()
        self._read()

    def _read(self) -> None:
        self._tasks.run(self._trash.list, self._take, self.fail, self)

    def _take(self, found: Sequence[Deleted]) -> None:
        self._found = found
        self._show()

    def _show(self) -> None:
        clear(self.column)
        words = folded(self.filter.text()).split()
        chosen = [(one, name) for one in self._found if (name := _matching(one, words))]
        for one, name in chosen[:MOST]:
            self.column.addWidget(self._line(one, name))
        if others := len(chosen[MOST:]):
            said = (
                f"… et {count(others, 'autre')} : tapez quelques lettres de ce que vous cherchez."
            )
            self.column.addWidget(label(said, "muted", wrap=True))
        if not chosen:
            said = "Rien ne correspond." if self._found else "La corbeille est vide."
            self.column.addWidget(label(said, "muted", wrap=True))
        self.filter.tell(count(len(chosen), "ligne") if chosen else "Rien ne correspond.")
        self.column.addStretch()

    def _line(self, one: Deleted, name: str) -> QWidget:
        """The line of a deletion, which also says `name` where that was deleted along with it."""
        back = button("Rétablir", lambda: self._restore(one), kind="quiet", icon="undo-2")
        back.setAccessibleName(f"Rétablir : {_named(one)}")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(_named(one), wrap=True))
        when = f"Supprimé le {day_and_hour(one.at)}, {one.author}"
        with_it = f", avec {count(one.others, 'élément')}" if one.others else ""
        if name != _named(one):
            with_it += f", dont : {shortened(name, LONGEST)}"
        where = self._others.get(one.commission_id or "", "")
        said = " · ".join(filter(None, (where, f"{when}{with_it}")))
        words.addWidget(label(said, "caption", wrap=True))
        block = QWidget()
        layout = QHBoxLayout(block)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.M)
        layout.addLayout(words, 1)
        layout.addWidget(back)
        return block

    def _restore(self, one: Deleted) -> None:
        self.store(
            lambda: self._trash.restore(one.record_id),
            lambda kinds: self._on_restored(one, kinds),
        )

    def _on_restored(self, one: Deleted, kinds: Sequence[str]) -> None:
        self.restored.emit(frozenset(kinds))
        self.tell(f"{_named(one)} : de retour.")
        self._read()


def _matching(one: Deleted, words: Sequence[str]) -> str:
    """The first name that has all the words: the record's, or of one deleted along; else empty."""
    names = (_named(one), *map(_named, one.along))
    return next((name for name in names if all(word in sought(name) for word in words)), "")


def _named(one: Deleted | Called) -> str:
    kind = capitalised(one.label)
    return f"{kind} « {one.title} »" if one.title else kind
