"""Sends one signed request to an address that a person gave: to the public network alone, and for a limited time."""

import asyncio
import json
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

import httpx2

import support_copilot
from support_copilot.kit.waiting import stopped_when_given_up
from support_copilot.outgoing.config import OutgoingConfig
from support_copilot.outgoing.policy import policy_of
from support_copilot.outgoing.transport import AddressRefusedError, GuardedAsyncTransport, RedirectRefusedError
from support_copilot.webhooks.signing import signed_headers

Failure = Literal["address_refused", "unreachable", "tls", "timeout", "redirect", "status"]
_AGENT: Final = f"Support-Copilot/{support_copilot.__version__}"


@dataclass(frozen=True, slots=True)
class Notice:
    """What is sent, and who signs it. Shows nothing of its secrets."""

    url: str
    keys: tuple[str, ...]
    event_id: str
    body: bytes

    def __repr__(self) -> str:
        return f"Notice({self.event_id})"


@dataclass(frozen=True, slots=True)
class Answer:
    """How the other side took it. ``failure`` is None for a status of 200 to 299; its words are not read."""

    status_code: int | None
    duration_ms: int
    failure: Failure | None


def body_of(event: str, occurred_at: datetime, data: Mapping[str, Any]) -> bytes:
    """The payload: what happened, when, and to what; the same bytes at every try."""
    moment = occurred_at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return json.dumps({"type": event, "timestamp": moment, "data": data}, separators=(",", ":")).encode()


def send(config: OutgoingConfig, notice: Notice, now: datetime) -> Answer:
    """Send it once and say how it went; never raises for what the other side or the network does.

    The name is looked up now and every address it has must be public (or allowed by ``outgoing.allow``); nothing is
    followed to another place; whatever is slow, from the look-up to the answer's head, ends in time.

    Raises:
        GivenUpError: this process ends; whether it arrived is not known.
    """
    headers = {"content-type": "application/json", "user-agent": _AGENT}
    headers |= signed_headers(notice.keys, notice.event_id, int(now.timestamp()), notice.body)
    started = time.perf_counter()
    status_code, failure = _sent(config, notice, headers)
    return Answer(status_code, round((time.perf_counter() - started) * 1000), failure)


def _sent(config: OutgoingConfig, notice: Notice, headers: Mapping[str, str]) -> tuple[int | None, Failure | None]:
    with asyncio.Runner() as runner:
        try:
            status_code = runner.run(_stoppable(config, notice, headers, runner.get_loop()))
        except (TimeoutError, httpx2.TimeoutException):
            return None, "timeout"
        except RedirectRefusedError:
            return None, "redirect"
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as error:
            return None, _failure_behind(error)
    if 200 <= status_code < 300:
        return status_code, None
    return status_code, "redirect" if 300 <= status_code < 400 else "status"


async def _stoppable(
    config: OutgoingConfig, notice: Notice, headers: Mapping[str, str], loop: asyncio.AbstractEventLoop
) -> int:
    working = asyncio.ensure_future(_post(config, notice, headers))

    def stop() -> None:
        with suppress(RuntimeError):  # it ended at this moment
            loop.call_soon_threadsafe(working.cancel)

    with stopped_when_given_up(stop):
        await asyncio.wait({working})
        if working.cancelled():
            raise ConnectionAbortedError
        return working.result()


async def _post(config: OutgoingConfig, notice: Notice, headers: Mapping[str, str]) -> int:
    transport = GuardedAsyncTransport(policy_of(config))
    async with (
        asyncio.timeout(config.webhook_timeout_s),
        httpx2.AsyncClient(transport=transport, timeout=config.webhook_timeout_s, follow_redirects=False) as client,
        client.stream("POST", notice.url, content=notice.body, headers=headers) as response,
    ):
        return response.status_code


def _failure_behind(error: BaseException) -> Failure:
    causes = list(_causes(error))
    if any(isinstance(cause, AddressRefusedError) for cause in causes):
        return "address_refused"
    return "tls" if any(isinstance(cause, ssl.SSLError) for cause in causes) else "unreachable"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
