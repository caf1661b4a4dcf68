"""Answers with figures. Days are days of the time zone asked for, both ends included."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from support_copilot.http.fields import Channel, Severity


class DayOut(BaseModel):
    """Issues of one day: ``opened`` by when they came, ``resolved`` by when they were."""

    day: date
    opened: int
    resolved: int


class TimesOut(BaseModel):
    """How long something took; the figures are null where nothing is counted."""

    count: int
    median_hours: float | None = Field(description="Half took no longer.")
    p90_hours: float | None = Field(description="Nine of ten took no longer.")


class SpanOut(BaseModel):
    """How many took less than ``under_hours`` and no less than the span before; null for all that took longer."""

    under_hours: float | None
    count: int


class SeverityCount(BaseModel):
    severity: Severity | None = Field(description="Null: not rated.")
    count: int


class ChannelCount(BaseModel):
    channel: Channel
    count: int


class SatisfactionOut(BaseModel):
    """Ratings of issues that were resolved in the period, from 1 to 5."""

    rated: int
    mean: float | None
    counts: list[int] = Field(min_length=5, max_length=5, description="How many gave 1, 2, 3, 4 and 5.")


class CopilotOut(BaseModel):
    """Replies that the copilot suggested in the period, and what agents did with them."""

    suggested: int
    accepted: int = Field(description="Sent as they were.")
    edited: int = Field(description="Sent after a change.")
    rejected: int
    unanswered: int = Field(description="Nobody said what became of them.")
    issues: int = Field(description="Issues with a suggestion that was sent.")
    mean_edit_distance: float | None = Field(
        description="Of those that were edited: 0 for no change, 1 when nothing is left."
    )


class KeptOut(BaseModel):
    """Issues whose clock was kept, and those of which it cannot be said yet."""

    met: int
    missed: int
    running: int


class PromisesOut(BaseModel):
    """Response times promised to issues opened in the period, by today's targets and severities."""

    first_response: KeptOut
    resolution: KeptOut


class FiguresOut(BaseModel):
    """What is counted over a period."""

    opened: int
    resolved: int
    reopened: int = Field(description="Of those resolved, issues that had come back before.")
    first_response: TimesOut = Field(description="Of issues opened in the period that were answered.")
    resolution: TimesOut = Field(description="Of issues resolved in the period.")
    promises: PromisesOut
    satisfaction: SatisfactionOut
    copilot: CopilotOut


class ArrivalsOut(BaseModel):
    """When issues come: by weekday and hour of the time zone."""

    counts: list[list[int]] = Field(
        min_length=7, max_length=7, description="Issues opened on Monday to Sunday, by the 24 hours of the day."
    )
    days: list[int] = Field(min_length=7, max_length=7, description="How many Mondays to Sundays the period has.")


Trend = Literal["grew", "shrank", "steady"]


class TopicOut(BaseModel):
    """Issues opened about one topic. A change that chance makes too is ``steady``: of small numbers most are."""

    category: str | None = Field(description="Null: of no topic yet.")
    count: int
    before: int
    trend: Trend


class TopicsOut(BaseModel):
    data: list[TopicOut] = Field(description="At most 20: those that moved most first, then the most frequent.")
    left_out: int
    comparable: bool = Field(description="False where one period has more than four times the issues of the other.")


class GroundedOut(BaseModel):
    """What the checks of sources and facts said of the newest drafts of the period, at most 2000."""

    read: int
    grounded: int = Field(description="Every sentence stood on a source or was courtesy.")
    repaired: int = Field(description="Sentences without a source had to be left out.")
    doubtful: int = Field(description="No source answers, or it is followed only loosely: a person has to check.")


class TimeForecastsOut(BaseModel):
    """First forecasts of the time to resolve beside what it took."""

    compared: int
    within: int = Field(description="Between the two times foretold.")
    sooner: int
    later: int
    expected_share: float | None = Field(description="How many should lie within, by what the forecasts say of it.")


class RiskStepOut(BaseModel):
    """Rated issues whose risk of dissatisfaction was foretold from ``from_share`` up to ``to_share``."""

    from_share: float
    to_share: float
    rated: int
    mean_forecast: float | None
    dissatisfied: int = Field(description="Of those, rated 1 or 2 of 5.")


class ForecastsOut(BaseModel):
    """First forecasts of issues resolved in the period; of many the newest 2000 are looked at."""

    resolved: int
    read: int
    times: TimeForecastsOut
    risks: list[RiskStepOut]


class DeskReport(BaseModel):
    """Figures of a period, and the same of the period before, of the issues that the caller sees."""

    first_day: date
    last_day: date
    time_zone: str
    team_id: str | None = Field(description="Whose issues count; null: all that the caller sees.")
    open_now: int = Field(description="Issues that are neither resolved nor closed, whenever they came.")
    figures: FiguresOut
    before: FiguresOut = Field(description="The same number of days, just before.")
    days: list[DayOut]
    severities: list[SeverityCount] = Field(description="Of issues opened in the period, the most severe first.")
    channels: list[ChannelCount] = Field(description="Of issues opened in the period, the most used first.")
    first_response_spans: list[SpanOut]
    resolution_spans: list[SpanOut]
    arrivals: ArrivalsOut
    topics: TopicsOut
    groundedness: GroundedOut
    forecasts: ForecastsOut


class AgentOut(BaseModel):
    """What one person has and had; null where nothing is counted. Of several people on an issue the last counts."""

    assignee: str = Field(description="Id of a user, or the name that another desk knows.")
    name: str
    open_now: int
    resolved: int = Field(description="In the period, as the figures that follow.")
    reopened: int = Field(description="Of those resolved, issues that had come back before.")
    median_first_response_hours: float | None
    median_resolution_hours: float | None
    rated: int
    mean_rating: float | None
    suggestions_used: int = Field(description="Replies that the copilot suggested on their issues and that were sent.")


class AgentsReport(BaseModel):
    """By whom issues are assigned to now, in order of their names: no ranking."""

    first_day: date
    last_day: date
    time_zone: str
    team_id: str | None
    data: list[AgentOut]
    left_out: int = Field(description="Of more than 200 people, those with the fewest issues.")
