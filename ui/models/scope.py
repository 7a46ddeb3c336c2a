"""The columns that say whose a row is: the whole region's, or which commission's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from app.domain import names
from ui.models.table import Column

if TYPE_CHECKING:
    from app.bootstrap import Services


def scope(own: Callable[[Any], str] = lambda row: "") -> Column[Any]:
    """Of rows that say whether they are `is_shared`; hidden while all are alike.

    `own` says what there is to say of one that is a commission's.
    """
    return Column(
        "Portée",
        lambda row: "Région" if row.is_shared else own(row),
        tone=lambda row: "info" if row.is_shared else "neutral" if own(row) else None,
        width=85,
        hides="alike",
    )


def commission() -> Column[Any]:
    """Of rows that name their `commission`; hidden while none does."""
    return Column(
        "Commission", lambda row: row.commission, width=190, role="muted", hides="empty", lines=2
    )


def commission_names(services: Services, commission_id: str | None) -> Mapping[str, str]:
    """The names of the commissions by id, where those of all are listed together, for None; reads
    the workspace.
    """
    if commission_id is not None:
        return {}
    return names.commission_names(services.records.list("commission"))
