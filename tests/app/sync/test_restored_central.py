"""A central restored from a backup: compared, and sent what it lacks; nothing here is deleted."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest

from app.bootstrap import open_services
from app.central import accounts, backup
from app.errors import SyncError, UserError
from app.storage import blobs
from app.sync import link as ties
from app.sync.conflicts import Keep
from app.sync.protocol import PROBLEM_BASE
from tests.app.sync.conftest import Laptop
from tests.app.sync.meddler import Answer, Heard, Meddler, cut_after, cut_before, faithful, saying
from tests.app.sync.test_between_laptops import level, put_many
from tests.app.sync.test_files import PHOTO, attach, content_of
from tests.app.sync.test_foreign_answers import changing
from tests.central_server import Central

Pair = tuple[Laptop, Laptop]


class Copies:
    """Saves and restores a central while it serves."""

    def __init__(self, central: Central, file: Path) -> None:
        self.central = central
        self.file = file

    def save(self) -> None:
        backup.save(self.central.database, self.file, self.central.clock())

    def restore(self) -> None:
        backup.restore(self.central.database, self.file)


@pytest.fixture
def copies(central: Central, tmp_path: Path) -> Copies:
    return Copies(central, tmp_path / "copie")


def lost_by_a_restore(anne: Laptop, benoit: Laptop, copies: Copies) -> str:
    """A need whose last words, of Anne's, the restored central has no more."""
    need = anne.put("need", title="Fibre")
    level(anne, benoit)
    copies.save()
    anne.put("need", need, title="La fibre")
    anne.sync()
    copies.restore()
    return need


def of_the_gip(central: Central, laptop: Callable[..., Laptop]) -> Laptop:
    """A laptop that reads and writes every space."""
    gip = laptop("gip")
    gip.enrol(central.facilitator(name="GIP", role="gip"), adopt=central.commission("Autre"))
    return gip


def test_what_the_backup_lacks_is_sent_again(pair: Pair, copies: Copies) -> None:
    anne, benoit = pair
    old = anne.put("need", title="Fibre")
    level(anne, benoit)
    copies.save()
    anne.put("need", old, title="La fibre")
    new = anne.put("need", title="Site")
    gone = anne.put("need", title="Erreur")
    level(anne, benoit)
    anne.services.records.delete(gone)
    level(anne, benoit)
    copies.restore()
    assert {line.id for line in anne.sync().sent} == {old, new}
    level(anne, benoit)
    for one in pair:
        assert (one.get(old)["title"], one.get(new)["title"]) == ("La fibre", "Site")
        assert one.stored(gone).envelope.deleted
        assert one.services.sync.status().to_resend == 0
        assert one.services.conflicts.open() == []
    live = [{i: e.fields for i, e in one.state().items() if not e.deleted} for one in pair]
    assert live[0] == live[1]


def test_a_deletion_of_words_never_sent_is_not_to_be_sent_again(pair: Pair, copies: Copies) -> None:
    anne, benoit = pair
    need = anne.put("need", title="Fibre")
    level(anne, benoit)
    anne.put("need", need, words="On n'a rien.")
    anne.services.records.delete(need)
    level(anne, benoit)
    copies.save()
    copies.restore()
    level(anne, benoit)
    status = anne.services.sync.status()
    assert (status.pending, status.to_resend) == (0, 0)
    assert anne.stored(need).envelope.deleted


def test_a_file_that_the_backup_lacks_is_sent_again(
    troubled: Pair, copies: Copies, meddler: Meddler
) -> None:
    anne, benoit = troubled
    digest = attach(anne, PHOTO)
    meddler.always = lambda heard, forward: None if "uploads" in heard.path else forward()
    assert anne.sync().notes
    meddler.always = None
    copies.save()
    assert anne.sync().notes == []
    copies.restore()
    anne.sync()
    benoit.sync()
    assert content_of(benoit, digest) == PHOTO


@pytest.mark.parametrize("renamed", [False, True], ids=["untouched", "renamed alike"])
def test_a_file_changed_after_a_restore_comes_to_who_compares_later(
    pair: Pair, copies: Copies, renamed: bool
) -> None:
    anne, benoit = pair
    attach(anne, PHOTO)
    level(anne, benoit)
    copies.save()
    copies.restore()
    (photo,) = benoit.services.records.list("attachment")
    with benoit.services.workspace.unit("Photo") as unit:
        digest = blobs.keep(unit, PHOTO + b"again")
        unit.commit()
    benoit.put("attachment", photo.id, sha256=digest, size=len(PHOTO) + 5, name="a.jpg")
    benoit.sync()
    if renamed:
        anne.put("attachment", photo.id, name="a.jpg")
    assert anne.sync().conflicts == []
    assert content_of(anne, digest) == PHOTO + b"again"


def test_receipts_of_what_was_lost_are_void_until_it_is_sent_again(
    troubled: Pair, copies: Copies, meddler: Meddler
) -> None:
    anne, _ = troubled
    copies.save()
    need = anne.put("need", title="Fibre")
    anne.sync()
    copies.restore()
    # the exchange under the new epoch: refused, compared (twice: region and commission), then cut
    meddler.next(*[faithful] * 3, *[cut_before] * 9)
    with pytest.raises(SyncError):
        anne.sync()
    proof = anne.services.receipts.proof(need)
    assert proof is not None
    assert proof.void
    assert anne.services.sync.status().to_resend == 1
    arrival = anne.services.receipts.arrival(need)
    assert arrival is not None
    assert arrival.sentence.endswith(", perdu par une restauration du central : à renvoyer.")
    meddler.next()
    anne.sync()
    proof = anne.services.receipts.proof(need)
    assert proof is not None
    assert not proof.void


