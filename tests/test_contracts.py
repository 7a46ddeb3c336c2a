"""`docs/contracts.md` says every verb, option, kind of record and field that there is."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli import GROUPS, _parser
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


def words_of(parser: argparse.ArgumentParser) -> Iterator[str]:
    """What a verb may be followed by: other verbs, with theirs, and its own options."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, verb in action.choices.items():
                yield name
                yield from words_of(verb)
        else:
            yield from (option for option in action.option_strings if option.startswith("--"))


@pytest.mark.parametrize("verb", GROUPS)
def test_each_verb_is_in_the_contract_with_its_options(verb: str) -> None:
    (verbs,) = (one for one in _parser([verb])._actions if isinstance(one.choices, dict))
    assert isinstance(verbs.choices, dict)
    rows = [row for row in part(1).splitlines() if re.match(rf"\| .*`{verb}\b", row)]
    told = set(re.findall(r"[\w-]+", " ".join(rows)))
    common = {"--help", "--json", "--workspace", "--passphrase-file"}
    there = set(words_of(verbs.choices[verb])) - common
    assert rows, "say it in docs/contracts.md, part 1"
    assert there - told == set(), "say it in docs/contracts.md, part 1"
