"""The quorum and the votes against a second, naive implementation written from the rules alone.

The naive one plays the evening minute by minute: people walk in and out, papers are handed over,
and at each question it looks round the room. It shares nothing with the rules it judges.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.meeting_check import BallotCheck, ItemCheck, check
from app.domain.meeting_state import MeetingState
from tests.app.domain.builders import Scene, uid

OPENING = datetime.fromisoformat("2027-03-19T22:00:00+01:00")  # so that midnight comes within
MIDNIGHT = 120
CLOSING = 240
Span = tuple[int | None, int | None]


def clock(minute: int) -> str:
    return (OPENING + timedelta(minutes=minute)).isoformat()


@dataclass
class Paper:
    """A written proxy: who gives, who holds, from which minute, until which."""

    giver: int
    holder: int
    received: int
    revoked: int | None


@dataclass
class Question:
    """Something judged at a minute for an item: the item itself, or a ballot on it."""

    minute: int
    votes: tuple[int, int, int, int] = (0, 0, 0, 0)
    secret: bool = False
    chair_for: bool = False
    apart: frozenset[int] = frozenset()


@dataclass
class Evening:
    """What happens; seats are numbered, `spans` go by (seat, "titular" or "alternate")."""

    offices: list[tuple[str | None, str | None]]
    spans: dict[tuple[int, str], list[Span]]
    excluded: dict[tuple[int, str], dict[int, str]]
    papers: list[Paper]
    limit: int
    questions: list[tuple[int, list[Question]]]
    chair: tuple[int, str] = (0, "titular")


# The naive implementation.


def walked_in(evening: Evening, person: tuple[int, str], minute: int) -> bool:
    """Whether the person is in the room, playing each minute since the opening."""
    inside = False
    for now in range(minute + 1):
        inside = False
        for arrived, left in evening.spans.get(person, []):
            start = 0 if arrived is None else arrived
            end = CLOSING if left is None else left
            if now in range(start, end):
                inside = True
    return inside


def on_duty(evening: Evening, minute: int) -> list[int]:
    today = "2027-03-19" if minute < MIDNIGHT else "2027-03-20"
    return [
        seat
        for seat, (start, until) in enumerate(evening.offices)
        if (start is None or start <= today) and (until is None or today < until)
    ]


def sitting(evening: Evening, seat: int, minute: int) -> str | None:
    for role in ("titular", "alternate"):
        if walked_in(evening, (seat, role), minute):
            return role
    return None


def interest(evening: Evening, seat: int, minute: int, item: int) -> str | None:
    role = sitting(evening, seat, minute)
    roles = [role] if role else ["titular", "alternate"]
    interests = [evening.excluded.get((seat, one), {}).get(item) for one in roles]
    return "designated" if "designated" in interests else next(filter(None, interests), None)


def naive_quorum(evening: Evening, minute: int, item: int) -> tuple[int, int]:
    """The seats present, and those needed."""
    present = total = 0
    for seat in on_duty(evening, minute):
        why = interest(evening, seat, minute, item)
        if why != "designated":
            total += 1
        if why is None and sitting(evening, seat, minute):
            present += 1
    return present, total // 2 + 1


def naive_proxies(evening: Evening, minute: int, item: int) -> list[bool]:
    """Whether each paper counts."""
    duty = on_duty(evening, minute)
    usable = [
        (paper.received, uid(f"paper {number}"), number)
        for number, paper in enumerate(evening.papers)
        if paper.received <= minute
        and (paper.revoked is None or minute < paper.revoked)
        and paper.giver in duty
        and paper.holder in duty
        and not sitting(evening, paper.giver, minute)
        and sitting(evening, paper.holder, minute)
        and not interest(evening, paper.giver, minute, item)
        and not interest(evening, paper.holder, minute, item)
    ]
    counting: list[int] = []
    for _, _, number in sorted(usable):
        paper = evening.papers[number]
        held = [one for one in counting if evening.papers[one].holder == paper.holder]
        given_by = [one for one in counting if evening.papers[one].giver == paper.giver]
        if len(held) < evening.limit and not given_by:
            counting.append(number)
    return [number in counting for number in range(len(evening.papers))]


def naive_votes(evening: Evening, question: Question, item: int) -> int:
    """How many votes the room holds for a question."""
    minute = question.minute
    voting = {
        seat
        for seat in on_duty(evening, minute)
        if sitting(evening, seat, minute) and not interest(evening, seat, minute, item)
    }
    counts = naive_proxies(evening, minute, item)
    voting |= {paper.giver for paper, one in zip(evening.papers, counts, strict=True) if one}
    return len(voting - question.apart)


def naive_adopted(evening: Evening, question: Question, item: int) -> bool:
    for_, against = question.votes[:2]
    if for_ != against:
        return for_ > against
    seat, role = evening.chair
    chair_votes = (
        seat in on_duty(evening, question.minute)
        and sitting(evening, seat, question.minute) == role
        and not interest(evening, seat, question.minute, item)
        and seat not in question.apart
    )
    return for_ > 0 and not question.secret and chair_votes and question.chair_for


# Random evenings.

minutes = st.integers(0, CLOSING - 1)
spans = st.lists(
    st.tuples(st.none() | st.integers(0, CLOSING), st.none() | st.integers(0, CLOSING)),
    min_size=1,
    max_size=3,
)
offices = st.sampled_from(
    [(None, None)] * 6 + [("2027-03-20", None), (None, "2027-03-20"), ("2027-03-19", "2027-03-21")]
)
interests = st.sampled_from(["personal", "designated"])


@st.composite
def evenings(draw: st.DrawFn) -> Evening:
    number = draw(st.integers(1, 6))
    seats = st.integers(0, number - 1)
    people = st.tuples(seats, st.sampled_from(["titular", "titular", "alternate"]))
    items = draw(st.integers(1, 3))
    counts = st.integers(0, 4)
    questions = st.builds(
        Question,
        minute=minutes,
        votes=st.tuples(counts, counts, counts, counts),
        secret=st.booleans(),
        chair_for=st.booleans(),
        apart=st.frozensets(seats, max_size=2),
    )
    papers = st.builds(
        Paper, giver=seats, holder=seats, received=minutes, revoked=st.none() | minutes
    )
    return Evening(
        offices=draw(st.lists(offices, min_size=number, max_size=number)),
        spans=draw(st.dictionaries(people, spans, max_size=2 * number)),
        excluded=draw(
            st.dictionaries(
                people, st.dictionaries(st.integers(0, items - 1), interests), max_size=3
            )
        ),
        papers=draw(st.lists(papers, max_size=6)),
        limit=draw(st.integers(0, 2)),
        questions=[(draw(minutes), draw(st.lists(questions, max_size=3))) for _ in range(items)],
        chair=draw(people),
    )


def recorded(evening: Evening) -> Scene:
    """The same evening as the facilitator records it."""
    seat, role = evening.chair
    scene = Scene(
        opened_at=clock(0),
        closed_at=clock(CLOSING),
        chair_person_id=uid(f"{role} {seat}"),
        commission={"proxies_per_holder": evening.limit},
    )
    for number, (start, until) in enumerate(evening.offices):
        scene.seat(number, alternate=True, from_=start, until=until)
    for place, (minute, questions) in enumerate(evening.questions):
        item = scene.item(place, started=clock(minute))
        for question in questions:
            record_question(scene, item, question)
    for person in evening.spans.keys() | evening.excluded.keys():
        here = [
            (None if a is None else clock(a), None if b is None else clock(b))
            for a, b in evening.spans.get(person, [])
        ]
        excluded = {
            uid(f"item meeting {item}"): why
            for item, why in evening.excluded.get(person, {}).items()
        }
        status = "present" if here else "absent"
        scene.sheet(person[0], status, *here, role=person[1], excluded=excluded)
    for number, paper in enumerate(evening.papers):
        scene.proxy(
            paper.giver,
            to=paper.holder,
            received=clock(paper.received),
            revoked=None if paper.revoked is None else clock(paper.revoked),
            record_id=uid(f"paper {number}"),
        )
    return scene


def record_question(scene: Scene, item: str, question: Question) -> None:
    for_, against, abstain, blank = question.votes
    scene.ballot(
        item,
        held=clock(question.minute),
        method="secret" if question.secret else "show_of_hands",
        for_count=for_,
        against_count=against,
        abstain_count=abstain,
        blank_count=blank,
        chair_vote="for" if question.chair_for else "against",
        not_taking_part=tuple(uid(f"seat {seat}") for seat in question.apart),
    )


def same_room(evening: Evening, found: ItemCheck | BallotCheck, minute: int, item: int) -> None:
    present, needed = naive_quorum(evening, minute, item)
    assert (found.quorum.present, found.quorum.needed) == (present, needed)
    assert found.quorum.reached == (present >= needed)
    assert [proxy.counts for proxy in found.proxies] == naive_proxies(evening, minute, item)


@given(evenings())
@settings(max_examples=200)
def test_quorum_proxies_and_votes_equal_those_of_a_naive_evening(evening: Evening) -> None:
    found = check(MeetingState(recorded(evening).file()))
    by_id = {item.id: item for item in found.items}
    for place, (minute, questions) in enumerate(evening.questions):
        item = by_id[uid(f"item meeting {place}")]
        same_room(evening, item, minute, place)
        for ballot, question in zip(item.ballots, questions, strict=True):
            same_room(evening, ballot, question.minute, place)
            votes = naive_votes(evening, question, place)
            assert ballot.adopted == naive_adopted(evening, question, place)
            whole_room = question.votes == (votes, 0, 0, 0) and votes > 0
            assert ("présents ou représentés" in ballot.sentence) == whole_room
            beyond = [one for one in found.missing if one.record_id == ballot.id]
            assert any("dans la salle" in one.what for one in beyond) == (
                sum(question.votes) > votes
            )


@given(evenings(), st.randoms(use_true_random=False))
@settings(max_examples=50)
def test_the_order_in_which_records_are_read_changes_nothing(
    evening: Evening, shuffler: Random
) -> None:
    scene = recorded(evening)
    first = check(MeetingState(scene.file()))
    for kind in ("attendance", "roster_entry"):
        shuffler.shuffle(scene._records.get(kind, []))
    second = check(MeetingState(scene.file()))
    assert (first.items, first.latest_sending_on) == (second.items, second.latest_sending_on)
    assert sorted(one.what for one in first.missing) == sorted(one.what for one in second.missing)
