"""Every refusal and failure leaves as one shape: RFC 9457 problem JSON with ``code`` and ``request_id``."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from support_copilot.http.context import request_id
from support_copilot.kit.errors import AppError, FieldError, InvalidRequestError

_log = structlog.get_logger("support_copilot.http")
_MEDIA_TYPE = "application/problem+json"
_MAX_FIELD_ERRORS = 50
#: A name of a field, header or list position; what else a sender made a key of may be a customer's word.
_NAME = re.compile(r"[A-Za-z][A-Za-z_-]{0,39}|[a-z][a-z0-9_]{0,39}|\d{1,6}")
_CODES_BY_STATUS = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    408: "body_timeout",
    413: "payload_too_large",
}


class ProblemField(BaseModel):
    """One field that is wrong; never repeats what was sent."""

    field: str = Field(examples=["customer.email"])
    code: str
    message: str


class Problem(BaseModel):
    """An error answer (RFC 9457). Programs switch on ``code``; people read ``detail``."""

    type: str = Field(examples=["https://support-copilot.example/errors/not_found"])
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: list[ProblemField] | None = None


class ChallengeError(AppError):
    """A refusal that says in ``WWW-Authenticate`` what to show instead (RFC 9110, RFC 6750)."""

    challenge: ClassVar[str]


class RefusedBodyError(HTTPException):
    """A body that is not read at all: of what is raised while one is read FastAPI lets this class alone through."""

    def __init__(self, field: FieldError) -> None:
        self.refusal = InvalidRequestError.of_field(field.field, field.code, field.message)
        super().__init__(self.refusal.status, self.refusal.detail)


#: For ``responses=`` of routers, so that the OpenAPI file shows the one error shape.
PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    "4XX": {"model": Problem, "description": "Refused", "content": {_MEDIA_TYPE: {}}},
    "5XX": {"model": Problem, "description": "Failed", "content": {_MEDIA_TYPE: {}}},
}


def problem_body(error: AppError) -> dict[str, Any]:
    """The problem object of an error, also for the ``error`` event of a stream."""
    body: dict[str, Any] = {
        "type": f"urn:support-copilot:error:{error.code}",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
        "request_id": request_id(),
    }
    if error.errors:
        body["errors"] = [{"field": e.field, "code": e.code, "message": e.message} for e in error.errors]
    return body


def place(parts: Iterable[object]) -> str:
    """Where in a request something stands, without words that a sender made the name of a field."""
    names = [str(part) for part in parts]
    return ".".join(name if _NAME.fullmatch(name) else "…" for name in names) or "body"


def problem_response(error: AppError) -> JSONResponse:
    headers = {"Retry-After": str(error.retry_after_s or 1)} if error.status in (429, 503) else {}
    if isinstance(error, ChallengeError):
        headers["WWW-Authenticate"] = error.challenge
    return JSONResponse(problem_body(error), error.status, headers, _MEDIA_TYPE)


def install_error_handlers(app: FastAPI) -> None:
    """Render every exception that leaves a handler of ``app``."""
    app.add_exception_handler(AppError, _render_app_error)
    app.add_exception_handler(RequestValidationError, _render_invalid)
    app.add_exception_handler(HTTPException, _render_http_exception)


class FailureMiddleware:
    """Answers 500 for whatever else is raised, inside of the layers that every answer must pass.

    An answer that has begun cannot be taken back: then the connection is closed by whoever holds it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def observed_send(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, observed_send)
        except Exception as error:
            if begun or scope["type"] != "http":
                raise
            _log.error("http.failed", request_id=request_id(), exc_info=error)
            await problem_response(AppError("The failure was recorded under the request id."))(scope, receive, send)


async def _render_app_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, AppError)  # noqa: S101  # what the handler is registered for
    if error.status >= 500:
        _log.warning("http.refused", code=error.code, status=error.status, exc_info=error)
    return problem_response(error)


async def _render_invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101  # what the handler is registered for
    fields = [_field_error(item) for item in error.errors()[:_MAX_FIELD_ERRORS]]
    return problem_response(InvalidRequestError(_sentence(fields), errors=fields))


async def _render_http_exception(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101  # what the handler is registered for
    if isinstance(error, RefusedBodyError):
        return problem_response(error.refusal)
    refusal = AppError(error.detail)
    code = _CODES_BY_STATUS.get(error.status_code, "http_error")
    body = problem_body(refusal) | {
        "type": f"urn:support-copilot:error:{code}",
        "title": error.detail,
        "status": error.status_code,
        "code": code,
    }
    return JSONResponse(body, error.status_code, dict(error.headers or {}), _MEDIA_TYPE)


def _sentence(fields: Sequence[FieldError]) -> str:
    return "; ".join(f"{e.field}: {e.message}" for e in fields[:3]) + (" …" if len(fields) > 3 else "")


def _field_error(item: dict[str, Any]) -> FieldError:
    """From pydantic's error, leaving out ``input`` and anything in the message that could quote it."""
    field = place(part for part in item["loc"] if part not in ("body", "query", "path", "header"))
    kind = str(item["type"])
    if kind == "json_invalid":
        return FieldError("body", kind, "is not valid JSON")
    return FieldError(field, kind, _in_words(kind, item))


def _in_words(kind: str, item: dict[str, Any]) -> str:
    """What is wrong with a field, in words for who sent it; pydantic's are for who wrote the program."""
    bound, is_text = item.get("ctx", {}), isinstance(item.get("input"), str)
    match kind:
        case "missing":
            return "is required"
        case "too_short" | "string_too_short" if bound["min_length"] == 1:
            return "must not be empty"
        case "too_short" | "string_too_short":
            return f"must have at least {bound['min_length']} {'characters' if is_text else 'entries'}"
        case "too_long" | "string_too_long":
            return f"must have at most {bound['max_length']} {'characters' if is_text else 'entries'}"
        case "model_attributes_type" | "model_type" | "dict_type" if item["loc"] == ("body",):
            return "must be a JSON object, sent as application/json"
        case _:
            return str(item["msg"]).removeprefix("Value error, ")
