"""Each safeguard of the sync is held by a test: without the one, the other fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from tests.faults.safeguards import SAFEGUARDS

ROOT = Path(__file__).parents[2]
_TRIED = list(SAFEGUARDS) if settings.default.max_examples >= 1_000 else list(SAFEGUARDS)[:2]


@pytest.mark.parametrize("safeguard", SAFEGUARDS)
def test_what_a_safeguard_is_switched_off_by_is_there(safeguard: str) -> None:
    switch_off, _ = SAFEGUARDS[safeguard]
    with pytest.MonkeyPatch.context() as patch:
        switch_off(patch)


@pytest.mark.parametrize("safeguard", _TRIED)
def test_without_a_safeguard_its_test_fails(safeguard: str) -> None:
    _, test = SAFEGUARDS[safeguard]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.faults.safeguards", f"tests/{test}"],
        cwd=ROOT,
        env=os.environ | {"WITHOUT": safeguard},
        capture_output=True,
        text=True,
        check=False,
    )
    said = run.stdout + run.stderr
    assert (run.returncode, "1 failed" in said, "AssertionError" in said) == (1, True, True), said
