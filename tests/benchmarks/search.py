"""Each keystroke of 100 words among 100,000 records, with what the window shows of what is found.

The texts are drawn from the real ones of `resources` as their words follow each other, with the
names of the real communes; the figures on texts of very few words stand beside, for comparison.
The reference is FTS5 alone, which ranks all that it finds and shows nothing.
"""

from __future__ import annotations

import csv
import json
import random
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from app.bootstrap import Services, open_services
from app.domain.records import Envelope
from app.domain.search_text import words
from app.domain.validation import defaults
from app.paths import resources
from app.services import workspaces
from tests.benchmarks.measure import Measure, timed

RECORDS = 100_000
WORDS = 100
EDITS = 300
ROUNDS = 3
MEDIAN, WORST = 2.0, 16.0

SHARES = {
    "need": 36, "agenda_item": 20, "decision": 14, "action": 10, "watch_note": 8, "person": 6,
    "ballot": 2, "meeting": 2, "solution": 2,
}  # fmt: skip
"""How many of a hundred records are of each kind, beside those of the territory."""


class Speaker:
    """Draws French words one after the other, as they follow each other in the real texts."""

    def __init__(self, draw: random.Random) -> None:
        self._draw = draw
        self._after: dict[str, list[str]] = defaultdict(list)
        for text in _texts():
            for word, following in pairwise(text.split()):
                self._after[word].append(following)
        self._starts = list(self._after)
        with (resources() / "territory" / "communes.csv").open(encoding="utf-8") as file:
            self.communes = [row["nom"] for row in csv.DictReader(file)]

    def say(self, least: int, most: int) -> str:
        """So many words, a commune being named now and then."""
        word = self._draw.choice(self._starts)
        said = []
        for _ in range(self._draw.randint(least, most)):
            named = self._draw.random() < 0.02
            said.append(self._draw.choice(self.communes) if named else word)
            word = self._draw.choice(self._after.get(word) or self._starts)
        return " ".join(said)

    def fields(self, kind: str) -> dict[str, Any]:
        """The texts of a record."""
        say = self.say
        if kind == "person":
            names = [name.split("-")[0].split()[-1] for name in self._draw.sample(self.communes, 2)]
            return {"first_name": names[0], "last_name": names[1], "role": "Maire"}
        if kind in ("decision", "action"):
            return {"text": say(8, 30)}
        if kind == "ballot":
            return {"question": say(6, 15)}
        body = {"need": "words", "agenda_item": "notes", "watch_note": "body"}.get(kind)
        long = {"solution": "description"}.get(kind, body)
        return {"title": say(3, 9)} | ({long: say(15, 90)} if long else {})


def _texts() -> Iterator[str]:
    with (resources() / "watch" / "veille_numerique.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield f"{row['titre']} {row['resume']}"
    for path in sorted((resources() / "demo").glob("*.json")):
        yield from _sentences(json.loads(path.read_text("utf-8")))


def _sentences(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if value.count(" ") > 3:
            yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _sentences(inner)


class FewWords(Speaker):
    """Says nothing but twenty words, each of them in most records."""

    def say(self, least: int, most: int) -> str:
        few = self.communes[:20]
        return " ".join(self._draw.choice(few) for _ in range(self._draw.randint(least, most)))


def filled(folder: Path, speaker: Speaker) -> Services:
    """A workspace of so many records, indexed, with some edits after that."""
    workspaces.create(folder, workspaces.choose("none", None, folder.name)).close()
    services = open_services(folder)
    space = services.records.create("commission", {"name": "Commission d'essai"}, None).id
    kinds = [kind for kind, share in SHARES.items() for _ in range(share)]
    with services.workspace.unit() as unit:
        held = len(list(unit.select()))
        unit.receive_new(
            Envelope(
                kind=kind,
                id=services.ids(),
                commission_id=space,
                fields=defaults(kind) | speaker.fields(kind),
            )
            for kind in (kinds[rank % 100] for rank in range(RECORDS - held))
        )
        unit.commit()
    services.search.index_pending()
    for need in list(services.records.list("need"))[:EDITS]:
        services.records.update(need.id, {"words": speaker.say(15, 90)})
        services.search.index_pending()
    return services


def keystrokes(speaker: Speaker, draw: random.Random) -> list[str]:
    """What stands in the line after each key of the words, each typed into an empty line."""
    said = (word for word in words(speaker.say(9000, 9000)) if len(word) > 3)
    distinct = list(dict.fromkeys(said))
    typed = draw.sample(distinct, min(WORDS, len(distinct)))
    return [word[:length] for word in typed for length in range(1, len(word) + 1)]


def times(find: Callable[[str], object], keys: Iterable[str]) -> list[float]:
    """Milliseconds of each key, sorted: the best of some rounds, which the rest of the machine
    disturbs least."""
    rounds = [[timed(partial(find, key)) for key in keys] for _ in range(ROUNDS)]
    return sorted(map(min, zip(*rounds, strict=True)))


def bare(services: Services, key: str) -> object:
    """What FTS5 alone does of a key: all that begins with it, ranked, nothing read or shown."""
    with services.workspace.reading() as unit:
        query = "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rank LIMIT 50"
        return unit.connection.exec_driver_sql(query, (f'"{key}" *',)).all()


def main() -> Iterator[Measure]:
    for speaker_class, name, limits in (
        (Speaker, "100 000 enregistrements", (MEDIAN, WORST)),
        (FewWords, "100 000 enregistrements de 20 mots", (None, None)),
    ):
        draw = random.Random(7)
        speaker = speaker_class(draw)
        with tempfile.TemporaryDirectory() as folder:
            services = filled(Path(folder) / "espace", speaker)
            keys = keystrokes(speaker, draw)
            taken, ranked = times(services.search.find, keys), times(partial(bare, services), keys)
            services.close()
        for percent, work, limit in (
            (50, f"une touche de recherche parmi {name}", limits[0]),
            (99, "  la plus lente de cent (p99)", limits[1]),
        ):
            yield Measure(work, at(taken, percent), limit=limit, reference=at(ranked, percent))


def at(values: list[float], percent: int) -> float:
    """The value below which so many of a hundred sorted ones are."""
    return values[min(len(values) - 1, len(values) * percent // 100)]
