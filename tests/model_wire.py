"""What model providers put on the wire: bodies of answers, OpenAI's events, Bedrock's event-stream frames."""

import json
import struct
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

MODEL = "stand-in-1"


def chat_completion(text: str, finish: str = "stop", usage: tuple[int, int, int] | None = (20, 5, 8)) -> dict[str, Any]:
    """A whole answer of Chat Completions; usage is (read, written, of those read from a cache)."""
    message = {"role": "assistant", "content": text, "refusal": None}
    body = {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1_760_000_000, "model": MODEL,
        "choices": [{"index": 0, "message": message, "finish_reason": finish, "logprobs": None}],
    }  # fmt: skip
    return body | ({"usage": _chat_usage(usage)} if usage else {})


def chat_chunks(
    texts: Sequence[str], finish: str | None = "stop", usage: tuple[int, int, int] | None = (20, 5, 8)
) -> Iterator[dict[str, Any]]:
    """The events of a streamed answer: role, words, reason, usage."""
    deltas: list[tuple[dict[str, Any], str | None]] = [({"role": "assistant", "content": ""}, None)]
    deltas += [({"content": text}, None) for text in texts]
    if finish:
        deltas.append(({}, finish))
    for delta, reason in deltas:
        yield _chat_chunk([{"index": 0, "delta": delta, "finish_reason": reason, "logprobs": None}])
    if usage:
        yield _chat_chunk([]) | {"usage": _chat_usage(usage)}


def server_sent_event(data: dict[str, Any] | str) -> bytes:
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    return f"data: {text}\n\n".encode()


def converse_answer(text: str, reason: str = "end_turn", usage: tuple[int, int, int] = (12, 5, 8)) -> dict[str, Any]:
    """A whole answer of Converse."""
    return {
        "output": {"message": {"role": "assistant", "content": [{"text": text}]}},
        "stopReason": reason,
        "usage": _converse_usage(usage),
        "metrics": {"latencyMs": 3},
    }


def converse_events(
    texts: Sequence[str], reason: str | None = "end_turn", usage: tuple[int, int, int] | None = (12, 5, 8)
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The events of ConverseStream, by type."""
    yield "messageStart", {"role": "assistant"}
    for text in texts:
        yield "contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": text}}
    yield "contentBlockStop", {"contentBlockIndex": 0}
    if reason:
        yield "messageStop", {"stopReason": reason}
    if usage:
        yield "metadata", {"usage": _converse_usage(usage), "metrics": {"latencyMs": 3}}


def event_frame(kind: str, payload: dict[str, Any], *, exception: bool = False) -> bytes:
    """One message of the event-stream encoding: lengths, checksum, headers, payload, checksum.

    Source: https://smithy.io/2.0/aws/amazon-eventstream.html
    """
    headers = {
        ":message-type": "exception" if exception else "event",
        ":exception-type" if exception else ":event-type": kind,
        ":content-type": "application/json",
    }
    packed = b"".join(_header(name, value) for name, value in headers.items())
    body = json.dumps(payload, ensure_ascii=False).encode()
    prelude = struct.pack("!II", 16 + len(packed) + len(body), len(packed))
    message = prelude + struct.pack("!I", zlib.crc32(prelude)) + packed + body
    return message + struct.pack("!I", zlib.crc32(message))


def embeddings(vectors: Sequence[Sequence[float]]) -> dict[str, Any]:
    """An answer of OpenAI's embeddings, in an order that nobody promised."""
    data = [{"object": "embedding", "index": index, "embedding": list(v)} for index, v in enumerate(vectors)]
    return {
        "object": "list", "model": MODEL, "data": data[::-1], "usage": {"prompt_tokens": 1, "total_tokens": 1},
    }  # fmt: skip


def titan_embedding(vector: Sequence[float]) -> dict[str, Any]:
    return {"embedding": list(vector), "inputTextTokenCount": 1, "embeddingsByType": {"float": list(vector)}}


def cohere_embeddings(vectors: Sequence[Sequence[float]]) -> dict[str, Any]:
    return {"id": "1", "response_type": "embeddings_by_type", "embeddings": {"float": [list(v) for v in vectors]}}


def _header(name: str, value: str) -> bytes:
    string_type = b"\x07"
    return bytes([len(name)]) + name.encode() + string_type + struct.pack("!H", len(value)) + value.encode()


def _chat_chunk(choices: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1_760_000_000, "model": MODEL,
        "choices": choices,
    }  # fmt: skip


def _chat_usage(usage: tuple[int, int, int]) -> dict[str, Any]:
    read, written, cached = usage
    details = {"cached_tokens": cached}
    return {
        "prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written,
        "prompt_tokens_details": details,
    }  # fmt: skip


def _converse_usage(usage: tuple[int, int, int]) -> dict[str, Any]:
    read, written, cached = usage
    return {
        "inputTokens": read, "outputTokens": written, "totalTokens": read + written + cached,
        "cacheReadInputTokens": cached, "cacheWriteInputTokens": 0,
    }  # fmt: skip
