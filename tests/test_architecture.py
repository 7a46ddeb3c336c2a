"""The directions of the house: who may import whom (see CONTRIBUTING.md)."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from symtable import symtable

import grimp
import pytest

ROOT = Path(__file__).parents[1]
ENTRY = "app.__main__"
PURE = ("app.domain", "app.clock", "app.errors")


@cache
def house() -> grimp.ImportGraph:
    return grimp.build_graph("app", "ui", include_external_packages=True)


def within(module: str, *folders: str) -> bool:
    return any(module == folder or module.startswith(folder + ".") for folder in folders)


def imports(*folders: str) -> set[tuple[str, str]]:
    """Each (module, what it imports) for the modules of the folders."""
    graph = house()
    return {
        (module, imported)
        for module in graph.modules
        if within(module, *folders)
        for imported in graph.find_modules_directly_imported_by(module)
    }


def strangers(folder: str, *known: str) -> set[tuple[str, str]]:
    """What modules of a folder import of the project outside it and the folders it may know."""
    return {
        (module, imported)
        for module, imported in imports(folder)
        if within(imported, "app", "ui") and not within(imported, folder, *known)
    }


def test_nothing_under_app_imports_qt_or_the_window_but_the_entry_point() -> None:
    found = {pair for pair in imports("app") if within(pair[1], "ui", "PySide6")}
    strays = {pair for pair in found if pair[0] != ENTRY}
    assert strays == set(), "what needs Qt stands in ui, which calls app"


def test_the_domain_imports_nothing_of_the_project_but_itself() -> None:
    assert strangers("app.domain") == set(), "have the caller hand it over as an argument"


@pytest.mark.parametrize(
    "library", ["sqlalchemy", "sqlcipher3", "sqlite3", "httpx2", "httpcore2", "keyring"]
)
def test_the_domain_touches_no_store_network_or_keyring(library: str) -> None:
    found = {pair for pair in imports("app.domain") if within(pair[1], library)}
    assert found == set(), "reading and writing stand in app/services, which calls the rules"


@pytest.mark.parametrize("folder", ["app.storage", "app.sync", "app.central", "app.cli"])
def test_the_window_reaches_services_and_nothing_beneath(folder: str) -> None:
    found = {pair for pair in imports("ui") if within(pair[1], folder)}
    assert found == set(), "add what the window asks for to a module of app/services"


def test_only_the_command_line_imports_the_central() -> None:
    found = {pair[0] for pair in imports("app", "ui") if within(pair[1], "app.central")}
    strays = {module for module in found if not within(module, "app.central", "app.cli")}
    assert strays == set(), "what both sides say to each other stands in app/sync/protocol.py"


def test_the_central_shares_the_protocol_and_pure_code_alone() -> None:
    wire = ("app.sync.protocol", "app.sync.receipts", "app.sync.compression")
    advice = "what the central shares is pure: move the rule to app/domain"
    assert strangers("app.central", *wire, "app.territory", "app.sqlite", *PURE) == set(), advice
    assert strangers("app.sqlite") == set(), advice
    assert strangers("app.territory", "app.paths", *PURE) == set(), advice


def test_documents_have_no_way_of_their_own_into_the_store() -> None:
    found = strangers("app.documents", "app.paths", *PURE)
    assert found == set(), "app/services reads the records, and hands them to the document"


def test_nothing_but_the_command_line_imports_the_command_line() -> None:
    found = {pair[0] for pair in imports("app", "ui") if within(pair[1], "app.cli")}
    strays = {module for module in found if not within(module, "app.cli", ENTRY)}
    assert strays == set(), "what other modules need of a verb stands in app/services"


@cache
def names_in(module: str) -> set[str]:
    """What can be imported from a module of the project; nothing when there is no such module."""
    place = ROOT.joinpath(*module.split("."))
    source = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
    names = {one.stem for one in place.glob("*")}
    if source.exists():
        names.update(symtable(source.read_text("utf-8"), str(source), "exec").get_identifiers())
    return names


def test_the_tests_import_what_there_is() -> None:
    lacking = [
        f"{source.relative_to(ROOT)}: {one.module}.{name.name}"
        for source in (ROOT / "tests").rglob("*.py")
        for one in ast.walk(ast.parse(source.read_text("utf-8")))
        if isinstance(one, ast.ImportFrom) and within(one.module or "", "app", "ui", "tests")
        for name in one.names
        if name.name not in names_in(one.module or "")
    ]
    assert lacking == [], "what was moved or renamed is to be followed in the tests too"
