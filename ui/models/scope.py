"""The columns that say whose a row is: the whole region's, or which commission's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from app.domain import names
from ui.models.table import Column

if TYPE_CHECKING:
    from app.bootstrap import Services


def scope(own: Callable[[Any], str] = lambda row: "") -> Column[Any]:
    """The scope of rows that have `is_shared`; hidden while all are alike.

    `own` gives the words of a row that is a commission's.
    """
    return Column(
        "Portée",
        lambda row: "Région" if row.is_shared else own(row),
        tone=lambda row: "info" if row.is_shared else "neutral" if own(row) else None,
        width=85,
        hides="alike",
    )


def commission() -> Column[Any]:
    """The commission of rows that have `commission`; hidden while none names one."""
    return Column(
        "Commission", lambda row: row.commission, width=190, role="muted", hides="empty", lines=2
    )


def commission_names(services: Services, commission_id: str | None) -> Mapping[str, str]:
    """The names of all commissions by id where their rows are listed together (None); none in the
    list of one. Reads the workspace.
    """
    if commission_id is not None:
        return {}
    return names.commission_names(services.records.list("commission"))
