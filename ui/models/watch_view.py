"""All that the page of one watch note shows, read in one go."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.domain.dates import local_day
from app.domain.records import Audience, Briefing, Meeting, Record, WatchNote
from app.domain.search_text import fold
from app.domain.validation import readable
from app.services.workspaces import departments
from ui.models.need_view import Choices, meeting_choices
from ui.models.organisation_view import group_options
from ui.models.watch import ReachRow, last_told, note_options
from ui.widgets.audience_field import AudienceOffers
from ui.widgets.pick import Option
from ui.words.choices import theme_choices

if TYPE_CHECKING:
    from app.bootstrap import Services


@dataclass(frozen=True)
class WatchView:
    """A note, what can be chosen for its fields, whom it concerns here, and who was told.

    `names` gives the name of each organisation told, even of one deleted since. `region` counts
    those that the note concerns in the whole region, where this account publishes it for the GIP or
    no commission is shown, else None; `region_told` those of them told in any commission here.
    `changed` gives, by the id of a briefing, the fields of the note that differ since; `days` the
    day of each meeting that may have told of it, by its id, and today for None.
    """

    note: Record[WatchNote]
    themes: Choices
    others: Sequence[Option]
    offers: AudienceOffers
    reach: Sequence[ReachRow]
    region: int | None
    region_told: int
    briefings: Sequence[Record[Briefing]]
    changed: Mapping[str, Sequence[str]]
    names: Mapping[str, str]
    meetings: Choices
    days: Mapping[str | None, str]


def watch_view(
    services: Services, note: Record[WatchNote], commission_id: str | None, *, stored: bool
) -> WatchView:
    """Reads the workspace; a note not yet `stored` concerns nobody."""
    records = services.records
    notes: Sequence[Record[WatchNote]] = records.list("watch_note")
    near = [one for one in notes if one.commission_id in (None, note.commission_id)]
    briefings = services.watch.told(note.id, commission_id)
    changed = services.watch.changed(note, briefings)
    current = last_told([one for one in briefings if one.id not in changed])
    everywhere = stored and (
        commission_id is None
        or (note.commission_id is None and services.region.published_from_here())
    )
    region: Sequence[Any] = services.watch.audience(note.id) if everywhere else ()
    told = last_told(services.watch.told(note.id)).keys() if region else frozenset()
    return WatchView(
        note=note,
        themes=theme_choices(services, kept=note.fields.theme),
        others=note_options([one for one in near if one.id != note.id]),
        offers=audience_offers(services, note.fields.audience),
        reach=_reach(services, note, commission_id, last_told(briefings), current)
        if stored
        else [],
        region=len(region) if everywhere else None,
        region_told=sum(one.id in told for one in region),
        briefings=sorted(briefings, key=lambda one: one.fields.told_on or "", reverse=True),
        changed=changed,
        names=_names(services, briefings),
        meetings=meeting_choices(services, commission_id),
        days=_days(services, commission_id),
    )


def _days(services: Services, commission_id: str | None) -> dict[str | None, str]:
    today = services.workspace.clock().date().isoformat()
    meetings: Sequence[Record[Meeting]] = services.records.list("meeting", commission_id)
    begun = {one.id: one.fields.opened_at or one.fields.starts_at for one in meetings}
    days = {name: local_day(at).isoformat() for name, at in begun.items() if at}
    return {None: today} | {name: day for name, day in days.items() if day <= today}


def _names(services: Services, briefings: Sequence[Record[Briefing]]) -> dict[str, str]:
    told = {one for briefing in briefings for one in briefing.fields.organisation_ids}
    with services.workspace.snapshot() as snapshot:
        found = [one for one in map(snapshot.envelope, told) if one is not None]
    return {one.id: readable(one).get("name") or "Sans nom" for one in found}


def _reach(
    services: Services, note: Record[WatchNote], commission_id: str | None,
    told: Mapping[str, str], current: Collection[str],
) -> list[ReachRow]:  # fmt: skip
    """`current` are the organisations told of the note as it stands now."""
    if commission_id is None:
        return []
    found = services.watch.audience(note.id, commission_id)
    return [
        ReachRow(one.id, one.name, one.reason, told.get(one.id), one.id in told.keys() - current)
        for one in found
    ]


def audience_offers(services: Services, held: Audience) -> AudienceOffers:
    """Reads the workspace; what is `held` is offered, even if nothing else here names it."""
    everyone: Sequence[Record[Any]] = services.records.list("organisation", None)
    named = {code: f"{name} ({code})" for code, name in departments().items()}
    elsewhere = {code: code for code in held.departments if code not in named}
    return AudienceOffers(
        departments=[*named.items(), *elsewhere.items()],
        groups=group_options(everyone, held.epci_sirens),
        services=service_options(services, everyone, held.services),
    )


def service_options(
    services: Services, everyone: Sequence[Record[Any]], held: Sequence[str]
) -> list[Option]:
    """The services that organisations may use: the themes, then any other code they hold, or that
    is `held`.
    """
    known = {code: words for code, words in theme_choices(services) if code is not None}
    written = {one for organisation in everyone for one in organisation.fields.services} | set(held)
    return [
        *(Option(code, words) for code, words in known.items()),
        *(Option(one, one) for one in sorted(written - set(known), key=fold)),
    ]
