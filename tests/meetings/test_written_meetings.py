"""Each written meeting, loaded by `records put`, is judged by `meeting check` as its file says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.bootstrap import open_services
from app.domain.wording import plain
from tests.app.cli.conftest import Runner, bare
from tests.app.documents.reading import text
from tests.meetings.written import Evening, Put, Story, stories
from tests.workspaces import new_workspace

__all__ = ["bare"]  # a fixture


def put(run: Runner, records: Put) -> None:
    if records:
        run.json("records", "put", "-", stdin=json.dumps(records))


@pytest.mark.parametrize("path", stories(), ids=lambda path: path.stem)
def test_the_check_and_the_minutes_are_those_that_the_rules_ask_for(
    path: Path, bare: Runner
) -> None:
    new_workspace(bare.folder).close()
    story = Story(path)
    put(bare, story.roster())
    for evening in story.meetings:
        for records in evening.puts():
            put(bare, records)
        refuses(bare, evening)
        found = bare("meeting", "check", evening.id, "--json")
        assert found.document == evening.expected()
        assert found.status == (3 if found.document["missing"] else 0)
    services = open_services(bare.folder)
    for evening in story.meetings:
        paper = plain(text(services.documents.make("minutes", evening.id).data))
        for sentence in evening.told["minutes"]:
            assert sentence in paper
    services.close()


def refuses(run: Runner, evening: Evening) -> None:
    """Tries what must not be let in, and hears why."""
    for told in evening.told.get("refused", []):
        record = (
            evening.ballot(told["ballot"])
            if "ballot" in told
            else evening.convocation(told["convocation"], told["at"])
        )
        assert told["why"] in run.refused("records", "put", "-", stdin=json.dumps(record))


def test_there_are_the_meetings_that_the_rules_are_hard_on() -> None:
    assert len(stories()) >= 10
