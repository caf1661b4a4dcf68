"""What a page shows beside an issue without asking a model: what to do next, and what is missing.

Both are read from the same context, and pages ask for both at once, again and again. So it is gathered once for all who
ask at the same time, and kept for a little while in this process: an answer holds as long as the issue is as it was.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final

from fastapi import Depends, Request

from support_copilot.db.models import Customer
from support_copilot.guidance.assist_schemas import MissingOut, NextActionOut
from support_copilot.guidance.missing import missing_by_rule
from support_copilot.guidance.next_action import next_action_by_rule
from support_copilot.guidance.schemas import GuidanceRequest
from support_copilot.guidance.service import gathered
from support_copilot.identity.principal import Principal
from support_copilot.identity.visibility import Sees
from support_copilot.issues.queries import count_messages, get_issue
from support_copilot.kit.kept import Kept
from support_copilot.resources import Resources

#: How long what was found is told again though articles and other issues may say more by now. It is held no longer,
#: since it quotes other issues, which may be erased.
FRESH: Final = timedelta(seconds=30)
_MOST: Final = 512


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is found for an issue by rule."""

    next_action: NextActionOut
    missing: MissingOut


@dataclass(frozen=True, slots=True)
class _Key:
    """All that an answer of the same issue depends on and that changes while people work on it."""

    issue_id: str
    version: int
    messages: int
    sees: Sees
    customer: int | None
    model: str


#: What was found of late, by what it was found for.
Outlooks = Kept[_Key, Outlook]


def new_outlooks() -> Outlooks:
    """Nothing found yet."""
    return Kept(FRESH, _MOST)


async def _outlooks(request: Request) -> Outlooks:
    outlooks = request.app.state.outlooks
    assert isinstance(outlooks, Kept)  # noqa: S101  # set by serve.py before the first request
    return outlooks


OutlooksDep = Annotated[Outlooks, Depends(_outlooks)]


def outlook_of(
    resources: Resources, outlooks: Outlooks, issue_id: str, principal: Principal, charge: Callable[[], None]
) -> Outlook:
    """What to do next in this issue and what is missing in it, without a model.

    Args:
        charge: called before anything is gathered, not where it is known; may refuse by raising.

    Raises:
        IssueNotFoundError: no issue has this id.
        SearchUnavailableError: the index cannot answer.
    """
    with resources.database.read() as session:
        issue = get_issue(session, issue_id)
        customer = session.get(Customer, issue.customer_id) if issue.customer_id else None
        key = _Key(
            issue_id, issue.version, count_messages(session, issue_id),
            principal.sees, customer.version if customer else None, resources.embedder.model,
        )  # fmt: skip

    def find() -> Outlook:
        charge()
        context, record = gathered(resources, issue_id, GuidanceRequest(), principal)
        return Outlook(next_action_by_rule(resources, context, record), missing_by_rule(resources, context, record))

    return outlooks.get(key, resources.clock(), find)
