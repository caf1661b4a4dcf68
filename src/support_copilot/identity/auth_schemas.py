"""Requests and answers of signing in and of one's own account."""

from datetime import datetime
from typing import Annotated, Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from support_copilot.http.fields import EditRequest, EmailAddress, Line, OptionalBody
from support_copilot.identity.passwords import MAX_CHARS
from support_copilot.identity.permissions import Role
from support_copilot.identity.principal import PrincipalKind

#: As it was typed: neither trimmed nor folded.
Password = Annotated[str, Field(min_length=1, max_length=MAX_CHARS, json_schema_extra={"format": "password"})]
Code = Annotated[str, Field(pattern=r"^\d{6}$", examples=["492039"])]
RecoveryCode = Annotated[str, Field(min_length=24, max_length=40)]
LinkToken = Annotated[str, Field(min_length=20, max_length=100)]


class Strict(BaseModel):
    """A request that may hold nothing but what is named."""

    model_config = ConfigDict(extra="forbid")


class LoginRequest(Strict):
    email: EmailAddress
    password: Password
    code: Code | None = Field(default=None, description="Of the authenticator, once `second_factor_required` was said.")
    recovery_code: RecoveryCode | None = None
    use: Literal["cookie", "tokens"] = Field(
        default="cookie", description="`cookie` for browsers, `tokens` for other programs of a person."
    )


class SetupRequest(Strict):
    token: LinkToken
    email: EmailAddress
    name: Line
    password: Password


class ResetRequest(Strict):
    token: LinkToken
    password: Password


class LinkCheck(Strict):
    token: LinkToken
    purpose: Literal["setup", "password_reset"]


class LinkCheckOut(BaseModel):
    """What a one-time link is good for, and whose it is."""

    email: str | None = Field(
        description="Address of the person who sets a password; null for the first administrator."
    )
    name: str | None
    expires_at: datetime


class PasswordChange(Strict):
    current_password: Password | None = Field(default=None, description="Left out only where there is none yet.")
    new_password: Password


class PasswordAgain(Strict):
    password: Password | None = Field(default=None, description="Left out only where there is none.")


#: An issue was given to one, a customer wrote to one's issue, an issue is critical, a note names one as ``@name``.
NewsKind = Literal["assigned", "reply", "critical", "mention"]
NEWS: Final[tuple[NewsKind, ...]] = get_args(NewsKind)
MAX_SIGNATURE_CHARS = 2000


class AccountEdit(EditRequest):
    """What people change about themselves; address and role are an administrator's to change."""

    name: Line | None = None
    signature: Annotated[OptionalBody, Field(max_length=MAX_SIGNATURE_CHARS)] | None = Field(
        default=None, description="Text below one's replies; empty: none."
    )
    notifications: Annotated[list[NewsKind], Field(max_length=len(NEWS))] | None = Field(
        default=None, description="Of what the console tells one by itself."
    )

    @model_validator(mode="after")
    def _names_a_change(self) -> "AccountEdit":
        if not self.model_fields_set:
            raise ValueError("must name what is to change")
        return self


class CodeRequest(Strict):
    code: Code


class RefreshRequest(Strict):
    refresh_token: LinkToken


class TokensOut(BaseModel):
    """``refresh_token`` is good for one use: keep the one of the newest answer."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105  # the name of a scheme
    expires_in: int = Field(description="Seconds.")
    refresh_token: str


class SignedInOut(BaseModel):
    """``csrf_token`` for browsers, ``tokens`` for programs."""

    user_id: str
    name: str
    role: Role
    session_id: str
    csrf_token: str | None
    tokens: TokensOut | None


class SignInOptions(BaseModel):
    """What the page that signs in should offer."""

    password: Literal[True] = True
    provider: str | None = Field(description="Label of the identity provider, null without one.")
    setup_needed: bool = Field(description="Nobody runs this installation yet: open the link that its start printed.")
    password_min_chars: int


class MeOut(BaseModel):
    """Who the caller is. ``csrf_token`` is there for browsers: send it as `X-CSRF-Token` with every change."""

    kind: PrincipalKind
    id: str = Field(examples=["usr_01j9z3k6w8f5v9m2q4x7c1b0ad"])
    name: str
    role: Role | None
    permissions: list[str] = Field(examples=[["issues.edit", "issues.read"]])
    team_ids: list[str]
    session_id: str | None
    csrf_token: str | None
    account: "AccountOut | None" = Field(description="Of people only.")


class AccountOut(BaseModel):
    """How a person comes in."""

    email: str | None
    has_password: bool
    has_second_factor: bool
    recovery_codes_left: int
    second_factor_needed: bool = Field(description="Set one up, and sign in with it, to get your role's permissions.")
    signature: str = Field(description="Text below one's replies; empty: none.")
    notifications: list[NewsKind] = Field(description="Of what the console tells one by itself.")


class SessionOut(BaseModel):
    """One sign-in of a person."""

    id: str
    current: bool
    methods: list[str]
    address: str | None
    user_agent: str | None
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


class EnrolmentOut(BaseModel):
    """What an authenticator is fed with; shown once."""

    secret: str
    uri: str = Field(description="For a QR code.")


class RecoveryCodesOut(BaseModel):
    """Each stands in once for the second factor; shown once."""

    recovery_codes: list[str]


class JwksOut(BaseModel):
    """A JWK set (RFC 7517)."""

    keys: list[dict[str, str]]
