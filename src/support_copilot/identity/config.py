"""How people and programs come in."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from support_copilot.identity.oidc_config import OidcConfig
from support_copilot.identity.permissions import Role


class IdentityConfig(BaseModel):
    """Sign-in, sessions, tokens and what roles may see."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    public_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^/?#\s]+$",
        description="Address under which people reach the product, such as `https://copilot.example.com`. "
        "With `https` the session cookie is sent over TLS only.",
    )
    issuer: str = Field(default="support-copilot", min_length=1, max_length=200, description="`iss` of access tokens.")
    audience: str = Field(
        default="support-copilot", min_length=1, max_length=200, description="`aud` of access tokens."
    )
    access_token_minutes: int = Field(default=10, ge=1, le=60, description="How long an access token is good for.")
    session_idle_minutes: int = Field(
        default=60, ge=5, le=1440, description="A session that nobody used for so long is over (NIST SP 800-63B-4)."
    )
    password_min_chars: int = Field(
        default=12, ge=8, le=64, description="Fewest characters of a password; common ones are refused at any length."
    )
    teams_limit_agents: bool = Field(
        default=False,
        description="Agents see only issues of their own teams and of none, and only customers of such issues.",
    )
    second_factor_roles: frozenset[Role] = Field(
        default=frozenset(), description="Roles that may do nothing before they have set up a second factor."
    )
    oidc: OidcConfig | None = Field(default=None, description="Sign-in at an identity provider.")
    provider_keys_days: int = Field(
        default=30,
        ge=1,
        le=366,
        description="Keys that a person of the identity provider made rest when that person has not signed in for so "
        "long: nobody has confirmed since that they still have their role. The next sign-in wakes them.",
    )
    session_hours: int = Field(default=24, ge=1, le=720, description="A session is over after so long in any case.")

    @model_validator(mode="after")
    def _idle_within_session(self) -> Self:
        if self.session_idle_minutes > self.session_hours * 60:
            raise ValueError("session_idle_minutes must not exceed session_hours")
        return self

    @model_validator(mode="after")
    def _provider_finds_the_way_back(self) -> Self:
        if self.oidc is not None and self.public_url is None:
            raise ValueError("public_url is needed beside oidc, because the provider sends people back to it")
        return self
