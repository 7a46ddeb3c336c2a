"""The ready-to-vote pack: for each commune a draft deliberation and a letter, then the costs."""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.documents.convocations import ADDRESS_LEFT, ADDRESS_TOP, FOLDS
from app.documents.costs import write_costs
from app.documents.document import Document, Letterhead
from app.documents.masthead import finished, masthead, open_paper
from app.documents.pdf.paper import Paper
from app.documents.solution_sheet import ROUTES, SolutionFile, not_costed
from app.documents.templates import Part, arrange, phrases, shipped
from app.domain import wording
from app.domain.cost_plan import Plan
from app.domain.cost_sharing import Comparison, Share, offer_taken
from app.domain.cost_terms import offer_called, offer_name, provider_without_offer
from app.domain.dates import PARIS
from app.domain.document_templates import Template, filled
from app.domain.records import Organisation, Record
from app.domain.refusals import Refusal

_BLANK = "……………………"
_COUNT = "…………"
_COUNCILS = {
    "commune": "conseil municipal", "epci": "conseil communautaire",
    "departement": "conseil départemental", "region": "conseil régional",
    "syndicat": "comité syndical", "other": "conseil",
}  # fmt: skip
"""Who deliberates in each kind of organisation."""

_ANNEX = (
    "Ce que chaque collectivité paierait, ensemble ou seule. Chaque projet de délibération reprend"
    " sa part de l'"
)
_OF_THE_BODY = Letterhead(operator="")
"""A deliberation is the act of the body that takes it: it bears nobody else's name or logo."""


def vote_pack(
    file: SolutionFile, letterhead: Letterhead, made_at: datetime, template: Template | None = None
) -> Document:
    """What a mayor needs to put the decision to the council, as one PDF.

    Each organisation that takes part has its own pages; when none does, there is one draft with
    blanks. Without a template it follows the shipped one.
    """
    title = file.solution.fields.title.strip() or "solution sans titre"
    paper = open_paper(
        letterhead, f"Dossier de vote : {title}", made_at, subject="Projet de délibération",
        head=f"Dossier de vote – {title}",
    )  # fmt: skip
    try:
        costs: tuple[Plan, Comparison] | None = file.costs()
        hindrance = ""
    except Refusal as refusal:
        costs, hindrance = None, not_costed(file, refusal)
    taking_part: list[Record[Organisation] | None]
    taking_part = [one for one, commitment in file.standing() if commitment.intention != "declined"]
    for organisation in taking_part or [None]:
        pack = _Pack(paper, file, letterhead, costs, organisation)
        pack.write(template or shipped("vote-pack"), made_at)
    paper.section(f"Dossier de vote – {title}")
    masthead(paper, letterhead, file.commission, "Annexe : répartition des coûts", title)
    if costs:
        provider = file.solution.fields.provider
        offer = offer_taken(*costs, provider)
        called = offer_called(offer_name(costs[0], offer.id))
        paper.text(wording.ended(f"{_ANNEX}{called}"))
        write_costs(paper, *costs, counted=file.counted(), provider=provider)
    else:
        paper.text(hindrance)
    return finished(paper, "dossier-de-vote", title)