def test_a_receipt_of_what_was_lost_counts_though_its_record_was_edited_on_the_way(
    troubled: Pair, copies: Copies, meddler: Meddler
) -> None:
    anne, _ = troubled
    copies.save()
    need = anne.put("need", title="Fibre")
    anne.sync()
    copies.restore()

    def meanwhile(_: Heard, forward: Callable[..., Answer]) -> Answer:
        answer = forward()
        anne.put("need", need, words="Trop lent.")
        return answer

    # refused, compared (region and commission), sent again, then cut
    meddler.next(*[faithful] * 3, meanwhile, *[cut_before] * 9)
    with pytest.raises(SyncError):
        anne.sync()
    proof = anne.services.receipts.proof(need)
    assert proof is not None
    assert not proof.void
    status = anne.services.sync.status()
    assert (status.pending, status.to_resend) == (1, 0)


def test_nothing_is_to_be_sent_again_once_what_was_lost_is_taken_back(
    troubled: Pair, copies: Copies, meddler: Meddler
) -> None:
    anne, benoit = troubled
    need = lost_by_a_restore(anne, benoit, copies)
    # refused, compared (region and commission), then too large
    meddler.next(*[faithful] * 3, saying(413))
    assert [line.id for line in anne.sync().refused] == [need]
    assert anne.services.sync.status().to_resend == 1
    anne.put("need", need, title="Fibre")
    anne.sync()
    status = anne.services.sync.status()
    assert (status.pending, status.to_resend) == (0, 0)


def test_a_receipt_is_void_until_the_words_that_a_restore_lost_are_sent_again(
    troubled: Pair, copies: Copies, meddler: Meddler
) -> None:
    anne, benoit = troubled
    need = lost_by_a_restore(anne, benoit, copies)
    benoit.put("need", need, words="Rien.")
    benoit.sync()
    # as above: refused, compared, then cut before the merged record leaves
    meddler.next(*[faithful] * 3, *[cut_before] * 9)
    with pytest.raises(SyncError):
        anne.sync()
    assert anne.services.sync.status().to_resend == 1
    meddler.next()
    anne.sync()
    assert anne.services.sync.status().to_resend == 0


@pytest.mark.parametrize("words", ["", "Rien."], ids=["as it was", "with words of theirs"])
def test_what_another_laptop_sent_again_first_is_no_longer_to_be_sent(
    troubled: Pair, copies: Copies, meddler: Meddler, words: str
) -> None:
    anne, benoit = troubled
    copies.save()
    need = anne.put("need", title="Fibre")
    level(anne, benoit)
    copies.restore()
    # as above: refused, compared, then cut before the need leaves
    meddler.next(*[faithful] * 3, *[cut_before] * 9)
    with pytest.raises(SyncError):
        anne.sync()
    assert anne.services.sync.status().to_resend == 1
    meddler.next()
    benoit.put("need", need, words=words)
    benoit.sync()
    assert anne.sync().sent == []
    assert anne.services.sync.status().to_resend == 0
    assert anne.get(need)["words"] == words


def test_a_receipt_of_what_the_backup_holds_stands_whatever_waits_to_be_sent(
    troubled: Pair, copies: Copies, meddler: Meddler
) -> None:
    anne, benoit = troubled
    need = anne.put("need", title="Fibre")
    anne.sync()
    anne.put("need", need, words="Rien.")
    copies.save()
    copies.restore()
    # the exchange, refused; its batch under the new epoch, late; compared; cut before words leave
    meddler.next(*[faithful] * 4, *[cut_before] * 9)
    with pytest.raises(SyncError):
        anne.sync()
    status = anne.services.sync.status()
    assert (status.to_resend, status.pending) == (0, 1)
    meddler.next()
    assert [line.id for line in anne.sync().sent] == [need]
    benoit.sync()
    assert (benoit.get(need)["title"], benoit.get(need)["words"]) == ("Fibre", "Rien.")


def test_a_receipt_stands_where_all_its_words_were_said_again_elsewhere(
    pair: Pair, copies: Copies
) -> None:
    anne, benoit = pair
    need = lost_by_a_restore(anne, benoit, copies)
    benoit.put("need", need, title="La fibre", words="Rien.")
    benoit.sync()
    assert anne.sync().sent == []
    assert anne.services.sync.status().to_resend == 0


def test_a_record_edited_and_set_back_during_a_comparison_is_sent_again_all_the_same(
    troubled: Pair, copies: Copies, meddler: Meddler
) -> None:
    anne, benoit = troubled
    copies.save()
    need = anne.put("need", title="Fibre")
    anne.sync()
    copies.restore()

    def meanwhile(_: Heard, forward: Callable[..., Answer]) -> Answer:
        for title in ("La fibre", "Fibre"):
            anne.put("need", need, title=title)
        return forward()

    meddler.next(faithful, meanwhile)
    assert [line.id for line in anne.sync().sent] == [need]
    benoit.sync()
    assert benoit.get(need)["title"] == "Fibre"


