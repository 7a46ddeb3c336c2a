"""The first start, and the way in when the workspace is locked.

The user names the commission and says who they are, and the recovery code is shown before anything
is written; or that code brings back the copy of another computer, or a code of the GIP the
commission that its central holds. A locked workspace asks for its passphrase, or for the code; one
that moved and is not found, for its folder.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from app.domain.refusals import Refusal
from app.errors import AppError, Astray, Damaged, Locked
from ui import errors, theme
from ui.dialogs.dialog import foot
from ui.dialogs.recovery_code import RecoveryCodeDialog
from ui.focus_order import bring_into_sight
from ui.tasks import LONG, Tasks
from ui.theme import Space
from ui.widgets import entry_forms
from ui.widgets.banner import Banner
from ui.widgets.buttons import button
from ui.widgets.fields import TextField
from ui.widgets.form import Form
from ui.widgets.text import card, label
from ui.widgets.waiting import Waiting

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.documents.document import Document
    from app.services.workspaces import Lock

MAKING = "Création de l'espace de travail…"


class Welcome(QWidget):
    """Asks for what opens or makes a workspace; `opened` carries its services.

    `joining` carries the services of one without a commission and what ties it to the central,
    `found` the folder of one that had moved.
    """

    opened = Signal(object)
    joining = Signal(object, object)
    found = Signal(object)
    damaged = Signal(str)

    def __init__(self, folder: Path, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.folder = folder
        self.tasks = tasks
        self.banner = Banner()
        self.title = label("", "title")
        self.lead = label("", "lead", wrap=True)
        self.form = Form()
        self._forms: dict[Callable[[], Form], Form] = {}
        self.confirm = button("", self._on_confirm, kind="primary")
        self.lost = button("J'ai perdu la phrase de passe", self._on_lost, kind="quiet")
        self.copy = button(
            "J'ai une copie et mon code de secours…", self._ask_copy, kind="quiet", icon="history"
        )
        self.invited = button("J'ai un code du GIP…", self._ask_central, kind="quiet", icon="link")
        self.back = button("Retour", self._on_back, kind="quiet")
        self.doing = label("", "muted", wrap=True)
        self.working = QProgressBar()
        self._before: Callable[[], None] = self._ask_commission
        self._waiting = Waiting(self.confirm)
        self._build()

    def _build(self) -> None:
        panel = card()
        inside = QVBoxLayout(panel)
        inside.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        inside.setSpacing(Space.L)
        self._inside = inside
        self.working.setRange(0, 0)
        self.working.setTextVisible(False)
        for widget in (self.title, self.lead, self.banner, self.form, self.doing, self.working):
            inside.addWidget(widget)
        ways = QVBoxLayout()
        ways.setSpacing(0)
        for way in (self.lost, self.invited, self.copy, self.back):
            ways.addWidget(way, 0, Qt.AlignmentFlag.AlignLeft)
        row = foot([self.confirm])
        row.insertLayout(0, ways)
        row.setAlignment(self.confirm, Qt.AlignmentFlag.AlignTop)
        inside.addLayout(row)
        for hidden in (
            self.lost, self.invited, self.copy, self.back, self.doing, self.working,
        ):  # fmt: skip
            hidden.hide()
        theme.set_widths(panel, most=720)
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
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
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
        elif isinstance(error, Astray):
            self._ask_place(errors.sentence(error))
        else:
            self._ask_commission()

    def _show_form(self, make: Callable[[], Form]) -> None:
        """Shows a form, made the first time: who comes back to it finds what was typed there."""
        self.banner.hide()
        if make not in self._forms:
            self._forms[make] = make()
        former, self.form = self.form, self._forms[make]
        self._inside.replaceWidget(former, self.form)
        former.hide()
        self.form.show()
        self.form.focus_first()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter, that a field leaves, does what the main button does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.confirm.isEnabled():
            self._on_confirm()
        else:
            super().keyPressEvent(event)

    # A new workspace

    def _ask_commission(self) -> None:
        self.title.setText("Bienvenue")
        self.lead.setText(
            "Nommez votre commission : séances, besoins, veille et solutions seront rangés sur cet"
            " ordinateur, et vous pourrez tout faire sans réseau."
        )
        self._show_form(entry_forms.commission_form)
        self.confirm.setText("Créer l'espace de travail")
        self.invited.show()
        self.copy.show()

    def _on_confirm(self) -> None:
        values = self.form.values()
        if values is None:
            return
        if "secret" in values:
            self._begin("Ouverture de l'espace de travail…")
            self._open(values["secret"])
        elif "file" in values:
            self._begin("Reprise de la copie…")
            self._bring_back(values)
        elif "url" in values:
            self._begin(MAKING)
            self._choose(values)
        elif "place" in values:
            self._begin("Ouverture de l'espace de travail…")
            self._point_to(Path(values["place"]))
        elif "code" in values:
            self._begin("Ouverture de l'espace de travail…")
            self._unlock(values)
        else:
            self._begin(MAKING)
            self._choose(values)

    def _begin(self, words: str) -> None:
        """Bars what could be pressed, and says what is being done."""
        self._waiting = Waiting(
            self.confirm, self.back, self.copy, self.invited, self.lost, self.form
        )
        self._waiting.begin()
        self._say_doing(words)
        bring_into_sight(self.working)

    def _say_doing(self, words: str) -> None:
        """Says what is being done; nothing for nothing."""
        self.doing.setText(words)
        self.working.setAccessibleName(words)
        for one in (self.doing, self.working):
            one.setVisible(bool(words))

    def _end(self) -> None:
        self._say_doing("")
        self._waiting.end()

    def _choose(self, values: dict[str, Any]) -> None:
        from app.clock import new_id
        from app.services import workspaces

        def work() -> Lock:
            workspaces.check_free(self.folder)
            return workspaces.choose(values["mode"], values["passphrase"] or None, new_id())

        self.tasks.run(work, lambda lock: self._on_chosen(lock, values), self.fail, self)

    def _on_chosen(self, lock: Lock, values: dict[str, Any]) -> None:
        if lock.recovery_code is None:
            self._make(lock, values)
            return
        code = lock.recovery_code
        self._say_doing("")

        def sheet() -> Document:
            from app.services import workspaces

            name = values.get("name", "Commissions numériques locales")
            return workspaces.recovery_sheet(code, name, self.folder, None)

        dialog = RecoveryCodeDialog(code, sheet, self.tasks, self)
        dialog.accepted.connect(lambda: self._make(lock, values))
        dialog.rejected.connect(lambda: self._give_up(lock))
        dialog.open()

    def _give_up(self, lock: Lock) -> None:
        from app.services import workspaces

        self._end()
        self.tasks.run(lambda: workspaces.forget(lock))

    def _make(self, lock: Lock, values: dict[str, Any]) -> None:
        self._say_doing(MAKING)

        def work() -> Services:
            from app.bootstrap import Services
            from app.services import workspaces

            services = Services(workspaces.create(self.folder, lock))
            if "url" in values:
                return services
            services.settings.set("author_name", values["author_name"])
            fields = {
                "name": values["name"],
                "departments": [values["department"]],
                "profile": values["profile"],
            }
            services.records.create("commission", fields, None, "Nouvelle commission")
            return services

        def made(services: Services) -> None:
            if "url" in values:
                self.joining.emit(services, values)
            else:
                self.opened.emit(services)

        self.tasks.run(work, made, self.fail, self)

    def _ask_central(self) -> None:
        self.title.setText("Rejoindre une commission")
        self.lead.setText(
            "Le GIP a créé votre commission à son central : l'adresse et le code qu'il vous a"
            " donnés la font venir ici, avec ce qu'elle contient. Il faut un réseau."
        )
        self._show_form(entry_forms.joining_form)
        self.confirm.setText("Rejoindre la commission")
        self.invited.hide()
        self.copy.hide()
        self.back.show()

    # The copy of another computer

    def _ask_copy(self) -> None:
        self.title.setText("Reprendre une copie")
        self.lead.setText(
            "L'ordinateur d'avant est perdu, volé ou réinstallé : sa copie et le code de secours de"
            " la fiche suffisent pour tout retrouver ici. Après un vol, prévenez aussi le GIP : il"
            " fermera au central l'accès de l'ordinateur volé."
        )
        self._show_form(self._copy_form)
        self.confirm.setText("Reprendre la copie")
        self.invited.hide()
        self.copy.hide()
        self.back.show()

    def _copy_form(self) -> Form:
        from app.services import workspaces
        from ui.widgets.copy_form import CopyForm

        beside = self.folder.with_name(f"{self.folder.name}-2")
        return CopyForm(self.folder if workspaces.is_free(self.folder) else beside, self.tasks)

    def _on_back(self) -> None:
        self.back.hide()
        self._before()

    def _bring_back(self, values: dict[str, Any]) -> None:
        folder, file = Path(values["folder"]), Path(values["file"])
        passphrase = values["passphrase"] or None

        def work() -> Services:
            from app.bootstrap import open_services
            from app.services import workspaces

            if not folder.is_absolute() or not workspaces.is_free(folder):
                raise Refusal(
                    "il faut un dossier nouveau ou vide : choisissez-en un autre.", field="folder"
                )
            if values["code"]:
                workspaces.restore_by_code(folder, file, values["code"], values["mode"], passphrase)
            else:
                workspaces.restore(folder, file, None)
            if folder != self.folder:
                workspaces.point_to(folder, self.folder)
            return open_services(folder, passphrase)

        self.tasks.run(work, self.opened.emit, self.fail, self, lane=LONG)

    # One that moved

    def _ask_place(self, lead: str) -> None:
        self.title.setText("Où est l'espace de travail ?")
        self.lead.setText(lead)
        self._show_form(entry_forms.place_form)
        self.confirm.setText("Ouvrir")
        self.copy.show()
        self._before = lambda: self._ask_place(lead)

    def _point_to(self, place: Path) -> None:
        from app.services import workspaces

        def work() -> Path:
            if not workspaces.is_one(place):
                raise Refusal(
                    "il n'y a pas d'espace de travail dans ce dossier : choisissez-en un autre.",
                    field="place",
                )
            workspaces.point_to(place, self.folder)
            return place

        self.tasks.run(work, self.found.emit, self.fail, self)

    # A locked one

    def _ask_passphrase(self) -> None:
        self.title.setText("Espace de travail protégé")
        self.lead.setText("Écrivez la phrase de passe pour l'ouvrir.")
        self._show_form(entry_forms.passphrase_form)
        self.confirm.setText("Ouvrir")
        self.lost.show()

    def _on_lost(self) -> None:
        self._before = self._ask_passphrase
        self.back.show()
        self._ask_code()

    def _ask_code(
        self, lead: str = "Recopiez le code de secours, puis choisissez la protection à venir."
    ) -> None:
        self.title.setText("Ouvrir avec le code de secours")
        self.lead.setText(lead)
        self._show_form(entry_forms.code_form)
        self.confirm.setText("Ouvrir")
        self.lost.hide()

    def _open(self, passphrase: str) -> None:
        def work() -> Services:
            from app.bootstrap import open_services

            return open_services(self.folder, passphrase)

        self._open_by(work, passphrase)

    def _unlock(self, values: dict[str, Any]) -> None:
        passphrase = values["passphrase"] or None

        def work() -> Services:
            from app.bootstrap import open_services
            from app.services import workspaces

            workspaces.unlock(self.folder, values["code"], values["mode"], passphrase)
            return open_services(self.folder, passphrase)

        self._open_by(work, passphrase)

    def _open_by(self, work: Callable[[], Services], passphrase: str | None) -> None:
        """Opens, or hands what is damaged over to the repair."""

        def failed(error: Exception) -> None:
            if isinstance(error, Damaged):
                self.damaged.emit(passphrase or "")
            else:
                self.fail(error)

        self.tasks.run(work, self.opened.emit, failed, self)

    def fail(self, error: Exception) -> None:
        """Says why nothing was opened, and lets it be tried again."""
        self._end()
        if not errors.inline(error, self.form):
            errors.tell(error, self.banner, self)
            bring_into_sight(self.banner)
        if "secret" in self.form.names():
            secret = cast(TextField, self.form.field("secret"))
            secret.setFocus()
            secret.selectAll()  # nobody sees it: it is typed again, not mended
