"""Erasure leaves nothing: rows, index, files, other people's texts, and the raw bytes of every file of ours."""

from contextlib import suppress
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, text
from structlog.testing import capture_logs

from support_copilot.customers.merging import CustomerHeldError, PrivacyRequestRunningError
from support_copilot.customers.service import NewCustomer, insert_customer
from support_copilot.db.models import (
    ArticleVersion,
    Base,
    Customer,
    IdempotencyKey,
    Message,
    PrivacyRequest,
    PrivacySecret,
    SearchDocument,
)
from support_copilot.identity.principal import LOCAL_CLI
from support_copilot.knowledge.articles import NewArticle, edit_article, insert_article, note_contradiction
from support_copilot.knowledge.restoring import restore_version
from support_copilot.knowledge.versions import Edit
from support_copilot.privacy.holds import place_hold, release_hold
from support_copilot.privacy.receipt import receipt_key
from support_copilot.privacy.removal import count_rows_of_issues
from support_copilot.privacy.requests import ask
from support_copilot.privacy.suppression import Replay, replay_erasures
from support_copilot.resources import Resources
from support_copilot.retrieval.find import find_documents
from support_copilot.worker import Worker
from tests.conftest import StepClock
from tests.receipts import read_receipt
from tests.unit.privacy.stories import CANARY, EMAIL, NAME, PHONE, erase, tell_story

TRACES = (CANARY, EMAIL, "Zerlinda", "Quaxby", PHONE)


def everything_in(resources: Resources) -> str:
    """All rows of all tables, as text."""
    with resources.database.read() as session:
        tables = [table for table in Base.metadata.sorted_tables if table.name != "privacy_secrets"]
        return "\n".join(repr(row) for table in tables for row in session.execute(select(table)))


def request_of(resources: Resources, request_id: str) -> PrivacyRequest:
    with resources.database.read() as session:
        found = session.get(PrivacyRequest, request_id)
    assert found is not None
    return found


def tried_until_done(
    resources: Resources, worker: Worker, monkeypatch: pytest.MonkeyPatch, clock: StepClock, request_id: str
) -> int:
    """Fail at the first, the second … transaction after the request until one try gets through; how many it took."""
    opened = resources.database.transaction
    for fail_at in range(1, 60):
        calls = 0

        def transaction(fail_at: int = fail_at):  # type: ignore[no-untyped-def]
            nonlocal calls
            calls += 1
            if calls == fail_at + 2:  # the first ones are the claim and the start of the request
                raise RuntimeError("cut off")
            return opened()

        monkeypatch.setattr(resources.database, "transaction", transaction)
        with suppress(RuntimeError):
            worker.run_once()
        monkeypatch.setattr(resources.database, "transaction", opened)
        if request_of(resources, request_id).status == "done":
            break
        clock.advance(hours=1)
    return fail_at


def test_no_row_holds_a_trace(resources: Resources, worker: Worker) -> None:
    story = tell_story(resources, issues=3)
    assert CANARY in everything_in(resources)
    erase(resources, worker, story.customer_id)
    held = everything_in(resources)
    assert [trace for trace in TRACES if trace.lower() in held.lower()] == []


def test_the_index_does_not_find_it(resources: Resources, worker: Worker) -> None:
    story = tell_story(resources)
    found = find_documents(resources, f"printer {CANARY}subject", None, kinds=["issue"])
    assert story.issue_id in {hit.id for hit in found}
    erase(resources, worker, story.customer_id)
    found = find_documents(resources, f"printer {CANARY}subject", None, kinds=["issue"])
    assert story.issue_id not in {hit.id for hit in found}
    assert resources.search.held([story.issue_id, story.other_issue_id]) == {story.other_issue_id}


def test_no_file_of_ours_holds_a_byte_of_it(resources: Resources, worker: Worker, tmp_path: Path) -> None:
    if not resources.database.is_sqlite:
        pytest.skip("the files of a database server are not ours")
    story = tell_story(resources, issues=2)
    resources.search.flush()
    assert traces_in(tmp_path)
    erase(resources, worker, story.customer_id)
    assert traces_in(tmp_path) == []


def traces_in(folder: Path) -> list[tuple[str, str]]:
    forms = [form for trace in TRACES for form in (trace.encode(), trace.lower().encode(), trace.encode("utf-16-le"))]
    return [
        (path.name, form.decode("latin-1"))
        for path in folder.rglob("*")
        if path.is_file()
        for form in forms
        if form in path.read_bytes()
    ]


