"""Two programs that synchronise one workspace at once: the window, and a command beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import update

from app.bootstrap import Services, open_services
from app.central import accounts, backup
from app.central.schema import records, spaces
from app.domain.records import REGION
from app.errors import SyncError, UserError
from app.services.sync import Sync
from app.sync import link as ties
from app.sync.protocol import Limits
from tests.app.sync.conftest import Laptop
from tests.app.sync.meddler import Answer, Heard, Meddler, cut_before, faithful
from tests.app.sync.test_between_laptops import level, put_many
from tests.central_server import Central, start_central

Pair = tuple[Laptop, Laptop]


@pytest.fixture
def central(tmp_path: Path) -> Iterator[Central]:
    """A central that answers in short pages."""
    with start_central(tmp_path / "central", limits=Limits(page=2)) as served:
        yield served


@pytest.fixture
def need(troubled: Pair) -> str:
    anne, benoit = troubled
    made = anne.put("need", title="Fibre")
    level(anne, benoit)
    return made


@pytest.fixture
def beside(troubled: Pair, tmp_path: Path) -> Iterator[Services]:
    """Another program on Anne's workspace, which has its token: GNOME's keyring may die later."""
    services = open_services(tmp_path / "anne")
    assert services.sync.status().signed_in
    yield services
    services.close()


def _cursors(one: Laptop) -> dict[str, int]:
    with one.services.workspace.reading() as unit:
        link = ties.load(unit)
        assert link is not None
        return ties.cursors(unit, link)


def test_what_is_typed_between_two_answers_to_one_batch_leaves(
    troubled: Pair, meddler: Meddler, need: str, beside: Services
) -> None:
    anne, benoit = troubled
    anne.put("need", need, title="La fibre")

    def meanwhile(_: Heard, forward: Callable[..., Answer]) -> Answer:
        answer = forward()
        beside.sync.run()
        beside.records.update(need, {"words": "Tapé entre les deux."})
        return answer

    meddler.next(meanwhile)
    assert [line.id for line in anne.sync().sent] == [need]
    benoit.put("need", need, severity=4)
    level(benoit, anne)
    for one in troubled:
        fields = one.get(need)
        assert (fields["title"], fields["words"]) == ("La fibre", "Tapé entre les deux.")
    assert anne.state() == benoit.state()


def test_a_workspace_that_another_program_tied_meanwhile_stays_tied_to_that_central(
    central: Central, meddler: Meddler, laptop: Callable[..., Laptop], tmp_path: Path
) -> None:
    anne, commission = laptop("anne", meddler), central.commission()
    account = central.facilitator(commission)
    beside = open_services(tmp_path / "anne")

    def meanwhile(_: Heard, forward: Callable[..., Answer]) -> Answer:
        authority = central.authority.read_text()
        beside.sync.enrol(central.url, central.code(account), authority)
        return forward()

    meddler.next(meanwhile, only="/v1/enrolments")
    with start_central(tmp_path / "other") as other:
        meddler.turn_to(other)
        code = other.code(other.facilitator(other.commission()))
        with pytest.raises(UserError, match="déjà rattaché"):
            anne.services.sync.enrol(anne.url, code, anne.authority)
        meddler.close()
    beside.close()
    with anne.services.workspace.reading() as unit:
        link = ties.load(unit)
    assert link is not None
    assert (link.url, link.spaces) == (central.url, (commission,))


def test_a_page_that_another_program_went_past_is_of_the_past(
    troubled: Pair, meddler: Meddler, need: str, beside: Services
) -> None:
    anne, benoit = troubled
    benoit.put("need", need, words="Trop lent.")
    benoit.sync()

    def meanwhile(_: Heard, forward: Callable[..., Answer]) -> Answer:
        answer = forward()
        beside.sync.run()
        beside.records.update(need, {"title": "La fibre"})
        beside.sync.run()
        return answer

    meddler.next(meanwhile)
    anne.sync()
    level(benoit, anne)
    fields = benoit.get(need)
    assert (fields["title"], fields["words"]) == ("La fibre", "Trop lent.")
    assert anne.state() == benoit.state()


def test_an_answer_that_another_program_overtook_takes_no_cursor_back(
    troubled: Pair, meddler: Meddler, need: str, beside: Services
) -> None:
    anne, benoit = troubled
    anne.put("need", need, words="Trop lent.")  # of which the region hears nothing
    reached: list[dict[str, int]] = []

    def meanwhile(_: Heard, forward: Callable[..., Answer]) -> Answer:
        answer = forward()
        benoit.put("need", title="Site")
        benoit.sync()
        beside.sync.run()
        reached.append(_cursors(anne))
        return answer

    meddler.next(meanwhile)
    anne.sync()
    assert reached == [_cursors(anne)]


def test_what_waits_for_the_last_page_takes_no_later_state_back(
    troubled: Pair, meddler: Meddler, need: str, beside: Services
) -> None:
    anne, benoit = troubled
    benoit.put("need", need, words="Trop lent.")
    for number in range(6):
        benoit.put("need", title=f"Autre {number}")
    benoit.sync()
    anne.put("need", need, title="La fibre")

    def meanwhile(_: Heard, forward: Callable[..., Answer]) -> Answer:
        answer = forward()
        beside.sync.run()
        return answer

    meddler.next(faithful, meanwhile)
    anne.sync()
    assert anne.get(need)["title"] == "La fibre"
    level(benoit, anne)
    assert anne.state() == benoit.state()


@pytest.mark.parametrize("accepted", [False, True])
def test_an_answer_that_another_program_overtook_is_asked_for_again(
    troubled: Pair, meddler: Meddler, need: str, beside: Services, accepted: bool
) -> None:
    anne, benoit = troubled
    gone = put_many(benoit, 6)
    level(anne, benoit)
    for one in gone:  # so many that they wait for a word, and the cursor with them
        benoit.services.records.delete(one)
    benoit.put("need", need, words="Trop lent.")
    benoit.sync()

    def meanwhile(_: Heard, forward: Callable[..., Answer]) -> Answer:
        answer = forward()
        beside.records.update(need, {"title": "La fibre"})
        for _ in range(2):  # what others had written first, then our own
            beside.sync.run(accept_deletions=accepted)
        return answer

    meddler.next(faithful, faithful, faithful, meanwhile)
    assert len(anne.sync().deletions) == (0 if accepted else 6)
    anne.sync(accept_deletions=True)
    level(benoit, anne)
    fields = benoit.get(need)
    assert (fields["title"], fields["words"]) == ("La fibre", "Trop lent.")
    assert anne.state() == benoit.state()


def test_an_answer_of_an_epoch_that_another_program_saw_end_is_asked_for_again(
    troubled: Pair,
    meddler: Meddler,
    laptop: Callable[..., Laptop],
    beside: Services,
    tmp_path: Path,
) -> None:
    (anne, benoit), central = troubled, meddler.central
    need = anne.put("need", title="Fibre")
    level(anne, benoit)
    [commission] = anne.services.sync.status().commission_ids
    carole = laptop("carole")
    carole.enrol(central.facilitator(commission))
    backup.save(central.database, tmp_path / "copie", central.clock())
    benoit.put("need", need, title="La fibre")
    benoit.sync()

    def meanwhile(_: Heard, forward: Callable[..., Answer]) -> Answer:
        answer = forward()
        backup.restore(central.database, tmp_path / "copie")
        beside.sync.run()
        return answer

    meddler.next(meanwhile)
    anne.sync()
    assert anne.get(need)["title"] == "Fibre"  # no central holds the other yet
    site = carole.put("need", title="Site")  # its seq was once that of the other title
    carole.sync()
    anne.sync()
    assert anne.get(site)["title"] == "Site"
    level(benoit, anne)
    assert anne.get(need)["title"] == "La fibre"
    assert anne.state() == benoit.state()


def test_a_receipt_of_an_epoch_that_another_program_saw_end_proves_nothing(
    troubled: Pair, meddler: Meddler, need: str, beside: Services, tmp_path: Path
) -> None:
    (anne, benoit), central = troubled, meddler.central
    backup.save(central.database, tmp_path / "copie", central.clock())
    anne.put("need", need, title="La fibre")
    anne.sync()
    anne.put("need", need, words="Trop lent.")
    beside.__dict__["sync"] = Sync(beside.workspace, pause=lambda _: None)

    def meanwhile(_: Heard, forward: Callable[..., Answer]) -> Answer:
        answer = forward()
        backup.restore(central.database, tmp_path / "copie")
        # refused, sent again under the new epoch, compared (region and commission), then cut
        meddler.next(*[faithful] * 4, *[cut_before] * 99)
        with pytest.raises(SyncError):
            beside.sync.run()
        return answer

    meddler.next(meanwhile)
    with pytest.raises(SyncError):
        anne.sync()
    proof = anne.services.receipts.proof(need)
    assert proof is not None
    assert proof.void
    assert anne.services.sync.status().to_resend == 1
    meddler.next()
    level(anne, benoit)
    fields = benoit.get(need)
    assert (fields["title"], fields["words"]) == ("La fibre", "Trop lent.")
    assert anne.services.sync.status().to_resend == 0


@pytest.fixture
def restored(troubled: Pair, meddler: Meddler, need: str, tmp_path: Path) -> str:
    """A need held by both laptops and by a central that was restored; gives its id."""
    central = meddler.central
    backup.save(central.database, tmp_path / "copie", central.clock())
    backup.restore(central.database, tmp_path / "copie")
    return need


def test_a_page_compared_after_another_program_has_compared_all_takes_nothing_back(
    troubled: Pair, meddler: Meddler, restored: str, beside: Services
) -> None:
    anne, benoit = troubled

    def meanwhile(_: Heard, forward: Callable[..., Answer]) -> Answer:
        answer = forward()
        benoit.sync()
        benoit.put("need", restored, title="La fibre")
        benoit.sync()
        meddler.next(*[faithful] * 99)
        beside.sync.run()
        meddler.next(*[cut_before] * 99)
        return answer

    meddler.next(faithful, meanwhile)  # refused, then the region with the digest of the need
    with pytest.raises(SyncError):
        anne.sync()
    meddler.next()
    digests = [one for one in anne.state().values() if one.kind == "need_digest"]
    assert [one.fields["title"] for one in digests] == ["La fibre"]
    level(anne, benoit)
    assert anne.state() == benoit.state()


def test_a_comparison_gives_way_to_one_that_another_program_began_since(
    troubled: Pair, meddler: Meddler, restored: str, beside: Services
) -> None:
    anne, benoit = troubled
    beside.__dict__["sync"] = Sync(beside.workspace, pause=lambda _: None)

    def meanwhile(_: Heard, forward: Callable[..., Answer]) -> Answer:
        answer = forward()
        benoit.sync()
        put_many(benoit, 2)
        benoit.put("need", restored, title="La fibre")
        benoit.sync()
        meddler.next(*[faithful] * 3, *[cut_before] * 99)
        with pytest.raises(SyncError):
            beside.sync.run()
        meddler.next()
        return answer

    meddler.next(faithful, faithful, meanwhile)
    with pytest.raises(SyncError, match="Un autre programme compare"):
        anne.sync()
    assert anne.get(restored)["title"] == "La fibre"
    level(anne, benoit)
    assert anne.state() == benoit.state()


def test_a_central_that_goes_back_without_saying_so_is_not_believed(
    troubled: Pair, meddler: Meddler, need: str
) -> None:
    anne, benoit = troubled
    benoit.put("need", need, title="La fibre")
    level(benoit, anne)
    with anne.central.database.writing() as connection:  # as a restore that keeps its epoch would
        former = records.c.id == need
        connection.execute(update(records).where(former).values(revision=1, seq=1_000))
        connection.execute(update(spaces).where(spaces.c.space != REGION).values(seq=1_000))
    before, here = len(meddler.calls()), anne.state()
    for _ in range(2):
        with pytest.raises(SyncError, match="état plus ancien"):
            anne.sync()
    assert len(meddler.calls()) - before == 4
    assert (anne.state(), anne.get(need)["title"]) == (here, "La fibre")


def test_a_commission_that_another_program_adopts_as_one_is_found_withdrawn_stays(
    central: Central, meddler: Meddler, laptop: Callable[..., Laptop], tmp_path: Path
) -> None:
    closed, added = central.commission("Beaune"), central.commission("Dijon")
    facilitator = central.facilitator(closed, added)
    anne = laptop("anne", meddler)
    anne.enrol(facilitator, adopt=closed)
    anne.sync()
    beside = open_services(tmp_path / "anne")
    with central.database.writing() as connection:
        accounts.withdraw(connection, central.clock(), facilitator, closed)

    def meanwhile(_: Heard, forward: Callable[..., Answer]) -> Answer:
        answer = forward()
        beside.sync.enrol(anne.url, adopt=added)
        return answer

    meddler.next(meanwhile, only="/v1/devices/self")
    assert any("ne vous est plus ouverte" in note for note in anne.sync().notes)
    assert not meddler.acts
    assert anne.services.sync.status().commission_ids == (added,)
    beside.close()


def test_a_commission_that_another_program_adopts_during_a_comparison_stays_and_fills(
    central: Central, meddler: Meddler, laptop: Callable[..., Laptop], tmp_path: Path
) -> None:
    held, added = central.commission("Beaune"), central.commission("Dijon")
    facilitator = central.facilitator(held, added)
    anne, benoit = laptop("anne", meddler), laptop("benoit")
    anne.enrol(facilitator, adopt=held)
    benoit.enrol(facilitator, adopt=added)
    need = benoit.put("need", title="Fibre")
    level(anne, benoit)
    backup.save(central.database, tmp_path / "copie", central.clock())
    backup.restore(central.database, tmp_path / "copie")
    beside = open_services(tmp_path / "anne")

    def meanwhile(_: Heard, forward: Callable[..., Answer]) -> Answer:
        answer = forward()
        beside.sync.enrol(anne.url, adopt=added)
        return answer

    meddler.next(meanwhile, only="/v1/devices/self")
    anne.sync()
    assert not meddler.acts
    assert anne.services.sync.status().commission_ids == (held, added)
    assert anne.get(need)["title"] == "Fibre"
    beside.close()


def test_a_commission_that_another_program_adopts_as_a_code_is_traded_stays(
    central: Central, meddler: Meddler, laptop: Callable[..., Laptop], tmp_path: Path
) -> None:
    held, added, chosen = map(central.commission, ("Beaune", "Dijon", "Nevers"))
    facilitator = central.facilitator(held, added, chosen)
    anne = laptop("anne", meddler)
    anne.enrol(facilitator, adopt=held)
    beside = open_services(tmp_path / "anne")

    def meanwhile(_: Heard, forward: Callable[..., Answer]) -> Answer:
        answer = forward()
        beside.sync.enrol(anne.url, adopt=added)
        return answer

    meddler.next(meanwhile, only="/v1/enrolments")
    anne.enrol(facilitator, adopt=chosen)
    assert not meddler.acts
    assert anne.services.sync.status().commission_ids == (held, added, chosen)
    beside.close()


@pytest.mark.parametrize("moves", [False, True], ids=["here", "elsewhere"])
def test_an_open_window_goes_on_by_the_tie_that_another_program_made(
    central: Central, meddler: Meddler, laptop: Callable[..., Laptop], tmp_path: Path, moves: bool
) -> None:
    held, added = central.commission("Beaune"), central.commission("Dijon")
    paul = central.facilitator(held, added, name="Paul Durand")
    anne = laptop("anne", meddler)
    anne.enrol(central.facilitator(held))
    anne.sync()
    with closing(open_services(tmp_path / "anne")) as beside:
        url, ca = (central.url, central.authority.read_text()) if moves else (anne.url, None)
        beside.sync.enrol(url, central.code(paul), ca, adopt=added)
        need = beside.records.create("need", {"title": "Fibre"}, added).id
    if moves:
        meddler.always = cut_before
    report = anne.sync()
    assert ([line.id for line in report.sent], report.notes) == ([need], [])
    status = anne.services.sync.status()
    assert (status.facilitator, status.commission_ids) == ("Paul Durand", (held, added))
    (written,) = anne.services.sync.writings(need)
    assert written.author == "Paul Durand"


def test_an_open_window_adds_a_commission_under_the_account_that_another_program_tied(
    central: Central, laptop: Callable[..., Laptop], tmp_path: Path
) -> None:
    held, added = central.commission("Beaune"), central.commission("Dijon")
    anne, paul = laptop("anne"), central.facilitator(held, added, name="Paul Durand")
    anne.enrol(central.facilitator(held))
    anne.sync()
    with closing(open_services(tmp_path / "anne")) as beside:
        beside.sync.enrol(anne.url, central.code(paul), adopt=held)
    assert anne.services.sync.enrol(anne.url).commission_ids == (held, added)


def test_a_sync_that_began_before_another_program_tied_the_workspace_anew_leaves_the_tie(
    central: Central, meddler: Meddler, laptop: Callable[..., Laptop], tmp_path: Path
) -> None:
    held = central.commission("Beaune")
    lea, paul = central.facilitator(held), central.facilitator(held, name="Paul Durand")
    anne = laptop("anne", meddler)
    anne.enrol(lea)
    anne.sync()
    with central.database.writing() as connection:
        accounts.withdraw(connection, central.clock(), lea, held)

    def meanwhile(_: Heard, forward: Callable[..., Answer]) -> Answer:
        answer = forward()
        beside.sync.enrol(anne.url, central.code(paul))
        return answer

    meddler.next(meanwhile, only="/v1/devices/self")
    with closing(open_services(tmp_path / "anne")) as beside, pytest.raises(SyncError):
        anne.sync()
    assert not meddler.acts
    status = anne.services.sync.status()
    assert (status.facilitator, status.commission_ids) == ("Paul Durand", (held,))
    assert anne.sync().notes == []
