"""Attachments and frozen PDFs: they follow their records, whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest

from app.domain.records import SCHEMA
from app.errors import SyncError
from app.storage import blobs
from app.sync import link as ties
from app.sync import transport
from app.sync.protocol import PROBLEM_BASE
from tests.app.central.laptop import laptop, op
from tests.app.sync.conftest import Laptop
from tests.app.sync.meddler import Answer, Heard, Meddler, cut_after, cut_before, cut_within, saying
from tests.app.sync.test_between_laptops import level
from tests.central_server import Central

Pair = tuple[Laptop, Laptop]


def attach(laptop: Laptop, content: bytes, need: str = "") -> str:
    """Attaches a photo to a need, a new one if none is named; gives its SHA-256."""
    with laptop.services.workspace.unit("Photo") as unit:
        digest = blobs.keep(unit, content)
        unit.commit()
    need = need or laptop.put("need", title="Tableau blanc")
    laptop.put("attachment", owner_id=need, name="photo.jpg", media_type="image/jpeg",
               size=len(content), sha256=digest)  # fmt: skip
    return digest


def content_of(laptop: Laptop, digest: str) -> bytes | None:
    with laptop.services.workspace.reading() as unit:
        return blobs.content(unit, digest)


def bound_files(laptop: Laptop, **bounds: int) -> None:
    """Has a laptop believe in other bounds of the central."""
    with laptop.services.workspace.unit() as unit:
        link = ties.load(unit)
        assert link is not None
        limits = msgspec.structs.replace(link.limits, **bounds)
        ties.save(unit, msgspec.structs.replace(link, limits=limits))
        unit.commit()


PHOTO = bytes(range(256)) * 5000


def test_a_photo_follows_its_record(pair: Pair) -> None:
    anne, benoit = pair
    digest = attach(anne, PHOTO)
    assert anne.sync().notes == []
    assert benoit.sync().notes == []
    assert content_of(benoit, digest) == PHOTO


def test_the_files_that_wait_are_named_once_each_and_those_that_went_counted(pair: Pair) -> None:
    anne, benoit = pair
    sent = attach(anne, PHOTO)
    report = anne.sync()
    assert (report.files_sent, report.files_received) == (1, 0)
    benoit.sync()
    assert attach(benoit, PHOTO) == sent
    assert benoit.sync().files_sent == 0  # the central has it already
    level(anne, benoit)
    bound_files(anne, blob=len(PHOTO))
    for _ in range(2):
        attach(anne, PHOTO + b"more")
    anne.sync()
    assert anne.services.sync.status().files == 1
    assert [line.sentence for line in anne.services.sync.departure().lines] == [
        "À envoyer, fichier : pièce jointe « photo.jpg »."
    ]


def test_a_file_given_up_where_it_never_came_is_not_counted_as_received(pair: Pair) -> None:
    anne, benoit = pair
    bound_files(anne, blob=1)
    attach(anne, PHOTO)
    anne.sync()
    assert benoit.sync().files_received == 0
    assert benoit.services.sync.status().files_coming == 1
    anne.services.records.delete(anne.services.records.list("attachment")[0].id)
    anne.sync()
    assert benoit.sync(accept_deletions=True).files_received == 0
    assert benoit.services.sync.status().files_coming == 0


def test_a_refused_file_whose_record_is_deleted_no_longer_waits(pair: Pair) -> None:
    anne, _ = pair
    bound_files(anne, blob=1)
    need = anne.put("need", title="Tableau blanc")
    attach(anne, PHOTO, need)
    anne.sync()
    assert anne.services.sync.status().files == 1
    anne.services.records.delete(need, cascade=True)
    assert anne.sync().notes == []
    assert anne.services.sync.status().files == 0
    anne.services.undo.undo()
    (note,) = anne.sync().notes
    assert "Fichier refusé par le central" in note
    assert anne.services.sync.status().files == 1


def test_a_refused_file_waits_until_the_central_hears_that_its_record_is_deleted(
    troubled: Pair, meddler: Meddler
) -> None:
    anne, _ = troubled
    bound_files(anne, blob=len(PHOTO))
    attach(anne, PHOTO)
    large = attach(anne, PHOTO + b"more")
    photos = anne.services.records.list("attachment")
    (photo,) = (one.id for one in photos if one.fields.sha256 == large)

    def meanwhile(_: Heard, forward: Callable[[], Answer]) -> Answer:
        anne.services.records.delete(photo)
        return forward()

    meddler.next(meanwhile, only="/v1/uploads")
    anne.sync()
    assert anne.services.sync.status().files == 1
    anne.sync()
    assert anne.services.sync.status().files == 0


def test_a_commission_s_own_agenda_reaches_its_other_laptop(pair: Pair) -> None:
    anne, benoit = pair
    meeting = anne.put("meeting", title="Séance", starts_at="2027-03-19T18:30:00+01:00")
    anne.put("agenda_item", meeting_id=meeting, kind="misc", title="Tour de table", rank="a")
    anne.services.agenda_templates.save(meeting, "Nos séances")
    anne.sync()
    benoit.sync()
    commission = benoit.services.records.list("commission")[0].id
    usual = benoit.services.agenda_templates.usual(commission)
    assert usual.name == "Nos séances"
    assert [item.title for item in usual.items] == ["Tour de table"]


def test_an_empty_file_travels_too(pair: Pair) -> None:
    anne, benoit = pair
    digest = attach(anne, b"")
    anne.sync()
    benoit.sync()
    assert content_of(benoit, digest) == b""


def test_a_file_that_is_there_already_is_not_sent_again(troubled: Pair, meddler: Meddler) -> None:
    anne, benoit = troubled
    attach(benoit, PHOTO)
    benoit.sync()
    attach(anne, PHOTO)
    anne.sync()
    assert not [heard for heard in meddler.heard if heard.method == "PATCH"]


def test_a_photo_that_is_deleted_is_not_announced_again(troubled: Pair, meddler: Meddler) -> None:
    anne, _ = troubled
    attach(anne, PHOTO)
    anne.sync()
    (photo,) = anne.services.records.list("attachment")
    anne.services.records.delete(photo.id)
    anne.sync()
    assert len(meddler.calls("/v1/uploads")) == 1


@pytest.mark.parametrize("renamed", [False, True], ids=["as it was", "renamed since"])
def test_an_upload_goes_on_where_the_line_broke(
    troubled: Pair, meddler: Meddler, renamed: bool
) -> None:
    anne, benoit = troubled
    bound_files(anne, chunk=300_000)
    digest = attach(anne, PHOTO)
    pieces = 0

    def breaking(heard: Heard, forward: Callable[[], Answer]) -> Answer | None:
        nonlocal pieces
        if pieces == 2:
            return None
        pieces += heard.method == "PATCH"
        answer = forward()
        return None if pieces == 2 else answer

    meddler.always = breaking
    (note,) = anne.sync().notes
    assert "1" in note
    meddler.always = None
    if renamed:
        [photo] = anne.services.records.list("attachment")
        anne.put("attachment", photo.id, name="tableau.jpg")
    before = len(meddler.heard)
    assert anne.sync().notes == []
    again = [heard.method for heard in meddler.heard[before:] if "uploads" in heard.path]
    assert again == ["HEAD", "PATCH", "PATCH", "PATCH"]
    benoit.sync()
    assert content_of(benoit, digest) == PHOTO


def test_an_upload_outlives_a_reply_that_is_lost_and_a_proxy_that_slows_it(
    troubled: Pair, meddler: Meddler
) -> None:
    """As nginx does with a laptop that sends many small photos."""
    anne, benoit = troubled
    bound_files(anne, chunk=300_000)
    digest = attach(anne, PHOTO)
    pieces = 0

    def troubling(heard: Heard, forward: Callable[[], Answer]) -> Answer | None:
        nonlocal pieces
        pieces += heard.method == "PATCH"
        if pieces == 4 and heard.method == "PATCH":
            return Answer(429, b"<html>", {"Content-Type": "text/html"})
        answer = forward()
        return None if pieces == 2 and heard.method == "PATCH" else answer

    meddler.always = troubling
    assert anne.sync().notes == []
    methods = [heard.method for heard in meddler.heard if "uploads" in heard.path]
    assert methods == ["POST", "PATCH", "PATCH", "HEAD", "PATCH", "PATCH", "HEAD", "PATCH", "PATCH"]
    benoit.sync()
    assert content_of(benoit, digest) == PHOTO


def test_an_upload_that_does_not_go_on_is_left(troubled: Pair, meddler: Meddler) -> None:
    anne, benoit = troubled
    digest = attach(anne, PHOTO)
    pieces = 0

    def still(heard: Heard, forward: Callable[[], Answer]) -> Answer:
        nonlocal pieces
        pieces += heard.method == "PATCH"
        if heard.method != "PATCH" or pieces > 3:  # whoever asks on is answered at last
            return forward()
        return Answer(204, b"", {"Upload-Offset": "0"})

    meddler.always = still
    assert len(anne.sync().notes) == 1
    assert pieces == 1
    meddler.always = None
    assert anne.sync().notes == []
    benoit.sync()
    assert content_of(benoit, digest) == PHOTO


@pytest.mark.parametrize("offset", ["999999999", "9" * 5000], ids=["beyond", "no number"])
def test_an_upload_that_stands_beyond_its_end_has_not_gone(
    troubled: Pair, meddler: Meddler, offset: str
) -> None:
    anne, benoit = troubled
    digest = attach(anne, PHOTO)

    def beyond(heard: Heard, forward: Callable[[], Answer]) -> Answer | None:
        if heard.method == "HEAD":
            return Answer(200, b"", {"Upload-Offset": offset})
        return None if heard.method == "PATCH" else forward()

    meddler.always = beyond
    for _ in range(2):
        assert len(anne.sync().notes) == 1
    meddler.always = None
    assert anne.sync().notes == []
    benoit.sync()
    assert content_of(benoit, digest) == PHOTO


def test_a_file_that_a_proxy_finds_too_large_waits_and_says_whom_to_tell(
    troubled: Pair, meddler: Meddler
) -> None:
    anne, benoit = troubled
    digest = attach(anne, PHOTO)

    def small(heard: Heard, forward: Callable[[], Answer]) -> Answer:
        page = Answer(413, b"<html>Request Entity Too Large", {"Content-Type": "text/html"})
        return page if heard.method == "PATCH" else forward()

    meddler.always = small
    assert list(anne.sync().notes) == [
        "Fichier refusé par le central, gardé ici : pièce jointe « photo.jpg »."
        " Un serveur placé devant le central refuse un envoi de cette taille : prévenez le GIP."
    ]
    meddler.always = None
    assert anne.sync().notes == []
    benoit.sync()
    assert content_of(benoit, digest) == PHOTO


def test_a_file_that_the_central_refuses_stops_no_other(troubled: Pair, meddler: Meddler) -> None:
    anne, benoit = troubled
    digests = [attach(anne, content) for content in (PHOTO, PHOTO[1:], b"plan")]
    full = msgspec.json.encode(
        {"type": f"{PROBLEM_BASE}too-large", "title": "Plein", "detail": "Le disque est plein."}
    )
    refused = saying(413, full, Content_Type="application/problem+json")
    meddler.next(refused, only="/v1/uploads")
    report = anne.sync()
    assert report.needs_user
    assert list(report.notes) == [
        "Fichier refusé par le central, gardé ici : pièce jointe « photo.jpg »."
        " Le disque est plein."
    ]
    benoit.sync()
    assert [content_of(benoit, one) is None for one in digests] == [True, False, False]
    assert anne.sync().notes == []
    benoit.sync()
    assert content_of(benoit, digests[0]) == PHOTO


def test_a_file_beyond_what_the_central_takes_waits_and_is_told(pair: Pair) -> None:
    anne, benoit = pair
    bound_files(anne, blob=1 << 20)
    digests = [attach(anne, content) for content in (PHOTO, b"plan")]
    (note,) = anne.sync().notes
    assert note.endswith("« photo.jpg ». Le central prend au plus 1 Mo.")
    bound_files(anne, blob=50 << 20)
    assert anne.sync().notes == []
    benoit.sync()
    assert [content_of(benoit, one) for one in digests] == [PHOTO, b"plan"]


def test_no_file_is_tried_once_the_account_is_closed(troubled: Pair, meddler: Meddler) -> None:
    anne, _ = troubled
    for content in (PHOTO, PHOTO[1:]):
        attach(anne, content)
    closed = b'{"type": "urn:commissions:problem:sign-in", "title": "Non", "status": 401}'
    signed_out = saying(401, closed, Content_Type="application/problem+json")
    meddler.next(signed_out, signed_out, only="/v1/uploads")
    anne.sync()
    assert len(meddler.calls("/v1/uploads")) == 1


def test_what_names_no_file_stops_no_other(central: Central, pair: Pair) -> None:
    anne, benoit = pair
    space = anne.services.sync.status().commission_ids[0]
    newer = laptop(central, space)
    odd = op("attachment", name="plan", sha256="../devices/self")
    assert newer.exchange(space, odd, schema=SCHEMA + 1).results[0].status == "accepted"
    newer.client.close()
    digest = attach(anne, PHOTO)
    anne.sync()
    assert benoit.sync().notes == []
    assert content_of(benoit, digest) == PHOTO


def test_what_waits_is_not_forgotten_for_what_comes_after(troubled: Pair, meddler: Meddler) -> None:
    anne, benoit = troubled
    sent = [attach(anne, PHOTO)]
    meddler.next(*[cut_before] * 3, only="/v1/uploads")
    assert len(anne.sync().notes) == 1
    sent.append(attach(anne, b"plan"))
    assert anne.sync().notes == []
    benoit.sync()
    fetched = [attach(benoit, b"devis")]
    benoit.sync()
    meddler.next(*[cut_before] * 3, only=f"/v1/blobs/{fetched[0]}")
    assert len(anne.sync().notes) == 1
    fetched.append(attach(benoit, b"facture"))
    benoit.sync()
    assert anne.sync().notes == []
    assert all(content_of(benoit, one) for one in sent)
    assert all(content_of(anne, one) for one in fetched)


def test_a_file_that_is_here_already_is_not_fetched(troubled: Pair, meddler: Meddler) -> None:
    anne, benoit = troubled
    for one in (anne, benoit):
        attach(one, PHOTO)
        one.sync()
    anne.sync()
    assert not [heard for heard in meddler.heard if "/v1/blobs/" in heard.path]


def test_a_download_goes_on_where_the_line_broke(troubled: Pair, meddler: Meddler) -> None:
    anne, benoit = troubled
    digest = attach(benoit, PHOTO)
    benoit.sync()
    meddler.next(cut_within, cut_within, cut_after, only=f"/v1/blobs/{digest}")
    assert anne.sync().notes == []
    assert content_of(anne, digest) == PHOTO
    assert len(meddler.calls(f"/v1/blobs/{digest}")) == 4


def test_a_download_comes_back_when_a_busy_central_says(troubled: Pair, meddler: Meddler) -> None:
    anne, benoit = troubled
    digest = attach(benoit, PHOTO)
    benoit.sync()
    meddler.next(saying(503, Retry_After="5"), only=f"/v1/blobs/{digest}")
    assert anne.sync().notes == []
    assert content_of(anne, digest) == PHOTO
    assert [int(wait) for wait in anne.waits] == [5]


def test_a_download_that_is_to_wait_for_long_is_left(troubled: Pair, meddler: Meddler) -> None:
    anne, benoit = troubled
    digest = attach(benoit, PHOTO)
    benoit.sync()
    meddler.next(saying(503, Retry_After="40"), only=f"/v1/blobs/{digest}")
    assert len(anne.sync().notes) == 1
    assert anne.waits == []
    assert anne.sync().notes == []
    assert content_of(anne, digest) == PHOTO


def test_a_download_that_begins_anew_where_it_was_to_go_on_is_kept_once(
    troubled: Pair, meddler: Meddler, monkeypatch: pytest.MonkeyPatch
) -> None:
    anne, benoit = troubled
    digest = attach(benoit, PHOTO)
    benoit.sync()
    monkeypatch.setattr(transport, "MAX_ANSWER", len(PHOTO))

    def whole(heard: Heard, _: Callable[..., Answer]) -> Answer:
        kept = {name: value for name, value in heard.headers.items() if name != "Range"}
        return meddler.forward(replace(heard, headers=kept))

    def whole_cut_within(heard: Heard, forward: Callable[..., Answer]) -> Answer:
        return cut_within(heard, lambda: whole(heard, forward))

    meddler.next(cut_within, whole_cut_within, whole, only=f"/v1/blobs/{digest}")
    assert anne.sync().notes == []
    assert content_of(anne, digest) == PHOTO


def test_a_file_of_another_digest_is_never_kept(troubled: Pair, meddler: Meddler) -> None:
    anne, benoit = troubled
    digest = attach(benoit, PHOTO)
    benoit.sync()
    forged = saying(200, b"autre chose", Content_Type="application/octet-stream")
    meddler.next(forged, only=f"/v1/blobs/{digest}")
    assert len(anne.sync().notes) == 1
    assert content_of(anne, digest) is None
    assert anne.sync().notes == []
    assert content_of(anne, digest) == PHOTO


def test_a_portal_in_the_place_of_a_file_is_no_file(troubled: Pair, meddler: Meddler) -> None:
    anne, benoit = troubled
    digest = attach(benoit, PHOTO)
    benoit.sync()
    portal = saying(200, b"<html>", Content_Type="text/html")
    meddler.next(portal, only=f"/v1/blobs/{digest}")
    report = anne.sync()
    assert len(report.notes) == 1
    assert len(report.received) == 2


def test_a_file_that_has_not_come_yet_is_asked_for_again(pair: Pair, meddler: Meddler) -> None:
    anne, benoit = pair
    digest = hashlib.sha256(PHOTO).hexdigest()
    need = anne.put("need", title="Tableau blanc")
    anne.put("attachment", owner_id=need, name="photo.jpg", size=len(PHOTO), sha256=digest)
    anne.sync()
    assert len(benoit.sync().notes) == 1
    with anne.services.workspace.unit() as unit:
        blobs.keep(unit, PHOTO)
        unit.commit()
    (attachment,) = anne.services.records.envelopes("attachment")
    anne.put("attachment", attachment.id, name="tableau.jpg")
    anne.sync()
    assert benoit.sync().notes == []
    assert content_of(benoit, digest) == PHOTO


def test_a_file_whose_record_is_deleted_is_no_longer_asked_for(
    troubled: Pair, meddler: Meddler
) -> None:
    anne, benoit = troubled
    need = benoit.put("need", title="Tableau blanc")
    digest = hashlib.sha256(PHOTO).hexdigest()
    benoit.put("attachment", owner_id=need, name="photo.jpg", size=len(PHOTO), sha256=digest)
    benoit.sync()
    assert len(anne.sync().notes) == 1
    benoit.services.records.delete(need, cascade=True)
    benoit.sync()
    assert anne.sync().notes == []
    anne.services.records.restore(need)
    (attachment,) = [one.id for one in anne.state().values() if one.kind == "attachment"]
    anne.services.records.restore(attachment)
    assert len(anne.sync().notes) == 1
    benoit.sync()
    with benoit.services.workspace.unit() as unit:
        blobs.keep(unit, PHOTO)
        unit.commit()
    benoit.put("attachment", attachment, name="tableau.jpg")
    benoit.sync()
    assert anne.sync().notes == []
    assert content_of(anne, digest) == PHOTO


def test_giving_up_stops_between_two_pieces(troubled: Pair, meddler: Meddler) -> None:
    anne, _ = troubled
    attach(anne, PHOTO)
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > 12

    with pytest.raises(SyncError) as caught:
        anne.sync(cancelled=cancelled)
    assert caught.value.kind == "cancelled"
    assert anne.sync().notes == []


def test_a_photo_deleted_while_it_leaves_goes_all_the_same_where_its_need_comes_back(
    meddler: Meddler, troubled: Pair
) -> None:
    anne, benoit = troubled
    need = anne.put("need", title="Tableau blanc")
    anne.sync()
    benoit.sync()
    attach(benoit, b"un devis", need)
    benoit.sync()
    digest = attach(anne, PHOTO, need)

    def meanwhile(_: Heard, forward: Callable[[], Answer]) -> Answer:
        anne.services.records.delete(need, cascade=True)
        return forward()

    meddler.next(meanwhile)
    anne.sync()
    benoit.sync()
    assert content_of(benoit, digest) == PHOTO


def test_a_file_that_gave_way_leaves_once_it_is_chosen_elsewhere(pair: Pair) -> None:
    anne, benoit = pair
    meeting = anne.put("meeting", title="Séance", starts_at="2027-03-19T18:30:00+01:00")
    item = anne.put("agenda_item", meeting_id=meeting, kind="misc", title="Voirie", rank="a")
    anne.services.agenda_templates.save(meeting, "Nos séances")
    level(anne, benoit)
    for one, title in ((anne, "Voirie et eau"), (benoit, "Voirie, eau et réseaux")):
        one.put("agenda_item", item, title=title)
        one.services.agenda_templates.save(meeting, "Nos séances")
    level(anne, benoit)
    found = {one.fields["unit"]: one.id for one in anne.services.conflicts.open()}
    assert {unit for unit in found if unit != "title"} == {"sha256", "size"}
    for unit in found.keys() - {"size"}:  # which is the file's
        anne.services.conflicts.resolve(found[unit], "mine")
    level(anne, benoit)
    commission = anne.services.records.list("commission")[0].id
    (template,) = anne.services.records.list("attachment")
    for one in pair:
        assert one.services.conflicts.open() == []
        assert template.fields.size == len(content_of(one, template.fields.sha256) or b"")
        assert one.sync().notes == []
        (kept,) = one.services.agenda_templates.usual(commission).items
        assert kept.title == "Voirie, eau et réseaux"


def test_a_file_of_the_gip_is_not_sent_back_when_its_name_changes(
    central: Central, troubled: Pair, laptop: Callable[..., Laptop], meddler: Meddler
) -> None:
    anne, _ = troubled
    gip = laptop("gip")
    gip.enrol(central.facilitator(name="GIP", role="gip"), adopt=central.commission("Autre"))
    note = gip.services.records.create("watch_note", {"title": "Décret"}, None)
    with gip.services.workspace.unit("Photo") as unit:
        digest = blobs.keep(unit, PHOTO)
        unit.commit()
    fields = {"owner_id": note.id, "name": "a.jpg", "media_type": "image/jpeg", "size": len(PHOTO)}
    photo = gip.services.records.create("attachment", fields | {"sha256": digest}, None)
    level(gip, anne)
    assert content_of(anne, digest) == PHOTO
    gip.put("attachment", photo.id, name="decret.jpg")
    gip.sync()
    assert anne.sync().notes == []
    assert anne.get(photo.id)["name"] == "decret.jpg"
    assert meddler.calls("/v1/uploads") == []


def test_a_file_chosen_of_two_has_its_own_size_though_the_sizes_did_not_clash(pair: Pair) -> None:
    anne, benoit = pair
    meeting = anne.put("meeting", title="Séance", starts_at="2027-03-19T18:30:00+01:00")
    item = anne.put("agenda_item", meeting_id=meeting, kind="misc", title="Voirie", rank="a")
    anne.services.agenda_templates.save(meeting, "Nos séances")
    level(anne, benoit)
    for one, title in ((anne, "Voirie et eau"), (benoit, "Chemin")):
        one.put("agenda_item", item, title=title)
        one.services.agenda_templates.save(meeting, "Nos séances")
    level(anne, benoit)
    found = {one.fields["unit"]: one.id for one in benoit.services.conflicts.open()}
    assert found.keys() == {"title", "sha256"}
    benoit.services.conflicts.resolve(found["sha256"], "mine")
    level(anne, benoit)
    (template,) = anne.services.records.list("attachment")
    for one in pair:
        assert template.fields.size == len(content_of(one, template.fields.sha256) or b"")


@pytest.mark.parametrize("chosen", ["name", "sha256"])
def test_a_choice_of_a_file_decides_of_nothing_but_the_file_that_one_merge_left(
    pair: Pair, chosen: str
) -> None:
    anne, benoit = pair
    meeting = anne.put("meeting", title="Séance", starts_at="2027-03-19T18:30:00+01:00")
    item = anne.put("agenda_item", meeting_id=meeting, kind="misc", title="Voirie", rank="a")
    anne.services.agenda_templates.save(meeting, "Nos séances")
    level(anne, benoit)
    (template,) = anne.services.records.list("attachment")
    for more in ("", " et encore"):
        for one, title in ((anne, f"Voirie et eau{more}"), (benoit, f"Voirie, réseaux{more}")):
            one.put("agenda_item", item, title=title)
            one.services.agenda_templates.save(meeting, "Nos séances")
            one.put("attachment", template.id, name=f"{title}.json")
        level(anne, benoit)

    def waiting() -> list[tuple[int, str, str]]:
        return sorted(
            (one.fields["base_revision"], one.fields["unit"], one.id)
            for one in anne.services.conflicts.open()
            if one.fields["record_id"] == template.id
        )

    former, latter = waiting()[:3], waiting()[3:]
    assert [unit for _, unit, _ in former] == [unit for _, unit, _ in latter]
    assert [unit for _, unit, _ in latter] == ["name", "sha256", "size"]
    (decided,) = (each for _, unit, each in latter if unit == chosen)
    anne.services.conflicts.resolve(decided, "mine")
    left = ["sha256", "size"] if chosen == "name" else ["name"]
    assert waiting() == [*former, *(one for one in latter if one[1] in left)]


def test_an_upload_s_name_never_makes_another_call_of_it(troubled: Pair, meddler: Meddler) -> None:
    anne, benoit = troubled
    digest = attach(anne, PHOTO)
    given = "é?x=1#y\r\nX-Z: 1"

    def renamed(_: Heard, forward: Callable[[], Answer]) -> Answer:
        answer = forward()
        upload = msgspec.json.decode(answer.body) | {"id": given}
        return replace(answer, body=msgspec.json.encode(upload))

    meddler.next(renamed, only="/v1/uploads")
    anne.sync()
    quoted = "/v1/uploads/%C3%A9%3Fx%3D1%23y%0D%0AX-Z%3A%201"
    assert {heard.path for heard in meddler.heard if heard.method == "PATCH"} == {quoted}
    assert anne.sync().notes == []
    benoit.sync()
    assert content_of(benoit, digest) == PHOTO
