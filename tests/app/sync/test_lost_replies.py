"""Connections that break at each phase: what was sent is sent once, and nothing conflicts."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from threading import Event

import msgspec
import pytest
import trustme

from app.domain.wording import capitalised
from app.errors import SyncError
from app.storage.files import DATABASE
from app.sync import outbox
from app.sync.client import Central as Line
from app.sync.faults import Lost
from app.sync.protocol import PROBLEM_TYPE, Problem, problem_type
from tests.app.sync.conftest import Laptop
from tests.app.sync.meddler import (
    Act,
    Answer,
    Heard,
    Meddler,
    certificate_for,
    cut_after,
    cut_before,
    cut_within,
    faithful,
    saying,
)
from tests.app.sync.test_between_laptops import level

Pair = tuple[Laptop, Laptop]
CUTS = [cut_before, cut_after, cut_within, saying(503), saying(500), saying(429, Retry_After="1")]
PHASES = ["before", "after", "within", "503", "500", "429"]


@pytest.mark.parametrize("cut", CUTS, ids=PHASES)
def test_a_broken_exchange_is_made_again_with_the_same_bytes(
    troubled: Pair, meddler: Meddler, cut: Act
) -> None:
    anne, benoit = troubled
    need = anne.put("need", title="Fibre")
    meddler.next(cut)
    before = len(meddler.calls())
    report = anne.sync()
    first, again = meddler.calls()[before:][:2]
    assert first.body == again.body
    assert [line.id for line in report.sent] == [need]
    assert anne.stored(need).envelope.revision == 1
    benoit.sync()
    assert benoit.get(need) == anne.get(need)


def test_a_line_that_ends_between_two_parts_of_a_request_is_lost_and_its_server_is_ours() -> None:
    """As when a central is killed: the system ends its lines, and TLS then fails in our hands."""
    authority = trustme.CA()
    context, part, ended = certificate_for(authority, "127.0.0.1"), 64 << 10, Event()

    def take_a_part(server: socket.socket) -> None:
        with context.wrap_socket(server.accept()[0], server_side=True) as line:
            heard = b""
            while len(heard.partition(b"\r\n\r\n")[2]) < part:
                heard += line.recv(part)
        ended.set()

    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor() as aside:
        server.settimeout(5)
        taken = aside.submit(take_a_part, server)
        url = f"https://127.0.0.1:{server.getsockname()[1]}"
        with Line(url, ca=authority.cert_pem.bytes().decode()) as line:
            line.sending = lambda *_: ended.wait(5)
            with pytest.raises(Lost):
                line.once("POST", "/v1/sync", bytes(part + 1))
        taken.result()


def problem(name: str) -> bytes:
    """The body of a refusal of the central's own."""
    return msgspec.json.encode(Problem(problem_type(name), "Non", detail="Dans un moment."))


FAULT = "Une erreur imprévue au central : rien n'est perdu, prévenez le GIP."
BUSY = "Le central est occupé ou arrêté un moment : rien n'est perdu, réessayez "
OWN = {"Content_Type": PROBLEM_TYPE}


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (saying(500), FAULT),
        (saying(500, problem("internal"), **OWN), "Dans un moment."),
        (saying(502), f"{BUSY}bientôt."),
        (saying(503), f"{BUSY}bientôt."),
        (saying(503, problem("busy"), **OWN), "Dans un moment."),
        (saying(503, problem("busy"), **OWN, Retry_After="2"), f"{BUSY}dans une minute."),
        (saying(503, Retry_After="120"), f"{BUSY}dans 2 minutes."),
        (saying(503, Retry_After="9" * 400), f"{BUSY}dans 24 heures."),
        (saying(503, Retry_After="Fri, 19 Mar 2027 18:40:00 GMT"), f"{BUSY}bientôt."),
    ],
)
def test_a_central_that_is_busy_says_when_to_try_again_and_one_that_failed_whom_to_tell(
    troubled: Pair, meddler: Meddler, answer: Act, sentence: str
) -> None:
    anne, _ = troubled
    need = anne.put("need", title="Fibre")
    meddler.next(answer, answer, answer)
    with pytest.raises(SyncError) as raised:
        anne.sync()
    assert raised.value.sentence == sentence
    meddler.next()
    assert [line.id for line in anne.sync().sent] == [need]


