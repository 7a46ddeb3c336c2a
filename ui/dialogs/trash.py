"""The records that were deleted, found by a few letters, and the way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
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
    from app.services.trash import Along, Deleted

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
            " chez vos collègues, à la prochaine synchronisation. Pour n'en reprendre qu'un parmi"
            " plusieurs supprimés ensemble, filtrez par ses mots.",
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
        chosen = [(one, meant) for one in self._found if (meant := _matching(one, words))]
        for one, meant in chosen[:MOST]:
            self.column.addWidget(self._line(one, meant, sought_for=bool(words)))
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

    def _line(self, one: Deleted, meant: Deleted | Along, *, sought_for: bool) -> QWidget:
        """The line of a deletion, which also names what is meant if it was deleted along with it.

        What is `sought_for` comes back alone too, if it can.
        """
        back = button("Rétablir", lambda: self._restore(one), kind="quiet", icon="undo-2")
        back.setAccessibleName(f"Rétablir : {_named(one)}")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(_named(one), wrap=True))
        when = f"Supprimé le {day_and_hour(one.at)}, {one.author}"
        with_it = f", avec {count(one.others, 'élément')}" if one.others else ""
        if meant is not one:
            with_it += f", dont : {shortened(_named(meant), LONGEST)}"
        where = self._others.get(one.commission_id or "", "")
        said = " · ".join(filter(None, (where, f"{when}{with_it}")))
        words.addWidget(label(said, "caption", wrap=True))
        block = QWidget()
        layout = QHBoxLayout(block)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.M)
        layout.addLayout(words, 1)
        if sought_for and one.others and meant.apart:
            act = partial(self._restore, meant, alone=True)
            only = button("Cet élément seul", act, kind="quiet")
            only.setAccessibleName(f"Rétablir cet élément seul : {_named(meant)}")
            layout.addWidget(only)
        layout.addWidget(back)
        return block

    def _restore(self, one: Deleted | Along, *, alone: bool = False) -> None:
        self.store(
            lambda: self._trash.restore(one.record_id, alone=alone),
            lambda kinds: self._on_restored(one, kinds),
        )

    def _on_restored(self, one: Deleted | Along, kinds: Sequence[str]) -> None:
        self.restored.emit(frozenset(kinds))
        self.tell(f"{_named(one)} : de retour.")
        self._read()


def _matching(one: Deleted, words: Sequence[str]) -> Deleted | Along | None:
    """The first whose name has all the words: the record, or one deleted along; else None."""
    found: Sequence[Deleted | Along] = (one, *one.along)
    names = ((each, sought(_named(each))) for each in found)
    return next((each for each, name in names if all(word in name for word in words)), None)


def _named(one: Deleted | Along) -> str:
    kind = capitalised(one.label)
    return f"{kind} « {one.title} »" if one.title else kind
