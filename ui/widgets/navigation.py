"""The navigation on the left: the commission and its menu, the places, what is saved, to be sent
and to be decided.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QVBoxLayout,
)

from app.domain.wording import count
from ui import icons, theme
from ui.actions import literal
from ui.theme import Space
from ui.widgets.autosave import Saving
from ui.widgets.buttons import Button, icon_button
from ui.widgets.name_button import NameButton
from ui.widgets.picture import Picture
from ui.widgets.text import label, restyle
from ui.window.places import Place
from ui.words.chord import chord
from ui.words.sync import to_send

MARGINS = 60
WORDS = 152
NARROW = 68
MOST = 99
"""The greatest number that the narrow navigation has room for."""

SAVED_WORDS = {
    Saving.SAVED: ("Tout est enregistré", "check", "muted"),
    Saving.BEGUN: ("Saisie en cours…", "pencil", "muted"),
    Saving.PENDING: ("Enregistrement…", "clock", "muted"),
    Saving.FAILED: ("Non enregistré", "triangle-alert", "danger"),
}


class Navigation(QFrame):
    """Goes to a place, turns to a commission; says what is saved, to be sent and to be decided."""

    place_requested = Signal(str)
    commission_chosen = Signal(str)

    def __init__(
        self,
        places: Sequence[Place],
        actions: Sequence[QAction | None],
    ) -> None:
        """`actions` fill the menu; None draws a line between two groups."""
        super().__init__()
        self.setObjectName("navigation")
        self.name = label("", "strong", wrap=True)
        self.chooser = NameButton()
        self.menu_button = icon_button("menu", "Menu", self.open_menu)
        self.menu = QMenu(self)
        self.entries: dict[str, QPushButton] = {}
        self._opened = True
        self.saved_icon = Picture("check", "muted", 16)
        self.saved = label("", "caption")
        self.shortage_icon = Picture("triangle-alert", "warning", 16)
        self.shortage = label("", "caption", wrap=True)
        self.conflicts = Button()
        self.pending = Button()
        self._group = QButtonGroup(self)
        self._titles = {place.name: place.title for place in places}
        self._commissions: Mapping[str, str] = {}
        self._commission_id: str | None = None
        self._narrow = False
        self._pending = 0, 0
        self._conflicts = 0
        self._build(places, actions)
        self.show_saving(Saving.SAVED)
        self.show_pending(0)
        self.show_conflicts(0)
        self.show_shortage("")

    def _build(self, places: Sequence[Place], actions: Sequence[QAction | None]) -> None:
        for action in actions:
            if action is None:
                self.menu.addSeparator()
            else:
                self.menu.addAction(action)
        head = QHBoxLayout()
        head.setContentsMargins(Space.S, 0, 0, 0)
        head.addWidget(self.name, 1)
        head.addWidget(self.chooser, 1)
        head.addWidget(self.menu_button, 0, Qt.AlignmentFlag.AlignTop)
        self.chooser.setToolTip("Changer de commission")
        self.chooser.clicked.connect(lambda checked: self.open_commissions())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.M, Space.XL, Space.M, Space.L)
        layout.setSpacing(2)
        layout.addLayout(head)
        layout.addSpacing(Space.L)
        for number, place in enumerate(places, start=1):
            layout.addWidget(self._entry(place, number))
        layout.addStretch()
        layout.addLayout(self._foot())
        self.measure()

    def _entry(self, place: Place, number: int) -> QPushButton:
        entry = Button(place.title)
        entry.setCheckable(True)
        entry.setAutoExclusive(True)  # one of several to a screen reader, not a box to tick
        entry.setIcon(icons.icon(place.icon, "muted", "accent"))
        entry.setToolTip(f"{place.title} ({chord(f'Ctrl+{number}')})")
        entry.setAccessibleDescription(chord(f"Ctrl+{number}"))
        entry.setAccessibleName(place.title)
        entry.setCursor(Qt.CursorShape.PointingHandCursor)
        entry.clicked.connect(lambda checked: self.place_requested.emit(place.name))
        self._group.addButton(entry)
        self.entries[place.name] = entry
        return entry

    def _foot(self) -> QVBoxLayout:
        saved = QHBoxLayout()
        saved.setContentsMargins(Space.M, 0, 0, 0)
        saved.setSpacing(Space.S)
        saved.addWidget(self.saved_icon)
        saved.addWidget(self.saved, 1)
        for one in (self.conflicts, self.pending):
            one.setCursor(Qt.CursorShape.PointingHandCursor)
            one.clicked.connect(lambda checked: self.place_requested.emit("sync"))
        scarce = QHBoxLayout()
        scarce.setContentsMargins(Space.M, 0, 0, 0)
        scarce.setSpacing(Space.S)
        scarce.addWidget(self.shortage_icon, 0, Qt.AlignmentFlag.AlignTop)
        scarce.addWidget(self.shortage, 1)
        foot = QVBoxLayout()
        foot.setSpacing(Space.XS)
        foot.addLayout(scarce)
        foot.addWidget(self.conflicts)
        foot.addWidget(self.pending)
        foot.addLayout(saved)
        return foot

    def measure(self, *, narrow: bool = False) -> None:
        """Takes the width that the size of text asks for; narrow, only the icons stay."""
        self.setFixedWidth(theme.px(NARROW) if narrow else MARGINS + theme.px(WORDS))
        self.saved.setVisible(self._opened and not narrow)
        for place, entry in self.entries.items():
            entry.setText("" if narrow else self._titles[place])
            restyle(entry, "narrow", narrow)
        for button in (self.conflicts, self.pending):
            restyle(button, "counts", narrow)
        self._narrow = narrow
        self.show_commissions(self._commissions, self._commission_id)
        self.show_pending(*self._pending)
        self.show_conflicts(self._conflicts)
        self.show_shortage(self.shortage.text())
        layout = self.layout()
        if layout is not None:
            layout.activate()  # else the window grows for the words that have just gone

    def set_open(self, *, opened: bool) -> None:
        """Enables the places only while a workspace is open or being opened.

        Without one, nothing is said of what is saved either.
        """
        self._opened = opened
        self.saved_icon.setVisible(opened)
        self.saved.setVisible(opened and not self._narrow)
        for entry in self.entries.values():
            entry.setEnabled(opened)

    def show_place(self, name: str) -> None:
        """Marks where the user is: Tab stops there, and arrows go on to the other places."""
        self.entries[name].setChecked(True)
        policy = Qt.FocusPolicy
        for place, entry in self.entries.items():
            entry.setFocusPolicy(policy.StrongFocus if place == name else policy.ClickFocus)

    def show_commissions(self, names: Mapping[str, str], shown_id: str | None) -> None:
        """Names the commission shown; where `names` has several, the name is a button to them."""
        several = len(names) > 1
        self._commissions, self._commission_id = names, shown_id
        self.name.setText(names.get(shown_id or "", ""))
        self.chooser.say(self.name.text())
        self.name.setVisible(not several and not self._narrow)
        self.chooser.setVisible(several and not self._narrow)

    def show_saving(self, saving: Saving) -> None:
        words, picture, role = SAVED_WORDS[saving]
        self.saved.setText(words)
        self.saved_icon.setToolTip(words)
        restyle(self.saved, "role", "error" if saving is Saving.FAILED else "caption")
        self.saved_icon.set(picture, role)

    def show_pending(self, changes: int, files: int = 0) -> None:
        """Shows how many changes and files wait to be sent; nothing for none."""
        words = to_send(changes, files)
        self._pending = changes, files
        self._say(self.pending, words, to_send(changes, 0) or words, changes or files)
        self.pending.setIcon(icons.icon("cloud-upload", "accent"))

    def show_conflicts(self, number: int) -> None:
        """Shows how many conflicts wait for the user; nothing for none."""
        words = f"{count(number, 'conflit')} à départager" if number else ""
        self._conflicts = number
        self._say(self.conflicts, words, words, number)
        self.conflicts.setIcon(icons.icon("triangle-alert", "warning"))

    def _say(self, button: QPushButton, words: str, first: str, number: int) -> None:
        """Has a button of the foot show `first` on two lines, or a number where it is narrow, and
        be named `words`; "" hides it.
        """
        figure = str(number) if number <= MOST else f"{MOST}+"
        button.setText(figure if self._narrow and words else first.replace(" à ", "\nà "))
        button.setAccessibleName(words)
        button.setToolTip(words)
        button.setVisible(bool(words))

    def show_shortage(self, words: str) -> None:
        """Says what the laptop runs short of; nothing for nothing."""
        self.shortage.setText(words)
        self.shortage_icon.setToolTip(words)
        self.shortage_icon.setAccessibleName(words)
        self.shortage_icon.setVisible(bool(words))
        self.shortage.setVisible(bool(words) and not self._narrow)

    def open_menu(self) -> None:
        self.menu.popup(self.menu_button.mapToGlobal(self.menu_button.rect().bottomLeft()))

    def open_commissions(self) -> None:
        """Offers the commissions by name, the keyboard on the one that is shown."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        group = QActionGroup(menu)
        room = self.screen().availableSize().width() - theme.px(90)
        for commission_id, name in self._commissions.items():
            shown = menu.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, room)
            action = group.addAction(menu.addAction(literal(shown)))
            action.setCheckable(True)
            action.triggered.connect(
                lambda checked=False, one=commission_id: self.commission_chosen.emit(one)
            )
            if commission_id == self._commission_id:
                action.setChecked(True)
                menu.setActiveAction(action)
        below = self.menu_button if self._narrow else self.chooser
        menu.popup(below.mapToGlobal(below.rect().bottomLeft()))
