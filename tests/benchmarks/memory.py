"""The memory of the whole program, its window in a process of its own, on 50,000 records."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.large_workspace import large_workspace
from tests.benchmarks.measure import Measure
from ui.window.places import PLACES

RECORDS = 50_000
IDLE_MB = 200


def main() -> Iterator[Measure]:
    """The resident set, libraries included: at rest once open, then once every place was seen."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        large_workspace(folder / "espace", RECORDS)
        idle, seen = _visit(folder, ["home"] * 10), _visit(folder, [one.name for one in PLACES])
    yield Measure("mémoire au repos, 50 000 enregistrements", idle, "Mo", IDLE_MB)
    yield Measure("  après avoir vu chaque lieu de la fenêtre", seen, "Mo")


def _visit(folder: Path, places: list[str]) -> float:
    """The megabytes that a window holds once it has shown these places."""
    environment = os.environ | {"HOME": str(folder), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.window_visitor", str(folder / "espace")],
        input="\n".join(places),
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout.split()[-1]) / 1e6
