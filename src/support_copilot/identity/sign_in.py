"""Signing in with a password, and with a second factor where there is one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NoReturn

from sqlalchemy import delete

from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import KnownDevice, User
from support_copilot.http.context import origin
from support_copilot.identity.audit import AuditEvent, record_audit
from support_copilot.identity.errors import SecondFactorRequiredError, SignInFailedError
from support_copilot.identity.passwords import hash_password, is_outdated, is_right
from support_copilot.identity.queries import user_by_email
from support_copilot.identity.runtime import Identity
from support_copilot.identity.second_factor import accept_recovery_code, accept_totp
from support_copilot.identity.secrets import digest, new_secret
from support_copilot.identity.sessions import OpenedSession, open_session, person
from support_copilot.identity.throttle import (
    check_open,
    count_failure,
    counts_of_second_factor,
    counts_of_sign_in,
    forgive,
)

_DEVICE_LASTS: Final = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody shows who wants to come in.

    ``device`` is the secret that this browser got at an earlier sign-in, if it has one.
    """

    email: str
    password: str
    code: str | None = None
    recovery_code: str | None = None
    device: str | None = None
    browser: bool = True


@dataclass(frozen=True, slots=True)
class SignedIn:
    """``device`` is a fresh secret by which the browser is known the next time."""

    user: User
    session: OpenedSession
    device: str | None


def sign_in(identity: Identity, attempt: Attempt) -> SignedIn:
    """Let a person in. Nothing that is refused tells whether the account exists.

    Raises:
        TooManyAttemptsError: too many failed before.
        SignInFailedError: no such person, wrong password, disabled, or a wrong code.
        SecondFactorRequiredError: the password was right and a code is needed.
    """
    now, address = identity.clock(), origin().address
    with identity.database.read() as session:
        user = user_by_email(session, attempt.email)
        device = _known_device(session, user, attempt.device, now)
        counts = counts_of_sign_in(attempt.email, address, device)
        check_open(session, counts, now)
    right = is_right(attempt.password, user.password_hash if user else None)
    if user is None or not right or user.disabled_at is not None:
        count_failure(identity.database, counts, now)
        _refuse(identity, user, "disabled" if right else "wrong_password", now)
    methods = ["password"]
    if user.totp_confirmed_at is not None:
        methods.append(_second_factor(identity, user, attempt, now))
    fresh_hash = hash_password(attempt.password) if is_outdated(user.password_hash or "") else None
    with identity.database.transaction() as session:
        current = session.lock(User, user.id)
        if current is None or current.disabled_at is not None or current.password_hash != user.password_hash:
            raise SignInFailedError
        current.password_hash = fresh_hash or current.password_hash
        opened = open_session(session, identity.config, current, methods, now, browser=attempt.browser)
        known = _remember_device(session, current.id, device, now) if attempt.browser else None
    forgive(identity.database, counts)
    return SignedIn(current, opened, known)


def check_password(identity: Identity, user: User, password: str) -> None:
    """Ask a signed-in person for the password again, before something that a thief of the session must not do.

    Raises:
        TooManyAttemptsError, SignInFailedError: as when signing in.
    """
    now, counts = identity.clock(), counts_of_second_factor(user.id)
    with identity.database.read() as session:
        check_open(session, counts, now)
    if not is_right(password, user.password_hash):
        count_failure(identity.database, counts, now)
        _refuse(identity, user, "wrong_password", now)


def _second_factor(identity: Identity, user: User, attempt: Attempt, now: datetime) -> str:
    if attempt.code is None and attempt.recovery_code is None:
        raise SecondFactorRequiredError
    counts = counts_of_second_factor(user.id)
    with identity.database.read() as session:
        check_open(session, counts, now)
    with identity.database.transaction() as session:
        current = session.lock(User, user.id)
        used = _use_code(session, current, attempt, now) if current else None
    if used is None:
        count_failure(identity.database, counts, now)
        _refuse(identity, user, "wrong_code", now)
    return used


def _use_code(session: WriteSession, user: User, attempt: Attempt, now: datetime) -> str | None:
    if attempt.code is not None and user.totp_secret is not None:
        return "totp" if accept_totp(user, user.totp_secret, attempt.code, now) else None
    if attempt.recovery_code is not None and accept_recovery_code(session, user.id, attempt.recovery_code, now):
        record_audit(session, AuditEvent("recovery_code.used", now, person(user), user.id))
        return "recovery_code"
    return None


def _refuse(identity: Identity, user: User | None, reason: str, now: datetime) -> NoReturn:
    with identity.database.transaction() as session:
        target = user.id if user else None
        record_audit(session, AuditEvent("session.opened", now, None, target, "refused", reason=reason))
    raise SignInFailedError


def _known_device(session: ReadSession, user: User | None, secret: str | None, now: datetime) -> str | None:
    row = session.get(KnownDevice, digest(secret)) if secret and user else None
    known = row is not None and user is not None and row.user_id == user.id and row.expires_at > now
    return row.hash if row is not None and known else None


def _remember_device(session: WriteSession, user_id: str, device: str | None, now: datetime) -> str:
    """A fresh secret for this browser, in place of the one that it showed."""
    secret = new_secret()
    if device is not None:
        session.execute(delete(KnownDevice).where(KnownDevice.hash == device))
    session.add(KnownDevice(hash=digest(secret), user_id=user_id, created_at=now, expires_at=now + _DEVICE_LASTS))
    return secret
