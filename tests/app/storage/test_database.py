"""How SQLite is told of the file to open."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path, PureWindowsPath

import pytest
from sqlcipher3 import dbapi2

from app.storage.database import address, durable


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("D:\\Séances\\a b.db", "file:///D:/S%C3%A9ances/a%20b.db"),
        ("\\\\mairie\\partage\\100 %\\a.db", "file:////mairie/partage/100%20%25/a.db"),
    ],
)
def test_a_file_of_windows_is_opened_on_a_disk_and_on_a_share(path: str, told: str) -> None:
    uri = address(PureWindowsPath(path))
    assert uri == told
    with pytest.raises(dbapi2.OperationalError, match="unable to open database file"):
        dbapi2.connect(f"{uri}?mode=ro", uri=True)


def test_what_is_committed_reaches_the_disk_itself_on_macos_too(tmp_path: Path) -> None:
    with closing(durable(tmp_path / "a.db", None)) as connection:
        assert connection.execute("PRAGMA fullfsync").fetchone() == (1,)


def test_what_does_not_fit_in_memory_goes_through_no_file_in_the_clear(tmp_path: Path) -> None:
    many = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 50000)"
    with closing(durable(tmp_path / "a.db", bytes(32))) as connection:
        connection.execute(f"CREATE TEMP TABLE t AS {many} SELECT randomblob(1000) FROM n")
        files = list(Path("/proc/self/fd").iterdir())
        opened = [one.readlink().name for one in files if one.is_symlink()]
    assert "a.db" in opened
    assert not [name for name in opened if "etilqs_" in name]  # what SQLite makes and unlinks
