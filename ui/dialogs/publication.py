"""Publishing a commission's solution for the whole region, as a new one or as one it has."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from app.domain.records import Record, Solution
from ui.dialogs.dialog import FormDialog
from ui.tasks import Tasks
from ui.widgets.fields import Choice
from ui.widgets.form import Form
from ui.widgets.text import label
from ui.words.choices import solution_title

READ = (
    "Chaque commission lira son titre, sa description, son thème, son fournisseur, sa voie d'achat"
    " et son plan de coûts. Les besoins et leurs mots restent dans la commission."
)
COUNTED = "les participants des deux se compteront ensemble."


class PublicationDialog(FormDialog):
    """Says what leaves the commission, and asks which solution of the region is the same."""

    def __init__(
        self,
        title: str,
        offered: Sequence[Record[Solution]],
        publish: Callable[[str | None], Record[Solution]],
        tasks: Tasks,
        *,
        like: int = 0,
        parent: QWidget | None = None,
    ) -> None:
        """`offered` are the region's solutions; the first `like` of them resemble this one."""
        named = [(one.id, solution_title(one)) for one in offered]
        form = Form(1)
        form.add(
            "same_as",
            "La publier comme",
            Choice([(None, "Une nouvelle solution de la région"), *named]),
            hint=f"« {named[0][1]} » lui ressemble. Si c'est la même, choisissez-la : {COUNTED}"
            if like
            else f"Si la région a déjà la même, choisissez-la : {COUNTED}",
        )
        form.setVisible(bool(named))
        super().__init__(
            "Publier pour toute la région",
            form,
            lambda values: publish(values["same_as"]),
            tasks,
            parent,
            confirm="Publier",
        )
        self.layout_.insertWidget(0, label(f"« {title} »", "strong", wrap=True))
        self.layout_.insertWidget(1, label(READ, wrap=True))
