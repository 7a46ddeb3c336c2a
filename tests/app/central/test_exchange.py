"""The exchange: each op's result, receipts, replays, groups, cursors, epochs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import Connection, Engine, Pool, event, select

from app.central import accounts, backup, feed, signing
from app.central.lineage import begin_epoch
from app.central.schema import metadata, records
from app.clock import new_id
from app.domain.records import REGION, Envelope
from app.domain.validation import complete
from app.sync import protocol, receipts
from app.sync.protocol import Limits, Op, SyncResponse
from tests.app.central.conftest import Enrol
from tests.app.central.laptop import Laptop, deletion, grouped, laptop, op, problem
from tests.central_server import Central, start_central
from tests.conftest import FakeClock


def test_an_accepted_change_gets_a_revision_a_seq_and_a_line_of_a_signed_receipt(
    site: Central, enrol: Enrol
) -> None:
    commission = site.commission()
    lea = enrol(commission)
    need = op("need", title="Un site\r\nclair", theme="websites")
    response = lea.exchange(commission, need)
    [result] = response.results
    assert (result.status, result.revision, result.seq, result.receipt) == ("accepted", 1, 2, 0)
    receipt = response.receipt
    assert receipt is not None
    assert (receipt.space, receipt.epoch) == (commission, lea.capabilities.epoch)
    record = Envelope(
        kind="need",
        id=need.id,
        commission_id=commission,
        fields=complete("need", need.fields),
    )
    assert record.fields["title"] == "Un site\nclair"
    assert receipt.lines == (protocol.ReceiptLine(need.id, 1, 2, protocol.digest(record)),)


def test_the_others_get_the_change_and_its_author_does_not(site: Central, enrol: Enrol) -> None:
    commission = site.commission()
    lea, noe = enrol(commission), enrol(commission)
    lea.pull()
    noe.pull()
    need = op("need", title="Un site")
    response = lea.exchange(commission, need)
    assert response.changes[commission].records == ()
    assert lea.pull() == {}
    record = noe.pull()[need.id]
    assert record == Envelope(
        kind="need",
        id=need.id,
        revision=1,
        commission_id=commission,
        fields=complete("need", {"title": "Un site"}),
    )


def test_a_change_of_named_fields_leaves_the_others(site: Central, enrol: Enrol) -> None:
    commission = site.commission()
    lea, noe = enrol(commission), enrol(commission)
    need = op("need", title="Un site", words="Mot pour mot")
    lea.send(commission, need)
    [result] = lea.send(commission, op("need", need.id, 1, title="Un site accessible"))
    assert (result.revision, result.record) == (2, None)
    record = noe.pull()[need.id]
    assert record.revision == 2
    assert (record.fields["title"], record.fields["words"]) == (
        "Un site accessible",
        "Mot pour mot",
    )


def test_a_change_on_an_older_revision_is_stale_and_brings_the_current_record(
    site: Central, enrol: Enrol
) -> None:
    commission = site.commission()
    lea, noe = enrol(commission), enrol(commission)
    need = op("need", title="Un site")
    lea.send(commission, need)
    noe.send(commission, op("need", need.id, 1, title="Le site de Noé"))
    [result] = lea.send(commission, op("need", need.id, 1, words="Des mots"))
    assert (result.status, result.receipt) == ("stale", None)
    assert result.record is not None
    assert (result.record.revision, result.record.fields["title"]) == (2, "Le site de Noé")


def test_a_change_on_a_record_that_the_central_lacks_is_stale_without_a_record(
    site: Central, enrol: Enrol
) -> None:
    commission = site.commission()
    [result] = enrol(commission).send(commission, op("need", new_id(), 3, title="Perdu"))
    assert (result.status, result.record) == ("stale", None)


def test_the_same_bytes_sent_again_get_the_same_answer_and_change_nothing(
    site: Central, enrol: Enrol
) -> None:
    commission = site.commission()
    lea = enrol(commission)
    body = lea.request(commission, op("need", title="Un"), op("need", title="Deux"))
    first, second = lea.post(body), lea.post(body)
    assert first.status_code == 200
    assert second.content == first.content
    assert lea.client.get(f"/v1/spaces/{commission}/changes").json()["seq"] == 3


def test_a_batch_id_with_other_bytes_is_refused(site: Central, enrol: Enrol) -> None:
    commission = site.commission()
    lea = enrol(commission)
    batch_id = new_id()
    lea.exchange(commission, op("need", title="Un"), batch_id=batch_id)
    answer = lea.post(lea.request(commission, op("need", title="Deux"), batch_id=batch_id))
    assert (answer.status_code, problem(answer).name) == (422, "batch-reused")


def test_an_op_sent_again_in_another_batch_is_a_duplicate_with_its_first_line(
    site: Central, enrol: Enrol
) -> None:
    commission = site.commission()
    lea = enrol(commission)
    need = op("need", title="Un site")
    first = lea.exchange(commission, need)
    lea.send(commission, op("need", need.id, 1, title="Plus tard"))
    again = lea.exchange(commission, need)
    [result] = again.results
    assert (result.status, result.revision, result.seq) == ("duplicate", 1, 2)
    assert first.receipt is not None
    assert again.receipt is not None
    assert again.receipt.lines == first.receipt.lines


def test_an_op_twice_in_one_batch_is_taken_once(site: Central, enrol: Enrol) -> None:
    commission = site.commission()
    lea = enrol(commission)
    need = op("need", title="Un site")
    statuses = [(one.status, one.seq) for one in lea.send(commission, need, need)]
    assert statuses == [("accepted", 2), ("duplicate", 2)]


def test_a_record_twice_in_one_group_is_changed_twice(site: Central, enrol: Enrol) -> None:
    commission = site.commission()
    lea = enrol(commission)
    need = op("need", title="Un site")
    group = grouped(need, op("need", need.id, 1, words="Vite."))
    assert [one.revision for one in lea.send(commission, *group)] == [1, 2]
    again = (op("need", need.id, base, words=f"Vite {base}.") for base in (2, 3))
    assert [one.revision for one in lea.send(commission, *grouped(*again))] == [3, 4]


def test_an_op_of_a_group_that_changes_nothing_is_remembered_too(
    site: Central, enrol: Enrol
) -> None:
    commission = site.commission()
    lea = enrol(commission)
    need = op("need", title="Un site")
    lea.send(commission, need)
    group = grouped(op("need", need.id, 1, title="Un site"), op("need", title="Deux"))
    lea.send(commission, *group)
    enrol(commission).send(commission, op("need", need.id, 2, title="Le site"))
    assert [one.status for one in lea.send(commission, *group)] == ["duplicate"] * 2


def test_an_op_twice_in_one_group_is_taken_once(site: Central, enrol: Enrol) -> None:
    commission = site.commission()
    lea = enrol(commission)
    need = op("need", title="Un site")
    [one] = grouped(need)
    other = msgspec.structs.replace(one, base_revision=1, fields={"title": "Deux sites"})
    response = lea.exchange(commission, one, one, other)
    assert [(r.status, r.revision, r.seq, r.receipt) for r in response.results] == [
        ("accepted", 1, 2, 0),
        ("duplicate", 1, 2, 0),
        ("duplicate", 1, 2, 0),
    ]
    assert lea.send(commission, need)[0].revision == 1  # one revision is remembered of it
    late = msgspec.structs.replace(one, op_id=new_id())
    assert [r.status for r in lea.send(commission, late, late)] == ["stale", "stale"]


def test_an_op_sent_again_on_the_revision_that_it_made_is_a_duplicate(
    site: Central, enrol: Enrol
) -> None:
    commission = site.commission()
    lea = enrol(commission)
    need = op("need", title="Un site")
    lea.send(commission, need)
    moved = msgspec.structs.replace(need, base_revision=1, fields={"title": "Un autre"})
    [again] = lea.send(commission, moved)
    assert (again.status, again.revision, again.seq) == ("duplicate", 1, 2)
    assert lea.client.get(f"/v1/spaces/{commission}/changes").json()["seq"] == 2


def test_an_op_id_is_that_of_one_record(site: Central, enrol: Enrol) -> None:
    commission = site.commission()
    lea = enrol(commission)
    need = op("need", title="Un site")
    other = msgspec.structs.replace(op("need", title="Deux sites"), op_id=need.op_id)
    first, second = lea.send(commission, need, other)
    assert (first.status, second.status) == ("accepted", "refused")
    assert second.problem is not None
    assert (second.problem.name, second.problem.field) == ("shape", "op_id")
    assert other.id not in enrol(commission).pull()


def test_a_group_that_comes_too_late_tells_no_state_of_its_own(site: Central, enrol: Enrol) -> None:
    space = site.commission()
    need = op("need", title="Fibre")
    late = op("need", need.id, 0, title="La fibre")
    for result in enrol(space).send(space, *grouped(need, late)):
        assert (result.status, result.record) == ("stale", None)


def test_a_record_keeps_its_kind_and_the_newest_schema_it_had(site: Central, enrol: Enrol) -> None:
    commission = site.commission()
    lea, noe = enrol(commission), enrol(commission)
    need = op("need", title="Un site")
    lea.exchange(commission, need, schema=2)
    [other] = lea.exchange(commission, op("person", need.id, 1), schema=2).results
    assert other.problem is not None
    assert (other.problem.name, other.problem.field) == ("shape", "kind")
    assert other.record is not None
    assert other.record.kind == "need"
    lea.send(commission, op("need", need.id, 1, words="Vite."))
    seen = noe.pull()[need.id]
    assert (seen.kind, seen.schema, seen.revision) == ("need", 2, 2)


def test_a_batch_id_is_a_devices_own(site: Central, enrol: Enrol) -> None:
    commission = site.commission()
    batch_id = new_id()
    for device in (enrol(commission), enrol(commission)):
        response = device.exchange(commission, op("need", title="Un"), batch_id=batch_id)
        assert response.results[0].status == "accepted"


def test_two_changes_of_one_record_in_one_batch_build_on_each_other(
    site: Central, enrol: Enrol
) -> None:
    commission = site.commission()
    lea = enrol(commission)
    need = op("need", title="Un")
    results = lea.send(
        commission, need, op("need", need.id, 1, title="Deux"), op("need", need.id, 1, words="x")
    )
    assert [one.status for one in results] == ["accepted", "accepted", "stale"]
    assert enrol(commission).pull()[need.id].fields["title"] == "Deux"


def test_a_deleted_record_keeps_its_fields_and_lives_again_by_a_change(
    site: Central, enrol: Enrol
) -> None:
    commission = site.commission()
    lea, noe = enrol(commission), enrol(commission)
    need = op("need", title="Un site")
    lea.send(commission, need, deletion("need", need.id, 1))
    record = noe.pull()[need.id]
    assert (record.deleted, record.revision, record.fields["title"]) == (True, 2, "Un site")
    [result] = noe.send(commission, op("need", need.id, 2))
    assert (result.status, lea.pull()[need.id].deleted) == ("accepted", True)
    [result] = noe.send(commission, op("need", need.id, 3, words="Retrouvé"))
    assert result.status == "accepted"
    record = lea.pull()[need.id]
    assert (record.deleted, record.fields["title"]) == (False, "Un site")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"titre": "x"}, "titre"),
        ({"severity": 9}, "severity"),
        ({"deadline_on": "demain"}, "deadline_on"),
        ({"title": "\u0007"}, "title"),
        ({"organisation_ids": ["21716"]}, "organisation_ids"),
    ],
)
def test_a_change_of_another_shape_is_refused_alone(
    central: Central, fields: dict[str, object], field: str
) -> None:
    commission = central.commission()
    lea = laptop(central, commission)
    with closing(lea.client):
        refused, accepted = lea.send(commission, op("need", **fields), op("need", title="Bon"))
    assert (refused.status, accepted.status) == ("refused", "accepted")
    assert refused.problem is not None
    assert (refused.problem.name, refused.problem.field) == ("shape", field)
    assert refused.problem.detail


def test_a_deletion_that_brings_fields_is_refused(site: Central, enrol: Enrol) -> None:
    commission = site.commission()
    lea = enrol(commission)
    need = op("need", title="Un site")
    both = msgspec.structs.replace(deletion("need", need.id, 1), fields={"title": "Adieu"})
    _, result = lea.send(commission, need, both)
    assert result.problem is not None
    assert (result.problem.name, result.problem.field) == ("shape", "fields")
    assert enrol(commission).pull()[need.id].deleted is False


def test_references_are_not_checked_for_what_two_laptops_wrote_in_good_faith(
    site: Central, enrol: Enrol
) -> None:
    commission = site.commission()
    orphan = op("decision", agenda_item_id=new_id(), text="Sans son point")
    [result] = enrol(commission).send(commission, orphan)
    assert result.status == "accepted"


def test_a_record_of_a_newer_schema_is_carried_untouched(site: Central, enrol: Enrol) -> None:
    commission = site.commission()
    lea = enrol(commission)
    newer = Op(
        op_id=new_id(),
        kind="hologram",
        id=new_id(),
        schema=2,
        fields={"size": 1.5, "label": "e\u0301", "deep": [{"a": None}]},
    )
    [result] = lea.send(commission, newer)
    assert result.status == "accepted"
    record = enrol(commission).pull()[newer.id]
    assert (record.kind, record.schema, record.fields) == ("hologram", 2, newer.fields)


def test_a_group_is_accepted_whole_refused_whole_or_stale_whole(
    site: Central, enrol: Enrol
) -> None:
    commission = site.commission()
    lea = enrol(commission)
    known = op("need", title="Connu")
    lea.send(commission, known)
    good = grouped(op("need", title="a"), op("need", title="b"))
    assert [one.status for one in lea.send(commission, *good)] == ["accepted", "accepted"]
    bad = grouped(op("need", title="c"), op("need", severity=7), op("need", known.id, 9))
    results = lea.send(commission, *bad)
    assert [one.status for one in results] == ["refused"] * 3
    assert [one.problem and one.problem.name for one in results] == ["group", "shape", "group"]
    assert [one.record and one.record.id for one in results] == [None, None, known.id]
    late = grouped(op("need", title="d"), op("need", known.id, 0, title="En retard"))
    results = lea.send(commission, *late)
    assert [one.status for one in results] == ["stale", "stale"]
    assert [one.record and one.record.id for one in results] == [None, known.id]
    titles = {one.fields.get("title") for one in enrol(commission).pull().values()}
    assert titles == {"Connu", "a", "b", None}


@pytest.mark.parametrize("account", [{"create": True}, {"role": "gip"}], ids=["right", "gip"])
def test_whoever_may_opens_a_space_by_its_commission_and_the_trail_tells(
    site: Central, enrol: Enrol, account: dict[str, Any]
) -> None:
    lea = enrol(**account)
    space = new_id()
    commission = Op(op_id=new_id(), kind="commission", id=space, fields={"name": "La mienne"})
    results = lea.send(space, commission, op("need", title="Premier"))
    assert [one.status for one in results] == ["accepted", "accepted"]
    shown = lea.client.get("/v1/devices/self").json()
    assert shown["spaces"] == [{"space": space, "name": "La mienne"}]
    told = accounts.trail(site.database, site.clock().date())
    assert [one.space for one in told if one.event == "space-opened"] == [space]


def test_a_space_does_not_open_without_its_commission(site: Central, enrol: Enrol) -> None:
    lea = enrol(create=True)
    answer = lea.post(lea.request(new_id(), op("need", title="Orphelin")))
    assert (answer.status_code, problem(answer).name) == (404, "not-found")


def test_a_space_does_not_open_without_the_right(site: Central, enrol: Enrol) -> None:
    lea = enrol()
    space = new_id()
    commission = Op(op_id=new_id(), kind="commission", id=space, fields={"name": "La mienne"})
    answer = lea.post(lea.request(space, commission))
    assert (answer.status_code, problem(answer).name) == (404, "not-found")


def test_the_right_to_open_a_space_opens_no_other(site: Central, enrol: Enrol) -> None:
    other = site.commission()
    one = enrol(create=True)
    answer = one.post(one.request(other, op("need", title="Chez vous")))
    assert (answer.status_code, problem(answer).name) == (404, "not-found")


def test_an_answer_is_kept_for_sixty_days_and_the_ops_for_ever(
    site: Central, enrol: Enrol, clock: FakeClock
) -> None:
    commission = site.commission()
    lea = enrol(commission)
    body = lea.request(commission, op("need", title="Un site"))
    first = lea.post(body).json()["results"]
    clock.forward(days=59)
    lea.send(commission, op("need", title="Deux"))
    assert lea.post(body).json()["results"] == first
    clock.forward(days=2)
    lea.send(commission, op("need", title="Trois"))
    [again] = lea.post(body).json()["results"]
    assert again == first[0] | {"status": "duplicate"}


def test_nothing_to_do_is_one_request_and_no_write(site: Central, enrol: Enrol) -> None:
    commission = site.commission()
    lea = enrol(commission)
    lea.send(commission, op("need", title="Un site"))
    lea.pull()
    with site.database.reading() as connection:
        before = writes(site, connection)
    response = lea.exchange()
    assert (response.results, response.receipt) == ((), None)
    assert all(page.records == () and not page.more for page in response.changes.values())
    with site.database.reading() as connection:
        assert writes(site, connection) == before


def writes(site: Central, connection: Connection) -> object:
    """What moves at each committed write to the central's tables, and at nothing else.

    PostgreSQL's log moves by itself too, whenever the server tidies up: what is looked at are
    each table's rows, the last transaction that wrote one and the last that held or took one.
    """
    if site.database.dialect == "sqlite":
        return connection.exec_driver_sql("PRAGMA data_version").scalar()
    newest = "count(*), max(xmin::text::bigint), max(xmax::text::bigint)"
    return [
        tuple(connection.exec_driver_sql(f'SELECT {newest} FROM "{table.name}"').one())
        for table in metadata.sorted_tables
    ]


def test_a_restored_central_speaks_of_another_epoch_and_takes_nothing(
    site: Central, enrol: Enrol, tmp_path: Path
) -> None:
    commission = site.commission()
    lea = enrol(commission)
    backup.save(site.database, tmp_path / "copie", site.clock())
    body = lea.request(commission, op("need", title="Après la copie"))
    epoch = backup.restore(site.database, tmp_path / "copie")
    for tried in (body, lea.request()):
        answer = lea.post(tried)
        assert (answer.status_code, problem(answer).name) == (409, "epoch-changed")
        assert problem(answer).epoch == epoch
    feed = lea.client.get(f"/v1/spaces/{commission}/changes", params={"epoch": "autre"})
    assert problem(feed).name == "epoch-changed"
    assert lea.client.get(f"/v1/spaces/{commission}/changes").json()["seq"] == 1


@contextmanager
def restored_at(site: Central, moment: str, count: int) -> Iterator[None]:
    """The central goes on from another past at the nth connection taken or given back."""
    seen: list[str] = []

    def restore(*_: object) -> None:
        seen.append(moment)
        if len(seen) == count:
            with site.database.writing() as connection:
                begin_epoch(connection)

    event.listen(Pool, moment, restore)
    yield
    event.remove(Pool, moment, restore)
    assert len(seen) >= count


@pytest.mark.parametrize("kind", ["need", "person"])
@pytest.mark.parametrize(
    ("moment", "count"),
    [("checkin", 1), ("checkout", 3)],
    ids=["before the batch", "after it"],
)
def test_a_restore_in_the_midst_of_an_exchange_mixes_no_two_histories(
    site: Central, enrol: Enrol, moment: str, count: int, kind: str
) -> None:
    commission = site.commission()
    lea, noe = enrol(commission), enrol(commission)
    lea.exchange()
    del lea.after[REGION]
    noe.send(commission, op("need"))  # so that there is something to read
    body = lea.request(commission, op(kind))
    # One connection tells who calls, the next takes the batch, the third reads the feed.
    with restored_at(site, moment, count):
        answer = lea.post(body)
    assert problem(answer).name == "epoch-changed"
    taken = lea.client.get(f"/v1/spaces/{commission}/changes").json()["seq"]
    assert taken == (2 if moment == "checkin" else 3)


def test_a_restore_as_digests_are_looked_for_mixes_no_two_histories(
    site: Central, enrol: Enrol
) -> None:
    """Nothing of others is then to be read: only how far each space is."""
    commission = site.commission()
    lea = enrol(commission)
    lea.exchange()
    body = lea.request(commission, op("commitment"))
    # Who calls, the batch, the digests by two, then how far they went.
    with restored_at(site, "checkout", 5):
        answer = lea.post(body)
    assert problem(answer).name == "epoch-changed"


def test_a_restore_in_the_midst_of_a_pull_mixes_no_two_histories(
    site: Central, enrol: Enrol
) -> None:
    commission = site.commission()
    lea, noe = enrol(commission), enrol(commission)
    lea.pull()
    noe.send(commission, op("need"))
    body = lea.request()
    # The first connection tells who calls and how far each space is, the next one reads.
    with restored_at(site, "checkout", 2):
        answer = lea.post(body)
    assert problem(answer).name == "epoch-changed"


def test_a_renewed_key_signs_from_then_on_and_is_endorsed_by_the_former(
    site: Central, enrol: Enrol
) -> None:
    commission = site.commission()
    lea = enrol(commission)
    pinned = lea.key
    for _ in range(2):
        with site.database.writing() as connection:
            signing.make_key(connection, site.clock())
    answer = lea.client.get("/v1/capabilities")
    lea.capabilities = msgspec.json.decode(answer.content, type=protocol.Capabilities)
    assert lea.key.key_id != pinned.key_id
    assert receipts.successor(pinned, lea.capabilities) == lea.key
    assert lea.send(commission, op("need", title="Signé autrement"))[0].status == "accepted"


def test_a_feed_is_read_in_pages_without_a_gap(tmp_path: Path) -> None:
    with start_central(tmp_path, limits=Limits(page=3)) as served:
        commission = served.commission()
        lea = laptop(served, commission)
        with closing(lea.client):
            ops = [op("need", title=str(n)) for n in range(8)]
            first = lea.exchange(commission, *ops)
            assert first.changes[commission].more is False
            after, seen = 0, []
            while True:
                answer = lea.client.get(
                    f"/v1/spaces/{commission}/changes", params={"after": after, "limit": 50}
                )
                page = msgspec.json.decode(answer.content, type=protocol.Feed)
                assert len(page.records) <= 3
                seen += [one.id for one in page.records]
                after = page.seq
                if not page.more:
                    break
            assert seen == [commission, *(one.id for one in ops)]


def test_an_exchange_bounds_the_bytes_of_all_its_pages(tmp_path: Path) -> None:
    with start_central(tmp_path, limits=Limits(page_bytes=2000)) as served:
        commission = served.commission()
        lea, noe = laptop(served, commission), laptop(served, commission)
        with closing(lea.client), closing(noe.client):
            noe.pull()
            lea.send(commission, *(op("need", words="m" * 900) for _ in range(5)))
            pages = list(_pages(noe, commission))
            assert [len(page) for page in pages] == [2, 2, 1]
            assert len({record_id for page in pages for record_id in page}) == 5


def test_a_page_of_a_thousand_records_brings_each_once_in_their_order(
    site: Central, enrol: Enrol
) -> None:
    commission = site.commission()
    lea, noe = enrol(commission), enrol(commission)
    sent = [op("need", title=str(number)) for number in range(1_000)]
    lea.send(commission, *sent)
    (seen,) = _pages(noe, commission)
    assert seen == [commission, *(one.id for one in sent)]


def test_an_answer_goes_as_far_as_the_batch_and_a_repeated_one_as_far_as_all_is_since(
    site: Central, enrol: Enrol
) -> None:
    commission = site.commission()
    lea, noe = enrol(commission), enrol(commission)
    for one in (lea, noe):
        one.exchange()
    body = lea.request(commission, op("person"))
    first = msgspec.json.decode(lea.post(body).content, type=SyncResponse)
    assert first.changes[commission].seq == first.results[0].seq == 2
    other = op("person")
    noe.send(commission, other)
    again = msgspec.json.decode(lea.post(body).content, type=SyncResponse)
    assert (again.results, again.receipt) == (first.results, first.receipt)
    page = again.changes[commission]
    assert ([one.id for one in page.records], page.seq) == ([other.id], 3)


def test_what_was_taken_after_the_seq_of_a_page_waits_for_the_next(
    site: Central, enrol: Enrol
) -> None:
    commission = site.commission()
    sent = [op("need", title=title) for title in ("Fibre", "Site")]
    enrol(commission).send(commission, *sent)
    with site.database.reading() as connection:
        page, _ = feed.page(connection, feed.Stretch(commission, 1, 2), 10, 1 << 20)
    assert ([one.id for one in page.records], page.seq) == ([sent[0].id], 2)


def test_a_restore_in_the_midst_of_a_feed_mixes_no_two_histories(
    site: Central, enrol: Enrol
) -> None:
    commission = site.commission()
    lea = enrol(commission)
    sent = op("need")
    lea.send(commission, sent)
    before, seen = lea.capabilities.epoch, list[str]()

    def restore(*args: Any) -> None:
        """Right after the query that tells how far the space is."""
        if "FROM spaces" in args[2] and "grants" not in args[2] and not seen:
            seen.append(args[2])
            with site.database.writing() as connection:
                begin_epoch(connection)
                connection.execute(records.delete().where(records.c.id == sent.id))

    event.listen(Engine, "after_cursor_execute", restore)
    answer = lea.client.get(f"/v1/spaces/{commission}/changes")
    event.remove(Engine, "after_cursor_execute", restore)
    assert seen
    if site.database.dialect == "sqlite":  # its transactions read one state
        page = answer.json()
        assert (page["epoch"], page["records"][-1]["id"]) == (before, sent.id)
    else:
        assert problem(answer).name == "epoch-changed"


def test_a_laptop_that_begins_has_a_small_page_first(tmp_path: Path) -> None:
    with start_central(tmp_path, limits=Limits(page_bytes=8000)) as served:
        commission = served.commission()
        lea, noe = laptop(served, commission), laptop(served, commission)
        with closing(lea.client), closing(noe.client):
            lea.send(commission, *(op("need", words="m" * 900) for _ in range(10)))
            assert [len(page) for page in _pages(noe, commission)] == [2, 8, 1]


def test_a_space_that_finds_no_room_in_an_answer_comes_in_the_next(tmp_path: Path) -> None:
    with start_central(tmp_path, limits=Limits(page_bytes=2000)) as served:
        spaces = [served.commission(name) for name in ("Beaune", "Dijon")]
        lea, noe = laptop(served, *spaces), laptop(served, *spaces)
        with closing(lea.client), closing(noe.client):
            noe.pull()
            needs = [op("need", words="m" * 3000) for _ in spaces]
            for space, need in zip(spaces, needs, strict=True):
                lea.send(space, need)
            assert sorted(_pages(noe, *spaces)) == sorted([need.id] for need in needs)


def _pages(one: Laptop, *spaces: str) -> Iterator[list[str]]:
    """The ids that each exchange brings of these spaces, until nothing more is announced."""
    more = True
    while more:
        changes = one.exchange().changes
        yield [record.id for space in spaces for record in changes[space].records]
        more = any(page.more for page in changes.values())


def test_a_feed_that_is_idle_answers_304(site: Central, enrol: Enrol) -> None:
    commission = site.commission()
    lea = enrol(commission)
    path = f"/v1/spaces/{commission}/changes"
    first = lea.client.get(path)
    etag = first.headers["ETag"]
    assert etag == f'"{lea.capabilities.epoch}.1"'
    idle = lea.client.get(path, headers={"If-None-Match": etag})
    assert (idle.status_code, idle.content) == (304, b"")
    for alike in (f"W/{etag}", f'"autre", {etag}', "*"):
        answer = lea.client.get(path, headers={"If-None-Match": alike})
        assert (answer.status_code, answer.headers["ETag"]) == (304, etag)
    lea.send(commission, op("need", title="Un site"))
    assert lea.client.get(path, headers={"If-None-Match": etag}).status_code == 200


def test_history_says_who_when_and_which_fields(site: Central, enrol: Enrol) -> None:
    commission = site.commission()
    lea, noe = enrol(commission), enrol(commission, name="Noé Roy")
    need = op("need", title="Un site", theme="websites")
    lea.send(commission, need)
    noe.send(commission, op("need", need.id, 1, title="Un site", words="Oui"))
    lea.send(commission, deletion("need", need.id, 2))
    answer = lea.client.get(f"/v1/records/{need.id}/revisions")
    found = msgspec.json.decode(answer.content, type=protocol.Revisions)
    assert [(one.revision, one.author, one.fields, one.deleted) for one in found.revisions] == [
        (3, "Léa Martin", ("deleted",), True),
        (2, "Noé Roy", ("words",), False),
        (1, "Léa Martin", ("title", "theme"), False),
    ]
    assert {one.device for one in found.revisions} == {"portable"}
    assert {one.at for one in found.revisions} == {"2027-03-19T17:00:00+00:00"}


def test_a_long_history_says_that_there_is_more(
    site: Central, enrol: Enrol, monkeypatch: pytest.MonkeyPatch
) -> None:
    commission = site.commission()
    lea = enrol(commission)
    need = op("need", title="Un site")
    lea.send(commission, need)
    lea.send(commission, op("need", need.id, 1, title="Deux sites"))
    for room, told, more in ((3, [2, 1], False), (2, [2, 1], False), (1, [2], True)):
        monkeypatch.setattr(feed, "HISTORY", room)
        answer = lea.client.get(f"/v1/records/{need.id}/revisions")
        found = msgspec.json.decode(answer.content, type=protocol.Revisions)
        assert ([one.revision for one in found.revisions], found.more) == (told, more)


def test_a_client_that_is_too_old_pulls_and_keeps_its_outbox(site: Central, enrol: Enrol) -> None:
    commission = site.commission()
    lea = enrol(commission)
    old = lea.capabilities.schema.min - 1
    answer = lea.post(lea.request(commission, op("need", title="Trop vieux"), schema=old))
    assert (answer.status_code, problem(answer).name) == (409, "client-outdated")
    assert lea.exchange(schema=old).changes[commission].records


def test_a_batch_longer_than_announced_is_refused(tmp_path: Path) -> None:
    with start_central(tmp_path, limits=Limits(ops=2)) as served:
        commission = served.commission()
        lea = laptop(served, commission)
        with closing(lea.client):
            answer = lea.post(lea.request(commission, *(op("need") for _ in range(3))))
            assert (answer.status_code, problem(answer).name) == (413, "too-large")
            assert len(lea.send(commission, op("need"), op("need"))) == 2


def test_additive_members_of_a_request_change_nothing(site: Central, enrol: Enrol) -> None:
    commission, other = site.commission(), site.commission("Autre")
    lea = enrol(commission)
    need = op("need", title="Un site")
    request = msgspec.json.decode(lea.request(commission, need))
    request |= {"role": "gip", "facilitator_id": new_id()}
    request["ops"][0] |= {"commission_id": other, "revision": 12, "seq": 900}
    answer = lea.post(msgspec.json.encode(request))
    response = msgspec.json.decode(answer.content, type=SyncResponse)
    assert response.results[0].revision == 1
    assert enrol(commission).pull()[need.id].commission_id == commission


def test_of_a_member_named_twice_the_last_is_kept_and_signed(site: Central, enrol: Enrol) -> None:
    commission, other = site.commission(), site.commission("Autre")
    lea = enrol(commission)
    need = op("need", title="Un site")
    body = lea.request(commission, need)
    body = body.replace(b'"title":', b'"title":"Autre chose","title":')
    body = body.replace(b'"space":', f'"space":"{other}","space":'.encode())
    response = msgspec.json.decode(lea.post(body).content, type=SyncResponse)
    record = enrol(commission).pull()[need.id]
    assert (record.fields["title"], record.commission_id) == ("Un site", commission)
    assert response.receipt is not None
    assert response.receipt.lines[0].sha256 == protocol.digest(record)


def test_what_is_replaced_stays_in_no_table_but_the_answers(site: Central, enrol: Enrol) -> None:
    commission = site.commission()
    lea = enrol(commission)
    person = op("person", last_name="Zwingelstein")
    lea.send(commission, person)
    late = op("person", person.id, 0, last_name="Autre")
    erased = op("person", person.id, 1, last_name="Personne effacée")
    assert [one.status for one in lea.send(commission, late, erased)] == ["stale", "accepted"]
    with site.database.reading() as connection:
        kept = {
            table.name
            for table in metadata.sorted_tables
            if "Zwingelstein" in str([*map(tuple, connection.execute(select(table)))])
        }
    assert kept == {"batches"}


def test_an_enrolment_tells_where_each_epoch_began_in_the_spaces_granted_alone(
    site: Central, enrol: Enrol
) -> None:
    mine, _ = site.commission(), site.commission("Autre")
    with site.database.writing() as connection:
        begun = begin_epoch(connection)
    lea = enrol(mine)
    device = msgspec.json.decode(lea.client.get("/v1/devices/self").content, type=protocol.Device)
    for epochs in (lea.enrolment.epochs, device.epochs):
        assert len(epochs) == 2
        assert (epochs[-1].epoch, epochs[-1].after.keys()) == (begun, {REGION, mine})
