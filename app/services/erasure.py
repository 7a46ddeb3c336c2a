"""Erasing a person: their record emptied, their name taken out, frozen minutes left as they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

import msgspec

from app.domain.erasure import blank, is_erased, texts
from app.domain.field_words import field_words
from app.domain.json_text import decode
from app.domain.media_types import TEMPLATE
from app.domain.naming import Naming
from app.domain.personal_data import OBLIGATION, Edit, Erasure, Kept, Trace, traces
from app.domain.records import Envelope
from app.domain.refusals import Refusal
from app.domain.titles import label_of, title_of
from app.domain.validation import readable, typed
from app.domain.wording import agree, capitalised, count, listed
from app.errors import AppError, StorageError, UserError
from app.services import forgetting, guards
from app.services.agenda_templates import own
from app.services.attachments import OWN
from app.services.meeting_rules import settle
from app.services.personal_data import PersonalData, around, elsewhere, naming_of
from app.services.search import Search
from app.services.translation import of_record, translated
from app.storage import blobs
from app.storage.meeting_ties import frozen_minutes, meeting_of
from app.storage.unit_of_work import UnitOfWork
from app.storage.workspace import Workspace

_BACKUPS = Kept(
    title="Les copies",
    reason=(
        "Celles de chaque jour gardent l'état d'avant jusqu'à leur remplacement, six mois au plus,"
        " sauf les deux dernières ; celles que vous avez demandées, et celles d'avant une"
        " restauration ou une mise à jour, jusqu'à ce que vous les supprimiez."
    ),
)
_ATTACHMENTS = Kept(
    title="Les pièces jointes",
    reason=(
        "Le programme ne lit pas ce qu'elles montrent : relisez-les, et retirez celles qu'il faut."
    ),
)
_PAPERS = Kept(
    title="Ce qui est sorti du programme",
    reason=(
        "Papiers, exports, brouillons de courriel et ce qui a été copié ailleurs : retrouvez-les"
        " là où vous les avez enregistrés."
    ),
)
_CENTRAL = Kept(
    title="Le central et les autres ordinateurs",
    reason=(
        "L'effacement y arrive par la synchronisation, historique compris : jusque-là cet"
        " ordinateur aussi garde, pour elle, ce que le central savait. Un ordinateur à qui l'accès"
        " a été retiré ne l'apprend pas. Les sauvegardes du central, et ses réponses, soixante"
        " jours, relèvent du GIP : prévenez-le."
    ),
)
_OTHERS = Kept(
    title="Les autres commissions",
    reason=(
        "Ce qu'elles disent de cette personne reste : cherchez son nom, et là où il paraît,"
        " faites-lui une fiche pour l'effacer."
    ),
)
_PRINTED = {
    "author_name": "Votre nom",
    "operator_name": "Le nom de l'opérateur",
    "operator_address": "L'adresse de l'opérateur",
    "operator_logo_words": "Ce que montre le logo",
}
_OUT_OF_REACH = (
    "Effacé de cet ordinateur ; le central le garde comme il a été supprimé, et n'y laisse plus"
    " rien changer : voyez avec le GIP."
)

_NOTHING_LEFT = (
    "Cette personne est déjà effacée, et sa fiche ne dit plus son nom. S'il est revenu ailleurs,"
    " faites-lui une fiche à ce nom, puis effacez-la."
)
_RETURNED = "L'espace de travail est revenu à la copie choisie"
_NAMED_ANEW = (
    f"{_RETURNED}, où des personnes effacées depuis sont nommées : effacez-les de nouveau."
)


@dataclass(frozen=True)
class _Work:
    """By record id, the states to write and the former ones, the records left as they are, with
    the reason; then the doubtful texts.
    """

    before: dict[str, Envelope] = field(default_factory=dict)
    after: dict[str, Envelope] = field(default_factory=dict)
    left: dict[str, tuple[Envelope, str]] = field(default_factory=dict)
    doubtful: list[tuple[Envelope, str, str]] = field(default_factory=list)


class Erasures:
    """Shows what erasing a person would change, then does it; it is not undone."""

    def __init__(self, data: PersonalData, search: Search, workspace: Workspace) -> None:
        self._data = data
        self._search = search
        self._workspace = workspace

    def preview(self, person_id: str) -> Erasure:
        """What would change and what would stay; writes nothing."""
        person = self._data.person(person_id)
        with translated(self._workspace), self._workspace.reading() as unit:
            naming = naming_of(unit, person)
            work = self._plan(unit, person, naming)
            enrolled = guards.enrolled(unit)
            attached = any(map(_is_shown, unit.select("attachment")))
            printed = [*_templates(unit, person, naming), *_settings(unit, naming)]
            others = elsewhere(unit, person)
            unmet = len(list(unit.select("commission"))) > 1 + len(others)
        left = [
            Kept(title=self._named(envelope), reason=reason)
            for envelope, reason in work.left.values()
        ]
        return Erasure(
            name=title_of("person", person.fields),
            is_shared=enrolled,
            edits=list(self._edits(work, naming)),
            kept=[
                *([_namesakes(others)] if others else []),
                *([_OTHERS] if unmet else []),
                *left,
                *printed,
                *([_ATTACHMENTS] if attached else []),
                _BACKUPS,
                _PAPERS,
                *([_CENTRAL] if enrolled else []),
            ],
            doubtful=[self._doubt(*one) for one in work.doubtful],
        )

    def erase(self, *person_ids: str) -> None:
        """Erases as ordinary changes, then takes the names out of this laptop's past and index.

        It cannot be undone: what would bring a name back is what is erased. StorageError says
        that all is erased, but is in the files still.
        """
        for person_id in person_ids:
            self._erase(self._data.person(person_id))
        if fault := forgetting.take_out(self._workspace, self._search):
            raise StorageError(fault)

    def _erase(self, person: Envelope) -> None:
        with translated(self._workspace), self._workspace.unit("Effacement") as unit:
            naming = naming_of(unit, person)
            work = self._plan(unit, person, naming)
            for after in work.after.values():
                with of_record(label_of(after.kind), after.id):
                    unit.save(after)
            guards.check_written(unit, list(work.after))
            settle(self._workspace, unit)
            forgetting.forget(unit, person, naming, kept=work.left)
            forgetting.told_of_named(unit, work.after)
            forgetting.note(unit)
            unit.commit()

    def known(self) -> Set[str]:
        """The persons who are erased here, for `renew`."""
        with self._workspace.reading() as unit:
            persons = unit.select("person", deleted=True)
            return {one.id for one in persons if is_erased(one.fields)}

    def renew(self, person_ids: Set[str]) -> int:
        """Erases those of these persons whom a copy brought back, to its trash too; gives how many.

        StorageError says that the copy stands all the same.
        """
        try:
            with self._workspace.reading() as unit:
                persons = [one for one in map(unit.envelope, person_ids) if one is not None]
            back = [one for one in persons if not is_erased(one.fields)]
            for person in back:
                self._erase(person)
        except AppError as error:
            raise StorageError(f"{_NAMED_ANEW} {error.sentence}") from error
        if back and (fault := forgetting.take_out(self._workspace, self._search)):
            raise StorageError(f"{_RETURNED}. {fault}")
        return len(back)

    def finish(self) -> str:
        """Takes out of the files what an erasure or a sync left there for want of room, if
        anything; gives the sentence why it cannot.
        """
        return forgetting.take_out(self._workspace)

    def _plan(self, unit: UnitOfWork, person: Envelope, naming: Naming) -> _Work:
        """What erasing a person changes; UserError if erased already, and not named again since."""
        work = _Work()
        for name, value in blank(person.fields).items():
            self._change(unit, work, person, name, value)
        for envelope in around(unit, person):
            for name, value in forgetting.told_of(envelope, person.id):
                self._change(unit, work, envelope, name, value)
            for name, how, text in traces(envelope, person.id, naming):
                if how == "may_name":
                    work.doubtful.append((envelope, name, text))
                elif how == "names":
                    said = work.after.get(envelope.id, envelope).fields[name]
                    erased = naming.within(envelope.commission_id).erased_in(said)
                    self._change(unit, work, envelope, name, erased)
                elif envelope.kind == "roster_entry" and self._current(envelope):
                    self._change(unit, work, envelope, name, None)
        if is_erased(person.fields) and not work.after:
            raise UserError(_NOTHING_LEFT)
        return work

    def _change(
        self, unit: UnitOfWork, work: _Work, envelope: Envelope, name: str, value: Any
    ) -> None:
        """Adds one field to the states to write, or the record to those left as they are."""
        so_far = work.after.get(envelope.id, envelope)
        if so_far.fields.get(name, value) == value:  # a newer record may lack it
            return
        after = msgspec.structs.replace(so_far, fields=so_far.fields | {name: value})
        try:
            if envelope.deleted and guards.held(unit, envelope):
                raise Refusal("le procès-verbal de sa séance est gelé.")
            guards.check_change(unit, envelope, after)
        except Refusal as refusal:
            if envelope.deleted:  # no obligation keeps it, and this laptop forgets it all the same
                if guards.enrolled(unit):
                    work.left[envelope.id] = envelope, _OUT_OF_REACH
                return
            frozen = frozen_minutes(unit, meeting_of(unit, envelope))
            reason = OBLIGATION if frozen else capitalised(refusal.sentence)
            work.left[envelope.id] = envelope, reason
            return
        work.before[envelope.id] = envelope
        work.after[envelope.id] = after

    def _current(self, seat: Envelope) -> bool:
        """Whether the seat is still held, which it no longer is once its person is erased."""
        if seat.deleted:
            return False
        until = typed(seat).fields.until
        return until is None or until > self._workspace.clock().date().isoformat()

    def _edits(self, work: _Work, known: Naming) -> Iterator[Edit]:
        for record_id, after in work.after.items():
            before, naming = work.before[record_id], known.within(after.commission_id)
            for kind, name, old, new in _edited(before, after):
                former = self._data.said(kind, name, old)
                former = naming.sentences(former) if naming.names(former) else former
                said = self._data.said(kind, name, new)
                yield Edit(
                    kind=after.kind,
                    title=self._data.title(before),
                    field=capitalised(field_words(name)),
                    before=former,
                    after=naming.erased(former) if naming.names(former) and said else said,
                    deleted=after.deleted,
                )

    def _doubt(self, envelope: Envelope, name: str, text: str) -> Trace:
        return Trace(
            record_id=envelope.id,
            kind=envelope.kind,
            title=self._data.title(envelope),
            field=capitalised(field_words(name)),
            how="may_name",
            text=text,
        )

    def _named(self, envelope: Envelope) -> str:
        return f"{capitalised(label_of(envelope.kind))} : {self._data.title(envelope)}"


def erased_again(number: int) -> str:
    """What a return to a copy tells of those whom `renew` erased; empty for none."""
    whom = count(number, "personne effacée", "personnes effacées")
    again = agree(number, "l'est", "le sont")
    return f" {whom} depuis cette copie {again} de nouveau." if number else ""


def _namesakes(commissions: Sequence[str]) -> Kept:
    return Kept(
        title=f"Une fiche du même nom dans {listed(commissions)}",
        reason="Si c'est la même personne, effacez-la de même depuis cette fiche.",
    )


def _templates(unit: UnitOfWork, person: Envelope, naming: Naming) -> Iterator[Kept]:
    """The templates of the person's commission, of agendas and papers, that name them, or may."""
    space = person.commission_id or ""
    for template in (one.template for one in own(unit, space)):
        said = (template.name, *(item.title for item in template.items))
        if (doubt := _doubt(said, naming)) is not None:
            yield Kept(
                title=f"Le modèle d'ordre du jour « {template.name} »",
                reason=(
                    "Il porte ce nom, et le remet dans chaque nouvel ordre du jour : oubliez-le"
                    f" depuis les modèles d'une séance, et gardez-en un sans ce nom.{doubt}"
                ),
            )

    for fields in map(readable, unit.select("attachment", pointing=("owner_id", space))):
        if fields["media_type"] != TEMPLATE:
            continue
        words = _words_of(blobs.content(unit, fields["sha256"] or "") or b"")
        if (doubt := _doubt(words, naming)) is not None:
            yield Kept(
                title=f"Le modèle de papier « {fields['name']} »",
                reason=(
                    "Il porte ce nom, et le met dans chaque nouveau papier : corrigez-le, ou"
                    f" rétablissez celui qui est livré, dans Réglages, Commission.{doubt}"
                ),
            )


