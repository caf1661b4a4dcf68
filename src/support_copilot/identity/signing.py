"""Access tokens: JWTs (RFC 9068) signed with ES256, whose public keys every service reads from the database.

Signing keys overlap: a new one is published before it signs, an old one verifies until its last token has expired.
"""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, GuestProtocol
from joserfc.jws import JWSRegistry
from sqlalchemy import or_, select, update

from support_copilot.db.engine import Database, WriteSession
from support_copilot.db.models import SigningKey
from support_copilot.identity.audit import AuditEvent, record_audit
from support_copilot.identity.config import IdentityConfig
from support_copilot.identity.errors import InvalidTokenError
from support_copilot.identity.principal import Principal
from support_copilot.kit.ids import new_id

#: FIPS 186-5, in every JWT library, and what key services in the cloud can sign with.
ALGORITHM: Final = "ES256"
_TYPE: Final = "at+jwt"
_REGISTRY: Final = JWSRegistry(algorithms=[ALGORITHM])
_MAX_TOKEN_CHARS: Final = 2048
#: Clocks of two hosts may differ by so much.
_LEEWAY_S: Final = 5
#: A revoked key is noticed after so long; an unknown one makes us look at once, but not more often than this.
_REREAD_EVERY: Final = timedelta(seconds=30)
_LOOK_AGAIN_AFTER: Final = timedelta(seconds=2)
#: Others may keep a copy of the key set for so long (`Cache-Control` of the JWKS): a new key is published before.
PUBLISHED_AHEAD: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class TokenClaims:
    """What a verified access token says: whose it is, and of which session."""

    user_id: str
    session_id: str


class Keyring:
    """Signs and verifies. Holds the public keys in memory; safe from any thread."""

    def __init__(self, database: Database, config: IdentityConfig) -> None:
        self._database = database
        self._config = config
        self._lock = threading.Lock()
        self._public: dict[str, ECKey] = {}
        self._read_at: datetime | None = None

    def issue(self, user_id: str, session_id: str, now: datetime) -> tuple[str, int]:
        """A fresh access token and the seconds for which it is good."""
        lifetime = self._config.access_token_minutes * 60
        key = self._signer(now)
        moment = int(now.timestamp())
        claims = {
            "iss": self._config.issuer, "aud": self._config.audience, "sub": user_id, "sid": session_id,
            "iat": moment, "nbf": moment, "exp": moment + lifetime, "jti": new_id("token"),
        }  # fmt: skip
        header = {"alg": ALGORITHM, "typ": _TYPE, "kid": key.kid}
        return jwt.encode(header, claims, key, registry=_REGISTRY), lifetime

    def verify(self, token: str, now: datetime) -> TokenClaims:
        """Check form, algorithm, key, signature, type, times, issuer and audience.

        Raises:
            InvalidTokenError: any of them is wrong; ``reason`` says which.
        """
        if len(token) > _MAX_TOKEN_CHARS:
            raise InvalidTokenError("too_long")
        try:
            decoded = jwt.decode(token, lambda signed: self._key_of(signed, now), registry=_REGISTRY)
            if decoded.header.get("typ") != _TYPE:
                raise InvalidTokenError("wrong_type")
            self._rules(now).validate(decoded.claims)
        except (JoseError, ValueError, TypeError, RecursionError) as error:
            raise InvalidTokenError(type(error).__name__) from error
        return TokenClaims(decoded.claims["sub"], decoded.claims["sid"])

    def public_keys(self, now: datetime) -> list[dict[str, Any]]:
        """The JWK set: every key that a token may be signed with now or soon."""
        with self._database.read() as session:
            rows = session.scalars(_good_at(now).order_by(SigningKey.created_at))
            return [dict(row.public_jwk) for row in rows]

    def rotate(self, session: WriteSession, actor: Principal, now: datetime, *, at_once: bool) -> str:
        """Add a key; the keys before it verify on until their last token has expired.

        Args:
            at_once: after a theft: the new key signs now and no token signed before is good any longer.

        Returns:
            The new key's id.
        """
        signs_from = now if at_once else now + PUBLISHED_AHEAD
        until = now if at_once else signs_from + timedelta(minutes=self._config.access_token_minutes, seconds=60)
        running = or_(SigningKey.verifies_until.is_(None), SigningKey.verifies_until > until)
        session.execute(update(SigningKey).where(running).values(verifies_until=until))
        kid = self._add(session, now, signs_from)
        event = AuditEvent("signing_key.rotated", now, actor, after={"kind": "at_once" if at_once else "overlapping"})
        record_audit(session, event)
        return kid

    def forget(self) -> None:
        """Read the keys anew at the next token."""
        with self._lock:
            self._read_at = None

    def _rules(self, now: datetime) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            now=int(now.timestamp()), leeway=_LEEWAY_S,
            iss={"essential": True, "value": self._config.issuer},
            aud={"essential": True, "value": self._config.audience},
            sub={"essential": True}, sid={"essential": True}, jti={"essential": True},
            exp={"essential": True}, nbf={"essential": True}, iat={"essential": True},
        )  # fmt: skip

    def _key_of(self, signed: GuestProtocol, now: datetime) -> ECKey:
        kid = signed.headers().get("kid")
        if not isinstance(kid, str):
            raise InvalidTokenError("no_kid")
        with self._lock:
            age = None if self._read_at is None else now - self._read_at
            if age is None or age > _REREAD_EVERY or (kid not in self._public and age > _LOOK_AGAIN_AFTER):
                self._public, self._read_at = self._read(now), now
            key = self._public.get(kid)
        if key is None:
            raise InvalidTokenError("unknown_kid")
        return key

    def _read(self, now: datetime) -> dict[str, ECKey]:
        with self._database.read() as session:
            return {row.id: ECKey.import_key(dict(row.public_jwk)) for row in session.scalars(_good_at(now))}

    def _signer(self, now: datetime) -> ECKey:
        """The newest key that may sign now; the first one is made on demand."""
        ready = _good_at(now).where(SigningKey.signs_from <= now).order_by(SigningKey.signs_from.desc()).limit(1)
        with self._database.read() as session:
            row = session.scalar(ready)
        if row is None:
            with self._database.transaction() as session:
                self._add(session, now, now)
            self.forget()
            return self._signer(now)
        return ECKey.import_key(row.private_jwk)

    def _add(self, session: WriteSession, now: datetime, signs_from: datetime) -> str:
        key = ECKey.generate_key("P-256", {"use": "sig", "alg": ALGORITHM}, auto_kid=True)
        kid = key.thumbprint()
        row = SigningKey(id=kid, public_jwk=key.as_dict(private=False), created_at=now, signs_from=signs_from)
        row.private_jwk = key.as_dict(private=True)
        session.add(row)
        return kid


def _good_at(now: datetime) -> Any:
    return select(SigningKey).where(or_(SigningKey.verifies_until.is_(None), SigningKey.verifies_until > now))
