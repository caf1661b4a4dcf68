"""A person whose two records are merged is forgotten, kept and copied as one."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from support_copilot.customers.merging import (
    CustomerHeldError,
    MergeAnonymizedError,
    PrivacyRequestRunningError,
)
from support_copilot.customers.service import NewCustomer, find_or_create_customer
from support_copilot.db.models import Customer, Message
from support_copilot.identity.principal import LOCAL_CLI
from support_copilot.privacy.holds import release_hold
from support_copilot.privacy.receipt import receipt_key
from support_copilot.privacy.requests import ask
from support_copilot.privacy.retention import change_rules, due, enforce_retention
from support_copilot.resources import Resources
from support_copilot.worker import Worker
from tests.conftest import StepClock
from tests.receipts import read_receipt
from tests.security.test_erasure import TRACES, everything_in, request_of, traces_in, tried_until_done
from tests.unit.privacy.stories import CANARY, EMAIL, NAME, PHONE, Story, erase, tell_story
from tests.unit.privacy.two_records import OTTOLINE, add, add_issue, add_survivor, get, hold, merge, unmerge, work

OTHER_TRACES = ("Ottoline", "fairweather", "778899", "crm-ottoline")


def merged_story(resources: Resources) -> tuple[Story, str]:
    """A customer with traces everywhere, merged into another record of the same person; returns that one's id."""
    story, survivor = tell_story(resources, issues=2), add_survivor(resources)
    add_issue(resources, survivor, f"{OTTOLINE['name']} again, {CANARY}second.")
    add_issue(resources, None, f"Ask {OTTOLINE['email']}, {OTTOLINE['name']} knows.")
    merge(resources, story.customer_id, survivor)
    return story, survivor


def left_in(resources: Resources) -> list[str]:
    held = everything_in(resources).lower()
    return [trace for trace in (*TRACES, *OTHER_TRACES) if trace.lower() in held]


@pytest.mark.parametrize("by", ["survivor", "merged"])
def test_no_row_and_no_file_holds_a_trace_of_either_record(
    resources: Resources, worker: Worker, tmp_path: Path, by: str
) -> None:
    story, survivor = merged_story(resources)
    assert len(left_in(resources)) > 3

    request_id = erase(resources, worker, survivor if by == "survivor" else story.customer_id)

    assert left_in(resources) == []
    request = request_of(resources, request_id)
    assert (request.status, request.customer_id) == ("done", survivor)
    statement = read_receipt(str(request.receipt), receipt_key(resources))
    assert (statement["left"], statement["merged_customer_ids"]) == (0, [story.customer_id])
    assert statement["stores"]["customers"] == {"removed": 2, "left": 0}
    assert statement["stores"]["issues"] == {"removed": 3, "left": 0}
    if resources.database.is_sqlite:
        resources.search.flush()
        assert traces_in(tmp_path) == []


def test_an_erasure_of_both_cut_off_anywhere_is_ended_by_the_next_try(
    resources: Resources, worker: Worker, monkeypatch: pytest.MonkeyPatch, clock: StepClock
) -> None:
    _, survivor = merged_story(resources)
    request_id = ask(resources, "erasure", survivor, LOCAL_CLI).id
    fail_at = tried_until_done(resources, worker, monkeypatch, clock, request_id)
    assert fail_at > 5
    assert request_of(resources, request_id).counts["customers"] == {"removed": 2, "left": 0}
    assert left_in(resources) == []


def test_what_a_namesake_s_merged_record_shares_is_no_sign(resources: Resources, worker: Worker) -> None:
    """The same address stands in a record that is merged into somebody else's: their texts are not touched."""
    story = tell_story(resources)
    other = add(resources, name="Bo Other")
    merge(resources, add(resources, name="Family", email=EMAIL), other)
    issue = add_issue(resources, other, f"Write to {EMAIL}.")

    erase(resources, worker, story.customer_id)

    with resources.database.read() as session:
        assert EMAIL in session.scalar(select(Message.body).where(Message.issue_id == issue))


def test_a_copy_holds_both_records_and_the_issues_of_both(
    client: TestClient, resources: Resources, worker: Worker
) -> None:
    story, survivor = merged_story(resources)
    asked = client.post("/v1/privacy/exports", json={"customer_id": story.customer_id}).json()
    assert asked["customer_id"] == survivor
    work(worker)

    address = f"/v1/privacy/exports/{asked['id']}"
    assert client.get(address).json()["counts"]["customers"]["exported"] == 2
    archive = zipfile.ZipFile(io.BytesIO(client.get(address + "/file").content))
    assert json.loads(archive.read("customer.json"))["email"] == OTTOLINE["email"]
    second = json.loads(archive.read(f"merged/{story.customer_id}.json"))
    assert (second["email"], second["notes"]) == (EMAIL, f"{CANARY}note")
    assert len([name for name in archive.namelist() if name.startswith("issues/")]) == 3
    assert [name for name in archive.namelist() if name.startswith("files/")]


