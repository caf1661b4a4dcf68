"""Endpoints beside the suggested reply: other words, questions, what is missing, what to do next, macros.

Nothing is sent or applied.
"""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request

from support_copilot.guidance.assist_schemas import (
    AnswerOut,
    MacroOut,
    MissingOut,
    NextActionOut,
    QuestionRequest,
    RewriteOut,
    RewriteRequest,
)
from support_copilot.guidance.macros import preview_macro, suggest_macro
from support_copilot.guidance.missing import preview_missing, still_missing
from support_copilot.guidance.next_action import next_action, preview_next_action
from support_copilot.guidance.outlook import Outlook, OutlooksDep, outlook_of
from support_copilot.guidance.questions import answer_question, preview_question
from support_copilot.guidance.rewriting import preview_rewrite, rewrite_text
from support_copilot.guidance.schemas import GuidanceRequest
from support_copilot.http.dependencies import ResourcesDep
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.http.places import ModelPlacesDep
from support_copilot.http.rate_limits import charge_work
from support_copilot.identity.access import GuardedRoute, PrincipalDep, requires
from support_copilot.prompts.schemas import PreviewOut, render_preview

router = APIRouter(tags=["guidance"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)


@router.post("/v1/issues/{issue_id}/rewrite", dependencies=[requires("guidance.use")])
async def post_rewrite(
    issue_id: str, body: RewriteRequest, resources: ResourcesDep, principal: PrincipalDep, places: ModelPlacesDep
) -> RewriteOut:
    """Say a text in other words, or translate it; its facts are compared."""
    return await places.run(rewrite_text, resources, issue_id, body, principal)


@router.post("/v1/issues/{issue_id}/rewrite/preview", dependencies=[requires("guidance.use")])
def post_rewrite_preview(
    issue_id: str, body: RewriteRequest, resources: ResourcesDep, principal: PrincipalDep
) -> PreviewOut:
    """Show exactly what a language model would be sent for these other words, or why nothing would."""
    return render_preview(preview_rewrite(resources, issue_id, body, principal))


@router.post("/v1/issues/{issue_id}/questions", dependencies=[requires("guidance.use")])
async def post_question(
    issue_id: str, body: QuestionRequest, resources: ResourcesDep, principal: PrincipalDep, places: ModelPlacesDep
) -> AnswerOut:
    """Answer a question of the agent about the issue, with the source of each sentence."""
    return await places.run(answer_question, resources, issue_id, body.question, principal)


@router.post("/v1/issues/{issue_id}/questions/preview", dependencies=[requires("guidance.use")])
def post_question_preview(
    issue_id: str, body: QuestionRequest, resources: ResourcesDep, principal: PrincipalDep
) -> PreviewOut:
    """Show exactly what a language model would be sent for this question, or why nothing would."""
    return render_preview(preview_question(resources, issue_id, body.question, principal))


def _outlook(
    issue_id: str, request: Request, resources: ResourcesDep, principal: PrincipalDep, outlooks: OutlooksDep
) -> Outlook:
    """Looking again is reading; only who makes the server gather anew pays for it."""
    charge = partial(charge_work, request.scope, principal.id, "generate")
    return outlook_of(resources, outlooks, issue_id, principal, charge)


OutlookDep = Annotated[Outlook, Depends(_outlook)]


@router.get("/v1/issues/{issue_id}/missing", dependencies=[requires("guidance.use")])
def get_missing(outlook: OutlookDep) -> MissingOut:
    """List what the customer has not said yet and a diagnosis needs. No model is asked."""
    return outlook.missing


@router.post("/v1/issues/{issue_id}/missing", dependencies=[requires("guidance.use")])
async def post_missing(
    issue_id: str, resources: ResourcesDep, principal: PrincipalDep, places: ModelPlacesDep
) -> MissingOut:
    """List what is missing, with a language model reading the conversation where one is set."""
    return await places.run(still_missing, resources, issue_id, principal)


@router.post("/v1/issues/{issue_id}/missing/preview", dependencies=[requires("guidance.use")])
def post_missing_preview(issue_id: str, resources: ResourcesDep, principal: PrincipalDep) -> PreviewOut:
    """Show exactly what a language model would be sent to find out what is missing, or why nothing would."""
    return render_preview(preview_missing(resources, issue_id, principal))


@router.get("/v1/issues/{issue_id}/next-action", dependencies=[requires("guidance.use")])
def get_next_action(outlook: OutlookDep) -> NextActionOut:
    """Say what to do next by the procedure that fits, and which of its steps were taken. No model is asked."""
    return outlook.next_action


@router.post("/v1/issues/{issue_id}/next-action", dependencies=[requires("guidance.use")])
async def post_next_action(
    issue_id: str, resources: ResourcesDep, principal: PrincipalDep, places: ModelPlacesDep
) -> NextActionOut:
    """Say what to do next, with a language model reading which steps were taken where one is set."""
    return await places.run(next_action, resources, issue_id, principal)


@router.post("/v1/issues/{issue_id}/next-action/preview", dependencies=[requires("guidance.use")])
def post_next_action_preview(issue_id: str, resources: ResourcesDep, principal: PrincipalDep) -> PreviewOut:
    """Show exactly what a language model would be sent for the next action, or why nothing would."""
    return render_preview(preview_next_action(resources, issue_id, principal))


@router.post("/v1/issues/{issue_id}/macro", dependencies=[requires("guidance.use")])
async def post_macro(
    issue_id: str,
    resources: ResourcesDep,
    principal: PrincipalDep,
    places: ModelPlacesDep,
    body: GuidanceRequest | None = None,
) -> MacroOut:
    """Suggest a reply together with tags and a status."""
    return await places.run(suggest_macro, resources, issue_id, body or GuidanceRequest(), principal)


@router.post("/v1/issues/{issue_id}/macro/preview", dependencies=[requires("guidance.use")])
def post_macro_preview(
    issue_id: str, resources: ResourcesDep, principal: PrincipalDep, body: GuidanceRequest | None = None
) -> PreviewOut:
    """Show exactly what a language model would be sent for a macro, or why nothing would."""
    return render_preview(preview_macro(resources, issue_id, body or GuidanceRequest(), principal))
