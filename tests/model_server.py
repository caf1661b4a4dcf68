"""A model provider for tests: real HTTP on a free port, both wire formats, and every bad manner on demand.

A test says what the next requests meet (``script``), and looks at what arrived (``requests``) and at which
connections were closed by the other side (``gone``).
"""

import asyncio
import json
import re
import threading
from collections.abc import Awaitable, Callable, Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import uvicorn

from tests import model_wire as wire

KEY = "sk-stand-in"
ACCESS_KEY, SECRET_KEY = "AKIASTANDIN", "stand-in-secret"
_SIGNED = re.compile(
    r"^AWS4-HMAC-SHA256 Credential=(\w+)/\d{8}/[a-z0-9-]+/bedrock/aws4_request, "
    r"SignedHeaders=[^,]+, Signature=[0-9a-f]{64}$"
)

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Embed = Callable[..., "list[list[float]] | None"]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


@dataclass(frozen=True)
class Manner:
    """How one request is answered; as it stands, politely."""

    texts: tuple[str, ...] = ("Hello", " there", ".")
    finish: Literal["stop", "length", "filtered"] = "stop"
    usage: bool = True
    #: Every byte by itself: cuts through characters and frames.
    byte_by_byte: bool = False
    #: An HTTP error instead of an answer, in the provider's own form.
    status: int = 200
    retry_after: str | None = None
    complaint: str = "no"
    #: Say nothing from here on, until the other side goes away: nothing at all, headers only, or the first piece.
    stall: Literal["", "silent", "headers", "first_piece"] = ""
    #: After this many pieces: close the connection, send nonsense, report an error, or end without a reason.
    fails_after: int | None = None
    failure: Literal["cut", "garbage", "error", "no_end"] = "cut"
    #: Refuse requests that hold one of these keys, as servers do that do not know them.
    unknown: tuple[str, ...] = ()


@dataclass
class Seen:
    """A request as it arrived."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass
class ModelServer:
    """The running server. ``url`` has no path."""

    url: str = ""
    requests: list[Seen] = field(default_factory=list)
    #: Texts to vectors, for requests of embeddings.
    embed: Callable[[Sequence[str]], Any] = len
    #: Models that embed otherwise, by name.
    embeds: dict[str, Callable[[Sequence[str]], Any]] = field(default_factory=dict)
    #: Longer texts are refused.
    longest_text: int = 1_000_000
    #: Released for each request that arrives, and for each connection that the other side closed.
    arrived: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    gone: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    _manners: list[Manner] = field(default_factory=lambda: [Manner()])

    def script(self, *manners: Manner) -> None:
        """How the next requests are answered, in order; the last manner stays."""
        self._manners = list(manners)
        self.requests.clear()

    def bodies(self) -> list[dict[str, Any]]:
        return [seen.body for seen in self.requests]

    async def app(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        seen = await _read(scope, receive)
        self.requests.append(seen)
        self.arrived.release()
        manner = self._manners[0] if len(self._manners) == 1 else self._manners.pop(0)
        answer = _Answer(receive, send, manner, self.gone)
        if seen.path.startswith("/model/"):
            await _bedrock(seen, manner, answer, self._embedded)
        else:
            await _openai(seen, manner, answer, self._embedded)

    def _embedded(self, texts: Sequence[str], model: str = "") -> list[list[float]] | None:
        """None where a service would refuse: an empty text, or one too long."""
        if any(not text or len(text) > self.longest_text for text in texts):
            return None
        vectors: list[list[float]] = self.embeds.get(model, self.embed)(texts).tolist()
        return vectors


class _PromptServer(uvicorn.Server):
    """Ends as soon as it is told to, not with the next look at a flag: hundreds of tests start one each."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def main_loop(self) -> None:
        self._loop, self._told = asyncio.get_running_loop(), asyncio.Event()
        await self.on_tick(0)
        self.ready.set()
        await self._told.wait()

    def end(self) -> None:
        self.should_exit = self.force_exit = True
        self._loop.call_soon_threadsafe(self._told.set)


