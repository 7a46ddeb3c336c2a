"""What the search finds, and in what order, beside a plain reading of every record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import log

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.bootstrap import Services
from app.domain.records import Envelope
from app.domain.search_text import joined, searchable, stem, words
from app.services.changes import Change
from app.storage import search_index
from app.storage.search_index import Within

VOCABULARY = (
    "sauvegarde", "Sauvegardes", "sauvegarder", "sauf", "mairie", "mairies", "Maire", "étang",
    "L'Étang-Vergy", "cœur", "coeurs", "numérique", "numériques", "Numéro", "école", "écoles",
    "mise", "mises", "mixte", "de", "la", "l'eau",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(VOCABULARY), max_size=12).map(" ".join)
RECORDS = st.lists(st.fixed_dictionaries({"title": TEXTS, "words": TEXTS}), max_size=6)
BEGINNINGS = st.tuples(st.sampled_from(VOCABULARY), st.integers(1, 12)).map(lambda w: w[0][: w[1]])
TYPED = st.lists(BEGINNINGS, min_size=1, max_size=3).map(" ".join)


@dataclass(frozen=True)
class Document:
    """The words of a record, as the index is to hold them."""

    id: str
    title: list[str]
    body: list[str]
    stems: set[str]

    def __len__(self) -> int:
        return len(self.title) + len(self.body) + len(self.stems)

    def holds(self, word: str) -> bool:
        return bool(begun(self.title + self.body, word)) or stem(word) in self.stems


def document(record: Envelope) -> Document:
    title, body = searchable(record.fields)
    stems = {stem(word) for word in words(title) + words(body)}
    return Document(record.id, words(title) + joined(title), words(body), stems)


def begun(said: list[str], word: str) -> int:
    """How many words begin so."""
    return sum(one.startswith(word) for one in said)


class Reading:
    """A plain reading of documents, in the order of their making."""

    def __init__(self, documents: list[Document]) -> None:
        self.documents = documents

    def scores(self, counts: Iterable[list[float]]) -> dict[str, float]:
        """The bm25 of each document, for how often each holds each of some things."""
        number = len(self.documents)
        average = sum(map(len, self.documents)) / number
        scores = dict.fromkeys((one.id for one in self.documents), 0.0)
        for often in counts:
            holders = sum(map(bool, often))
            rarity = max(log((number - holders + 0.5) / (holders + 0.5)), 1e-6)
            for one, count in zip(self.documents, often, strict=True):
                length = 1.2 * (0.25 + 0.75 * len(one) / average)
                scores[one.id] += rarity * count * 2.2 / (count + length)
        return scores

    def by_title(self, wanted: list[str]) -> dict[str, float]:
        """The scores where the words of titles alone count."""
        return self.scores(
            [8.0 * begun(one.title, word) for one in self.documents] for word in wanted
        )

    def by_all(self, wanted: list[str]) -> dict[str, float]:
        """The scores where the words of the title, those of the body and their stems count."""
        counts = [
            [8.0 * begun(one.title, word) + 2.0 * begun(one.body, word) for one in self.documents]
            for word in wanted
        ]
        inflected = [word for word in wanted if stem(word) != word]
        stems = ([float(stem(word) in one.stems) for one in self.documents] for word in inflected)
        return self.scores([*counts, *stems])

    def check(self, found: list[str], typed: str) -> None:
        """What holds all the words in its title comes first, each part by its scores.

        The newest come first where too many are found.
        """
        wanted = words(typed)
        holders = [one for one in self.documents if all(map(one.holds, wanted))]
        assert sorted(found) == sorted(one.id for one in holders)
        if len(holders) > (20_000 if max(map(len, wanted)) >= 3 else 2000):
            assert found == [one.id for one in reversed(holders)]
            return
        titled = {one.id for one in holders if all(begun(one.title, word) for word in wanted)}
        first, then = found[: len(titled)], found[len(titled) :]
        assert set(first) == titled
        for part, scores in ((first, self.by_title), (then, self.by_all)):
            scored = scores(wanted)
            assert all(scored[one] >= scored[after] - 1e-9 for one, after in pairwise(part))


@pytest.fixture
def whole(services: Services, commission_id: str) -> Reading:
    """The records of the territory and a commission, to which each case adds its own."""
    with services.workspace.snapshot() as records:
        said = {one.id: document(one) for one in records.select()}
        made = records.rows("SELECT id FROM record ORDER BY n")
        return Reading([said[one] for (one,) in made])


SHARED = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


@SHARED
@given(RECORDS, TYPED)
def test_what_is_found_and_its_order_are_those_of_a_plain_reading(
    services: Services,
    commission_id: str,
    whole: Reading,
    made: list[dict[str, str]],
    typed: str,
) -> None:
    needs = services.records.put(Change("need", fields, None, commission_id) for fields in made)
    whole.documents += map(document, needs)
    found = ids(services, typed, len(whole.documents))
    whole.check(found, typed)
    for fewer in (1, 2, 5, 50):
        assert ids(services, typed, fewer) == found[:fewer]


def ids(services: Services, typed: str, limit: int) -> list[str]:
    return [hit.id for hit in services.search.find(typed, limit=limit)]


@pytest.mark.parametrize("kinds", [(), ("need",), ("watch_note",)])
def test_the_newest_are_given_only_where_more_are_found(
    services: Services, commission_id: str, kinds: tuple[str, ...]
) -> None:
    made = services.records.put(
        [Change("need", {"words": "quokka"}, None, commission_id)] * 3
        + [Change("watch_note", {"body": "quokka"}, None, commission_id)] * 2
    )
    held = [one.id for one in reversed(made) if not kinds or one.kind in kinds]
    services.search.index_pending()
    with services.workspace.snapshot() as records:
        for beyond in range(7):
            for limit in range(1, 7):
                found = search_index.newest(records, "quokka", Within(kinds), limit, beyond=beyond)
                expected = held[:limit] if len(held) > beyond else []
                assert [one.id for one in found] == expected
