"""What came of an item of the agenda: a decision, an action or a ballot, changed or deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from app.domain import ballots
from app.domain.meeting_state import MeetingState
from app.domain.records import Action, Ballot, Decision, Record
from ui.dialogs.ballot import METHODS, BallotDialog, ask_hour
from ui.dialogs.dialog import DELETED, FormDialog, Save
from ui.models.actions import STATES
from ui.tasks import Tasks
from ui.widgets.dates import DateField
from ui.widgets.fields import Choice, LongField, TextField
from ui.widgets.form import Form
from ui.words.typed_dates import Held

if TYPE_CHECKING:
    from app.bootstrap import Services
    from ui.pages.page import Page

STATUSES = [(status, STATES[status][0]) for status in ("open", "done", "dropped")]


def outcome_dialog(
    kind: str,
    record_id: str,
    state: MeetingState,
    services: Services,
    tasks: Tasks,
    *,
    held: Held | None,
    parent: QWidget,
) -> FormDialog:
    """The dialog of a decision, an action or a ballot of a meeting.

    `held` is None before the meeting opens.
    """
    file = state.file
    if kind == "action":
        action = next(one for one in file.actions if one.id == record_id)
        return action_dialog(action, services, tasks, parent)
    records = services.records
    shown: Record[Decision] | Record[Ballot]
    store: Save

    def save(fields: dict[str, Any]) -> object:
        return records.update(record_id, fields, over=shown)

    def delete() -> object:
        return records.delete(record_id)

    if kind == "decision":
        shown = decision = next(one for one in file.decisions if one.id == record_id)
        title, form, store = "Décision", _decision_form(decision), save
    else:
        shown = ballot = next(one for one in file.ballots if one.id == record_id)
        item = state.items.get(ballot.fields.agenda_item_id or "")
        if item is not None and not _is_closed(state, ballot.fields):
            at = state.ballot(ballot).at
            return BallotDialog(
                state, item, at, save, tasks,
                held=held, parent=parent, ballot=ballot, delete=delete,
            )  # fmt: skip
        title, form = "Vote", _ballot_form(state, ballot)
        store = ask_hour(form, state, ballot.fields.held_at, held, save)
    return FormDialog(title, form, store, tasks, parent, delete=delete)


def action_dialog(
    action: Record[Action], services: Services, tasks: Tasks, parent: QWidget
) -> FormDialog:
    """The dialog of an action: what, who, when, and what became of it."""
    records, today = services.records, services.workspace.clock().date().isoformat()

    def save(fields: dict[str, Any]) -> object:
        # an action that was closed elsewhere meanwhile keeps the day of that
        now = records.get(action.id).fields.status
        if fields["status"] not in (action.fields.status, now):
            fields["closed_on"] = None if fields["status"] == "open" else today
        return records.update(action.id, fields, over=action)

    return FormDialog(
        "Suite à donner",
        _action_form(action),
        save,
        tasks,
        parent,
        delete=lambda: records.delete(action.id),
    )


def open_action(action: Record[Action], page: Page) -> None:
    """Asks, over a page, what became of an action."""
    dialog = action_dialog(action, page.services, page.tasks, page)
    dialog.finished.connect(lambda code: page.changed.emit(frozenset({"action"})))
    dialog.deleted.connect(lambda: page.tell(DELETED))
    dialog.open()


def _decision_form(decision: Record[Decision]) -> Form:
    form = Form(1)
    form.add("text", "Ce qui est décidé", LongField(), required="Écrivez la décision.")
    form.set_values({"text": decision.fields.text})
    return form


def _action_form(action: Record[Action]) -> Form:
    form = Form(2)
    form.add("text", "À faire", TextField(), required="Écrivez ce qui est à faire.", whole=True)
    form.add("owner", "Responsable", TextField())
    form.add("due_on", "Échéance", DateField())
    form.add("status", "État", Choice(STATUSES))
    form.add("outcome", "Ce qu'il en est advenu", TextField(), whole=True)
    form.set_values(form.values_in(action.fields))
    return form


def _is_closed(state: MeetingState, ballot: Ballot) -> bool:
    """Whether the votes can no longer change: entered in secret, or the minutes are frozen."""
    entered = ballot.method == "secret" and ballots.is_entered(ballot)
    return entered or state.file.frozen_minutes is not None


def _ballot_form(state: MeetingState, ballot: Record[Ballot]) -> Form:
    """Only the question and the hour change here."""
    hint = f"{METHODS[ballot.fields.method]}. {state.result(ballot)}."
    if state.file.frozen_minutes is None:
        hint += " Pour corriger les voix, supprimez le vote et saisissez-le à nouveau."
    form = Form(1)
    form.add(
        "question",
        "Question posée",
        TextField(),
        required="Écrivez la question posée.",
        hint=hint,
    )
    form.set_values({"question": ballot.fields.question})
    return form
