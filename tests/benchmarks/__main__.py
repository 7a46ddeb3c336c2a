"""`make bench`: runs the `main()` of every module of this folder, and prints one table.

`python -m tests.benchmarks NAME…` runs the modules named alone.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterator

import tests.benchmarks
from tests.benchmarks.measure import Measure


def measures(names: list[str]) -> Iterator[Measure]:
    """The measures of the modules named, or of all."""
    for found in pkgutil.iter_modules(tests.benchmarks.__path__):
        if found.name == "__main__" or (names and found.name not in names):
            continue
        module = importlib.import_module(f"tests.benchmarks.{found.name}")
        if hasattr(module, "main"):
            print(f"… {found.name}", file=sys.stderr)
            yield from module.main()


HEAD = f"{'travail':62} {'mesure':>10} {'':6} {'référence':>10} {'rapport':>8} {'limite':>10}"


def line(measure: Measure) -> str:
    limit = "" if measure.limit is None else f"{measure.limit:,.1f}"
    verdict = "" if measure.limit is None else ("tenu" if measure.kept else "DÉPASSÉ")
    beside, ratio = "", ""
    if measure.reference is not None:
        beside, ratio = f"{measure.reference:,.1f}", f"× {measure.value / measure.reference:.2f}"
    text = f"{measure.work:62} {measure.value:>10,.1f} {measure.unit:6} {beside:>10} {ratio:>8}"
    return f"{text} {limit:>10} {verdict}".rstrip()


def main() -> int:
    print(HEAD)
    for measure in measures(sys.argv[1:]):
        print(line(measure), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
