"""The customer's history: how often, on what, how satisfied, and what that means for this contact."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from support_copilot.analysis.case import Case
from support_copilot.analysis.gather import Gathered
from support_copilot.analysis.schemas import CustomerPart, CustomerRisk, RecentIssue, RepeatContact
from support_copilot.customers.queries import PastIssue
from support_copilot.customers.schemas import render_value
from support_copilot.kit.reasons import Reason
from support_copilot.ml.likeness import word_likeness
from support_copilot.retrieval.word_likeness import likeness_of

REPEAT_WINDOW_DAYS: Final = 30
_SAME_TOPIC_SIMILARITY: Final = 0.6
_SAME_TOPIC_WORDS: Final = 0.6
_RECENT_SHOWN: Final = 5


def customer_part(case: Case, found: Gathered, category: str | None) -> CustomerPart:
    """What is known of the customer; for one who is not known yet, that."""
    customer = case.customer
    if customer is None:
        return CustomerPart(status="unsure", help=Reason("help.no_customer", "The issue names no customer."))
    ratings = past_ratings(found)
    repeats = same_topic_issues(case, found, category)
    return CustomerPart(
        customer_id=customer.id,
        issues_total=found.history.total,
        issues_open=found.history.open,
        repeat_contact=RepeatContact(
            topic=category or repeats[0].category or repeats[0].subject,
            count=len(repeats),
            window_days=REPEAT_WINDOW_DAYS,
        )
        if repeats
        else None,
        satisfaction=round(sum(ratings) / len(ratings), 2) if ratings else None,
        plan=customer.plan,
        value=render_value(customer),
        risk=_risk(found, ratings, len(repeats)),
        notes=customer.notes,
        recent_issues=[
            RecentIssue(issue_id=i.id, subject=i.subject, status=i.status, created_at=i.created_at, rating=i.rating)
            for i in found.history.issues[:_RECENT_SHOWN]
        ],
    )


def past_ratings(found: Gathered) -> list[int]:
    """Ratings of past issues, oldest first."""
    return [issue.rating for issue in reversed(found.history.issues) if issue.rating is not None]


def same_topic_issues(case: Case, found: Gathered, category: str | None) -> list[PastIssue]:
    """The customer's issues of the last weeks that were about the same: alike in meaning or in their subjects."""
    since: datetime = case.created_at - timedelta(days=REPEAT_WINDOW_DAYS)
    alike = {hit.id for hit in found.issue_hits if likeness_of(hit) >= _SAME_TOPIC_SIMILARITY}
    return [
        issue
        for issue in found.history.issues
        if issue.created_at >= since
        and (
            issue.id in alike
            or (category is not None and issue.category == category)
            or word_likeness(issue.subject, case.subject) >= _SAME_TOPIC_WORDS
        )
    ]


def _risk(found: Gathered, ratings: list[int], repeats: int) -> CustomerRisk:
    reasons: list[str] = list(_risk_reasons(found, ratings, repeats))
    level = "high" if len(reasons) >= 2 else "medium" if reasons else "low"
    return CustomerRisk(level=level, reasons=reasons)


def _risk_reasons(found: Gathered, ratings: list[int], repeats: int) -> Iterator[Reason]:
    if repeats:
        said = f"wrote about this {repeats} time{'s' if repeats > 1 else ''} in {REPEAT_WINDOW_DAYS} days"
        yield Reason("risk.repeat_contact", said, count=repeats, days=REPEAT_WINDOW_DAYS)
    if ratings and sum(ratings[-5:]) / len(ratings[-5:]) <= 2.5:
        yield Reason("risk.rated_low", "rated recent help poorly")
    if found.history.open >= 3:
        yield Reason("risk.open", f"has {found.history.open} other open issues", count=found.history.open)
    if any(issue.reopened_count for issue in found.history.issues[:_RECENT_SHOWN]):
        yield Reason("risk.reopened", "a recent issue was reopened")
