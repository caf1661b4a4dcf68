"""A suggested reply, step by step: gather, write, check, send, keep."""

import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass
from typing import Any, Literal

import anyio
import anyio.to_thread
import structlog

from support_copilot.db.models import Suggestion
from support_copilot.guidance.citations import Marked, citations, courtesy, mark_sentences
from support_copilot.guidance.context import GuidanceContext
from support_copilot.guidance.draft import CheckResult
from support_copilot.guidance.engine import Written, write_reply
from support_copilot.guidance.gathering import analyze_context
from support_copilot.guidance.model_reply import plan_reply
from support_copilot.guidance.schemas import CheckOut, GuidanceOut, GuidanceRequest, SuggestionOut
from support_copilot.identity.principal import Principal
from support_copilot.issues.queries import IssueRecord, get_issue, load_issue
from support_copilot.kit.ids import new_id
from support_copilot.knowledge.templates import count_template_use
from support_copilot.prompts.outgoing import NotSent, Outgoing, asker
from support_copilot.resources import Resources

_log = structlog.get_logger("support_copilot.guidance")


@dataclass(frozen=True, slots=True)
class GuidanceEvent:
    """One event of the stream; ``data`` is JSON."""

    name: Literal["context", "token", "citation", "check", "done"]
    data: Mapping[str, Any]


async def stream_guidance(
    resources: Resources, issue_id: str, request: GuidanceRequest, principal: Principal
) -> AsyncGenerator[GuidanceEvent]:
    """Draft a reply: ``context``, ``token``…, ``citation``…, ``check``…, ``done``.

    Each sentence is checked before its first token, and the text is kept before ``done``. A token with ``restart``
    says that the text begins anew with it. A reader who goes away stops the work, and nothing is kept then.

    Raises:
        IssueNotFoundError, TemplateNotFoundError, SearchUnavailableError: before the first event.
        InvalidRequestError: the template cannot be rendered.
    """
    started = time.perf_counter()
    context, record = await anyio.to_thread.run_sync(gathered, resources, issue_id, request, principal)
    yield GuidanceEvent("context", context.report())
    written: Written | None = None
    async with aclosing(write_reply(resources, context, record, request, asker(principal))) as parts:
        async for part in parts:
            if isinstance(part, Written):
                written = part
            else:
                yield GuidanceEvent("token", part.data())
    assert written is not None  # noqa: S101  # always the last part
    for citation in citations(mark_sentences(written.draft)):
        yield GuidanceEvent("citation", citation)
    for check in written.checks:
        yield GuidanceEvent("check", _told(check))
    suggestion = await anyio.to_thread.run_sync(keep_reply, resources, context, request, principal, written, started)
    yield GuidanceEvent("done", suggestion.model_dump(mode="json"))


def keep_reply(
    resources: Resources,
    context: GuidanceContext,
    request: GuidanceRequest,
    principal: Principal,
    written: Written,
    started: float,
) -> GuidanceOut:
    """Keep a finished reply as a suggestion; returns what its reader is answered.

    Args:
        started: when the work on it began, by ``time.perf_counter``.

    Raises:
        IssueNotFoundError: the issue is gone meanwhile.
    """
    marked = mark_sentences(written.draft)
    duration_ms = round((time.perf_counter() - started) * 1000, 1)
    row = _suggestion(resources, context, request, principal, written, marked, duration_ms)
    _keep(resources, row)
    _log.info(
        "guidance.suggested",
        suggestion_id=row.id,
        engine=row.engine,
        citations=len(citations(marked)),
        flagged=[check.name for check in written.checks if check.verdict == "flagged"],
        duration_ms=duration_ms,
    )
    return render_guidance(row)


def preview_reply(
    resources: Resources, issue_id: str, request: GuidanceRequest, principal: Principal
) -> Outgoing | NotSent:
    """What a model would be sent for a reply to this issue, or why nothing would; nothing is.

    Raises:
        IssueNotFoundError, TemplateNotFoundError, SearchUnavailableError, InvalidRequestError: as for a reply.
    """
    context, record = gathered(resources, issue_id, request, principal)
    plan = plan_reply(resources, context, record, request, asker(principal))
    return plan if isinstance(plan, NotSent) else plan.outgoing


def render_guidance(row: Suggestion) -> GuidanceOut:
    """The answer to the request that made this suggestion."""
    return GuidanceOut(suggestion_id=row.id, **_shown(row))


def render_suggestion(row: Suggestion, message_count: int) -> SuggestionOut:
    """A kept suggestion.

    Args:
        message_count: how many messages the issue has now.
    """
    noted = row.outcome is not None
    return SuggestionOut(
        id=row.id,
        issue_id=row.issue_id,
        context=row.context,
        template={"id": row.template_id, "version": row.template_version} if row.template_id else None,
        request=row.request,
        created_at=row.created_at,
        stale=message_count > row.message_count,
        outcome={
            "outcome": row.outcome,
            "final_text": row.final_text,
            "edit_distance": row.edit_distance,
            "reason": row.outcome_reason,
            "noted_at": row.outcome_at,
        }
        if noted
        else None,
        **_shown(row),
    )


def _shown(row: Suggestion) -> dict[str, Any]:
    return {
        "text": row.text,
        "citations": citations(row.citations),
        "courtesy": courtesy(row.citations),
        "checks": row.checks,
        "engine": row.engine,
        "usage": row.usage,
        "duration_ms": row.duration_ms,
    }


def gathered(
    resources: Resources, issue_id: str, request: GuidanceRequest, principal: Principal
) -> tuple[GuidanceContext, IssueRecord]:
    """What a reply may be made from, and the issue as it is stored.

    Raises:
        IssueNotFoundError, TemplateNotFoundError, SearchUnavailableError: as for a reply.
    """
    context = analyze_context(resources, issue_id, request, principal.sees)
    with resources.database.read() as session:
        return context, load_issue(session, issue_id)


def _told(check: CheckResult) -> dict[str, Any]:
    """A check as JSON; the code of its remark goes along, for readers now and later."""
    return CheckOut(**asdict(check)).model_dump(mode="json")


def _suggestion(
    resources: Resources,
    context: GuidanceContext,
    request: GuidanceRequest,
    principal: Principal,
    written: Written,
    marked: Sequence[Marked],
    duration_ms: float,
) -> Suggestion:
    draft = written.draft
    template_id, template_version = draft.template or (None, None)
    return Suggestion(
        id=new_id("suggestion"), issue_id=context.issue_id, template_id=template_id,
        template_version=template_version,
        request=request.model_dump(mode="json", exclude_none=True) | {"requested_by": principal.name},
        context=context.report(), text=draft.text(), citations=list(marked),
        checks=[_told(check) for check in written.checks], engine=draft.engine, usage=written.usage,
        duration_ms=duration_ms, message_count=context.message_count, created_at=resources.clock(),
    )  # fmt: skip


def _keep(resources: Resources, row: Suggestion) -> None:
    """Store the suggestion and count the use of its template."""
    with resources.database.transaction() as session:
        get_issue(session, row.issue_id)
        session.add(row)
        if row.template_id:
            session.flush()
            count_template_use(session, row.template_id)
