"""A laptop renews its token by itself; no reply lost, no copy brought back, locks it out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend

from app.central import accounts, backup
from app.errors import SyncError
from app.services.settings import BY_ITSELF
from app.services.sync import Sync
from app.storage import keyrings, protection
from app.sync import link as ties
from app.sync.credentials import RENEWED_AFTER, Credentials
from tests.app.sync.conftest import Laptop
from tests.app.sync.meddler import Act, Meddler, cut_after, cut_before, cut_within
from tests.central_server import Central
from tests.keyrings import no_keyring, other_keyring

Pair = tuple[Laptop, Laptop]
ROTATION = "/v1/devices/self/token"


def age(laptop: Laptop) -> None:
    """A month goes by on the laptop's clock."""
    workspace = laptop.services.workspace
    clock = workspace.clock
    workspace.clock = lambda: clock() + RENEWED_AFTER + timedelta(hours=1)


def token(laptop: Laptop) -> str | None:
    """The token as a program that starts now would find it."""
    return Credentials(laptop.services.workspace).token()


def start_again(laptop: Laptop) -> None:
    laptop.services.sync.close()
    sync = Sync(laptop.services.workspace, pause=laptop.waits.append)
    laptop.services.__dict__["sync"] = sync


def test_a_token_is_renewed_once_a_month(troubled: Pair, meddler: Meddler) -> None:
    anne, _ = troubled
    first = token(anne)
    anne.sync()
    assert meddler.calls(ROTATION) == []
    age(anne)
    anne.sync()
    anne.sync()
    assert len(meddler.calls(ROTATION)) == 1
    assert token(anne) != first
    start_again(anne)
    anne.put("need", title="Fibre")
    assert len(anne.sync().sent) == 1


def test_a_token_kept_under_a_clock_that_was_ahead_is_renewed_once_that_is_right(
    troubled: Pair, meddler: Meddler
) -> None:
    anne, _ = troubled
    right = anne.services.workspace.clock
    age(anne)
    anne.sync()
    anne.services.workspace.clock = right
    start_again(anne)
    anne.sync()
    anne.sync()
    assert len(meddler.calls(ROTATION)) == 2


def test_a_token_that_has_no_place_but_the_process_is_not_renewed_onto_the_disk(
    central: Central, meddler: Meddler, laptop: Callable[..., Laptop]
) -> None:
    anne = laptop("anne", meddler)
    with no_keyring():
        anne.enrol(central.facilitator(central.commission()))
        age(anne)
        anne.sync()
    assert meddler.calls(ROTATION) == []
    assert token(anne) is None


def test_no_more_than_one_former_token_is_kept(pair: Pair) -> None:
    anne, _ = pair
    for _ in range(3):
        age(anne)
        anne.sync()
    name = f"{protection.read_header(anne.services.workspace.folder).workspace}:central"
    assert len((keyrings.read_secret(name) or "").split()) == 2


def test_a_former_token_is_not_tried_where_the_line_is_cut(
    troubled: Pair, meddler: Meddler
) -> None:
    anne, _ = troubled
    age(anne)
    anne.sync()
    anne.put("need", title="Fibre")
    before = len(meddler.calls())
    meddler.next(*[cut_before] * 6)
    with pytest.raises(SyncError):
        anne.sync()
    assert len(meddler.calls()) == before + 3


