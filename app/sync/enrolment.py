"""Ties a workspace to a central: trades the code for a token, adopts or sends a commission."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

import msgspec

from app.clock import IdMaker
from app.domain.records import REGION, Envelope
from app.domain.validation import defaults
from app.errors import SeveralCommissions, SyncError, UserError
from app.storage import sync_state
from app.storage.unit_of_work import UnitOfWork
from app.storage.workspace import Workspace
from app.sync import link as ties
from app.sync import outbox
from app.sync.client import Central
from app.sync.credentials import Credentials, Place
from app.sync.link import Link
from app.sync.protocol import (
    API_VERSION,
    Capabilities,
    Device,
    Facilitator,
    GrantedSpace,
    code_given,
)
from app.sync.receipts import successor
from app.sync.run import Run
from app.sync.spaces import hold, take_back

LABEL = "Rattachement au central"

UNCHANGED = "Le rattachement est arrêté : rien n'a changé, ni ici ni au central."
CODE_SENT = (
    "Le rattachement est arrêté sans réponse du central au code : réessayez avec le même ; s'il"
    " n'est plus valable, il a servi, demandez-en un autre au GIP."
)
ACCESS_KEPT = (
    "Le rattachement est arrêté avant la fin : cet ordinateur a son accès au central, sans autre"
    " code à demander."
)
_SPENT = "spent_code"  # the name under which the digest of the code used last is kept


@dataclass(frozen=True)
class Wish:
    """What to do once the account is known: adopt a commission, or send the local one."""

    adopt: str | None = None
    upload: bool = False


@dataclass
class Enrolled:
    """The outcome: our account, the commissions held, where the token is kept, notes to show."""

    facilitator: Facilitator
    commission_ids: Sequence[str]
    kept_in: Place | None
    notes: list[str] = field(default_factory=list)


class Enrolment:
    """One enrolment over an open connection, or one more commission for an account tied before.

    `if_stopped` is the sentence to show if the user stops the enrolment at this point.
    """

    def __init__(
        self, workspace: Workspace, ids: IdMaker, central: Central, credentials: Credentials
    ) -> None:
        self.workspace = workspace
        self.ids = ids
        self.central = central
        self.credentials = credentials
        self.if_stopped = UNCHANGED

    def has_spent(self, code: str) -> bool:
        """Whether this code is the one that the workspace was tied with."""
        with self.workspace.reading() as unit:
            spent: str | None = ties.kept(unit, _SPENT)
        return spent == _digest(code)

    def is_signed_in(self) -> bool:
        """Whether the workspace is tied to this central by a token and a key that still hold."""
        with self.workspace.reading() as unit:
            link = ties.load(unit)
        if link is None or link.url != self.central.url:
            return False
        token = self.credentials.token(link.device_id)
        if token is None:
            self.credentials.check_answered()
            return False
        self.central.sign_in(token)
        try:
            self.credentials.let_in(self.central, self.central.device)
        except SyncError as error:
            if error.kind != "sign_in":
                raise
            return False
        signed_in = successor(link.key, self.central.capabilities()) is not None
        if signed_in:
            self.if_stopped = ACCESS_KEPT
        return signed_in

    def trust(self, ca: str | None) -> None:
        """Stores the certificate authority that the central was reached with, if it changed."""
        with self.workspace.unit(LABEL) as unit:
            link = ties.load(unit)
            if link is not None and link.ca != ca:
                ties.save(unit, msgspec.structs.replace(link, ca=ca))
                unit.commit()

    def trade(self, code: str, ca: str | None, device_name: str) -> Place:
        """Trades the code for a token and writes the tie; gives where the token is kept."""
        able = self.central.capabilities()
        _check_versions(able)
        with self.workspace.reading() as unit:
            _check_same(ties.load(unit), self.central.url, able)
        self.if_stopped = CODE_SENT
        enrolment = self.central.enrol(code, device_name)
        self.if_stopped = ACCESS_KEPT
        self.central.sign_in(enrolment.token)
        place = self.credentials.keep(enrolment.token, enrolment.device_id)
        with self.workspace.unit(LABEL) as unit:
            before = ties.load(unit)  # another program may have changed it meanwhile
            _check_same(before, self.central.url, able)
            link = Link(
                url=self.central.url,
                ca=ca,
                key=able.key,
                epoch=before.epoch if before else able.epoch,
                lineage=before.lineage if before else enrolment.epochs,
                device_id=enrolment.device_id,
                facilitator=enrolment.facilitator,
                role=enrolment.facilitator.role,
                spaces=_kept(before, enrolment.facilitator.id, enrolment.spaces),
                limits=able.limits,
                comparing=before is not None and before.comparing,
                missed=before.missed if before else {},
            )
            ties.save(unit, link)
            lost = set(before.spaces if before else ()).difference(link.spaces)
            outbox.let_go(unit, link, self.ids, lost)
            ties.keep(unit, _SPENT, _digest(code))
            if before is None:
                ties.keep(unit, ties.DEFINITIONS, ties.definitions())
                ties.move_cursor(unit, REGION, 0)
            unit.commit()
        return place

    def settle(self, wish: Wish, place: Place | None) -> Enrolled:
        """Adopts or uploads as wished; UserError when the choice is not clear, or not allowed."""
        device = self.central.device()
        held = self._link().spaces
        self._take_back(device)
        notes: list[str] = []
        if wish.upload:
            self._upload(device)
        else:
            chosen = self._chosen(device.spaces, held, wish)
            if chosen is not None:
                self._adopt(chosen)
            notes += self._kept_here()
            if chosen is not None and device.facilitator.role == "gip":
                notes += _of_the_gip(chosen)
        return Enrolled(device.facilitator, self._link().spaces, place, notes)

    def _link(self) -> Link:
        with self.workspace.reading() as unit:
            link = ties.load(unit)
        assert link is not None
        return link

    def _take_back(self, device: Device) -> None:
        """Syncs again the commissions once synced here that are open to the account, or that it may
        open: those that the central may lack since a restore.
        """
        link = self._link()
        opened = {one.space for one in device.spaces}
        with self.workspace.reading() as unit:
            again = ties.ever_open(unit)
        if not device.facilitator.may_open:
            again &= opened
        elif not link.comparing and link.epoch == self.central.capabilities().epoch:
            again &= opened.union(link.missed)
        take_back(self.workspace, link, again, LABEL)

    def _chosen(
        self, granted: Sequence[GrantedSpace], held: Sequence[str], wish: Wish
    ) -> GrantedSpace | None:
        """The commission to take in, of those granted; `held` are those synced until now."""
        by_id = {one.space: one for one in granted}
        if wish.adopt is not None:
            if wish.adopt not in by_id:
                raise UserError(
                    f"La commission « {wish.adopt} » ne vous est pas ouverte : {_listed(granted)}."
                )
            return by_id[wish.adopt]
        left = [one for one in granted if one.space not in held]
        if len(left) > 1:
            raise SeveralCommissions(
                "Plusieurs commissions vous sont ouvertes, relancez en choisissant l'une d'elles"
                f" par --adopt, sans nouveau code : {_listed(left)}.",
                [(one.space, one.name) for one in left],
            )
        return left[0] if left else None

    def _adopt(self, chosen: GrantedSpace) -> None:
        """Takes in a granted commission, in place of untouched local ones; the next sync brings its
        records.
        """
        with self.workspace.unit(LABEL) as unit:
            for local in _local_commissions(unit):
                if local.id != chosen.space and _is_untouched(unit, local):
                    unit.receive(msgspec.structs.replace(local, deleted=True))
            if unit.stored(chosen.space) is None:
                unit.receive_new([_announced(chosen)])
            hold(unit, [chosen.space])
            ties.move_cursor(unit, chosen.space, 0)
            unit.commit()

    def _kept_here(self) -> list[str]:
        """The notes saying which commissions stay on this computer, unknown to any central."""
        with self.workspace.reading() as unit:
            link = ties.load(unit)
            return [
                f"La commission « {local.fields['name']} » reste sur cet ordinateur"
                " et n'est pas envoyée."
                for local in _local_commissions(unit)
                if link is None or local.id not in link.spaces
            ]

    def _upload(self, device: Device) -> None:
        """Opens the local commissions' spaces at the central; the next sync sends the rest."""
        if not device.facilitator.may_open:
            raise UserError(
                "Votre compte n'a pas le droit de créer une commission au central :"
                " demandez-le au GIP, ou adoptez une commission ouverte."
            )
        with self.workspace.unit(LABEL) as unit:
            ids = [local.id for local in _local_commissions(unit)]
            hold(unit, ids)
            unit.commit()
        # One that is held, but that the central does not list, is for the next sync to send again.
        listed = {one.space for one in device.spaces}
        if not ids and listed.issuperset(self._link().spaces):
            raise UserError(
                "Cet espace de travail n'a aucune commission à envoyer : créez-en une d'abord."
            )
        for space in ids:
            Run(self.workspace, self.ids, self.central).open_space(space)


