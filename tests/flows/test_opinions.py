"""Mood, category and severity with a language model: asked after intake, checked, one voice beside the local models."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from support_copilot.db.models import Customer, Issue, Job, ModelCallRecord
from support_copilot.knowledge.templates import NewTemplate, insert_template
from support_copilot.resources import Resources
from support_copilot.serve import JOB_HANDLERS
from support_copilot.settings import WorkerConfig
from support_copilot.worker import Worker
from tests.conftest import StepClock
from tests.flows.modelled import client_of, says, with_model
from tests.flows.test_model_reply import ana
from tests.flows.test_records_issues import NOW
from tests.model_server import Manner, ModelServer

_MARK = re.compile(r"data-\w{8}")
WORDS = "Oh great, the parcel of Ana Example has been on its way for three weeks now."


@pytest.fixture
def desk(modelled: tuple[ModelServer, Resources]) -> Iterator[TestClient]:
    with client_of(modelled[1]) as opened:
        yield opened


@pytest.fixture
def worker(modelled: tuple[ModelServer, Resources]) -> Worker:
    return Worker(modelled[1], WorkerConfig(), JOB_HANDLERS)


def bring(desk: TestClient, body: str = WORDS, **customer: Any) -> dict[str, Any]:
    named = {"customer": customer} if customer else {}
    answer = desk.post("/v1/issues", json={"subject": "Parcel", "body": body, **named})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def panel(desk: TestClient, issue_id: str) -> dict[str, Any]:
    found: dict[str, Any] = desk.get(f"/v1/issues/{issue_id}/panel").json()
    return found


def mood(label: str, quote: str, message: str = "m1") -> Manner:
    return says(json.dumps({"label": label, "message": message, "quote": quote}))


def sorting(category: str, severity: str, quote: str, message: str = "m1", shown: str = "the parcel") -> Manner:
    told = {"category": category, "category_quote": shown, "severity": severity, "message": message, "quote": quote}
    return says(json.dumps(told))


def delivery(resources: Resources) -> None:
    with resources.database.transaction() as session:
        new = NewTemplate("Late parcel", "We look for it.", category="delivery", language="en")
        insert_template(session, new, None, None, now=NOW)


def work(worker: Worker) -> None:
    while worker.run_once():
        pass


def test_the_panel_is_made_anew_with_what_the_models_say(
    desk: TestClient, server: ModelServer, resources: Resources, worker: Worker
) -> None:
    delivery(resources)
    made = bring(desk)
    assert server.bodies() == [], "nobody waits for a model at intake"
    assert made["panel"]["sentiment"]["opinion"] is None
    server.script(
        mood("negative", "on its way for three weeks now"), sorting("Delivery", "high", "for three weeks now")
    )
    work(worker)
    found = panel(desk, made["issue"]["id"])
    assert found["sentiment"]["label"] == "negative"
    assert found["sentiment"]["opinion"]["engine"] == "stand-in-1 (sentiment/1)"
    assert (found["category"]["value"], found["category"]["opinion"]["counts"]) == ("delivery", True)
    assert found["severity"]["opinion"]["engine"] == "stand-in-1 (classification/2)"
    assert any("language model reads high" in factor["label"] for factor in found["severity"]["factors"])
    read, before = desk.get(f"/v1/issues/{made['issue']['id']}").json(), made["issue"]
    changed = any(read[name] != before[name] for name in ("category", "severity"))
    assert read["version"] == before["version"] + changed, "only what lists show is a change of the issue"
    with resources.database.read() as session:
        tasks = [row.task for row in session.scalars(select(ModelCallRecord).order_by(ModelCallRecord.id))]
        assert sorted(tasks) == ["classification", "sentiment"]


def test_personal_data_is_masked_and_looking_again_asks_nobody(
    desk: TestClient, server: ModelServer, worker: Worker
) -> None:
    made = bring(desk, name="Ana Example", email="ana@example.com")
    server.script(
        mood("negative", "the parcel of [PERSON_1] has been on its way"), sorting("none", "low", "Oh great, the")
    )
    work(worker)
    assert "Ana" not in json.dumps(server.bodies())
    asked = len(server.bodies())
    found = desk.get(f"/v1/issues/{made['issue']['id']}/panel", params={"refresh": True}).json()
    work(worker)
    assert (found["sentiment"]["opinion"]["value"], len(server.bodies())) == ("negative", asked)


def test_new_words_of_the_customer_are_asked_about_and_a_reply_is_not(
    desk: TestClient, server: ModelServer, worker: Worker
) -> None:
    issue_id = bring(desk)["issue"]["id"]
    server.script(mood("neutral", ""), sorting("none", "low", "for three weeks now"), mood("neutral", ""))
    work(worker)
    asked = len(server.bodies())
    desk.post(f"/v1/issues/{issue_id}/messages", json={"author": "agent", "body": "We look for it."})
    work(worker)
    assert len(server.bodies()) == asked
    desk.post(f"/v1/issues/{issue_id}/messages", json={"body": "It still has not arrived."})
    work(worker)
    assert len(server.bodies()) > asked
    assert panel(desk, issue_id)["sentiment"]["opinion"]["messages_read"] == 2


@pytest.mark.parametrize(("answer", "said"), [
    (mood("positive", "I love you all"), "copied no words"),
    (mood("positive", "on its way", "m9"), "copied no words"),
    (says("not JSON"), "so the local model's word stands"),
])  # fmt: skip
def test_an_answer_that_shows_nothing_changes_nothing(
    desk: TestClient, server: ModelServer, worker: Worker, answer: Manner, said: str
) -> None:
    made = bring(desk)
    server.script(answer)
    work(worker)
    found = panel(desk, made["issue"]["id"])["sentiment"]
    assert said in found["opinion"]["detail"]
    assert {**found, "opinion": None} == made["panel"]["sentiment"]


def test_an_issue_whose_list_entry_did_not_change_keeps_its_version(
    desk: TestClient, server: ModelServer, worker: Worker
) -> None:
    made = bring(desk)
    server.script(mood("negative", "for three weeks now"), sorting("none", "medium", "for three weeks now"))
    work(worker)
    read = desk.get(f"/v1/issues/{made['issue']['id']}").json()
    assert (read["version"], read["severity"]) == (made["issue"]["version"], made["issue"]["severity"])


@pytest.mark.parametrize("shown", ["", "the", "has been on", "a broken lamp"])
def test_a_category_without_words_of_the_customer_is_no_opinion(
    desk: TestClient, server: ModelServer, resources: Resources, worker: Worker, shown: str
) -> None:
    delivery(resources)
    made = bring(desk)
    server.script(mood("neutral", ""), sorting("delivery", "low", "for three weeks now", shown=shown))
    work(worker)
    found = panel(desk, made["issue"]["id"])["category"]["opinion"]
    assert (found["value"], found["counts"]) == (None, False)


def test_a_model_that_cannot_be_reached_is_asked_again_and_the_other_is_not(
    desk: TestClient, server: ModelServer, worker: Worker, clock: StepClock
) -> None:
    issue_id = bring(desk)["issue"]["id"]
    server.script(mood("neutral", ""), Manner(status=429))
    work(worker)
    found = panel(desk, issue_id)
    assert (found["sentiment"]["opinion"]["value"], found["severity"]["opinion"]["again"]) == ("neutral", True)
    server.script(sorting("none", "low", "for three weeks now"))
    clock.now += timedelta(hours=1)
    work(worker)
    assert panel(desk, issue_id)["severity"]["opinion"]["value"] == "low"
    assert len(server.bodies()) == 1


def test_who_does_not_want_it_any_more_is_not_asked_about_again(
    desk: TestClient, server: ModelServer, resources: Resources, worker: Worker
) -> None:
    customer_id = ana(resources)
    body = {"subject": "Parcel", "body": WORDS, "customer": {"id": customer_id}}
    assert desk.post("/v1/issues", json=body).status_code == 201
    with resources.database.transaction() as session:
        customer = session.get(Customer, customer_id)
        assert customer is not None
        customer.language_model_allowed = False
    work(worker)
    assert server.bodies() == []


def test_a_person_stands_above_the_model(desk: TestClient, server: ModelServer, worker: Worker) -> None:
    made = bring(desk)
    issue_id = made["issue"]["id"]
    desk.post(f"/v1/issues/{issue_id}/corrections", json={"part": "sentiment", "value": "neutral"})
    server.script(mood("negative", "for three weeks now"), sorting("none", "high", "for three weeks now"))
    work(worker)
    found = panel(desk, issue_id)["sentiment"]
    assert (found["label"], found["model"]) == ("neutral", "agent")


def test_customers_who_do_not_want_it_are_not_sent(
    desk: TestClient, server: ModelServer, resources: Resources, worker: Worker
) -> None:
    customer_id = ana(resources, language_model_allowed=False)
    body = {"subject": "Parcel", "body": WORDS, "customer": {"id": customer_id}}
    assert desk.post("/v1/issues", json=body).status_code == 201
    work(worker)
    assert server.bodies() == []


def test_each_task_has_a_setting_of_its_own(resources: Resources) -> None:
    with with_model(resources, tasks={"classification": {"chain": []}}) as (server, own), client_of(own) as desk:
        issue_id = bring(desk)["issue"]["id"]
        server.script(mood("negative", "for three weeks now"))
        work(Worker(own, WorkerConfig(), JOB_HANDLERS))
        found = panel(desk, issue_id)
    assert found["sentiment"]["opinion"]["value"] == "negative"
    assert (found["category"]["opinion"], found["severity"]["opinion"], len(server.bodies())) == (None, None, 1)


def test_a_spent_budget_leaves_the_local_word(resources: Resources) -> None:
    prices = {"input_usd_per_million": 1000, "output_usd_per_million": 1000}
    with with_model(resources, prices, budget={"daily_usd": 0.0001}) as (server, own), client_of(own) as desk:
        issue_id = bring(desk)["issue"]["id"]
        work(Worker(own, WorkerConfig(), JOB_HANDLERS))
        found = panel(desk, issue_id)["sentiment"]
    assert (server.bodies(), found["opinion"]["value"], found["model"]) == ([], None, "sentiment/1")


def test_without_a_model_no_job_is_made(client: TestClient, resources: Resources) -> None:
    assert client.post("/v1/issues", json={"subject": "Parcel", "body": WORDS}).status_code == 201
    with resources.database.read() as session:
        assert session.scalar(select(Job.id).where(Job.name == "analysis.ask_models")) is None
        assert session.scalar(select(Issue.category_source)) in (None, "model")


@pytest.mark.parametrize("task", ["sentiment", "classification"])
def test_what_is_shown_is_what_would_be_sent(
    desk: TestClient, server: ModelServer, resources: Resources, worker: Worker, task: str
) -> None:
    delivery(resources)
    issue_id = bring(desk, name="Ana Example", email="ana@example.com")["issue"]["id"]
    preview = desk.post(f"/v1/issues/{issue_id}/panel/preview", params={"task": task}).json()
    assert (preview["sent"], preview["prompt"], server.bodies()) == (
        True,
        f"{task}/{1 if task == 'sentiment' else 2}",
        [],
    )
    server.script(mood("neutral", ""), sorting("none", "low", "for three weeks now"))
    work(worker)
    shown = [_MARK.sub("data", message["text"]) for message in preview["messages"]]
    sent = [[_MARK.sub("data", each["content"]) for each in body["messages"]] for body in server.bodies()]
    assert shown in [messages[: len(shown)] for messages in sent]
    assert "Ana" not in json.dumps(shown)
