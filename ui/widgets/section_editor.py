"""The words of one section of a template: its heading, its phrases, its signature blocks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import msgspec
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QMenu, QPlainTextEdit, QVBoxLayout, QWidget

from app.domain.document_kinds import SectionKind
from app.domain.document_templates import Section, Signer
from app.domain.refusals import Refusal
from ui.theme import Space
from ui.widgets.buttons import button
from ui.widgets.fields import LongField, TextField
from ui.widgets.form import Form
from ui.widgets.plain_edit import redoes
from ui.widgets.rows_field import RowsField
from ui.widgets.text import Label, label

VARIABLES_ARE = (
    "Un nom entre accolades, que chaque document remplace : {commission} devient le nom de la"
    " commission."
)


class SectionEditor(QWidget):
    """`edited` follows each change; Ctrl+Z is left to the dialog, which undoes all of it."""

    edited = Signal()

    def __init__(self, variables: Mapping[str, str]) -> None:
        super().__init__()
        self.title: Label = label("", "strong")
        self.fixed: Label = label("", "muted", wrap=True)
        self.heading, self.text = TextField(), LongField(lines=5)
        self.signers = RowsField("Signature", "Ajouter une signature", _signer_form)
        self.form = Form(1)
        self.variables = button(
            "Insérer une variable", kind="quiet", icon="plus", tip=VARIABLES_ARE
        )
        self._target: QWidget = self.text
        self._section = Section(name="")
        self._build(variables)
        self.heading.edited.connect(self.edited)
        self.text.edited.connect(self.edited)
        self.signers.edited.connect(self.edited)
        self.signers.edited.connect(self._watch)

    def _build(self, variables: Mapping[str, str]) -> None:
        self.form.add("heading", "Titre", self.heading)
        self.form.add("text", "Phrases, une par ligne", self.text)
        self.form.add("signers", "", self.signers)
        menu = QMenu(self.variables)
        for name, meaning in variables.items():
            menu.addAction(f"{{{name}}} : {meaning}", partial(self.insert, f"{{{name}}}"))
        self.variables.setMenu(menu)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        layout.addWidget(self.title)
        layout.addWidget(self.fixed)
        layout.addWidget(self.form)
        layout.addWidget(self.variables, 0, Qt.AlignmentFlag.AlignLeft)

    def show_section(self, section: Section, rules: SectionKind) -> None:
        """Shows the words of a section, with only the fields that it has."""
        self._section = section
        self.title.setText(rules.label)
        wordless = rules.heading == "no" and not rules.text and not rules.signers
        self.fixed.setVisible(not (rules.text or rules.signers))
        self.fixed.setText("Son contenu est celui de la séance." if not wordless else
                           "Elle n'a ni titre ni phrase à changer ; son contenu est celui de la"
                           " séance.")  # fmt: skip
        self.form.show_row("heading", shown=rules.heading != "no")
        self.form.show_row("text", shown=rules.text)
        self.form.show_row("signers", shown=rules.signers)
        self.variables.setVisible(not wordless)
        self._target = self.text if rules.text else self.heading
        if section != self.section():
            self._fill(section)
        self._watch()

    def _fill(self, section: Section) -> None:
        self.blockSignals(True)
        self.heading.set_value(section.heading)
        self.text.set_value(section.text)
        signers = [{"role": one.role, "name": one.name} for one in section.signers]
        self.signers.set_value(signers)
        self.blockSignals(False)

    def section(self) -> Section:
        """The section as the fields say it."""
        rows: list[dict[str, Any]] = self.signers.value() if self._section.signers else []
        return msgspec.structs.replace(
            self._section,
            heading=self.heading.value(),
            text=self.text.value(),
            signers=tuple(Signer(**row) for row in rows),
        )

    def insert(self, words: str) -> None:
        """Puts words where the cursor stands, in the field that had the keyboard last."""
        target = self._target
        if isinstance(target, QPlainTextEdit):
            target.insertPlainText(words)
        elif isinstance(target, QLineEdit):
            target.insert(words)
            self.edited.emit()
        target.setFocus()

    def say_error(self, refusal: Refusal) -> bool:
        """Shows a refusal beside the field that its path `sections[2].text` ends with."""
        path = refusal.field.partition(".")[2]
        if "." in path and self.signers.say_error(path, refusal.sentence):
            return True
        return self.form.say_error(path, refusal.sentence)

    def _watch(self) -> None:
        """Hears the keys of every field, those of the signatures included."""
        named = [row.form.field(name) for row in self.signers.rows for name in row.form.names()]
        for field in (self.heading, self.text, *named):
            field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notes which field the keyboard is in, and keeps its own Ctrl+Z from the field."""
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, QWidget):
            self._target = watched
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            keys = QKeySequence.StandardKey
            if event.matches(keys.Undo) or redoes(event):
                event.ignore()
                return True
        return False


def _signer_form() -> Form:
    form = Form(1)
    form.add("role", "Qualité", TextField("La présidence de séance"))
    form.add("name", "Nom", TextField("{présidence}"))
    return form
