"""People: who may sign in, as what, and in which teams."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, TypedDict, cast

from sqlalchemy import delete, func, select

from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import KnownDevice, OneTimeLink, Team, TeamMember, User
from support_copilot.http.concurrency import check_version
from support_copilot.identity.api_keys import revoke_keys_of
from support_copilot.identity.audit import AuditEvent, record_audit
from support_copilot.identity.errors import LinkRefusedError
from support_copilot.identity.lending import check_may_give
from support_copilot.identity.links import make_link, use_link
from support_copilot.identity.permissions import Role, permissions_of
from support_copilot.identity.principal import Principal
from support_copilot.identity.queries import end_sessions, first_admin, user_by_email
from support_copilot.identity.second_factor import remove_second_factor
from support_copilot.identity.sessions import person
from support_copilot.kit.errors import ConflictError, InvalidRequestError, NotFoundError
from support_copilot.kit.ids import new_id

SETUP_LINK_LASTS: Final = timedelta(hours=1)
PASSWORD_LINK_LASTS: Final = timedelta(hours=24)


class EmailTakenError(ConflictError):
    code, title = "email_taken", "Another user has this address"


class LastAdminError(ConflictError):
    code, title = "last_admin", "This is the only administrator left; make another one first"


class UserChanges(TypedDict, total=False):
    """What may be edited of a user; ``disabled`` ends every session at once."""

    name: str
    email: str
    role: Role
    disabled: bool
    team_ids: list[str]
    signature: str
    notifications: list[str]


def create_user(
    session: WriteSession, *, email: str | None, name: str, role: Role, actor: Principal | None, now: datetime
) -> User:
    """Add a person, who cannot sign in yet: a password link or the identity provider opens the door.

    Raises:
        EmailTakenError: the address belongs to somebody.
        PermissionDeniedError: it is a key that asks, for a role with more than its own permissions.
    """
    check_may_give(actor, role)
    if email is not None:
        _check_email_is_free(session, email, None)
    user = User(id=new_id("user"), email=email, name=name, role=role, version=1, created_at=now, updated_at=now)
    session.add(user)
    session.flush()
    record_audit(session, AuditEvent("user.created", now, actor or person(user), user.id, after={"role": role}))
    return user


def edit_user(
    session: WriteSession, user_id: str, changes: UserChanges, if_match: str | None, actor: Principal, now: datetime
) -> User:
    """Change a person. Another role, or none, counts from the next request; a disabled one is out at once.

    Keys that they made end with the right to make them, since they have seen the secrets.

    Raises:
        NotFoundError: there is no such user.
        EmailTakenError, LastAdminError: the change would leave two with one address, or nobody in charge.
        PermissionDeniedError: it is a key that asks, and the person has, or would have, more than its permissions.
    """
    user = get_locked_user(session, user_id)
    check_version(if_match, user.version)
    for role in (cast("Role", user.role), changes.get("role")):
        if role is not None:
            check_may_give(actor, role)
    before = _audited(user)
    if "email" in changes and changes["email"] != user.email:
        _check_email_is_free(session, changes["email"], user.id)
        user.email = changes["email"]
    user.name = changes.get("name", user.name)
    if "signature" in changes:
        user.signature = changes["signature"].strip() or None
    if "notifications" in changes:
        user.notifications = sorted(set(changes["notifications"]))
    _change_standing(session, user, changes, actor, now)
    if "team_ids" in changes:
        set_teams(session, user.id, changes["team_ids"])
    user.updated_at, user.version = now, user.version + 1
    record_audit(session, AuditEvent("user.edited", now, actor, user.id, before=before, after=_audited(user)))
    return user


def _change_standing(session: WriteSession, user: User, changes: UserChanges, actor: Principal, now: datetime) -> None:
    role, disabled = changes.get("role", user.role), changes.get("disabled", user.disabled_at is not None)
    if user.role == "admin" and user.disabled_at is None and (role != "admin" or disabled):
        _check_another_admin(session, user.id)
    leaves = disabled and user.disabled_at is None
    if role != user.role or leaves:
        end_sessions(session, user.id, "disabled" if disabled else "role_changed", now)
    if leaves or (role != user.role and "keys.manage" not in permissions_of(cast("Role", role))):
        revoke_keys_of(session, user.id, actor, now)
    if leaves:
        session.execute(delete(KnownDevice).where(KnownDevice.user_id == user.id))
    user.role = role
    user.disabled_at = (user.disabled_at or now) if disabled else None


def get_user(session: ReadSession, user_id: str) -> User:
    user = session.get(User, user_id)
    if user is None:
        raise NotFoundError
    return user


def get_locked_user(session: WriteSession, user_id: str) -> User:
    user = session.lock(User, user_id)
    if user is None:
        raise NotFoundError
    return user


def set_teams(session: WriteSession, user_id: str, team_ids: Iterable[str]) -> None:
    """Have the person be in these teams and no others.

    Raises:
        InvalidRequestError: one of them does not exist.
    """
    wanted = set(team_ids)
    # Locked, so that none of them is deleted meanwhile.
    rows = select(Team.id).where(Team.id.in_(wanted)).order_by(Team.id).with_for_update()
    known = set(session.scalars(rows)) if wanted else set()
    if known != wanted:
        raise InvalidRequestError.of_field("team_ids", "unknown_team", "names a team that does not exist")
    session.execute(delete(TeamMember).where(TeamMember.user_id == user_id))
    session.add_all([TeamMember(team_id=team_id, user_id=user_id) for team_id in sorted(wanted)])


def make_setup_link(session: WriteSession, now: datetime) -> str | None:
    """The one link that makes the first administrator, None when there is one; links made before are void."""
    if first_admin(session) is not None:
        return None
    session.execute(delete(OneTimeLink).where(OneTimeLink.purpose == "setup"))
    return make_link(session, "setup", None, now, SETUP_LINK_LASTS)


def set_up(session: WriteSession, token: str, *, email: str, name: str, password_hash: str, now: datetime) -> User:
    """Make the first administrator.

    Raises:
        LinkRefusedError: the link is not good, or there is an administrator already.
    """
    use_link(session, token, "setup", now)
    if first_admin(session) is not None:
        raise LinkRefusedError
    user = create_user(session, email=email, name=name, role="admin", actor=None, now=now)
    user.password_hash, user.password_changed_at = password_hash, now
    return user


def make_password_link(session: WriteSession, user_id: str, actor: Principal, now: datetime) -> str:
    """A link by which a person sets a password, once. The one that is set stays good until then."""
    user = get_locked_user(session, user_id)
    check_may_give(actor, cast("Role", user.role))
    session.execute(delete(OneTimeLink).where(OneTimeLink.purpose == "password_reset", OneTimeLink.user_id == user.id))
    record_audit(session, AuditEvent("password_link.made", now, actor, user.id))
    return make_link(session, "password_reset", user.id, now, PASSWORD_LINK_LASTS)


def reset_password(session: WriteSession, token: str, password_hash: str, now: datetime) -> User:
    """Set a password by a link; every session ends, and the second factor stays.

    Raises:
        LinkRefusedError: the link is not good.
    """
    link = use_link(session, token, "password_reset", now)
    user = get_locked_user(session, link.user_id or "")
    set_password(session, user, password_hash, person(user), now, keep_session=None)
    return user


def set_password(
    session: WriteSession, user: User, password_hash: str, actor: Principal, now: datetime, *, keep_session: str | None
) -> None:
    """Put another password in force and end every session but the one that did it."""
    user.password_hash, user.password_changed_at = password_hash, now
    user.updated_at, user.version = now, user.version + 1
    end_sessions(session, user.id, "password_changed", now, keep=keep_session)
    session.execute(delete(KnownDevice).where(KnownDevice.user_id == user.id))
    record_audit(session, AuditEvent("password.changed", now, actor, user.id))


def take_second_factor(session: WriteSession, user: User, actor: Principal, now: datetime) -> None:
    """Remove a second factor, for somebody who lost it or by the person itself."""
    check_may_give(actor, cast("Role", user.role))
    remove_second_factor(session, user)
    user.updated_at, user.version = now, user.version + 1
    record_audit(session, AuditEvent("second_factor.removed", now, actor, user.id))


def _check_email_is_free(session: ReadSession, email: str, user_id: str | None) -> None:
    owner = user_by_email(session, email)
    if owner is not None and owner.id != user_id:
        raise EmailTakenError


def _check_another_admin(session: ReadSession, user_id: str) -> None:
    others = User.id != user_id
    query = select(func.count()).select_from(User).where(User.role == "admin", User.disabled_at.is_(None), others)
    if not session.scalar(query):
        raise LastAdminError


def _audited(user: User) -> dict[str, object]:
    return {
        "role": user.role, "disabled": user.disabled_at is not None, "name": user.name, "email": user.email,
        "signature": user.signature, "notifications": user.notifications,
    }  # fmt: skip
