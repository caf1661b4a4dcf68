"""A record taken out of the customer that it is merged into by the product itself, whatever was merged since."""

from support_copilot.customers.merging import going_with, issues_across, lock_pair, unmerge_customer
from support_copilot.customers.queries import get_customer
from support_copilot.db.engine import WriteSession
from support_copilot.db.outbox import enqueue
from support_copilot.identity.audit import AuditEvent, record_audit
from support_copilot.identity.principal import Principal
from support_copilot.issues.merging import lock_pair as lock_issues
from support_copilot.issues.merging import unmerge_issue
from support_copilot.resources import Resources


def take_out(resources: Resources, customer_id: str, principal: Principal) -> None:
    """Take a record out of the customer that it is merged into; their issues that are merged are taken apart first.

    Raises:
        CustomerNotFoundError: no customer has this id.
        ConflictError: it is not possible now, such as under a hold.
    """
    with resources.database.transaction() as session:
        survivor_id = get_customer(session, customer_id).merged_into_id
        if survivor_id is None:
            return
        pair = lock_pair(session, customer_id, survivor_id)
        going = going_with(pair.customer, pair.survivors_parts)
        while across := issues_across(session, survivor_id, going):
            # One at a time: what came by way of it comes along.
            _take_issue_out(session, *across[0], principal, resources)
        unmerge_customer(session, pair, principal, resources.clock())


def _take_issue_out(
    session: WriteSession, issue_id: str, into_id: str, principal: Principal, resources: Resources
) -> None:
    now = resources.clock()
    issue, survivor = lock_issues(session, issue_id, into_id)
    unmerge_issue(session, issue, survivor, now)
    record_audit(session, AuditEvent("issue.unmerged", now, principal, issue.id, after={"into": survivor.id}))
    for each in (issue, survivor):
        enqueue(session, "analysis.analyze_issue", {"issue_id": each.id}, now=now)
