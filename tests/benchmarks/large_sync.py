"""50,000 records up, in a process of their own: the time, and the memory that it takes."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

from app.bootstrap import open_services
from tests.benchmarks.corpus import Corpus
from tests.benchmarks.measure import Measure, timed
from tests.benchmarks.site import PASSPHRASE, site

FEW, MANY = 10_000, 50_000


def main() -> Iterator[Measure]:
    few, _ = _alone(FEW)
    many, memory = _alone(MANY)
    yield Measure("50 000 envoyés, à côté de 10 000", many, "ms", 6 * few, few)
    yield Measure("  la mémoire du portable, au plus", memory, "Mo", 250)


def _alone(count: int) -> tuple[float, float]:
    """Milliseconds, and the greatest memory in MB, of a process that only syncs."""
    corpus = Corpus()
    with site() as place:
        laptop, _ = place.with_commission(lambda space: corpus.records(space, count))
        folder = laptop.workspace.folder
        laptop.close()
        spawn = multiprocessing.get_context("spawn")
        ours, theirs = spawn.Pipe()
        process = spawn.Process(target=_sync, args=(folder, theirs))
        process.start()
        taken, memory = ours.recv()
        process.join()
    return taken, memory


def _sync(folder: Path, told: Connection) -> None:
    laptop = open_services(folder, PASSPHRASE)
    taken = timed(laptop.sync.run)
    laptop.close()
    told.send((taken, _peak()))


def _peak() -> float:
    """The greatest resident memory of this process, in MB."""
    status = Path("/proc/self/status").read_text("ascii")
    kilobytes = next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]
    return int(kilobytes) / 1024
