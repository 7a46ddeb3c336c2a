"""Turning the refusals of rules into errors that say where, and storage faults into sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.domain.records import Envelope
from app.domain.refusals import Deleted, Refusal, one_line
from app.domain.titles import described, label_of
from app.errors import Absent, UserError
from app.storage.database import fault_of
from app.storage.faults import storage_error
from app.storage.workspace import Workspace

if TYPE_CHECKING:
    from app.storage.unit_of_work import UnitOfWork


@contextmanager
def translated(workspace: Workspace) -> Iterator[None]:
    """Raises UserError for a Refusal, with record and field, and StorageError for a disk fault."""
    try:
        yield
    except Refusal as refusal:
        raise UserError(sentence(refusal)) from refusal
    except Exception as error:
        fault = fault_of(error)
        if fault is None:
            raise
        raise storage_error(fault, workspace.folder) from error


@contextmanager
def of_place(place: int, wanted: bool) -> Iterator[None]:
    """Adds to a refusal the place, in a list, of a record that has no identifier yet."""
    try:
        yield
    except Refusal as refusal:
        if wanted:
            refusal.what = f"enregistrement n° {place}, {refusal.what}"
        raise


@contextmanager
def of_new(places: Mapping[str, int], out_of: int) -> Iterator[None]:
    """Names a refused new record by its place in the list, for nobody knows its identifier."""
    try:
        yield
    except Refusal as refusal:
        place = places.get(refusal.record_id)
        if place is not None:
            refusal.record_id = ""
            if out_of > 1:
                refusal.what = f"enregistrement n° {place}, {refusal.what}"
        raise


@contextmanager
def of_record(what: str, record_id: str) -> Iterator[None]:
    """Adds to a refusal the record that it is about."""
    try:
        yield
    except Refusal as refusal:
        refusal.record_id = refusal.record_id or record_id
        refusal.what = refusal.what or what
        raise


@contextmanager
def of_several(unit: UnitOfWork, number: int) -> Iterator[None]:
    """Says in a refusal which of several records holds back the deletion of all."""
    try:
        yield
    except Refusal as refusal:
        stored = unit.stored(refusal.record_id) if number > 1 else None
        if stored is not None:
            which = described(stored.envelope)
            refusal.sentence = f"{which} : {refusal.sentence} Rien n'est supprimé."
        raise


def absent(found: Envelope | None, record_id: str, none: str = "Aucun enregistrement") -> Absent:
    """The error of an identifier that no live record has: `found` is its deleted one, if any."""
    if found is None or not found.deleted:
        return Absent(f"{none} n'a l'identifiant « {record_id} » : vérifiez-le.")
    refusal = Deleted(record_id)
    refusal.what = label_of(found.kind)
    return Absent(sentence(refusal))


def sentence(refusal: Refusal) -> str:
    """One sentence: the record, the field, then what is wrong, on one line whatever they quote."""
    where = " ".join(part for part in (refusal.what, refusal.record_id) if part)
    places = [where] if where else []
    if refusal.field:
        places.append(f"champ « {refusal.field} »")
    text = f"{', '.join(places)} : {refusal.sentence}" if places else refusal.sentence
    begins = refusal.what or not refusal.record_id  # an id keeps its letters as they are
    return one_line(text[:1].upper() + text[1:] if begins else text)
