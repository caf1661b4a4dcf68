"""One request sees one embedding space, also when the model changes while it is answered."""

from starlette.types import ASGIApp, Receive, Scope, Send

from support_copilot.spaces import Spaces


class OneSpaceMiddleware:
    """Pins the space that serves when a request begins."""

    def __init__(self, app: ASGIApp, *, spaces: Spaces) -> None:
        self._app = app
        self._spaces = spaces

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._spaces.pinned():
            await self._app(scope, receive, send)
