"""Teams: who works together, and which issues an agent sees, where the settings say so."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, cast

from sqlalchemy import Delete, Select, Update, delete, func, select, update

from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import Issue, Team, TeamMember, User
from support_copilot.http.concurrency import check_version
from support_copilot.identity.audit import AuditEvent, record_audit
from support_copilot.identity.lending import check_may_give
from support_copilot.identity.permissions import Role
from support_copilot.identity.principal import Principal
from support_copilot.identity.users import get_locked_user
from support_copilot.kit.errors import ConflictError, NotFoundError
from support_copilot.kit.ids import new_id

#: Of one installation; lists of all of them show so many.
MOST_TEAMS: Final = 500
_AT_WORK: Final = ("open", "pending")
#: Of one person.
MOST_OF_PERSON: Final = 100


class TeamNameTakenError(ConflictError):
    code, title = "team_name_taken", "Another team has this name"


class TooManyTeamsError(ConflictError):
    code, title = "too_many_teams", "There are as many teams as there can be"


def create_team(session: WriteSession, name: str, actor: Principal, now: datetime) -> Team:
    """Make a team without members.

    Raises:
        TeamNameTakenError: there is one of this name.
        TooManyTeamsError: there are as many as there can be.
    """
    _check_name_is_free(session, name, None)
    if _count(session, select(func.count()).select_from(Team)) >= MOST_TEAMS:
        raise TooManyTeamsError(f"There can be at most {MOST_TEAMS} teams.")
    team = Team(id=new_id("team"), name=name, version=1, created_at=now, updated_at=now)
    session.add(team)
    record_audit(session, AuditEvent("team.created", now, actor, team.id))
    return team


def rename_team(
    session: WriteSession, team_id: str, name: str, if_match: str | None, actor: Principal, now: datetime
) -> Team:
    """Give a team another name.

    Raises:
        NotFoundError: there is no such team.
        TeamNameTakenError: there is another one of this name.
    """
    team = _locked(session, team_id)
    check_version(if_match, team.version)
    _check_name_is_free(session, name, team.id)
    before = {"name": team.name}
    team.name, team.updated_at, team.version = name, now, team.version + 1
    record_audit(session, AuditEvent("team.edited", now, actor, team.id, before=before, after={"name": name}))
    return team


def delete_team(session: WriteSession, team_id: str, if_match: str | None, actor: Principal, now: datetime) -> None:
    """Remove a team: its issues are of none then, and so everybody's, and its members are in one team less.

    Raises:
        NotFoundError: there is no such team.
        StaleVersionError: it changed since ``if_match`` was read.
    """
    team = _locked(session, team_id)
    check_version(if_match, team.version)
    freed = update(Issue).where(Issue.team_id == team.id)
    at_work = freed.where(Issue.status.in_(_AT_WORK))
    issues = _changed(session, at_work.values(team_id=None, version=Issue.version + 1, updated_at=now))
    # What ended long ago is as old as before: rules of retention count from when it was changed last.
    issues += _changed(session, freed.values(team_id=None))
    members = _changed(session, delete(TeamMember).where(TeamMember.team_id == team.id))
    session.delete(team)
    counts = {"issues": issues, "members": members}
    record_audit(session, AuditEvent("team.deleted", now, actor, team.id, before={"name": team.name}, after=counts))


def put_into_team(session: WriteSession, team_id: str, user_id: str, actor: Principal, now: datetime) -> None:
    """Have a person be in a team; who is in it already stays.

    Raises:
        NotFoundError: there is no such team, or no such person.
        TooManyTeamsError: the person is in as many as they can be.
        PermissionDeniedError: it is a key that asks, and the person has more than its permissions.
    """
    user = get_locked_user(session, user_id)
    _locked(session, team_id)
    check_may_give(actor, cast("Role", user.role))
    if session.get(TeamMember, (team_id, user_id)) is not None:
        return
    if _count(session, select(func.count()).where(TeamMember.user_id == user_id)) >= MOST_OF_PERSON:
        raise TooManyTeamsError(f"A person can be in at most {MOST_OF_PERSON} teams.")
    session.add(TeamMember(team_id=team_id, user_id=user_id))
    user.updated_at, user.version = now, user.version + 1
    record_audit(session, AuditEvent("team.member_added", now, actor, team_id, after={"user_id": user_id}))


def take_out_of_team(session: WriteSession, team_id: str, user_id: str, actor: Principal, now: datetime) -> User:
    """Have a person be in a team no more; who is not in it stays out.

    Raises:
        NotFoundError: there is no such team, or no such person.
        PermissionDeniedError: it is a key that asks, and the person has more than its permissions.
    """
    user = get_locked_user(session, user_id)
    _locked(session, team_id)
    check_may_give(actor, cast("Role", user.role))
    member = session.get(TeamMember, (team_id, user_id))
    if member is None:
        return user
    session.delete(member)
    user.updated_at, user.version = now, user.version + 1
    record_audit(session, AuditEvent("team.member_removed", now, actor, team_id, before={"user_id": user_id}))
    return user


def free_unseen_issues(session: WriteSession, user: User, actor: Principal, now: datetime) -> None:
    """Have nobody work on what a person was given and does not see any more, where teams limit agents."""
    if user.role != "agent":
        return
    session.flush()
    own = select(TeamMember.team_id).where(TeamMember.user_id == user.id)
    # Nothing is in no list that is empty, not even no team.
    unseen = Issue.team_id.is_not(None) & Issue.team_id.not_in(own)
    theirs = update(Issue).where(Issue.assignee == user.id, Issue.status.in_(_AT_WORK), unseen)
    count = _changed(session, theirs.values(assignee=None, version=Issue.version + 1, updated_at=now))
    if count:
        record_audit(session, AuditEvent("issues.edited", now, actor, user.id, after={"count": count}))


def count_members(session: ReadSession, team_ids: Sequence[str]) -> dict[str, int]:
    """How many people who may come in are in each of these teams; teams without any are left out."""
    query = select(TeamMember.team_id, func.count().label("members")).join(User, User.id == TeamMember.user_id)
    query = query.where(TeamMember.team_id.in_(team_ids), User.disabled_at.is_(None))
    rows = session.execute(query.group_by(TeamMember.team_id)).mappings()
    return {str(row["team_id"]): int(row["members"]) for row in rows}


def get_team(session: ReadSession, team_id: str) -> Team:
    """The team's row.

    Raises:
        NotFoundError: there is no such team.
    """
    team = session.get(Team, team_id)
    if team is None:
        raise NotFoundError
    return team


def count_issues(session: ReadSession, team_id: str) -> int:
    """How many issues the team has, ended ones among them."""
    return _count(session, select(func.count()).where(Issue.team_id == team_id))


def _locked(session: WriteSession, team_id: str) -> Team:
    team = session.lock(Team, team_id)
    if team is None:
        raise NotFoundError
    return team


def _count(session: ReadSession, query: Select[int]) -> int:
    return int(session.scalar(query) or 0)


def _changed(session: WriteSession, statement: Update | Delete) -> int:
    return int(getattr(session.execute(statement), "rowcount", 0))


def _check_name_is_free(session: ReadSession, name: str, team_id: str | None) -> None:
    owner = session.scalar(select(Team.id).where(Team.name == name))
    if owner is not None and owner != team_id:
        raise TeamNameTakenError
