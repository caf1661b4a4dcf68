"""Requests and answers of the summarization service."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from support_copilot.db.models import Summary
from support_copilot.summarization.wording import heading

SummaryKind = Literal["resolution", "handover"]


class SummaryRequest(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"kind": "handover"}]})

    kind: SummaryKind = "resolution"


class SummaryLine(BaseModel):
    text: str
    message_ids: list[str] = Field(description="The messages that the line stands on.")
    internal: bool = Field(description="Quotes a note among colleagues: not for the customer.")


class SummarySection(BaseModel):
    name: str
    heading: str = Field(description="In the language of the issue, as the lines are.", examples=["Versucht"])
    lines: list[SummaryLine]


class SummaryOut(BaseModel):
    id: str
    issue_id: str
    kind: SummaryKind
    text: str = Field(
        description="Of a resolution two or three sentences: what the customer came with, what came of it, what is "
        "open. Of a handover everything."
    )
    sections: list[SummarySection]
    engine: str
    engine_note: str | None = Field(description="Why the offline engine wrote it; null where a model did.")
    message_count: int
    stale: bool = Field(description="Whether messages came since it was written.")
    created_at: datetime


def render_summary(summary: Summary, message_count: int, language: str) -> SummaryOut:
    """The public form of a summary of an issue that has so many messages now, in this language."""
    return SummaryOut(
        id=summary.id,
        issue_id=summary.issue_id,
        kind="handover" if summary.kind == "handover" else "resolution",
        text=summary.text,
        sections=[
            SummarySection.model_validate({**section, "heading": heading(section["name"], language)})
            for section in summary.sections
        ],
        engine=summary.engine,
        engine_note=summary.engine_note,
        message_count=summary.message_count,
        stale=message_count > summary.message_count,
        created_at=summary.created_at,
    )
