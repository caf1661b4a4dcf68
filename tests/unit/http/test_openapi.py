"""The OpenAPI file is written once, however many ask at the same moment, and read again only when it changed."""

import inspect
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from support_copilot.http.openapi import PATH, serve_openapi


class CountingApp(FastAPI):
    """Counts how often its routes are described."""

    described = 0

    def openapi(self) -> dict[str, Any]:
        self.described += 1
        return super().openapi()


def counting_app() -> CountingApp:
    app = CountingApp(openapi_url=None)
    serve_openapi(app)
    return app


def test_it_is_written_once_for_all_who_ask_at_the_same_moment() -> None:
    app, together = counting_app(), Barrier(8)
    with TestClient(app) as client, ThreadPoolExecutor(8) as threads:

        def ask(_number: int) -> bytes:
            together.wait()
            return client.get(PATH).content

        answers = set(threads.map(ask, range(8)))

    assert len(answers) == 1
    assert app.described == 1


def test_who_has_it_is_not_sent_it_again() -> None:
    client = TestClient(counting_app())
    first = client.get(PATH)

    again = client.get(PATH, headers={"If-None-Match": first.headers["ETag"]})
    other = client.get(PATH, headers={"If-None-Match": '"another"'})

    assert (again.status_code, again.content) == (304, b"")
    assert (other.status_code, other.content) == (200, first.content)
    assert first.headers["Cache-Control"] == "no-cache"


def test_nobody_else_waits_while_it_is_written() -> None:
    route = next(route for route in counting_app().routes if getattr(route, "path", "") == PATH)

    assert not inspect.iscoroutinefunction(route.endpoint), "else it would be described on the loop"  # type: ignore[attr-defined]
