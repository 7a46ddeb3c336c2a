"""The whole evening: the GIP publishes, the commission meets, two laptops meet the central."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from app.clock import now
from app.services.demonstration.laptop import Laptop, StoryClock
from app.services.demonstration.story import Calendar, Story

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.services.sync_report import Report

Role = Literal["facilitator", "gip"]
Opener = Callable[[Path, StoryClock], "Services"]
Pause = Callable[[Laptop, Story], None]


class Centre(Protocol):
    """A running central, as its administrator sees it."""

    @property
    def url(self) -> str:
        """Its address."""

    @property
    def ca(self) -> str:
        """The PEM text of the authority of its certificate."""

    def account(self, name: str, *, role: Role = "facilitator", create: bool = False) -> str:
        """A new account's id."""

    def grant(self, account_id: str, commission_id: str) -> None:
        """Opens a commission to an account."""

    def code(self, account_id: str) -> str:
        """A one-time code of an account."""


@dataclass(frozen=True)
class Played:
    """What the evening left: the facilitator's laptop, the ids by key, what each sync did."""

    laptop: Laptop
    story: Story
    syncs: dict[str, Report]


class Evening:
    """The three laptops of the story, in folders of their own under one."""

    def __init__(self, folder: Path, centre: Centre, opener: Opener, pause: Pause) -> None:
        self._folder = folder
        self._centre = centre
        self._opener = opener
        self._pause = pause
        self._story = Story(Calendar.before(now().date()))
        self._syncs: dict[str, Report] = {}

    def play(self, told: Callable[[str], None]) -> Played:
        """Plays everything; `told` is given words on what is under way."""
        told("Le GIP publie sa veille")
        self._publish()
        told("La commission se réunit")
        camille = self._meet()
        told("Un second portable modifie la même séance")
        self._collide(camille)
        return Played(camille, self._story, self._syncs)

    def _publish(self) -> None:
        gip = self._laptop("gip", "Sacha Chevêche")
        self._enrol(gip, self._centre.account("Sacha Chevêche", role="gip"))
        gip.play(self._story, "gip.json")
        self._sync("gip", gip)
        gip.services.close()

    def _meet(self) -> Laptop:
        camille = self._laptop("espace", "Camille Héron")
        camille.play(self._story, "commission.json")
        self._enrol(camille, self._centre.account("Camille Héron", create=True), upload=True)
        self._sync("commission", camille)
        camille.play(self._story, "meeting.json")
        self._sync("seance", camille)
        return camille

    def _collide(self, camille: Laptop) -> None:
        """Two people prepare the next meeting apart: their changes merge, except in one field."""
        noe = self._laptop("collegue", "Noé Martinet")
        account = self._centre.account("Noé Martinet")
        self._centre.grant(account, self._story.id_of("commission"))
        self._enrol(noe, account)
        self._sync("collegue", noe)
        noe.play(self._story, "noe.json")
        camille.play(self._story, "camille.json")
        self._sync("collegue, ensuite", noe)
        self._sync("rencontre", camille)
        noe.services.close()

    def _laptop(self, name: str, author: str) -> Laptop:
        return Laptop(
            self._folder / name, author, self._opener, lambda one: self._pause(one, self._story)
        )

    def _enrol(self, laptop: Laptop, account_id: str, *, upload: bool = False) -> None:
        code = self._centre.code(account_id)
        laptop.services.sync.enrol(self._centre.url, code, self._centre.ca, upload=upload)

    def _sync(self, name: str, laptop: Laptop) -> None:
        self._syncs[name] = laptop.services.sync.run_noted()
