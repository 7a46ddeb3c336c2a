"""The kinds of record and their fields, each defined once for store, wire and archive.

A field's annotation says what it holds: `Ref` names the kinds it may point to, `Format` the form
of a text. Everything else about fields (references, merge units, long texts) is derived from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, ClassVar, Generic, Literal, TypeVar
from uuid import NAMESPACE_URL, uuid5

import msgspec

SCHEMA = 1
"""The version of the record definitions below; additive fields do not change it."""

MOST_SCHEMA = 10_000
"""The highest version that a record of a newer program may have."""

REGION = "region"
"""The name, on the wire and in cursors, of the space whose records have a null commission_id."""


class Format(Enum):
    """The form of a text field, checked on every way in."""

    DATE = "date"
    INSTANT = "instant"
    FRACTION = "fraction"
    SHA256 = "sha256"


@dataclass(frozen=True)
class Ref:
    """A field that holds the id of a record; `kinds` empty means any kind.

    `owner` marks the tie that a cascade follows. `local` false marks a record of another space,
    which this laptop may not hold.
    """

    kinds: tuple[str, ...]
    owner: bool = False
    local: bool = True


Count = Annotated[int, msgspec.Meta(ge=0)]
"""A whole number from 0 on: people, votes, cents."""

OrganisationKind = Literal["commune", "epci", "departement", "region", "syndicat", "other"]

Date = Annotated[str, Format.DATE]
Instant = Annotated[str, Format.INSTANT]
Sha256 = Annotated[str, Format.SHA256]
ThemeCode = Annotated[str, Ref(("theme",))]
OrganisationId = Annotated[str, Ref(("organisation",))]
PersonId = Annotated[str, Ref(("person",))]
RosterEntryId = Annotated[str, Ref(("roster_entry",))]
MeetingId = Annotated[str, Ref(("meeting",))]
ItemId = Annotated[str, Ref(("agenda_item",))]
NeedId = Annotated[str, Ref(("need",))]
SolutionId = Annotated[str, Ref(("solution",))]
WatchNoteId = Annotated[str, Ref(("watch_note",))]
OwnMeetingId = Annotated[str, Ref(("meeting",), owner=True)]
OwnItemId = Annotated[str, Ref(("agenda_item",), owner=True)]
AnyId = Annotated[str, Ref(())]
ItemKind = Literal[
    "opening", "approval", "follow_up", "watch", "need", "solution", "decision", "misc"
]


class Fields(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """The fields of one record: plain data without cycles, so the garbage collector can skip it.

    `kind_name` is the record's kind; `units` names the groups of fields that merge as one;
    `regional` is true for kinds that live in the region only.
    """

    kind_name: ClassVar[str]
    units: ClassVar[dict[str, tuple[str, ...]]] = {}
    regional: ClassVar[bool] = False


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """A value nested in a field."""


class Organisation(Fields, frozen=True, kw_only=True):
    kind_name = "organisation"
    regional = True
    kind: OrganisationKind = "commune"
    insee_code: str = ""
    siren: str = ""
    name: str = ""
    department: str = ""
    epci_siren: str = ""
    population: Count | None = None
    population_year: int | None = None
    membership: Literal["not_member", "member", "left"] = "not_member"
    member_category: str = ""
    member_since: Date | None = None
    left_on: Date | None = None
    services: tuple[str, ...] = ()
    email: str = ""
    phone: str = ""
    address: str = ""
    notes: str = ""


class Person(Fields, frozen=True, kw_only=True):
    kind_name = "person"
    organisation_id: OrganisationId | None = None
    first_name: str = ""
    last_name: str = ""
    role: str = ""
    email: str = ""
    phone: str = ""


class Commission(Fields, frozen=True, kw_only=True):
    kind_name = "commission"
    name: str = ""
    profile: Literal["commission", "deliberative"] = "commission"
    departments: tuple[str, ...] = ()
    body_kind: str = ""
    body_population: Count | None = None
    quorum_fraction: Annotated[str, Format.FRACTION] | None = "1/2"
    notice_days: Count | None = None
    proxies_per_holder: Count | None = None
    notes: str = ""


class RosterEntry(Fields, frozen=True, kw_only=True):
    kind_name = "roster_entry"
    organisation_id: OrganisationId | None = None
    titular_person_id: PersonId | None = None
    alternate_person_id: PersonId | None = None
    voting: bool = True
    from_: Date | None = msgspec.field(default=None, name="from")
    until: Date | None = None


class Meeting(Fields, frozen=True, kw_only=True):
    kind_name = "meeting"
    number: int | None = None
    title: str = ""
    place: str = ""
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    opened_at: Instant | None = None
    closed_at: Instant | None = None
    status: Literal["planned", "convened", "open", "closed", "approved"] = "planned"
    chair_person_id: PersonId | None = None
    secretary_ids: tuple[PersonId, ...] = ()
    emergency: bool = False
    emergency_reason: str = ""
    reconvened_from_id: MeetingId | None = None


class Convocation(Fields, frozen=True, kw_only=True):
    kind_name = "convocation"
    meeting_id: OwnMeetingId | None = None
    person_id: PersonId | None = None
    channel: Literal["letter", "email", "hand"] = "letter"
    sent_at: Instant | None = None
    document_sha256: Sha256 | None = None


class AgendaItem(Fields, frozen=True, kw_only=True):
    kind_name = "agenda_item"
    meeting_id: OwnMeetingId | None = None
    rank: str = ""
    number: str = ""
    original: bool = True
    withdrawn: bool = False
    kind: ItemKind = "opening"
    title: str = ""
    linked_id: AnyId | None = None
    reconvened_item_id: ItemId | None = None
    notified_at: Instant | None = None
    planned_minutes: Count | None = None
    presenter: str = ""
    started_at: Instant | None = None
    ended_at: Instant | None = None
    notes: str = ""


class Interval(Part, frozen=True, kw_only=True):
    """A presence [arrived, left): null means from the opening, or to the closing."""

    arrived: Instant | None = None
    left: Instant | None = None


class Exclusion(Part, frozen=True, kw_only=True):
    item_id: ItemId
    interest: Literal["personal", "designated"] = "personal"


class Attendance(Fields, frozen=True, kw_only=True):
    kind_name = "attendance"
    units = {
        "attendance": (
            "meeting_id", "roster_entry_id", "person_id", "status", "intervals", "exclusions",
        )
    }  # fmt: skip
    meeting_id: OwnMeetingId | None = None
    roster_entry_id: RosterEntryId | None = None
    person_id: PersonId | None = None
    status: Literal["present", "excused", "absent"] = "present"
    intervals: tuple[Interval, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()


class Proxy(Fields, frozen=True, kw_only=True):
    kind_name = "proxy"
    units = {
        "proxy": ("meeting_id", "giver_entry_id", "holder_entry_id", "received_at", "revoked_at")
    }
    meeting_id: OwnMeetingId | None = None
    giver_entry_id: RosterEntryId | None = None
    holder_entry_id: RosterEntryId | None = None
    received_at: Instant | None = None
    revoked_at: Instant | None = None


class Ballot(Fields, frozen=True, kw_only=True):
    kind_name = "ballot"
    units = {
        "ballot": (
            "method", "for_count", "against_count", "abstain_count", "blank_count", "votes",
            "chair_vote", "secret_requested_by", "secret_waived", "roll_call_requested_by",
        )
    }  # fmt: skip
    agenda_item_id: OwnItemId | None = None
    question: str = ""
    method: Literal["show_of_hands", "roll_call", "secret"] = "show_of_hands"
    appointment: bool = False
    held_at: Instant | None = None
    for_count: Count = 0
    against_count: Count = 0
    abstain_count: Count = 0
    blank_count: Count = 0
    votes: dict[RosterEntryId, Literal["for", "against", "abstain"]] = {}
    chair_vote: Literal["for", "against"] | None = None
    secret_requested_by: tuple[RosterEntryId, ...] = ()
    secret_waived: bool = False
    roll_call_requested_by: tuple[RosterEntryId, ...] = ()
    not_taking_part: tuple[RosterEntryId, ...] = ()


class Decision(Fields, frozen=True, kw_only=True):
    kind_name = "decision"
    agenda_item_id: OwnItemId | None = None
    text: str = ""


class Action(Fields, frozen=True, kw_only=True):
    kind_name = "action"
    agenda_item_id: OwnItemId | None = None
    text: str = ""
    owner: str = ""
    owner_organisation_id: OrganisationId | None = None
    due_on: Date | None = None
    status: Literal["open", "done", "dropped"] = "open"
    closed_on: Date | None = None
    outcome: str = ""


class Need(Fields, frozen=True, kw_only=True):
    kind_name = "need"
    units = {"status": ("status", "reason")}
    title: str = ""
    words: str = ""
    speaker_person_id: PersonId | None = None
    theme: ThemeCode | None = None
    severity: Literal[1, 2, 3, 4] = 1
    organisation_ids: tuple[OrganisationId, ...] = ()
    raised_at_meeting_id: MeetingId | None = None
    agenda_item_id: ItemId | None = None
    deadline_on: Date | None = None
    status: Literal["raised", "qualified", "answered", "served", "set_aside"] = "raised"
    reason: str = ""
    need_group_id: Annotated[str, Ref(("need_group",))] | None = None
    solution_id: SolutionId | None = None


class NeedGroup(Fields, frozen=True, kw_only=True):
    kind_name = "need_group"
    title: str = ""
    theme: ThemeCode | None = None
    notes: str = ""


class Audience(Part, frozen=True, kw_only=True):
    """Whom a watch note concerns; an empty criterion means everybody."""

    kinds: tuple[OrganisationKind, ...] = ()
    population_from: Count | None = None
    population_to: Count | None = None
    departments: tuple[str, ...] = ()
    epci_sirens: tuple[str, ...] = ()
    services: tuple[str, ...] = ()


class WatchNote(Fields, frozen=True, kw_only=True):
    kind_name = "watch_note"
    title: str = ""
    body: str = ""
    todo: str = ""
    reference: str = ""
    url: str = ""
    published_on: Date | None = None
    applies_from: Date | None = None
    deadline_on: Date | None = None
    level: Literal["information", "attention", "obligation"] = "information"
    theme: ThemeCode | None = None
    audience: Audience = Audience()
    superseded_by_id: WatchNoteId | None = None


class Briefing(Fields, frozen=True, kw_only=True):
    kind_name = "briefing"
    watch_note_id: WatchNoteId | None = None
    meeting_id: OwnMeetingId | None = None
    organisation_ids: tuple[OrganisationId, ...] = ()
    told_on: Date | None = None
    told_by: str = ""


class Solution(Fields, frozen=True, kw_only=True):
    kind_name = "solution"
    title: str = ""
    description: str = ""
    theme: ThemeCode | None = None
    provider: str = ""
    route: Literal[
        "gip_service", "group_purchase", "purchasing_body", "shared_service", "other"
    ] = "gip_service"
    status: Literal[
        "draft", "proposed", "favourable", "unfavourable", "adopted", "refused", "in_service"
    ] = "draft"
    need_ids: tuple[NeedId, ...] = ()
    plan: dict[str, Any] | None = None
    origin_ids: tuple[Annotated[str, Ref(("solution",), local=False)], ...] = ()
    published_as_id: Annotated[str, Ref(("solution",), local=False)] | None = None
    answer: str = ""
    answered_on: Date | None = None


class Commitment(Fields, frozen=True, kw_only=True):
    kind_name = "commitment"
    solution_id: Annotated[str, Ref(("solution",), owner=True)] | None = None
    organisation_id: OrganisationId | None = None
    intention: Literal["interested", "committed", "declined"] = "interested"
    units_: Count | None = msgspec.field(default=None, name="units")
    alone_cents: Count | None = None
    on: Date | None = None
    signed_on: Date | None = None
    act_reference: str = ""


class Minutes(Fields, frozen=True, kw_only=True):
    kind_name = "minutes"
    meeting_id: OwnMeetingId | None = None
    number: int | None = None
    frozen_at: Instant | None = None
    content: dict[str, Any] | None = None
    content_sha256: Sha256 | None = None
    pdf_sha256: Sha256 | None = None
    approved_at_meeting_id: MeetingId | None = None
    addendum_to_id: Annotated[str, Ref(("minutes",))] | None = None
    replaces: str = ""
    text: str = ""
    reason: str = ""


class Attachment(Fields, frozen=True, kw_only=True):
    kind_name = "attachment"
    owner_id: Annotated[str, Ref((), owner=True)] | None = None
    name: str = ""
    media_type: str = ""
    size: Count = 0
    sha256: Sha256 | None = None


class Side(Part, frozen=True, kw_only=True):
    """One version in a conflict; `at` and `author` are for people, never compared."""

    value: Any = None
    author: str = ""
    at: Instant | None = None


class Conflict(Fields, frozen=True, kw_only=True):
    kind_name = "conflict"
    record_kind: str = ""
    record_id: Annotated[str, Ref((), local=False)] | None = None
    unit: str = ""
    base_revision: Count = 0
    base: Any = None
    mine: Side = Side()
    theirs: Side = Side()
    status: Literal["open", "resolved"] = "open"
    kept: str = ""


class Theme(Fields, frozen=True, kw_only=True):
    kind_name = "theme"
    regional = True
    code: str = ""
    label: str = ""
    active: bool = True


class FeeRow(Part, frozen=True, kw_only=True):
    kind: OrganisationKind = "commune"
    population_from: Count = 0
    amount_cents: Count = 0


class FeeScale(Fields, frozen=True, kw_only=True):
    kind_name = "fee_scale"
    regional = True
    code: str = ""
    year: int | None = None
    rows: tuple[FeeRow, ...] = ()


class NeedDigest(Fields, frozen=True, kw_only=True):
    """Written by the central alone, in the region: that a need exists, never its words."""

    kind_name = "need_digest"
    regional = True
    title: str = ""
    theme: ThemeCode | None = None
    organisation_ids: tuple[OrganisationId, ...] = ()
    solution_id: Annotated[str, Ref(("solution",), local=False)] | None = None


class SolutionTally(Fields, frozen=True, kw_only=True):
    """Written by the central alone, in the region: how many take part in a solution."""

    kind_name = "solution_tally"
    regional = True
    solution_id: Annotated[str, Ref(("solution",), local=False)] | None = None
    participants: Count = 0
    population: Count = 0
    units_: Count = msgspec.field(default=0, name="units")


KINDS: dict[str, type[Fields]] = {cls.kind_name: cls for cls in Fields.__subclasses__()}
"""Every kind by its name, in the order of definition."""

LABELS = {
    "organisation": "collectivité", "person": "personne", "commission": "commission",
    "roster_entry": "siège", "meeting": "séance", "convocation": "convocation",
    "agenda_item": "point de l'ordre du jour", "attendance": "présence", "proxy": "pouvoir",
    "ballot": "vote", "decision": "décision", "action": "suite à donner", "need": "besoin",
    "need_group": "groupe de besoins", "watch_note": "note de veille", "briefing": "information",
    "solution": "solution mutualisée", "commitment": "engagement", "minutes": "procès-verbal",
    "attachment": "pièce jointe", "conflict": "conflit", "theme": "thème",
    "fee_scale": "barème", "need_digest": "besoin d'ailleurs", "solution_tally": "décompte",
}  # fmt: skip
"""The French word of each kind."""

CENTRAL_ONLY = frozenset({"need_digest", "solution_tally"})

FACILITATOR_FIELDS = frozenset({"email", "phone", "address", "services", "notes"})
"""What a facilitator may edit of an organisation once enrolled (CONTRACTS §2, Spaces)."""

LONG_TEXTS = frozenset({"notes", "body", "todo", "description"})
"""Fields whose text merges by sentence."""

TYPED_TEXTS = LONG_TEXTS | {"words", "answer", "text", "outcome"}
"""Fields that keep both texts when a user types over what others wrote there meanwhile."""

MAX_TEXT = 100_000
"""Characters that a text field holds at the most (minutes.content excepted)."""


F_co = TypeVar("F_co", bound=Fields, covariant=True)


class Envelope(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A record as store, wire and archive carry it, its fields untyped but complete."""

    kind: str
    id: str
    schema: int = SCHEMA
    revision: int = 0
    deleted: bool = False
    commission_id: str | None = None
    fields: dict[str, Any] = {}

    @property
    def space(self) -> str:
        """The name of the space that the record lives in."""
        return self.commission_id or REGION


def owner_of(space: str) -> str | None:
    """The commission_id of a space's records."""
    return None if space == REGION else space


class Record(msgspec.Struct, Generic[F_co], frozen=True, kw_only=True):
    """A record with typed fields, as rules and screens read it.

    `unread` names the fields whose value, written by a newer program, this one cannot read: they
    have their default here.
    """

    id: str
    fields: F_co
    revision: int = 0
    commission_id: str | None = None
    deleted: bool = False
    unread: tuple[str, ...] = ()


def reference_id(kind: str, code: str) -> str:
    """The id of a reference record: the same on every laptop (CONTRACTS §2)."""
    return str(uuid5(NAMESPACE_URL, f"commissions:{kind}:{code}"))


def shared_id(near: str, name: str) -> str:
    """An id that each laptop which makes the record gives it: `near`'s time, a digest of `name`."""
    return near[:15] + str(uuid5(NAMESPACE_URL, f"commissions:{name}"))[15:]