def test_a_reply_that_never_comes_whole_may_be_a_foreign_servers_or_lose_what_was_heard(
    troubled: Pair, meddler: Meddler
) -> None:
    anne, benoit = troubled
    need = anne.put("need", title="Fibre")
    meddler.next(cut_within, cut_within, cut_within)
    with pytest.raises(SyncError, match=r"pas notre serveur.*, ou la ligne s'est coupée") as caught:
        anne.sync()
    assert caught.value.kind == "not_ours"
    assert "rien n'a été modifié ici, et ce qui n'a pas été confirmé repartira." in str(
        caught.value
    )
    assert len({one.body for one in meddler.calls()[-3:]}) == 1
    assert anne.stored(need).envelope.revision == 0
    benoit.sync()
    assert benoit.get(need)["title"] == "Fibre"
    assert [line.id for line in anne.sync().sent] == [need]


@pytest.mark.parametrize("cut", CUTS, ids=PHASES)
def test_an_edit_after_a_lost_reply_follows_and_does_not_conflict(
    troubled: Pair, meddler: Meddler, cut: Act
) -> None:
    anne, benoit = troubled
    need = anne.put("need", title="Fibre")
    meddler.next(cut, cut, cut)
    with pytest.raises(SyncError):
        anne.sync()
    anne.put("need", need, title="La fibre")
    meddler.next()
    report = anne.sync()
    assert report.conflicts == []
    stored = anne.stored(need)
    assert (stored.envelope.fields["title"], stored.envelope.revision) == ("La fibre", 2)
    assert stored.edits == 0
    benoit.sync()
    assert anne.state() == benoit.state()


def test_an_edit_during_a_sync_is_kept_and_sent_next(troubled: Pair, meddler: Meddler) -> None:
    anne, benoit = troubled
    need = anne.put("need", title="Fibre", words="On n'a rien.")

    def meanwhile(_: Heard, forward: Callable[[], Answer]) -> Answer:
        anne.put("need", need, title="La fibre")
        answer = forward()
        anne.put("need", need, severity=3)
        return answer

    meddler.next(meanwhile)
    report = anne.sync()
    assert report.conflicts == []
    assert anne.stored(need).edits == 0
    benoit.sync()
    assert benoit.get(need)["title"] == "La fibre"
    assert benoit.get(need)["severity"] == 3
    assert anne.state() == benoit.state()


def test_edits_on_both_laptops_during_a_sync_are_all_kept(troubled: Pair, meddler: Meddler) -> None:
    anne, benoit = troubled
    need = anne.put("need", title="Fibre")
    anne.sync()
    benoit.sync()
    anne.put("need", need, title="La fibre")

    def meanwhile(_: Heard, forward: Callable[[], Answer]) -> Answer:
        benoit.put("need", need, severity=4)
        benoit.sync()
        anne.put("need", need, words="Dit après.")
        return forward()

    meddler.next(meanwhile)
    assert anne.sync().conflicts == []
    benoit.sync()
    fields = benoit.get(need)
    assert (fields["title"], fields["severity"], fields["words"]) == ("La fibre", 4, "Dit après.")
    assert anne.state() == benoit.state()


def test_a_batch_too_large_is_halved_and_its_ops_keep_their_names(
    troubled: Pair, meddler: Meddler
) -> None:
    anne, benoit = troubled
    needs = {anne.put("need", title=f"Besoin {n}") for n in range(6)}
    meddler.next(saying(413), saying(413, b"<html>", Content_Type="text/html"))
    report = anne.sync()
    assert {line.id for line in report.sent} == needs
    assert len(meddler.calls()) >= 4
    benoit.sync()
    assert anne.state() == benoit.state()