def test_a_copy_from_before_the_merge_goes_with_the_erasure(
    client: TestClient, resources: Resources, worker: Worker
) -> None:
    story, survivor = tell_story(resources), add_survivor(resources)
    request_id = client.post("/v1/privacy/exports", json={"customer_id": story.customer_id}).json()["id"]
    work(worker)
    merge(resources, story.customer_id, survivor)

    erase(resources, worker, survivor)

    assert client.get(f"/v1/privacy/exports/{request_id}/file").json()["code"] == "export_expired"
    assert not [*resources.blobs.keys("exports/")]


def test_both_are_anonymized_and_stay_as_they_are(resources: Resources, worker: Worker) -> None:
    story, survivor = merged_story(resources)
    request_id = ask(resources, "anonymization", story.customer_id, LOCAL_CLI).id
    work(worker)

    request = request_of(resources, request_id)
    assert (request.status, request.counts["customers"]) == ("done", {"removed": 2, "left": 0})
    people = (NAME, EMAIL, PHONE, "Zerlinda", "Quaxby", *OTHER_TRACES)
    held = everything_in(resources).lower()
    assert [trace for trace in people if trace.lower() in held] == []
    for customer_id in (survivor, story.customer_id):
        row = get(resources, customer_id)
        assert row is not None
        assert (row.name, row.email, row.notes, row.also_known) == (None, None, None, {})
        assert row.anonymized_at
    with pytest.raises(MergeAnonymizedError):
        unmerge(resources, story.customer_id, survivor)
    with pytest.raises(MergeAnonymizedError):
        merge(resources, add(resources, name="Somebody"), survivor)


def test_a_hold_on_either_keeps_both_and_keeps_them_as_they_are(
    resources: Resources, worker: Worker, clock: StepClock
) -> None:
    story, survivor = merged_story(resources)
    placed = hold(resources, story.customer_id)
    assert placed.customer_id == survivor
    for customer_id in (survivor, story.customer_id):
        with pytest.raises(CustomerHeldError):
            ask(resources, "erasure", customer_id, LOCAL_CLI)
    with pytest.raises(CustomerHeldError):
        unmerge(resources, story.customer_id, survivor)
    with pytest.raises(CustomerHeldError):
        merge(resources, survivor, add(resources, name="A third"))
    with pytest.raises(CustomerHeldError):
        merge(resources, add(resources, name="A third"), survivor)

    with resources.database.transaction() as session:
        release_hold(session, placed.id, LOCAL_CLI, resources.clock())
    unmerge(resources, story.customer_id, survivor)
    assert request_of(resources, erase(resources, worker, story.customer_id)).status == "done"
    assert get(resources, survivor) is not None


def test_what_a_held_customer_s_merged_record_says_of_somebody_else_is_kept(
    resources: Resources, worker: Worker
) -> None:
    story = tell_story(resources)
    held, second = add(resources, name="Held"), add(resources, name="Held too", notes=f"A friend of {NAME}, {EMAIL}.")
    merge(resources, second, held)
    with resources.database.transaction() as session:
        row = session.get(Customer, held)
        assert row is not None
        row.notes = None  # filled from the other one by the merge
    hold(resources, held)

    request = request_of(resources, erase(resources, worker, story.customer_id))

    kept = get(resources, second)
    assert kept is not None
    assert kept.notes == f"A friend of {NAME}, {EMAIL}."
    assert request.counts["mentions"]["kept_by_hold"] == 1


def test_nobody_is_merged_while_they_are_forgotten(resources: Resources) -> None:
    _, survivor = merged_story(resources)
    ask(resources, "erasure", survivor, LOCAL_CLI)
    third = add(resources, name="A third")
    for pair in ((third, survivor), (survivor, third)):
        with pytest.raises(PrivacyRequestRunningError):
            merge(resources, *pair)


def test_retention_takes_a_merged_record_with_its_customer_and_never_alone(
    resources: Resources, worker: Worker, clock: StepClock
) -> None:
    old, second = add(resources, name="Old"), add(resources, name="Old too", email=EMAIL)
    merge(resources, second, old)
    with resources.database.transaction() as session:
        change_rules(session, {"customers": 30}, LOCAL_CLI, resources.clock())
    clock.advance(days=20)
    with resources.database.transaction() as session:
        found = find_or_create_customer(session, NewCustomer(email=EMAIL), now=resources.clock())
        assert found.id == second
        found.updated_at = resources.clock()  # as an import would

    clock.advance(days=20)
    with resources.database.read() as session:
        assert {each.kind: each.count for each in due(session, resources.clock())}["customers"] == 0
    clock.advance(days=20)
    enforce_retention(resources)
    work(worker)

    for customer_id in (old, second):
        row = get(resources, customer_id)
        assert row is not None
        assert row.anonymized_at
