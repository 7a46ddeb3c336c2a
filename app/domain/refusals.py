"""What a rule or a definition refuses, said in one French sentence."""

from __future__ import annotations


class Refusal(ValueError):
    """A value or an action that cannot be accepted.

    `what` (a kind's French word), `record_id` and `field` say where; `field` is a path such as
    `votes` or `offers[1].tiers[0]`.
    """

    def __init__(self, sentence: str, *, field: str = "", record_id: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.record_id = record_id
        self.what = ""