def test_a_deletion_that_waits_goes_no_further_than_a_central_that_lacks_its_record(
    pair: Pair, copies: Copies
) -> None:
    anne, _ = pair
    copies.save()
    need = anne.put("need", title="Fibre")
    anne.sync()
    anne.services.records.delete(need)
    copies.restore()
    assert anne.sync().sent == []
    status = anne.services.sync.status()
    assert (status.pending, status.to_resend) == (0, 0)


def test_the_many_deletions_of_a_restored_central_wait_for_the_user(
    pair: Pair, copies: Copies
) -> None:
    anne, benoit = pair
    needs = put_many(anne, 12)
    level(anne, benoit)
    for need in needs[:6]:
        benoit.services.records.delete(need)
    benoit.sync()
    copies.save()
    copies.restore()
    assert {line.id for line in anne.sync().deletions} == set(needs[:6])
    assert {one.id for one in anne.services.records.envelopes("need")} == set(needs)
    assert anne.sync(accept_deletions=True).deletions == []
    assert {one.id for one in anne.services.records.envelopes("need")} == set(needs[6:])
    level(anne, benoit)
    assert anne.state() == benoit.state()


@pytest.mark.parametrize("page", [1, 2], ids=["region", "commission"])
def test_a_forged_page_of_a_comparison_is_not_believed(
    troubled: Pair, copies: Copies, meddler: Meddler, page: int
) -> None:
    anne, benoit = troubled
    copies.save()
    need = anne.put("need", title="Fibre")
    anne.sync()
    copies.restore()
    meddler.next(*[faithful] * page, changing(lambda answer: answer.update(epoch="autre")))
    with pytest.raises(SyncError, match="notre serveur"):
        anne.sync()
    meddler.next()
    assert [line.id for line in anne.sync().sent] == [need]
    level(anne, benoit)
    assert anne.state() == benoit.state()


def test_a_comparison_without_an_end_is_given_up(
    troubled: Pair, copies: Copies, meddler: Meddler
) -> None:
    anne, _ = troubled
    copies.save()
    need = anne.put("need", title="Fibre")
    copies.restore()

    def endless(answer: dict[str, Any]) -> None:
        for one in answer["changes"].values():
            one.update(records=[], seq=0, more=True)

    meddler.next(faithful, faithful, *[changing(endless)] * 3)
    with pytest.raises(SyncError, match="notre serveur"):
        anne.sync()
    assert len(meddler.acts) == 2  # whoever asks on is answered at last
    meddler.next()
    assert [line.id for line in anne.sync().sent] == [need]


def test_an_edit_waiting_over_a_restore_meets_no_conflict(pair: Pair, copies: Copies) -> None:
    anne, benoit = pair
    need = anne.put("need", title="Fibre", words="Rien.")
    level(anne, benoit)
    copies.save()
    anne.put("need", need, title="La fibre")
    level(anne, benoit)
    anne.put("need", need, words="Toujours rien.")
    copies.restore()
    level(anne, benoit)
    for one in pair:
        fields = one.get(need)
        assert (fields["title"], fields["words"]) == ("La fibre", "Toujours rien.")
        assert one.services.conflicts.open() == []


def test_an_edit_of_words_that_the_backup_has_from_an_earlier_change_leaves(
    pair: Pair, copies: Copies
) -> None:
    anne, benoit = pair
    need = anne.put("need", title="Fibre")
    level(anne, benoit)
    copies.save()
    for title in ("La fibre", "Fibre"):
        anne.put("need", need, title=title)
        anne.sync()
    anne.put("need", need, words="Rien.")
    copies.restore()
    level(anne, benoit)
    assert benoit.get(need)["words"] == "Rien."


def test_a_reply_lost_just_before_the_backup_is_no_conflict(
    troubled: Pair, copies: Copies, meddler: Meddler
) -> None:
    anne, benoit = troubled
    need = anne.put("need", title="Fibre")
    meddler.next(cut_after, cut_after, cut_after)
    with pytest.raises(SyncError):
        anne.sync()
    copies.save()
    copies.restore()
    anne.put("need", need, title="La fibre")
    meddler.next()
    report = anne.sync()
    assert report.conflicts == []
    level(anne, benoit)
    assert benoit.get(need)["title"] == "La fibre"
    assert anne.stored(need).envelope.revision == 2


def test_two_histories_after_a_restore_lose_no_word(pair: Pair, copies: Copies) -> None:
    anne, benoit = pair
    need = anne.put("need", title="Fibre", words="Rien.")
    level(anne, benoit)
    copies.save()
    anne.put("need", need, title="La fibre")
    anne.sync()
    copies.restore()
    benoit.put("need", need, title="Le réseau")
    benoit.sync()
    report = anne.sync()
    assert len(report.conflicts) == 1
    level(anne, benoit)
    (conflict,) = benoit.services.conflicts.open()
    assert {conflict.fields["mine"]["value"], conflict.fields["theirs"]["value"]} == {
        "La fibre", "Le réseau",
    }  # fmt: skip


