"""What a record says about a person, field by field."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.naming import Naming
from app.domain.personal_data import traces
from app.domain.records import Envelope, Person
from app.domain.validation import complete
from tests.app.domain.builders import uid

ANNE = uid("anne")
SAID = "Anne Roy insiste. Paul Petit doute. Mme Roy aussi."


def found(kind: str, **fields: Any) -> list[tuple[str, str, str]]:
    envelope = Envelope(kind=kind, id=uid(kind), fields=complete(kind, fields))
    return list(traces(envelope, ANNE, Naming(Person(first_name="Anne", last_name="Roy"))))


@pytest.mark.parametrize(
    ("kind", "fields", "told"),
    [
        ("need", {"words": SAID}, [("words", "names", "Anne Roy insiste. […] Mme Roy aussi.")]),
        ("need", {"title": "La rue Roy. Et puis ?"}, [("title", "may_name", "La rue Roy.")]),
        ("need", {"title": "La rue Roy. Anne Roy."},
         [("title", "names", "Anne Roy."), ("title", "may_name", "La rue Roy.")]),
        ("need", {"speaker_person_id": ANNE, "words": "Vieux."},
         [("speaker_person_id", "points", "Vieux.")]),
        ("need", {"speaker_person_id": uid("paul"), "words": "Vieux."}, []),
        ("roster_entry", {"titular_person_id": uid("paul"), "alternate_person_id": ANNE},
         [("alternate_person_id", "points", "")]),
        ("meeting", {"secretary_ids": [uid("paul"), ANNE]}, [("secretary_ids", "points", "")]),
        ("organisation", {"name": "Roy", "notes": "La rue Roy."},
         [("notes", "may_name", "La rue Roy.")]),
        ("organisation", {"name": "Ferme Anne Roy"}, [("name", "names", "Ferme Anne Roy")]),
        ("theme", {"label": "Roy"}, [("label", "may_name", "Roy")]),
        ("minutes", {"content": {"records": [{"text": SAID}]}}, [("content", "names", "")]),
        ("minutes", {"content": {"records": [{"text": "La rue Roy."}]}}, []),
        ("minutes", {"content": {"records": [{"id": "x", "text": SAID}]}, "reason": "Anne Roy."},
         [("content", "names", ""), ("reason", "names", "Anne Roy.")]),
    ],
)  # fmt: skip
def test_a_record_tells_of_a_person_by_its_links_or_by_the_sentences_that_name_them(
    kind: str, fields: dict[str, Any], told: list[tuple[str, str, str]]
) -> None:
    assert found(kind, **fields) == told


def test_several_texts_of_one_field_are_told_together() -> None:
    services = ["Anne Roy, accueil", "Urbanisme", "Mme Roy, état civil"]
    assert found("organisation", services=services) == [
        ("services", "names", "Anne Roy, accueil Mme Roy, état civil")
    ]
