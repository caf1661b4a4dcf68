"""Signatures are those of the convention, by its own example and by a computation of our own."""

import base64
import re
import time
from pathlib import Path
from typing import Any

from support_copilot.webhooks.signing import new_secret, signed_headers


def test_the_example_of_the_convention_is_signed_as_it_says() -> None:
    # From the test vectors of the Standard Webhooks libraries.
    headers = signed_headers(
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
    )

    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_a_secret_is_long_and_no_two_are_equal() -> None:
    secrets = {new_secret() for _ in range(10)}

    assert len(secrets) == 10
    assert all(len(base64.b64decode(secret.removeprefix("whsec_"))) == 32 for secret in secrets)


def test_there_is_one_signature_for_each_secret() -> None:
    first, second = new_secret(), new_secret()
    both = signed_headers([first, second], "evt_1", 1, b"{}")["webhook-signature"].split(" ")

    assert both == [signed_headers([key], "evt_1", 1, b"{}")["webhook-signature"] for key in (first, second)]


def test_the_receiver_of_the_document_takes_what_is_ours_and_nothing_else() -> None:
    page = (Path(__file__).parents[3] / "docs" / "webhooks.md").read_text("utf-8")
    shown: dict[str, Any] = {}
    exec(re.findall(r"```python\n(.+?)```", page, re.DOTALL)[0], shown)  # as somebody would copy it
    is_ours, secret, body, now = (
        shown["is_from_support_copilot"],
        new_secret(),
        b'{"type":"issue.created"}',
        time.time(),
    )
    headers = signed_headers([new_secret(), secret], "evt_1", int(now), body)

    assert is_ours(secret, headers, body)
    assert not is_ours(new_secret(), headers, body)
    assert not is_ours(secret, headers, body + b" ")
    assert not is_ours(secret, headers | {"webhook-id": "evt_2"}, body)
    assert not is_ours(secret, signed_headers([secret], "evt_1", int(now) - 3600, body), body)
