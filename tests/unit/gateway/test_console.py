"""The console's files over HTTP: codings, caching, policy, and what is an error instead of the page."""

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import NoReturn

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.routing import BaseRoute
from starlette.types import Scope

from support_copilot.gateway.console import Console, serve_console

PAGE = "<html><script>theme()</script><script type=module src=/assets/app-1a2b.js></script></html>"


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "manifest.json").write_text("{}")
    (tmp_path / ".stamp").write_text("x")
    (tmp_path / "assets" / "app-1a2b.js").write_text("plain")
    (tmp_path / "assets" / "app-1a2b.js.br").write_bytes(b"brotli")
    (tmp_path / "assets" / "app-1a2b.js.gz").write_bytes(b"gzip")
    app = FastAPI()
    app.add_api_route("/v1/issues", list)
    serve_console(app, Console(tmp_path))
    with TestClient(app) as opened:
        yield opened


@pytest.mark.parametrize("path", ["/", "/inbox/all", "/inbox/all/iss_01", "/knowledge"])
def test_every_address_of_the_console_is_the_page(client: TestClient, path: str) -> None:
    answer = client.get(path)

    assert answer.text == PAGE
    assert answer.headers["Cache-Control"] == "no-cache"


def test_the_page_allows_its_own_files_and_exactly_its_inline_script(client: TestClient) -> None:
    digest = b64encode(sha256(b"theme()").digest()).decode()

    policy = client.get("/").headers["Content-Security-Policy"]

    assert f"script-src 'self' 'sha256-{digest}';" in policy
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize(
    "path", ["/v1/nothing", "/v1", "/assets/gone-1.js", "/favicon.ico", "/.stamp", "/manifest.json", "/../x.py"]
)
def test_what_no_person_opens_is_an_error_and_not_the_page(client: TestClient, path: str) -> None:
    assert client.get(path, headers={"Accept": "text/html"}).status_code == 404


class _NeverAsked(BaseRoute):
    def matches(self, scope: Scope) -> NoReturn:
        pytest.fail(f"a route was asked for {scope['path']}")


def test_files_are_answered_before_routes_are_asked(client: TestClient) -> None:
    client.app.router.routes.append(_NeverAsked())

    assert client.get("/assets/app-1a2b.js", headers={"Accept-Encoding": "identity"}).text == "plain"
    assert client.get("/assets/gone-1.js").status_code == 404
    assert client.post("/assets/app-1a2b.js").status_code == 404


def test_other_methods_stay_errors(client: TestClient) -> None:
    assert client.post("/inbox/all").status_code == 404
    assert client.delete("/v1/issues").status_code == 405


@pytest.mark.parametrize(
    ("accepts", "coding"), [("gzip, deflate, br;q=1", "br"), ("gzip", "gzip"), ("identity", None), ("zebra", None)]
)
def test_the_best_accepted_coding_is_sent(client: TestClient, accepts: str, coding: str | None) -> None:
    with client.stream("GET", "/assets/app-1a2b.js", headers={"Accept-Encoding": accepts}) as answer:
        content = b"".join(answer.iter_raw())

    assert answer.headers.get("Content-Encoding") == coding
    assert content == {"br": b"brotli", "gzip": b"gzip", None: b"plain"}[coding]
    assert answer.headers["Cache-Control"].endswith("immutable")
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_a_page_that_is_known_is_not_sent_again(client: TestClient) -> None:
    etag = client.get("/").headers["ETag"]

    again = client.get("/", headers={"If-None-Match": etag})

    assert again.status_code == 304
    assert again.content == b""


def test_an_installation_without_the_console_answers_404(tmp_path: Path) -> None:
    app = FastAPI()
    app.router.default = Console(tmp_path / "none")
    with TestClient(app) as client:
        assert client.get("/").status_code == 404
