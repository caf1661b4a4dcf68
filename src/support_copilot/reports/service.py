"""Puts the figures of a period together."""

import math
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from support_copilot.db.engine import ReadSession
from support_copilot.db.models import Issue
from support_copilot.identity.directory_queries import names_of_users
from support_copilot.issues.clocks import Targets, load_targets
from support_copilot.reports.agent_queries import Agent, count_by_agent
from support_copilot.reports.copilot_queries import Forecasts, Grounded, compare_forecasts, count_grounded
from support_copilot.reports.kept_queries import Kept, count_kept
from support_copilot.reports.queries import (
    Period,
    Times,
    count_by,
    count_issues,
    count_open,
    count_outcomes,
    count_quarters,
    count_ratings,
    first_response_spans,
    first_response_times,
    resolution_spans,
    resolution_times,
    sent_suggestions,
)
from support_copilot.reports.schemas import (
    AgentOut,
    AgentsReport,
    ArrivalsOut,
    ChannelCount,
    CopilotOut,
    DayOut,
    DeskReport,
    FiguresOut,
    ForecastsOut,
    GroundedOut,
    KeptOut,
    PromisesOut,
    RiskStepOut,
    SatisfactionOut,
    SeverityCount,
    SpanOut,
    TimeForecastsOut,
    TimesOut,
    TopicOut,
    TopicsOut,
    Trend,
)

Quarters = Sequence[tuple[datetime, int]]
_SEVERITIES: Final = ("critical", "high", "medium", "low", None)
_FIRST_RESPONSE_HOURS: Final = (1.0, 4.0, 8.0, 24.0, 72.0)
_RESOLUTION_HOURS: Final = (4.0, 24.0, 72.0, 168.0, 336.0)


_MOST_TOPICS: Final = 20
#: Of topics with fewer issues in both periods together no movement is told.
_FEW: Final = 10
#: A difference of this many standard deviations of what chance makes: one of twenty steady topics reaches it.
_SURE: Final = 2.0
#: Periods of which one has more than so many times the issues of the other are not compared topic by topic.
_MOST_TIMES: Final = 4


def report_desk(session: ReadSession, period: Period, now: datetime) -> DeskReport:
    """All figures of a period, with one read of the database's state."""
    severities = count_by(session, period, Issue.severity)
    channels = count_by(session, period, Issue.channel)
    targets = load_targets(session)
    opened = count_quarters(session, period, Issue.created_at)
    groundedness, forecasts = _grounded(count_grounded(session, period)), _forecasts(compare_forecasts(session, period))
    return DeskReport(
        first_day=period.first_day,
        last_day=period.last_day,
        time_zone=str(period.zone),
        team_id=period.team,
        open_now=count_open(session, period),
        figures=_figures(session, period, targets, now),
        before=_figures(session, period.before, targets, now),
        days=_days(period, opened, count_quarters(session, period, Issue.resolved_at)),
        severities=[SeverityCount(severity=each, count=severities.get(each, 0)) for each in _SEVERITIES],
        channels=[
            ChannelCount(channel=name, count=count)
            for name, count in sorted(channels.items(), key=lambda one: (-one[1], one[0]))
        ],
        first_response_spans=_spans(
            _FIRST_RESPONSE_HOURS, first_response_spans(session, period, _FIRST_RESPONSE_HOURS)
        ),
        resolution_spans=_spans(_RESOLUTION_HOURS, resolution_spans(session, period, _RESOLUTION_HOURS)),
        arrivals=_arrivals(period, opened),
        topics=_topics(session, period),
        groundedness=groundedness,
        forecasts=forecasts,
    )


def report_agents(session: ReadSession, period: Period) -> AgentsReport:
    """What each person has and had, in order of their names."""
    agents, left_out = count_by_agent(session, period)
    names = names_of_users(session, [agent.assignee for agent in agents])
    rows = [_agent(agent, names.get(agent.assignee, agent.assignee)) for agent in agents]
    return AgentsReport(
        first_day=period.first_day,
        last_day=period.last_day,
        time_zone=str(period.zone),
        team_id=period.team,
        data=sorted(rows, key=lambda row: (row.name.casefold(), row.assignee)),
        left_out=left_out,
    )


