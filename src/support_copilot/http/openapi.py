"""The OpenAPI file as it is served: described and written once, in a thread, then the same bytes for everybody."""

import hashlib
import json
from collections.abc import Callable
from threading import Lock

from fastapi import FastAPI, Request, Response

PATH = "/openapi.json"


def serve_openapi(app: FastAPI) -> None:
    """Answer ``/openapi.json``. Describing all routes takes a second of one core: no loop waits for that."""
    written = _once(lambda: json.dumps(app.openapi(), ensure_ascii=False).encode())

    def get_openapi_file(request: Request) -> Response:
        content = written()
        etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        headers = {"ETag": etag, "Cache-Control": "no-cache"}
        if etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(content, headers=headers, media_type="application/json")

    app.add_route(PATH, get_openapi_file)


def _once(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """What ``make`` says, asked once however many want it at the same moment."""
    lock, made = Lock(), list[bytes]()

    def get() -> bytes:
        with lock:
            if not made:
                made.append(make())
            return made[0]

    return get
