"""Who may be given an issue: whoever could work on it."""

from typing import cast

from sqlalchemy import exists, select

from support_copilot.db.engine import ReadSession
from support_copilot.db.models import Issue, TeamMember, User
from support_copilot.identity.permissions import Role, permissions_of
from support_copilot.kit.errors import InvalidRequestError


def check_assignee(
    session: ReadSession, assignee: str, issue_id: str, team_id: str | None, *, teams_limit: bool
) -> None:
    """Refuse a user who could not open or change the issue; who is no user here passes.

    Args:
        team_id: the team that the issue goes to with the same edit; None where it stays where it is.
        teams_limit: agents see the issues of their teams and of none only.

    Raises:
        InvalidRequestError: the role of the user edits no issues, or the issue is of a team that they are not in.
    """
    user = session.get(User, assignee)
    if user is None:
        return
    if "issues.edit" not in permissions_of(cast("Role", user.role)):
        raise InvalidRequestError.of_field("assignee", "may_not_edit", "names somebody whose role edits no issues")
    team = team_id or session.scalar(select(Issue.team_id).where(Issue.id == issue_id))
    if not teams_limit or user.role != "agent" or team is None:
        return
    if not session.scalar(select(exists().where(TeamMember.team_id == team, TeamMember.user_id == assignee))):
        raise InvalidRequestError.of_field("assignee", "not_of_team", "names somebody who is not in the issue's team")