def _long(letters: int, seed: int) -> str:
    """Words that no compression makes shorter than half."""
    parts = range(letters // 64)
    return "".join(sha256(f"{seed} {number}".encode()).hexdigest() for number in parts)


def _taking(most: int) -> Act:
    """A proxy that refuses what has more bytes."""

    def pass_on(heard: Heard, forward: Callable[..., Answer]) -> Answer | None:
        small = len(heard.body) <= most
        return (faithful if small else saying(413, b"<html>"))(heard, forward)

    return pass_on


def test_all_leaves_through_a_proxy_that_takes_a_record_at_a_time(
    troubled: Pair, meddler: Meddler
) -> None:
    anne, benoit = troubled
    needs = {anne.put("need", title=f"Besoin {n}", words=_long(4000, n)) for n in range(64)}
    meddler.always = _taking(6000)
    report = anne.sync()
    assert ({line.id for line in report.sent}, report.refused) == (needs, [])
    benoit.sync()
    assert anne.state() == benoit.state()


def test_a_proxy_that_takes_not_even_a_record_is_told_as_what_holds_up_all(
    troubled: Pair, meddler: Meddler
) -> None:
    anne, _ = troubled
    needs = {anne.put("need", title=f"Besoin {n}", words=_long(4000, n)) for n in range(64)}
    meddler.always = _taking(1000)
    with pytest.raises(SyncError, match="refuse même les petits envois"):
        anne.sync()
    meddler.always = None
    assert {line.id for line in anne.sync().sent} == needs


def test_records_too_long_for_a_proxy_hold_up_none_of_those_after_them(
    troubled: Pair, meddler: Meddler
) -> None:
    anne, _ = troubled
    needs = {anne.put("need", title=f"Besoin {n}", words=_long(19_000, n)) for n in range(12)}
    short = anne.put("need", title="Fibre")
    meddler.always = _taking(9000)
    report = anne.sync()
    assert [line.id for line in report.sent] == [short]
    assert {line.id for line in report.refused} == needs
    assert all("de cette taille" in line.sentence for line in report.refused)


def test_the_half_of_a_batch_whose_words_another_said_meanwhile_leaves_all_the_same(
    troubled: Pair, meddler: Meddler
) -> None:
    anne, benoit = troubled
    needs = [anne.put("need", title=f"Besoin {n}") for n in range(2)]
    level(anne, benoit)
    for need in needs:
        anne.put("need", need, words="Rien.")
    benoit.put("need", needs[1], words="Rien.")

    def too_large(heard: Heard, forward: Callable[..., Answer]) -> Answer | None:
        benoit.sync()
        return saying(413)(heard, forward)

    meddler.next(too_large)
    anne.sync()
    with anne.services.workspace.reading() as unit:
        assert list(outbox.all_waiting(unit)) == []


@pytest.mark.parametrize(
    "refusal",
    [
        saying(415, b"<html>", Content_Type="text/html"),
        saying(
            415,
            b'{"type":"urn:commissions:problem:media-type","title":"Format"}',
            Content_Type="application/problem+json",
        ),
    ],
)
def test_a_batch_leaves_in_gzip_where_zstd_is_not_taken(
    troubled: Pair, meddler: Meddler, refusal: Act
) -> None:
    anne, benoit = troubled
    need = anne.put("need", title="Fibre", words="mot " * 500)
    meddler.next(refusal, cut_after)
    assert [line.id for line in anne.sync().sent] == [need]
    codings = [heard.headers.get("Content-Encoding") for heard in meddler.calls()[-3:]]
    assert codings == ["zstd", "gzip", "gzip"]
    benoit.sync()
    assert anne.state() == benoit.state()


def test_a_change_whose_batch_has_a_name_of_another_leaves_under_a_new_one(
    troubled: Pair, meddler: Meddler
) -> None:
    anne, _ = troubled
    need = anne.put("need", title="Fibre")
    problem = b'{"type":"urn:commissions:problem:batch-reused","title":"Lot"}'
    meddler.next(saying(422, problem, Content_Type="application/problem+json"))
    report = anne.sync()
    assert ([line.id for line in report.sent], report.refused) == ([need], [])


def test_a_change_that_the_central_cannot_read_is_named_and_stays(
    troubled: Pair, meddler: Meddler
) -> None:
    anne, _ = troubled
    need = anne.put("need", title="Fibre")
    problem = b'{"type":"urn:commissions:problem:shape","title":"Forme","detail":"Illisible."}'
    meddler.next(saying(422, problem, Content_Type="application/problem+json"))
    report = anne.sync()
    (line,) = report.refused
    assert (line.kind, line.id) == ("need", need)
    assert "Illisible." in line.sentence
    assert anne.stored(need).edits == 1
    assert [line.id for line in anne.sync().sent] == [need]


@pytest.mark.parametrize("kind", ["urn:commissions:problem:sign-in", "about:blank"])
def test_an_unknown_token_is_told_in_our_words_where_the_central_has_none(
    troubled: Pair, meddler: Meddler, kind: str
) -> None:
    anne, _ = troubled
    need = anne.put("need", title="Fibre")
    body = msgspec.json.encode({"type": kind, "title": "Unauthorized"})
    meddler.next(saying(401, body, **OWN))
    with pytest.raises(SyncError, match="demandez un nouveau code") as raised:
        anne.sync()
    assert raised.value.kind == "sign_in"
    assert [line.id for line in anne.sync().sent] == [need]


@pytest.mark.parametrize("status", [413, 422])
def test_a_batch_that_is_refused_by_its_status_is_dissolved_whatever_the_problem_is_called(
    troubled: Pair, meddler: Meddler, status: int
) -> None:
    anne, _ = troubled
    need = anne.put("need", title="Fibre")
    meddler.next(saying(status, b'{"type":"about:blank","title":"Trop"}', **OWN))
    (line,) = anne.sync().refused
    assert "Le central refuse : Trop." in line.sentence
    assert [line.id for line in anne.sync().sent] == [need]


def test_an_epoch_that_changed_is_known_by_its_name_however_a_centrals_types_begin(
    troubled: Pair, meddler: Meddler
) -> None:
    anne, _ = troubled
    need = anne.put("need", title="Fibre")
    body = b'{"type":"https://example.org/problems/epoch-changed","title":"Epoch"}'
    meddler.next(saying(409, body, **OWN))
    with pytest.raises(SyncError, match="en cours de restauration"):  # the epoch is still the same
        anne.sync()
    assert [line.id for line in anne.sync().sent] == [need]


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        ({"type": "urn:commissions:problem:shape", "title": "Not\nso"}, "refuse : Not so."),
        (None, "refuse : sans dire pourquoi."),
    ],
)
def test_a_change_refused_without_a_sentence_is_named_all_the_same(
    troubled: Pair, meddler: Meddler, problem: dict[str, str] | None, told: str
) -> None:
    anne, _ = troubled
    need = anne.put("need", title="Fibre")

    def refusing(heard: Heard, forward: Callable[[], Answer]) -> Answer:
        asked = json.loads(heard.body)
        results = [
            {"op_id": op["op_id"], "status": "refused", "problem": problem} for op in asked["ops"]
        ]
        changes = {
            space: {"records": [], "seq": seq, "more": False}
            for space, seq in asked["after"].items()
        }
        answer = {"epoch": asked["epoch"], "results": results, "changes": changes}
        return Answer(200, json.dumps(answer).encode(), {"Content-Type": "application/json"})

    meddler.next(refusing)
    (line,) = anne.sync().refused
    assert line.id == need
    assert told in line.sentence


