"""The templates of the panel: chosen by what happened, as the draft chooses."""

from typing import Any

from fastapi.testclient import TestClient

from support_copilot.knowledge.templates import NewTemplate, insert_template
from support_copilot.resources import Resources
from support_copilot.retrieval.embedding import embed_waiting
from tests.flows.modelled import client_of
from tests.flows.test_records_issues import NOW

DOUBLE = (
    "Double charge: apology and refund",
    "We are sorry that you were charged twice. The second charge is refunded.",
)
AFTER = (
    "Charged after cancelling: check and refund",
    "We check when you cancelled. What was charged after is refunded.",
)


def stored(resources: Resources, *templates: tuple[str, str], **changes: Any) -> None:
    with resources.database.transaction() as session:
        for title, body in templates:
            insert_template(session, NewTemplate(title=title, body=body, **changes), None, None, now=NOW)
    embed_waiting(resources)


def listed(client: TestClient, text: str) -> tuple[str, list[str]]:
    answer = client.post("/v1/analyze", json={"subject": "Question", "body": text})
    assert answer.status_code == 200, answer.text
    part = answer.json()["templates"]
    return part["status"], [item["title"] for item in part["items"]]


def test_a_template_of_another_matter_is_not_listed_however_like_it_is(resources: Resources) -> None:
    stored(resources, DOUBLE, AFTER)
    with client_of(resources) as client:
        assert listed(client, "I cancelled in May and my card was charged again in June.") == ("ok", [AFTER[0]])
        assert listed(client, "My card was charged twice for the same month.") == ("ok", [DOUBLE[0]])


def test_where_none_fits_the_part_is_unsure(resources: Resources) -> None:
    stored(resources, DOUBLE, AFTER)
    with client_of(resources) as client:
        status, _items = listed(client, "How do I change the colour of the menu in my shop window?")
        assert status == "unsure"


def test_neither_other_languages_nor_switched_off_ones_are_listed(resources: Resources) -> None:
    stored(resources, ("Doppelte Abbuchung", "Wir erstatten die zweite Abbuchung."), language="de")
    stored(resources, DOUBLE)
    with client_of(resources, "lead") as client:
        [row] = [each for each in client.get("/v1/templates").json()["data"] if each["language"] == "en"]
        off = client.patch(f"/v1/templates/{row['id']}", json={"active": False}, headers={"If-Match": "*"})
        assert off.status_code == 200, off.text
        assert listed(client, "My card was charged twice for the same month.") == ("unsure", [])


def test_nothing_is_listed_for_advertising(resources: Resources) -> None:
    stored(resources, DOUBLE)
    with client_of(resources) as client:
        assert listed(client, "We offer backlinks at a special price. Reply with STOP to opt out.") == ("unsure", [])
