"""What the central writes in the region by itself: digests of needs, tallies of solutions."""

from __future__ import annotations

import time
from typing import Any

import pytest
from sqlalchemy import Pool, event, select
from sqlcipher3 import dbapi2

from app.central import digests
from app.central.database import Database
from app.central.schema import spaces
from app.clock import new_id
from app.domain.canonical import MAX_INTEGER
from app.domain.records import REGION, Envelope, reference_id
from tests.app.central.conftest import Enrol
from tests.app.central.laptop import Laptop, deletion, op
from tests.central_server import Central

PATIENCE = 20  # seconds for what is done after an answer
VOUGEOT, DIJON = (reference_id("organisation", code) for code in ("21716", "21231"))


def _region(one: Laptop, kind: str) -> list[dict[str, Any]]:
    """The fields of the live records of a kind that the region now shows."""
    one.after[REGION] = 0
    found: list[Envelope] = list(one.exchange().changes[REGION].records)
    return [record.fields for record in found if record.kind == kind and not record.deleted]


def test_the_region_knows_that_a_need_exists_and_never_its_words(
    site: Central, enrol: Enrol
) -> None:
    here, there = site.commission(), site.commission("Ailleurs")
    lea, noe = enrol(here), enrol(there)
    need = op(
        "need", title="Un site", words="La préfète m'a dit", theme="websites", severity=4,
        organisation_ids=[VOUGEOT],
    )  # fmt: skip
    response = lea.exchange(here, need)
    [digest] = response.changes[REGION].records
    assert (digest.kind, digest.commission_id) == ("need_digest", None)
    expected = {
        "title": "Un site",
        "theme": "websites",
        "organisation_ids": [VOUGEOT],
        "solution_id": None,
    }
    assert digest.fields == expected
    assert _region(noe, "need_digest") == [expected]


def test_a_digest_follows_its_need_and_moves_only_when_it_differs(
    site: Central, enrol: Enrol
) -> None:
    space = site.commission()
    lea = enrol(space)
    need = op("need", title="Un site")
    [first] = lea.exchange(space, need).changes[REGION].records
    unseen = lea.exchange(space, op("need", need.id, 1, words="D'autres mots"))
    assert unseen.changes[REGION].records == ()
    [second] = lea.exchange(space, op("need", need.id, 2, title="Deux")).changes[REGION].records
    assert (second.id, second.revision, second.fields["title"]) == (first.id, 2, "Deux")
    [gone] = lea.exchange(space, deletion("need", need.id, 3)).changes[REGION].records
    assert (gone.deleted, gone.fields["title"]) == (True, "")


def test_a_need_has_its_digest_whatever_follows_it_in_the_batch(
    site: Central, enrol: Enrol
) -> None:
    space = site.commission()
    response = enrol(space).exchange(space, op("need", title="Un site"), op("person"))
    assert [one.kind for one in response.changes[REGION].records] == ["need_digest"]


def test_what_several_batches_left_is_written_by_the_first_who_reads(
    site: Central, enrol: Enrol
) -> None:
    space = site.commission()
    lea, noe = enrol(space), enrol(space)
    del lea.after[REGION]
    for title in ("Un", "Deux", "Trois"):
        lea.send(space, op("need", title=title))
    titles = {one["title"] for one in _region(noe, "need_digest")}
    assert titles == {"Un", "Deux", "Trois"}


@pytest.mark.parametrize(("kind", "connections"), [("person", 2), ("need", 6)])
def test_digests_are_looked_for_after_a_batch_that_moves_some(
    site: Central, enrol: Enrol, kind: str, connections: int
) -> None:
    space = site.commission()
    lea = enrol(space)
    lea.exchange()
    body, taken = lea.request(space, op(kind)), list[object]()
    event.listen(Pool, "checkout", take := lambda *_: taken.append(_))
    assert lea.post(body).status_code == 200
    event.remove(Pool, "checkout", take)
    assert (
        len(taken) == connections
    )  # who calls, the batch; the digests by two, their seq, the feed


