"""A webhook's address is a stranger's: it must not lead inside, elsewhere, or hold a thread."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from fastapi.testclient import TestClient

from support_copilot.kit.waiting import GivenUpError, Wait, waited_for_by
from support_copilot.outgoing.config import OutgoingConfig
from support_copilot.resources import Resources
from support_copilot.webhooks.sending import Answer, Notice, send
from support_copilot.webhooks.signing import new_secret
from tests.receiver import Receiver, running_receiver
from tests.silent_service import silent_service

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LOOPBACK = OutgoingConfig(allow=("127.0.0.1", "localhost"), webhook_timeout_s=5)
INSIDE = [
    "https://127.0.0.1/hooks", "https://localhost/hooks", "https://10.0.0.8/hooks", "https://192.168.1.1/",
    "https://172.16.0.1/", "https://169.254.169.254/latest/meta-data/", "https://169.254.170.2/", "https://[::1]/",
    "https://[fd00:ec2::254]/", "https://[fe80::1]/", "https://[::ffff:10.0.0.8]/", "https://[64:ff9b::a9fe:a9fe]/",
    "https://0.0.0.0/", "https://100.64.0.1/", "http://127.0.0.1:8000/", "http://localhost:8000/",
]  # fmt: skip
WRONG = {
    "http://example.com/hooks": "url_without_tls", "http://10.0.0.8/": "address_refused",
    "https://user:word@example.com/": "url_with_password", "https://user@example.com/": "url_with_password",
    "ftp://example.com/": "invalid_url", "https://": "invalid_url", "example.com/hooks": "invalid_url",
    "https://example.com/#part": "invalid_url", "https://exa mple.com/": "invalid_url",
    "https://example.com:99999/": "invalid_url", "https://example.com\\@10.0.0.8/": "invalid_url",
    "https://example.com/\r\nX-Evil: 1": "invalid_url", "javascript:alert(1)": "invalid_url",
    "file:///etc/passwd": "invalid_url",
}  # fmt: skip


def notice(url: str) -> Notice:
    return Notice(url, (new_secret(),), "evt_01j9z3k6w8f5v9m2q4x7c1b0ad", b"{}")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running_receiver() as running:
        yield running


@pytest.mark.parametrize(("url", "code"), [*((url, "address_refused") for url in INSIDE), *WRONG.items()])
def test_an_address_that_leads_inside_or_is_none_is_refused(client: TestClient, url: str, code: str) -> None:
    body = {"name": "Inside", "url": url, "events": ["issue.created"]}
    answer = client.post("/v1/webhooks", json=body)

    assert answer.status_code == 422, answer.text
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [("url", code)]
    assert client.get("/v1/webhooks").json()["data"] == []


def test_an_edit_is_held_to_the_same(client: TestClient) -> None:
    body = {"name": "Good", "url": "https://example.com/hooks", "events": ["issue.created"]}
    made = client.post("/v1/webhooks", json=body).json()["webhook"]
    answer = client.patch(f"/v1/webhooks/{made['id']}", json={"url": "https://169.254.169.254/"})

    assert answer.status_code == 422
    assert client.get(f"/v1/webhooks/{made['id']}").json()["url"] == body["url"]


@pytest.mark.parametrize("inside", [["10.0.0.8"], ["169.254.169.254"], ["93.184.216.34", "127.0.0.1"], ["fd00::1"]])
def test_a_name_that_leads_inside_when_it_is_sent_is_refused(
    monkeypatch: pytest.MonkeyPatch, inside: list[str]
) -> None:
    monkeypatch.setattr("support_copilot.outgoing.transport.resolve_host", lambda _host, _port: inside)

    answer = send(OutgoingConfig(), notice("https://hooks.example.com/"), NOW)

    assert (answer.status_code, answer.failure) == (None, "address_refused")


def test_a_refusal_is_seen_in_the_log_of_deliveries(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("support_copilot.outgoing.transport.resolve_host", lambda _host, _port: ["10.0.0.8"])
    body = {"name": "Rebound", "url": "https://hooks.example.com/", "events": ["issue.created"]}
    made = client.post("/v1/webhooks", json=body).json()["webhook"]

    tried = client.post(f"/v1/webhooks/{made['id']}/test").json()

    assert (tried["status"], tried["error"]) == ("failed", "address_refused")
    assert tried["problem"].startswith("The address leads into a network")


@pytest.mark.parametrize("location", ["/elsewhere", "http://169.254.169.254/", "http://localhost:1/"])
def test_nothing_is_followed_to_another_place(receiver: Receiver, location: str) -> None:
    receiver.answers = [(307, {"Location": location})]

    answer = send(LOOPBACK, notice(receiver.url), NOW)

    assert answer.failure == "redirect"
    assert len(receiver.taken) == 1


def test_one_that_says_nothing_ends_in_time() -> None:
    with silent_service() as service:
        answer = send(replace_timeout(0.2), notice(service.url), NOW)

    assert answer.failure == "timeout"
    assert answer.duration_ms < 5000


def test_one_that_answers_a_byte_at_a_time_ends_in_time() -> None:
    over = threading.Event()
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:

        def drip() -> None:
            connection, _ = listener.accept()
            with closing(connection):
                while not over.wait(0.02):
                    try:
                        connection.sendall(b"H")
                    except OSError:
                        return

        dripping = threading.Thread(target=drip)
        dripping.start()
        answer = send(replace_timeout(0.3), notice(f"http://127.0.0.1:{listener.getsockname()[1]}/"), NOW)
        over.set()
        dripping.join()

    assert answer.status_code is None
    assert answer.failure in ("timeout", "unreachable")
    assert answer.duration_ms < 5000


def test_one_that_is_waited_for_is_given_up_when_the_process_ends() -> None:
    wait, came = Wait(), threading.Event()

    def work(url: str) -> None:
        with waited_for_by(wait), pytest.raises(GivenUpError):
            send(LOOPBACK, notice(url), NOW)
        came.set()

    with silent_service() as service:
        thread = threading.Thread(target=work, args=(service.url,))
        thread.start()
        service.wait_for(1)
        wait.give_up()
        assert came.wait(30)
        thread.join()


def test_nobody_there_and_no_tls_are_told_apart(receiver: Receiver) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    assert send(LOOPBACK, notice(f"http://127.0.0.1:{port}/"), NOW).failure == "unreachable"
    assert send(LOOPBACK, notice(receiver.url.replace("http:", "https:")), NOW).failure == "tls"


def test_a_large_answer_is_not_read(receiver: Receiver) -> None:
    receiver.answers = [(200, {"Content-Length": "40000000"})]

    assert send(LOOPBACK, notice(receiver.url), NOW) == Answer(None, pytest.approx(0, abs=5000), "unreachable")


def test_an_allowed_network_of_this_machine_is_reached(resources: Resources, receiver: Receiver) -> None:
    own = replace(resources, outgoing=LOOPBACK)

    assert send(own.outgoing, notice(receiver.url), NOW).status_code == 204


def replace_timeout(timeout_s: float) -> OutgoingConfig:
    return LOOPBACK.model_copy(update={"webhook_timeout_s": timeout_s})
