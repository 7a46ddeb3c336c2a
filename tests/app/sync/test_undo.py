"""What is taken back after a sync takes no word of others along."""

from __future__ import annotations

import pytest

from app.errors import UserError
from tests.app.sync.conftest import Laptop
from tests.app.sync.test_between_laptops import level

Pair = tuple[Laptop, Laptop]


def test_what_others_wrote_on_since_is_not_taken_back_with_its_making(pair: Pair) -> None:
    anne, benoit = pair
    need = anne.put("need", title="Fibre")
    level(anne, benoit)
    benoit.put("need", need, words="Trop lente.")
    level(benoit, anne)
    with pytest.raises(UserError, match="« besoin » a changé depuis"):
        anne.services.undo.undo()
    assert anne.get(need)["words"] == "Trop lente."
    assert anne.services.undo.next_undo() is None


def test_what_others_wrote_on_since_is_not_deleted_again(pair: Pair) -> None:
    anne, benoit = pair
    need = anne.put("need", title="Fibre")
    anne.services.records.delete(need)
    anne.services.undo.undo()
    level(anne, benoit)
    benoit.put("need", need, words="Trop lente.")
    level(benoit, anne)
    with pytest.raises(UserError, match="« besoin » a changé depuis"):
        anne.services.undo.redo()
    assert anne.get(need)["words"] == "Trop lente."


def test_what_is_as_it_was_made_is_taken_back_though_it_was_sent(pair: Pair) -> None:
    anne, benoit = pair
    need = anne.put("need", title="Fibre")
    level(anne, benoit)
    anne.put("need", need, title="La fibre")
    anne.sync()
    anne.services.undo.undo()
    anne.services.undo.undo()
    level(anne, benoit)
    assert benoit.stored(need).envelope.deleted


def test_an_opening_that_the_central_may_know_of_is_not_taken_back(pair: Pair) -> None:
    anne, _ = pair
    services = anne.services
    space = services.records.list("commission")[0].id
    meeting = services.records.create("meeting", {"title": "Mars"}, space).id
    services.agenda.add(meeting, {"title": "Ouverture"})
    anne.sync()
    services.meetings.open(meeting)
    services.undo.undo()
    assert services.records.get(meeting).fields.status == "planned"
    services.undo.redo()
    anne.sync()
    with pytest.raises(UserError, match="les numéros de son ordre du jour sont donnés"):
        services.undo.undo()
    assert services.records.get(meeting).fields.status == "open"
