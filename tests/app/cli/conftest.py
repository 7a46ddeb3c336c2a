"""Running verbs as a user does: arguments in; exit status, standard output and error out."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.bootstrap import Services
from app.cli import main
from tests.workspaces import new_workspace


@dataclass(frozen=True)
class Outcome:
    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document of the standard output."""
        return json.loads(self.out)


class Runner:
    """Runs verbs on one workspace."""

    def __init__(
        self, folder: Path, capture: pytest.CaptureFixture[bytes], patch: pytest.MonkeyPatch
    ) -> None:
        self.folder = folder
        self._capture = capture
        self._patch = patch

    def __call__(self, *argv: str, stdin: str = "") -> Outcome:
        self._capture.readouterr()
        self._patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), "utf-8"))
        try:
            status = main([*argv, "--workspace", str(self.folder)])
        except SystemExit as error:
            status = int(str(error.code))
        out, err = self._capture.readouterr()
        return Outcome(status, out.decode(), err.decode())

    def json(self, *argv: str, stdin: str = "") -> Any:
        """The JSON document of a verb that must succeed."""
        outcome = self(*argv, "--json", stdin=stdin)
        assert outcome.status == 0, outcome.err
        return outcome.document

    def refused(self, *argv: str, stdin: str = "") -> str:
        """The one line of a verb that must exit with 1."""
        outcome = self(*argv, stdin=stdin)
        assert (outcome.status, outcome.out) == (1, ""), outcome
        assert outcome.err.count("\n") == 1
        return outcome.err.strip()


@pytest.fixture
def bare(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> Runner:
    """Verbs on a folder where there is no workspace yet."""
    return Runner(tmp_path / "espace", capfdbinary, monkeypatch)


@pytest.fixture
def run(bare: Runner) -> Runner:
    """Verbs on a new unprotected workspace with one commission."""
    services = Services(new_workspace(bare.folder))
    services.settings.sign_changes()
    services.records.create("commission", {"name": "Auxois", "departments": ["21"]}, None)
    services.close()
    return bare
