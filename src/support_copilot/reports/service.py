"""Puts the figures of a period together."""

from datetime import timedelta
from typing import Final

from support_copilot.db.engine import ReadSession
from support_copilot.db.models import Issue
from support_copilot.reports.queries import (
    Period,
    Times,
    count_by,
    count_days,
    count_issues,
    count_open,
    count_outcomes,
    count_ratings,
    first_response_spans,
    first_response_times,
    resolution_spans,
    resolution_times,
    sent_suggestions,
)
from support_copilot.reports.schemas import (
    ChannelCount,
    CopilotOut,
    DayOut,
    DeskReport,
    FiguresOut,
    SatisfactionOut,
    SeverityCount,
    SpanOut,
    TimesOut,
)

_SEVERITIES: Final = ("critical", "high", "medium", "low", None)
_FIRST_RESPONSE_HOURS: Final = (1.0, 4.0, 8.0, 24.0, 72.0)
_RESOLUTION_HOURS: Final = (4.0, 24.0, 72.0, 168.0, 336.0)


def report_desk(session: ReadSession, period: Period) -> DeskReport:
    """All figures of a period, with one read of the database's state."""
    severities = count_by(session, period, Issue.severity)
    channels = count_by(session, period, Issue.channel)
    return DeskReport(
        first_day=period.first_day,
        last_day=period.last_day,
        open_now=count_open(session, period.sees),
        figures=_figures(session, period),
        before=_figures(session, period.before),
        days=_days(session, period),
        severities=[SeverityCount(severity=each, count=severities.get(each, 0)) for each in _SEVERITIES],
        channels=[
            ChannelCount(channel=name, count=count)
            for name, count in sorted(channels.items(), key=lambda one: (-one[1], one[0]))
        ],
        first_response_spans=_spans(
            _FIRST_RESPONSE_HOURS, first_response_spans(session, period, _FIRST_RESPONSE_HOURS)
        ),
        resolution_spans=_spans(_RESOLUTION_HOURS, resolution_spans(session, period, _RESOLUTION_HOURS)),
    )


def _figures(session: ReadSession, period: Period) -> FiguresOut:
    opened, resolved, reopened = count_issues(session, period)
    return FiguresOut(
        opened=opened,
        resolved=resolved,
        reopened=reopened,
        first_response=_times(first_response_times(session, period)),
        resolution=_times(resolution_times(session, period)),
        satisfaction=_satisfaction(count_ratings(session, period)),
        copilot=_copilot(session, period),
    )


def _days(session: ReadSession, period: Period) -> list[DayOut]:
    opened = count_days(session, period, Issue.created_at)
    resolved = count_days(session, period, Issue.resolved_at)
    length = (period.last_day - period.first_day).days + 1
    days = [period.first_day + timedelta(days=number) for number in range(length)]
    return [DayOut(day=day, opened=opened[day], resolved=resolved[day]) for day in days]


def _times(times: Times) -> TimesOut:
    return TimesOut(count=times.count, median_hours=times.median_hours, p90_hours=times.p90_hours)


def _spans(limits_hours: tuple[float, ...], counts: list[int]) -> list[SpanOut]:
    return [SpanOut(under_hours=under, count=count) for under, count in zip((*limits_hours, None), counts, strict=True)]


def _satisfaction(ratings: dict[int, int]) -> SatisfactionOut:
    counts = [ratings.get(value, 0) for value in range(1, 6)]
    rated = sum(counts)
    total = sum(value * count for value, count in enumerate(counts, start=1))
    return SatisfactionOut(rated=rated, mean=round(total / rated, 2) if rated else None, counts=counts)


def _copilot(session: ReadSession, period: Period) -> CopilotOut:
    outcomes = count_outcomes(session, period)
    issues, distance = sent_suggestions(session, period)
    return CopilotOut(
        suggested=sum(outcomes.values()),
        accepted=outcomes.get("accepted", 0),
        edited=outcomes.get("edited", 0),
        rejected=outcomes.get("rejected", 0),
        unanswered=outcomes.get(None, 0),
        issues=issues,
        mean_edit_distance=None if distance is None else round(distance, 3),
    )
