"""The power fails in a sync: no saved word is lost, and the next sync makes all level."""

from __future__ import annotations

import errno
import random
import shutil
from pathlib import Path

from app.errors import StorageError, SyncError
from app.storage.backup import check_database
from app.storage.workspace import DATABASE
from tests.app.sync.conftest import Laptop
from tests.app.sync.test_between_laptops import level
from tests.central_server import Central, start_central
from tests.faults.disk import Call, Disk
from tests.faults.power import Platter
from tests.faults.test_power_cut import CUTS

ROUNDS = 4


class Machine:
    """A laptop whose power fails at the disk call of a number, beside one whose does not."""

    def __init__(self, central: Central, folder: Path) -> None:
        facilitator = central.facilitator(central.commission())
        self.folder = folder / "anne"
        self.anne, self.benoit = (Laptop(folder / name, central) for name in ("anne", "benoit"))
        for laptop in (self.anne, self.benoit):
            laptop.enrol(facilitator)
            laptop.sync()
        self.need = self.anne.put("need", title="Fibre", words="0 ")
        level(self.anne, self.benoit)
        self.anne.services.close()
        self.platter = Platter(self.folder)
        self.calls, self.saved, self.told = 0, 0, list[str]()

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
                self.anne.open(self.folder)
                for number in range(1, ROUNDS + 1):
                    self.told.append(self.benoit.put("need", title=f"D'ailleurs {number}"))
                    self.benoit.put("need", self.need, severity=number % 3 + 1)
                    self.benoit.sync()
                    self.anne.put("need", self.need, words=f"{number} {'m' * 3000}")
                    self.saved = number
                    self.anne.sync()
            except (StorageError, SyncError):
                assert fails_at is not None
            finally:
                self.anne.services.close()

    def after_the_cut(self, chance: random.Random, folder: Path) -> None:
        """Starts again on what the disk kept."""
        self.platter.cut(chance, folder)
        assert check_database(folder / DATABASE, None) == []
        self.anne.open(folder)
        words = self.anne.get(self.need)["words"]
        assert int(words.split()[0]) in (self.saved, self.saved + 1)
        level(self.anne, self.benoit)
        assert self.anne.get(self.need)["words"] == words
        assert self.anne.services.conflicts.open() == []
        assert self.anne.state().keys() >= set(self.told)
        assert self.anne.services.sync.status().pending == 0
        assert check_database(folder / DATABASE, None) == []
        for laptop in (self.anne, self.benoit):
            laptop.services.close()


def test_no_saved_word_is_lost_when_the_power_fails_in_a_sync(tmp_path: Path) -> None:
    chance = random.Random("1828 sync")
    with start_central(tmp_path / "central") as central:
        whole = Machine(central, tmp_path / "entier")
        whole.work(None)
        whole.after_the_cut(chance, tmp_path / "entier" / "après")
        for number in range(CUTS):
            folder = tmp_path / str(number)
            machine = Machine(central, folder)
            machine.work(chance.randrange(1, whole.calls))
            machine.after_the_cut(chance, folder / "après")
            shutil.rmtree(folder)
