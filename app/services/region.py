"""What the whole region shares and can change: the themes of needs, and the scales of fees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.domain.records import FeeScale, Record, Theme
from app.domain.refusals import Refusal
from app.domain.search_text import words
from app.services import guards
from app.services.records import Records
from app.services.translation import translated


class Region:
    """Themes and scales; once the workspace is enrolled, the GIP alone may write them."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def published_from_here(self) -> bool:
        """Whether this computer is the GIP's, tied by an account that writes for the region."""
        with self._records.workspace.reading() as unit:
            return guards.enrolled(unit) and guards.is_gip(unit)

    def themes(self) -> Sequence[Record[Theme]]:
        """Every theme by its label, those no longer offered too."""
        found: Sequence[Record[Theme]] = self._records.list("theme")
        return sorted(found, key=lambda theme: words(theme.fields.label))

    def theme_labels(self) -> dict[str, str]:
        """The label of each theme by its code, those no longer offered too."""
        return {one.fields.code: one.fields.label for one in self._records.list("theme")}

    def scales(self) -> Sequence[Record[FeeScale]]:
        """Every scale of fees, the latest year first."""
        found: Sequence[Record[FeeScale]] = self._records.list("fee_scale")
        return sorted(found, key=lambda scale: (-(scale.fields.year or 0), scale.fields.code))

    def add_theme(self, fields: dict[str, Any]) -> Record[Theme]:
        """A new theme, whose code comes from its label; UserError when there is one like it."""
        return self._add("theme", fields, "_".join(words(fields["label"])), "label", "ce thème")

    def add_scale(self, fields: dict[str, Any]) -> Record[FeeScale]:
        """A new scale, whose code is its year; UserError when the year has one."""
        return self._add("fee_scale", fields, str(fields["year"]), "year", "le barème de l'année")

    def _add(
        self, kind: str, fields: dict[str, Any], code: str, field: str, what: str
    ) -> Record[Any]:
        """Writes a record whose id comes from its code, unless there is one of this code."""
        with translated(self._records.workspace):
            if not code:
                raise Refusal("il faut au moins une lettre ou un chiffre.", field=field)
            if self._records.envelopes(kind, where=[("code", code)]):
                raise Refusal(f"{what} existe déjà : modifiez-le, ou changez ceci.", field=field)
        return self._records.create(kind, fields | {"code": code})
