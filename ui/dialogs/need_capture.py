"""A need, in the words of the person who speaks; similar needs are shown while typing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from app.domain.records import Record, Theme
from app.domain.refusals import Refusal
from app.services.needs import Alike
from ui.dialogs.dialog import FormDialog, Save
from ui.tasks import Tasks
from ui.widgets.fields import Choice, LongField, TextField
from ui.widgets.form import Form
from ui.widgets.line import Line
from ui.widgets.need_cards import ELSEWHERE
from ui.widgets.pick import Option, PickField
from ui.widgets.section import Section
from ui.words.choices import UNTITLED_NEED

SEVERITIES = (
    (1, "Léger : un confort"),
    (2, "Gênant : du temps perdu"),
    (3, "Grave : un service en souffre"),
    (4, "Bloquant : plus rien ne marche"),
)
WORDS_HINT = "Repris au procès-verbal : rien de la santé ni de la vie privée de quelqu'un."
TITLE_HINT = "Lu par la salle et par les autres commissions : n'y nommez personne."
LONGEST_TITLE = 60
REST = 150


@dataclass(frozen=True)
class NeedOffers:
    """The choices in the fields of a need.

    `homes` gives the organisation of each person; `places` are those of the commission.
    """

    commission_id: str | None
    people: Sequence[Option]
    homes: dict[str, str]
    places: Sequence[Option]
    themes: Sequence[Record[Theme]]


class NeedCaptureDialog(FormDialog):
    """Takes two keystrokes besides the words: Ctrl+B opens it, Ctrl+Enter saves the need."""

    def __init__(
        self,
        offers: NeedOffers,
        alike: Callable[[str], Sequence[Alike]],
        save: Save,
        tasks: Tasks,
        parent: QWidget | None = None,
    ) -> None:
        """`alike` finds the needs similar to a text, off the GUI thread."""
        super().__init__(
            "Nouveau besoin",
            _form(offers),
            lambda values: save(_fields(values)),
            tasks,
            parent,
            confirm="Noter le besoin",
        )
        self.alike = Section("Besoins voisins")
        self._find = alike
        self._commission_id = offers.commission_id
        self._homes = offers.homes
        self._proposed: str | None = None
        self._asked = ""
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST)
        self._rest.timeout.connect(self._look_for_alike)
        self.layout_.insertWidget(self.layout_.indexOf(self.form) + 1, self.alike)
        self.alike.hide()
        for name in ("words", "title"):
            self.form.editor(name).edited.connect(self._rest.start)
        self.form.editor("speaker_person_id").edited.connect(self._propose_place)
        self.form.field("words").setFocus()

    def _propose_place(self) -> None:
        """Proposes the speaker's commune, unless the user chose another one."""
        place = self.form.editor("organisation_id")
        try:
            speaker, chosen = self.form.editor("speaker_person_id").value(), place.value()
        except Refusal:
            return  # a name half typed
        if chosen in (None, self._proposed):
            self._proposed = self._homes.get(speaker or "")
            place.set_value(self._proposed)

    def _look_for_alike(self) -> None:
        words = self.form.editor("words").value()
        title = self.form.editor("title").value()
        self._asked = f"{title} {words}"
        asked = self._asked
        self._tasks.run(
            lambda: self._find(asked), lambda found: self._show_alike(asked, found), owner=self
        )

    def _show_alike(self, asked: str, found: Sequence[Alike]) -> None:
        if asked != self._asked:
            return
        self.alike.clear()
        self.alike.setVisible(bool(found))
        for one in found[:3]:
            fields = one.record.fields
            own = one.record.commission_id == self._commission_id
            said = ["" if own else one.commission or ELSEWHERE, getattr(fields, "words", "")]
            self.alike.add(Line(fields.title or UNTITLED_NEED, " · ".join(filter(None, said))))


def _form(offers: NeedOffers) -> Form:
    form = Form(2)
    form.add(
        "words",
        "Ce qui a été dit, avec ses mots",
        LongField("« Si le serveur brûle, on a tout perdu. »", lines=3),
        hint=WORDS_HINT,
        required="Notez ce qui a été dit.",
        whole=True,
    )
    form.add("speaker_person_id", "Qui parle", PickField(offers.people, "Nom de la personne"))
    form.add("organisation_id", "Pour", PickField(offers.places, "Sa commune"))
    form.add("theme", "Thème", Choice(_themes(offers.themes)))
    form.add("severity", "Gravité", Choice(SEVERITIES))
    empty = "Les premiers mots, si vous le laissez vide"
    form.add("title", "Titre", TextField(empty), hint=TITLE_HINT, whole=True)
    return form


def _themes(themes: Sequence[Record[Theme]]) -> list[tuple[str | None, str]]:
    active = [(one.fields.code, one.fields.label) for one in themes if one.fields.active]
    return [(None, "À préciser"), *active]


def _fields(values: dict[str, Any]) -> dict[str, Any]:
    """The fields of the record; a missing title is made of the first words."""
    kept = dict(values)
    place = kept.pop("organisation_id")
    title = kept["title"] or first_words(kept["words"])
    return kept | {"title": title, "organisation_ids": [place] if place else []}


def first_words(text: str) -> str:
    """The first words of a text, cut at a word's end, for a title."""
    flat = " ".join(text.strip("«» \n").split())
    if len(flat) <= LONGEST_TITLE:
        return flat.rstrip(".")
    return flat[:LONGEST_TITLE].rsplit(" ", 1)[0].rstrip(",;:.") + "…"