class Watched(KeyringBackend):
    """The system's keyring, and what was asked of it."""

    priority = 0.0

    def __init__(self, behind: KeyringBackend) -> None:
        super().__init__()
        self.behind = behind
        self.asked: list[str] = []

    def get_password(self, service: str, username: str) -> str | None:
        self.asked.append("get")
        return self.behind.get_password(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self.asked.append("set")
        self.behind.set_password(service, username, password)

    def delete_password(self, service: str, username: str) -> None:
        self.asked.append("delete")
        self.behind.delete_password(service, username)


def test_a_token_that_is_fresh_lets_the_keyring_rest(pair: Pair) -> None:
    anne, _ = pair
    anne.sync()
    watched = Watched(keyring.get_keyring())
    with other_keyring(watched):
        anne.sync()
        assert watched.asked == []
        age(anne)
        anne.sync()
        assert "set" in watched.asked


@pytest.mark.parametrize("cut", [cut_before, cut_after, cut_within])
def test_a_lost_reply_of_a_renewal_locks_nobody_out(
    troubled: Pair, meddler: Meddler, cut: Act
) -> None:
    anne, _ = troubled
    age(anne)
    meddler.next(cut, cut, cut, only=ROTATION)
    anne.sync()
    for _ in range(2):
        start_again(anne)
        anne.put("need", title="Fibre")
        assert len(anne.sync().sent) == 1


@pytest.mark.parametrize("enrols", [False, True])
def test_a_central_of_before_the_renewal_takes_the_former_token(
    central: Central, pair: Pair, tmp_path: Path, *, enrols: bool
) -> None:
    anne, _ = pair
    backup.save(central.database, tmp_path / "copie", central.clock())
    age(anne)
    anne.sync()
    anne.sync()  # the new token is used, the former one is over
    backup.restore(central.database, tmp_path / "copie")
    need = anne.put("need", title="Fibre")
    start_again(anne)
    if enrols:  # as whoever takes another commission does, without a code
        anne.services.sync.enrol(anne.url, ca=anne.authority)
    assert [line.id for line in anne.sync().sent] == [need]


def test_a_token_that_a_copy_brings_back_is_tried_again_in_an_open_window(
    central: Central, laptop: Callable[..., Laptop], tmp_path: Path
) -> None:
    anne = laptop("anne")
    anne.enrol(central.facilitator(central.commission()))
    anne.sync()
    age(anne)
    anne.sync()
    anne.sync()
    backup.save(central.database, tmp_path / "copie", central.clock())
    with anne.services.workspace.reading() as unit:
        device = ties.kept(unit, "device_id")
    with central.database.writing() as connection:
        accounts.revoke_device(connection, central.clock(), device)
    with pytest.raises(SyncError):
        anne.sync()
    backup.restore(central.database, tmp_path / "copie")
    assert anne.sync().notes == []


def test_two_windows_on_one_workspace_stay_signed_in(pair: Pair) -> None:
    anne, _ = pair
    other = Sync(anne.services.workspace, pause=anne.waits.append)
    other.run()
    age(anne)
    anne.sync()
    anne.sync()
    anne.put("need", title="Fibre")
    assert len(other.run().sent) == 1
    other.close()


def test_a_laptop_whose_keyring_was_away_goes_on_once_it_is_back(pair: Pair) -> None:
    """As where a sync was asked for from afar: the central itself turned nobody away."""
    anne, _ = pair
    anne.services.settings.set(BY_ITSELF, "always")
    start_again(anne)
    with no_keyring():
        with pytest.raises(SyncError, match=r"trousseau de clés .* ne répond pas") as caught:
            anne.services.sync.run_noted()
        assert caught.value.kind == "keyring"
        status = anne.services.sync.status()
        assert status.silent_keyring and not status.signed_in
        assert not anne.services.sync.may_start_alone()
        with pytest.raises(SyncError, match=r"trousseau de clés .* ne répond pas"):
            anne.services.sync.enrol(status.url)
    assert anne.services.sync.status().fault is not None
    assert not anne.services.sync.status().silent_keyring
    assert anne.services.sync.status().signed_in
    assert anne.services.sync.may_start_alone()


def test_a_laptop_that_leaves_while_its_keyring_is_away_says_that_its_access_stays_open(
    pair: Pair,
) -> None:
    anne, _ = pair
    start_again(anne)
    with no_keyring():
        assert not anne.services.sync.take_leave()
    status = anne.services.sync.status()
    assert not status.signed_in and not status.silent_keyring
    assert anne.services.sync.take_leave()  # there is nothing left to leave


def test_a_revoked_laptop_stays_refused(central: Central, laptop: Callable[..., Laptop]) -> None:
    anne = laptop("anne")
    anne.enrol(central.facilitator(central.commission()))
    age(anne)
    anne.sync()
    anne.sync()
    with central.database.writing() as connection:
        connection.exec_driver_sql("UPDATE devices SET revoked_at = '2027-03-19'")
    with pytest.raises(SyncError) as caught:
        anne.sync()
    assert caught.value.kind == "sign_in"
