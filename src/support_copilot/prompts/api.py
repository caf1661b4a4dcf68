"""Endpoints about language models: what they are told, and what they were asked and answered."""

from typing import Annotated

from fastapi import APIRouter, Query

from support_copilot.backends.llm.port import Task
from support_copilot.http.dependencies import ResourcesDep
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.http.paging import Page, PageArgs, page_of
from support_copilot.identity.access import GuardedRoute, PrincipalDep, requires
from support_copilot.identity.audit import AuditEvent, record_audit
from support_copilot.prompts.catalog import PROMPTS
from support_copilot.prompts.queries import get_model_call, list_model_calls
from support_copilot.prompts.schemas import (
    ModelCallLine,
    ModelCallOut,
    PromptOut,
    render_call,
    render_line,
    render_prompt,
)

router = APIRouter(tags=["models"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)


@router.get("/v1/prompts", dependencies=[requires("prompts.read")])
def get_prompts(resources: ResourcesDep) -> Page[PromptOut]:
    """List what language models are told, with the model that each prompt would go to."""
    llm = resources.llm
    data = [render_prompt(info, llm.describe(info.task), llm.chain_of(info.task)) for info in PROMPTS]
    return Page(data=data, next_cursor=None)


@router.get("/v1/model-calls", dependencies=[requires("models.read")])
def get_model_calls(
    resources: ResourcesDep,
    page: PageArgs,
    issue_id: Annotated[str | None, Query(max_length=64)] = None,
    task: Annotated[Task | None, Query()] = None,
    outcome: Annotated[str | None, Query(max_length=40, description="`stop`, or the code of an error.")] = None,
) -> Page[ModelCallLine]:
    """List calls of language models, newest first."""
    with resources.database.read() as session:
        rows = list_model_calls(session, page, issue_id=issue_id, task=task, outcome=outcome)
    return page_of(rows, page, lambda row: row.created_at, lambda row: row.id, render_line)


@router.get("/v1/model-calls/{call_id}", dependencies=[requires("models.read")])
def get_one_model_call(call_id: str, resources: ResourcesDep, principal: PrincipalDep) -> ModelCallOut:
    """Read one call as it was sent and answered, personal data masked. Reading it is written to the audit trail."""
    with resources.database.transaction() as session:
        row = get_model_call(session, call_id)
        record_audit(session, AuditEvent("model_call.read", resources.clock(), principal, row.id))
    return render_call(row)
