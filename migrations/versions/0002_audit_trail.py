"""The audit trail"""

import sqlalchemy as sa
from alembic import op

from support_copilot.db.types import MYSQL_OPTIONS, Id, JsonValue, UtcDateTime

revision = "0002"
down_revision = "0001"

_SEALED = "(SELECT COALESCE(MAX(through_seq), 0) FROM audit_checkpoints)"
#: MySQL and MariaDB: the account may not make triggers, by privilege or because of the server's binary log.
_MAY_NOT = frozenset({1142, 1419})


def upgrade() -> None:
    op.create_table(
        "audit_events",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("occurred_at", UtcDateTime(), nullable=False),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=True),
        sa.Column("actor", sa.String(length=64), nullable=True),
        sa.Column("target", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.String(length=80), nullable=True),
        sa.Column("changed", JsonValue, nullable=False),
        sa.Column("before", JsonValue, nullable=False),
        sa.Column("after", JsonValue, nullable=False),
        sa.Column("via", sa.String(length=10), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=True),
        sa.Column("user_agent", sa.String(length=200), nullable=True),
        sa.Column("request_id", sa.String(length=64), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_events")),
        **MYSQL_OPTIONS,
    )
    op.create_index("ix_audit_events_id", "audit_events", ["id"], unique=True)
    op.create_index("ix_audit_events_occurred_at", "audit_events", ["occurred_at"], unique=False)
    for column in ("actor", "target", "action"):
        op.create_index(f"ix_audit_events_{column}_seq", "audit_events", [column, "seq"], unique=False)
    op.create_table(
        "audit_checkpoints",
        sa.Column("through_seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("through_seq", name=op.f("pk_audit_checkpoints")),
        **MYSQL_OPTIONS,
    )
    op.execute("INSERT INTO counters (name, value) VALUES ('audit_events', 0)")
    _guard()


def _guard() -> None:
    """Have the database itself refuse changes; without the right to, the chain alone must do."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events"
            " BEGIN SELECT RAISE(ABORT, 'audit events are never changed'); END"
        )
        op.execute(
            f"CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events WHEN OLD.seq > {_SEALED}"
            " BEGIN SELECT RAISE(ABORT, 'audit events are never removed before they are sealed'); END"
        )
        return
    try:
        op.execute(
            "CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events FOR EACH ROW"
            " SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'audit events are never changed'"
        )
        op.execute(
            "CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events FOR EACH ROW"
            f" IF OLD.seq > {_SEALED} THEN SIGNAL SQLSTATE '45000'"
            " SET MESSAGE_TEXT = 'audit events are never removed before they are sealed'; END IF"
        )
    except sa.exc.DBAPIError as error:
        if not (error.orig and error.orig.args[0] in _MAY_NOT):
            raise


def downgrade() -> None:
    op.drop_table("audit_events")
    op.drop_table("audit_checkpoints")
    op.execute("DELETE FROM counters WHERE name = 'audit_events'")
