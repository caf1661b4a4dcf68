"""Server-sent events: how an answer that may be a stream is sent and described."""

from typing import Any, Final

from pydantic import BaseModel

#: Nobody on the way keeps a stream or holds it back until it is whole.
STREAM_HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def stream_responses(model: type[BaseModel], description: str) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of a route that answers ``model`` as JSON or streams events."""
    content = {"text/event-stream": {"schema": {"type": "string"}}}
    return {200: {"model": model, "description": description, "content": content}}
