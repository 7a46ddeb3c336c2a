"""The power fails in a sync: no saved word is lost, and the next sync makes all level."""

from __future__ import annotations

import errno
import random
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from app.central.schema import revisions
from app.errors import StorageError, SyncError
from app.storage import protection
from app.storage.backup import check_database
from app.storage.workspace import DATABASE, Workspace
from tests.app.sync.conftest import Laptop
from tests.app.sync.test_between_laptops import level
from tests.app.sync.test_files import attach, content_of
from tests.app.sync.test_frozen_minutes import addenda
from tests.central_server import Central, start_central
from tests.faults.disk import Call, Disk
from tests.faults.power import Platter
from tests.faults.test_power_cut import CUTS
from tests.workspaces import PASSPHRASE, holding_tokens

ROUNDS = 3
HERS, HIS = b"la photo d'Anne", b"la photo de M. Roux"


class Machine:
    """A laptop whose power fails at the disk call of a number, beside one whose does not."""

    def __init__(self, central: Central, folder: Path, make: Callable[..., Workspace]) -> None:
        facilitator = central.facilitator(central.commission())
        self.folder = folder / "anne"
        self.anne, self.benoit = (
            Laptop(folder / name, central, make_workspace=make) for name in ("anne", "benoit")
        )
        for laptop in (self.anne, self.benoit):
            laptop.enrol(facilitator)
            laptop.sync()
        self.need = self.anne.put("need", title="Fibre", words="0 ")
        meeting = self.anne.put("meeting", title="Printemps", starts_at="2027-03-19T18:30:00+01:00")
        self.item = self.anne.services.agenda.add(meeting, {"title": "Besoins"}).id
        for step in ("convene", "open", "close"):
            getattr(self.anne.services.meetings, step)(meeting, "2027-03-19T18:30:00+01:00")
        self.meeting = meeting
        level(self.anne, self.benoit)
        self.anne.services.close()
        self.platter = Platter(self.folder)
        self.calls, self.saved, self.told = 0, 0, list[str]()
        self.files, self.is_frozen = list[str](), False

    def work(self, fails_at: int | None) -> None:
        """Writes, and syncs with what the other wrote, until the power fails."""

        def met(call: Call) -> int | None:
            if not call.path.startswith(str(self.folder)):
                return None
            self.calls += 1
            if fails_at is not None and self.calls >= fails_at:
                return errno.EIO
            self.platter.tell(call)
            return None

        with Disk(met)():
            try:
                self.anne.open(self.folder, PASSPHRASE)
                for number in range(1, ROUNDS + 1):
                    self._round(number)
                self._freeze()
            except (StorageError, SyncError):
                assert fails_at is not None
            finally:
                self.anne.services.close()

    def _round(self, number: int) -> None:
        """Both write the title, which conflicts, and other fields, which do not."""
        self.told.append(self.benoit.put("need", title=f"D'ailleurs {number}"))
        self.benoit.put("need", self.need, severity=number % 3 + 1, title=f"Sien {number}")
        self.files.append(attach(self.benoit, HIS + bytes([number]), self.need))
        self.benoit.sync()
        self.anne.put("need", self.need, words=f"{number} {'m' * 3000}", title=f"Mien {number}")
        self.saved = number
        self.files.append(attach(self.anne, HERS + bytes([number]), self.need))
        self.anne.sync()

    def _freeze(self) -> None:
        """Freezes a meeting in which the other wrote meanwhile."""
        self.benoit.put("agenda_item", self.item, notes="Dit par M. Roux.")
        self.benoit.sync()
        self.anne.services.minutes.freeze(self.meeting)
        self.is_frozen = True
        self.anne.sync()

    def after_the_cut(self, chance: random.Random, folder: Path) -> None:
        """Starts again on what the disk kept."""
        self.platter.cut(chance, folder)
        key = protection.unlock(folder, PASSPHRASE)
        assert check_database(folder / DATABASE, key) == []
        self.anne.open(folder, PASSPHRASE)
        words = self.anne.get(self.need)["words"]
        saved = int(words.split()[0])
        assert saved in (self.saved, self.saved + 1)
        level(self.anne, self.benoit)
        assert self.anne.get(self.need)["words"] == words
        assert self.anne.state() == self.benoit.state()
        assert self.anne.state().keys() >= set(self.told)
        assert self.anne.services.sync.status().pending == 0
        self._check_conflicts(saved)
        self._check_files()
        self._check_minutes()
        assert check_database(folder / DATABASE, key) == []
        for laptop in (self.anne, self.benoit):
            laptop.services.close()

    def _check_conflicts(self, saved: int) -> None:
        """Each title that gave way stands in one conflict, on both laptops."""
        for laptop in (self.anne, self.benoit):
            found = laptop.services.records.envelopes("conflict")
            sides = [(one.fields["mine"]["value"], one.fields["theirs"]["value"]) for one in found]
            assert sorted(sides) == [(f"Mien {n}", f"Sien {n}") for n in range(1, saved + 1)]

    def _check_files(self) -> None:
        for digest in self.files:
            contents = [content_of(laptop, digest) for laptop in (self.anne, self.benoit)]
            assert contents[0] == contents[1] is not None

    def _check_minutes(self) -> None:
        """What was frozen is so everywhere, with its paper and the other's words beside it."""
        for laptop in (self.anne, self.benoit):
            found = laptop.services.records.envelopes("minutes")
            papers = [one.fields["pdf_sha256"] for one in found if one.fields["frozen_at"]]
            assert len(papers) == 1 or not (papers or self.is_frozen)
            for paper in papers:
                assert (content_of(laptop, paper) or b"").startswith(b"%PDF")
                (addendum,) = addenda(laptop)
                assert "Dit par M. Roux." in addendum.fields["text"]


def check_ops(central: Central) -> None:
    """An op has one effect, however often it came."""
    with central.database.reading() as connection:
        counted = Counter(connection.execute(select(revisions.c.op_id)).scalars())
    assert set(counted.values()) == {1}


def test_no_saved_word_is_lost_when_the_power_fails_in_a_sync(tmp_path: Path) -> None:
    chance = random.Random("1828 sync")
    with holding_tokens(tmp_path) as make, start_central(tmp_path / "central") as central:
        whole = Machine(central, tmp_path / "entier", make)
        whole.work(None)
        whole.after_the_cut(chance, tmp_path / "entier" / "après")
        for number in range(CUTS):
            folder = tmp_path / str(number)
            machine = Machine(central, folder, make)
            machine.work(chance.randrange(1, whole.calls))
            machine.after_the_cut(chance, folder / "après")
            shutil.rmtree(folder)
        check_ops(central)
