"""Customers found by their company too, and issues narrowed by their severity"""

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import context, op

from support_copilot.db.sealed import Sealed
from support_copilot.db.types import Id, JsonValue
from support_copilot.kit.contact import beginnings, words_of
from support_copilot.vault.vault import UnreadableError

revision = "0044"
down_revision = "0043"

_BATCH = 500
_COMPANIES = ("company", "organisation", "organization", "shop")
_customers = sa.table("customers", sa.column("id", Id), sa.column("attributes_sealed", Sealed()))
_words = sa.table("customer_words", sa.column("token", sa.BigInteger()), sa.column("customer_id", Id))
_issues = sa.table("issues", sa.column("id", Id), sa.column("severity", sa.String(20)))
_documents = sa.table(
    "search_documents", sa.column("id", Id), sa.column("kind", sa.String(20)), sa.column("seq", sa.BigInteger()),
    sa.column("filters", JsonValue), sa.column("deleted", sa.Boolean()),
)  # fmt: skip
_counters = sa.table("counters", sa.column("name", sa.String(40)), sa.column("value", sa.BigInteger()))


def upgrade() -> None:
    # All of it may be done again: a revision that was interrupted on MySQL finds some rows done.
    connection = op.get_bind()
    for rows in _batches(sa.select(_customers).where(_customers.c.attributes_sealed.is_not(None)), _customers.c.id):
        _find_by_company(connection, rows)
    severe = sa.select(_documents.c.id, _documents.c.filters, _issues.c.severity).join(
        _issues, _issues.c.id == _documents.c.id
    )
    for rows in _batches(severe.where(_issues.c.severity.is_not(None), ~_documents.c.deleted), _documents.c.id):
        _narrow_by_severity(connection, rows)
    _give_to_indexes(connection)


def _batches(query: sa.Select[Any], key: sa.ColumnElement[str]) -> Any:
    after = ""
    while rows := op.get_bind().execute(query.where(key > after).order_by(key).limit(_BATCH)).all():
        yield rows
        after = rows[-1].id


def _find_by_company(connection: sa.Connection, rows: Sequence[Any]) -> None:
    cipher = context.config.attributes["cipher"]
    wanted: dict[str, set[int]] = {}
    for row in rows:
        try:
            attributes = json.loads(cipher.decrypt("customers.attributes", row.attributes_sealed, row.id))
        except UnreadableError:
            continue  # no key opens it: found as before
        stored = {part for word in words_of(_company(attributes)) for part in beginnings(word)}
        indexes = (cipher.blind_indexes("customers.words", part)[0] for part in stored)
        wanted[row.id] = {int.from_bytes(index[:8], "big", signed=True) for index in indexes}
    there = connection.execute(sa.select(_words).where(_words.c.customer_id.in_(wanted)))
    for row in there.all():
        wanted[row.customer_id].discard(row.token)
    missing = [{"token": token, "customer_id": each} for each, tokens in wanted.items() for token in tokens]
    if missing:
        connection.execute(sa.insert(_words), missing)


def _company(attributes: dict[str, Any]) -> str:
    known = (attributes.get(name) for name in _COMPANIES)
    return next((value.strip() for value in known if isinstance(value, str) and value.strip()), "")


def _narrow_by_severity(connection: sa.Connection, rows: Sequence[Any]) -> None:
    changed = [{"row": row.id, "now": {**row.filters, "severity": row.severity}} for row in rows]
    statement = sa.update(_documents).where(_documents.c.id == sa.bindparam("row")).values(filters=sa.bindparam("now"))
    connection.execute(statement, changed)


def _give_to_indexes(connection: sa.Connection) -> None:
    """Raise the change numbers of issues, so that each index takes them anew. Last, and in two statements: until these
    are committed nobody else can store a document.
    """
    counter = _counters.c.name == "search_documents"
    last = int(connection.scalar(sa.select(_counters.c.value).where(counter).with_for_update()) or 0)
    connection.execute(sa.update(_counters).where(counter).values(value=2 * last))
    issues = (_documents.c.kind == "issue") & ~_documents.c.deleted
    connection.execute(sa.update(_documents).where(issues).values(seq=_documents.c.seq + last))
