"""The page at ``/``: a first look at the product in a browser, over the same API that programs use."""

from importlib.resources import files
from typing import Final

from fastapi import APIRouter, Response

router = APIRouter(include_in_schema=False)

_FOLDER: Final = files("support_copilot.gateway") / "first_look"
_HEADERS: Final = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@router.get("/")
def page() -> Response:
    return _file("index.html", "text/html")


@router.get("/sign-in")
@router.get("/setup")
@router.get("/reset-password")
def door() -> Response:
    return _file("sign-in.html", "text/html")


@router.get("/sign-in.js")
def door_script() -> Response:
    return _file("sign-in.js", "text/javascript")


@router.get("/first-look.css")
def style() -> Response:
    return _file("first-look.css", "text/css")


@router.get("/first-look.js")
def script() -> Response:
    return _file("first-look.js", "text/javascript")


def _file(name: str, media_type: str) -> Response:
    return Response((_FOLDER / name).read_bytes(), media_type=media_type, headers=_HEADERS)
