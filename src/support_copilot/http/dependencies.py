"""What endpoints are handed by FastAPI."""

from typing import Annotated

from fastapi import Depends, Request

from support_copilot.resources import Resources


async def _resources(request: Request) -> Resources:
    resources = request.app.state.resources
    assert isinstance(resources, Resources)  # noqa: S101  # set by serve.py before the first request
    return resources


ResourcesDep = Annotated[Resources, Depends(_resources)]
