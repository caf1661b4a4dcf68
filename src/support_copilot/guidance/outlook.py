"""What a page shows beside an issue without asking a model: what to do next, and what is missing.

Both are read from the same context, and pages ask for both at once, again and again. So it is gathered once for all who
ask at the same time, and kept for a little while in this process: an answer holds as long as the issue is as it was.
"""

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
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
from support_copilot.resources import Resources

#: How long what was found is told again though articles and other issues may say more by now.
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


@dataclass(slots=True)
class Outlooks:
    """What was found of late, by what it was found for. Safe from any thread."""

    _kept: OrderedDict[_Key, tuple[datetime, Future[Outlook]]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def get(self, key: _Key, now: datetime, find: Callable[[], Outlook]) -> Outlook:
        """What is known, what another thread is finding just now, or what ``find`` does; its errors are not kept."""
        with self._lock:
            at, finding = self._kept.get(key, (now, None))
            known = finding if finding is not None and now < at + FRESH else None
            mine: Future[Outlook] = Future()
            if known is None:
                self._kept[key] = (now, mine)
                self._kept.move_to_end(key)
            if len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        if known is None:
            return self._found(key, mine, find)
        try:
            return known.result()
        except Exception:  # noqa: BLE001  # it was refused to somebody else, or failed them
            return find()

    def _found(self, key: _Key, mine: Future[Outlook], find: Callable[[], Outlook]) -> Outlook:
        try:
            outlook = find()
        except BaseException as error:
            with self._lock:
                if self._kept.get(key, (None, None))[1] is mine:
                    del self._kept[key]
            mine.set_exception(error)
            raise
        mine.set_result(outlook)
        return outlook


async def _outlooks(request: Request) -> Outlooks:
    outlooks = request.app.state.outlooks
    assert isinstance(outlooks, Outlooks)  # noqa: S101  # set by serve.py before the first request
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
