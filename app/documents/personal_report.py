"""What is kept about a person, on paper, to be handed over to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.documents.document import Document, Letterhead
from app.documents.masthead import finished, masthead, open_paper
from app.documents.pdf.paper import Paper
from app.documents.pdf.table import Column
from app.domain import wording
from app.domain.dates import PARIS
from app.domain.field_words import field_words
from app.domain.formatted_text import unmarked
from app.domain.personal_data import Register, Trace
from app.domain.titles import label_of
from app.domain.validation import readable

_RIGHTS = (
    "Vous pouvez faire rectifier ces données (RGPD, art. 16), les faire effacer (art. 17) ou vous"
    " opposer à leur traitement (art. 21). Les procès-verbaux signés sont des archives publiques"
    " et restent tels quels (art. 17, § 3, b et d)."
)


def personal_report(register: Register, letterhead: Letterhead, made_at: datetime) -> Document:
    """The register as a PDF; what may be about a namesake is left out."""
    today = made_at.astimezone(PARIS).date()
    title = "Données personnelles"
    paper = open_paper(letterhead, f"{title}, {register.name}", made_at, subject=title)
    masthead(paper, letterhead, register.name, title, f"Au {wording.long_day(today)}")
    paper.heading(2, "Fiche")
    fields = readable(register.person)
    paper.facts(
        [
            (wording.capitalised(field_words(name)), fields[name])
            for name in ("first_name", "last_name", "role", "email", "phone")
            if fields[name]
        ]
    )
    sure = [one for one in register.traces if one.how != "may_name"]
    _list(paper, "Ce qui vous désigne", [one for one in sure if one.how == "points"])
    _list(paper, "Ce qui vous nomme", [one for one in sure if one.how == "names"])
    paper.heading(2, "Vos droits")
    paper.text(_RIGHTS)
    return finished(paper, "donnees-personnelles", register.name)


def _list(paper: Paper, heading: str, traces: Sequence[Trace]) -> None:
    if not traces:
        return
    paper.heading(2, heading)
    rows = [
        [wording.capitalised(label_of(one.kind)), one.title, one.field, unmarked(one.text) or "–"]
        for one in traces
    ]
    columns = [Column("Genre", 32), Column("Quoi", 45), Column("Champ", 28), Column("Mots", 57)]
    paper.table(columns, rows, caption=heading)
