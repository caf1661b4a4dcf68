"""Endpoints of figures for people."""

from datetime import date, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Query

from support_copilot.http.dependencies import ResourcesDep
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.identity.access import GuardedRoute, PrincipalDep, requires
from support_copilot.kit.errors import InvalidRequestError
from support_copilot.reports.models import ModelsReport, report_models
from support_copilot.reports.queries import Period
from support_copilot.reports.schemas import DeskReport
from support_copilot.reports.service import report_desk

router = APIRouter(tags=["reports"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)
_MAX_DAYS: Final = 366
_EARLIEST: Final = date(2000, 1, 1)


@router.get("/v1/reports/desk", dependencies=[requires("reports.read")])
def get_desk_report(
    resources: ResourcesDep,
    principal: PrincipalDep,
    days: Annotated[int, Query(ge=1, le=_MAX_DAYS, description="How many days the period has.")] = 30,
    last_day: Annotated[date | None, Query(description="Its last day in UTC; today by default.")] = None,
) -> DeskReport:
    """Volume, times, severity, satisfaction and use of the copilot, beside the same number of days before."""
    end = last_day or resources.clock().date()
    if not _EARLIEST <= end <= resources.clock().date() + timedelta(days=1):
        raise InvalidRequestError.of_field("last_day", "out_of_range", "must be a day from 2000 on that has begun")
    period = Period(end - timedelta(days=days - 1), end, principal.sees)
    with resources.database.read() as session:
        return report_desk(session, period)


@router.get("/v1/reports/models", dependencies=[requires("models.read")])
def get_models_report(
    resources: ResourcesDep,
    days: Annotated[int, Query(ge=1, le=_MAX_DAYS, description="How many days, today the last of them.")] = 30,
) -> ModelsReport:
    """Which language models are set and what they may cost; calls and cost by day, task, provider and person."""
    today = resources.clock().date()
    with resources.database.read() as session:
        return report_models(session, resources.llm, today - timedelta(days=days - 1), today)
