"""The field of a recovery code, which it sets in groups and checks as they are typed."""

from __future__ import annotations

from app.domain.refusals import Refusal
from app.errors import UserError
from ui.widgets.fields import TextField
from ui.widgets.form import Form

GROUP = 5


class CodeField(TextField):
    """Takes a code however it is typed or pasted; its value is empty or a code free of slips."""

    def __init__(self) -> None:
        super().__init__("XXXXX-XXXXX-XXXXX-…")
        self.textEdited.connect(self._set_in_groups)

    def value(self) -> str:
        return self._read(whole=True) if self.text().strip() else ""

    def fault(self) -> str:
        """What is wrong with the beginning that was typed; empty when nothing is."""
        try:
            self._read(whole=False)
        except Refusal as refusal:
            return refusal.sentence
        return ""

    def _read(self, *, whole: bool) -> str:
        from app.services import workspaces

        try:
            return workspaces.normal_code(self.text(), whole=whole)
        except UserError as error:
            raise Refusal(error.sentence) from error

    def _set_in_groups(self, text: str) -> None:
        """Sets the code in groups, the cursor staying after the character that it followed."""
        from app.services.workspaces import bare_code

        before = len(bare_code(text[: self.cursorPosition()]))
        letters = bare_code(text)
        groups = [letters[start : start + GROUP] for start in range(0, len(letters), GROUP)]
        self.setText("-".join(groups))
        self.setCursorPosition(before + max(before - 1, 0) // GROUP)


def add_code(form: Form) -> CodeField:
    """Adds the code to a form, its slips being said below it as they are typed."""
    field = CodeField()
    form.add(
        "code",
        "Code de secours",
        field,
        hint="Les 7 groupes de la fiche imprimée, dans l'ordre.",
        required="Recopiez le code de la fiche.",
    )

    def check() -> None:
        if fault := field.fault():
            form.say_error("code", fault)

    field.edited.connect(check)
    return field
