"""Endpoints beside the suggested reply: other words, questions, what is missing, macros. Nothing is sent or applied."""

from fastapi import APIRouter

from support_copilot.guidance.assist_schemas import (
    AnswerOut,
    MacroOut,
    MissingOut,
    QuestionRequest,
    RewriteOut,
    RewriteRequest,
)
from support_copilot.guidance.macros import still_missing, suggest_macro
from support_copilot.guidance.questions import answer_question
from support_copilot.guidance.rewriting import rewrite_text
from support_copilot.guidance.schemas import GuidanceRequest
from support_copilot.http.dependencies import ResourcesDep
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.identity.access import GuardedRoute, PrincipalDep, requires

router = APIRouter(tags=["guidance"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)


@router.post("/v1/issues/{issue_id}/rewrite", dependencies=[requires("guidance.use")])
def post_rewrite(issue_id: str, body: RewriteRequest, resources: ResourcesDep, principal: PrincipalDep) -> RewriteOut:
    """Say a text in other words, or translate it; its facts are compared."""
    return rewrite_text(resources, issue_id, body, principal)


@router.post("/v1/issues/{issue_id}/questions", dependencies=[requires("guidance.use")])
def post_question(issue_id: str, body: QuestionRequest, resources: ResourcesDep, principal: PrincipalDep) -> AnswerOut:
    """Answer a question of the agent about the issue, with the source of each sentence."""
    return answer_question(resources, issue_id, body.question, principal)


@router.get("/v1/issues/{issue_id}/missing", dependencies=[requires("guidance.use")])
def get_missing(issue_id: str, resources: ResourcesDep, principal: PrincipalDep) -> MissingOut:
    """List what the customer has not said yet and a diagnosis needs."""
    return still_missing(resources, issue_id, principal)


@router.post("/v1/issues/{issue_id}/macro", dependencies=[requires("guidance.use")])
async def post_macro(
    issue_id: str, resources: ResourcesDep, principal: PrincipalDep, body: GuidanceRequest | None = None
) -> MacroOut:
    """Suggest a reply together with tags and a status."""
    return await suggest_macro(resources, issue_id, body or GuidanceRequest(), principal)
