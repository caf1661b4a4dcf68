"""Endpoints of replies that wait to be sent."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from support_copilot.analysis.queued_replies import NewReply, list_queued, queue_reply, take_back
from support_copilot.http.dependencies import ResourcesDep
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.http.fields import Body, FileIds, Tags, ThenStatus
from support_copilot.http.idempotency import IdempotencyKeyHeader, fingerprint
from support_copilot.http.paging import Page
from support_copilot.identity.access import GuardedRoute, PrincipalDep, requires
from support_copilot.knowledge.template_uses import Inserted

router = APIRouter(tags=["analysis"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)


class InsertedTemplate(BaseModel):
    """What was put into the reply from a template, as it was filled for the issue."""

    model_config = ConfigDict(extra="forbid")

    template_id: Annotated[str, Field(max_length=64)]
    text: Body


class QueuedMessageIn(BaseModel):
    """A reply to the customer that can be taken back for a moment."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"body": "Hello Ana, …", "delay_s": 10}]})

    body: Body
    delay_s: Annotated[int, Field(ge=0, le=600, description="Seconds until it is sent.")] = 10
    then_status: ThenStatus | None = Field(
        default=None,
        description="What the issue becomes then; `resolved` keeps the reply as the fix. An ended one stays.",
    )
    add_tags: Tags = Field(default=[], description="Tags that the issue gets when it is sent.")
    attachment_ids: FileIds = Field(default=[], description="Files of your draft that go with it.")
    templates: Annotated[list[InsertedTemplate], Field(max_length=10)] = Field(
        default=[], description="What it is made of, for the figures of these templates; counted when it is sent."
    )


_List = Annotated[list[str], BeforeValidator(lambda value: value or [])]


class QueuedMessageOut(BaseModel):
    id: str = Field(examples=["que_01j9z3k6w8f5v9m2q4x7c1b0ad"])
    issue_id: str
    body: str
    then_status: str | None
    add_tags: _List
    attachment_ids: _List
    templates: Annotated[list[InsertedTemplate], BeforeValidator(lambda value: value or [])] = Field(
        validation_alias="made_of"
    )
    created_by: str = Field(description="Id of the user or key that wrote it; they, or a lead, may take it back.")
    author_name: str | None
    send_at: datetime
    created_at: datetime


@router.post("/v1/issues/{issue_id}/queued-messages", status_code=201, dependencies=[requires("issues.edit")])
def post_queued_message(
    issue_id: str,
    body: QueuedMessageIn,
    resources: ResourcesDep,
    principal: PrincipalDep,
    key: IdempotencyKeyHeader = None,
) -> QueuedMessageOut:
    """Send a reply in a moment; until then it can be taken back. The worker sends it, whatever the browser does."""
    new = NewReply(
        body.body, body.delay_s, body.then_status, principal.name, principal.id, body.add_tags, body.attachment_ids,
        [Inserted(each.template_id, each.text) for each in body.templates],
    )  # fmt: skip
    return _render(queue_reply(resources, issue_id, new, key, fingerprint(body)))


@router.get("/v1/issues/{issue_id}/queued-messages", dependencies=[requires("issues.read")])
def get_queued_messages(issue_id: str, resources: ResourcesDep) -> Page[QueuedMessageOut]:
    """List the replies of an issue that wait to be sent; all of them on one page."""
    return Page(data=[_render(row) for row in list_queued(resources, issue_id)], next_cursor=None)


@router.delete("/v1/queued-messages/{queued_id}", dependencies=[requires("issues.edit")])
def delete_queued_message(queued_id: str, resources: ResourcesDep, principal: PrincipalDep) -> QueuedMessageOut:
    """Take a reply back before it is sent, and read it for the last time: yours, or as a lead anybody's."""
    return _render(take_back(resources, queued_id, principal))


def _render(row: object) -> QueuedMessageOut:
    return QueuedMessageOut.model_validate(row, from_attributes=True)