def trend_of(count: int, before: int) -> Trend:
    """Whether a number moved more than chance moves it: two counts differ by about the root of their sum."""
    both = count + before
    if both < _FEW or abs(count - before) < _SURE * math.sqrt(both):
        return "steady"
    return "grew" if count > before else "shrank"


def _topics(session: ReadSession, period: Period) -> TopicsOut:
    now, past = count_by(session, period, Issue.category), count_by(session, period.before, Issue.category)
    comparable = _comparable(sum(now.values()), sum(past.values()))
    rows = [
        TopicOut(category=name, count=count, before=before, trend=trend_of(count, before) if comparable else "steady")
        for name in now.keys() | past.keys()
        for count, before in [(now.get(name, 0), past.get(name, 0))]
    ]
    rows.sort(key=_movement)
    return TopicsOut(data=rows[:_MOST_TOPICS], left_out=max(0, len(rows) - _MOST_TOPICS), comparable=comparable)


def _comparable(count: int, before: int) -> bool:
    """Where one period has a multiple of the other, all topics move: the desk began, or changed altogether."""
    return min(count, before) * _MOST_TIMES >= max(count, before) > 0


def _movement(topic: TopicOut) -> tuple[float, int, str]:
    both = topic.count + topic.before
    moved = 0.0 if topic.trend == "steady" else abs(topic.count - topic.before) / math.sqrt(both)
    return -moved, -both, topic.category or ""


def _figures(session: ReadSession, period: Period, targets: Targets, now: datetime) -> FiguresOut:
    opened, resolved, reopened = count_issues(session, period)
    first, last = count_kept(session, period, targets, now)
    return FiguresOut(
        opened=opened,
        resolved=resolved,
        reopened=reopened,
        first_response=_times(first_response_times(session, period)),
        resolution=_times(resolution_times(session, period)),
        promises=PromisesOut(first_response=_kept(first), resolution=_kept(last)),
        satisfaction=_satisfaction(count_ratings(session, period)),
        copilot=_copilot(session, period),
    )


def _dates(period: Period) -> list[date]:
    length = (period.last_day - period.first_day).days + 1
    return [period.first_day + timedelta(days=number) for number in range(length)]


def _days(period: Period, opened: Quarters, resolved: Quarters) -> list[DayOut]:
    came, went = _by_day(opened), _by_day(resolved)
    return [DayOut(day=day, opened=came[day], resolved=went[day]) for day in _dates(period)]


def _by_day(quarters: Quarters) -> Counter[date]:
    found: Counter[date] = Counter()
    for moment, count in quarters:
        found[moment.date()] += count
    return found


def _arrivals(period: Period, opened: Quarters) -> ArrivalsOut:
    counts = [[0] * 24 for _weekday in range(7)]
    for moment, count in opened:
        counts[moment.weekday()][moment.hour] += count
    weekdays = Counter(day.weekday() for day in _dates(period))
    return ArrivalsOut(counts=counts, days=[weekdays[weekday] for weekday in range(7)])


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


def _kept(kept: Kept) -> KeptOut:
    return KeptOut(met=kept.met, missed=kept.missed, running=kept.running)


def _grounded(found: Grounded) -> GroundedOut:
    return GroundedOut(read=found.read, grounded=found.grounded, repaired=found.repaired, doubtful=found.doubtful)


def _forecasts(found: Forecasts) -> ForecastsOut:
    times = TimeForecastsOut(
        compared=found.times.compared,
        within=found.times.within,
        sooner=found.times.sooner,
        later=found.times.later,
        expected_share=found.times.expected_share,
    )
    risks = [
        RiskStepOut(
            from_share=step.from_share,
            to_share=step.to_share,
            rated=step.rated,
            mean_forecast=step.mean_forecast,
            dissatisfied=step.dissatisfied,
        )
        for step in found.risks
    ]
    return ForecastsOut(resolved=found.resolved, read=found.read, times=times, risks=risks)


def _agent(agent: Agent, name: str) -> AgentOut:
    return AgentOut(
        assignee=agent.assignee,
        name=name,
        open_now=agent.open_now,
        resolved=agent.resolved,
        reopened=agent.reopened,
        median_first_response_hours=agent.median_first_response_hours,
        median_resolution_hours=agent.median_resolution_hours,
        rated=agent.rated,
        mean_rating=agent.mean_rating,
        suggestions_used=agent.suggestions_used,
    )
