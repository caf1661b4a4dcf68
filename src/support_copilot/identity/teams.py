"""Teams: which issues an agent sees, where the settings say so."""

from datetime import datetime

from sqlalchemy import select

from support_copilot.db.engine import ReadSession, WriteSession
from support_copilot.db.models import Team
from support_copilot.http.concurrency import check_version
from support_copilot.identity.audit import AuditEvent, record_audit
from support_copilot.identity.principal import Principal
from support_copilot.kit.errors import ConflictError, NotFoundError
from support_copilot.kit.ids import new_id


class TeamNameTakenError(ConflictError):
    code, title = "team_name_taken", "Another team has this name"


def create_team(session: WriteSession, name: str, actor: Principal, now: datetime) -> Team:
    """Make a team without members.

    Raises:
        TeamNameTakenError: there is one of this name.
    """
    _check_name_is_free(session, name, None)
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
    team = session.lock(Team, team_id)
    if team is None:
        raise NotFoundError
    check_version(if_match, team.version)
    _check_name_is_free(session, name, team.id)
    before = {"name": team.name}
    team.name, team.updated_at, team.version = name, now, team.version + 1
    record_audit(session, AuditEvent("team.edited", now, actor, team.id, before=before, after={"name": name}))
    return team


def _check_name_is_free(session: ReadSession, name: str, team_id: str | None) -> None:
    owner = session.scalar(select(Team.id).where(Team.name == name))
    if owner is not None and owner != team_id:
        raise TeamNameTakenError
