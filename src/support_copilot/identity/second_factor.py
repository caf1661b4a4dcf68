"""The second factor: codes of an authenticator (TOTP, RFC 6238), and recovery codes for when it is lost."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import pyotp
from sqlalchemy import delete, func, select

from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import RecoveryCode, User
from support_copilot.identity.secrets import digest, same

_ISSUER: Final = "Support Copilot"
_STEP_S: Final = 30
#: A clock may be wrong by one step.
_WINDOW_STEPS: Final = 1
_RECOVERY_CODES: Final = 10
#: 24 letters of 5 bits: too many to guess, so a plain hash keeps them.
_RECOVERY_LETTERS: Final = "abcdefghjkmnpqrstvwxyz0123456789"
_RECOVERY_GROUPS: Final = 6


def new_totp_secret() -> str:
    """160 random bits in Base32, as authenticators take them."""
    return pyotp.random_base32()


def totp_uri(secret: str, account: str) -> str:
    """What the QR code of the enrolment holds."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=_ISSUER)


def accept_totp(user: User, secret: str, code: str, now: datetime) -> bool:
    """Whether the code is the present one; if so, no code of this or an earlier step is accepted again."""
    totp, current = pyotp.TOTP(secret), int(now.timestamp()) // _STEP_S
    for step in range(current - _WINDOW_STEPS, current + _WINDOW_STEPS + 1):
        if same(code, totp.at(step * _STEP_S)):
            if user.totp_last_step is not None and step <= user.totp_last_step:
                return False
            user.totp_last_step = step
            return True
    return False


def accept_recovery_code(session: WriteSession, user_id: str, code: str, now: datetime) -> bool:
    """Whether the code is one of the person's that is still unused; it is used up by that."""
    row = session.lock(RecoveryCode, digest(_plain(code)))
    if row is None or row.user_id != user_id or row.used_at is not None:
        return False
    row.used_at = now
    return True


def replace_recovery_codes(session: WriteSession, user_id: str, now: datetime) -> list[str]:
    """Ten fresh codes, shown once; the ones before are good no longer."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = [_fresh_code() for _ in range(_RECOVERY_CODES)]
    session.add_all([RecoveryCode(hash=digest(_plain(code)), user_id=user_id, created_at=now) for code in codes])
    return codes


def recovery_codes_left(session: ReadSession, user_id: str) -> int:
    unused = RecoveryCode.used_at.is_(None)
    query = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.user_id == user_id, unused)
    return int(session.scalar(query) or 0)


def remove_second_factor(session: WriteSession, user: User) -> None:
    """Back to the password alone."""
    user.totp_secret, user.totp_confirmed_at, user.totp_last_step = None, None, None
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))


def has_second_factor(methods: Sequence[str]) -> bool:
    """Whether a session began with two factors, or with a provider that says it asked for two."""
    return bool({"totp", "recovery_code", "oidc_mfa"} & set(methods))


def _fresh_code() -> str:
    groups = ("".join(secrets.choice(_RECOVERY_LETTERS) for _ in range(4)) for _ in range(_RECOVERY_GROUPS))
    return "-".join(groups)


def _plain(code: str) -> str:
    return code.replace("-", "").replace(" ", "").lower()
