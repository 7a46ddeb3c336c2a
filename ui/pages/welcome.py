"""The first start, and the way in when the workspace is locked.

The user names the commission and says who they are, and the recovery code is shown before anything
is written. Instead, a recovery code can bring back a copy made on another computer, or a code from
the GIP the commission that its central holds. A locked workspace asks for its passphrase or its
recovery code; one that moved and is not found, for its folder.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.errors import AppError, Astray, Damaged, Locked
from ui import errors
from ui.dialogs.recovery_code import RecoveryCodeDialog
from ui.pages.doorway import Doorway, Way
from ui.tasks import LONG, Tasks
from ui.widgets import entry_forms
from ui.widgets.buttons import button
from ui.widgets.form import Form
from ui.window import opening

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.services.workspaces import Lock

MAKING = "Création de l'espace de travail…"
PROTECT_ANEW = "Recopiez le code de secours, puis choisissez la protection à venir."
KEY_LOST = (
    "Le trousseau de cet ordinateur a perdu la clé, comme après un changement de mot de passe de"
    " session. Recopiez le code de secours : rien n'est perdu."
)


class Welcome(Doorway):
    """Asks for what opens or makes a workspace; `opened` carries its services.

    `joining` carries the services of a workspace without a commission and the values that tie it to
    the central, `found` the folder of one that had moved, `damaged` the passphrase, "" for none, of
    one to be repaired.
    """

    opened = Signal(object)
    told = Signal(str)
    joining = Signal(object, object)
    found = Signal(object)
    damaged = Signal(str)

    def __init__(self, folder: Path, tasks: Tasks) -> None:
        super().__init__()
        self.folder = folder
        self.place = folder
        """Where a new workspace is made: another folder where that of a lost code must stay."""
        self.tasks = tasks
        self.lost = button(
            "J'ai perdu la phrase de passe",
            lambda: self.turn_to(self._code(PROTECT_ANEW, self.back)),
            kind="quiet",
        )
        self.copy = button(
            "J'ai une copie et son code de secours…",
            lambda: self.turn_to(self._copy()),
            kind="quiet",
            icon="history",
        )
        self.invited = button(
            "J'ai un code du GIP…",
            lambda: self.turn_to(self._central()),
            kind="quiet",
            icon="link",
        )
        self.uncoded = button(
            "Je n'ai plus ce code…", lambda: self.turn_to(self._anew()), kind="quiet"
        )
        self.lay_out(self.lost, self.invited, self.copy, self.uncoded)

    def ask(self, error: AppError) -> None:
        """Shows what the error calls for: a new workspace, a passphrase or the recovery code."""
        if isinstance(error, Locked):
            self.show_way(self._passphrase() if error.by == "passphrase" else self._code(KEY_LOST))
        elif isinstance(error, Astray):
            self.show_way(self._place(errors.sentence(error)))
        else:
            self.show_way(self._commission())

    # A new workspace

    def _commission(self) -> Way:
        return Way(
            "Bienvenue",
            "Nommez votre commission : séances, besoins, veille et solutions seront rangés sur cet"
            " ordinateur, et vous pourrez tout faire sans réseau. Pour prendre la suite d'un"
            " collègue, choisissez plutôt en bas.",
            entry_forms.commission_form,
            "Créer l'espace de travail",
            MAKING,
            self._make_commission,
            (self.invited, self.copy),
        )

    def _anew(self) -> Way:
        """The way of a first start, next to a workspace that nobody can open any more."""
        self.place = opening.free_place(self.folder)
        return self._commission()._replace(
            title="Repartir dans un autre dossier",
            lead="Sans ce code, personne ne peut plus lire ce qui est ici. Ce que le GIP a reçu"
            " revient avec un nouveau code de sa part ; sinon, nommez une nouvelle commission."
            " L'ancien dossier reste où il est, au cas où la fiche se retrouverait.",
            others=(self.invited, self.back),
        )

    def _central(self) -> Way:
        return Way(
            "Rejoindre une commission",
            "Le GIP a créé votre commission à son central : l'adresse et le code qu'il vous a"
            " donnés la font venir ici, avec ce qu'elle contient. Il faut un réseau.",
            entry_forms.joining_form,
            "Rejoindre la commission",
            MAKING,
            self._make_to_join,
            (self.back,),
        )

    def _on_chosen(self, lock: Lock, values: dict[str, Any], make: Callable[[Lock], None]) -> None:
        """Makes the workspace, after showing its recovery code if it has one."""
        code = lock.recovery_code
        if code is None:
            make(lock)
            return
        self.say_doing("")
        name = values.get("name", "Commissions numériques locales")
        dialog = RecoveryCodeDialog(
            code, lambda: opening.recovery_sheet(code, name, self.place), self.tasks, self
        )
        dialog.accepted.connect(lambda: self._make(lock, make))
        dialog.rejected.connect(lambda: self._give_up(lock))
        dialog.open()

    def _make(self, lock: Lock, make: Callable[[Lock], None]) -> None:
        self.say_doing(MAKING)
        make(lock)

    def _give_up(self, lock: Lock) -> None:
        self.stop_waiting()
        self.tasks.run(lambda: opening.give_up(lock))

    def _make_commission(self, values: dict[str, Any]) -> None:
        place = self.place

        def make(lock: Lock) -> None:
            self._open(lambda: (opening.make_commission(place, lock, self.folder, values), ""))

        self.tasks.run(
            lambda: opening.choose_lock(place, values),
            lambda lock: self._on_chosen(lock, values, make),
            self.fail,
            self,
        )

    def _make_to_join(self, values: dict[str, Any]) -> None:
        place = self.place

        def make(lock: Lock) -> None:
            self.tasks.run(
                lambda: opening.make(place, lock, self.folder),
                lambda services: self.joining.emit(services, values),
                self.fail,
                self,
            )

        self.tasks.run(
            lambda: opening.choose_lock_to_join(place, values),
            lambda lock: self._on_chosen(lock, values, make),
            self.fail,
            self,
        )

    # The copy of another computer

    def _copy(self) -> Way:
        return Way(
            "Reprendre une copie",
            "L'ordinateur d'avant est perdu, volé ou réinstallé, ou c'est celui d'un collègue dont"
            " vous prenez la suite : sa copie et le code de secours de la fiche ramènent ici ce"
            " qu'elle contient. Prévenez aussi le GIP : il fermera au central l'accès de"
            " l'ordinateur d'avant, et vous donnera un code pour celui-ci, qui rapporte la suite.",
            self._copy_form,
            "Reprendre la copie",
            "Reprise de la copie…",
            self._bring_back,
            (self.back,),
        )

    def _copy_form(self) -> Form:
        from ui.widgets.copy_form import CopyForm

        return CopyForm(opening.free_place(self.folder), self.tasks)

    def _bring_back(self, values: dict[str, Any]) -> None:
        self.tasks.run(
            lambda: opening.bring_back(self.folder, values),
            self._on_opened,
            self.fail,
            self,
            lane=LONG,
        )

    # One that moved

    def _place(self, lead: str) -> Way:
        return Way(
            "Où est l'espace de travail ?",
            lead,
            entry_forms.place_form,
            "Ouvrir",
            opening.OPENING,
            self._point_to,
            (self.copy,),
        )

    def _point_to(self, values: dict[str, Any]) -> None:
        self.tasks.run(
            lambda: opening.point_to(Path(values["place"]), self.folder),
            self.found.emit,
            self.fail,
            self,
        )

    # A locked one

    def _passphrase(self) -> Way:
        return Way(
            "Espace de travail protégé",
            "Écrivez la phrase de passe pour l'ouvrir.",
            entry_forms.passphrase_form,
            "Ouvrir",
            opening.OPENING,
            self._open_by_passphrase,
            (self.lost,),
        )

    def _code(self, lead: str, *others: QWidget) -> Way:
        return Way(
            "Ouvrir avec le code de secours",
            lead,
            entry_forms.code_form,
            "Ouvrir",
            opening.OPENING,
            self._open_by_code,
            (self.uncoded, *others),
        )

    def _open_by_passphrase(self, values: dict[str, Any]) -> None:
        secret = values["secret"]
        self._open(lambda: (opening.open_by(self.folder, secret), ""), secret)

    def _open_by_code(self, values: dict[str, Any]) -> None:
        self._open(lambda: opening.unlock(self.folder, values), values["passphrase"])

    def _open(self, work: Callable[[], tuple[Services, str]], passphrase: str = "") -> None:
        """Opens a workspace, or hands a damaged one over to the repair."""

        def failed(error: Exception) -> None:
            if isinstance(error, Damaged):
                self.damaged.emit(passphrase)
            else:
                self.fail(error)

        self.tasks.run(work, self._on_opened, failed, self)

    def _on_opened(self, done: tuple[Services, str]) -> None:
        services, warning = done
        self.opened.emit(services)
        if warning:
            self.told.emit(warning)
