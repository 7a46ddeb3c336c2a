"""Records of several kinds, valid by their definition, for the tests of files."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from app.domain.canonical import MAX_INTEGER
from app.domain.records import Envelope, reference_id
from app.domain.validation import complete
from app.exchange.directory import Directory

WHOLE = st.integers(-MAX_INTEGER, MAX_INTEGER)
COMMISSION = "0198aaaa-0000-7000-8000-000000000001"


def organisation(code: str, name: str, **fields: Any) -> Envelope:
    given = {"insee_code": code, "name": name, "department": code[:2], **fields}
    return Envelope(
        kind="organisation",
        id=reference_id("organisation", code),
        fields=complete("organisation", given),
    )


def theme(code: str, label: str) -> Envelope:
    fields = complete("theme", {"code": code, "label": label})
    return Envelope(kind="theme", id=reference_id("theme", code), fields=fields)


VOUGEOT = organisation("21716", "Vougeot", population=150)
LETANG = organisation("21255", "L'Étang-Vergy")
ORGANISATIONS = [
    VOUGEOT,
    LETANG,
    organisation("21136", "Champagny"),
    organisation("39104", "Champagny"),
    organisation("21567", "Saint-Prix-lès-Arnay"),
]
THEMES = [theme("backup", "Sauvegarde"), theme("gdpr", "Protection des données")]
DIRECTORY = Directory(ORGANISATIONS, THEMES)


def envelope(kind: str, number: int = 1, /, **fields: Any) -> Envelope:
    """A record of the commission, complete."""
    return Envelope(
        kind=kind,
        id=f"0198aaaa-0000-7000-8000-{number:012}",
        commission_id=COMMISSION,
        fields=complete(kind, fields),
    )


TEXTS = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("\n\t=+-@;'|[\""),
    max_size=30,
)
DATES = st.none() | st.dates().filter(lambda day: 1900 <= day.year <= 2200).map(str)
IDS = st.none() | st.sampled_from([each.id for each in ORGANISATIONS])

NEEDS = st.fixed_dictionaries(
    {
        "title": TEXTS,
        "words": TEXTS,
        "theme": st.none() | st.sampled_from(["backup", "gdpr"]),
        "severity": st.integers(1, 4),
        "organisation_ids": st.lists(st.sampled_from([each.id for each in ORGANISATIONS])),
        "deadline_on": DATES,
        "status": st.sampled_from(["raised", "answered", "set_aside"]),
    }
).map(lambda fields: envelope("need", **fields))
PERSONS = st.fixed_dictionaries(
    {"organisation_id": IDS, "first_name": TEXTS, "last_name": TEXTS, "phone": TEXTS}
).map(lambda fields: envelope("person", **fields))
WATCH_NOTES = st.fixed_dictionaries(
    {
        "title": TEXTS,
        "body": TEXTS,
        "applies_from": DATES,
        "level": st.sampled_from(["information", "obligation"]),
        "audience": st.fixed_dictionaries(
            {"population_from": st.none() | st.integers(0, 9999), "services": st.lists(TEXTS)}
        ),
    }
).map(lambda fields: envelope("watch_note", **fields))
MEETINGS = st.fixed_dictionaries(
    {
        "number": st.none() | st.integers(-5, 99),
        "emergency": st.booleans(),
        "starts_at": st.none()
        | st.sampled_from(["2027-03-19T18:30:00+01:00", "2027-03-19T17:30:00Z"]),
        "secretary_ids": st.lists(st.just(COMMISSION)),
    }
).map(lambda fields: envelope("meeting", **fields))
SOLUTIONS = st.fixed_dictionaries(
    {"title": TEXTS, "plan": st.none() | st.dictionaries(TEXTS, WHOLE | TEXTS, max_size=3)}
).map(lambda fields: envelope("solution", **fields))
RECORDS = NEEDS | PERSONS | WATCH_NOTES | MEETINGS | SOLUTIONS
