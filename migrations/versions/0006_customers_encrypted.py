"""Customers' contact fields encrypted"""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import context, op

from support_copilot.db.sealed import BlindIndex, Sealed
from support_copilot.db.types import MYSQL_OPTIONS, Id
from support_copilot.kit.contact import beginnings, normal_email, normal_phone, words_of

revision = "0006"
down_revision = "0005"

_CLEAR = ("name", "email", "phone", "notes", "attributes")
_BATCH = 500


def upgrade() -> None:
    # MySQL commits each change of a table by itself, so a revision that was interrupted finds some of them done.
    present = {column["name"] for column in sa.inspect(op.get_bind()).get_columns("customers")}
    _add_columns(present)
    _create_words()
    if present.issuperset(_CLEAR):
        _encrypt_customers()
    indexes = {index["name"] for index in sa.inspect(op.get_bind()).get_indexes("customers")}
    if "ix_customers_email" in indexes:
        op.drop_index("ix_customers_email", table_name="customers")
    # The column that says whether rows were still in the clear goes last.
    for name in sorted(present.intersection(_CLEAR), key=lambda name: name == "name"):
        op.drop_column("customers", name)
    for name in ("email_index", "phone_index"):
        if f"ix_customers_{name}" not in indexes:
            op.create_index(f"ix_customers_{name}", "customers", [name], unique=False)
    if op.get_bind().dialect.name != "sqlite":
        # Dropping a column leaves its values in the pages; the file of SQLite is rewritten after all revisions.
        op.execute("ALTER TABLE customers FORCE")


def _add_columns(present: set[str]) -> None:
    columns = [
        *(sa.Column(f"{name}_sealed", Sealed(), nullable=True) for name in _CLEAR),
        *(sa.Column(f"{name}_index", BlindIndex(), nullable=True) for name in ("email", "phone")),
    ]
    for column in columns:
        if column.name not in present:
            op.add_column("customers", column)


def _create_words() -> None:
    if sa.inspect(op.get_bind()).has_table("customer_words"):
        return
    op.create_table(
        "customer_words",
        sa.Column("token", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("customer_id", Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_customer_words_customer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token", "customer_id", name=op.f("pk_customer_words")),
        sqlite_with_rowid=False,
        **MYSQL_OPTIONS,
    )
    op.create_index("ix_customer_words_customer_id", "customer_words", ["customer_id"], unique=False)


def _encrypt_customers() -> None:
    connection, cipher = op.get_bind(), context.config.attributes["cipher"]
    columns = ", ".join(("id", *_CLEAR))
    customers, words = _tables()
    after = ""
    while rows := connection.execute(
        sa.text(f"SELECT {columns} FROM customers WHERE id > :after ORDER BY id LIMIT {_BATCH}"), {"after": after}
    ).all():
        for row in rows:
            values = dict(_sealed(cipher, row))
            if values:
                connection.execute(sa.update(customers).where(customers.c.id == row.id).values(values))
            connection.execute(sa.delete(words).where(words.c.customer_id == row.id))
            stored = {part for word in words_of(f"{row.name or ''} {row.email or ''}") for part in beginnings(word)}
            tokens = {
                int.from_bytes(cipher.blind_indexes("customers.words", part)[0][:8], "big", signed=True)
                for part in stored
            }
            if tokens:
                connection.execute(sa.insert(words), [{"token": token, "customer_id": row.id} for token in tokens])
        after = rows[-1].id


def _sealed(cipher: Any, row: Any) -> Iterator[tuple[str, bytes | None]]:
    for name in _CLEAR:
        value = getattr(row, name)
        if name == "attributes":
            # Raw JSON text, whatever its spacing; an empty object is NULL.
            value = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            value = None if json.loads(value) in ({}, None) else value
        if value is not None:
            yield f"{name}_sealed", cipher.encrypt(f"customers.{name}", value.encode(), row.id)
    for name, normalise in (("email", normal_email), ("phone", normal_phone)):
        value = getattr(row, name)
        if value is not None and (normal := normalise(value)):
            yield f"{name}_index", cipher.blind_indexes(f"customers.{name}", normal)[0]


def _tables() -> tuple[sa.TableClause, sa.TableClause]:
    sealed = [sa.column(f"{name}_sealed", Sealed()) for name in _CLEAR]
    indexes = [sa.column(f"{name}_index", BlindIndex()) for name in ("email", "phone")]
    customers = sa.table("customers", sa.column("id", Id), *sealed, *indexes)
    return customers, sa.table("customer_words", sa.column("token", sa.BigInteger()), sa.column("customer_id", Id))
