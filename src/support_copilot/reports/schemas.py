"""Answers with figures. Days are days of UTC, both ends included."""

from datetime import date

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


class FiguresOut(BaseModel):
    """What is counted over a period."""

    opened: int
    resolved: int
    reopened: int = Field(description="Of those resolved, issues that had come back before.")
    first_response: TimesOut = Field(description="Of issues opened in the period that were answered.")
    resolution: TimesOut = Field(description="Of issues resolved in the period.")
    satisfaction: SatisfactionOut
    copilot: CopilotOut


class DeskReport(BaseModel):
    """Figures of a period, and the same of the period before, of the issues that the caller sees."""

    first_day: date
    last_day: date
    open_now: int = Field(description="Issues that are neither resolved nor closed, whenever they came.")
    figures: FiguresOut
    before: FiguresOut = Field(description="The same number of days, just before.")
    days: list[DayOut]
    severities: list[SeverityCount] = Field(description="Of issues opened in the period, the most severe first.")
    channels: list[ChannelCount] = Field(description="Of issues opened in the period, the most used first.")
    first_response_spans: list[SpanOut]
    resolution_spans: list[SpanOut]
