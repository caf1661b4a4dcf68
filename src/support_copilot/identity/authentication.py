"""Finds out who asks: by key, by access token, or by the session cookie of a browser."""

from datetime import datetime, timedelta
from typing import Final

import structlog
from starlette.requests import HTTPConnection

from support_copilot.db.engine import ReadSession
from support_copilot.identity.errors import CsrfError, InvalidTokenError, UnauthenticatedError
from support_copilot.identity.key_format import PREFIX, is_key
from support_copilot.identity.permissions import ALWAYS, ENROLMENT, PERSONAL, Role, permissions_of
from support_copilot.identity.principal import Principal
from support_copilot.identity.queries import (
    HolderFacts,
    KeyFacts,
    SessionFacts,
    key_facts,
    key_facts_by_id,
    session_by_id,
    session_by_secret,
    team_ids_of,
)
from support_copilot.identity.runtime import Identity
from support_copilot.identity.second_factor import has_second_factor
from support_copilot.identity.secrets import digest, same
from support_copilot.identity.sessions import csrf_token
from support_copilot.kit.ids import is_id

_log = structlog.get_logger("support_copilot.identity")

#: The browser keeps a cookie of the first name only if it came over TLS, from this host, for every path.
SECURE_COOKIE: Final = "__Host-support_copilot"
PLAIN_COOKIE: Final = "support_copilot"
CSRF_HEADER: Final = "X-CSRF-Token"
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_MAX_CREDENTIAL_CHARS: Final = 2048


def authenticate(identity: Identity, request: HTTPConnection) -> Principal:
    """Who asks. A header wins over a cookie, so that a program in a browser says clearly what it uses.

    Raises:
        UnauthenticatedError: nothing was shown.
        InvalidTokenError: what was shown is not, or no longer, good.
        CsrfError: a change by cookie without the page's own token.
    """
    now = identity.clock()
    try:
        header = request.headers.get("authorization")
        if header is not None:
            return _by_header(identity, header, now)
        secret = session_cookie(request)
        if secret is None:
            raise UnauthenticatedError
        principal = _by_cookie(identity, secret, now)
    except InvalidTokenError as error:
        _log.info("identity.refused", reason=error.reason)
        raise
    if request.scope["method"] not in _SAFE_METHODS:
        check_csrf(request, secret)
    return principal


def holder_of(identity: Identity, credential_id: str) -> Principal:
    """Who would come in at this moment with a session or a key that is not shown: for what was made with it.

    Args:
        credential_id: id of the session or the key, ``Principal.credential_id`` of who made it.

    Raises:
        InvalidTokenError: it has ended, its time is over, or whose it is may not come in any more.
    """
    now = identity.clock()
    with identity.database.read() as session:
        if is_id(credential_id, "key"):
            key = key_facts_by_id(session, credential_id)
            if key is None:
                raise InvalidTokenError("unknown_key")
            return _program(identity, key, now)
        facts = session_by_id(session, credential_id)
        if facts is None:
            raise InvalidTokenError("unknown_session")
        return _person(identity, session, facts, now)


def session_cookie(request: HTTPConnection) -> str | None:
    """The secret of the browser's session. Over TLS only the cookie that plain HTTP cannot have set counts."""
    if request.url.scheme == "https":
        return request.cookies.get(SECURE_COOKIE)
    return request.cookies.get(SECURE_COOKIE) or request.cookies.get(PLAIN_COOKIE)


