"""Rules for replies over HTTP: an admin sets them, every draft is held to them."""

from fastapi.testclient import TestClient

from support_copilot.resources import Resources
from tests.conftest import AsRole
from tests.flows.modelled import client_of, says, with_model
from tests.flows.test_guidance import STEPS, SYNC, ask, solved, suggest
from tests.flows.test_model_reply import GOOD, WORDS, check_of


def test_an_admin_sets_the_rules_and_the_trail_says_so(client: TestClient, as_role: AsRole) -> None:
    before = client.get("/v1/reply-rules", headers=as_role("agent")).json()
    assert {rule["name"]: rule["action"] for rule in before["rules"]} == dict.fromkeys(
        ("money", "dates", "legal", "secrets", "words"), "withhold"
    )
    changed = client.put("/v1/reply-rules", json={"actions": {"dates": "flag"}, "words": ["token"]}).json()
    assert changed["words"] == ["token"]
    assert client.put("/v1/reply-rules", json={"actions": {"legal": "off"}}).json()["words"] == ["token"]
    actions = {rule["name"]: rule["action"] for rule in client.get("/v1/reply-rules").json()["rules"]}
    assert (actions["dates"], actions["legal"], actions["money"]) == ("flag", "off", "withhold")
    assert client.put("/v1/reply-rules", json={}, headers=as_role("lead")).status_code == 403
    events = client.get("/v1/audit", params={"action": "reply_rules.changed"}).json()["data"]
    assert [event["changed"] for event in events] == [["legal"], ["dates", "own_words"]]


def test_rules_hold_for_both_engines(client: TestClient, resources: Resources) -> None:
    solved(resources, *SYNC, STEPS)
    client.put("/v1/reply-rules", json={"words": ["token"]})
    offline = suggest(client, ask(resources, WORDS, "Calendar"))
    with with_model(resources) as (server, own), client_of(own) as agent:
        server.script(says(GOOD))
        modelled = suggest(agent, ask(resources, WORDS, "Calendar"))
    for made in (offline, modelled):
        assert "token" not in made["text"]
        assert "Sign in again" in made["text"]
        assert check_of(made, "policy")["verdict"] == "fixed"
    assert modelled["engine"] == "stand-in-1 (reply/1)"