@contextmanager
def running_model_server() -> Iterator[ModelServer]:
    """Start a server in a thread of its own."""
    stand_in = ModelServer()
    server = _PromptServer(
        uvicorn.Config(
            stand_in.app,
            port=0,
            log_config=None,
            access_log=False,
            lifespan="off",
            loop="asyncio",
            interface="asgi3",
            timeout_keep_alive=60,
        )
    )
    thread = threading.Thread(target=server.run, name="model-server", daemon=True)
    thread.start()
    assert server.ready.wait(30), "the server did not start"
    stand_in.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        yield stand_in
    finally:
        server.end()
        thread.join(10)


async def _openai(seen: Seen, manner: Manner, answer: "_Answer", embed: Embed) -> None:
    if seen.headers.get("authorization") not in (f"Bearer {KEY}", None):
        await answer.json(401, {"error": {"message": "no key", "type": "auth", "param": None, "code": None}})
        return
    if seen.path == "/v1/embeddings":
        vectors = embed(seen.body["input"], seen.body["model"])
        if vectors is None or manner.status != 200:
            await _openai_error(manner if vectors else Manner(status=400, complaint="too long"), answer)
        else:
            await answer.json(200, wire.embeddings(vectors))
        return
    if seen.path != "/v1/chat/completions":
        await answer.json(404, {"detail": "Not Found"})
        return
    refused = next((name for name in manner.unknown if name in json.dumps(seen.body)), None)
    if refused:
        await _openai_error(Manner(status=400, complaint=f"Unsupported parameter: '{refused}'"), answer)
    elif manner.status != 200:
        await _openai_error(manner, answer)
    elif not seen.body.get("stream"):
        finish = {"filtered": "content_filter"}.get(manner.finish, manner.finish)
        await answer.json(
            200, wire.chat_completion("".join(manner.texts), finish, (20, 5, 8) if manner.usage else None)
        )
    else:
        await answer.stream("text/event-stream", list(_openai_frames(seen, manner)))


def _openai_frames(seen: Seen, manner: Manner) -> Iterator[bytes]:
    wants_usage = bool(seen.body.get("stream_options", {}).get("include_usage")) and manner.usage
    finish = {"filtered": "content_filter"}.get(manner.finish, manner.finish)
    events = list(wire.chat_chunks(manner.texts, finish, (20, 5, 8) if wants_usage else None))
    if manner.fails_after is not None:
        # The first event has no words, so this many pieces come through.
        events = events[: manner.fails_after + 1]
    yield from (wire.server_sent_event(event) for event in events)
    if manner.fails_after is None:
        yield wire.server_sent_event("[DONE]")
    elif manner.failure == "garbage":
        yield b'data: {"choices": [\xff\xfe oops\n\ndata: <html>\n\n'
    elif manner.failure == "error":
        yield wire.server_sent_event({"error": {"message": "overloaded", "type": "server_error"}})


async def _openai_error(manner: Manner, answer: "_Answer") -> None:
    body = {"error": {"message": manner.complaint, "type": "invalid_request_error", "param": None, "code": None}}
    await answer.json(manner.status, body)


async def _bedrock(seen: Seen, manner: Manner, answer: "_Answer", embed: Embed) -> None:
    signed = _SIGNED.match(seen.headers.get("authorization", ""))
    if not signed or signed[1] != ACCESS_KEY:
        await answer.aws_error(403, "UnrecognizedClientException", "The security token is invalid.")
        return
    operation = seen.path.rsplit("/", 1)[1]
    refused = next((name for name in manner.unknown if name in json.dumps(seen.body)), None)
    if refused:
        await answer.aws_error(400, "ValidationException", f"This model doesn't support the {refused} field.")
    elif manner.status != 200:
        names = {429: "ThrottlingException", 503: "ServiceUnavailableException", 500: "InternalServerException"}
        names |= {400: "ValidationException", 403: "AccessDeniedException", 404: "ResourceNotFoundException"}
        await answer.aws_error(manner.status, names[manner.status], manner.complaint)
    elif operation == "invoke":
        cohere = "texts" in seen.body
        vectors = embed(seen.body["texts"] if cohere else [seen.body["inputText"]])
        if vectors is None:
            await answer.aws_error(400, "ValidationException", "Too many input tokens")
        else:
            await answer.json(200, wire.cohere_embeddings(vectors) if cohere else wire.titan_embedding(vectors[0]))
    elif operation == "converse":
        await answer.json(200, wire.converse_answer("".join(manner.texts), _converse_reason(manner)))
    else:
        await answer.stream("application/vnd.amazon.eventstream", list(_bedrock_frames(manner)))