@pytest.mark.parametrize("words", ["", "Écrit depuis."])
def test_a_space_younger_than_the_backup_is_opened_again(
    central: Central, copies: Copies, laptop: Callable[..., Laptop], words: str
) -> None:
    anne = laptop("anne")
    commission = anne.services.records.create("commission", {"name": "Auxois"}, None).id
    need = anne.put("need", title="Fibre")
    anne.enrol(central.facilitator(create=True))
    copies.save()
    anne.services.sync.enrol(anne.url, upload=True)
    anne.sync()
    copies.restore()
    anne.put("need", need, words=words)
    sent = {line.id for line in anne.sync().sent}
    assert {commission, need} <= sent
    assert anne.stored(need).envelope.revision == 1
    assert anne.services.sync.status().commission_ids == (commission,)


def test_a_space_younger_than_the_backup_is_opened_again_though_another_is_closed(
    central: Central, copies: Copies, laptop: Callable[..., Laptop]
) -> None:
    anne, closed = laptop("anne"), central.commission()
    account = central.facilitator(create=True)
    own = anne.put("commission", name="Auxois")
    need = anne.put("need", title="Fibre")
    anne.enrol(account)
    copies.save()
    grant(central, account, closed)
    anne.services.sync.enrol(anne.url, adopt=closed)
    anne.services.sync.enrol(anne.url, upload=True)
    anne.sync()
    copies.restore()
    report = anne.sync()
    assert {line.id for line in report.sent} == {own, need}
    (note,) = report.notes
    assert "Commission de Beaune" in note
    assert anne.services.sync.status().commission_ids == (own,)


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("born_here", [True, False])
def test_a_space_younger_than_the_backup_is_opened_again_by_a_new_account_that_may(
    central: Central, copies: Copies, laptop: Callable[..., Laptop], born_here: bool, at_once: bool
) -> None:
    anne = laptop("anne")
    copies.save()
    if born_here:
        space = anne.put("commission", name="Auxois")
        anne.enrol(central.facilitator(create=True), upload=True)
    else:
        space = central.commission("Auxois")
        anne.enrol(central.facilitator(space))
    need = anne.put("need", title="Fibre")
    anne.sync()
    copies.restore()
    if not at_once:
        anne.enrol(central.facilitator())
        anne.sync()
        assert anne.services.sync.status().closed == (("Auxois", 0),)
    anne.enrol(central.facilitator(name="Léa M.", create=True), upload=born_here)
    report = anne.sync()
    assert ({line.id for line in report.sent}, report.notes) == ({space, need}, [])
    assert anne.services.sync.status().commission_ids == (space,)
    with pytest.raises(UserError, match="aucune commission à envoyer"):
        anne.services.sync.enrol(anne.url, upload=True)


def test_a_space_that_the_backup_has_stays_closed_to_a_new_account_that_may_open_some(
    central: Central, copies: Copies, laptop: Callable[..., Laptop]
) -> None:
    anne, space = laptop("anne"), central.commission()
    anne.enrol(central.facilitator(space))
    anne.sync()
    copies.save()
    need = anne.put("need", title="Fibre")
    copies.restore()
    anne.enrol(central.facilitator(name="Paul", create=True))
    (note,) = anne.sync().notes
    assert "Commission de Beaune" in note
    for upload in (False, True):
        anne.services.sync.enrol(anne.url, upload=upload)
        assert (anne.sync().notes, anne.sync().sent) == ([note], [])
        assert anne.services.sync.status().commission_ids == ()
    anne.enrol(central.facilitator(space, name="Paul"))
    assert [line.id for line in anne.sync().sent] == [need]


def test_what_another_laptop_wrote_in_a_space_that_it_opened_again_comes(
    central: Central, copies: Copies, meddler: Meddler, laptop: Callable[..., Laptop]
) -> None:
    account = central.facilitator(create=True)
    anne, benoit = laptop("anne", meddler), laptop("benoit")
    for one in (anne, benoit):
        one.enrol(account)
    copies.save()
    space = anne.put("commission", name="Auxois")
    anne.services.sync.enrol(anne.url, upload=True)
    benoit.services.sync.enrol(benoit.url, adopt=space)
    level(anne, benoit)
    copies.restore()
    need = benoit.put("need", title="Fibre")

    def overtaken(_: Heard, forward: Callable[[], Answer]) -> Answer:
        benoit.sync()
        return forward()

    meddler.next(*[faithful] * 3, overtaken)  # refused, compared (twice), then sent
    anne.sync()
    assert anne.get(need)["title"] == "Fibre"
    assert anne.state() == benoit.state()


def test_a_commission_deleted_before_the_backup_does_not_come_back(
    pair: Pair, copies: Copies, central: Central, laptop: Callable[..., Laptop]
) -> None:
    anne, benoit = pair
    (space,) = anne.services.sync.status().commission_ids
    gip = laptop("gip")
    gip.enrol(central.facilitator(name="GIP", role="gip"), adopt=space)
    need = anne.put("need", title="Fibre")
    level(anne, benoit, gip)
    gip.services.records.delete(space, cascade=True)
    gip.sync()
    copies.save()
    copies.restore()
    report = benoit.sync(accept_deletions=True)
    assert (report.sent, report.conflicts) == ([], [])
    assert benoit.stored(need).envelope.deleted


def test_a_deletion_of_before_a_restore_does_not_take_words_of_after(
    pair: Pair, copies: Copies
) -> None:
    anne, benoit = pair
    copies.save()
    need = anne.put("need", title="Fibre")
    level(anne, benoit)
    anne.services.records.delete(need)
    copies.restore()
    benoit.put("need", need, title="La fibre")
    benoit.sync()
    assert benoit.stored(need).envelope.revision == anne.stored(need).envelope.revision == 1
    anne.sync()
    (conflict,) = anne.services.conflicts.open()
    assert conflict.fields["unit"] == "deleted"
    assert anne.get(need)["title"] == "La fibre"


