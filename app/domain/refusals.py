"""What a rule or a definition refuses, said in one French sentence."""

from __future__ import annotations

import re

_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def one_line(text: str) -> str:
    """A message whose quoted words can neither break the line nor command the terminal."""
    return _BREAKS.sub(" ", text)


class Refusal(ValueError):
    """A value or an action that cannot be accepted.

    `what` (a kind's French word), `record_id` and `field` say where; `field` is a path such as
    `votes` or `offers[1].tiers[0]`. The sentence stays on one line whatever words it quotes.
    """

    def __init__(self, sentence: str, *, field: str = "", record_id: str = "") -> None:
        self.sentence = one_line(sentence)
        super().__init__(self.sentence)
        self.field = field
        self.record_id = record_id
        self.what = ""


class Deleted(Refusal):
    """A change to a record that is deleted, which takes none until it is restored."""

    def __init__(self, record_id: str) -> None:
        way = "la corbeille le rend, ou « commissions records restore »."
        super().__init__(f"cet enregistrement est supprimé ; {way}", record_id=record_id)


class UnknownField(Refusal):
    """A field that this program does not have; a newer one may."""
