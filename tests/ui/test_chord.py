"""Keys that a sentence names are those of the computer."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ui.words.chord import chord

_SHORTCUT = re.compile(r"Ctrl\+(Shift\+)?(.|[A-Z][a-z]+)?")
"""What Qt is given: it writes it as the system does."""


@pytest.mark.parametrize(
    ("keys", "on_a_mac"),
    [("Ctrl+Z", "⌘Z"), ("Ctrl+Maj+C", "⇧⌘C"), ("Ctrl+clic", "⌘clic"), ("Ctrl", "⌘"), ("F7", "F7")],
)
def test_ctrl_is_the_command_key_on_a_mac_alone(keys: str, on_a_mac: str) -> None:
    assert chord(keys, mac=True) == on_a_mac
    assert chord(keys, mac=False) == keys


def test_no_sentence_names_ctrl_on_every_computer() -> None:
    root = Path(__file__).parents[2]
    sources = [one for part in ("app", "ui") for one in (root / part).rglob("*.py")]
    found = [
        f"{source.name}:{text.lineno}: {text.value}"
        for source in sources
        if source.name != "chord.py"
        for text in _said(ast.parse(source.read_text("utf-8")))
        if "Ctrl" in text.value and not _SHORTCUT.fullmatch(text.value)
    ]
    assert found == [], "write it as chord(…) does"


def _said(tree: ast.AST) -> Iterator[ast.Constant]:
    """The texts of a module, but for docstrings and for what is given to `chord`."""
    apart = [
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr)
        or (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "chord")
        for inner in ([node.value] if isinstance(node, ast.Expr) else ast.walk(node))
    ]
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in apart:
            yield node