def _of_the_gip(chosen: GrantedSpace) -> list[str]:
    """The note telling an account of the GIP, which may write anywhere, where its additions go."""
    return [
        "Votre compte est celui du GIP : ce que vous ajouterez ira à la commission"
        f" « {chosen.name} », sauf les notes et les solutions faites pour la région."
    ]


def _kept(before: Link | None, account_id: str, granted: Sequence[GrantedSpace]) -> tuple[str, ...]:
    """The spaces that stay tied: all for the same account, else those the new account may open."""
    if before is None or before.facilitator.id == account_id:
        return before.spaces if before else ()
    open_to_it = {one.space for one in granted}
    return tuple(space for space in before.spaces if space in open_to_it)


def _digest(code: str) -> str:
    """The digest of a code, the same however it was typed."""
    return sha256(code_given(code).encode()).hexdigest()


def _check_versions(able: Capabilities) -> None:
    if not able.api.min <= API_VERSION <= able.api.max:
        raise SyncError(
            "outdated",
            "Ce programme et le central ne parlent pas la même version : mettez le programme à"
            " jour, ou prévenez le GIP.",
        )


def _check_same(before: Link | None, url: str, able: Capabilities) -> None:
    """UserError when the workspace is tied to another central: it can have only one. At another
    address it is the same one if endorsements lead from the pinned key to its own.
    """
    if before is None or before.url == url:
        return
    if successor(before.key, able) is None:
        raise UserError(
            f"Cet espace de travail est déjà rattaché à {before.url} : créez-en un autre pour un"
            " autre central."
        )


def _local_commissions(unit: UnitOfWork) -> list[Envelope]:
    """The commissions that no central knows of yet."""
    link = ties.load(unit)
    open_there = ties.cursors(unit, link) if link else {}
    return [c for c in unit.select("commission") if c.revision == 0 and c.id not in open_there]


def _is_untouched(unit: UnitOfWork, commission: Envelope) -> bool:
    """Whether nothing was done in the commission since it was created."""
    stored = unit.stored(commission.id)
    alone = sync_state.count_live(unit, commission.id) == 1
    return stored is not None and stored.edits <= 1 and alone


def _announced(granted: GrantedSpace) -> Envelope:
    """A commission of which only the id and the name are known, until its record comes."""
    fields = defaults("commission") | {"name": granted.name}
    return Envelope(kind="commission", id=granted.space, commission_id=granted.space, fields=fields)


def _listed(granted: Sequence[GrantedSpace]) -> str:
    return " ; ".join(f"{one.space} ({one.name})" for one in granted) or "aucune ne l'est"