def test_a_mention_in_a_stranger_s_issue_is_masked_and_the_rest_stays(resources: Resources, worker: Worker) -> None:
    story = tell_story(resources)
    erase(resources, worker, story.customer_id)
    with resources.database.read() as session:
        body = session.scalar(select(Message.body).where(Message.issue_id == story.other_issue_id))
        document = session.get(SearchDocument, story.other_issue_id)
    assert body == "Please ask [EMAIL] of my team; [PERSON] knows the printer best."
    assert document is not None
    assert "zerlinda" not in document.body.lower()


def test_a_mention_in_a_stranger_s_encrypted_notes_is_masked_and_the_rest_stays(
    resources: Resources, worker: Worker
) -> None:
    story = tell_story(resources)
    with resources.database.transaction() as session:
        other = insert_customer(
            session,
            NewCustomer(
                name="Ben Oakes",
                email="ben@example.org",
                notes=f"Sits beside {NAME.upper()}; call Zerlinda at {PHONE}.",
                attributes={"deputy": EMAIL, "floor": "3", "seats": 12},
            ),
            now=resources.clock(),
        )  # fmt: skip

    request = request_of(resources, erase(resources, worker, story.customer_id))

    with resources.database.read() as session:
        kept = session.get(Customer, other.id)
    assert kept is not None
    assert (kept.name, kept.email) == ("Ben Oakes", "ben@example.org")
    assert kept.notes == "Sits beside [PERSON]; call [PERSON] at [PHONE]."
    assert kept.attributes == {"deputy": "[EMAIL]", "floor": "3", "seats": 12}
    assert request.counts["mentions"] == {"removed": 2, "left": 0}


