"""What freezing adds to a paper: the content inside it, its fingerprint at the foot."""

from __future__ import annotations

from dataclasses import dataclass

from app.documents.pdf.archival import AttachedFile
from app.documents.pdf.paper import Paper
from app.documents.pdf.text import Run
from app.documents.qr import modules
from app.domain import wording


@dataclass(frozen=True)
class Seal:
    """What freezing adds: when, the content as the bytes of its canonical JSON, their SHA-256."""

    frozen_at: str
    content: bytes
    sha256: str


def sealed_file(seal: Seal | None, name: str) -> tuple[AttachedFile, ...]:
    """The content as a file inside the PDF."""
    if seal is None:
        return ()
    description = "Le contenu gelé, en données"
    return (AttachedFile(name, "application/json", seal.content, description),)


def sealing_foot(paper: Paper, seal: Seal, what: str) -> None:
    """The fingerprint at the foot of the first page, in words and as a code."""
    paper.foot(
        [
            [Run(what), f" le {wording.day_and_hour(seal.frozen_at)}."],
            f"Empreinte SHA-256 du contenu :\n{seal.sha256}",
            "Les mêmes données sont jointes à ce PDF. Pour vérifier un exemplaire, comparez-le à"
            " l'original : la commission le conserve dans son logiciel et peut l'imprimer à"
            " nouveau.",
        ],
        modules(seal.sha256),
        f"Code QR de l'empreinte du contenu, {seal.sha256}",
    )