class _Pack:
    def __init__(
        self, paper: Paper, file: SolutionFile, letterhead: Letterhead,
        costs: tuple[Plan, Comparison] | None, organisation: Record[Organisation] | None,
    ) -> None:  # fmt: skip
        self.paper, self.file, self.letterhead = paper, file, letterhead
        self.costs, self.organisation = costs, organisation
        self.title = file.solution.fields.title.strip() or _BLANK
        self.name = (organisation and organisation.fields.name.strip()) or _BLANK
        self.bookmarked = (organisation and file.names[organisation.id].strip()) or _BLANK
        kind = organisation.fields.kind if organisation else "commune"
        self.council = _COUNCILS[kind]
        self.body = f"Commune {wording.of_place(self.name)}" if kind == "commune" else self.name
        self.head = "Le maire" if kind == "commune" else "La présidence"
        self.share = self._share()

    def write(self, template: Template, made_at: datetime) -> None:
        """The draft deliberation, then the letter of adhesion."""
        self.paper.section(f"{self.name} – Dossier de vote, {self.title}")
        values = self._values(made_at)
        sections = tuple(one for one in template.shown() if one.name != "letter")
        self._deliberation(msgspec.structs.replace(template, sections=sections), values)
        self.paper.section(f"{self.name} – Lettre d'adhésion, {self.title}", FOLDS)
        letter = next(one for one in template.sections if one.name == "letter")
        self._letter(filled(letter.text, values))

    def _values(self, made_at: datetime) -> dict[str, str]:
        return {
            "commission": self.file.commission,
            "opérateur": self.letterhead.operator,
            "date": wording.short_day(made_at.astimezone(PARIS).date()),
            "collectivité": self.name,
            "de_la_collectivité": wording.of_place(self.name),
            "assemblée": self.council,
            "exécutif": self.head,
            "solution": self.title,
            "voie": ROUTES[self.file.solution.fields.route],
            "besoins": self._needs(),
            "part": self._amount(),
            "annexe": "la répartition des coûts jointe en annexe" if self.costs else "",
            "à_remplir": _BLANK,
        }

    def _deliberation(self, template: Template, values: dict[str, str]) -> None:
        paper = self.paper
        title = "Projet de délibération"
        bookmark = f"{title}, {self.bookmarked}"
        masthead(paper, _OF_THE_BODY, self.body, title, self.title, bookmark=bookmark)
        counts = f"en exercice : {_COUNT}   présents : {_COUNT}   votants : {_COUNT}"
        asked = ("Séance du", "Convocation du", "Délibération n°", "Rapporteur")
        paper.facts([*((one, _BLANK) for one in asked), ("Membres", counts)])
        parts: dict[str, Part] = {
            "articles": lambda heading: self._decides(),
            "votes": lambda heading: self._votes(),
        }
        arrange(paper, template, values, parts)

    def _decides(self) -> None:
        self.paper.text(self._dearer())
        words = f"Le {self.council}, après en avoir délibéré, décide :"
        self.paper.text(words, "strong", keep=True)
        articles = self._articles()
        labels = [f"Article {rank}" for rank in range(1, len(articles) + 1)]
        self.paper.bullets(articles, labels=labels)
        if self.costs is not None and self.share is not None:
            provider = self.file.solution.fields.provider
            self.paper.text(provider_without_offer(*self.costs, provider), "strong")

    def _dearer(self) -> str:
        """What the council must know of a commune that would pay more than alone."""
        if self.costs is None or self.share is None or not self.share.worse_off:
            return ""
        share = self.share
        commune = self.organisation is not None and self.organisation.fields.kind == "commune"
        return (
            f"Considérant que la part de la {'commune' if commune else 'collectivité'},"
            f" {wording.amount(share.share_cents)} HT sur"
            f" {wording.count(self.costs[0].years, 'an')}, dépasse de"
            f" {wording.amount(-share.saving_cents)} ce qu'elle paierait seule,"
            f" {wording.amount(share.alone_cents)} HT,"
        )

    def _votes(self) -> None:
        words = f"pour : {_COUNT}   contre : {_COUNT}   abstentions : {_COUNT}"
        self.paper.facts([("Suffrages exprimés", _COUNT), ("Votes", words)])

    def _articles(self) -> list[str]:
        free = self.share is not None and self.share.share_cents == 0
        return [
            f"de participer à la solution « {self.title} »{self._amount()} ;",
            *([] if free else ["d'inscrire les crédits correspondants au budget ;"]),
            f"d'autoriser {self.head.lower()} à signer les actes nécessaires, dont la lettre"
            " d'adhésion jointe.",
        ]

    def _needs(self) -> str:
        titles = [
            f"« {need.fields.title} »" for need in self.file.needs if need.fields.title.strip()
        ]
        return f" ({wording.listed(titles)})" if titles else ""

    def _share(self) -> Share | None:
        """What this commune pays by the offer retained, when that is known."""
        if self.costs is None or self.organisation is None:
            return None
        offer = offer_taken(*self.costs, self.file.solution.fields.provider)
        fields = self.organisation.fields
        code = fields.insee_code or fields.siren or self.organisation.id
        return next((one for one in offer.shares if one.code == code), None)

    def _amount(self) -> str:
        if self.costs is None or self.share is None:
            return f", pour un montant de {_BLANK} € HT"
        years = wording.count(self.costs[0].years, "an")
        if self.share.share_cents == 0:
            return f", sans participation financière, sur {years}"
        return (
            f", pour un montant de {wording.amount(self.share.share_cents)} HT, soit"
            f" {wording.amount(self.share.share_with_tax_cents)} TTC, sur {years}"
        )

    def _letter(self, text: str) -> None:
        paper = self.paper
        sender = [wording.capitalised(self.name)]
        if self.organisation:
            sender += self.organisation.fields.address.splitlines()
        addressee = [self.letterhead.operator, *self.letterhead.address.splitlines()]
        paper.letter_head(sender, addressee, ADDRESS_LEFT, ADDRESS_TOP)
        bookmark = f"Lettre d'adhésion, {self.bookmarked}"
        title = f"Lettre d'adhésion : {self.title}"
        paper.heading(1, title, name="letter-title", bookmark=bookmark)
        phrases(paper, "", text, indent=0)
        paper.text(f"Fait à {_BLANK}, le {_BLANK}", indent=0, keep=True)
        paper.signatures([("", ""), (self.head, "")])
