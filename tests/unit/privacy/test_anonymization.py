"""After anonymization the fix is found, and nothing in it says whose it was."""

import pytest
from sqlalchemy import select

from support_copilot.db.models import Attachment, Customer, Issue, Message, PrivacyRequest, Resolution
from support_copilot.identity.principal import LOCAL_CLI
from support_copilot.privacy.receipt import receipt_key
from support_copilot.privacy.requests import ask
from support_copilot.resources import Resources
from support_copilot.retrieval.find import find_documents
from support_copilot.worker import Worker
from tests.receipts import read_receipt
from tests.security.test_erasure import everything_in
from tests.unit.privacy.stories import CANARY, EMAIL, NAME, PHONE, Story, tell_story


@pytest.fixture
def story(resources: Resources, worker: Worker) -> Story:
    told = tell_story(resources, issues=2)
    ask(resources, "anonymization", told.customer_id, LOCAL_CLI)
    while worker.run_once():
        pass
    return told


def test_no_row_names_the_person(resources: Resources, story: Story) -> None:
    held = everything_in(resources).lower()
    assert [
        trace for trace in (EMAIL, "zerlinda", "quaxby", PHONE, f"{CANARY}note", f"{CANARY}attr") if trace in held
    ] == []


def test_the_fix_is_found_by_what_happened(resources: Resources, story: Story) -> None:
    found = find_documents(resources, "the printer jams", None, kinds=["issue"])
    assert story.issue_id in {hit.id for hit in found}
    with resources.database.read() as session:
        fix = session.scalar(select(Resolution).where(Resolution.issue_id == story.issue_id))
        issue = session.get(Issue, story.issue_id)
    assert fix is not None
    assert issue is not None
    assert fix.text == "Cleaned the rollers of the printer for [PERSON]."
    assert fix.steps == ["Open the lid", "Clean the rollers"]
    assert (issue.rating, issue.status, issue.external_id) == (5, "resolved", None)


def test_what_was_said_stays_without_who_said_it(resources: Resources, story: Story) -> None:
    with resources.database.read() as session:
        query = select(Message).where(Message.issue_id == story.issue_id).order_by(Message.position)
        first = session.scalars(query).first()
    assert first is not None
    assert first.body == f"Hello, [PERSON] here ([EMAIL], [PHONE]). The printer jams on {CANARY}body."
    assert first.body_html is None
    assert first.author_name is None


def test_files_and_contact_data_are_gone(resources: Resources, story: Story) -> None:
    assert list(resources.blobs.keys("attachments/")) == []
    with resources.database.read() as session:
        assert session.scalar(select(Attachment.id)) is None
        customer = session.get(Customer, story.customer_id)
    assert customer is not None
    assert (customer.name, customer.email, customer.phone, customer.notes, customer.attributes) == (None,) * 4 + ({},)
    assert customer.anonymized_at is not None


def test_the_receipt_says_so(resources: Resources, story: Story) -> None:
    with resources.database.read() as session:
        request = session.scalar(select(PrivacyRequest))
    assert request.status == "done"
    statement = read_receipt(request.receipt, receipt_key(resources))
    assert statement["left"] == 0
    assert statement["stores"]["issues_masked"]["removed"] == 2
    assert NAME not in request.receipt
