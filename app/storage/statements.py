"""The statements of a unit of work, built once: each keystroke goes through them."""

from __future__ import annotations

from functools import cache
from operator import itemgetter

from sqlalchemy import bindparam, delete, func, insert, select, text, update

from app.sqlite import Ready, at_most
from app.storage.tables import STORED, base, content, history, link, operation, record, setting

BY_ID = Ready(STORED.where(record.c.id == bindparam("wanted")))
LIVE = STORED.where(record.c.id.in_(bindparam("wanted", expanding=True)), record.c.deleted == 0)
POINTING = (
    STORED.add_columns(link.c.field)
    .join(link, link.c.source == record.c.n)
    .where(link.c.target.in_(bindparam("targets", expanding=True)), record.c.deleted == 0)
    .order_by(record.c.id)
)
INSERT_RECORD, INSERT_CONTENT = insert(record), insert(content)
OVERWRITE = update(record).where(record.c.n == bindparam("at_n"))
OVERWRITE_CONTENT = update(content).where(content.c.n == bindparam("at_n"))
PUT_BASE = Ready(insert(base).prefix_with("OR REPLACE"))
FORGET_BASE = Ready(delete(base).where(base.c.n == bindparam("of")))
FORGET_LINKS = delete(link).where(link.c.source == bindparam("of"))
LOG = insert(history)
_LAST_OPERATION = select(func.max(operation.c.n)).where(operation.c.state != "other")
LAST_CHANGE = (
    select(history.c.change, history.c.burst, history.c.changes)
    .add_columns((history.c.operation == _LAST_OPERATION.scalar_subquery()).label("is_of_the_last"))
    .where(history.c.record_id == bindparam("wanted"))
    .order_by(history.c.change.desc())
    .limit(at_most(1))
)
INSERT_OPERATION = insert(operation)
LENGTHEN = update(history).where(history.c.change == bindparam("which"))
TOP = select(func.max(record.c.n))
SETTING = Ready(select(setting.c.value).where(setting.c.name == bindparam("name")))

# For the driver, without SQLAlchemy's work on each row: a first sync writes ten thousand at once.
INSERT_RECORDS = (
    "INSERT INTO record (n, id, kind, commission_id, schema, revision, deleted)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)
INSERT_CONTENTS = "INSERT INTO content (n, fields) VALUES (?, ?)"
_ENTRY = tuple(column.name for column in history.c if not column.primary_key)
in_order = itemgetter(*_ENTRY)
"""The values of a history entry, in the order of `INSERT_HISTORY`."""
INSERT_HISTORY = (
    f"INSERT INTO history ({', '.join(_ENTRY)})"  # noqa: S608 - columns of ours
    f" VALUES ({', '.join('?' * len(_ENTRY))})"
)
INSERT_LINKS = "INSERT INTO link (source, field, target) VALUES (?, ?, ?)"

_OF_KIND = record.c.kind == bindparam("kind")
_LINKED_OF_KIND = text("+record.kind = :kind")
"""The + keeps SQLite from using the index of kinds: to find what points to an id, it would go
through the whole kind."""


@cache
def selection(kind: bool, space: str | None, pointing: bool, deleted: bool) -> Ready:
    """The statement of `UnitOfWork.select`, built once for each way of calling it."""
    query = STORED.order_by(record.c.id)
    if kind:
        query = query.where(_LINKED_OF_KIND if pointing else _OF_KIND)
    if space is None:
        query = query.where(record.c.commission_id.is_(None))
    elif space != "*":
        query = query.where(record.c.commission_id == bindparam("space"))
    if not deleted:
        query = query.where(record.c.deleted == 0)
    if pointing:
        of = (link.c.target == bindparam("target"), link.c.field == bindparam("field"))
        query = query.where(record.c.n.in_(select(link.c.source).where(*of)))
    return Ready(query)
