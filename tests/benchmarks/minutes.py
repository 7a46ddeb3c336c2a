"""How fast paper is made: minutes of about 30 and 300 pages, sealed and tagged, and 500 letters."""

from __future__ import annotations

import time
from collections.abc import Iterator

from app.documents.convocations import convocations
from app.documents.document import Document, Letterhead
from app.documents.sealed import sealed_minutes
from tests.app.documents import reading
from tests.app.documents.meetings import MADE, long_meeting
from tests.app.domain.builders import Scene
from tests.benchmarks.measure import Measure, median_ms


def main() -> Iterator[Measure]:
    thirty, three_hundred = long_meeting(48), long_meeting(480)
    letters = Scene(500)
    for name in range(8):
        letters.item(name)
    file = letters.file()

    def short() -> Document:
        return sealed_minutes(thirty, Letterhead(), MADE).document

    def long() -> Document:
        return sealed_minutes(three_hundred, Letterhead(), MADE).document

    start = time.perf_counter()
    first = short()
    cold = (time.perf_counter() - start) * 1000
    pages = reading.pages(first.data)
    yield Measure("le premier PDF du processus, polices à charger", cold, limit=1500)
    took = median_ms(short)
    yield Measure(f"procès-verbal de {pages} pages, balisé et scellé", took, limit=1500)
    yield Measure(f"  son fichier, {pages} pages", len(first.data) / 1000, "Ko", 200)
    longer = median_ms(long, 3)
    yield Measure(f"procès-verbal de {reading.pages(long().data)} pages", longer)
    yield Measure("  sa durée, par rapport au premier", longer / took, "fois", 12)
    yield Measure(
        "500 convocations en un PDF",
        median_ms(lambda: convocations(file, Letterhead(), MADE), 3),
    )
