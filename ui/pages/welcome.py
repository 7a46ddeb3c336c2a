"""The first start, and the way in when the workspace is locked.

The user names the commission and says who they are; the recovery code is shown before anything is
written. A locked workspace asks for its passphrase, or for that code.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.errors import AppError, Damaged, Locked
from ui import errors, theme
from ui.dialogs.protection import PROTECTIONS
from ui.dialogs.recovery_code import RecoveryCodeDialog
from ui.tasks import Tasks
from ui.theme import Space
from ui.widgets.banner import Banner
from ui.widgets.buttons import button
from ui.widgets.fields import Choice, TextField
from ui.widgets.form import Form
from ui.widgets.text import card, label

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.documents.document import Document
    from app.services.workspaces import Lock

PROFILES = (
    ("commission", "Commission : les votes sont des avis"),
    ("deliberative", "Assemblée délibérante : les règles s'imposent"),
)


class Welcome(QWidget):
    """Asks for what opens or makes a workspace; `opened` carries its services."""

    opened = Signal(object)
    damaged = Signal(str)

    def __init__(self, folder: Path, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.folder = folder
        self.tasks = tasks
        self.banner = Banner()
        self.title = label("", "title")
        self.lead = label("", "lead", wrap=True)
        self.form = Form()
        self.confirm = button("", self._on_confirm, kind="primary")
        self.lost = button("J'ai perdu la phrase de passe", self._ask_code, kind="quiet")
        self._build()

    def _build(self) -> None:
        panel = card()
        inside = QVBoxLayout(panel)
        inside.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        inside.setSpacing(Space.L)
        self._inside = inside
        for widget in (self.title, self.lead, self.banner, self.form):
            inside.addWidget(widget)
        foot = QHBoxLayout()
        foot.addWidget(self.lost)
        foot.addStretch()
        foot.addWidget(self.confirm)
        inside.addLayout(foot)
        self.lost.hide()
        panel.setMaximumWidth(theme.px(720))
        ground = QWidget()
        row = QHBoxLayout()  # an alignment would ignore the height that wrapped lines ask for
        row.addStretch(1)
        row.addWidget(panel, 100)
        row.addStretch(1)
        middle = QVBoxLayout(ground)
        middle.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        middle.addStretch()
        middle.addLayout(row)
        middle.addStretch()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(ground)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)

    def ask(self, error: AppError) -> None:
        """Shows what the error calls for: a new workspace, a passphrase or the recovery code."""
        if isinstance(error, Locked) and error.by == "passphrase":
            self._ask_passphrase()
        elif isinstance(error, Locked):
            self._ask_code(
                "Le trousseau de cet ordinateur a perdu la clé, comme après un changement de mot"
                " de passe de session. Recopiez le code de secours : rien n'est perdu."
            )
        else:
            self._ask_commission()

    def _replace_form(self, form: Form) -> None:
        self._inside.replaceWidget(self.form, form)
        self.form.deleteLater()
        self.form = form

    # A new workspace

    def _ask_commission(self) -> None:
        from app.services import workspaces

        self.title.setText("Bienvenue")
        self.lead.setText(
            "Nommez votre commission : séances, besoins, veille et solutions seront rangés sur cet"
            " ordinateur, et vous pourrez tout faire sans réseau."
        )
        names = workspaces.departments().items()
        form = Form()
        form.add(
            "name",
            "Nom de la commission",
            TextField("Commission numérique locale de…"),
            required="Donnez un nom à la commission.",
            whole=True,
        )
        form.add("department", "Département", Choice([(c, f"{n} ({c})") for c, n in names]))
        form.add("profile", "Genre d'assemblée", Choice(PROFILES))
        form.add(
            "author_name",
            "Votre nom",
            TextField("Prénom Nom"),
            hint="Il signe ce que vous écrivez.",
            required="Dites qui vous êtes.",
        )
        hint = "Les fichiers sont chiffrés ; un code de secours vous sera remis."
        _add_protection(form, "Protection en cas de vol", hint)
        self._replace_form(form)
        self.confirm.setText("Créer l'espace de travail")
        form.field("name").setFocus()

    def _on_confirm(self) -> None:
        values = self.form.values()
        if values is None:
            return
        self.confirm.setEnabled(False)
        if "secret" in values:
            self._open(values["secret"])
        elif "code" in values:
            self._unlock(values)
        else:
            self._choose(values)

    def _choose(self, values: dict[str, Any]) -> None:
        from app.clock import new_id
        from app.services import workspaces

        def work() -> Lock:
            workspaces.check_free(self.folder)
            return workspaces.choose(values["mode"], values["passphrase"] or None, new_id())

        self.tasks.run(work, lambda lock: self._on_chosen(lock, values), self._on_failed, self)

    def _on_chosen(self, lock: Lock, values: dict[str, Any]) -> None:
        if lock.recovery_code is None:
            self._make(lock, values)
            return
        code = lock.recovery_code

        def sheet() -> Document:
            from app.services import workspaces

            return workspaces.recovery_sheet(code, values["name"], self.folder, None)

        dialog = RecoveryCodeDialog(code, sheet, self.tasks, self)
        dialog.accepted.connect(lambda: self._make(lock, values))
        dialog.rejected.connect(lambda: self._give_up(lock))
        dialog.open()

    def _give_up(self, lock: Lock) -> None:
        from app.services import workspaces

        self.confirm.setEnabled(True)
        self.tasks.run(lambda: workspaces.forget(lock))

    def _make(self, lock: Lock, values: dict[str, Any]) -> None:
        def work() -> Services:
            from app.bootstrap import Services
            from app.services import workspaces

            services = Services(workspaces.create(self.folder, lock))
            services.settings.set("author_name", values["author_name"])
            fields = {
                "name": values["name"],
                "departments": [values["department"]],
                "profile": values["profile"],
            }
            services.records.create("commission", fields, None, "Nouvelle commission")
            return services

        self.tasks.run(work, self.opened.emit, self._on_failed, self)

    # A locked one

    def _ask_passphrase(self) -> None:
        self.title.setText("Espace de travail protégé")
        self.lead.setText("Écrivez la phrase de passe pour l'ouvrir.")
        secret = TextField()
        secret.setEchoMode(TextField.EchoMode.Password)
        form = Form(columns=1)
        words = "Phrase de passe"
        form.add("secret", words, secret, required=f"{words} : à remplir pour ouvrir.")
        self.lost.show()
        self._ask(form, secret)

    def _ask_code(
        self, lead: str = "Recopiez le code de secours, puis choisissez la protection à venir."
    ) -> None:
        self.title.setText("Ouvrir avec le code de secours")
        self.lead.setText(lead)
        code = TextField("XXXXX-XXXXX-XXXXX-…")
        form = Form(columns=1)
        form.add("code", "Code de secours", code, required="Recopiez le code de la fiche.")
        _add_protection(form, "Protection désormais", "Le même code de secours reste valable.")
        self.lost.hide()
        self._ask(form, code)

    def _ask(self, form: Form, secret: TextField) -> None:
        self._replace_form(form)
        self.confirm.setText("Ouvrir")
        secret.returnPressed.connect(self._on_confirm)
        secret.setFocus()

    def _open(self, passphrase: str) -> None:
        def work() -> Services:
            from app.bootstrap import open_services

            return open_services(self.folder, passphrase)

        def failed(error: Exception) -> None:
            if isinstance(error, Damaged):
                self.damaged.emit(passphrase)
            else:
                self._on_failed(error)

        self.tasks.run(work, self.opened.emit, failed, self)

    def _unlock(self, values: dict[str, Any]) -> None:
        passphrase = values["passphrase"] or None

        def work() -> Services:
            from app.bootstrap import open_services
            from app.services import workspaces

            workspaces.unlock(self.folder, values["code"], values["mode"], passphrase)
            return open_services(self.folder, passphrase)

        self.tasks.run(work, self.opened.emit, self._on_failed, self)

    def _on_failed(self, error: Exception) -> None:
        self.confirm.setEnabled(True)
        if not errors.inline(error, self.form):
            errors.tell(error, self.banner, self)


def _add_protection(form: Form, words: str, hint: str) -> None:
    """Adds the choice of a protection, and the passphrase where it is the one chosen."""
    protection = Choice(PROTECTIONS)
    form.add("mode", words, protection, hint=hint)
    secret = TextField("12 caractères ou plus")
    secret.setEchoMode(TextField.EchoMode.Password)
    form.add("passphrase", "Phrase de passe", secret, whole=True)
    form.show_row("passphrase", shown=False)
    protection.edited.connect(
        lambda: form.show_row("passphrase", shown=protection.value() == "passphrase")
    )