def check_csrf(request: HTTPConnection, secret: str) -> None:
    """A page of another site makes the browser send the cookie, but cannot know the token.

    Raises:
        CsrfError: the header is missing or wrong, or the browser says that another site sent the request.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise CsrfError
    if not same(request.headers.get(CSRF_HEADER, ""), csrf_token(secret)):
        raise CsrfError


def _by_header(identity: Identity, header: str, now: datetime) -> Principal:
    scheme, _, credential = header.partition(" ")
    credential = credential.strip()
    if scheme.lower() != "bearer" or not credential:
        raise InvalidTokenError("not_bearer")
    if len(credential) > _MAX_CREDENTIAL_CHARS:
        raise InvalidTokenError("too_long")
    if credential.startswith(PREFIX):
        return _by_key(identity, credential, now)
    claims = identity.keyring.verify(credential, now)
    with identity.database.read() as session:
        facts = session_by_id(session, claims.session_id)
        if facts is None or facts.user_id != claims.user_id:
            raise InvalidTokenError("unknown_session")
        return _seen(identity, session, facts, now)


def _by_key(identity: Identity, credential: str, now: datetime) -> Principal:
    if not is_key(credential):
        raise InvalidTokenError("key_checksum")
    with identity.database.read() as session:
        facts = key_facts(session, digest(credential))
    if facts is None:
        raise InvalidTokenError("unknown_key")
    principal = _program(identity, facts, now)
    identity.last_seen.note_key(facts.id, facts.last_used_at, now)
    return principal


def _program(identity: Identity, facts: KeyFacts, now: datetime) -> Principal:
    if facts.revoked_at is not None:
        raise InvalidTokenError("key_revoked")
    if any(end is not None and end <= now for end in facts.ends):
        raise InvalidTokenError("key_expired")
    if facts.holder is not None:
        _check_holder(identity, facts.holder, now)
    permissions = permissions_of(facts.role) - PERSONAL
    if facts.scopes is not None:
        permissions &= ALWAYS.union(facts.scopes)
    # A key is in no team: one of an agent sees what no team has taken.
    sees = frozenset[str]() if _is_limited(identity, facts.role) else None
    holder_id = facts.holder.id if facts.holder else None
    ends_at = min((end for end in facts.ends if end is not None), default=None)
    return Principal(
        "key", facts.id, facts.name, facts.role, permissions, sees=sees, key_holder=holder_id, ends_at=ends_at
    )


def _check_holder(identity: Identity, holder: HolderFacts, now: datetime) -> None:
    """Who may make no key any more has none that works, whoever may have given it another secret since."""
    if holder.disabled_at is not None or "keys.manage" not in permissions_of(holder.role):
        raise InvalidTokenError("key_holder_left")
    if not holder.by_provider:
        return
    confirmed_at = holder.last_signed_in_at
    if confirmed_at is None or confirmed_at <= now - timedelta(days=identity.config.provider_keys_days):
        raise InvalidTokenError("key_holder_not_confirmed")


def _is_limited(identity: Identity, role: Role) -> bool:
    return role == "agent" and identity.config.teams_limit_agents


def _by_cookie(identity: Identity, secret: str, now: datetime) -> Principal:
    if len(secret) > _MAX_CREDENTIAL_CHARS:
        raise InvalidTokenError("too_long")
    with identity.database.read() as session:
        facts = session_by_secret(session, digest(secret))
        if facts is None:
            raise InvalidTokenError("unknown_session")
        return _seen(identity, session, facts, now)


def _seen(identity: Identity, session: ReadSession, facts: SessionFacts, now: datetime) -> Principal:
    principal = _person(identity, session, facts, now)
    identity.last_seen.note_session(facts.id, facts.last_seen_at, now)
    return principal


def _person(identity: Identity, session: ReadSession, facts: SessionFacts, now: datetime) -> Principal:
    idle_until = facts.last_seen_at + timedelta(minutes=identity.config.session_idle_minutes)
    if facts.ended_at is not None or facts.disabled_at is not None:
        raise InvalidTokenError("ended")
    if facts.expires_at <= now or idle_until <= now:
        raise InvalidTokenError("session_expired")
    permissions = permissions_of(facts.role)
    needs = facts.role in identity.config.second_factor_roles and not has_second_factor(facts.methods)
    teams = team_ids_of(session, facts.user_id)
    return Principal(
        "user", facts.user_id, facts.name, facts.role, permissions & ENROLMENT if needs else permissions, teams,
        sees=teams if _is_limited(identity, facts.role) else None, session_id=facts.id, needs_second_factor=needs,
    )  # fmt: skip
