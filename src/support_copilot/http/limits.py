"""Refuses bodies that are too large before they are read into memory."""

from typing import Final

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from support_copilot.http.errors import problem_response
from support_copilot.kit.errors import PayloadTooLargeError

#: What strangers may send: an address, a password, a code.
_BEFORE_SIGN_IN: Final = "/v1/auth/"
_SIGN_IN_BYTES: Final = 65_536


class BodyLimitMiddleware:
    """Answers 413 when a body is announced, or grows, beyond the limit of its path."""

    def __init__(self, app: ASGIApp, *, max_bytes: int, max_upload_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes
        self._max_upload_bytes = max_upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit_of(scope["path"])
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > limit:
            await problem_response(_too_large(limit))(scope, receive, send)
            return
        received = 0

        async def limited_receive() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                # Of all that is raised while a body is read, FastAPI lets only this class through.
                raise HTTPException(_too_large(limit).status, _too_large(limit).detail)
            return message

        await self._app(scope, limited_receive, send)

    def _limit_of(self, path: str) -> int:
        if path.startswith(_BEFORE_SIGN_IN):
            return min(_SIGN_IN_BYTES, self._max_bytes)
        return self._max_upload_bytes if path.startswith("/v1/attachments") else self._max_bytes


def _too_large(limit: int) -> PayloadTooLargeError:
    return PayloadTooLargeError(f"The body may have at most {limit} bytes.")
