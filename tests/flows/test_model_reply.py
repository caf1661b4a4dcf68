"""Guidance with a language model over HTTP: what it is sent, what stays of its answer, what happens without it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from support_copilot.customers.service import NewCustomer, insert_customer
from support_copilot.resources import Resources
from tests.flows.modelled import client_of, says, with_model
from tests.flows.test_guidance import STEPS, SYNC, ask, events_of, solved, suggest
from tests.flows.test_records_issues import NOW
from tests.model_server import Manner, ModelServer

GOOD = (
    "I am sorry that your calendar stopped syncing. The sync token had expired [S1]. Please follow these steps:\n\n"
    "1. Open Settings and choose Accounts [S1]\n2. Sign out [S1]\n3. Sign in again [S1]\n"
)
WORDS = "My calendar does not sync with my phone any more."


@pytest.fixture
def client(modelled: tuple[ModelServer, Resources]) -> Iterator[TestClient]:
    with client_of(modelled[1]) as opened:
        yield opened


def ana(resources: Resources, **given: Any) -> str:
    with resources.database.transaction() as session:
        new = NewCustomer(name="Ana Example", email="ana@example.com", **given)
        return insert_customer(session, new, now=NOW).id


def check_of(answer: dict[str, Any], name: str) -> dict[str, str]:
    found: dict[str, str] = next(check for check in answer["checks"] if check["name"] == name)
    return found


def test_the_model_writes_the_reply_and_each_claim_has_its_source(
    client: TestClient, server: ModelServer, resources: Resources
) -> None:
    source = solved(resources, *SYNC, STEPS)
    issue_id = ask(resources, WORDS, "Calendar", customer_id=ana(resources))
    server.script(says(GOOD))
    events = events_of(client, issue_id, agent_name="Kim")
    done = events[-1][1]
    assert done["text"] == (
        "Hello Ana,\n\nI am sorry that your calendar stopped syncing. The sync token had expired. "
        "Please try these steps:\n\n1. Open Settings and choose Accounts\n2. Sign out\n3. Sign in again\n\n"
        "Best regards,\nKim"
    )
    assert "".join(data["text"] for name, data in events if name == "token") == done["text"]
    assert {citation["source"]["id"] for citation in done["citations"]} == {source}
    assert len(done["citations"]) >= 4
    assert done["engine"] == "stand-in-1 (reply/1)"
    assert check_of(done, "engine")["verdict"] == "pass"
    assert done["usage"]["output_tokens"] > 0


def test_personal_data_stays_in_the_house_and_comes_back_in_the_stream(
    client: TestClient, server: ModelServer, resources: Resources
) -> None:
    solved(resources, *SYNC, STEPS)
    said = f"{WORDS} Write to me at ana.private@example.net or call +49 30 901820, I am Ana Example."
    issue_id = ask(resources, said, "Calendar of Ana Example", customer_id=ana(resources))
    server.script(says("Thank you for your message, [PERSON_1]. ", GOOD))
    done = events_of(client, issue_id)[-1][1]
    sent = json.dumps(server.bodies())
    for personal in ("Ana", "Example", "ana.private", "901820", "example.net"):
        assert personal not in sent, personal
    assert "Thank you for your message, Ana Example." in done["text"]


def test_an_invented_placeholder_never_reaches_the_reader(
    client: TestClient, server: ModelServer, resources: Resources
) -> None:
    solved(resources, *SYNC, STEPS)
    server.script(says(f"Thank you for your message, [PERSON_9]. {GOOD}"))
    done = events_of(client, ask(resources, WORDS, "Calendar"))[-1][1]
    assert "PERSON" not in done["text"]
    assert check_of(done, "placeholders")["verdict"] == "fixed"


def test_who_does_not_want_a_model_is_never_sent(client: TestClient, server: ModelServer, resources: Resources) -> None:
    solved(resources, *SYNC, STEPS)
    customer = ana(resources, language_model_allowed=False)
    server.script(says(GOOD))
    done = suggest(client, ask(resources, WORDS, "Calendar", customer_id=customer))
    assert server.requests == []
    assert done["engine"] == "offline/1"
    assert check_of(done, "engine") == {
        "name": "engine",
        "verdict": "flagged",
        "detail": "This customer does not want a language model to read what they write, "
        "so the offline engine answered.",
        "detail_code": {"code": "model.opted_out", "values": {}},
    }


def test_nor_is_what_solved_the_issue_of_somebody_who_does_not(
    client: TestClient, server: ModelServer, resources: Resources
) -> None:
    solved(resources, *SYNC, STEPS, customer_id=ana(resources, language_model_allowed=False))
    server.script(says("Could you tell us which version you are using?"))
    done = suggest(client, ask(resources, WORDS, "Calendar"))
    assert "token had expired" not in json.dumps(server.bodies())
    assert check_of(done, "consent")["verdict"] == "fixed"


def test_notes_are_not_sent(client: TestClient, server: ModelServer, resources: Resources) -> None:
    solved(resources, *SYNC, STEPS)
    server.script(says(GOOD))
    suggest(client, ask(resources, WORDS, "Calendar", notes=["The purple elephant discount is for staff only."]))
    assert len(server.requests) == 1
    assert "elephant" not in json.dumps(server.bodies())


@pytest.mark.parametrize("manner", [
    Manner(status=503),
    Manner(status=401),
    replace(says(GOOD), fails_after=0),
    replace(says(GOOD), fails_after=12),
    replace(says(GOOD), fails_after=12, failure="garbage"),
])  # fmt: skip
def test_when_the_model_fails_the_offline_engine_answers_and_says_so(
    client: TestClient, server: ModelServer, resources: Resources, manner: Manner
) -> None:
    solved(resources, *SYNC, STEPS)
    server.script(manner)
    events = events_of(client, ask(resources, WORDS, "Calendar"))
    done = events[-1][1]
    assert (events[-1][0], done["engine"]) == ("done", "offline/1")
    assert check_of(done, "engine")["verdict"] == "flagged"
    tokens = [data for name, data in events if name == "token"]
    begins = max((place for place, data in enumerate(tokens) if data.get("restart")), default=0)
    assert "".join(data["text"] for data in tokens[begins:]) == done["text"]
    assert (begins > 0) == (manner.fails_after == 12)


def test_what_no_source_carries_is_withheld(client: TestClient, server: ModelServer, resources: Resources) -> None:
    solved(resources, *SYNC, STEPS)
    server.script(says(
        "Your subscription was cancelled by our billing department. We will refund 49.90 EUR by tomorrow. "
        "See https://evil.example/login for more. ![x](https://evil.example/p.png?d=secret) <b>Cheese</b> helps. ",
        GOOD,
    ))  # fmt: skip
    done = suggest(client, ask(resources, WORDS, "Calendar"))
    for lie in ("subscription", "refund", "49.90", "evil", "secret", "<b>", "Cheese"):
        assert lie not in done["text"], lie
    assert "The sync token had expired." in done["text"]
    assert {check_of(done, "sources")["verdict"], check_of(done, "links")["verdict"]} == {"fixed"}


def test_steps_are_shown_all_or_not_at_all(client: TestClient, server: ModelServer, resources: Resources) -> None:
    solved(resources, *SYNC, STEPS)
    server.script(says(GOOD.replace("2. Sign out", "2. Delete the partition table")))
    done = suggest(client, ask(resources, WORDS, "Calendar"))
    assert "partition" not in done["text"]
    assert "Sign in again" not in done["text"]
    assert "The sync token had expired." in done["text"]


def test_a_reply_of_which_nothing_stays_is_written_offline(
    client: TestClient, server: ModelServer, resources: Resources
) -> None:
    solved(resources, *SYNC, STEPS)
    server.script(says("The moon is made of cheese. Everybody who lives there knows that."))
    done = suggest(client, ask(resources, WORDS, "Calendar"))
    assert done["engine"] == "offline/1"
    assert "cheese" not in done["text"]
    assert "could be kept" in check_of(done, "engine")["detail"]


def test_a_task_may_be_kept_from_the_model(resources: Resources) -> None:
    with with_model(resources, tasks={"reply": {"chain": []}}) as (server, own), client_of(own) as client:
        done = suggest(client, ask(own, WORDS, "Calendar"))
    assert server.requests == []
    assert check_of(done, "engine")["detail"].startswith("No language model is set for this")
