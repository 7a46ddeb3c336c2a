"""The central's figures in the text form of Prometheus, read from the database alone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, func, literal_column, select

from app.central.schema import batches, blobs, devices, facilitators, records, spaces

MEDIA_TYPE = "text/plain; version=0.0.4"

_FIGURES: tuple[tuple[str, str, str, Select[Any]], ...] = (
    (
        "commissions_spaces",
        "gauge",
        "Spaces, the region included",
        select(func.count(spaces.c.space)),
    ),
    (
        "commissions_changes_total",
        "counter",
        "Changes accepted since the beginning",
        select(func.coalesce(func.sum(spaces.c.seq), 0)),
    ),
    (
        "commissions_records",
        "gauge",
        "Records held, deleted ones included",
        select(func.count(records.c.id)),
    ),
    (
        "commissions_batches",
        "gauge",
        "Batches whose answers are kept",
        select(func.count(batches.c.at)),
    ),
    (
        "commissions_facilitators",
        "gauge",
        "Accounts that are open",
        select(func.count(facilitators.c.id)).where(facilitators.c.revoked_at.is_(None)),
    ),
    (
        "commissions_devices",
        "gauge",
        "Devices signed in",
        select(func.count(devices.c.id)).where(devices.c.revoked_at.is_(None)),
    ),
    ("commissions_blobs", "gauge", "Files kept", select(func.count(blobs.c.sha256))),
    (
        "commissions_blobs_bytes",
        "gauge",
        "Bytes of the files kept",
        select(func.coalesce(func.sum(blobs.c.size), 0)),
    ),
    (
        "commissions_spaces_pending",
        "gauge",
        "Spaces whose needs await their digests",
        select(func.count(spaces.c.space)).where(spaces.c.pending.is_not(None)),
    ),
)


_SIZES: dict[str, Select[Any]] = {
    "sqlite": select(
        (literal_column("page_count") * literal_column("page_size")).label("bytes")
    ).select_from(func.pragma_page_count(), func.pragma_page_size()),
    "postgresql": select(func.pg_database_size(func.current_database())),
}
"""The bytes of the database on its disk, asked of each kind."""


def figures(connection: Connection) -> str:
    """One metric per line, each after its HELP and TYPE."""
    size = _SIZES[connection.dialect.name]
    on_disk = ("commissions_database_bytes", "gauge", "Bytes of the database on its disk", size)
    lines = []
    for name, kind, help_text, query in (*_FIGURES, on_disk):
        value = connection.execute(query).scalar_one()
        lines += [f"# HELP {name} {help_text}", f"# TYPE {name} {kind}", f"{name} {value}"]
    return "\n".join(lines) + "\n"
