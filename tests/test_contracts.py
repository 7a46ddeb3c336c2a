"""`docs/contracts.md` says every verb, every kind of record and every field that there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.cli import GROUPS
from app.domain.records import CENTRAL_ONLY, KINDS

CONTRACTS = (Path(__file__).parents[1] / "docs" / "contracts.md").read_text("utf-8")
ASIDE = re.compile(r"\([^()]*\)|\{[^{}]*\}|\[[^][]*\]")
"""What a field holds, after its name."""


def part(number: int) -> str:
    return CONTRACTS.split(f"\n## {number}. ")[1].split("\n## ")[0]


def fields_told(kind: str) -> list[str]:
    """The fields in the row of a kind; none without a row."""
    row = re.search(rf"^\| {kind} \| (.*) \|$", part(2), re.MULTILINE)
    told = row[1] if row else ""
    while (bare := ASIDE.sub("", told)) != told:
        told = bare
    return re.findall(r"\w+", told)


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - CENTRAL_ONLY))
def test_each_field_of_a_record_is_in_the_contract(kind: str) -> None:
    there = KINDS[kind].__struct_encode_fields__
    assert sorted(fields_told(kind)) == sorted(there), "say it in docs/contracts.md, part 2"


@pytest.mark.parametrize("verb", GROUPS)
def test_each_verb_is_in_the_contract(verb: str) -> None:
    told = " ".join(re.findall(r"^\| (.+?) (?<!\\)\| ", part(1), re.MULTILINE))
    assert re.search(rf"`{verb}\b", told), "say it in docs/contracts.md, part 1"