def test_a_new_record_leaves_with_the_revision_that_it_builds_on(
    troubled: Pair, meddler: Meddler
) -> None:
    anne, _ = troubled
    anne.put("need", title="Fibre")
    anne.sync()
    (op,) = [op for one in meddler.calls() for op in json.loads(one.body)["ops"]][-1:]
    assert op["base_revision"] == 0


def test_a_new_record_of_nothing_but_defaults_leaves_whole(
    troubled: Pair, meddler: Meddler
) -> None:
    anne, benoit = troubled
    group = anne.put("need_group")
    anne.sync()
    (op,) = [op for one in meddler.calls() for op in json.loads(one.body)["ops"]][-1:]
    assert op["fields"] == anne.get(group)
    benoit.sync()
    assert benoit.get(group) == anne.get(group)


def test_a_level_laptop_asks_once(troubled: Pair, meddler: Meddler) -> None:
    anne, _ = troubled
    before = len(meddler.heard)
    anne.sync()
    assert len(meddler.heard) == before + 1


def test_an_exchange_with_nothing_to_do_ends_a_fault_and_else_writes_nothing(
    troubled: Pair, meddler: Meddler
) -> None:
    anne, _ = troubled
    sync = anne.services.sync
    anne.put("need", title="Fibre")
    sync.run_noted()
    last = sync.status().last
    assert last is not None and last.said == "1 modification envoyée."
    meddler.next(cut_before, cut_before, cut_before)
    with pytest.raises(SyncError) as failed:
        sync.run_noted()
    fault = sync.status().fault
    assert fault is not None and fault.said == capitalised(failed.value.sentence)
    sync.run_noted()
    assert (sync.status().last, sync.status().fault) == (last, None)
    log = anne.services.workspace.folder / f"{DATABASE}-wal"
    before = log.stat()
    sync.run_noted()
    assert (log.stat().st_size, log.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)


