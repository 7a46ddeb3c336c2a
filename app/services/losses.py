"""What a repair could not give back, said by kind and title."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from app.domain.records import LABELS
from app.domain.titles import LONGEST, title_of
from app.domain.wording import agree, count, long_day, shortened
from app.services.callings import ABOUT, STEPS
from app.storage.reconcile import Loss, Reconciliation
from app.storage.repair import Rebuilt
from app.storage.salvage import Line


class Lost(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is not, or may not be, as it last was; `id` is "" where it is unknown."""

    kind: str
    id: str
    sentence: str


def copy_words(copy: Path) -> str:
    """« la copie du vendredi 19 mars 2027 », or by its name for one that the user named."""
    try:
        day = date.fromisoformat(copy.name.removeprefix("commissions-")[:10])
    except ValueError:
        return f"« {copy.name} »"
    return f"la copie du {long_day(day)}"


def told(rebuilt: Rebuilt, found: Reconciliation) -> list[Lost]:
    """A sentence for each loss: records first, then files, then entries of the history.

    Where nothing is left to read, nobody can name what was written since the copy.
    """
    if rebuilt.unread:
        lost = [_since_the_copy(rebuilt.copy)]
    else:
        rows = {row["id"]: row for row in found.rows["record"]}
        lost = [
            *(_of_record(loss, rebuilt.copy, rows) for loss in found.losses),
            *_of_files(rebuilt.lost_files, found),
            *_of_history(rebuilt.lost_changes),
        ]
    return [*_of_copies(rebuilt), *_of_central(found), *lost] if lost else []


def _of_copies(rebuilt: Rebuilt) -> Iterator[Lost]:
    """Tells that the second folder is not there, and may hold a later copy."""
    if rebuilt.away is None:
        return
    where = f"Le second dossier de copies « {rebuilt.away} »"
    sentence = (
        f"{where} n'est pas là : branchez-le avant de réparer, une copie plus récente peut y être."
        if rebuilt.aside is None
        else f"{where} n'était pas là : si une copie plus récente y est, restaurez-la."
    )
    yield Lost(kind="", id="", sentence=sentence)


def _of_central(found: Reconciliation) -> Iterator[Lost]:
    """Tells that the next sync brings back what the central had."""
    if found.to_compare and found.rows["central_link"]:
        sentence = "Ce que le central en avait déjà reçu reviendra à la prochaine synchronisation."
        yield Lost(kind="", id="", sentence=sentence)


def _since_the_copy(copy: Path | None) -> Lost:
    assert copy is not None  # nothing is rebuilt from nothing
    sentence = f"Ce qui a été écrit après {copy_words(copy)} est perdu : rien d'autre ne se lit."
    return Lost(kind="", id="", sentence=sentence)


def _of_record(loss: Loss, copy: Path | None, rows: Mapping[str, Line]) -> Lost:
    what = LABELS.get(loss.kind, "enregistrement")
    title = shortened(_title(loss.kind, loss.fields, rows), LONGEST) if loss.fields else ""
    named = f"{what} « {title} »" if title else what
    if loss.fate == "gone":
        sentence = f"Perdu : {named}, dont plus rien n'est lisible."
    elif loss.fate == "doubtful":
        sentence = f"À relire, son texte ne s'accorde plus avec son historique : {named}."
    elif copy is not None:
        sentence = (
            f"Repris de {copy_words(copy)}, ce qui y a été changé depuis est perdu : {named}."
        )
    else:
        sentence = f"Repris d'un état plus ancien, le dernier n'est plus lisible : {named}."
    return Lost(kind=loss.kind, id=loss.record_id, sentence=sentence)


def _title(
    kind: str, fields: Mapping[str, Any], rows: Mapping[str, Line], steps: int = STEPS
) -> str:
    """The title of a record, or of what it is about among the rows found."""
    title = title_of(kind, fields)
    about = rows.get(str(fields.get(ABOUT.get(kind, ""))))
    if title or about is None or not steps:
        return title
    return _title(about["kind"], msgspec.json.decode(about["fields"]), rows, steps - 1)


def _of_files(digests: Sequence[str], found: Reconciliation) -> Iterator[Lost]:
    for digest in digests:
        record = next((one for one in found.rows["record"] if digest in one["fields"]), None)
        title = ""
        if record is not None:
            title = title_of(record["kind"], msgspec.json.decode(record["fields"]))
        of = f" de « {shortened(title, LONGEST)} »" if title else ""
        kind, record_id = (record["kind"], record["id"]) if record else ("attachment", "")
        yield Lost(kind=kind, id=record_id, sentence=f"Perdu : le contenu du fichier{of}.")


def _of_history(lost_changes: int) -> Iterator[Lost]:
    if lost_changes:
        entries = count(lost_changes, "entrée")
        sentence = f"{agree(lost_changes, 'Perdue')} : {entries} de l'historique."
        yield Lost(kind="history", id="", sentence=sentence)
