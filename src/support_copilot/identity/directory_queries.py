"""SQL of the lists of users, teams and keys."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import select

from support_copilot.db.engine import ReadSession
from support_copilot.db.models import ApiKey, Team, TeamMember, User
from support_copilot.http.paging import PageRequest, paged


def list_users(
    session: ReadSession, page: PageRequest, *, role: str | None, team_id: str | None, disabled: bool | None
) -> Sequence[User]:
    """Users, newest first, one more than the page holds."""
    query = select(User)
    if role:
        query = query.where(User.role == role)
    if team_id:
        query = query.where(User.id.in_(select(TeamMember.user_id).where(TeamMember.team_id == team_id)))
    if disabled is not None:
        query = query.where(User.disabled_at.isnot(None) if disabled else User.disabled_at.is_(None))
    return session.scalars(paged(query, page, User.created_at, User.id)).all()


def names_of_users(session: ReadSession, ids: Collection[str]) -> dict[str, str]:
    """The names of those of these ids who are users, by their ids."""
    query = select(User.id, User.name).where(User.id.in_(ids))
    return {str(row["id"]): str(row["name"]) for row in session.execute(query).mappings()}


def teams_of_users(session: ReadSession, user_ids: Iterable[str]) -> dict[str, list[str]]:
    """The teams of each of these users, in order of their ids."""
    found: dict[str, list[str]] = defaultdict(list)
    query = select(TeamMember.user_id, TeamMember.team_id).where(TeamMember.user_id.in_(list(user_ids)))
    for row in session.execute(query.order_by(TeamMember.team_id)):
        found[row.user_id].append(row.team_id)
    return found


def list_teams(session: ReadSession, page: PageRequest) -> Sequence[Team]:
    return session.scalars(paged(select(Team), page, Team.created_at, Team.id)).all()


def list_team_names(session: ReadSession, *, most: int = 500) -> list[tuple[str, str]]:
    """Teams as (id, name), by name."""
    rows = session.execute(select(Team.id, Team.name).order_by(Team.name, Team.id).limit(most)).mappings()
    return sorted(((row["id"], row["name"]) for row in rows), key=lambda team: (team[1].casefold(), team[0]))


def names_of_teams(session: ReadSession, ids: Collection[str]) -> dict[str, str]:
    """The names of those of these ids that are teams, by their ids; nothing is asked where there are none."""
    if not ids:
        return {}
    rows = session.execute(select(Team.id, Team.name).where(Team.id.in_(ids))).mappings()
    return {str(row["id"]): str(row["name"]) for row in rows}


def list_keys(session: ReadSession, page: PageRequest, *, revoked: bool | None) -> Sequence[ApiKey]:
    """Keys, newest first, one more than the page holds."""
    query = select(ApiKey)
    if revoked is not None:
        query = query.where(ApiKey.revoked_at.isnot(None) if revoked else ApiKey.revoked_at.is_(None))
    return session.scalars(paged(query, page, ApiKey.created_at, ApiKey.id)).all()
