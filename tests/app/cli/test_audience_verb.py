"""`audience` from the command line."""

from __future__ import annotations

import json

from tests.app.cli.conftest import Runner


def test_the_organisations_concerned_come_with_the_reason(run: Runner) -> None:
    note = {"kind": "watch_note", "fields": {"title": "x", "audience": {"departments": ["90"]}}}
    (written,) = run.json("records", "put", "-", stdin=json.dumps(note))
    found = run.json("audience", str(written["id"]))
    assert {"insee_code": "90010", "name": "Belfort"}.items() <= next(
        one.items() for one in found if one["name"] == "Belfort"
    )
    assert set(found[0]) == {"id", "insee_code", "name", "reason"}
    assert found[0]["reason"] == "département 90"
    assert "Aucun enregistrement" in run.refused("audience", "nothing")
