"""A legal hold keeps the records of its customer as they are, also when somebody else is forgotten."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from support_copilot.customers.service import NewCustomer, insert_customer
from support_copilot.db.models import (
    Analysis,
    Customer,
    Incident,
    IncidentLink,
    Issue,
    LegalHold,
    Message,
    PrivacyRequest,
    Suggestion,
)
from support_copilot.db.outbox import enqueue
from support_copilot.identity.principal import LOCAL_CLI
from support_copilot.issues.documents import put_issue_document
from support_copilot.issues.service import NewIssue, NewMessage, insert_issue
from support_copilot.kit.ids import new_id
from support_copilot.privacy.holds import place_hold, release_hold
from support_copilot.privacy.receipt import receipt_key
from support_copilot.privacy.requests import Kind, ask
from support_copilot.resources import Resources
from support_copilot.worker import Worker
from tests.conftest import StepClock
from tests.receipts import read_receipt
from tests.unit.privacy.stories import CANARY, EMAIL, NAME, PHONE, Story, tell_story

BODY = f"Evidence: on 3 May {NAME} ({EMAIL}) promised me a refund."
SUBJECT = f"Contract dispute with {NAME}"
NOTES = f"In dispute with {NAME}."


def add_held(resources: Resources, story: Story) -> tuple[str, str, str]:
    """Somebody under a hold, whose records name and quote the person of the story: ids of customer, issue and hold."""
    now = resources.clock()
    with resources.database.transaction() as session:
        customer = insert_customer(session, NewCustomer(name="Ben Oakes", notes=NOTES), now=now)
        new = NewIssue(SUBJECT, "email", customer_id=customer.id, messages=[NewMessage("customer", BODY)])
        record = insert_issue(session, new, now=now)
        put_issue_document(session, record, None, None)
        incident_id = new_id("incident")
        session.add_all([
            Incident(id=incident_id, title=SUBJECT, title_of=record.issue.id, status="open", created_by="key_x",
                     created_at=now, updated_at=now, version=1),
            Analysis(id=new_id("analysis"), issue_id=record.issue.id, message_count=1, created_at=now,
                     panel={"similar_issues": {"items": [{"id": story.issue_id, "title": f"{CANARY}subject"}]}}),
            Suggestion(
                id=new_id("suggestion"), issue_id=record.issue.id, request={}, context={}, text="Hello", checks=[],
                citations=[{"source": {"kind": "issue", "id": story.issue_id, "title": f"{CANARY}title"}}],
                engine="offline", usage={}, duration_ms=1.0, message_count=1, created_at=now,
            ),
        ])  # fmt: skip
        session.flush()
        for issue_id in (record.issue.id, story.issue_id):
            session.add(
                IncidentLink(
                    id=new_id("incident_link"),
                    incident_id=incident_id,
                    issue_id=issue_id,
                    created_by="key_x",
                    created_at=now,
                )
            )
        hold = place_hold(session, customer.id, "Case 7", LOCAL_CLI, now)
    return customer.id, record.issue.id, hold.id


def state_of(resources: Resources, customer_id: str, issue_id: str) -> list[object]:
    """All that stands in the records of the customer."""
    with resources.database.read() as session:
        customer, issue = session.get(Customer, customer_id), session.get(Issue, issue_id)
        assert customer is not None
        assert issue is not None
        return [
            customer.notes,
            issue.subject,
            session.scalar(select(Message.body).where(Message.issue_id == issue_id)),
            session.scalar(select(Incident.title).where(Incident.title_of == issue_id)),
            session.scalar(select(Analysis.panel).where(Analysis.issue_id == issue_id)),
            session.scalar(select(Suggestion.citations).where(Suggestion.issue_id == issue_id)),
        ]


def forget(resources: Resources, worker: Worker, kind: Kind, customer_id: str) -> str:
    request_id = ask(resources, kind, customer_id, LOCAL_CLI).id
    work(worker)
    return request_id


def work(worker: Worker) -> None:
    while worker.run_once():
        pass


def request_of(resources: Resources, request_id: str) -> PrivacyRequest:
    with resources.database.read() as session:
        found = session.get(PrivacyRequest, request_id)
        assert found is not None
        _ = found.person  # decrypted while the session is there
    return found


def release(resources: Resources, hold_id: str) -> None:
    with resources.database.transaction() as session:
        release_hold(session, hold_id, LOCAL_CLI, resources.clock())


def statement_of(resources: Resources, request: PrivacyRequest) -> dict[str, object]:
    assert request.receipt is not None
    return read_receipt(request.receipt, receipt_key(resources))


@pytest.mark.parametrize("kind", ["erasure", "anonymization"])
def test_held_records_stay_as_they_are_and_the_receipt_says_so(
    resources: Resources, worker: Worker, kind: Kind
) -> None:
    story = tell_story(resources)
    customer_id, issue_id, _hold = add_held(resources, story)
    before = state_of(resources, customer_id, issue_id)

    request = request_of(resources, forget(resources, worker, kind, story.customer_id))

    assert state_of(resources, customer_id, issue_id) == before
    assert request.status == "done"
    # Subject, message, title of the incident, notes; the panel and the draft quote.
    assert request.counts["mentions"] == {"removed": 1, "left": 4, "kept_by_hold": 4}
    assert request.counts["quotes"] == {"removed": 0, "left": 2, "kept_by_hold": 2}
    statement = statement_of(resources, request)
    assert statement["left"] == 6
    assert statement["stores"] == request.counts


@pytest.mark.parametrize("kind", ["erasure", "anonymization"])
def test_what_the_hold_kept_is_masked_when_it_is_released(resources: Resources, worker: Worker, kind: Kind) -> None:
    story = tell_story(resources)
    customer_id, issue_id, hold_id = add_held(resources, story)
    request_id = forget(resources, worker, kind, story.customer_id)
    first = request_of(resources, request_id)

    release(resources, hold_id)
    work(worker)

    assert state_of(resources, customer_id, issue_id) == [
        "In dispute with [PERSON].",
        "Contract dispute with [PERSON]",
        "Evidence: on 3 May [PERSON] ([EMAIL]) promised me a refund.",
        "Contract dispute with [PERSON]",
        None,
        [],
    ]
    request = request_of(resources, request_id)
    assert request.counts["mentions"] == {"removed": 5, "left": 0}
    assert request.counts["quotes"] == {"removed": 2, "left": 0}
    assert statement_of(resources, request)["left"] == 0
    assert statement_of(resources, first)["left"] == 6, "the first receipt stays checkable"
    assert (request.person, request.progress) == ({}, {}), "nothing is remembered of the person"


def test_whom_held_records_name_is_remembered_encrypted(resources: Resources, worker: Worker) -> None:
    story = tell_story(resources)
    add_held(resources, story)
    request_id = forget(resources, worker, "erasure", story.customer_id)
    with resources.database.read() as session:
        row = repr(session.execute(select(PrivacyRequest.__table__)).one())
    assert request_of(resources, request_id).person["known"][0]["name"] == NAME
    assert [trace for trace in (NAME, EMAIL, PHONE, "Quaxby") if trace in row] == []


def test_what_another_hold_keeps_stays(resources: Resources, worker: Worker) -> None:
    story = tell_story(resources)
    customer_id, issue_id, hold_id = add_held(resources, story)
    with resources.database.transaction() as session:
        place_hold(session, customer_id, "Case 8", LOCAL_CLI, resources.clock())
    before = state_of(resources, customer_id, issue_id)
    request_id = forget(resources, worker, "erasure", story.customer_id)
    receipt = request_of(resources, request_id).receipt

    release(resources, hold_id)
    work(worker)

    assert state_of(resources, customer_id, issue_id) == before
    assert request_of(resources, request_id).receipt == receipt


def test_a_hold_that_ended_while_somebody_was_erased_is_found_by_the_daily_run(
    resources: Resources, worker: Worker
) -> None:
    """Its own job came too early: the erasure was not done."""
    story = tell_story(resources)
    customer_id, issue_id, hold_id = add_held(resources, story)
    forget(resources, worker, "erasure", story.customer_id)
    with resources.database.transaction() as session:
        hold = session.lock(LegalHold, hold_id)
        assert hold is not None
        hold.released_at = resources.clock()
        enqueue(session, "privacy.enforce_retention", {}, now=resources.clock())
    work(worker)
    assert NAME not in str(state_of(resources, customer_id, issue_id))


def test_somebody_who_came_back_is_not_masked_when_the_hold_is_released(resources: Resources, worker: Worker) -> None:
    story = tell_story(resources)
    customer_id, issue_id, hold_id = add_held(resources, story)
    request_id = forget(resources, worker, "erasure", story.customer_id)
    with resources.database.transaction() as session:
        insert_customer(session, NewCustomer(name=NAME, email=EMAIL), now=resources.clock())

    release(resources, hold_id)
    work(worker)

    assert BODY in state_of(resources, customer_id, issue_id)
    assert request_of(resources, request_id).counts["mentions"] == {"removed": 1, "left": 0}


def test_masking_cut_off_is_told_in_the_receipt_of_the_next_try(
    resources: Resources, worker: Worker, monkeypatch: pytest.MonkeyPatch, clock: StepClock
) -> None:
    story = tell_story(resources)
    _customer, _issue, hold_id = add_held(resources, story)
    request_id = forget(resources, worker, "erasure", story.customer_id)
    release(resources, hold_id)

    def cut_off(_resources: Resources) -> None:
        raise RuntimeError("cut off")

    settle: Callable[[Resources], None] = cut_off
    with monkeypatch.context() as patched:
        patched.setattr("support_copilot.privacy.kept.settle_files", settle)
        worker.run_once()
    clock.advance(hours=1)
    work(worker)
    request = request_of(resources, request_id)
    assert statement_of(resources, request)["left"] == 0
    assert request.counts["mentions"]["removed"] == 5