def test_many_needs_get_their_digests_in_portions(site: Central, enrol: Enrol) -> None:
    space = site.commission()
    lea = enrol(space)
    lea.after.pop(REGION)
    lea.send(space, *(op("need", title=str(n)) for n in range(digests.PORTION + 5)))
    assert digests.catch_up(site.database) is True
    assert digests.catch_up(site.database) is False
    assert len(_region(lea, "need_digest")) == digests.PORTION + 5


def test_the_digests_of_many_changes_follow_the_answer(site: Central, enrol: Enrol) -> None:
    lea, few, many = enrol(create=True), new_id(), new_id()
    for space, count in ((few, digests.AT_ONCE), (many, digests.AT_ONCE + 1)):
        lea.after[space] = 0
        needs = (op("need", title=str(n)) for n in range(count - 1))
        answer = lea.exchange(space, op("commission", space, name="La mienne"), *needs)
        assert len(answer.changes[REGION].records) == (count - 1 if space == few else 0)
    wait_for_digests(site)
    assert len(_region(lea, "need_digest")) == 2 * digests.AT_ONCE - 1


def test_a_log_that_cannot_be_shortened_keeps_no_digest_from_being_written(
    site: Central, enrol: Enrol, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Database) -> None:
        raise dbapi2.OperationalError("database or disk is full")

    monkeypatch.setattr(Database, "_move_log", full)
    lea, space = enrol(create=True), new_id()
    lea.after[space] = 0
    needs = (op("need", title=str(n)) for n in range(digests.AT_ONCE))
    lea.exchange(space, op("commission", space, name="La mienne"), *needs)
    wait_for_digests(site)
    assert len(_region(lea, "need_digest")) == digests.AT_ONCE


def wait_for_digests(site: Central) -> None:
    until = time.monotonic() + PATIENCE
    while _is_behind(site):
        assert time.monotonic() < until


def _is_behind(site: Central) -> bool:
    with site.database.reading() as connection:
        behind = select(spaces.c.space).where(spaces.c.pending.is_not(None))
        return connection.execute(behind).first() is not None


def test_a_tally_counts_who_takes_part_over_all_commissions(site: Central, enrol: Enrol) -> None:
    here, there = site.commission(), site.commission("Ailleurs")
    lea, noe, gip = enrol(here), enrol(there), enrol(role="gip")
    own = op("solution", title="Un site")
    lea.send(here, own)
    published = op("solution", title="Un site pour tous", origin_ids=[own.id])
    gip.send(REGION, published)
    gip.send(here, op("solution", own.id, 1, published_as_id=published.id))
    lea.send(
        here,
        op("commitment", solution_id=own.id, organisation_id=VOUGEOT, units=2, on="2027-01-01"),
        op("commitment", solution_id=own.id, organisation_id=DIJON, on="2027-01-01"),
    )
    again = op(
        "commitment", solution_id=published.id, organisation_id=VOUGEOT, units=3,
        intention="committed", on="2027-02-01",
    )  # fmt: skip
    noe.send(there, again)
    [tally] = _region(noe, "solution_tally")
    assert tally["solution_id"] == published.id
    assert (tally["participants"], tally["units"]) == (2, 3)
    assert tally["population"] > 150_000  # Dijon's and Vougeot's of the shipped reference
    both = tally["population"]
    gip.send(REGION, op("organisation", VOUGEOT, population=1_000_150))
    [tally] = _region(noe, "solution_tally")
    assert tally["population"] > both + 999_000
    noe.send(there, op("commitment", again.id, 1, units=4))
    [tally] = _region(noe, "solution_tally")
    assert tally["units"] == 4
    noe.send(there, op("commitment", again.id, 2, units=None))
    [tally] = _region(noe, "solution_tally")
    assert tally["units"] == 2
    noe.send(there, op("commitment", again.id, 3, units=0))
    [tally] = _region(noe, "solution_tally")
    assert tally["units"] == 0
    noe.send(there, op("commitment", again.id, 4, intention="declined"))
    [tally] = _region(noe, "solution_tally")
    assert (tally["participants"], tally["units"]) == (1, 0)


def test_a_tally_waits_for_its_solution_and_goes_with_it(site: Central, enrol: Enrol) -> None:
    space = site.commission()
    lea, gip = enrol(space), enrol(role="gip")
    published = op("solution", title="À venir")
    lea.send(space, op("commitment", solution_id=published.id, organisation_id=DIJON))
    assert _region(lea, "solution_tally") == []
    gip.send(REGION, published)
    assert [one["participants"] for one in _region(lea, "solution_tally")] == [1]
    gip.send(REGION, deletion("solution", published.id, 1))
    assert _region(lea, "solution_tally") == []


