"""« Suites données », in words."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.actions import by_due, is_overdue
from app.domain.follow_up import Became, FollowUp
from app.domain.needs import became
from app.domain.records import Action, Need, Solution
from tests.app.domain.builders import record, uid

WRITE = record(Action(text="Écrire", owner="Anne", due_on="2027-04-01"), uid("write"))
CALL = record(Action(text="Appeler "), uid("call"))
DONE = record(Action(text="Compter", status="done", outcome="7 sur 12"), uid("done"))
LEFT = record(Action(text="Voir", status="dropped"), uid("left"))
NEED = record(Need(title="Sauvegarde"), uid("need"))


def test_actions_stand_by_due_date_and_are_late_the_day_after() -> None:
    assert by_due([CALL, WRITE]) == [WRITE, CALL]
    assert not is_overdue(WRITE.fields, date(2027, 4, 1))
    assert is_overdue(WRITE.fields, date(2027, 4, 2))
    assert not is_overdue(CALL.fields, date(2027, 4, 2))
    assert not is_overdue(Action(due_on="2027-04-01", status="done"), date(2028, 1, 1))


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (FollowUp(), ""),
        (FollowUp(open=[WRITE]), "1 suite à donner"),
        (FollowUp(open=[WRITE, CALL], overdue=[WRITE]), "2 suites à donner, dont 1 en retard"),
        (FollowUp(ended=[DONE], needs=[Became(NEED, "qualifié", True)]),
         "1 suite donnée depuis la dernière séance et 1 demande a évolué"),
        (FollowUp(needs=[Became(NEED, "qualifié", True)] * 2), "2 demandes ont évolué"),
        (FollowUp(needs=[Became(NEED, "qualifié", False)]), ""),
    ],
)  # fmt: skip
def test_what_there_is_to_tell_is_counted(found: FollowUp, why: str) -> None:
    assert found.why == why


@pytest.mark.parametrize(
    ("need", "solution", "words"),
    [
        (Need(), None, "exprimé"),
        (Need(status="answered"), Solution(title="Coffre"), "une solution y répond, Coffre"),
        (
            Need(status="answered"),
            Solution(title="Coffre", status="refused"),
            "une solution y répond, Coffre (refusée)",
        ),
        (Need(status="set_aside", reason=" Trop cher. "), None, "écarté (Trop cher)"),
        (Need(status="set_aside"), None, "écarté"),
    ],
)
def test_what_a_need_became_is_said(need: Need, solution: Solution | None, words: str) -> None:
    assert became(need, solution) == words
