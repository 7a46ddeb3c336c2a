"""Any damage to a database: every verb ends in one sentence, and the doctor mends what it can."""

from __future__ import annotations

import os
import random
import re
import shutil
from pathlib import Path

import pytest

from app.cli import main
from app.storage.files import DATABASE
from app.storage.replacement import FOLDER
from tests.faults.damage import PAGE, model

SEEDS = range(int(os.environ.get("SOAK_DAMAGES", "14")))
WAYS = ("page", "pages", "bytes", "header", "tail", "all", "cells", "schema")


def overwrite(content: bytearray, how: str, chance: random.Random) -> None:
    """Puts random bytes over a part of a database, or zeros over words of its schema."""
    count = len(content) // PAGE
    if how == "bytes":
        for _ in range(300):
            content[chance.randrange(len(content))] = chance.randrange(256)
        return
    if how == "schema":
        for found in re.finditer(b"CREATE TABLE", bytes(content)):
            content[found.start() : found.end()] = bytes(len(found[0]))
        return
    spots = {
        "header": [(0, 100)],
        "tail": [(chance.randrange(100, len(content)), len(content))],
        "all": [(0, len(content))],
        "cells": [(page * PAGE + 3, page * PAGE + 20) for page in range(count)],
        "page": [(page * PAGE, page * PAGE + PAGE) for page in range(count)],
        "pages": [(page * PAGE, page * PAGE + PAGE) for page in range(count)],
    }[how]
    kept = {"page": 1, "pages": count // 4, "cells": count // 3}.get(how, 1)
    for start, end in chance.sample(spots, kept):
        content[start:end] = chance.randbytes(end - start)


@pytest.mark.parametrize("seed", SEEDS)
def test_any_damage_is_told_and_mended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], seed: int
) -> None:
    chance = random.Random(seed)
    folder = tmp_path / "espace"
    shutil.copytree(model("none").folder, folder)
    content = bytearray((folder / DATABASE).read_bytes())
    overwrite(content, WAYS[seed % len(WAYS)], chance)
    (folder / DATABASE).write_bytes(content)
    if alone := seed % 3 == 0:
        shutil.rmtree(folder / FOLDER)

    def run(*verb: str) -> int:
        capsys.readouterr()
        status = main([*verb, "--workspace", str(folder)])
        said = capsys.readouterr().err
        if status == 1:
            assert said.count("\n") == 1
            assert "commissions doctor --repair" in said
        else:
            assert not said
        return status

    for verb in (
        ("records", "list", "need"),
        ("search", "mot"),
        ("backup", "--out", str(tmp_path / "copie")),
    ):
        run(*verb)
    assert run("doctor") in (0, 3)
    repaired = run("doctor", "--repair")
    if repaired == 1:
        assert alone
        return
    assert run("doctor") == 0
    assert run("records", "list", "need") == 0