def test_what_is_deleted_after_a_restore_goes_where_more_was_written_before_it(
    pair: Pair, copies: Copies
) -> None:
    anne, benoit = pair
    need = anne.put("need", title="Fibre")
    level(anne, benoit)
    copies.save()
    for title in ("La fibre", "Fibre"):
        anne.put("need", need, title=title)
        anne.sync()
    copies.restore()
    benoit.services.records.delete(need)
    benoit.sync()
    assert benoit.stored(need).envelope.revision < anne.stored(need).envelope.revision
    level(anne, benoit)
    assert anne.stored(need).envelope.deleted
    assert anne.state() == benoit.state()


def test_what_was_brought_back_after_the_backup_stays(pair: Pair, copies: Copies) -> None:
    anne, benoit = pair
    need = anne.put("need", title="Fibre")
    level(anne, benoit)
    anne.services.records.delete(need)
    level(anne, benoit)
    copies.save()
    benoit.services.trash.restore(need)
    level(benoit, anne)
    copies.restore()
    level(anne, benoit)
    assert [one.get(need)["title"] for one in pair] == ["Fibre", "Fibre"]
    assert anne.state() == benoit.state()


def test_a_longer_history_after_a_restore_takes_no_word_of_the_shorter_one(
    pair: Pair, copies: Copies
) -> None:
    anne, benoit = pair
    need = anne.put("need", title="Fibre", words="Rien.")
    level(anne, benoit)
    copies.save()
    anne.put("need", need, title="La fibre", reason="Loin.")
    anne.sync()
    copies.restore()
    for words in ("Toujours rien.", "Rien de rien."):
        benoit.put("need", need, title="Le réseau", words=words)
        benoit.sync()
    assert benoit.stored(need).envelope.revision > anne.stored(need).envelope.revision
    anne.sync()
    level(anne, benoit)
    for one in pair:
        fields = one.get(need)
        assert (fields["title"], fields["words"]) == ("Le réseau", "Rien de rien.")
        assert fields["reason"] == "Loin."
        (conflict,) = one.services.conflicts.open()
        assert {conflict.fields["mine"]["value"], conflict.fields["theirs"]["value"]} == {
            "La fibre", "Le réseau",
        }  # fmt: skip


def test_a_laptop_that_never_saw_the_state_of_the_backup_takes_no_word_of_after(
    pair: Pair, copies: Copies, central: Central, laptop: Callable[..., Laptop]
) -> None:
    anne, benoit = pair
    need = anne.put("need", title="Fibre")
    level(anne, benoit)
    copies.save()
    for words in ("Rien.", "Toujours rien."):
        anne.put("need", need, title="La fibre", words=words)
        anne.sync()
    chloe = laptop("chloe")
    chloe.enrol(central.facilitator(anne.stored(need).envelope.commission_id or ""))
    chloe.sync()
    copies.restore()
    benoit.put("need", need, title="Le réseau")
    benoit.sync()
    assert chloe.stored(need).envelope.revision > benoit.stored(need).envelope.revision
    chloe.enrol(central.facilitator(anne.stored(need).envelope.commission_id or ""))
    chloe.sync()
    fields = chloe.get(need)
    assert (fields["title"], fields["words"]) == ("Le réseau", "Toujours rien.")
    (conflict,) = chloe.services.conflicts.open()
    assert conflict.fields["mine"]["value"] == "La fibre"


def test_a_laptop_that_never_saw_the_state_of_the_backup_keeps_its_words(
    pair: Pair, copies: Copies, central: Central, laptop: Callable[..., Laptop]
) -> None:
    anne, benoit = pair
    need = anne.put("need", title="Fibre")
    level(anne, benoit)
    copies.save()
    anne.put("need", need, title="La fibre")
    anne.sync()
    chloe = laptop("chloe")
    chloe.enrol(central.facilitator(anne.stored(need).envelope.commission_id or ""))
    chloe.sync()
    copies.restore()
    benoit.put("need", title="Site")
    benoit.sync()
    chloe.enrol(central.facilitator(anne.stored(need).envelope.commission_id or ""))
    assert [line.id for line in chloe.sync().sent] == [need]
    assert chloe.services.conflicts.open() == []
    benoit.sync()
    assert benoit.get(need)["title"] == "La fibre"


def test_a_laptop_behind_takes_what_a_restored_central_brings_without_a_conflict(
    pair: Pair, copies: Copies
) -> None:
    anne, benoit = pair
    need = anne.put("need", title="Fibre")
    level(anne, benoit)
    anne.put("need", need, title="La fibre")
    anne.sync()
    copies.save()
    copies.restore()
    anne.put("need", need, words="Rien.")
    anne.sync()
    assert [line.id for line in benoit.sync().received] == [need]
    assert benoit.get(need)["title"] == "La fibre"
    assert benoit.services.conflicts.open() == []


