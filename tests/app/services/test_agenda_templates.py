"""Templates in a real workspace: shipped, saved from a meeting, replaced, forgotten."""

from __future__ import annotations

import pytest

from app.bootstrap import Services
from app.domain.media_types import AGENDA
from app.errors import UserError
from tests.app.domain.builders import COMMISSION
from tests.app.services.staging import planned, stage


def names(services: Services) -> list[str]:
    return [one.template.name for one in services.agenda_templates.choices(COMMISSION)]


def test_the_template_of_the_profile_comes_first(services: Services) -> None:
    stage(services, planned())
    assert names(services) == ["Commission numérique locale", "Assemblée délibérante"]
    services.records.update(COMMISSION, {"profile": "deliberative"})
    assert names(services) == ["Assemblée délibérante", "Commission numérique locale"]


def test_a_template_saved_from_a_meeting_is_the_usual_one(services: Services) -> None:
    meeting_id = stage(services, planned(items=2))
    kept = services.agenda_templates.save(meeting_id, " Nos séances ")
    services.agenda_templates.save(meeting_id, "Avant")
    assert names(services)[:2] == ["Avant", "Nos séances"]
    usual = services.agenda_templates.usual(COMMISSION)
    assert [one.title for one in usual.items] == ["Sujet 1", "Sujet 2"]
    attachment = services.records.get(kept.attachment_id)
    assert (attachment.commission_id, attachment.fields.owner_id) == (COMMISSION, COMMISSION)
    assert attachment.fields.name == "Nos séances.json"


def test_a_template_of_the_same_name_is_replaced_and_may_be_undone(services: Services) -> None:
    meeting_id = stage(services, planned(items=2))
    first = services.agenda_templates.save(meeting_id)
    services.agenda.add(meeting_id, {"title": "En plus", "kind": "misc"})
    again = services.agenda_templates.save(meeting_id)
    assert again.attachment_id == first.attachment_id
    assert len(services.agenda_templates.usual(COMMISSION).items) == 3
    services.undo.undo()
    assert len(services.agenda_templates.usual(COMMISSION).items) == 2


def test_a_template_that_is_forgotten_is_no_longer_proposed(services: Services) -> None:
    kept = services.agenda_templates.save(stage(services, planned(items=1)))
    services.agenda_templates.forget(kept.attachment_id)
    assert names(services) == ["Commission numérique locale", "Assemblée délibérante"]


def test_an_empty_agenda_leaves_no_template(services: Services) -> None:
    with pytest.raises(UserError, match="L'ordre du jour est vide"):
        services.agenda_templates.save(stage(services, planned()))


def test_a_template_whose_bytes_have_not_come_yet_is_left_out(services: Services) -> None:
    stage(services, planned())
    fields = {"owner_id": COMMISSION, "name": "x.json", "media_type": AGENDA}
    services.records.create("attachment", fields | {"sha256": "0" * 64})
    assert len(names(services)) == 2