def test_notes_that_could_not_be_masked_are_in_the_receipt(
    resources: Resources, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = tell_story(resources)
    with resources.database.transaction() as session:
        insert_customer(session, NewCustomer(name="Ben Oakes", notes=f"knows {EMAIL}"), now=resources.clock())
    monkeypatch.setattr("support_copilot.privacy.mentions._mask_sealed", lambda *_arguments: 0)

    request = request_of(resources, erase(resources, worker, story.customer_id))

    assert request.counts["mentions"]["left"] == 1


def test_the_receipt_counts_each_store_and_its_signature_holds(resources: Resources, worker: Worker) -> None:
    story = tell_story(resources, issues=2)
    request = request_of(resources, erase(resources, worker, story.customer_id))
    assert request.status == "done"
    assert request.receipt is not None
    statement = read_receipt(request.receipt, receipt_key(resources))
    assert statement["left"] == 0
    assert statement["customer_id"] == story.customer_id
    stores = statement["stores"]
    assert stores["issues"] == {"removed": 2, "left": 0}
    assert stores["messages"] == {"removed": 6, "left": 0}
    assert stores["files"]["removed"] == 1
    assert stores["customers"] == {"removed": 1, "left": 0}
    assert stores["search_index"]["left"] == 0
    assert request.progress == {}


def test_the_keys_of_replies_that_were_sent_go_too(
    resources: Resources, worker: Worker, client: TestClient, clock: StepClock
) -> None:
    story = tell_story(resources)
    headers = {"Idempotency-Key": "k1"}
    for issue_id in (story.issue_id, story.other_issue_id):
        path = f"/v1/issues/{issue_id}/queued-messages"
        assert client.post(path, json={"body": "Hello", "delay_s": 0}, headers=headers).status_code == 201
    clock.advance(seconds=1)
    while worker.run_once():
        pass
    with resources.database.read() as session:
        assert count_rows_of_issues(session, [story.issue_id])["idempotency_keys"] == 1
    request = request_of(resources, erase(resources, worker, story.customer_id))
    assert request.counts["idempotency_keys"] == {"removed": 1, "left": 0}
    with resources.database.read() as session:
        assert list(session.scalars(select(IdempotencyKey.scope))) == [f"queued:{story.other_issue_id}"]


def test_a_store_that_still_holds_something_is_in_the_receipt(
    resources: Resources, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = tell_story(resources)
    monkeypatch.setattr(type(resources.search), "held", lambda _self, ids: set(ids))
    request = request_of(resources, erase(resources, worker, story.customer_id))
    assert request.receipt is not None
    assert read_receipt(request.receipt, receipt_key(resources))["left"] == 1


def test_an_erasure_cut_off_anywhere_is_ended_by_the_next_try(
    resources: Resources, worker: Worker, monkeypatch: pytest.MonkeyPatch, clock: StepClock
) -> None:
    """Fail at the first, the second … transaction after the request until one try gets through."""
    story = tell_story(resources, issues=2)
    request_id = ask(resources, "erasure", story.customer_id, LOCAL_CLI).id
    fail_at = tried_until_done(resources, worker, monkeypatch, clock, request_id)
    request = request_of(resources, request_id)
    assert request.status == "done"
    assert fail_at > 5
    assert request.counts["issues"]["removed"] == 2
    assert [trace for trace in TRACES if trace.lower() in everything_in(resources).lower()] == []


def test_a_hold_keeps_everything_until_it_is_released(resources: Resources, worker: Worker) -> None:
    story = tell_story(resources)
    with resources.database.transaction() as session:
        hold = place_hold(session, story.customer_id, "Case 7", LOCAL_CLI, resources.clock())
    with pytest.raises(CustomerHeldError):
        ask(resources, "erasure", story.customer_id, LOCAL_CLI)
    with resources.database.transaction() as session:
        release_hold(session, hold.id, LOCAL_CLI, resources.clock())
    assert request_of(resources, erase(resources, worker, story.customer_id)).status == "done"


def test_a_hold_that_comes_while_the_request_waits_refuses_it(resources: Resources, worker: Worker) -> None:
    story = tell_story(resources)
    request_id = ask(resources, "erasure", story.customer_id, LOCAL_CLI).id
    with resources.database.transaction() as session:
        place_hold(session, story.customer_id, "Case 7", LOCAL_CLI, resources.clock())
    while worker.run_once():
        pass
    request = request_of(resources, request_id)
    assert (request.status, request.reason) == ("refused", "customer_held")
    with resources.database.read() as session:
        assert session.get(Customer, story.customer_id) is not None


def test_a_hold_that_comes_while_the_erasure_runs_is_refused(
    resources: Resources, worker: Worker, monkeypatch: pytest.MonkeyPatch, clock: StepClock
) -> None:
    """It would say that it keeps what is half gone."""
    story = tell_story(resources)
    request_id = ask(resources, "erasure", story.customer_id, LOCAL_CLI).id

    def cut_off(*_arguments: object) -> int:
        raise RuntimeError("cut off")

    with monkeypatch.context() as patched:
        patched.setattr("support_copilot.privacy.erasure.mask_mentions", cut_off)
        worker.run_once()
    with resources.database.transaction() as session, pytest.raises(PrivacyRequestRunningError, match=request_id):
        place_hold(session, story.customer_id, "Case 7", LOCAL_CLI, resources.clock())
    clock.advance(hours=1)
    while worker.run_once():
        pass
    assert request_of(resources, request_id).status == "done"


def test_a_hold_in_a_restored_backup_does_not_stop_the_replay(resources: Resources, worker: Worker) -> None:
    """Of two who were erased and are back one is held in the backup: the other is erased again."""
    with resources.database.transaction() as session:
        people = [
            insert_customer(session, NewCustomer(name=f"Person {each}"), now=resources.clock()).id for each in "AB"
        ]
        old = session.execute(select(Customer.__table__)).mappings().all()
    for customer_id in people:
        erase(resources, worker, customer_id)
    with resources.database.transaction() as session:
        session.execute(Customer.__table__.insert(), [dict(row) for row in old])  # type: ignore[attr-defined]
        place_hold(session, min(people), "Case 7", LOCAL_CLI, resources.clock())

    assert replay_erasures(resources) == Replay(asked=1, held=1)

    while worker.run_once():
        pass
    with resources.database.read() as session:
        assert list(session.scalars(select(Customer.id))) == [min(people)]


def test_a_restored_backup_is_erased_again(resources: Resources, worker: Worker) -> None:
    """What a backup brings back: the customer's row under its old id, from before the erasure."""
    story = tell_story(resources)
    with resources.database.read() as session:
        old = session.execute(select(Customer.__table__).where(Customer.id == story.customer_id)).mappings().one()
    erase(resources, worker, story.customer_id)
    assert replay_erasures(resources).asked == 0
    with resources.database.transaction() as session:
        session.execute(Customer.__table__.insert().values(**old))  # type: ignore[attr-defined]
    assert replay_erasures(resources).asked == 1
    while worker.run_once():
        pass
    with resources.database.read() as session:
        assert session.get(Customer, story.customer_id) is None


def test_a_backup_from_before_the_first_erasure_is_erased_again(
    resources: Resources, worker: Worker, tmp_path: Path
) -> None:
    """The key of the list must be in every backup, so it is drawn before anybody is erased."""
    replay_erasures(resources)  # what every start of a worker does
    story = tell_story(resources)
    with resources.database.read() as session:
        old = session.execute(select(Customer.__table__).where(Customer.id == story.customer_id)).mappings().one()
        keys = session.execute(select(PrivacySecret.__table__)).mappings().all()
    erase(resources, worker, story.customer_id)
    with resources.database.transaction() as session:
        session.execute(PrivacySecret.__table__.delete())  # type: ignore[attr-defined]
        session.execute(PrivacySecret.__table__.insert(), [dict(key) for key in keys])  # type: ignore[attr-defined]
        session.execute(Customer.__table__.insert().values(**old))  # type: ignore[attr-defined]

    assert replay_erasures(resources).asked == 1


def test_a_list_whose_key_is_lost_is_said_loudly(resources: Resources, worker: Worker) -> None:
    story = tell_story(resources)
    with capture_logs() as before:
        erase(resources, worker, story.customer_id)
    assert "privacy.erasures.key_lost" not in [entry["event"] for entry in before]
    with resources.database.transaction() as session:
        session.execute(PrivacySecret.__table__.delete())  # type: ignore[attr-defined]

    with capture_logs() as logs:
        replay_erasures(resources)

    assert "privacy.erasures.key_lost" in [entry["event"] for entry in logs]


def test_somebody_who_comes_back_later_is_welcome(resources: Resources, worker: Worker) -> None:
    story = tell_story(resources)
    erase(resources, worker, story.customer_id)
    again = tell_story(resources)
    assert replay_erasures(resources).asked == 0
    with resources.database.read() as session:
        assert session.get(Customer, again.customer_id) is not None


def test_the_list_of_the_erased_names_nobody(resources: Resources, worker: Worker, tmp_path: Path) -> None:
    story = tell_story(resources)
    erase(resources, worker, story.customer_id)
    listed = b"".join(path.read_bytes() for path in (tmp_path / "files" / "privacy").rglob("*") if path.is_file())
    assert listed
    for trace in (*TRACES, story.customer_id):
        assert trace.encode() not in listed


def test_asking_twice_is_one_request(resources: Resources) -> None:
    story = tell_story(resources)
    first = ask(resources, "erasure", story.customer_id, LOCAL_CLI)
    assert ask(resources, "erasure", story.customer_id, LOCAL_CLI).id == first.id
    with resources.database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM privacy_requests")) == 1


def test_a_namesake_s_data_stays_as_it_is(resources: Resources, worker: Worker) -> None:
    story, other = tell_story(resources), tell_story(resources)
    erase(resources, worker, story.customer_id)
    with resources.database.read() as session:
        assert session.get(Customer, other.customer_id) is not None
        kept = list(session.scalars(select(Message.body).where(Message.issue_id == other.issue_id)))
    assert any(NAME in body and "printer jams" in body for body in kept)


def test_no_earlier_text_of_an_article_brings_a_person_back(resources: Resources, worker: Worker) -> None:
    story = tell_story(resources)
    edit = Edit("edited", "local", f"{NAME} said so.")
    with resources.database.transaction() as session:
        new = NewArticle("Rollers", f"{NAME} ({EMAIL}) cleans the rollers.", source_issue_ids=[story.issue_id])
        article_id = insert_article(session, new, None, None, now=resources.clock()).id
        note_contradiction(session, article_id, story.issue_id, "res_1", f"{NAME} says no.", now=resources.clock())
    edit_article(resources, article_id, {"body": "Clean the rollers."}, edit, may_decide=True)
    erase(resources, worker, story.customer_id)
    held = everything_in(resources)
    assert [trace for trace in TRACES if trace.lower() in held.lower()] == []
    with resources.database.read() as session:
        (row,) = session.scalars(select(ArticleVersion))
    assert (row.source_issue_ids, row.contradictions) == ([], [])

    restored = restore_version(resources, article_id, 1, None, LOCAL_CLI)

    assert "cleans the rollers." in restored.body
    assert [trace for trace in TRACES if trace.lower() in restored.body.lower()] == []
