"""Request and response models of saved views."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from support_copilot.http.fields import Channel, EditRequest, Line, Severity, Slug, Status
from support_copilot.issues.listing import IssueSort, Promise
from support_copilot.issues.order import Risk
from support_copilot.issues.views import View

MAX_ORDERED = 200


class ViewFilters(BaseModel):
    """What narrows and orders a list of issues; the names are those of `GET /v1/issues`."""

    model_config = ConfigDict(extra="forbid")

    view: View = "all"
    status: Annotated[list[Status], Field(max_length=4)] = []
    severity: Annotated[list[Severity], Field(max_length=4)] = []
    channel: Channel | None = None
    assignee: Line | None = None
    tag: Line | None = None
    team_id: Annotated[str, Field(max_length=64)] | None = None
    plan: Annotated[list[Annotated[Line, Field(max_length=60)]], Field(max_length=20)] = []
    sla: Promise | None = None
    risk: Annotated[list[Risk], Field(max_length=3)] = []
    q: Line | None = None
    sort: IssueSort | None = None


class SavedViewIn(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"name": "Billing in Europe", "filters": {"tag": "billing"}, "shared": True}]},
    )

    name: Slug
    filters: ViewFilters
    shared: bool = Field(default=False, description="Whether everybody at the desk sees it.")


class SavedViewEdit(EditRequest):
    """Fields left out stay as they are."""

    name: Slug | None = None
    filters: ViewFilters | None = None
    shared: bool | None = None


class SavedViewOut(BaseModel):
    id: str = Field(examples=["viw_01j9z3k6w8f5v9m2q4x7c1b0ad"])
    name: str
    shared: bool
    mine: bool
    owner_name: str | None
    filters: ViewFilters
    count: int = Field(description="Issues in it that you may see.")
    version: int
    created_at: datetime
    updated_at: datetime


class ViewOrder(BaseModel):
    """All of one's own views, the first one first."""

    model_config = ConfigDict(extra="forbid")

    ids: Annotated[list[Annotated[str, Field(max_length=64)]], Field(max_length=MAX_ORDERED)]
