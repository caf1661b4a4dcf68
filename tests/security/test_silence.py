"""What a customer wrote, and who wrote it, stays out of logs and errors."""

import io
import json
import logging

import pytest
from fastapi.testclient import TestClient

from support_copilot.kit.log import configure_logging
from support_copilot.resources import Resources
from support_copilot.worker import Worker

CANARY = "kanarienvogel-4711"


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    configure_logging("debug", "json")
    return written


def test_the_whole_life_of_an_issue_leaves_no_word_in_the_logs(
    client: TestClient, worker: Worker, log: io.StringIO
) -> None:
    body = {
        "subject": f"Broken {CANARY}",
        "body": f"My name is {CANARY}, nothing works, mail {CANARY}@example.com",
        "customer": {"name": CANARY, "email": f"{CANARY}@example.com"},
    }
    issue_id = client.post("/v1/issues", json=body).json()["issue"]["id"]
    client.post(f"/v1/issues/{issue_id}/guidance", json={"instruction": CANARY}, headers={"Accept": "application/json"})
    client.post(
        f"/v1/issues/{issue_id}/resolve", json={"resolution": {"text": f"We called {CANARY} and set it right."}}
    )
    while worker.run_once():
        pass

    assert "http.request" in log.getvalue()
    assert CANARY not in log.getvalue()


def test_an_unexpected_failure_is_logged_by_place_and_not_by_text(
    client: TestClient, resources: Resources, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise RuntimeError(f"text with {CANARY}")

    monkeypatch.setattr("support_copilot.analysis.api.analyze_words", fail)

    answer = client.post("/v1/analyze", json={"body": CANARY})

    assert answer.status_code == 500
    assert answer.json()["code"] == "internal_error"
    assert CANARY not in answer.text + log.getvalue()
    assert "RuntimeError" in log.getvalue()


@pytest.mark.parametrize(
    "body",
    [
        {"subject": {"deep": CANARY}},
        {"subject": "a", "customer": {"email": CANARY}},
        {"subject": "a", "channel": CANARY},
    ],
)
def test_a_refusal_does_not_repeat_what_was_sent(client: TestClient, body: dict[str, object]) -> None:
    answer = client.post("/v1/issues", json=body)

    assert answer.status_code == 422
    assert CANARY not in answer.text


def test_no_line_of_the_log_can_be_forged(client: TestClient, log: io.StringIO) -> None:
    headers = {"User-Agent": "a\x1b[31m", "X-Request-Id": b'x\n{"event": "forged"}', "Host": 'x"\x1b[31m'}

    client.get("/v1/issues/x%0a%7b%22event%22:%22forged%22%7d", headers=headers)  # type: ignore[arg-type]
    client.get("/v1/audit/export?format=%0aforged", headers={"User-Agent": "forged\x1b[31m"})

    assert {json.loads(line)["event"] for line in log.getvalue().splitlines()} == {"http.request"}
    assert "forged" not in log.getvalue()
    assert "\x1b" not in log.getvalue()


@pytest.fixture(autouse=True)
def _logging_as_before() -> object:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
