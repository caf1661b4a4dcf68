"""The web console's files: precompressed, cached for good under their hashed names, one page for every address."""

import base64
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

import support_copilot

BUILT: Final = Path(support_copilot.__file__).parent / "_web"
_PAGE: Final = "index.html"
_PACKED: Final = {".br": "br", ".gz": "gzip"}
#: Addresses of programs: what is unknown there is an error, never the page.
_PROGRAMS: Final = re.compile(r"(?:v1|\.well-known|assets)(?:/|$)|[^/]*\.[a-z0-9]+$")
_INLINE_SCRIPT: Final = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_HEADERS: Final = {"Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff", "Vary": "Accept-Encoding"}


@dataclass(frozen=True, slots=True)
class _File:
    """One file of the console with its compressed forms by coding, best first."""

    media_type: str
    plain: bytes
    packed: Mapping[str, bytes]
    etag: str


@dataclass(frozen=True, slots=True)
class _Route:
    """What logs and metrics name these requests by."""

    path: str


class Console:
    """ASGI application that answers GET and HEAD with the built files, and anything else with 404.

    Args:
        root: folder of the built console; one that does not exist is an installation without it.
    """

    def __init__(self, root: Path = BUILT) -> None:
        self._files, self._policy = _load(root)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise RuntimeError("the console answers HTTP only")
        path = scope["path"].lstrip("/")
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        file = self._files.get(path)
        if file is None and not _PROGRAMS.match(path):
            path, file = _PAGE, self._files.get(_PAGE)
        if file is None or scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(404)
        scope["route"] = _Route("console page" if path == _PAGE else "console file")
        response = self._answer(path, file, headers)
        await response(scope, receive, send)

    def _answer(self, path: str, file: _File, headers: Mapping[str, str]) -> Response:
        answer = {**_HEADERS, "ETag": file.etag, "Cache-Control": "no-cache"}
        if path.startswith("assets/"):
            answer["Cache-Control"] = "public, max-age=31536000, immutable"
        if path == _PAGE:
            answer["Content-Security-Policy"] = self._policy
        if file.etag in headers.get("if-none-match", ""):
            return Response(status_code=304, headers=answer)
        accepted = {part.split(";")[0].strip() for part in headers.get("accept-encoding", "").split(",")}
        for coding, content in file.packed.items():
            if coding in accepted:
                return Response(content, headers=answer | {"Content-Encoding": coding}, media_type=file.media_type)
        return Response(file.plain, headers=answer, media_type=file.media_type)


def serve_console(app: FastAPI, console: Console) -> None:
    """Let the console answer for its files before any route is asked, and for all that no route knows.

    A page loads its files by the dozen; to ask the routes first took half of the time of an answer. Not a mount, which
    would hide 405 answers.
    """
    app.router.routes.insert(0, Route("/assets/{file:path}", console, include_in_schema=False))
    app.router.default = console


def content_security_policy(page: str) -> str:
    """The policy of a page: only its own files and exactly the inline scripts it holds."""
    hashes = (
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in _INLINE_SCRIPT.findall(page)
    )
    scripts = " ".join(["'self'", *(f"'sha256-{digest}'" for digest in hashes)])
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self'; font-src 'self'; connect-src 'self'; "
        "img-src 'self' data: blob:; frame-src 'self' blob:; manifest-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )


@lru_cache(maxsize=1)
def _load(root: Path) -> tuple[Mapping[str, _File], str]:
    """All files by path, and the content security policy of the page; a few hundred kB, read once."""
    files = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_file() and path.suffix not in _PACKED and not name.startswith((".", "manifest.")):
            files[name] = _read(path)
    page = files[_PAGE].plain.decode() if _PAGE in files else ""
    return files, content_security_policy(page)


def _read(path: Path) -> _File:
    content = path.read_bytes()
    beside = {coding: path.with_name(path.name + suffix) for suffix, coding in _PACKED.items()}
    packed = {coding: twin.read_bytes() for coding, twin in beside.items() if twin.exists()}
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return _File(kind, content, packed, f'"{hashlib.sha256(content).hexdigest()[:32]}"')
