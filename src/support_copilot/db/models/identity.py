"""People, programs and how they come in. Secrets are kept as SHA-256 (random ones) or Argon2id (passwords) only."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from support_copilot.db.models.base import Base, Versioned, table_options
from support_copilot.db.sealed import BlindIndex, EncryptedJson, EncryptedText, Sealed, SealedRow
from support_copilot.db.types import Id, JsonValue, LongText, UtcDateTime
from support_copilot.kit.contact import normal_email

#: SHA-256 in hexadecimal.
Digest = String(64)


class User(SealedRow, Versioned, Base):
    """A person. One who was disabled stays, because the audit trail and messages name them."""

    __tablename__ = "users"
    __table_args__ = table_options(
        UniqueConstraint("oidc_issuer", "oidc_subject"),
        Index("ix_users_email_index", "email_index", unique=True),
        Index("ix_users_created_at_id", "created_at", "id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    #: Empty for the administrator that `make run` makes on a machine of its own.
    email_sealed: Mapped[bytes | None] = mapped_column(Sealed)
    email_index: Mapped[bytes | None] = mapped_column(BlindIndex)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    totp_secret_sealed: Mapped[bytes | None] = mapped_column(Sealed)
    totp_confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: Number of the last 30-second step whose code was accepted: none is accepted twice.
    totp_last_step: Mapped[int | None] = mapped_column(BigInteger)
    oidc_issuer: Mapped[str | None] = mapped_column(String(190))
    oidc_subject: Mapped[str | None] = mapped_column(String(190))
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_signed_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: What the console puts below this person's replies, in sight, before they are sent.
    signature: Mapped[str | None] = mapped_column(LongText)
    #: Of what the console tells this person by itself; NULL: of everything that it can.
    notifications: Mapped[list[str] | None] = mapped_column(JsonValue)

    #: Lower-cased.
    email = EncryptedText("email_sealed", index="email_index", normalise=normal_email)
    totp_secret = EncryptedText("totp_secret_sealed")


class UserSession(Base):
    """One sign-in. A browser's is known by the secret in its cookie, a program's by the ``sid`` of its tokens."""

    __tablename__ = "sessions"
    __table_args__ = table_options(
        Index("ix_sessions_secret_hash", "secret_hash", unique=True),
        Index("ix_sessions_user_id_created_at", "user_id", "created_at"),
        Index("ix_sessions_expires_at", "expires_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    secret_hash: Mapped[str | None] = mapped_column(Digest)
    #: How the person proved who they are: password, totp, recovery_code, link, oidc.
    methods: Mapped[list[str]] = mapped_column(JsonValue)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    end_reason: Mapped[str | None] = mapped_column(String(40))
    address: Mapped[str | None] = mapped_column(String(45))
    user_agent: Mapped[str | None] = mapped_column(String(200))


class RefreshToken(Base):
    """Good for one use; a second use means that it was stolen, and ends the session."""

    __tablename__ = "refresh_tokens"
    __table_args__ = table_options(Index("ix_refresh_tokens_session_id", "session_id"))

    hash: Mapped[str] = mapped_column(Digest, primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ApiKey(Versioned, Base):
    """What a program shows instead of a person's sign-in."""

    __tablename__ = "api_keys"
    __table_args__ = table_options(Index("ix_api_keys_created_at_id", "created_at", "id"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    #: Permissions out of its role's that it is limited to; empty for all of them.
    scopes: Mapped[list[str] | None] = mapped_column(JsonValue)
    #: The first letters, so that people can tell keys apart.
    hint: Mapped[str] = mapped_column(String(16))
    created_by: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ApiKeySecret(Base):
    """A secret that stands for a key; while it is rotated two do, the old one until ``expires_at``."""

    __tablename__ = "api_key_secrets"
    __table_args__ = table_options(
        Index("ix_api_key_secrets_key_id", "key_id"), Index("ix_api_key_secrets_shown_to", "shown_to")
    )

    hash: Mapped[str] = mapped_column(Digest, primary_key=True)
    key_id: Mapped[str] = mapped_column(ForeignKey("api_keys.id"))
    #: The person who saw it, also when a key of theirs asked for it; NULL when it was made on this machine.
    shown_to: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OneTimeLink(Base):
    """A link that opens one door once: local_sign_in, setup or password_reset."""

    __tablename__ = "one_time_links"
    __table_args__ = table_options(Index("ix_one_time_links_expires_at", "expires_at"))

    hash: Mapped[str] = mapped_column(Digest, primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RecoveryCode(Base):
    """Stands in once for the second factor."""

    __tablename__ = "recovery_codes"
    __table_args__ = table_options(Index("ix_recovery_codes_user_id", "user_id"))

    hash: Mapped[str] = mapped_column(Digest, primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SignInAttempts(Base):
    """Failed sign-ins of one account from one place, counted in the record so that no restart forgets them."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = table_options(Index("ix_sign_in_attempts_window_ends_at", "window_ends_at"))

    #: SHA-256 of what is counted, so that the table lists no addresses.
    subject: Mapped[str] = mapped_column(Digest, primary_key=True)
    failures: Mapped[int] = mapped_column()
    window_ends_at: Mapped[datetime] = mapped_column(UtcDateTime)


class KnownDevice(Base):
    """A browser from which this person signed in before: guesses made elsewhere do not lock it out."""

    __tablename__ = "known_devices"
    __table_args__ = table_options(Index("ix_known_devices_user_id", "user_id"))

    hash: Mapped[str] = mapped_column(Digest, primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SigningKey(SealedRow, Base):
    """A key that signs access tokens: its public half for every service, its private half encrypted."""

    __tablename__ = "signing_keys"
    __table_args__ = table_options()

    #: The ``kid`` of the tokens that it signs.
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    public_jwk: Mapped[dict[str, Any]] = mapped_column(JsonValue)
    private_jwk_sealed: Mapped[bytes | None] = mapped_column(Sealed)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Later than ``created_at``, so that whoever keeps a copy of the public keys has it before the first token.
    signs_from: Mapped[datetime] = mapped_column(UtcDateTime)
    verifies_until: Mapped[datetime | None] = mapped_column(UtcDateTime)

    private_jwk = EncryptedJson("private_jwk_sealed")


class Team(Versioned, Base):
    __tablename__ = "teams"
    __table_args__ = table_options(UniqueConstraint("name"), Index("ix_teams_created_at_id", "created_at", "id"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))


class TeamMember(Base):
    __tablename__ = "team_members"
    __table_args__ = table_options(Index("ix_team_members_user_id", "user_id"))

    team_id: Mapped[str] = mapped_column(ForeignKey("teams.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