def test_of_two_commitments_of_one_organisation_that_of_the_later_day_counts(
    site: Central, enrol: Enrol
) -> None:
    space = site.commission()
    lea, gip = enrol(space), enrol(role="gip")
    published = op("solution", title="Un site")
    gip.send(REGION, published)
    of_both = {"solution_id": published.id, "organisation_id": DIJON}
    declined = op("commitment", intention="declined", on="2027-02-01", **of_both)
    before = op("commitment", intention="committed", on="2027-01-01", **of_both)
    lea.send(space, declined, before)
    assert [one["participants"] for one in _region(lea, "solution_tally")] == [0]
    lea.send(space, op("commitment", before.id, 1, on="2027-03-01"))
    assert [one["participants"] for one in _region(lea, "solution_tally")] == [1]


def test_who_takes_part_in_a_deleted_copy_of_a_solution_counts_no_more(
    site: Central, enrol: Enrol
) -> None:
    space = site.commission()
    lea, gip = enrol(space), enrol(role="gip")
    published = op("solution", title="Un site pour tous")
    gip.send(REGION, published)
    own = op("solution", title="Un site", published_as_id=published.id)
    lea.send(space, own, op("commitment", solution_id=own.id, organisation_id=DIJON))
    assert [one["participants"] for one in _region(lea, "solution_tally")] == [1]
    lea.send(space, deletion("solution", own.id, 1))
    assert [one["participants"] for one in _region(lea, "solution_tally")] == [0]


def test_what_is_no_solution_of_the_region_has_no_tally(site: Central, enrol: Enrol) -> None:
    space = site.commission()
    lea, gip = enrol(space), enrol(role="gip")
    gip.send(REGION, op("organisation", VOUGEOT, notes="Ouverte le lundi."))
    own = op("solution", title="Un site")
    lea.send(space, own)
    for solution in (VOUGEOT, own.id):
        lea.send(space, op("commitment", solution_id=solution, organisation_id=DIJON))
    assert _region(lea, "solution_tally") == []


def test_what_a_commitment_says_wrongly_stops_nobody(site: Central, enrol: Enrol) -> None:
    space = site.commission()
    lea, noe, gip = enrol(space), enrol(site.commission("Ailleurs")), enrol(role="gip")
    published = op("solution", title="Un site")
    gip.send(REGION, published)
    strange, stranger = (op("town", population=said) for said in ("beaucoup", 9_000_000))
    results = lea.exchange(space, strange, stranger, schema=2).results
    assert [one.status for one in results] == ["accepted"] * 2
    most = MAX_INTEGER
    for where, units in ((strange.id, 1), (stranger.id, 1), (VOUGEOT, most), (DIJON, most)):
        lea.send(
            space,
            op("commitment", solution_id=published.id, organisation_id=where, units=units),
        )
    [tally] = _region(noe, "solution_tally")
    assert (tally["participants"], tally["units"]) == (4, MAX_INTEGER)
    assert 150_000 < tally["population"] < 200_000


def test_a_record_that_took_the_id_of_a_digest_stops_no_other(site: Central, enrol: Enrol) -> None:
    space = site.commission()
    lea = enrol(space)
    first, second = op("need", title="Un"), op("need", title="Deux")
    [taken] = lea.send(space, op("person", reference_id("need_digest", first.id), last_name="Pris"))
    assert taken.status == "accepted"
    lea.exchange(space, first, second)
    assert {one["title"] for one in _region(lea, "need_digest")} == {"Deux"}


def test_needs_of_a_newer_schema_do_not_stop_the_others(site: Central, enrol: Enrol) -> None:
    space = site.commission()
    lea = enrol(space)
    strange = op("need", title={"fr": "Un site"})
    response = lea.exchange(space, strange, op("need", title="Deux"), schema=2)
    assert [one.status for one in response.results] == ["accepted", "accepted"]
    assert {one["title"] for one in _region(lea, "need_digest")} == {"", "Deux"}
