"""Endpoints of figures for people."""

from datetime import date, timedelta
from typing import Annotated, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import APIRouter, Depends, Query

from support_copilot.http.dependencies import ResourcesDep
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.identity.access import GuardedRoute, PrincipalDep, requires
from support_copilot.identity.principal import Principal
from support_copilot.kit.errors import InvalidRequestError
from support_copilot.reports.models import ModelsReport, report_models
from support_copilot.reports.queries import NO_TEAM, Period, is_team
from support_copilot.reports.schemas import AgentsReport, DeskReport
from support_copilot.reports.service import report_agents, report_desk
from support_copilot.resources import Resources

router = APIRouter(tags=["reports"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)
_MAX_DAYS: Final = 366
_EARLIEST: Final = date(2000, 1, 1)
_ZONE: Final = r"^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$"


def _period(
    resources: ResourcesDep,
    principal: PrincipalDep,
    days: Annotated[int, Query(ge=1, le=_MAX_DAYS, description="How many days the period has.")] = 30,
    last_day: Annotated[date | None, Query(description="Its last day in the time zone; today by default.")] = None,
    time_zone: Annotated[
        str, Query(pattern=_ZONE, max_length=60, description="Whose days and hours: a name of the IANA database.")
    ] = "UTC",
    team_id: Annotated[
        str | None, Query(max_length=64, description="Only issues of this team; `none`: of no team.")
    ] = None,
) -> Period:
    zone = _zone(time_zone)
    today = resources.clock().astimezone(zone).date()
    end = last_day or today
    if not _EARLIEST <= end <= today + timedelta(days=1):
        raise InvalidRequestError.of_field("last_day", "out_of_range", "must be a day from 2000 on that has begun")
    _check_team(resources, principal, team_id)
    return Period(end - timedelta(days=days - 1), end, principal.sees, team_id, zone)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidRequestError.of_field("time_zone", "unknown", "is no time zone that is known here") from None


def _check_team(resources: Resources, principal: Principal, team_id: str | None) -> None:
    if team_id is None or team_id == NO_TEAM:
        return
    with resources.database.read() as session:
        known = is_team(session, team_id)
    if not known or (principal.sees is not None and team_id not in principal.sees):
        raise InvalidRequestError.of_field("team_id", "unknown", "is no team whose issues are seen")


PeriodDep = Annotated[Period, Depends(_period)]


@router.get("/v1/reports/desk", dependencies=[requires("reports.read")])
def get_desk_report(resources: ResourcesDep, period: PeriodDep) -> DeskReport:
    """Volume, times, promises, severity, topics, satisfaction and use of the copilot, beside as many days before."""
    with resources.database.read() as session:
        return report_desk(session, period, resources.clock())


@router.get("/v1/reports/agents", dependencies=[requires("reports.agents")])
def get_agents_report(resources: ResourcesDep, period: PeriodDep) -> AgentsReport:
    """The same of each person whom issues are assigned to, in order of their names."""
    with resources.database.read() as session:
        return report_agents(session, period)


@router.get("/v1/reports/models", dependencies=[requires("models.read")])
def get_models_report(
    resources: ResourcesDep,
    days: Annotated[int, Query(ge=1, le=_MAX_DAYS, description="How many days, today the last of them.")] = 30,
) -> ModelsReport:
    """Which language models are set and what they may cost; calls and cost by day, task, provider and person."""
    today = resources.clock().date()
    with resources.database.read() as session:
        return report_models(session, resources.llm, today - timedelta(days=days - 1), today)
