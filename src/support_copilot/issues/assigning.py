"""Into whose hands an issue goes: those of a person who could work on it, and those of a team."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

from sqlalchemy import exists, select

from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import Issue, Team, TeamMember, User
from support_copilot.identity.directory_queries import teams_of_users
from support_copilot.identity.permissions import ROLES, permissions_of
from support_copilot.identity.visibility import Sees, seen_issue
from support_copilot.issues.events import keep_read, say
from support_copilot.issues.queries import MAX_MESSAGES, next_position
from support_copilot.kit.errors import InvalidRequestError
from support_copilot.kit.ids import is_id

#: Who works on issues.
_WORKING: Final = sorted(role for role in ROLES if "issues.edit" in permissions_of(role))
_MOST_LISTED: Final = 500


@dataclass(frozen=True, slots=True)
class Taker:
    """Somebody who may be given an issue: what ``assignee`` holds, and the name people read."""

    value: str
    name: str
    #: Of these teams and of none; None: any issue.
    team_ids: list[str] | None


def give_to_person(session: WriteSession, issue: Issue, assignee: str | None, *, teams_limit: bool) -> None:
    """Give a locked issue to a user (by id), to anybody else (by name), or to nobody.

    Args:
        teams_limit: agents see the issues of their teams and of none only.

    Raises:
        InvalidRequestError: there is no such user, their role edits no issues, or the issue is of a team that they
            are not in.
    """
    if assignee is not None and is_id(assignee, "user"):
        user = session.get(User, assignee)
        if user is None:
            raise InvalidRequestError.of_field("assignee", "unknown_user", "names a user who does not exist")
        if user.disabled_at is not None:
            raise InvalidRequestError.of_field("assignee", "disabled", "names somebody who cannot come in any more")
        if user.role not in _WORKING:
            raise InvalidRequestError.of_field("assignee", "may_not_edit", "names somebody whose role edits no issues")
        if not _is_open_to(session, issue.team_id, user, teams_limit=teams_limit):
            told = "names somebody who is not in the issue's team"
            raise InvalidRequestError.of_field("assignee", "not_of_team", told)
    issue.assignee = assignee


def give_to_team(session: WriteSession, issue: Issue, team_id: str | None, now: datetime, *, teams_limit: bool) -> None:
    """Give a locked issue, with what is merged into it, to a team or to none, and say so in its conversation.

    Somebody who works on it and does not see it any more gives it up: it would be nobody's otherwise.

    Raises:
        InvalidRequestError: there is no such team.
    """
    if team_id == issue.team_id:
        return
    # Locked, so that it is not deleted meanwhile.
    team = session.lock(Team, team_id) if team_id is not None else None
    if team_id is not None and team is None:
        raise InvalidRequestError.of_field("team_id", "unknown_team", "names a team that does not exist")
    before = session.get(Team, issue.team_id) if issue.team_id is not None else None
    issue.team_id = team_id
    # Who sees an issue sees what was merged into it, and nobody else does.
    for part in session.scalars(select(Issue).where(Issue.merged_into_id == issue.id)):
        part.team_id = team_id
    worker = session.get(User, issue.assignee) if issue.assignee is not None else None
    if worker is not None and not _is_open_to(session, team_id, worker, teams_limit=teams_limit):
        issue.assignee = None
    if next_position(session, issue.id) < MAX_MESSAGES:
        say(session, issue, f"Moved to team {team.name}." if team else f"Taken out of team {_name(before)}.", now)
        keep_read(session, issue, now)


def _name(team: Team | None) -> str:
    return team.name if team else ""


def _is_open_to(session: ReadSession, team_id: str | None, user: User, *, teams_limit: bool) -> bool:
    """Whether this person sees issues of the team, or of none."""
    if not teams_limit or user.role != "agent" or team_id is None:
        return True
    return bool(session.scalar(select(exists().where(TeamMember.team_id == team_id, TeamMember.user_id == user.id))))


def list_takers(session: ReadSession, sees: Sees, *, teams_limit: bool) -> list[Taker]:
    """Who may be given an issue, by name, at most 500 of either kind.

    These are the users who may come in and whose role works on issues, and the names from other desks that stand on
    issues that are seen.
    """
    users = select(User.id, User.name, User.role).where(User.disabled_at.is_(None), User.role.in_(_WORKING))
    rows = session.execute(users.order_by(User.name, User.id).limit(_MOST_LISTED)).mappings().all()
    limited = [row["id"] for row in rows if teams_limit and row["role"] == "agent"]
    teams = teams_of_users(session, limited)
    people = [Taker(row["id"], row["name"], teams.get(row["id"], []) if row["id"] in limited else None) for row in rows]
    elsewhere = select(Issue.assignee).where(Issue.assignee.is_not(None), Issue.assignee.not_in(select(User.id)))
    if sees is not None:
        elsewhere = elsewhere.where(seen_issue(sees))
    names = session.scalars(elsewhere.distinct().limit(_MOST_LISTED))
    people += [Taker(cast("str", name), cast("str", name), None) for name in names]
    return sorted(people, key=lambda person: (person.name.casefold(), person.value))