def test_a_second_restore_from_a_later_copy_takes_no_word_of_between(
    pair: Pair, copies: Copies, tmp_path: Path
) -> None:
    anne, benoit = pair
    need = anne.put("need", title="Fibre")
    level(anne, benoit)
    copies.save()
    benoit.put("need", need, words="Rien.")
    benoit.sync()
    later = Copies(copies.central, tmp_path / "plus tard")
    later.save()
    copies.restore()
    for title in ("La fibre", "La fibre, vite"):
        anne.put("need", need, title=title)
        anne.sync()
    later.restore()
    level(anne, benoit)
    for one in pair:
        fields = one.get(need)
        assert (fields["title"], fields["words"]) == ("La fibre, vite", "Rien.")
        assert one.services.conflicts.open() == []


def test_a_decision_stands_when_a_second_restore_brings_its_conflict_again(
    pair: Pair, copies: Copies
) -> None:
    anne, benoit = pair
    need = anne.put("need", title="Fibre")
    level(anne, benoit)
    copies.save()
    benoit.put("need", need, title="La fibre")
    benoit.sync()
    copies.restore()
    anne.put("need", need, title="Le débit")
    anne.sync()
    benoit.sync()
    (found,) = benoit.services.conflicts.open()
    benoit.services.conflicts.resolve(found.id, "mine")
    copies.restore()
    anne.sync()
    anne.put("need", need, words="Rien.")
    anne.sync()
    assert benoit.sync().conflicts == []
    level(anne, benoit)
    assert [one.get(need)["title"] for one in pair] == ["La fibre"] * 2
    assert [list(one.services.conflicts.open()) for one in pair] == [[], []]


@pytest.mark.parametrize(("keep", "title"), [("mine", "B"), ("theirs", "A")])
def test_a_decision_stands_when_a_comparison_finds_its_conflict_again_elsewhere(
    laptop: Callable[..., Laptop], pair: Pair, copies: Copies, keep: Keep, title: str
) -> None:
    anne, benoit = pair
    central = anne.central
    need = anne.put("need", title="Fibre")
    level(anne, benoit)
    third = laptop("chloe")
    third.enrol(central.facilitator(anne.services.sync.status().commission_ids[0]))
    third.sync()
    anne.put("need", need, title="A")
    benoit.put("need", need, title="B")
    third.put("need", need, title="B")
    anne.sync()
    (line,) = benoit.sync().conflicts
    benoit.services.conflicts.resolve(line.id, keep)
    benoit.sync()
    copies.save()
    copies.restore()
    assert third.sync().conflicts == []
    level(anne, benoit, third)
    assert [one.get(need)["title"] for one in (anne, benoit, third)] == [title] * 3
    assert [one.services.conflicts.open() for one in (anne, benoit, third)] == [[]] * 3


def test_what_the_central_alone_writes_is_never_sent_to_a_restored_one(
    pair: Pair, copies: Copies, central: Central, laptop: Callable[..., Laptop]
) -> None:
    anne, benoit = pair
    gip = of_the_gip(central, laptop)
    need = anne.put("need", title="Fibre")
    level(anne, benoit)
    level(gip, anne)
    copies.save()
    anne.put("need", need, title="La fibre")
    level(anne, gip)
    (digest,) = [
        one for one in gip.services.records.envelopes("need_digest")
        if one.fields["title"] == "La fibre"
    ]  # fmt: skip
    copies.restore()
    benoit.services.records.delete(need)
    benoit.sync()
    gip.sync()
    assert gip.services.sync.status().pending == 0
    assert gip.stored(digest.id).envelope.deleted


def test_what_others_send_again_to_a_restored_central_is_no_older_state(
    pair: Pair, copies: Copies, central: Central, laptop: Callable[..., Laptop]
) -> None:
    anne, _ = pair
    gip = of_the_gip(central, laptop)
    gip.sync()
    copies.save()
    note = gip.services.records.create("watch_note", {"title": "RGAA"}, None).id
    for title in ("RGAA 5", "RGAA 5.1"):
        gip.put("watch_note", note, title=title)
        level(gip, anne)
    assert anne.stored(note).envelope.revision > 1
    copies.restore()
    anne.sync()
    assert anne.stored(note).envelope.revision == 0
    gip.sync()
    anne.sync()
    assert anne.get(note)["title"] == "RGAA 5.1"
    assert anne.stored(note).envelope.revision == gip.stored(note).envelope.revision == 1


def test_a_restore_that_names_no_new_epoch_is_waited_for(troubled: Pair, meddler: Meddler) -> None:
    anne, _ = troubled
    anne.put("need", title="Fibre")
    with anne.services.workspace.reading() as unit:
        link = ties.load(unit)
    assert link is not None
    problem = msgspec.json.encode(
        {"type": f"{PROBLEM_BASE}epoch-changed", "title": "Restauré", "epoch": link.epoch}
    )
    refused = saying(409, problem, Content_Type="application/problem+json")
    meddler.next(refused, refused)
    asked = len(meddler.calls())
    with pytest.raises(SyncError, match="en cours de restauration"):
        anne.sync()
    assert len(meddler.calls()) == asked + 1


def test_a_comparison_that_another_restore_ends_leaves_no_history_to_stand_on(
    copies: Copies, meddler: Meddler, troubled: Pair
) -> None:
    anne, _ = troubled
    copies.save()
    for through in ([], [faithful]):  # the second time, the first epoch is found to be over
        copies.restore()
        meddler.next(*through, *[cut_before] * 9, only="/v1/devices/self")
        with pytest.raises(SyncError):
            anne.sync()
    with anne.services.workspace.reading() as unit:
        link = ties.load(unit)
    assert link is not None
    assert (link.comparing, link.lineage) == (True, ())
    meddler.next()
    anne.sync()


