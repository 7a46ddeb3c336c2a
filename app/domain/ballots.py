"""Ballots: what was voted, whether it is adopted, and the sentence that says so.

The rules are those of CGCT L2121-20 and L2121-21.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, NamedTuple

import msgspec

from app.domain.attendance import Room
from app.domain.records import Ballot
from app.domain.wording import count

Profile = Literal["commission", "deliberative"]
Side = Literal["for", "against"]


class Tally(NamedTuple):
    """The votes entered; abstentions and blanks are not votes cast."""

    in_favour: int
    against: int
    abstentions: int
    blanks: int

    @property
    def entered(self) -> int:
        return sum(self)

    @property
    def cast(self) -> int:
        return self.in_favour + self.against

    @property
    def tied(self) -> bool:
        return self.in_favour == self.against > 0


def entered_tally(ballot: Ballot) -> Tally:
    """The counts as they stand in the record."""
    return Tally(ballot.for_count, ballot.against_count, ballot.abstain_count, ballot.blank_count)


def tally(ballot: Ballot) -> Tally:
    """The votes: in a roll call those of the names, otherwise the counts entered."""
    if ballot.method != "roll_call":
        return entered_tally(ballot)
    names = list(ballot.votes.values())
    return Tally(names.count("for"), names.count("against"), names.count("abstain"), 0)


def is_entered(ballot: Ballot) -> bool:
    """Whether any vote has been entered."""
    return entered_tally(ballot).entered > 0 or bool(ballot.votes)


def is_held(ballot: Ballot) -> bool:
    """Whether the question has been put to the room, as far as the record knows."""
    return ballot.held_at is not None or is_entered(ballot)


def chair_vote(ballot: Ballot, chair_seat: str | None) -> Side | None:
    """How the chair voted, when taking part through a seat; a secret ballot never tells."""
    if ballot.method == "secret" or chair_seat is None or chair_seat in ballot.not_taking_part:
        return None
    return (
        named_chair_vote(ballot, chair_seat) if ballot.method == "roll_call" else ballot.chair_vote
    )


def named_chair_vote(ballot: Ballot, chair_seat: str | None) -> Side | None:
    """The chair's vote among the names of a roll call."""
    vote = ballot.votes.get(chair_seat or "")
    return None if vote == "abstain" else vote


def adopted(votes: Tally, chair: Side | None) -> bool:
    """For > against; or a tie that the chair's vote breaks. 0–0 falls."""
    if votes.tied:
        return chair == "for"
    return votes.in_favour > votes.against


def voters(room: Room, givers: Collection[str], not_taking_part: Collection[str]) -> frozenset[str]:
    """The entries with a vote: present, or represented by a proxy that counts, and taking part."""
    return room.present.union(givers).difference(not_taking_part)


_WORDS = {
    "commission": ("Avis favorable", "Avis défavorable"),
    "deliberative": ("Adopté", "Rejeté"),
}


def sentence(votes: Tally, chair: Side | None, electorate: int, profile: Profile) -> str:
    """The result in words, for the minutes; `electorate` is the number of votes in the room."""
    favourable, unfavourable = _WORDS[profile]
    if adopted(votes, chair):
        return favourable + _favourable_remark(votes, electorate) + _numbers(votes)
    return unfavourable + _unfavourable_remark(votes) + _numbers(votes)


def _favourable_remark(votes: Tally, electorate: int) -> str:
    if votes.against == votes.in_favour:
        return ", la voix du président étant prépondérante"
    if votes.in_favour == votes.entered == electorate:
        return " à l'unanimité des membres présents ou représentés"
    if votes.entered > votes.cast == votes.in_favour:
        return " à l'unanimité des suffrages exprimés"
    return ""


def _unfavourable_remark(votes: Tally) -> str:
    if not votes.cast:
        return ", aucun suffrage exprimé"
    return ", les voix étant également partagées" if votes.against == votes.in_favour else ""


def _numbers(votes: Tally) -> str:
    """« (7 pour, 4 contre, 1 abstention) »; counts of zero are left out."""
    parts = [
        count(votes.in_favour, "pour", "pour") if votes.in_favour else "",
        count(votes.against, "contre", "contre") if votes.against else "",
        count(votes.abstentions, "abstention") if votes.abstentions else "",
        count(votes.blanks, "blanc") if votes.blanks else "",
    ]
    words = ", ".join(part for part in parts if part)
    return f" ({words})" if words else ""


def turnout(votes: Tally, electorate: int) -> str:
    """« 8 votants sur 10 admis à voter, 7 suffrages exprimés »; what goes without saying is
    left out.
    """
    admitted = f" sur {electorate} admis à voter" if votes.entered != electorate else ""
    cast = votes.cast not in (0, votes.entered)
    return f"{count(votes.entered, 'votant')}{admitted}" + (
        f", {count(votes.cast, 'suffrage exprimé', 'suffrages exprimés')}" if cast else ""
    )


def secret_requested(ballot: Ballot, room: Room) -> bool:
    """Whether a third of the voting members present asks for secrecy (CGCT L2121-21)."""
    return _asked(ballot.secret_requested_by, room, 3)


def roll_call_requested(ballot: Ballot, room: Room) -> bool:
    """Whether a quarter of the voting members present asks for a roll call (CGCT L2121-21)."""
    return _asked(ballot.roll_call_requested_by, room, 4)


def _asked(requests: Collection[str], room: Room, times: int) -> bool:
    """Whether one member present in `times` asks, and at least one does; proxies do not count."""
    asking = room.present.intersection(requests)
    return bool(asking) and times * len(asking) >= len(room.present)


def method_required(ballot: Ballot, room: Room) -> Literal["secret", "roll_call"] | None:
    """The method that the rules impose: secrecy comes before the roll call."""
    if secret_requested(ballot, room) or (ballot.appointment and not ballot.secret_waived):
        return "secret"
    return "roll_call" if roll_call_requested(ballot, room) else None


def derived(ballot: Ballot, chair_seat: str | None) -> Ballot:
    """The ballot with what follows from a roll call's names: its counts and the chair's vote."""
    if ballot.method != "roll_call":
        return ballot
    votes = tally(ballot)
    return msgspec.structs.replace(
        ballot,
        for_count=votes.in_favour,
        against_count=votes.against,
        abstain_count=votes.abstentions,
        blank_count=votes.blanks,
        chair_vote=named_chair_vote(ballot, chair_seat),
    )
