"""Operations endpoints: alive, ready, version. Open to all, for whatever watches over the process."""

from collections.abc import Callable
from typing import Final, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

import support_copilot
from support_copilot.http.dependencies import ResourcesDep
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.kit.errors import AppError
from support_copilot.resources import Resources

#: Without these it works on, by keywords, by its offline engine, without new files: no reason to take it out of use.
_DISPENSABLE: Final = frozenset({"cache", "embedder", "model", "scanner"})
_OPEN: Final = {"x-permission": "public", "security": []}

router = APIRouter(tags=["operations"], responses=PROBLEM_RESPONSES)


class Alive(BaseModel):
    status: Literal["ok"] = "ok"


class PartState(BaseModel):
    status: Literal["ok", "failed"]
    #: The error code of a part that does not answer.
    code: str | None = None


class Readiness(BaseModel):
    status: Literal["ok", "failed"]
    parts: dict[str, PartState]


class Version(BaseModel):
    version: str
    embedder: str
    search_documents: int


@router.get("/livez", openapi_extra=_OPEN, summary="Is the process alive? Touches nothing else.")
async def livez() -> Alive:
    # No thread: a server whose threads all wait is alive.
    return Alive()


@router.get(
    "/readyz",
    openapi_extra=_OPEN,
    summary="Can it work? Pings each part and names those that failed.",
    responses={503: {"model": Readiness}},
)
def readyz(request: Request, resources: ResourcesDep, response: Response) -> Readiness:
    readiness = check_parts(resources)
    if request.app.state.load.draining:
        readiness.status = "failed"
        readiness.parts["server"] = PartState(status="failed", code="draining")
    if readiness.status == "failed":
        response.status_code = 503
        response.headers["Retry-After"] = "5"
    return readiness


@router.get("/version", openapi_extra=_OPEN, summary="Which version runs, and with which models.")
def version(resources: ResourcesDep) -> Version:
    return Version(
        version=support_copilot.__version__,
        embedder=resources.embedder.model,
        search_documents=resources.search.count(),
    )


def check_parts(resources: Resources) -> Readiness:
    """Ping every port."""
    pings: dict[str, Callable[[], None]] = {
        "database": resources.database.ping,
        "search": resources.search.ping,
        "embedder": resources.embedder.ping,
        "files": resources.blobs.ping,
        "cache": resources.cache.ping,
        "model": resources.llm.ping,
    }
    if resources.scanner is not None:
        pings["scanner"] = resources.scanner.ping
    parts = {name: _state_of(ping) for name, ping in pings.items()}
    needed = [state for name, state in parts.items() if name not in _DISPENSABLE]
    return Readiness(status="ok" if all(state.status == "ok" for state in needed) else "failed", parts=parts)


def _state_of(ping: Callable[[], None]) -> PartState:
    try:
        ping()
    except AppError as error:
        return PartState(status="failed", code=error.code)
    return PartState(status="ok")
