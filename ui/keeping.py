"""Whether every word typed is in the store, told at the foot of the navigation."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.domain.wording import listed, shortened
from app.errors import StorageError
from ui.chord import chord
from ui.widgets.autosave import Autosave, Saving, worst
from ui.widgets.banner import Banner
from ui.widgets.navigation import Navigation
from ui.widgets.record_form import RecordForm

NOT_STORED = (
    "Vos derniers mots n'ont pas pu être enregistrés ; ils sont encore là où vous les avez écrits."
    " Copiez-les ailleurs, ou faites ce que dit le message en haut de la fenêtre."
)

NOT_READ = "Ce qui est écrit dans un champ ne se comprend pas, et n'est pas enregistré"
"""What is said of a day that is none, or a name that no list has, before it would be lost."""

ORPHANED = (
    "Vos derniers mots n'ont pas été enregistrés : ce qu'ils complétaient a été supprimé"
    " entre-temps. La corbeille le rend."
)

NOWHERE = "Ce que vous complétiez est supprimé, et ces mots ne sont enregistrés nulle part"

COPIED = f"Vos mots sont copiés : {chord('Ctrl+V')} les colle où vous voulez."

SHORT = 60
"""The letters that are told of words before they are lost."""


class Keeping:
    """Looks at all that saves itself under a widget; while the store is lost, nothing is saved.

    Words whose record was deleted are offered to be copied, and asked about until they are.
    """

    def __init__(self, root: QWidget, navigation: Navigation, banner: Banner) -> None:
        self._root = root
        self._navigation = navigation
        self._banner = banner
        self._lost = False
        self._missed = False
        self._saving = Saving.SAVED
        self._orphans: list[str] = []

    def look(self) -> None:
        """Shows how what was typed stands, and tells when the store is there again."""
        autosaves = self._root.findChildren(Autosave)
        lost = {Saving.FAILED} if self._lost or self._orphans else set()
        self._saving = worst({one.state for one in autosaves} | lost)
        self._navigation.show_saving(self._saving)
        self._missed |= self._lost or any(
            isinstance(one.failure, StorageError) for one in autosaves
        )
        if self._missed and self._saving is Saving.SAVED:
            self._missed = False
            self._banner.say(
                "L'espace de travail est de nouveau là : tout est enregistré.", "success"
            )

    def lose(self) -> None:
        """Notes that the store cannot be reached."""
        self._lost = True
        self.look()

    def find(self) -> None:
        """Notes that the store is there again."""
        self._lost = False
        self.look()

    def orphan(self, words: str) -> None:
        """Tells that a record was deleted before these words of it were stored."""
        if words:
            self._orphans = [one for one in self._orphans if one not in words] + [words]
            self.offer()
            self.look()
        else:
            self._banner.say(ORPHANED, "warning")

    def offer(self) -> None:
        """Offers to copy the words that have no record any more, if there are any."""
        if self._orphans:
            self._banner.say(ORPHANED, "warning", "Copier ces mots", self._copy)

    @property
    def offers(self) -> bool:
        """Whether there are words to be copied, offered at this moment."""
        shown = self._banner.isVisible() and self._banner.accessibleName() == ORPHANED
        return shown and bool(self._orphans)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(self._orphans))
        self._orphans.clear()
        self._banner.say(COPIED, "success")
        self.look()

    def unsaved(self) -> str:
        """In a sentence the words that leaving now would lose; "" for none."""
        states = {one.state for one in self._root.findChildren(Autosave)}
        lost = Saving.FAILED in states or (self._lost and Saving.PENDING in states)
        unread = [one for form in self._root.findChildren(RecordForm) for one in form.unread()]
        parts = (NOT_STORED if lost else "", _told(NOT_READ, unread), _told(NOWHERE, self._orphans))
        return " ".join(filter(None, parts))


def _told(sentence: str, words: Sequence[str]) -> str:
    quoted = [f"« {shortened(one, SHORT)} »" for one in words]
    return f"{sentence} : {listed(quoted)}." if quoted else ""
