"""An identity provider of the company, spoken to by OpenID Connect."""

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from support_copilot.identity.permissions import Role


class OidcConfig(BaseModel):
    """An identity provider, by OpenID Connect: authorization code with PKCE."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: str = Field(
        pattern=r"^(https://[^?#\s]+|http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(/[^?#\s]*)?)$",
        description="Its address, below which `/.well-known/openid-configuration` is found.",
    )
    client_id: str = Field(min_length=1, description="What this product is called there.")
    client_secret: SecretStr | None = Field(default=None, description="Left out for a public client.")
    label: str = Field(default="Single sign-on", max_length=60, description="What the button says.")
    scopes: str = Field(default="openid profile email", description="What is asked for.")
    groups_claim: str = Field(default="groups", description="The claim that lists a person's groups.")
    role_of_group: dict[str, Role] = Field(
        default={}, description="Group to role, as JSON; who is in several gets the first of them in this order."
    )
    default_role: Role | None = Field(
        default=None, description="Role of people in none of those groups; empty: they may not come in."
    )
    link_by_email: bool = Field(
        default=False,
        description="Take a person who comes for the first time for the user with the same address, if the provider "
        "has verified it. Only for a provider that hands out addresses of the company alone.",
    )
    second_factor_methods: frozenset[str] = Field(
        default=frozenset({"mfa", "otp", "hwk"}),
        description="Values of `amr` (RFC 8176) by which the provider says that it asked for a second factor.",
    )
