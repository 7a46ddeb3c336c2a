"""Run by the environment that has typst: sets FOLDER/parts.json into FOLDER/out.pdf.

Prints as JSON the seconds of each build, the first apart, and the peak of memory in MB.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path


def build(folder: Path, fonts: str) -> None:
    import typst

    typst.compile(
        str(folder / "document.typ"),
        output=str(folder / "out.pdf"),
        font_paths=[fonts],
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
    )


def timed(folder: Path, fonts: str, runs: int) -> dict[str, object]:
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        build(folder, fonts)
        seconds.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"first": seconds[0], "best": min(seconds), "peak_mb": peak}


if __name__ == "__main__":
    print(json.dumps(timed(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))))
