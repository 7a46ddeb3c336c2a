"""What refers to records that the central refused, and which stay on the laptop that made them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from app.errors import UserError
from app.services.records import Change
from tests.app.sync.conftest import Laptop
from tests.central_server import Central


@pytest.fixture
def benoit(central: Central, laptop: Callable[..., Laptop]) -> Laptop:
    """A laptop with a person and a need of a syndicat, and a theme, that only another one has."""
    anne, benoit = laptop("anne"), laptop("benoit")
    create = anne.services.records.create
    space = create("commission", {"name": "Auxois"}, None).id
    syndicat = create("organisation", {"kind": "syndicat", "name": "SIVOM du Val"}, None).id
    create("theme", {"code": "eau", "label": "Eau"}, None)
    anne.put("person", last_name="Roy", organisation_id=syndicat)
    anne.put("need", title="Des capteurs", organisation_ids=[syndicat], theme="eau")
    account = central.facilitator(create=True)
    anne.enrol(account, upload=True)
    assert len(anne.sync().refused) == 2
    benoit.enrol(account, adopt=space)
    benoit.sync()
    return benoit


@pytest.mark.parametrize("fields", [{}, {"title": "Des capteurs"}, {"title": "Des sondes"}])
def test_what_refers_to_them_may_be_given_again_as_it_is_or_otherwise(
    benoit: Laptop, fields: Mapping[str, Any]
) -> None:
    (need,) = benoit.services.records.list("need")
    benoit.services.records.put([Change("need", dict(fields), need.id)])
    assert benoit.get(need.id)["title"] == fields.get("title", "Des capteurs")


def test_the_table_of_what_refers_to_them_is_read_again_where_it_was_written(
    benoit: Laptop, tmp_path: Path
) -> None:
    path = tmp_path / "besoins.csv"
    benoit.services.exports.table(path, "need")
    found = benoit.services.table_imports.take(path, "need", {})
    assert found.done
    assert len(found.report.skipped) == 1


def test_what_refers_to_them_comes_back_once_deleted(benoit: Laptop) -> None:
    services = benoit.services
    (need,), (person,) = services.records.list("need"), services.records.list("person")
    services.records.delete(need.id)
    services.records.restore(need.id)
    services.records.delete(person.id)
    services.trash.restore(person.id)
    services.records.delete(need.id)
    services.undo.undo()
    assert benoit.get(need.id)["theme"] == "eau"
    assert len(services.records.list("person")) == 1


@pytest.mark.parametrize("history", [False, True])
@pytest.mark.parametrize("kind", [None, "need"])
def test_an_archive_of_what_refers_to_them_is_read_elsewhere(
    benoit: Laptop, laptop: Callable[..., Laptop], tmp_path: Path, history: bool, kind: str | None
) -> None:
    path, elsewhere = tmp_path / "tout.json", laptop("ailleurs").services
    (need,) = benoit.services.records.list("need")
    benoit.services.exports.archive(path, "commission")
    elsewhere.imports.archive(path)
    benoit.services.exports.archive(path, kind, history=history)
    elsewhere.imports.archive(path)
    assert elsewhere.records.envelope(need.id).fields == benoit.get(need.id)


def test_an_archive_that_does_not_say_them_absent_is_refused(
    benoit: Laptop, laptop: Callable[..., Laptop], tmp_path: Path
) -> None:
    path = tmp_path / "tout.json"
    benoit.services.exports.archive(path)
    document = json.loads(path.read_text("utf-8"))
    assert len(document.pop("absent")) == 2
    path.write_text(json.dumps(document), "utf-8")
    with pytest.raises(UserError, match="n'existe pas"):
        laptop("ailleurs").services.imports.archive(path)
