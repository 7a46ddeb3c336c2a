"""Whether every word typed is in the store, told at the foot of the navigation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from app.domain.wording import listed, shortened
from app.errors import StorageError, UserError
from ui import errors
from ui.widgets.autosave import Autosave, Saving, worst
from ui.widgets.drafts import Drafts
from ui.window.refused import Refused
from ui.words.chord import chord

if TYPE_CHECKING:
    from ui.widgets.record_form import RecordForm
    from ui.window.main_window import MainWindow

BACK = "L'espace de travail est de nouveau là."
ALL_BACK = "L'espace de travail est de nouveau là : tout est enregistré."

NOT_STORED = (
    "Vos derniers mots n'ont pas pu être enregistrés ; ils sont encore là où vous les avez écrits."
    " Copiez-les ailleurs, ou faites ce que dit le message affiché."
)

NOT_READ = "Ce qui est écrit dans un champ ne se comprend pas, et n'est pas enregistré"
"""Said before leaving a field that cannot be read: an impossible day, a name in no list."""

ORPHANED = (
    "Vos derniers mots n'ont pas été enregistrés : ce qu'ils complétaient a été supprimé"
    " entre-temps. La corbeille le rend."
)

NOWHERE = "Ce que vous complétiez est supprimé, et ces mots ne sont enregistrés nulle part"

COPIED = f"Vos mots sont copiés : {chord('Ctrl+V')} les colle où vous voulez."

SHORT = 60
"""The most characters quoted of words about to be lost."""


@dataclass(frozen=True)
class _Notice:
    """Why words are not stored, shown as long as `holds()`, and a button that helps."""

    tone: str
    holds: Callable[[], bool]
    sentence: str = ""
    offer: str = ""
    act: Callable[[], object] | None = None
    refused: Refused | None = None

    def said(self, window: MainWindow) -> tuple[str, str, Callable[[], object] | None]:
        """The sentence, the button's words and its act, which depend on what is in sight."""
        one = self.refused
        if one is None:
            return self.sentence, self.offer, self.act
        if window.shows(one.place, one.record_id, one.part):
            return one.sentence(in_sight=True), "", None
        back = partial(window.go, one.place, one.record_id, one.part)
        return one.sentence(in_sight=False), "Y revenir", back

    def found(self) -> _Notice:
        """The notice once the store is back: words that do not save themselves still wait."""
        one = self.refused
        if one is None or not one.kept or not isinstance(one.error, StorageError):
            return self
        waiting = replace(one, error=UserError(one.kept), kept="")
        return replace(self, tone="warning", refused=waiting)


class Keeping:
    """Watches all that saves itself in the window; nothing counts as saved while the store is lost.

    A notice across the window says why words are not stored, until they are or no longer wait; of
    several notices the latest shows. Words whose record was deleted are offered for copying, and
    leaving asks about them until they are copied.
    """

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._lost = False
        self._missed = False
        self._orphans: list[str] = []
        self._notices: list[_Notice] = []
        self._shown: tuple[_Notice | None, str, str] = (None, "", "")

    def look(self) -> None:
        """Shows whether all that was typed is saved, and tells when the store is back."""
        autosaves = self._window.findChildren(Autosave)
        self._notices = [one for one in self._notices if one.holds()]
        states = {one.state for one in autosaves}
        if self._awaits:
            states.add(Saving.FAILED)
        begun = (page.unsaved() for page in self._window.pages.values())
        if any(begun) or any(form.unread() for form in self._forms()):
            states.add(Saving.BEGUN)
        saving = worst(states)
        self._window.navigation.show_saving(saving)
        self._show_notice()
        self._missed |= self._lost or any(
            isinstance(one.failure, StorageError) for one in autosaves
        )
        if self._missed and saving in (Saving.SAVED, Saving.BEGUN):
            self._missed = False
            self._window.banner.say(BACK if saving is Saving.BEGUN else ALL_BACK, "success")

    @property
    def _awaits(self) -> bool:
        """Whether refused words wait anywhere, or a notice still stands."""
        lines = self._window.findChildren(Drafts)
        refused = any(one.refused for one in lines) or any(one.is_refused for one in self._forms())
        return refused or bool(self._notices)

    def _forms(self) -> Sequence[RecordForm]:
        from ui.widgets.record_form import RecordForm  # not needed for the first frame

        return self._window.findChildren(RecordForm)

    def _show_notice(self) -> None:
        """Shows the latest notice that has something to say in the present view, or none."""
        said = ((one, *one.said(self._window)) for one in reversed(self._notices))
        last, sentence, offer, act = next((one for one in said if one[1]), (None, "", "", None))
        if (last, sentence, offer) == self._shown:
            return
        self._shown = last, sentence, offer
        if last is None:
            self._window.refusal.hide()
        else:
            self._window.refusal.say(sentence, last.tone, offer, act)

    @property
    def told(self) -> str:
        """The sentence of the notice shown; "" for none."""
        return self._shown[1]

    def refuse(self, refused: Refused) -> None:
        """Shows a notice of why words were not stored, with the way back to them."""
        tone = "danger" if isinstance(refused.error, StorageError) else "warning"
        self._stand(_Notice(tone, refused.waits, refused=refused))

    def lose(self, error: Exception) -> None:
        """Tells that the store cannot be reached."""
        self._lost = True
        self._stand(_Notice("danger", lambda: self._lost, errors.sentence(error)))

    def find(self) -> None:
        """Notes that the store can be reached again."""
        self._lost = False
        self._notices = [one.found() for one in self._notices]
        self.look()

    def let_go(self) -> None:
        """Forgets the notices on words that waited in pages now gone."""
        self._notices = [one for one in self._notices if one.refused is None]
        self._show_notice()

    def orphan(self, words: str) -> None:
        """Tells that a record was deleted before these words of it were stored."""
        if words:
            self._orphans = [one for one in self._orphans if one not in words] + [words]
            holds, offer = lambda: bool(self._orphans), "Copier ces mots"
            self._stand(_Notice("warning", holds, ORPHANED, offer, self._copy))
        else:
            self._window.banner.say(ORPHANED, "warning")

    def _stand(self, notice: _Notice) -> None:
        """Adds a notice before those that stand; hides the banner if that says the same."""
        self._notices.append(notice)
        self.look()
        if self._window.banner.text() == self.told:
            self._window.banner.hide()

    @property
    def offers(self) -> bool:
        """Whether the notice shown offers words to be copied."""
        return self.told == ORPHANED

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(self._orphans))
        self._orphans.clear()
        self._window.banner.say(COPIED, "success")
        self.look()

    def unsaved(self) -> str:
        """Says in sentences which words leaving now would lose; "" for none."""
        states = {one.state for one in self._window.findChildren(Autosave)}
        lost = Saving.FAILED in states or (self._lost and Saving.PENDING in states)
        unread = [one for form in self._forms() for one in form.unread()]
        parts = (NOT_STORED if lost else "", _told(NOT_READ, unread), _told(NOWHERE, self._orphans))
        return " ".join(filter(None, parts))


def _told(sentence: str, words: Sequence[str]) -> str:
    quoted = [f"« {shortened(one, SHORT)} »" for one in words]
    return f"{sentence} : {listed(quoted)}." if quoted else ""
