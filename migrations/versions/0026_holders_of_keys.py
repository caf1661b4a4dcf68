"""Who was shown each secret of a key"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

_KEYS = sa.table("api_keys", sa.column("id"), sa.column("created_by"))
_SECRETS = sa.table("api_key_secrets", sa.column("key_id"), sa.column("shown_to"))


def upgrade() -> None:
    op.add_column("api_key_secrets", sa.Column("shown_to", sa.String(64), nullable=True))
    op.create_index("ix_api_key_secrets_shown_to", "api_key_secrets", ["shown_to"])
    connection = op.get_bind()
    makers = {row.id: row.created_by for row in connection.execute(sa.select(_KEYS))}
    for key_id in makers:
        person = _person_behind(key_id, makers)
        if person is not None:
            connection.execute(sa.update(_SECRETS).where(_SECRETS.c.key_id == key_id).values(shown_to=person))


def _person_behind(key_id: str, makers: dict[str, str]) -> str | None:
    """Who made a key: of one that was made with another key, who made that one. None: somebody on the machine."""
    maker = makers[key_id]
    for _ in makers:  # no longer than the longest chain, should there be a ring
        if maker not in makers:
            break
        maker = makers[maker]
    return maker if maker.startswith("usr_") else None
