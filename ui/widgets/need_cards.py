"""The cards beside a need: how far it has come, its group, and the needs alike."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.needs import NEXT, WORDS, Status
from app.domain.records import Need, NeedGroup, Record, Solution
from app.services.needs import Alike
from ui.theme import Space
from ui.widgets.buttons import button, icon_button
from ui.widgets.chip import Chip
from ui.widgets.line import Line
from ui.widgets.section import Section
from ui.words.choices import UNTITLED_NEED, need_title, solution_title, tone_of, words_of

STEPS: dict[Status, str] = {
    "raised": "Reprendre",
    "qualified": "Qualifier",
    "answered": "Une solution y répond…",
    "served": "Satisfait",
    "set_aside": "Écarter…",
}
"""The words of each step; one back is « Revenir à … »."""

ELSEWHERE = "Dans une autre commission"
"""What is said of a need whose commission is not here, or has no name."""

ORDER: tuple[Status, ...] = ("raised", "qualified", "answered", "served")


class FollowUpCard(Section):
    """The status of a need, with its reason or its solution, and the steps that may follow."""

    moved = Signal(str)
    solution_requested = Signal(str)

    def __init__(self) -> None:
        super().__init__("Suivi")
        self.chip = Chip()
        self.add_beside(self.chip)

    def show_need(self, need: Record[Need], solution: Record[Solution] | None) -> None:
        status = need.fields.status
        self.chip.set(words_of(need, "status"), tone_of(need, "status"))
        self.clear()
        if solution is not None and status in ("answered", "served"):
            line = Line(solution_title(solution), "Solution qui y répond")
            line.clicked.connect(lambda: self.solution_requested.emit(solution.id))
            self.add(line)
        if status == "set_aside":
            self.say(need.fields.reason)
        self.hold(self._steps(status))

    def _steps(self, status: Status) -> QWidget:
        """The step forward as a button, the others as quiet ones below it."""
        holder = QWidget()
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 0)
        others = QHBoxLayout()
        for step in NEXT[status]:
            if _forward(status, step):
                layout.addWidget(button(STEPS[step], partial(self.moved.emit, step)))
            else:
                back = STEPS[step] if step == "set_aside" else f"Revenir à « {WORDS[step]} »"
                others.addWidget(button(back, partial(self.moved.emit, step), kind="quiet"))
        others.addStretch()
        layout.addLayout(others)
        return holder


def _forward(status: Status, step: Status) -> bool:
    if "set_aside" in (status, step):
        return status == "set_aside"
    return ORDER.index(step) > ORDER.index(status)


class AlikeCard(Section):
    """Needs like the one being written; one of this commission can be grouped with it."""

    opened = Signal(str)
    grouped = Signal(object)

    def __init__(self) -> None:
        super().__init__("Besoins semblables")

    def show_alike(self, alike: Sequence[Alike], commission_id: str | None) -> None:
        """Shows needs with their likeness; those from elsewhere by their title alone."""
        self.clear()
        for one in alike:
            own = one.record.commission_id == commission_id
            self.add(self._own(one.record, one.likeness) if own else self._other(one))
        if not alike:
            self.say("Les besoins qui ressemblent à celui-ci, ici et ailleurs, s'afficheront ici.")

    def _own(self, need: Record[Need], likeness: int) -> QWidget:
        line = Line(
            need_title(need),
            f"Ressemblance : {likeness} %",
            words_of(need, "status"),
            tone_of(need, "status"),
        )
        line.clicked.connect(lambda: self.opened.emit(need.id))
        name = f"Regrouper avec « {need_title(need)} »"
        group = icon_button("link", name, lambda: self.grouped.emit(need))
        holder = QWidget()
        layout = QHBoxLayout(holder)
        layout.setContentsMargins(0, 0, Space.S, 0)
        layout.setSpacing(Space.XS)
        layout.addWidget(line, 1)
        layout.addWidget(group)
        return holder

    def _other(self, one: Alike) -> QWidget:
        """A need of another commission; a click opens it where that commission is here too."""
        here = isinstance(one.record.fields, Need)
        title = need_title(one.record) if here else one.record.fields.title or UNTITLED_NEED
        line = Line(title, one.commission or ELSEWHERE)
        line.setEnabled(here)
        line.clicked.connect(lambda: self.opened.emit(one.record.id))
        return line


class GroupCard(Section):
    """The needs put together with this one; hidden when there are none."""

    opened = Signal(str)
    parted = Signal()

    def __init__(self) -> None:
        super().__init__("Regroupé avec")
        self.part = button("Séparer", self.parted.emit, kind="quiet")
        self.add_beside(self.part)

    def show_group(self, group: Record[NeedGroup] | None, mates: Sequence[Record[Need]]) -> None:
        self.clear()
        self.setVisible(group is not None)
        if group is not None:
            self.say(f"« {group.fields.title} »")
        for mate in mates:
            line = Line(need_title(mate))
            line.clicked.connect(lambda checked=False, one=mate.id: self.opened.emit(one))
            self.add(line)
