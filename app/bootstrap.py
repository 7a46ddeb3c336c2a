"""The composition root: makes the services of a workspace, importing each when it is first used."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from app.clock import Clock, IdMaker, new_id, now
from app.storage.workspace import Workspace, open_workspace

if TYPE_CHECKING:
    from app.services.agenda import Agenda
    from app.services.agenda_templates import AgendaTemplates
    from app.services.attachments import Attachments
    from app.services.attendance import AttendanceSheet
    from app.services.backups import Backups
    from app.services.compositions import Compositions
    from app.services.conflicts import Conflicts
    from app.services.convocations import Convocations
    from app.services.documents import Documents
    from app.services.erasure import Erasures
    from app.services.exports import Exports
    from app.services.follow_up import FollowUps
    from app.services.imports import Imports
    from app.services.meetings import Meetings
    from app.services.memberships import Memberships
    from app.services.minutes import MinutesBook
    from app.services.needs import Needs
    from app.services.neighbours import Neighbours
    from app.services.paper_looks import PaperLooks
    from app.services.personal_data import PersonalData
    from app.services.preparation import Preparation
    from app.services.proceedings import Proceedings
    from app.services.publications import Publications
    from app.services.receipts import Receipts
    from app.services.records import Records
    from app.services.region import Region
    from app.services.removal import Removal
    from app.services.retention import Retention
    from app.services.safety import Safety
    from app.services.search import Search
    from app.services.settings import Settings
    from app.services.solutions import Solutions
    from app.services.spelling import Spelling
    from app.services.sync import Sync
    from app.services.table_imports import TableImports
    from app.services.trash import Trash
    from app.services.undo import Undo
    from app.services.watch import Watch


class Services:
    """Every service over one open workspace."""

    def __init__(self, workspace: Workspace, ids: IdMaker = new_id) -> None:
        self.workspace = workspace
        self.ids = ids

    @cached_property
    def records(self) -> Records:
        from app.services.records import Records

        return Records(self.workspace, self.ids)

    @cached_property
    def sync(self) -> Sync:
        from app.services.sync import Sync

        return Sync(self.workspace, self.ids)

    @cached_property
    def receipts(self) -> Receipts:
        from app.services.receipts import Receipts

        return Receipts(self.workspace)

    @cached_property
    def conflicts(self) -> Conflicts:
        from app.services.conflicts import Conflicts

        return Conflicts(self.records)

    @cached_property
    def undo(self) -> Undo:
        from app.services.undo import Undo

        return Undo(self.workspace)

    @cached_property
    def trash(self) -> Trash:
        from app.services.trash import Trash

        return Trash(self.workspace)

    @cached_property
    def search(self) -> Search:
        from app.services.search import Search

        return Search(self.workspace)

    @cached_property
    def meetings(self) -> Meetings:
        from app.services.meetings import Meetings

        return Meetings(self.records)

    @cached_property
    def agenda(self) -> Agenda:
        from app.services.agenda import Agenda

        return Agenda(self.meetings)

    @cached_property
    def attachments(self) -> Attachments:
        from app.services.attachments import Attachments

        return Attachments(self.records)

    @cached_property
    def agenda_templates(self) -> AgendaTemplates:
        from app.services.agenda_templates import AgendaTemplates

        return AgendaTemplates(self.meetings, self.attachments)

    @cached_property
    def follow_ups(self) -> FollowUps:
        from app.services.follow_up import FollowUps

        return FollowUps(self.records)

    @cached_property
    def preparation(self) -> Preparation:
        from app.services.preparation import Preparation

        return Preparation(self.meetings, self.agenda_templates, self.follow_ups)

    @cached_property
    def convocations(self) -> Convocations:
        from app.services.convocations import Convocations

        return Convocations(self.meetings)

    @cached_property
    def attendance(self) -> AttendanceSheet:
        from app.services.attendance import AttendanceSheet

        return AttendanceSheet(self.records)

    @cached_property
    def proceedings(self) -> Proceedings:
        from app.services.proceedings import Proceedings

        return Proceedings(self.records)

    @cached_property
    def minutes(self) -> MinutesBook:
        from app.services.minutes import MinutesBook

        return MinutesBook(self.meetings, self.follow_ups, self.paper_looks)

    @cached_property
    def documents(self) -> Documents:
        from app.services.documents import Documents

        return Documents(self.meetings, self.minutes, self.compositions, self.settings)

    @cached_property
    def paper_looks(self) -> PaperLooks:
        from app.services.paper_looks import PaperLooks

        return PaperLooks(self.records, self.settings)

    @cached_property
    def compositions(self) -> Compositions:
        from app.services.compositions import Compositions

        return Compositions(self.meetings, self.minutes, self.paper_looks)

    @cached_property
    def needs(self) -> Needs:
        from app.services.needs import Needs

        return Needs(self.records, self.search)

    @cached_property
    def neighbours(self) -> Neighbours:
        from app.services.neighbours import Neighbours

        return Neighbours(self.workspace)

    @cached_property
    def personal_data(self) -> PersonalData:
        from app.services.personal_data import PersonalData

        return PersonalData(self.records, self.settings)

    @cached_property
    def erasures(self) -> Erasures:
        from app.services.erasure import Erasures

        return Erasures(self.personal_data, self.search, self.workspace)

    @cached_property
    def retention(self) -> Retention:
        from app.services.retention import Retention

        return Retention(self.personal_data, self.erasures, self.workspace)

    @cached_property
    def memberships(self) -> Memberships:
        from app.services.memberships import Memberships

        return Memberships(self.records)

    @cached_property
    def watch(self) -> Watch:
        from app.services.watch import Watch

        return Watch(self.records)

    @cached_property
    def solutions(self) -> Solutions:
        from app.services.solutions import Solutions

        return Solutions(self.records)

    @cached_property
    def publications(self) -> Publications:
        from app.services.publications import Publications

        return Publications(self.records)

    @cached_property
    def region(self) -> Region:
        from app.services.region import Region

        return Region(self.records)

    @cached_property
    def backups(self) -> Backups:
        from app.services.backups import Backups

        return Backups(self.workspace, self.settings, self.erasures)

    @cached_property
    def exports(self) -> Exports:
        from app.services.exports import Exports

        return Exports(self.workspace)

    @cached_property
    def imports(self) -> Imports:
        from app.services.imports import Imports

        return Imports(self.records)

    @cached_property
    def table_imports(self) -> TableImports:
        from app.services.table_imports import TableImports

        return TableImports(self.records)

    @cached_property
    def safety(self) -> Safety:
        from app.services.safety import Safety

        return Safety(self.workspace)

    @cached_property
    def removal(self) -> Removal:
        from app.services.removal import Removal

        return Removal(self.workspace, self.safety, self.settings, self.sync)

    @cached_property
    def spelling(self) -> Spelling:
        from app.services.spelling import Spelling

        return Spelling(self.workspace, self.settings)

    @cached_property
    def settings(self) -> Settings:
        from app.services.settings import Settings

        return Settings(self.workspace)

    def renewed(self) -> Services:
        """Makes new services over the same workspace, once its files were replaced."""
        if "sync" in self.__dict__:
            self.sync.close()
        self.workspace.turn_to(self.workspace.data_key)
        services = Services(self.workspace, self.ids)
        services.settings.sign_changes()
        return services

    def hang_up(self) -> None:
        """Ends, from any thread, the calls to the central, without waiting for its answers."""
        if "sync" in self.__dict__:
            self.sync.hang_up()

    def close(self) -> None:
        """Closes the workspace, and the connection to the central if there is one."""
        if "sync" in self.__dict__:
            self.sync.close()
        self.workspace.close()


def open_services(folder: Path, passphrase: str | None = None, clock: Clock = now) -> Services:
    """Opens a workspace and gives its services; UserError or StorageError when it cannot be."""
    services = Services(open_workspace(folder, passphrase, clock))
    try:
        services.settings.sign_changes()
    except BaseException:
        services.close()
        raise
    return services
