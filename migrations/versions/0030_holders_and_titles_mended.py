"""Whom a key that rotated itself was made by, and which issue a title that was cut short is from"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"

_KEYS = sa.table("api_keys", sa.column("id"), sa.column("created_by"))
_SECRETS = sa.table("api_key_secrets", sa.column("key_id"), sa.column("shown_to"))
_TRAIL = sa.table("audit_events", sa.column("action"), sa.column("actor"), sa.column("target"))
_INCIDENTS = sa.table("incidents", sa.column("id"), sa.column("title"), sa.column("title_of"))
_LINKS = sa.table("incident_links", sa.column("incident_id"), sa.column("issue_id"))
_ISSUES = sa.table("issues", sa.column("id"), sa.column("subject"))
_LONGEST_TITLE = 300


def upgrade() -> None:
    connection = op.get_bind()
    _mend_holders(connection)
    _mend_titles(connection)


def _mend_holders(connection: sa.Connection) -> None:
    """A key that rotated itself named itself as its maker; the audit trail says who made it in truth."""
    created = sa.select(_TRAIL.c.target, _TRAIL.c.actor).where(_TRAIL.c.action == "key.created")
    makers = {row.id: row.created_by for row in connection.execute(sa.select(_KEYS))}
    makers |= {row.target: row.actor for row in connection.execute(created) if row.target in makers and row.actor}
    without = sa.select(_SECRETS.c.key_id).where(_SECRETS.c.shown_to.is_(None)).distinct()
    for key_id in connection.execute(without).scalars().all():
        person = _person_behind(key_id, makers)
        if person is not None:
            mend = sa.update(_SECRETS).where(_SECRETS.c.key_id == key_id, _SECRETS.c.shown_to.is_(None))
            connection.execute(mend.values(shown_to=person))


def _person_behind(key_id: str, makers: dict[str, str]) -> str | None:
    """Who made a key, or the key that made it. None: somebody on the machine, or nobody knows."""
    maker = makers[key_id]
    for _ in makers:  # no longer than the longest chain, should there be a ring
        maker = makers.get(maker, maker)
    return maker if maker.startswith("usr_") else None


def _mend_titles(connection: sa.Connection) -> None:
    """A title that was proposed from a long subject is its beginning and an ellipsis."""
    cut = sa.select(_INCIDENTS.c.id, _INCIDENTS.c.title).where(
        _INCIDENTS.c.title_of.is_(None), _INCIDENTS.c.title.like("%…")
    )
    for incident_id, title in connection.execute(cut).all():
        linked = (
            sa.select(_ISSUES.c.id, _ISSUES.c.subject)
            .join(_LINKS, _LINKS.c.issue_id == _ISSUES.c.id)
            .where(_LINKS.c.incident_id == incident_id)
            .order_by(_ISSUES.c.id)
        )
        for issue_id, subject in connection.execute(linked).all():
            if len(subject) > _LONGEST_TITLE and subject.startswith(title.removesuffix("…")):
                found = sa.update(_INCIDENTS).where(_INCIDENTS.c.id == incident_id)
                connection.execute(found.values(title_of=issue_id))
                break
