"""Makes a person whom the identity provider vouches for a user of ours, with the role of their groups."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from support_copilot.db.engine import WriteSession
from support_copilot.db.models import User
from support_copilot.http.fields import read_email
from support_copilot.identity.api_keys import revoke_keys_of
from support_copilot.identity.audit import AuditEvent, record_audit
from support_copilot.identity.errors import NoRoleError
from support_copilot.identity.oidc import ProvenPerson
from support_copilot.identity.oidc_config import OidcConfig
from support_copilot.identity.permissions import Role
from support_copilot.identity.queries import end_sessions, user_by_email
from support_copilot.identity.runtime import Identity
from support_copilot.identity.sessions import OpenedSession, open_session, person
from support_copilot.identity.users import LastAdminError, UserChanges, create_user, edit_user


def sign_in_proven(identity: Identity, config: OidcConfig, proven: ProvenPerson) -> OpenedSession:
    """Open a session for who has come from the provider; who is new becomes a user.

    Raises:
        NoRoleError: none of their groups has a role, or they were disabled here; their sessions and keys end.
        EmailTakenError: somebody else has their address, and addresses alone do not prove who they are.
    """
    now, role = identity.clock(), role_of(config, proven.groups)
    with identity.database.transaction() as session:
        user = _found(session, config, proven)
        if role is None or (user is not None and user.disabled_at is not None):
            _turn_away(session, user, now)
            opened = None
        else:
            user = user or _made(session, proven, role, now)
            user = _with_role(session, user, role, now)
            methods = ["oidc", "oidc_mfa"] if proven.second_factor else ["oidc"]
            opened = open_session(session, identity.config, user, methods, now)
    if opened is None:
        raise NoRoleError  # after the commit, which keeps that the sessions ended
    return opened


def role_of(config: OidcConfig, groups: Sequence[str]) -> Role | None:
    """The first role, in the order of the settings, that one of the groups has."""
    return next((role for group, role in config.role_of_group.items() if group in groups), config.default_role)


def _found(session: WriteSession, config: OidcConfig, proven: ProvenPerson) -> User | None:
    same = (User.oidc_issuer == proven.issuer) & (User.oidc_subject == proven.subject)
    user_id = session.scalar(select(User.id).where(same))
    if user_id is None and config.link_by_email and (email := _email(proven)):
        owner = user_by_email(session, email)
        user_id = owner.id if owner is not None and owner.oidc_subject is None else None
    user = session.lock(User, user_id) if user_id else None
    if user is not None:
        user.oidc_issuer, user.oidc_subject = proven.issuer, proven.subject
    return user


def _made(session: WriteSession, proven: ProvenPerson, role: Role, now: datetime) -> User:
    user = create_user(session, email=_email(proven), name=proven.name, role=role, actor=None, now=now)
    user.oidc_issuer, user.oidc_subject = proven.issuer, proven.subject
    return user


def _with_role(session: WriteSession, user: User, role: Role, now: datetime) -> User:
    if user.role == role:
        return user
    try:
        return edit_user(session, user.id, UserChanges(role=role), None, person(user), now)
    except LastAdminError:
        return user  # somebody must be left in charge, whatever the groups say


def _turn_away(session: WriteSession, user: User | None, now: datetime) -> None:
    if user is not None:
        end_sessions(session, user.id, "no_role", now)
        revoke_keys_of(session, user.id, None, now)
    target = user.id if user else None
    record_audit(session, AuditEvent("session.opened", now, None, target, "refused", reason="no_role"))


def _email(proven: ProvenPerson) -> str | None:
    try:
        return read_email(proven.email) if proven.email else None
    except ValueError:
        return None
