"""The sync as the user knows it: tie the workspace to a central, preview, synchronise."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial

import msgspec

from app.clock import IdMaker, new_id
from app.domain import clock_doubts
from app.domain.attendance import seconds
from app.domain.refusals import Refusal
from app.domain.wording import size
from app.errors import SyncError, UserError
from app.services import endings, forgetting
from app.services.departure import Departure, departure
from app.services.endings import Ending
from app.services.history_words import Writing, writings
from app.services.records import Records
from app.services.settings import BY_ITSELF, DEFAULTS, Settings
from app.services.sync_report import OUTDATED, Report, report_after, report_of
from app.services.sync_status import Status, status_of
from app.services.translation import translated
from app.storage.workspace import Workspace
from app.sync import link as ties
from app.sync.client import Central
from app.sync.credentials import Credentials
from app.sync.enrolment import Enrolled, Enrolment, Wish
from app.sync.link import Link
from app.sync.outcome import LABEL, Outcome
from app.sync.run import Run
from app.sync.spaces import closed_with_work
from app.sync.trust import checked_url, tls_context

Told = Callable[[str, float], None]
"""Is given words on what is under way, and the share of it that is done, from 0 to 1."""


UNCONFIRMED = (
    "C'est arrêté : le central n'a pas confirmé la fin du rattachement, recommencez quand il"
    " répondra."
)


def check_address(url: str, ca: str | None) -> None:
    """SyncError unless the address of a central, and its authority (PEM) if any, can be used."""
    checked_url(url)
    tls_context(ca)


def _unheard(_words: str, _share: float) -> None:
    return


def _tell(progress: Told, way: str, done: int, total: int) -> None:
    progress(f"{way} : {size(done)} sur {size(total)}", done / total)


_Tie = tuple[str, str | None, str]


def _tie(link: Link) -> _Tie:
    """What a connection is made for; another program on the workspace may change it."""
    return link.url, link.ca, link.device_id


class Sync:
    """Exchanges with the central; one object per workspace, which keeps the connection open."""

    def __init__(
        self,
        workspace: Workspace,
        ids: IdMaker = new_id,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """`pause(seconds)` waits before a call is made again."""
        self.workspace = workspace
        self.ids = ids
        self._pause = pause
        self._credentials = Credentials(workspace)
        self._central: Central | None = None
        self._made_for: _Tie | None = None

    def close(self) -> None:
        """Closes the connection to the central."""
        if self._central is not None:
            self._central.close()
            self._central = None

    def hang_up(self) -> None:
        """Aborts the call to the central that is under way, from any thread, without waiting."""
        central = self._central
        if central is not None:
            central.cancelled = lambda: True
            central.hang_up()

    # How things stand

    def status(self) -> Status:
        """How the workspace stands; nothing is asked of the central."""
        with translated(self.workspace), self.workspace.reading() as unit:
            status = status_of(unit)
            if not status.url:
                return status
            turned_away = endings.is_turned_away(unit)
        signed_in = not turned_away and self._credentials.token() is not None
        silent = not (signed_in or turned_away) and self._credentials.is_silent
        return msgspec.structs.replace(status, signed_in=signed_in, silent_keyring=silent)

    def call(self) -> str:
        """Calls the central as this laptop; gives its address, "" where there is none.

        SyncError when it does not answer, or lets this laptop in no more.
        """
        with translated(self.workspace), self.workspace.reading() as unit:
            link = ties.load(unit)
        if link is None:
            return ""
        with self._connected(_unheard, lambda: False) as central:
            self._credentials.let_in(central, central.device)
        return link.url

    def is_silent_since(self, at: str, space: str | None) -> bool:
        """Whether a space is one that the workspace shares with a central, and no sync has sent or
        received anything since an instant.
        """
        with translated(self.workspace), self.workspace.reading() as unit:
            link, last = ties.load(unit), endings.done(unit)
        if link is None or space not in link.spaces:
            return False
        return last is None or seconds(last.at) < seconds(at)

    def clock_doubt(self) -> str:
        """What the central's last answer says against the clock here; "" for nothing."""
        told = self._central.present if self._central is not None else None
        return clock_doubts.against_central(self.workspace.clock(), told) if told else ""

    def departure(self) -> Departure:
        """What the next sync would send; nothing is sent, nothing changes."""
        today = self.workspace.clock()
        with translated(self.workspace), self.workspace.reading() as unit:
            return departure(unit, self._tied(ties.load(unit)), self.ids, today)

    def may_start_alone(self) -> bool:
        """Whether a sync may begin without being asked for.

        The user wants it, no meeting is under way unless wished so, and nothing is to be deleted
        at the central, which the user sees first.
        """
        with translated(self.workspace), self.workspace.reading() as unit:
            wish, link = unit.setting(BY_ITSELF, DEFAULTS[BY_ITSELF]), ties.load(unit)
            if link is None or wish == "no" or endings.is_turned_away(unit):
                return False
            if wish != "always" and any(
                one.fields.get("status") == "open" for one in unit.select("meeting")
            ):
                return False
            if departure(unit, link, self.ids, self.workspace.clock()).deletions:
                return False
        return self._credentials.token() is not None

    def writings(self, record_id: str) -> Sequence[Writing]:
        """Who changed a record that the central knows, the newest first, as it tells.

        SyncError when it cannot be asked.
        """
        with self._connected(_unheard, lambda: False) as central:
            return writings(
                self._credentials.let_in(central, lambda: central.revisions(record_id)).revisions
            )

    # Enrolment

    def enrol(
        self,
        url: str,
        code: str | None = None,
        ca: str | None = None,
        *,
        adopt: str | None = None,
        upload: bool = False,
        progress: Told = _unheard,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Enrolled:
        """Ties the workspace to a central; `ca` is the PEM text of a private authority, by default
        the one that this address was reached with.

        Without a code, or with the code that tied it, a workspace that is tied already takes one
        more commission. UserError when the choice of a commission is not clear, SyncError when the
        central cannot be reached or refuses; if it was stopped, the error says what became of it.
        """
        with translated(self.workspace), self.workspace.reading() as unit:
            before = ties.load(unit)
        if ca is None and before is not None and before.url == checked_url(url):
            ca = before.ca
        self.close()
        progress("Connexion au central", 0.0)
        with ExitStack() as line, translated(self.workspace):
            central = self._central = Central(url, ca=ca, cancelled=cancelled, pause=self._pause)
            line.callback(self.close)
            enrolment = Enrolment(self.workspace, self.ids, central, self._credentials)
            try:
                place = None
                if (code and not enrolment.has_spent(code)) or not enrolment.is_signed_in():
                    if not code:
                        raise UserError(
                            "Il faut un code pour se rattacher au central : demandez-le au GIP."
                        )
                    progress("Envoi du code", 0.25)
                    place = enrolment.trade(code, ca, socket.gethostname() or "ordinateur")
                    self._sign(before)
                else:
                    enrolment.trust(ca)
                endings.forget_fault(self.workspace)  # the central answers, and knows this laptop
                progress("Prise en charge de la commission", 0.5)
                enrolled = enrolment.settle(Wish(adopt, upload), place)
            except SyncError as error:
                if error.kind != "cancelled":
                    raise
                raise SyncError("cancelled", enrolment.if_stopped) from error
            with self.workspace.reading() as unit:
                self._made_for = _tie(self._tied(ties.load(unit)))
            line.pop_all()  # it stays open for the first sync
            return enrolled

    def _sign(self, before: ties.Link | None) -> None:
        """Signs changes with the account's name, unless the user has chosen one; another account
        than before drops that one too, for somebody else works here now.
        """
        settings = Settings(self.workspace)
        with self.workspace.reading() as unit:
            link = ties.load(unit)
        if before and link and before.facilitator.id != link.facilitator.id:
            settings.set("author_name", "")
        else:
            settings.sign_changes()

    def sign_out(self, cancelled: Callable[[], bool] = lambda: False) -> None:
        """Ends this laptop's access at the central and forgets the token; the work stays here."""
        try:
            with self._connected(_unheard, cancelled) as central:
                central.sign_out()
        except SyncError as error:
            if error.kind == "cancelled":
                raise SyncError("cancelled", UNCONFIRMED) from error
            if error.kind != "sign_in":
                raise
        self.forget_access()

    def take_leave(self) -> bool:
        """As `sign_out`, but forgets the token even where the central cannot be told of it.

        Gives whether the access is closed there, or there was none.
        """
        try:
            if self._credentials.token() is not None or self._credentials.is_silent:
                self.sign_out()
        except SyncError:
            self.forget_access()
            return False
        return True

    def forget_access(self) -> None:
        """Forgets the token on this laptop alone; the central still holds it for valid."""
        self.close()
        self._credentials.forget()
        endings.forget_fault(self.workspace)

    # Synchronising

    def run(
        self,
        progress: Told = _unheard,
        cancelled: Callable[[], bool] = lambda: False,
        *,
        accept_deletions: bool = False,
        unasked: bool = False,
    ) -> Report:
        """One sync; SyncError when it cannot be finished, what was done before stays done.

        `deletions` in the report means that nothing was deleted yet: run again with
        `accept_deletions` once the user agreed. When it is `unasked`, nobody may see the report.
        """
        with self._connected(progress, cancelled) as central:
            outcome = self._credentials.let_in(
                central,
                lambda: Run(
                    self.workspace, self.ids, central, accept_deletions=accept_deletions
                ).until_level(),
            )
            self._renew_token(central)
            at, clock = self.workspace.clock().isoformat(), self.clock_doubt()
            with self.workspace.reading() as unit:
                kept = ties.load_all(unit)
                lost = closed_with_work(unit, ties.link_of(kept))
                outcome.lost_spaces += [one for one in lost if one not in outcome.lost_spaces]
                report, is_due = Report(), forgetting.is_due(unit, kept)
                if outcome != Outcome():
                    report = report_of(unit, outcome, Records(self.workspace, self.ids))
            if is_due:
                report = self._forget(report, unasked=unasked)
            return msgspec.structs.replace(report, at=at, clock=clock)

    def _forget(self, report: Report, *, unasked: bool) -> Report:
        """Takes out of the files what was erased, and tells the records that name it still: once,
        but again after a report that the user may not have seen to its end.
        """
        fault = forgetting.take_out(self.workspace)
        with self.workspace.reading() as unit:
            named = forgetting.named_still(unit)
            told = report_after(unit, report, named, fault)
        if not (unasked or fault or report.deletions):
            with self.workspace.unit(LABEL) as unit:
                forgetting.told_of_named(unit, named)
                unit.commit()
        return told

    def run_noted(
        self,
        progress: Told = _unheard,
        cancelled: Callable[[], bool] = lambda: False,
        *,
        accept_deletions: bool = False,
        unasked: bool = False,
    ) -> Report:
        """As `run`, and notes how it ended for the next start.

        A sync that had nothing to do writes nothing, except that a fault before it is over.
        """
        try:
            report = self.run(
                progress, cancelled, accept_deletions=accept_deletions, unasked=unasked
            )
        except SyncError as error:
            if error.kind != "cancelled":
                endings.note_fault(self.workspace, error)
            raise
        if not report.is_bare:
            lasting = [OUTDATED] if OUTDATED in report.notes else []
            said = " ".join([report.counted, *lasting])
            endings.note_done(self.workspace, Ending(report.at, said), moved=report.moved)
        else:
            endings.forget_fault(self.workspace)
        return report

    def _renew_token(self, central: Central) -> None:
        """Trades a token that served its time for a fresh one, kept before it is first used.

        A lost reply leaves the present one good; the next sync tries again.
        """
        if not self._credentials.is_old():
            return
        try:
            token = central.rotate()
        except SyncError as error:
            if error.kind == "cancelled":
                raise
            return
        self._credentials.renew(token)
        central.sign_in(token)

    @contextmanager
    def _connected(self, progress: Told, cancelled: Callable[[], bool]) -> Iterator[Central]:
        with translated(self.workspace):
            with self.workspace.reading() as unit:
                link = self._tied(ties.load(unit))
            if self._made_for != _tie(link):
                self.close()
            if self._central is None:
                token = self._credentials.required(link.device_id)
                self._central = Central(link.url, ca=link.ca, token=token, pause=self._pause)
                self._made_for = _tie(link)
            self._central.cancelled = cancelled
            self._central.sending = partial(_tell, progress, "Envoi")
            self._central.receiving = partial(_tell, progress, "Réception")
            progress("Connexion au central", 0.0)
            yield self._central

    def _tied(self, link: Link | None) -> Link:
        if link is None:
            raise UserError(
                "Cet espace de travail n'est rattaché à aucun central : lancez « commissions enrol"
                " » avec l'adresse et le code donnés par le GIP."
            ) from Refusal(
                "cet espace de travail n'est rattaché à aucun central : la page « Synchronisation »"
                " l'y rattache, avec l'adresse et le code donnés par le GIP."
            )
        return link