def test_a_program_too_old_takes_in_and_keeps_its_work(troubled: Pair, meddler: Meddler) -> None:
    anne, benoit = troubled
    theirs = benoit.put("need", title="Site")
    benoit.sync()
    mine = anne.put("need", title="Fibre")
    problem = b'{"type":"urn:commissions:problem:client-outdated","title":"Trop ancien"}'
    meddler.next(saying(409, problem, Content_Type="application/problem+json"))
    report = anne.services.sync.run_noted()
    assert (report.sent, [line.id for line in report.received]) == ([], [theirs])
    assert "trop ancien" in report.notes[0]
    last = anne.services.sync.status().last
    assert last is not None and last.said.endswith(f" {report.notes[0]}")
    assert report.needs_user
    assert anne.stored(mine).edits == 1
    assert [line.id for line in anne.sync().sent] == [mine]


def test_a_record_whose_reply_was_lost_and_that_is_deleted_meanwhile_is_told_of(
    troubled: Pair, meddler: Meddler
) -> None:
    anne, benoit = troubled
    need = anne.put("need", title="Erreur")
    meddler.next(cut_after, cut_after, cut_after)
    with pytest.raises(SyncError):
        anne.sync()
    anne.services.records.delete(need)
    assert anne.services.sync.status().pending == 1
    meddler.next()
    anne.sync()
    benoit.sync()
    assert benoit.stored(need).envelope.deleted
    assert anne.services.sync.status().pending == 0


def test_an_edit_made_while_another_was_on_its_way_leaves_others_words_alone(
    troubled: Pair, meddler: Meddler
) -> None:
    anne, benoit = troubled
    need = anne.put("need", title="Site", words="Les mots")
    for one in (anne, benoit, anne):
        one.sync()
    anne.put("need", need, title="Le site")

    def meanwhile(_: Heard, forward: Callable[[], Answer]) -> Answer:
        answer = forward()
        anne.put("need", need, severity=3)
        benoit.put("need", need, words="D'autres mots")
        benoit.sync()
        return answer

    meddler.next(meanwhile)
    for one in (anne, benoit, anne):
        one.sync()
    for one in troubled:
        fields = one.get(need)
        told = (fields["title"], fields["words"], fields["severity"])
        assert told == ("Le site", "D'autres mots", 3)
        assert one.services.conflicts.open() == []


def test_what_left_before_an_edit_gives_way_to_others_words_like_all_that_was_sent(
    troubled: Pair, meddler: Meddler
) -> None:
    anne, benoit = troubled
    need = anne.put("need", title="Site")
    for one in (anne, benoit, anne):
        one.sync()
    anne.put("need", need, title="Le site")

    def meanwhile(_: Heard, forward: Callable[[], Answer]) -> Answer:
        answer = forward()
        anne.put("need", need, severity=3)
        benoit.sync()
        benoit.put("need", need, title="Notre site")
        benoit.sync()
        return answer

    meddler.next(meanwhile)
    for one in (anne, benoit, anne):
        one.sync()
    for one in troubled:
        assert (one.get(need)["title"], one.get(need)["severity"]) == ("Notre site", 3)
        assert one.services.conflicts.open() == []


def test_a_record_brought_back_while_its_deletion_was_on_its_way_lives_and_is_told_as_sent(
    troubled: Pair, meddler: Meddler
) -> None:
    anne, benoit = troubled
    need = anne.put("need", title="Site")
    for one in (anne, benoit):
        one.sync()
    anne.services.records.delete(need)

    def meanwhile(_: Heard, forward: Callable[[], Answer]) -> Answer:
        answer = forward()
        anne.services.records.restore(need)
        return answer

    meddler.next(meanwhile)
    assert [line.sentence for line in anne.sync().sent] == ["Envoyé : besoin « Site »."]
    benoit.sync()
    assert benoit.get(need)["title"] == "Site"
    assert anne.state() == benoit.state()
