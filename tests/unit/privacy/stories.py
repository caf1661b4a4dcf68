"""A customer with traces in every store, each trace holding a word that stands nowhere else."""

import io
from dataclasses import dataclass
from datetime import timedelta

from support_copilot.customers.service import NewCustomer, insert_customer
from support_copilot.db.models import (
    Analysis,
    Correction,
    Draft,
    ModelCallRecord,
    Proposal,
    QueuedMessage,
    Suggestion,
    Summary,
    WebhookDelivery,
)
from support_copilot.identity.principal import LOCAL_CLI
from support_copilot.issues.attachments import store_attachment
from support_copilot.issues.documents import put_issue_document
from support_copilot.issues.queries import load_issue
from support_copilot.issues.service import NewIssue, NewMessage, NewResolution, insert_issue, resolve_issue
from support_copilot.kit.ids import new_id
from support_copilot.privacy.requests import ask
from support_copilot.resources import Resources
from support_copilot.retrieval.feed import catch_up
from support_copilot.worker import Worker

NAME, EMAIL, PHONE = "Zerlinda Quaxby", "zerlinda.quaxby@example.org", "+49 30 901820"
#: One for each place; all begin alike, so that one search through raw bytes finds any of them.
CANARY = "kanarie"


@dataclass(frozen=True, slots=True)
class Story:
    customer_id: str
    issue_id: str
    other_issue_id: str


def tell_story(resources: Resources, *, issues: int = 1) -> Story:
    """A customer with solved issues, files, drafts, summaries; and somebody else's issue that mentions them."""
    now = resources.clock()
    with resources.database.transaction() as session:
        customer = insert_customer(
            session,
            NewCustomer(name=NAME, email=EMAIL, phone=PHONE, notes=f"{CANARY}note", attributes={"k": f"{CANARY}attr"}),
            now=now,
        )
        records = [_issue(session, customer.id, number, now) for number in range(issues)]
        other = insert_issue(
            session,
            NewIssue(
                subject="Invoice of a colleague", channel="email",
                messages=[NewMessage("customer", f"Please ask {EMAIL} of my team; Zerlinda knows the printer best.")],
            ),
            now=now,
        )  # fmt: skip
        put_issue_document(session, other, None, None)
    issue_id = records[0]
    store_attachment(resources, io.BytesIO(f"{CANARY}file".encode()), filename=f"{CANARY}name.txt", issue_id=issue_id)
    _add_insight(resources, issue_id)
    catch_up(resources)
    return Story(customer.id, issue_id, other.issue.id)


def erase(resources: Resources, worker: Worker, customer_id: str) -> str:
    """Ask for the erasure and work until nothing is left to do; returns the id of the request."""
    request = ask(resources, "erasure", customer_id, LOCAL_CLI)
    while worker.run_once():
        pass
    return request.id


def _issue(session, customer_id, number, now):  # type: ignore[no-untyped-def]  # a step of the story above
    record = insert_issue(
        session,
        NewIssue(
            subject=f"Printer {number} of {NAME} prints {CANARY}subject", channel="email", customer_id=customer_id,
            messages=[
                NewMessage("customer", f"Hello, {NAME} here ({EMAIL}, {PHONE}). The printer jams on {CANARY}body.",
                           body_html=f"<p>{CANARY}html</p>", author_name=NAME),
                NewMessage("agent", "Dear Ms Quaxby, please clean the rollers.", author_name="Support"),
                NewMessage("agent", f"{CANARY}internal", visibility="internal"),
            ],
            rating=5, rating_comment=f"Thanks, {NAME}, {CANARY}comment", external_source="desk",
            external_id=f"{customer_id}-{number}",
        ),
        now=now,
    )  # fmt: skip
    put_issue_document(session, record, None, None)
    fix = NewResolution(f"Cleaned the rollers of the printer for {NAME}.", steps=["Open the lid", "Clean the rollers"])
    resolve_issue(session, record.issue.id, fix, now=now + timedelta(hours=2))
    put_issue_document(session, load_issue(session, record.issue.id), None, None)
    return record.issue.id


def _add_insight(resources: Resources, issue_id: str) -> None:
    now = resources.clock()
    with resources.database.transaction() as session:
        session.add_all([
            Suggestion(
                id=new_id("suggestion"), issue_id=issue_id, request={"instruction": f"{CANARY}ask"},
                context={"items": [{"id": issue_id, "text": f"{CANARY}context"}]}, text=f"Dear Zerlinda {CANARY}draft",
                citations=[{"source": {"kind": "issue", "id": issue_id, "title": NAME}}], checks=[], engine="offline",
                usage={}, duration_ms=1.0, message_count=3, created_at=now, final_text=f"{CANARY}final",
            ),
            Summary(
                id=new_id("summary"), issue_id=issue_id, kind="resolution", text=f"{NAME} {CANARY}summary",
                sections=[{"name": "problem", "lines": [{"text": f"{NAME} {CANARY}line", "message_ids": []}]}],
                engine="offline", message_count=3, created_at=now,
            ),
            Correction(
                id=new_id("correction"), issue_id=issue_id, part="severity", value="low", predicted="high",
                note=f"{CANARY}reason", created_at=now,
            ),
            Proposal(
                id=new_id("proposal"), kind="new", issue_id=issue_id, title=f"Rollers {CANARY}title",
                body=f"As {NAME} said", language="en", reason="new", status="pending", created_at=now, updated_at=now,
                version=1,
            ),
            Draft(
                id=new_id("draft"), person_id="key_x", issue_id=issue_id, reply=f"Dear {NAME} {CANARY}begun",
                note=f"{CANARY}aside", updated_at=now,
            ),
            QueuedMessage(
                id=new_id("queued"), issue_id=issue_id, body=f"Dear {NAME} {CANARY}queued", created_by="key_x",
                made_of=[{"template_id": "tpl_x", "text": f"Dear {NAME} {CANARY}inserted"}],
                send_at=now + timedelta(days=1), created_at=now,
            ),
            Analysis(
                id=new_id("analysis"), issue_id=issue_id, message_count=3, created_at=now,
                panel={"entities": {"items": [{"type": "person", "text": f"{NAME} {CANARY}panel"}]}},
            ),
            ModelCallRecord(
                id=new_id("model_call"), issue_id=issue_id, task="reply", prompt="reply/1", provider="p", model="m",
                outcome="stop", request=[{"role": "user", "text": f"{CANARY}prompt"}], response=f"{CANARY}answer",
                input_tokens=1, cached_input_tokens=0, output_tokens=1, estimated=False, cost_micros=0, duration_ms=1.0,
                created_at=now,
            ),
            WebhookDelivery(
                id=new_id("delivery"), endpoint_id=new_id("webhook"), event_id=new_id("event"), event="issue.created",
                issue_id=issue_id, data={"issue_id": issue_id}, occurred_at=now, status="delivered", round=1,
                attempts=1, tries=[], deadline_at=now, created_at=now,
            ),
        ])  # fmt: skip
