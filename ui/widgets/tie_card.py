"""The tie to the central: made with an address and a code, widened to more commissions, ended."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.errors import AppError, SeveralCommissions, SyncError
from ui.dialogs.choose import ChooseDialog
from ui.dialogs.dialog import ConfirmDialog
from ui.errors import sentence
from ui.tasks import NETWORK, Tasks
from ui.widgets.buttons import button
from ui.widgets.fields import TextField, Tick
from ui.widgets.form import Form
from ui.widgets.path_field import PathField
from ui.widgets.pick import Option
from ui.widgets.progress import ProgressLine
from ui.widgets.settings_card import SettingsCard
from ui.widgets.text import label
from ui.widgets.waiting import Waiting
from ui.window.opening import pem
from ui.words import tie as words
from ui.words.sync import to_send

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.services.sync import Told
    from app.services.sync_status import Status

EVERY = "every"
"""Stands among the ids of commissions for all of them."""

_NONE: Mapping[str, str] = MappingProxyType({})

T = TypeVar("T")


@dataclass
class _Call:
    """One request to the central: whether it has begun, and whether the user stopped it."""

    begun: bool = False
    stopped: bool = False


class TieCard(SettingsCard):
    """A form while this computer has no access, then what it has access to.

    `tied` follows a tie made, widened or ended, `told` carries what there is to say of it,
    `adopted` the commission that was taken in.
    """

    tied = Signal()
    adopted = Signal(str)
    told = Signal(str, str)
    failed = Signal(object)

    def __init__(self, services: Services, tasks: Tasks) -> None:
        super().__init__("Rattachement au central", "", form=_form())
        self._services = services
        self._desk = tasks
        self._url = ""  # of the central that this computer is tied to
        self._unsent = ""  # what to say of unsent changes before the tie ends
        self.standing = label("", "muted", wrap=True)
        self.tie = button("Rattacher cet ordinateur", self._on_tie, kind="primary")
        self.send = button("Envoyer la commission au central", self._on_send, kind="primary")
        self.more = button("Ajouter une commission…", self._on_more)
        self.end = button("Mettre fin au rattachement…", self._on_end)
        cast(TextField, self.form.field("code")).returnPressed.connect(self.tie.click)
        self.progress = ProgressLine("Arrêter", margin=0)
        self.progress.cancelled.connect(self.stop)
        self._waiting = Waiting(self.tie, self.send, self.more, self.end, stop=self.progress.cancel)
        self._call = _Call()
        self.inside.insertWidget(1, self.standing)
        self.inside.insertWidget(self.inside.count() - 1, self.progress)
        for one in (self.send, self.more, self.end, self.tie):
            self.add_button(one)

    @property
    def is_typed_in(self) -> bool:
        """Whether the focus is on the form or its button, which go once the computer is tied."""
        at = self.window().focusWidget()
        return at is self.tie or (at is not None and self.form.isAncestorOf(at))

    def show_status(self, status: Status) -> None:
        """Shows the form, or what the computer is tied to."""
        self.form.setVisible(not status.signed_in)
        self.standing.setText(words.standing(status))
        self.tie.setVisible(not status.signed_in)
        for one in (self.more, self.end):
            one.setVisible(status.signed_in)
        several = len(status.kept_here) > 1
        self.send.setText(f"Envoyer {'les commissions' if several else 'la commission'} au central")
        self.send.setVisible(status.signed_in and bool(status.kept_here))
        self._url = status.url
        if status.signed_in:
            self.touched = False  # what was typed here serves no more
            self.form.set_values({"code": "", "ca": ""})
        if status.url:
            self.show_values({"url": status.url})
        waits = to_send(status.pending, status.files)
        first = "synchronisez d'abord si un collègue prend la suite."
        self._unsent = f" Il reste {waits} : {first}" if waits else ""

    # Tying

    def join(self, values: dict[str, Any]) -> None:
        """Ties with what was typed elsewhere, shown in the form, where it can be corrected."""
        self.form.set_values(values)
        self._on_tie()

    def _on_tie(self) -> None:
        values = self.form.values()
        if values is not None:
            self._enrol(values)

    def _on_more(self) -> None:
        self._enrol({"url": self._url, "code": "", "ca": "", "upload": False})

    def _on_send(self) -> None:
        self._enrol({"url": self._url, "code": "", "ca": "", "upload": True})

    def _enrol(self, values: dict[str, Any], adopt: Mapping[str, str] = _NONE) -> None:
        """Ties the computer, and takes in the commissions of `adopt`, their names by id."""

        def failed(error: Exception) -> None:
            if isinstance(error, SeveralCommissions):
                self._choose(values | {"code": ""}, dict(error.commissions))
            else:
                self._on_failed(error)
                self.tied.emit()  # the computer may be tied, without a commission yet

        self._ask(
            lambda call, report: self._told(values, adopt, call, report),
            lambda done: self._on_enrolled(*done),
            failed,
        )

    def _ask(
        self,
        work: Callable[[_Call, Told], T],
        on_done: Callable[[T], object],
        on_failed: Callable[[Exception], object],
    ) -> None:
        """Asks the central; what a stopped request did is told as it ends, unless another follows.

        The banner about the request before is hidden.
        """
        call = self._call = _Call()

        def begun(report: Told) -> T:
            call.begun = True
            return work(call, report)

        def ended(then: Callable[[Any], object], told: object) -> None:
            if call is self._call:
                self._call = _Call()
                self._release()
                then(told)
            else:
                self.tied.emit()  # the request that was stopped may have tied the computer

        self.banner.hide()
        self._waiting.begin()
        self.progress.begin("Connexion au central")
        self._desk.run_reporting(
            lambda task: begun(task.report),
            partial(ended, on_done),
            partial(ended, on_failed),
            self,
            on_progress=self.progress.report,
            lane=NETWORK,
        )

    def stop(self) -> None:
        """Gives up what is asked of the central; what it did by then is told."""
        self._call.stopped = True
        if self._call.begun:  # else it never asks, and the connection open is another's
            self._services.sync.hang_up()
        self._release()

    def _release(self) -> None:
        self._waiting.end()
        self.progress.end()

    def _told(
        self, values: dict[str, Any], adopt: Mapping[str, str], call: _Call, report: Told
    ) -> tuple[list[str], str]:
        """Enrols, off the GUI thread, once for each commission to take in.

        Gives what there is to say, what was done first, and the first commission taken in or "".
        """
        before = self._services.sync.status().commission_ids
        notes, fault = self._enrolled(values, adopt, call, report)
        status = self._services.sync.status()
        of_the_gip = self._services.region.published_from_here()
        new = [one for one in status.commission_ids if one not in before]
        taken = [] if values["upload"] else new
        if not (taken or values["upload"] or values["code"]):
            return [words.NO_OTHER[of_the_gip]], ""
        told = [words.tied(status, taken, uploads=values["upload"], again=bool(before)), *notes]
        if not (status.commission_ids or values["upload"]):
            told[0] += f" {words.NONE_YET[of_the_gip]}"
        if fault is not None:
            left = [f"« {name} »" for one, name in adopt.items() if one not in taken]
            told.append(f"{words.left_out(left)} {sentence(fault)}")
        return told, taken[0] if taken else ""

    def _enrolled(
        self, values: dict[str, Any], adopt: Iterable[str], call: _Call, report: Told
    ) -> tuple[list[str], AppError | None]:
        """The notes of the first enrolment, and the error that stopped a later one, if any."""
        notes: list[str] | None = None
        for one in adopt or (None,):
            try:
                done = self._services.sync.enrol(
                    values["url"],
                    values["code"] or None,
                    pem(values["ca"]),
                    adopt=one,
                    upload=values["upload"],
                    progress=report,
                    cancelled=lambda: call.stopped,
                )
            except AppError as error:
                if notes is None:
                    raise
                return notes, error
            if notes is None:
                notes = [*done.notes, *([words.FLEETING] if done.kept_in == "process" else [])]
        return notes or [], None

    def _choose(self, values: dict[str, Any], names: Mapping[str, str]) -> None:
        """Asks which of the commissions open to the account to take in, or all of them."""
        every = Option(EVERY, f"Toutes ({len(names)})")
        chosen = [every, *(Option(space, name) for space, name in names.items())]
        dialog = ChooseDialog(
            "Quelle commission ?",
            "Votre compte en ouvre plusieurs",
            chosen,
            lambda space: space,
            self._desk,
            parent=self,
        )
        dialog.saved.connect(
            lambda one: self._enrol(values, names if one == EVERY else {one: names[one]})
        )
        dialog.rejected.connect(self.tied)  # the computer is tied; the choice may wait
        dialog.open()

    def _on_enrolled(self, told: list[str], taken: str) -> None:
        self.form.set_values({"code": ""})
        self.touched = False
        self.told.emit(" ".join(told), "warning" if len(told) > 1 else "success")
        self.tied.emit()
        if taken:
            self.adopted.emit(taken)

    # Ending

    def _on_end(self) -> None:
        ConfirmDialog(
            "Mettre fin au rattachement",
            "Le central refusera cet ordinateur jusqu'à un nouveau code. Ce que vous avez écrit"
            f" reste ici.{self._unsent}",
            "Mettre fin",
            self._end,
            self,
        ).open()

    def _end(self) -> None:
        def sign_out(call: _Call, _report: Told) -> None:
            self._services.sync.sign_out(lambda: call.stopped)

        self._ask(sign_out, self._on_ended, self._on_unconfirmed)

    def _on_unconfirmed(self, error: Exception) -> None:
        """Offers to end the tie on this computer alone: the central may have left its address."""
        if not isinstance(error, SyncError) or error.kind == "cancelled":
            self.failed.emit(error)
            return
        ConfirmDialog(
            "Le central n'a rien confirmé",
            f"{error.sentence} Cet ordinateur peut oublier son accès quand même, pour se rattacher"
            " ailleurs par un nouveau code. Dites alors au GIP de fermer l'ancien accès.",
            "Oublier l'accès",
            self._forget,
            self,
        ).open()

    def _forget(self) -> None:
        forget = self._services.sync.forget_access
        self._ask(lambda *_: forget(), self._on_ended, self.failed.emit)

    def _on_ended(self, done: None) -> None:
        self.told.emit("Cet ordinateur n'est plus rattaché au central.", "success")
        self.tied.emit()


def _form() -> Form:
    form = Form()
    add_central(form)
    form.add(
        "upload",
        "",
        Tick("Envoyer la commission de cet ordinateur"),
        hint="À cocher si le GIP ne l'a pas déjà créée au central.",
    )
    return form


def add_central(form: Form, uncoded: str = "") -> None:
    """Adds the fields for what the GIP gives to tie a computer to its central.

    `uncoded` is the sentence said where the code is missing; "" where it may be.
    """
    form.add(
        "url",
        "Adresse du central",
        TextField("https://central.gip.example"),
        required="Écrivez l'adresse donnée par le GIP.",
    )
    form.add("code", "Code du GIP", TextField("XXXX-XXXX-XXXX-XXXX"), required=uncoded)
    form.add(
        "ca",
        "Certificat du GIP",
        PathField(_ask_certificate),
        hint="Un fichier .pem ; laissez vide si le GIP ne vous en a pas donné.",
    )


def _ask_certificate(over: QWidget) -> str:
    title, kinds = "Certificat du GIP", "Certificats (*.pem *.crt)"
    return QFileDialog.getOpenFileName(over, title, "", kinds)[0]
