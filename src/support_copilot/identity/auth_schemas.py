"""Requests and answers of signing in."""

from pydantic import BaseModel, Field

from support_copilot.identity.permissions import Role
from support_copilot.identity.principal import PrincipalKind


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


class JwksOut(BaseModel):
    """A JWK set (RFC 7517)."""

    keys: list[dict[str, str]]
