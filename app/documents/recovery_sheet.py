"""The sheet that carries a workspace's recovery code, to be printed and kept elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from app.documents.document import Document, Letterhead
from app.documents.masthead import finished, masthead, open_paper
from app.documents.pdf.paper import Paper
from app.documents.pdf.styles import BODY, WIDTH
from app.domain import wording
from app.domain.dates import PARIS

_HOW = (
    "Ouvrez le programme : s'il ne trouve plus la clé, il demande ce code.",
    "Recopiez les sept groupes, en majuscules ou en minuscules. Le dernier caractère"
    " de chaque groupe vérifie les quatre autres : une faute de copie est signalée aussitôt.",
    "Sur un ordinateur sans écran, la commande « commissions unlock » le demande aussi.",
)
_KEEP = (
    "Quiconque tient cette feuille et l'ordinateur, ou une copie, lit tout l'espace de"
    " travail. Gardez-la sous clé, jamais avec l'ordinateur, même quand un nouveau code la"
    " remplace : elle ouvre encore les copies d'avant."
)


def recovery_sheet(
    code: str, workspace: str, folder: str, letterhead: Letterhead, made_at: datetime
) -> Document:
    """The sheet as a PDF of one page, however long the names; `workspace` is the name that its user
    knows it by.
    """
    today = made_at.astimezone(PARIS).date()
    title = "Code de secours"
    paper = open_paper(letterhead, f"{title}, {workspace}", made_at, subject=title)
    operator = _cut(paper, letterhead.operator, "small", WIDTH, 2)
    name = _cut(paper, workspace, "kicker", WIDTH, 2)
    head = replace(letterhead, operator=operator)
    masthead(paper, head, name, title, f"Remis le {wording.long_day(today)}")
    paper.text(
        "Ce code ouvre l'espace de travail si le trousseau de l'ordinateur ou la phrase de passe se"
        " perdent. Il n'est écrit nulle part ailleurs.",
        "lead",
        indent=0,
    )
    paper.space(8)
    for number, group in enumerate(code.split("-"), 1):
        paper.text(group, "code", label=f"Groupe n° {number}")
    paper.space(8)
    paper.facts([("Espace de travail", _cut(paper, folder, "body", BODY, 3, cut=_both_ends))])
    paper.heading(2, "S'en servir")
    paper.bullets(_HOW, labels=[f"{number}." for number in range(1, len(_HOW) + 1)])
    paper.heading(2, "La garder")
    paper.text(_KEEP)
    return finished(paper, "code-de-secours", today.isoformat(), workspace)


def _cut(
    paper: Paper, words: str, name: str, width: float, lines: int,
    *, cut: Callable[[str, int], str] = wording.shortened,
) -> str:  # fmt: skip
    """The words, cut to as many letters as so many lines hold."""
    kept, most = words, len(words)
    while paper.count_lines(kept, name, width) > lines:
        most = most * 9 // 10
        kept = cut(words, most)
    return kept


def _both_ends(path: str, most: int) -> str:
    """A path without its middle: where it begins, and where it leads."""
    line = " ".join(path.split())
    return f"{line[: most // 2]}…{line[len(line) - most // 2 :]}"
