"""Requests and answers about users, teams and API keys."""

from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from support_copilot.db.models import ApiKey, Team, User
from support_copilot.http.fields import EditRequest, EmailAddress, Line, Moment, Slug
from support_copilot.identity.auth_schemas import Strict
from support_copilot.identity.permissions import ALWAYS, PERSONAL, Role, permissions_of

TeamIds = Annotated[list[Annotated[str, Field(max_length=64)]], Field(max_length=100)]
Scopes = Annotated[list[Annotated[str, Field(max_length=80)]], Field(min_length=1, max_length=100)]


class UserIn(Strict):
    email: EmailAddress
    name: Line
    role: Role
    team_ids: TeamIds = Field(default=[])


class UserEdit(EditRequest):
    """An edit of a user. Another role counts from the next request; a disabled user is out at once."""

    email: EmailAddress | None = None
    name: Line | None = None
    role: Role | None = None
    disabled: bool | None = None
    team_ids: TeamIds | None = None


class StandingOut(BaseModel):
    """How somebody comes in; for those who oversee."""

    has_password: bool
    has_second_factor: bool
    by_provider: bool
    last_signed_in_at: datetime | None


class UserOut(BaseModel):
    """A person who may sign in."""

    id: str = Field(examples=["usr_01j9z3k6w8f5v9m2q4x7c1b0ad"])
    email: str | None
    name: str
    role: Role
    disabled: bool
    team_ids: list[str]
    standing: StandingOut | None = Field(description="Null for those who do not oversee.")
    version: int
    created_at: datetime
    updated_at: datetime


class LinkOut(BaseModel):
    """A link that is good once; shown once."""

    link: str
    expires_at: datetime


class UserCreated(BaseModel):
    """A new user, and the link by which they set their password."""

    user: UserOut
    password_link: LinkOut


class RoleOut(BaseModel):
    """A role and what it may do; ``lendable`` is what a key with this role may be narrowed to."""

    role: Role
    permissions: list[str]
    lendable: list[str]


class TeamIn(Strict):
    name: Slug


class TeamOut(BaseModel):
    id: str = Field(examples=["tem_01j9z3k6w8f5v9m2q4x7c1b0ad"])
    name: str
    members: int = Field(description="People who may come in.")
    version: int
    created_at: datetime
    updated_at: datetime


class TeamUse(TeamOut):
    """A team, and what would be of no team without it."""

    issues: int = Field(description="All of its issues, ended ones among them.")
    limits: bool = Field(description="Whether agents see issues of their own teams and of none only.")


class KeyIn(Strict):
    name: Line
    role: Role
    scopes: Scopes | None = Field(default=None, description="Only these of the role's permissions.")
    expires_at: Moment | None = None


class KeyEdit(EditRequest):
    may_be_empty: ClassVar[frozenset[str]] = frozenset({"expires_at"})

    name: Line | None = None
    expires_at: Moment | None = None


class RotateRequest(Strict):
    overlap_hours: float = Field(default=24, ge=0, le=720, description="How long the old secret goes on.")


class KeyOut(BaseModel):
    """An API key without its secret. ``hint`` is the beginning of it."""

    model_config = ConfigDict(from_attributes=True)

    id: str = Field(examples=["key_01j9z3k6w8f5v9m2q4x7c1b0ad"])
    name: str
    role: Role
    scopes: list[str] | None
    hint: str
    created_by: str = Field(
        description="Id of who made it or rotated it last. A secret ends when the person who was shown it is disabled "
        "or may make keys no more, and a key with its last secret."
    )
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None
    version: int


class KeyMade(BaseModel):
    """``key`` is shown this once and kept nowhere."""

    api_key: KeyOut
    key: str


def render_user(user: User, team_ids: list[str], *, with_standing: bool) -> UserOut:
    standing = StandingOut(
        has_password=user.password_hash is not None, has_second_factor=user.totp_confirmed_at is not None,
        by_provider=user.oidc_subject is not None, last_signed_in_at=user.last_signed_in_at,
    )  # fmt: skip
    return UserOut.model_validate(
        {
            "id": user.id, "email": user.email, "name": user.name, "role": user.role,
            "disabled": user.disabled_at is not None, "team_ids": team_ids,
            "standing": standing if with_standing else None, "version": user.version,
            "created_at": user.created_at, "updated_at": user.updated_at,
        }
    )  # fmt: skip


def render_role(role: Role) -> RoleOut:
    permissions = permissions_of(role)
    return RoleOut(role=role, permissions=sorted(permissions), lendable=sorted(permissions - PERSONAL - ALWAYS))


def render_team(team: Team, members: int) -> TeamOut:
    return TeamOut(
        id=team.id, name=team.name, members=members, version=team.version, created_at=team.created_at,
        updated_at=team.updated_at,
    )  # fmt: skip


def render_key(key: ApiKey) -> KeyOut:
    return KeyOut.model_validate(key)
