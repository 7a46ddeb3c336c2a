"""The store: a keystroke made durable, opening, and what encryption costs, among 50,000 records."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import cycle
from pathlib import Path
from typing import Any

from app.bootstrap import Services
from app.clock import now
from app.services.changes import Change
from app.storage import protection
from app.storage.database import PRAGMAS, connect, open_engine
from app.storage.workspace import DATABASE, Workspace
from tests.benchmarks.large_workspace import large_workspace
from tests.benchmarks.measure import Measure

RECORDS, FEW = 50_000, 500
EDITS = 1_000
OPENINGS = 41
READS = 15
PASSPHRASE = "quatre mots bien choisis"

TIMES_A_BARE_UPDATE = 5
TIMES_A_SMALL_OPENING = 1.3
TIMES_PLAIN_WRITES, TIMES_PLAIN_READS = 1.5, 1.2


def main() -> Iterator[Measure]:
    """Everything that is compared is taken in turns, so that a busy moment weighs on both."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        large_workspace(folder / "grand", RECORDS)
        large_workspace(folder / "petit", FEW)
        large_workspace(folder / "protégé", RECORDS, PASSPHRASE)
        key = protection.unlock(folder / "protégé", PASSPHRASE)
        yield from _opening(folder)
        yield from _reading(folder, key)
        yield from _typing(folder, key)


def _opened(folder: Path, key: bytes | None = None) -> Services:
    """Opens with the key in hand: deriving it from a passphrase is meant to be slow."""
    return Services(Workspace(folder, open_engine(folder / DATABASE, key), now, key))


def _opening(folder: Path) -> Iterator[Measure]:
    """From the folder's name to its commissions, as the window does."""

    def open_and_close(name: str) -> None:
        from app.bootstrap import open_services

        services = open_services(folder / name)
        services.records.list("commission")
        services.close()

    small, large = _in_turns(
        [lambda: open_and_close("petit"), lambda: open_and_close("grand")], OPENINGS
    )
    work = f"ouvrir {_spaced(RECORDS)} enregistrements, à côté de {FEW}"
    yield _beside(work, large, small, TIMES_A_SMALL_OPENING)


def _reading(folder: Path, key: bytes | None) -> Iterator[Measure]:
    """The needs of a commission: right after the opening, then of one after the other."""

    def read_first(name: str, key: bytes | None) -> None:
        with closing(_opened(folder / name, key)) as services:
            (commission, *_) = services.records.list("commission")
            services.records.list("need", commission.id)

    first = _in_turns(
        [lambda: read_first("grand", None), lambda: read_first("protégé", key)], READS
    )
    readers = [_Reader(folder / "grand", None), _Reader(folder / "protégé", key)]
    then = _in_turns([reader.read for reader in readers], 4 * READS)
    for reader in readers:
        reader.services.close()
    yield _beside("ouvrir et lire des besoins, protégés à côté de clairs", first[1], first[0])
    yield _beside("lire ceux d'une autre commission", then[1], then[0], TIMES_PLAIN_READS)


class _Reader:
    """Looks at the needs of each commission in turn."""

    def __init__(self, folder: Path, key: bytes | None) -> None:
        self.services = _opened(folder, key)
        self.commissions = cycle([one.id for one in self.services.records.list("commission")])

    def read(self) -> None:
        self.services.records.list("need", next(self.commissions))


def _typing(folder: Path, key: bytes | None) -> Iterator[Measure]:
    """A need's words get longer as they are typed; beside, those of one bare row on the same disk.

    Half against half, and the slowest of a hundred against the slowest of a hundred.
    """
    plain, protected = _Typist(folder / "grand", None), _Typist(folder / "protégé", key)
    bare = _bare(folder / "nu.db", None)
    times = _in_turns(
        [
            lambda: bare.execute("UPDATE line SET words = words || 'm' WHERE n = 1"),
            plain.type,
            protected.type,
        ],
        EDITS,
    )
    plain.services.close()
    protected.services.close()
    bare.close()
    single, typed, encrypted = (sorted(each) for each in times)
    work = f"une frappe gardée parmi {_spaced(RECORDS)}, à côté d'une ligne nue"
    yield _beside(work, typed, single, TIMES_A_BARE_UPDATE)
    limit, reference = TIMES_A_BARE_UPDATE * _p99(single), _p99(single)
    work = "  99 % en moins de, à côté de 99 %"
    yield Measure(work, _p99(typed), limit=limit, reference=reference)
    work = "une frappe gardée, protégée à côté de claire"
    yield _beside(work, encrypted, typed, TIMES_PLAIN_WRITES)


class _Typist:
    """Types in one need of an open workspace."""

    def __init__(self, folder: Path, key: bytes | None) -> None:
        self.services = _opened(folder, key)
        self.need = self.services.records.list("need")[-1].id
        self.words = ""

    def type(self) -> None:
        self.words += "m"
        self.services.records.put(
            [Change("need", {"words": self.words}, self.need)], burst="frappe"
        )


def _bare(path: Path, key: bytes | None) -> Any:
    """A connection with the pragmas of a workspace's, on a table of one row."""
    driver = connect(path, key)
    for pragma in PRAGMAS:
        driver.execute(f"PRAGMA {pragma}")
    driver.execute("CREATE TABLE line (n INTEGER PRIMARY KEY, words TEXT)")
    driver.execute("INSERT INTO line VALUES (1, '')")
    return driver


def _in_turns(works: list[Callable[[], object]], rounds: int) -> list[list[float]]:
    """Milliseconds of each work at each round, the first round left out."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(rounds + 1):
        for work, taken in zip(works, times, strict=True):
            start = time.perf_counter()
            work()
            taken.append((time.perf_counter() - start) * 1000)
    return [taken[1:] for taken in times]


def _median(times: list[float]) -> float:
    return statistics.median(times)


def _p99(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.99)]


def _beside(
    work: str, times: list[float], reference: list[float], most: float | None = None
) -> Measure:
    """The medians; `most` is how many times the reference may be taken."""
    usual = _median(reference)
    limit = None if most is None else most * usual
    return Measure(work, _median(times), limit=limit, reference=usual)


def _spaced(number: int) -> str:
    return f"{number:,}".replace(",", " ")
