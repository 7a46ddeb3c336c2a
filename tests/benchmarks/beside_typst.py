"""Paper against typst 0.15 on the same content: minutes of 30 and 300 pages, and 500 letters.

typst comes from PyPI into an environment apart; where it cannot, the lines say so.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from app.bootstrap import open_services
from app.documents.convocations import convocations
from app.documents.document import Document, Letterhead
from app.documents.sealed import sealed_minutes
from app.domain.meeting_file import MeetingFile
from app.paths import resources
from app.storage import protection
from app.storage.workspace import create
from tests.app.documents.meetings import MADE, long_meeting, long_scene
from tests.app.domain.builders import Scene
from tests.app.services.staging import stage
from tests.benchmarks.measure import Measure, median_ms
from tests.benchmarks.typst_peer.recorded import parts_of

PEER = Path(__file__).parent / "typst_peer"
TYPST = "typst==0.15.*"
PEAK = """
import resource
from tests.benchmarks.beside_typst import minutes_of
minutes_of(480)()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def main() -> Iterator[Measure]:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        python = _environment(folder / "env")
        if python is None:
            yield Measure("typst ne s'installe pas ici : pas de comparaison", 0)
            return
        letters = _letters()
        for what, pages, make in (
            ("procès-verbal", 30, minutes_of(48)),
            ("procès-verbal", 300, minutes_of(480)),
            ("convocations", 500, lambda: convocations(letters, Letterhead(), MADE)),
        ):
            name = f"{pages} {what}" if what == "convocations" else f"{what} de {pages} pages"
            yield from _compared(name, folder / str(pages), make, python)
        yield from _whole_process(folder, python)


def _compared(
    name: str, folder: Path, make: Callable[[], Document], python: Path
) -> Iterator[Measure]:
    theirs = _typst(folder, make, python)
    ours = median_ms(make, 3)
    yield Measure(f"{name}, typst, premier rendu", theirs["first"] * 1000)
    yield Measure(f"{name}, le nôtre", ours)
    yield Measure("  par rapport à typst", ours / (theirs["first"] * 1000), "fois", 1.0)


def _whole_process(folder: Path, python: Path) -> Iterator[Measure]:
    """The command on a workspace that holds the meeting, against typst's own process."""
    workspace, meeting_id = _stage(folder / "espace")
    command = [sys.executable, "-m", "app", "--workspace", str(workspace), "documents", "minutes"]
    ours = [*command, meeting_id, "--out", str(folder / "minutes.pdf")]
    theirs = [str(python), str(PEER / "build.py"), str(folder / "30"), _fonts(), "1"]
    mine, other = _process_ms(ours), _process_ms(theirs)
    yield Measure("procès-verbal de 30 pages, le processus de typst", other)
    yield Measure("procès-verbal de 30 pages, notre commande", mine)
    yield Measure("  par rapport à typst", mine / other, "fois", 1.4)
    peak = subprocess.run([sys.executable, "-c", PEAK], capture_output=True, text=True, check=True)
    yield Measure("mémoire d'un procès-verbal de 300 pages", float(peak.stdout), "Mo", 200)


def minutes_of(items: int) -> Callable[[], Document]:
    """Makes the sealed minutes of a meeting of so many items."""
    file = long_meeting(items)
    return lambda: sealed_minutes(file, Letterhead(), MADE).document


def _letters() -> MeetingFile:
    scene = Scene(500)
    for name in range(8):
        scene.item(name)
    return scene.file()


def _environment(folder: Path) -> Path | None:
    """An interpreter that has typst; None when no package index can be reached."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "--quiet", TYPST]
    done = subprocess.run(install, capture_output=True, check=False)
    return python if done.returncode == 0 else None


def _typst(folder: Path, make: Callable[[], Document], python: Path) -> dict[str, Any]:
    folder.mkdir()
    (folder / "parts.json").write_text(json.dumps(parts_of(make), ensure_ascii=False), "utf-8")
    shutil.copy(PEER / "document.typ", folder)
    run = [str(python), str(PEER / "build.py"), str(folder), _fonts(), "3"]
    done = subprocess.run(run, capture_output=True, text=True, check=True)
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


def _fonts() -> str:
    return str(resources() / "fonts")


def _stage(folder: Path) -> tuple[Path, str]:
    """A workspace without protection that holds the meeting of 30 pages; the meeting's id."""
    create(folder, protection.choose("none", workspace=folder.name)).close()
    services = open_services(folder)
    meeting_id = stage(services, long_scene(48))
    services.close()
    return folder, meeting_id


def _process_ms(command: list[str]) -> float:
    def run() -> None:
        subprocess.run(command, capture_output=True, check=True)

    return median_ms(run, 5)
