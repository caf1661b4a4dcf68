"""How a customer sounded from message to message."""

from datetime import timedelta

from fastapi.testclient import TestClient

from support_copilot.customers.service import NewCustomer, insert_customer
from support_copilot.identity.config import IdentityConfig
from support_copilot.issues.service import NewMessage
from support_copilot.resources import Resources
from support_copilot.serve import build_app
from tests.conftest import TEST_LIMITS, TEST_SERVER
from tests.flows.test_records_issues import NOW, stored
from tests.people import add_person, headers_of


def customer(resources: Resources) -> str:
    with resources.database.transaction() as session:
        return insert_customer(session, NewCustomer(name="Ana Example"), now=NOW).id


def said(author: str, body: str, hours: int, visibility: str = "public") -> NewMessage:
    return NewMessage(author, body, visibility=visibility, created_at=NOW + timedelta(hours=hours))


def test_messages_of_all_issues_stand_in_their_order(client: TestClient, resources: Resources) -> None:
    ana = customer(resources)
    angry = [said("customer", "This is terrible, I am furious!", 2), said("agent", "I am furious too, terrible.", 3)]
    happy = [said("customer", "Great, thank you, I am very happy.", 1), said("customer", "Terrible.", 4, "internal")]
    second = stored(resources, "Second", customer_id=ana, messages=angry)
    first = stored(resources, "First", customer_id=ana, messages=happy)
    stored(resources, "Of somebody else", messages=[said("customer", "Terrible!", 1)])

    found = client.get(f"/v1/customers/{ana}/sentiment").json()

    assert found["next_cursor"] is None
    assert [(each["issue_id"], each["subject"], each["label"]) for each in found["data"]] == [
        (first, "First", "positive"),
        (second, "Second", "negative"),
    ]
    assert found["data"][0]["value"] > 0.3
    assert found["data"][1]["value"] < -0.3


def test_only_the_newest_are_told(client: TestClient, resources: Resources) -> None:
    ana = customer(resources)
    messages = [said("customer", f"Message {number}.", number) for number in range(130)]
    issue_id = stored(resources, customer_id=ana, messages=messages)
    ids = [each["id"] for each in client.get(f"/v1/issues/{issue_id}/messages?limit=200").json()["data"]]
    found = client.get(f"/v1/customers/{ana}/sentiment").json()["data"]
    assert [each["message_id"] for each in found] == ids[-100:]


def test_nobody_of_that_id(client: TestClient) -> None:
    answer = client.get("/v1/customers/cus_01j9z3k6w8f5v9m2q4x7c1b0ad/sentiment")
    assert answer.status_code == 404


def test_issues_of_other_teams_are_left_out(client: TestClient, resources: Resources) -> None:
    own, other = (client.post("/v1/teams", json={"name": name}).json()["id"] for name in ("North", "South"))
    ana = customer(resources)
    for team, subject in ((own, "Own"), (other, "Of others"), (None, "Of no team")):
        issue_id = stored(resources, subject, customer_id=ana, messages=[said("customer", "It fails.", 1)])
        client.patch(f"/v1/issues/{issue_id}", json={"team_id": team})
    ada = add_person(resources, "agent", teams=(own,))
    identity = IdentityConfig(teams_limit_agents=True)
    with TestClient(build_app(resources, TEST_SERVER, limits=TEST_LIMITS, identity=identity)) as limited:
        limited.headers.update(headers_of(limited, ada))
        found = limited.get(f"/v1/customers/{ana}/sentiment").json()["data"]
    assert {each["subject"] for each in found} == {"Own", "Of no team"}
