"""`make bench`: runs the `main()` of every module of this folder, and prints one table."""

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


def line(measure: Measure) -> str:
    limit = "" if measure.limit is None else f"{measure.limit:,.1f}"
    verdict = "" if measure.limit is None else ("tenu" if measure.kept else "DÉPASSÉ")
    text = f"{measure.work:58} {measure.value:>10,.1f} {measure.unit:6} {limit:>10} {verdict}"
    return text.rstrip()


def main() -> int:
    rows = list(measures(sys.argv[1:]))
    print(f"{'travail':58} {'mesure':>10} {'':6} {'limite':>10}")
    for measure in rows:
        print(line(measure))
    return 0


if __name__ == "__main__":
    sys.exit(main())