def test_a_new_code_during_a_comparison_does_not_end_it(
    copies: Copies, central: Central, meddler: Meddler, laptop: Callable[..., Laptop]
) -> None:
    anne = laptop("anne", meddler)
    account = central.facilitator(central.commission())
    anne.enrol(account)
    anne.sync()
    copies.save()
    need = anne.put("need", title="Fibre")
    anne.sync()
    copies.restore()
    meddler.next(*[cut_before] * 9, only="/v1/devices/self")
    with pytest.raises(SyncError):
        anne.sync()
    meddler.next()
    anne.enrol(account)
    assert [line.id for line in anne.sync().sent] == [need]


def grant(central: Central, account: str, space: str) -> None:
    with central.database.writing() as connection:
        accounts.grant(connection, central.clock(), account, space)


def gip_and_another(
    central: Central, laptop: Callable[..., Laptop]
) -> tuple[Laptop, Laptop, str, str]:
    """A laptop of the GIP and another's; the GIP's account and the commission that it holds."""
    gip, anne = laptop("gip"), laptop("anne")
    account = central.facilitator(name="GIP", role="gip")
    commission = central.commission()
    gip.enrol(account, adopt=commission)
    anne.enrol(central.facilitator(central.commission("Autre")))
    return gip, anne, account, commission


def test_what_the_gip_published_since_the_backup_leaves_once_its_laptop_is_its_own_again(
    central: Central, copies: Copies, laptop: Callable[..., Laptop]
) -> None:
    gip, anne, account, commission = gip_and_another(central, laptop)
    copies.save()
    notes = [
        gip.services.records.create("watch_note", {"title": title}, None).id
        for title in ("Archives", "Sites")
    ]
    theme = gip.services.records.list("theme")[0].id
    gip.put("theme", theme, label="Réseaux")
    level(gip, anne)
    copies.restore()
    for one in (gip, anne):
        one.enrol(central.facilitator(name="Léa"))
        one.sync()
        assert one.services.sync.status().pending == 0
    gip.enrol(account, adopt=commission)
    assert {line.id for line in gip.sync().sent} == {theme, *notes}
    anne.sync()
    assert [anne.get(one) for one in (theme, *notes)] == [gip.get(one) for one in (theme, *notes)]
    anne.enrol(account, adopt=commission)
    assert anne.sync().sent == []


def test_what_the_gip_changed_after_it_sent_it_again_is_not_sent_as_it_was(
    central: Central, copies: Copies, laptop: Callable[..., Laptop]
) -> None:
    gip, anne, account, commission = gip_and_another(central, laptop)
    copies.save()
    changed, gone = (
        gip.services.records.create("watch_note", {"title": title}, None).id
        for title in ("Archives", "Sites")
    )
    level(gip, anne)
    copies.restore()
    anne.sync()
    gip.sync()
    gip.put("watch_note", changed, title="Archivage")
    gip.services.records.delete(gone)
    gip.sync()
    anne.enrol(account, adopt=commission)
    report = anne.sync()
    assert (report.sent, report.conflicts) == ([], [])
    gip.sync()
    for one in (gip, anne):
        assert one.get(changed)["title"] == "Archivage"
        assert one.stored(gone).envelope.deleted


def withdraw(central: Central, account: str, space: str) -> None:
    with central.database.writing() as connection:
        accounts.withdraw(connection, central.clock(), account, space)


@pytest.mark.parametrize("by_hand", [False, True], ids=["by the sync", "by hand"])
def test_a_commission_that_was_closed_over_a_restore_is_compared_once_it_is_taken_back(
    copies: Copies, central: Central, laptop: Callable[..., Laptop], by_hand: bool
) -> None:
    anne, benoit = laptop("anne"), laptop("benoit")
    space = central.commission()
    account = central.facilitator(space)
    anne.enrol(account)
    benoit.enrol(central.facilitator(space, name="Marc"))
    old, gone = anne.put("need", title="Fibre"), anne.put("need", title="Erreur")
    anne.put("need", old, title="La fibre")
    level(anne, benoit)
    anne.put("need", old, title="La fibre optique")
    level(anne, benoit)
    copies.save()
    anne.put("need", old, words="On n'a rien.")
    anne.services.records.delete(gone)
    new = anne.put("need", title="Site")
    anne.sync()
    withdraw(central, account, space)
    anne.sync()
    copies.restore()
    withdraw(central, account, space)
    assert anne.sync().notes == []
    benoit.put("need", old, title="La fibre partout")
    benoit.sync()
    grant(central, account, space)
    if by_hand:
        anne.services.sync.enrol(anne.url, adopt=space)
    report = anne.sync()
    assert ({line.id for line in report.sent}, report.conflicts) == ({old, gone, new}, [])
    level(anne, benoit)
    for one in (anne, benoit):
        fields = one.get(old)
        assert (fields["title"], fields["words"]) == ("La fibre partout", "On n'a rien.")
        assert one.get(new)["title"] == "Site"
        assert one.stored(gone).envelope.deleted


