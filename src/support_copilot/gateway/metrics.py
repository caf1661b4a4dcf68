"""Metrics for Prometheus. They tell how busy a desk is, so a scraper shows a key with `metrics.read`."""

from fastapi import APIRouter, Request, Response

from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.identity.access import GuardedRoute, requires

router = APIRouter(tags=["operations"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)


@router.get("/metrics", summary="Prometheus metrics.", response_class=Response, dependencies=[requires("metrics.read")])
def metrics(request: Request) -> Response:
    body, content_type = request.app.state.metrics.render()
    return Response(body, media_type=content_type)
