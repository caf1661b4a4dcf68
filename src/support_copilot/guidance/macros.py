"""What is still missing in an issue, and a reply together with the tags and the status that usually go with it."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import anyio.to_thread

from support_copilot.guidance.assist_schemas import MacroOut, MissingOut, MissingThing
from support_copilot.guidance.composer import OFFLINE_ENGINE, best_template
from support_copilot.guidance.gathering import analyze_context
from support_copilot.guidance.needs import is_known, is_settled, missing_things, worth_asking
from support_copilot.guidance.phrasebook import phrases_of
from support_copilot.guidance.schemas import GuidanceOut, GuidanceRequest
from support_copilot.guidance.service import stream_guidance
from support_copilot.guidance.template_text import fill_template
from support_copilot.http.fields import Status
from support_copilot.identity.principal import Principal
from support_copilot.issues.queries import get_issue, issues_by_id
from support_copilot.resources import Resources

_MOST_TAGS: Final = 3


def still_missing(resources: Resources, issue_id: str, principal: Principal) -> MissingOut:
    """What the customer has not said yet: what the fitting template asks for, then what a diagnosis needs.

    Raises:
        IssueNotFoundError: no issue has this id.
        SearchUnavailableError: the index cannot answer.
    """
    request = GuidanceRequest()
    context = analyze_context(resources, issue_id, request, principal.sees)
    option = best_template(context, request)
    asked = fill_template(option, context).asks if option else ()
    wanted = dict.fromkeys([*worth_asking(asked, context), *missing_things(context)])
    names = [name for name in wanted if not is_known(name, context)]
    phrases = phrases_of(context.language)
    settled = is_settled(context)
    items = [] if settled else [MissingThing(name=name, question=phrases.question([name])) for name in names]
    return MissingOut(items=items, engine=OFFLINE_ENGINE)


async def suggest_macro(
    resources: Resources, issue_id: str, request: GuidanceRequest, principal: Principal
) -> MacroOut:
    """A suggested reply, and the tags and status that go with it; nothing is applied.

    Raises:
        IssueNotFoundError, TemplateNotFoundError, SearchUnavailableError, InvalidRequestError: as for a reply.
    """
    last: dict[str, Any] = {}
    async for event in stream_guidance(resources, issue_id, request, principal):
        last = dict(event.data)
    suggestion = GuidanceOut.model_validate(last)
    return await anyio.to_thread.run_sync(_with_tags, resources, issue_id, suggestion)


def _with_tags(resources: Resources, issue_id: str, suggestion: GuidanceOut) -> MacroOut:
    sources = list(dict.fromkeys(each.source.id for each in suggestion.citations if each.source.kind == "issue"))
    with resources.database.read() as session:
        issue = get_issue(session, issue_id)
        alike = list(issues_by_id(session, sources).values())
    tags = _tags(issue.tags, [each.tags for each in alike])
    reasons = [f"{len(tags)} tag(s) of the solved issues that the reply draws on."] if tags else []
    status: Status | None = "pending" if issue.status == "open" else None
    if status:
        reasons.append("After this reply it is the customer's turn.")
    return MacroOut(suggestion=suggestion, tags=tags, status=status, reasons=reasons)


def _tags(present: Sequence[str], others: Sequence[Sequence[str]]) -> list[str]:
    counted = Counter(tag for tags in others for tag in dict.fromkeys(tags) if tag not in present)
    return [tag for tag, _count in counted.most_common(_MOST_TAGS)]
