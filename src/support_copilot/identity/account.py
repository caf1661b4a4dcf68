"""What people do with their own account: password, second factor, sessions."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from support_copilot.db.engine import WriteSession
from support_copilot.db.models import User, UserSession
from support_copilot.identity.audit import AuditEvent, record_audit
from support_copilot.identity.errors import SignInFailedError
from support_copilot.identity.passwords import check_new_password, hash_password
from support_copilot.identity.principal import Principal
from support_copilot.identity.queries import end_sessions
from support_copilot.identity.runtime import Identity
from support_copilot.identity.second_factor import accept_totp, new_totp_secret, replace_recovery_codes, totp_uri
from support_copilot.identity.sign_in import check_password
from support_copilot.identity.throttle import check_open, count_failure, counts_of_second_factor
from support_copilot.identity.users import (
    UserChanges,
    edit_user,
    get_locked_user,
    get_user,
    set_password,
    take_second_factor,
)
from support_copilot.kit.errors import ConflictError, NotFoundError


class SecondFactorSetError(ConflictError):
    code, title = "second_factor_set", "There is a second factor already; remove it first"


class NoEnrolmentError(ConflictError):
    code, title = "no_enrolment", "Begin to set up a second factor first"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator is fed with; shown once."""

    secret: str
    uri: str


def change_password(identity: Identity, principal: Principal, current: str | None, new: str) -> None:
    """Replace the password, or set the first one; every other session ends.

    Raises:
        SignInFailedError, TooManyAttemptsError: the present password was not right.
        InvalidRequestError: the new one would be guessed.
    """
    user = confirmed_user(identity, principal, current)
    check_new_password(new, [user.name, user.email], identity.config.password_min_chars)
    password_hash = hash_password(new)
    with identity.database.transaction() as session:
        row = get_locked_user(session, user.id)
        set_password(session, row, password_hash, principal, identity.clock(), keep_session=principal.session_id)


def edit_oneself(identity: Identity, principal: Principal, changes: UserChanges) -> str:
    """Change one's own name, signature or choice of notifications; returns the name as stored."""
    with identity.database.transaction() as session:
        return edit_user(session, principal.id, changes, None, principal, identity.clock()).name


def begin_enrolment(identity: Identity, principal: Principal, password: str | None) -> Enrolment:
    """Make a secret for an authenticator; it counts when a code of it was shown.

    Raises:
        SignInFailedError, TooManyAttemptsError: the password was not right.
        SecondFactorSetError: there is one in force.
    """
    user = confirmed_user(identity, principal, password)
    with identity.database.transaction() as session:
        row = get_locked_user(session, user.id)
        if row.totp_confirmed_at is not None:
            raise SecondFactorSetError
        row.totp_secret, row.totp_last_step = new_totp_secret(), None
        return Enrolment(row.totp_secret, totp_uri(row.totp_secret, row.email or row.name))


def confirm_enrolment(identity: Identity, principal: Principal, code: str) -> list[str]:
    """Put the second factor in force; returns recovery codes, shown once.

    Raises:
        NoEnrolmentError: none was begun, or it is in force already.
        SignInFailedError, TooManyAttemptsError: the code was not right.
    """
    now, counts = identity.clock(), counts_of_second_factor(principal.id)
    with identity.database.read() as session:
        check_open(session, counts, now)
    with identity.database.transaction() as session:
        user = get_locked_user(session, principal.id)
        if user.totp_secret is None or user.totp_confirmed_at is not None:
            raise NoEnrolmentError
        codes = _confirm(session, user, principal, now) if accept_totp(user, user.totp_secret, code, now) else None
    if codes is None:
        count_failure(identity.database, counts, now)
        raise SignInFailedError
    return codes


def renew_recovery_codes(identity: Identity, principal: Principal, password: str | None) -> list[str]:
    """Ten fresh recovery codes; the ones before are good no longer."""
    user, now = confirmed_user(identity, principal, password), identity.clock()
    with identity.database.transaction() as session:
        if get_locked_user(session, user.id).totp_confirmed_at is None:
            raise NoEnrolmentError
        record_audit(session, AuditEvent("recovery_codes.made", now, principal, user.id))
        return replace_recovery_codes(session, user.id, now)


def leave_second_factor(identity: Identity, principal: Principal, password: str | None) -> None:
    """Remove one's own second factor."""
    user = confirmed_user(identity, principal, password)
    with identity.database.transaction() as session:
        take_second_factor(session, get_locked_user(session, user.id), principal, identity.clock())


def end_own_sessions(identity: Identity, principal: Principal, session_id: str | None) -> None:
    """End one of one's own sessions, or with None all but the present one.

    Raises:
        NotFoundError: there is no such session of this person.
    """
    now = identity.clock()
    with identity.database.transaction() as session:
        if session_id is None:
            end_sessions(session, principal.id, "revoked", now, keep=principal.session_id)
        else:
            row = session.lock(UserSession, session_id)
            if row is None or row.user_id != principal.id:
                raise NotFoundError
            row.ended_at, row.end_reason = row.ended_at or now, row.end_reason or "revoked"
        record_audit(session, AuditEvent("session.ended", now, principal, session_id or principal.id, reason="revoked"))


def confirmed_user(identity: Identity, principal: Principal, password: str | None) -> User:
    """The signed-in person, who has just shown their password again, unless they have none."""
    with identity.database.read() as session:
        user = get_user(session, principal.id)
    if user.password_hash is not None:
        check_password(identity, user, password or "")
    return user


def _confirm(session: WriteSession, user: User, principal: Principal, now: datetime) -> list[str]:
    user.totp_confirmed_at, user.updated_at, user.version = now, now, user.version + 1
    _raise_session(session, principal)
    end_sessions(session, user.id, "second_factor_set", now, keep=principal.session_id)
    record_audit(session, AuditEvent("second_factor.set", now, principal, user.id))
    return replace_recovery_codes(session, user.id, now)


def _raise_session(session: WriteSession, principal: Principal) -> None:
    """The session in which the code was shown has both factors from now on."""
    row = session.get(UserSession, principal.session_id)
    if row is not None:
        methods = [*row.methods, "totp"]
        session.execute(update(UserSession).where(UserSession.id == row.id).values(methods=methods))
