"""A freeze whose reply was lost: what it replaced is kept, whatever happens before the answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.central import accounts
from app.central.schema import devices, grants
from app.errors import SyncError
from tests.app.sync.conftest import Laptop
from tests.app.sync.meddler import Meddler, cut_after
from tests.app.sync.test_between_laptops import level
from tests.app.sync.test_frozen_minutes import addenda, closed
from tests.app.sync.test_restored_central import Copies, copies
from tests.central_server import Central

__all__ = ["closed", "copies"]

Pair = tuple[Laptop, Laptop]


@pytest.fixture
def pair(troubled: Pair) -> Pair:
    return troubled


@pytest.fixture
def account(central: Central, pair: Pair) -> str:
    """The facilitator of both laptops."""
    with central.database.reading() as connection:
        return str(connection.execute(select(grants.c.facilitator_id)).scalar_one())


@pytest.fixture
def check(pair: Pair, closed: tuple[str, str], meddler: Meddler) -> Callable[[], None]:
    """A freeze of other words than the central's, its reply lost; checks what becomes of them."""
    anne, benoit = pair
    meeting, item = closed
    action = anne.put("action", agenda_item_id=item, text="Demander un devis.")
    level(anne, benoit)
    benoit.put("agenda_item", item, notes="Un. Dit par Benoît.")
    benoit.put("action", action, outcome="Devis reçu.")
    benoit.sync()
    anne.put("agenda_item", item, notes="Un. Dit par Anne.")
    anne.services.minutes.freeze(meeting)
    meddler.next(*[cut_after] * 3)
    with pytest.raises(SyncError):
        anne.sync()
    meddler.next()

    def check() -> None:
        anne.sync()
        level(anne, benoit)
        (addendum,) = addenda(anne)
        assert "Dit par Benoît." in addendum.fields["text"]
        assert anne.get(item)["notes"] == "Un. Dit par Anne."
        assert anne.get(action)["outcome"] == "Devis reçu."
        assert anne.services.conflicts.open() == []
        assert anne.services.sync.status().pending == 0
        assert anne.state() == benoit.state()

    return check


def test_what_it_replaced_is_kept_over_a_restore_of_the_central(
    check: Callable[[], None], copies: Copies
) -> None:
    copies.save()
    copies.restore()
    check()


def test_what_it_replaced_is_kept_by_a_laptop_that_got_a_new_code(
    check: Callable[[], None], central: Central, pair: Pair, account: str
) -> None:
    anne, _ = pair
    with central.database.writing() as connection:
        connection.execute(devices.update().values(revoked_at="2026-01-01"))
    with pytest.raises(SyncError):
        anne.sync()
    for one in pair:
        one.enrol(account)
    check()


def test_what_it_replaced_is_kept_when_access_is_withdrawn_and_given_back(
    check: Callable[[], None], central: Central, pair: Pair, account: str
) -> None:
    withdraw_and_give_back(central, pair[0], account)
    assert all(one.services.sync.status().commission_ids for one in pair)
    check()


def test_what_others_added_comes_with_its_answer_once_access_is_given_back(
    pair: Pair, closed: tuple[str, str], meddler: Meddler, central: Central, account: str
) -> None:
    anne, benoit = pair
    meeting, item = closed
    decision = benoit.put("decision", agenda_item_id=item, text="On commande.")
    benoit.sync()
    anne.services.minutes.freeze(meeting)
    meddler.next(*[cut_after] * 3)
    with pytest.raises(SyncError):
        anne.sync()
    meddler.next()
    withdraw_and_give_back(central, anne, account)
    anne.sync()
    assert anne.get(decision)["text"] == "On commande."
    (addendum,) = addenda(anne)
    assert "On commande." in addendum.fields["text"]


def withdraw_and_give_back(central: Central, one: Laptop, account: str) -> None:
    """Closes the commission to the account, which a laptop hears of, then opens it again."""
    (space,) = one.services.sync.status().commission_ids
    with central.database.writing() as connection:
        connection.execute(grants.delete())
    (note,) = one.sync().notes
    assert "ne vous est plus ouverte" in note
    assert one.sync().sent == []
    with central.database.writing() as connection:
        accounts.grant(connection, central.clock(), account, space)
    one.services.sync.enrol(one.url, adopt=space)