def _words_of(template: bytes) -> Iterable[str]:
    """The texts of a template's file; those of a broken one all in one."""
    try:
        return texts(decode(template))
    except Refusal:
        return [template.decode(errors="replace")]


def _settings(unit: UnitOfWork, naming: Naming) -> Iterator[Kept]:
    """The settings that name a person, or may, and put it in what is to come."""
    for name, title in _PRINTED.items():
        if (doubt := _doubt([unit.setting(name, "")], naming)) is not None:
            reason = (
                f"Ce réglage porte ce nom, qui reparaîtrait : corrigez-le dans Réglages.{doubt}"
            )
            yield Kept(title=title, reason=reason)


def _doubt(said: Iterable[str], naming: Naming) -> str | None:
    """What to add, "" for nothing, where texts name the person or may; None where they do not."""
    every = list(said)
    if any(map(naming.names, every)):
        return ""
    may = any(map(naming.may_name, every))
    return " S'il désigne quelqu'un d'autre, laissez-le." if may else None


def _is_shown(attachment: Envelope) -> bool:
    """Whether an attachment is a file of the user's, and not one that the program keeps."""
    return not readable(attachment)["media_type"].startswith(OWN)


def _edited(before: Envelope, after: Envelope) -> Iterator[tuple[str, str, Any, Any]]:
    """Kind, name, former and new value of each field that changes; of a conflict, its versions'."""
    if before.kind != "conflict":
        for name, value in after.fields.items():
            if before.fields[name] != value:
                yield before.kind, name, before.fields[name], value
        return
    old, new = readable(before), readable(after)
    for version in ("base", "mine", "theirs"):
        was, now = (
            one[version] if version == "base" else one[version]["value"] for one in (old, new)
        )
        if (was or "") != (now or ""):
            yield old["record_kind"], old["unit"], was, now
