"""Links that open one door once. Kept as hashes; whoever reads the database cannot use them."""

from datetime import datetime, timedelta
from typing import Final, Literal

from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import OneTimeLink, User
from support_copilot.identity.audit import AuditEvent, record_audit
from support_copilot.identity.errors import LinkRefusedError
from support_copilot.identity.principal import LOCAL_CLI
from support_copilot.identity.queries import first_admin, get_link
from support_copilot.identity.secrets import digest, new_secret
from support_copilot.kit.ids import new_id

Purpose = Literal["local_sign_in", "setup", "password_reset"]
#: A link to sign in on this machine opens no more than its terminal does already.
LOCAL_SIGN_IN_LASTS: Final = timedelta(hours=12)


def make_link(session: WriteSession, purpose: Purpose, user_id: str | None, now: datetime, lasts: timedelta) -> str:
    """Store a link and return its secret, to be shown once."""
    secret = new_secret()
    session.add(
        OneTimeLink(hash=digest(secret), purpose=purpose, user_id=user_id, created_at=now, expires_at=now + lasts)
    )
    return secret


def check_link(session: ReadSession, secret: str, purpose: Purpose, now: datetime) -> OneTimeLink:
    """The link if it is good, without using it: before work that costs something.

    Raises:
        LinkRefusedError: there is none, it is for something else, was used, or has expired.
    """
    return _good(session.get(OneTimeLink, digest(secret)), purpose, now)


def use_link(session: WriteSession, secret: str, purpose: Purpose, now: datetime) -> OneTimeLink:
    """Take the link out of use and return it.

    Raises:
        LinkRefusedError: there is none, it is for something else, was used, or has expired.
    """
    link = _good(get_link(session, digest(secret)), purpose, now)
    link.used_at = now
    return link


def make_local_link(session: WriteSession, now: datetime) -> str:
    """A link that signs whoever sits at this machine in as its administrator, who is made where there is none."""
    admin = first_admin(session) or _local_administrator(session, now)
    return make_link(session, "local_sign_in", admin.id, now, LOCAL_SIGN_IN_LASTS)


def _good(link: OneTimeLink | None, purpose: Purpose, now: datetime) -> OneTimeLink:
    if link is None or link.purpose != purpose or link.used_at is not None or link.expires_at <= now:
        raise LinkRefusedError
    return link


def _local_administrator(session: WriteSession, now: datetime) -> User:
    user = User(id=new_id("user"), name="Local administrator", role="admin", created_at=now, updated_at=now, version=1)
    session.add(user)
    session.flush()
    record_audit(session, AuditEvent("user.created", now, LOCAL_CLI, user.id, after={"role": "admin"}))
    return user
