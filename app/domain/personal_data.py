"""What records say about a person: the fields that point to them, and those that name them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from app.domain.erasure import texts
from app.domain.naming import Naming
from app.domain.records import Envelope
from app.domain.validation import readable, references

How = Literal["points", "names", "may_name"]
"""How a field concerns a person: by their id, by their name, or by one that may be another's."""

OBLIGATION = (
    "Le procès-verbal gelé garde ce qui a été dit et signé : le droit à l'effacement ne s'étend"
    " ni à une obligation légale ou à une mission d'intérêt public, ni aux archives publiques"
    " (RGPD, art. 17, § 3, b et d ; code du patrimoine, art. L. 211-4)."
)


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """One field of one record that concerns a person; `text` holds its words, if any.

    `at` and `author` tell its last change in this laptop's history; empty when there is none.
    """

    record_id: str
    kind: str
    title: str
    field: str
    how: How
    text: str = ""
    at: str = ""
    author: str = ""


class Register(msgspec.Struct, frozen=True, kw_only=True):
    """All that is kept about one person; `elsewhere` names the other commissions that have a record
    of somebody of the same name: that record has a register of its own.
    """

    person: Envelope
    name: str
    organisation: str = ""
    traces: Sequence[Trace]
    elsewhere: Sequence[str] = ()


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """A field that an erasure changes, with its words before and after.

    `deleted` says that its record was deleted already.
    """

    kind: str
    title: str
    field: str
    before: str
    after: str
    deleted: bool = False


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What an erasure leaves, and why."""

    title: str
    reason: str


class Erasure(msgspec.Struct, frozen=True, kw_only=True):
    """What erasing a person would do; `doubtful` may name somebody else, so the user must judge.

    `is_shared` says that a sync will carry the erasure to the central and the other laptops.
    """

    name: str
    is_shared: bool
    edits: Sequence[Edit]
    kept: Sequence[Kept]
    doubtful: Sequence[Trace]


def traces(envelope: Envelope, person_id: str, naming: Naming) -> Iterator[tuple[str, How, str]]:
    """Each field of a record that concerns the person: its name, how, and its words; twice where
    some words are certain and others are not.

    Of a text, only the sentences that name the person: the others are not about them.
    """
    naming = naming.within(envelope.commission_id)
    linked = references(envelope.kind, envelope.fields)
    pointing = {one.field for one in linked if one.target == person_id}
    for field, value in envelope.fields.items():
        if field in pointing:
            spoken = readable(envelope)["words"] if field == "speaker_person_id" else ""
            yield field, "points", spoken
        words = list(texts(value))
        if field == "content":
            if any(naming.names(one) for one in words):
                yield field, "names", ""
            continue
        if named := [naming.sentences(one) for one in words if naming.names(one)]:
            yield field, "names", " ".join(named)
        if (envelope.kind, field) == ("organisation", "name"):
            continue  # Saint-Martin is no Mr Martin
        if doubtful := list(filter(None, map(naming.doubtful, words))):
            yield field, "may_name", " ".join(doubtful)
