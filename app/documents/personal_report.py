"""What is kept about a person, on paper, to be handed over to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.documents.document import Document, Letterhead
from app.documents.masthead import finished, masthead, open_paper
from app.documents.pdf.paper import Paper
from app.documents.pdf.table import Column
from app.domain import wording
from app.domain.dates import PARIS, local_day
from app.domain.field_words import field_words
from app.domain.formatted_text import unmarked
from app.domain.personal_data import Register, Trace
from app.domain.retention_terms import Term
from app.domain.titles import label_of
from app.domain.validation import readable

_PURPOSE = (
    "Ces données servent à convoquer les membres de la commission, à tenir ses séances et à en"
    " dresser le procès-verbal, et à suivre les besoins et les suites. Les animateurs qui suivent"
    " la commission les lisent, et l'opérateur du central si l'espace de travail y est rattaché ;"
    " les procès-verbaux vont à qui les reçoit. Elles viennent de vous, de votre collectivité ou de"
    " ce qui a été dit en séance ; rien n'est décidé par un traitement automatique."
)
_APART = (
    "Ce relevé laisse de côté ce que montrent les pièces jointes, et les phrases où un même nom"
    " désigne peut-être quelqu'un d'autre."
)
_RIGHTS = (
    "Vous pouvez faire rectifier ces données (RGPD, art. 16), les faire effacer (art. 17), en faire"
    " limiter le traitement (art. 18) ou vous y opposer (art. 21), et saisir la CNIL d'une"
    " réclamation (art. 77). Les procès-verbaux signés sont des archives publiques et restent tels"
    " quels (art. 17, § 3, b et d)."
)


def personal_report(
    register: Register, letterhead: Letterhead, made_at: datetime, term: Term | None
) -> Document:
    """The register as a PDF with what goes along with it (RGPD, art. 15, § 1).

    What may be about a namesake is left out; `term` is that of persons, if there is one.
    """
    today = made_at.astimezone(PARIS).date()
    title = "Données personnelles"
    paper = open_paper(letterhead, f"{title}, {register.name}", made_at, subject=title)
    masthead(paper, letterhead, register.name, title, f"Au {wording.long_day(today)}")
    paper.heading(2, "Fiche")
    fields = readable(register.person) | {"organisation_id": register.organisation}
    paper.facts(
        [
            (wording.capitalised(field_words(name)), fields[name])
            for name in ("first_name", "last_name", "organisation_id", "role", "email", "phone")
            if fields[name]
        ]
    )
    sure = [one for one in register.traces if one.how != "may_name"]
    _list(paper, "Ce qui vous désigne", [one for one in sure if one.how == "points"])
    _list(paper, "Ce qui vous nomme", [one for one in sure if one.how == "names"])
    paper.heading(2, "Leur emploi")
    paper.text(_PURPOSE)
    if term is not None:
        paper.text(f"Votre fiche est à effacer {term.months} mois après {term.since}.")
    paper.text(_APART)
    paper.heading(2, "Vos droits")
    paper.text(_RIGHTS)
    return finished(paper, "donnees-personnelles", register.name)


def _list(paper: Paper, heading: str, traces: Sequence[Trace]) -> None:
    if not traces:
        return
    paper.heading(2, heading)
    rows = [
        [
            wording.capitalised(label_of(one.kind)), one.title, one.field,
            unmarked(one.text) or "–", _written(one) or "–",
        ]
        for one in traces
    ]  # fmt: skip
    columns = [
        Column("Genre", 26), Column("Quoi", 38), Column("Champ", 24), Column("Mots", 46),
        Column("Écrit", 28),
    ]  # fmt: skip
    paper.table(columns, rows, caption=heading)


def _written(trace: Trace) -> str:
    """« 19 mars 2027, Anne Martin »."""
    return f"{wording.short_day(local_day(trace.at))}, {trace.author}" if trace.at else ""
