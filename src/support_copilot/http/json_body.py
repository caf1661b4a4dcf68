"""Bodies of JSON read strictly: what two readers could take for two different things is refused (RFC 8259)."""

import json
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn

from fastapi import Request
from starlette.responses import Response

from support_copilot.http.errors import RefusedBodyError, place
from support_copilot.kit.errors import FieldError

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class _Repeated(dict[str, Any]):
    """An object that names a field twice."""

    twice: str


def read_json(body: bytes) -> Any:
    """The value that a body says.

    Raises:
        RefusedBodyError: it is not UTF-8, begins with a byte order mark (RFC 8259, section 8.1), or an object in it
            names a field twice (section 4): one reader takes the first, another the last.
        json.JSONDecodeError: it is no JSON; neither are ``NaN`` and ``Infinity`` (section 6).
    """
    try:
        text = body.decode("utf-8") if json.detect_encoding(body) == "utf-8" else None
    except UnicodeDecodeError:
        text = None
    if text is None:
        raise RefusedBodyError(FieldError("body", "not_utf_8", "must be in UTF-8, without a byte order mark"))
    any_repeated = False

    def collect(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal any_repeated
        fields = dict(pairs)
        if len(fields) == len(pairs):
            return fields
        any_repeated, marked = True, _Repeated(fields)
        marked.twice = next(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
        return marked

    def refuse(word: str) -> NoReturn:
        raise json.JSONDecodeError("not a number of JSON", word, 0)

    value = json.loads(text, object_pairs_hook=collect, parse_constant=refuse)
    if any_repeated:
        raise RefusedBodyError(FieldError(_place_of_repeated(value), "duplicate_key", "is given twice"))
    return value


def read_strictly(handler: Handler) -> Handler:
    """The handler of a route, handed requests whose JSON is read by ``read_json``."""

    async def strict(request: Request) -> Response:
        return await handler(_StrictRequest(request.scope, request.receive))

    return strict


class _StrictRequest(Request):
    async def json(self) -> Any:
        return read_json(await self.body())


def _place_of_repeated(value: Any) -> str:
    """Of the outermost field that is given twice; an inner one may be gone with what it stood in."""
    waiting: list[tuple[Any, Any]] = [(value, None)]
    while waiting:
        node, way = waiting.pop()
        if isinstance(node, _Repeated):
            way, names = (node.twice, way), []
            while way:
                names.append(way[0])
                way = way[1]
            return place(reversed(names))
        inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        waiting += [(each, (name, way)) for name, each in inner]
    return "body"