def _bedrock_frames(manner: Manner) -> Iterator[bytes]:
    usage = (12, 5, 8) if manner.usage else None
    events = list(wire.converse_events(manner.texts, _converse_reason(manner), usage))
    if manner.fails_after is not None:
        events = events[: manner.fails_after + 1]
    yield from (wire.event_frame(kind, payload) for kind, payload in events)
    if manner.fails_after is not None and manner.failure == "garbage":
        frame = wire.event_frame("contentBlockDelta", {"delta": {"text": "never seen"}})
        yield frame[:20] + b"\x00\xff" + frame[22:]
    elif manner.fails_after is not None and manner.failure == "error":
        yield wire.event_frame("modelStreamErrorException", {"message": "overloaded"}, exception=True)


def _converse_reason(manner: Manner) -> str:
    return {"stop": "end_turn", "length": "max_tokens", "filtered": "content_filtered"}[manner.finish]


class _Answer:
    """Writes one answer in the manner that was asked for."""

    def __init__(self, receive: Receive, send: Send, manner: Manner, gone: threading.Semaphore) -> None:
        self._receive, self._send, self._manner, self._gone = receive, send, manner, gone

    async def json(self, status: int, body: dict[str, Any], extra: tuple[tuple[bytes, bytes], ...] = ()) -> None:
        if self._manner.stall:
            await self._wait_until_gone()
            return
        headers = [(b"content-type", b"application/json"), *extra]
        if self._manner.retry_after and status != 200:
            headers.append((b"retry-after", self._manner.retry_after.encode()))
        await self._send({"type": "http.response.start", "status": status, "headers": headers})
        await self._send({"type": "http.response.body", "body": json.dumps(body).encode()})

    async def aws_error(self, status: int, name: str, message: str) -> None:
        await self.json(status, {"message": message}, ((b"x-amzn-errortype", name.encode()),))

    async def stream(self, content_type: str, frames: list[bytes]) -> None:
        if self._manner.stall == "silent":
            await self._wait_until_gone()
            return
        headers = [(b"content-type", content_type.encode())]
        await self._send({"type": "http.response.start", "status": 200, "headers": headers})
        for number, part in enumerate(self._parts(frames)):
            if (self._manner.stall == "headers" and number == 0) or (self._manner.stall and number == 2):
                await self._wait_until_gone()
                return
            await self._send({"type": "http.response.body", "body": part, "more_body": True})
            await asyncio.sleep(0)
        if self._manner.fails_after is not None and self._manner.failure == "cut":
            # Ending without the last chunk makes the server close the connection.
            return
        await self._send({"type": "http.response.body", "body": b""})

    def _parts(self, frames: list[bytes]) -> list[bytes]:
        if not self._manner.byte_by_byte:
            return frames
        whole = b"".join(frames)
        return [whole[place : place + 1] for place in range(len(whole))]

    async def _wait_until_gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._gone.release()


async def _read(scope: MutableMapping[str, Any], receive: Receive) -> Seen:
    content, more = b"", True
    while more:
        message = await receive()
        content += message.get("body", b"")
        more = message.get("more_body", False)
    headers = {name.decode(): value.decode() for name, value in scope["headers"]}
    return Seen(scope["raw_path"].decode(), headers, json.loads(content) if content else {})