@pytest.mark.parametrize("create", [False, True])
def test_a_commission_granted_after_the_backup_is_taken_back_once_it_is_granted_again(
    copies: Copies, central: Central, laptop: Callable[..., Laptop], create: bool
) -> None:
    anne, benoit = laptop("anne"), laptop("benoit")
    first, space = central.commission(), central.commission("Commission de Dijon")
    account = central.facilitator(first, create=create)
    benoit.enrol(central.facilitator(space, name="Marc"))
    benoit.sync()
    need, gone = benoit.put("need", title="Fibre"), benoit.put("need", title="Erreur")
    benoit.sync()
    benoit.put("need", need, title="La fibre")
    benoit.sync()
    anne.enrol(account)
    anne.sync()
    copies.save()
    grant(central, account, space)
    anne.services.sync.enrol(anne.url, adopt=space)
    anne.sync()
    anne.services.records.delete(gone)
    new = anne.services.records.create("need", {"title": "Site"}, space).id
    anne.sync()
    copies.restore()
    anne.put("need", need, words="On n'a rien.")
    (note,) = anne.sync().notes
    assert note.startswith("La commission « Commission de Dijon » ne vous est plus ouverte")
    status = anne.services.sync.status()
    assert (status.kept_here, status.closed) == ((), (("Commission de Dijon", 1),))
    benoit.put("need", need, title="La fibre optique")
    benoit.sync()
    grant(central, account, space)
    report = anne.sync()
    assert ({line.id for line in report.sent}, report.conflicts) == ({need, gone, new}, [])
    level(anne, benoit)
    fields = benoit.get(need)
    assert (fields["title"], fields["words"]) == ("La fibre optique", "On n'a rien.")
    assert benoit.stored(gone).envelope.deleted
    assert anne.state() == benoit.state() | {first: anne.stored(first).envelope}


@pytest.mark.parametrize("at", range(8))
def test_a_space_is_opened_again_wherever_the_line_breaks(
    copies: Copies, central: Central, meddler: Meddler, laptop: Callable[..., Laptop], at: int
) -> None:
    anne, benoit = laptop("anne", meddler), laptop("benoit")
    account = central.facilitator(create=True)
    anne.put("commission", name="Auxois")
    need = anne.put("need", title="Fibre")
    anne.enrol(account)
    copies.save()
    anne.services.sync.enrol(anne.url, upload=True)
    anne.sync()
    copies.restore()
    meddler.next(*[faithful] * at, *[cut_after] * 9)
    with suppress(SyncError):
        anne.sync()
    meddler.next()
    anne.sync()
    benoit.enrol(account)
    benoit.sync()
    assert benoit.get(need)["title"] == "Fibre"
    assert anne.state() == benoit.state()
    assert anne.services.sync.status().to_resend == 0


@pytest.mark.parametrize("create", [False, True])
def test_a_deleted_commission_that_the_backup_lacks_is_not_said_to_be_closed(
    copies: Copies, central: Central, laptop: Callable[..., Laptop], create: bool
) -> None:
    anne = laptop("anne")
    account = central.facilitator(central.commission(), create=create)
    anne.enrol(account)
    copies.save()
    space = central.commission("Commission de Dijon")
    grant(central, account, space)
    anne.services.sync.enrol(anne.url, adopt=space)
    anne.sync()
    anne.services.records.delete(space)
    anne.sync()
    copies.restore()
    assert anne.sync().notes == []
    anne.services.trash.restore(space)
    report = anne.sync()
    assert ([line.id for line in report.sent], report.notes == []) == ([space] * create, create)


def test_a_commission_closed_when_it_was_half_compared_has_no_history_to_stand_on(
    copies: Copies, central: Central, meddler: Meddler, laptop: Callable[..., Laptop]
) -> None:
    anne = laptop("anne", meddler)
    spaces = [central.commission(), central.commission("Commission de Dijon")]
    account = central.facilitator(*spaces)
    for space in spaces:
        anne.enrol(account, adopt=space)
    anne.sync()
    copies.save()
    copies.restore()
    meddler.next(*[faithful] * 3, *[cut_before] * 9)  # refused, two spaces compared
    with pytest.raises(SyncError):
        anne.sync()
    meddler.next()
    for space in spaces:
        withdraw(central, account, space)
    anne.sync()
    with anne.services.workspace.reading() as unit:
        link = ties.load(unit)
    assert link is not None
    former = central.enrol(account).epochs[:1]
    assert (link.comparing, link.missed) == (False, {spaces[0]: (), spaces[1]: former})


def test_a_commission_taken_back_during_a_comparison_is_compared_too(
    copies: Copies, central: Central, meddler: Meddler, laptop: Callable[..., Laptop]
) -> None:
    anne = laptop("anne", meddler)
    space = central.commission()
    account = central.facilitator(space)
    anne.enrol(account)
    anne.sync()
    copies.save()
    need = anne.put("need", title="Fibre")
    anne.sync()
    withdraw(central, account, space)
    anne.sync()
    copies.restore()
    other = open_services(anne.services.workspace.folder)

    def adopted(_: Heard, forward: Callable[[], Answer]) -> Answer:
        other.sync.enrol(anne.url, ca=anne.authority, adopt=space)
        return forward()

    meddler.next(faithful, adopted)  # refused, then compared
    with closing(other):
        report = anne.sync()
    assert [line.id for line in report.sent] == [need]
