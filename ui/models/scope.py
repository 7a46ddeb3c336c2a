"""The column that tells what the GIP publishes for the whole region from one commission's own."""

from __future__ import annotations

from typing import Any

from ui.models.table import Column


def scope() -> Column[Any]:
    """Of rows that say whether they are `is_shared`; hidden while all are alike."""
    return Column(
        "Portée",
        lambda row: "Région" if row.is_shared else "",
        tone=lambda row: "info" if row.is_shared else None,
        width=85,
        hides="alike",
    )
