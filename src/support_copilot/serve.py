"""Builds the HTTP application, of all services or of one, and runs it beside the worker."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from functools import cache, partial
from itertools import chain
from typing import Final, Literal

import anyio.to_thread
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

import support_copilot
from support_copilot.analysis import api as analysis_api
from support_copilot.analysis import incidents_api, merging_api, queued_replies_api
from support_copilot.analysis import jobs as analysis_jobs
from support_copilot.analysis.clusters import new_readings
from support_copilot.analysis.risks import RiskEstimates
from support_copilot.connect import api as connect_api
from support_copilot.connect import jobs as connect_jobs
from support_copilot.customers import api as customers_api
from support_copilot.customers import merging_api as customer_merging_api
from support_copilot.db.changes import RowChange
from support_copilot.db.engine import Observer, WriteSession
from support_copilot.gateway import metrics
from support_copilot.gateway.console import Console, serve_console
from support_copilot.guidance import api as guidance_api
from support_copilot.guidance import assist_api, policy_api
from support_copilot.guidance.outlook import new_outlooks
from support_copilot.http import health
from support_copilot.http.config import ServerConfig
from support_copilot.http.errors import install_error_handlers
from support_copilot.http.layers import add_layers
from support_copilot.http.load import Load
from support_copilot.http.metrics import HttpMetrics
from support_copilot.http.openapi import serve_openapi
from support_copilot.http.places import Places
from support_copilot.http.rate_limits import RateLimitsConfig
from support_copilot.http.server import Server, listening
from support_copilot.http.space import OneSpaceMiddleware
from support_copilot.identity import account_api, audit_api, auth_api, keys_api, teams_api, users_api
from support_copilot.identity.access import describe_security
from support_copilot.identity.audit_chain import seal_before
from support_copilot.identity.audit_changes import watch_changes
from support_copilot.identity.audit_config import AuditConfig
from support_copilot.identity.audit_heads import HeadKeeper
from support_copilot.identity.config import IdentityConfig
from support_copilot.identity.housekeeping import forget_what_ended
from support_copilot.identity.runtime import build_identity
from support_copilot.issues import api as issues_api
from support_copilot.issues import clocks_api, files_api, live_api, mentions_api, reading_api, saved_views_api
from support_copilot.issues.config import AttachmentsConfig, InboxConfig
from support_copilot.issues.live import LiveFeed
from support_copilot.jobs import api as jobs_api
from support_copilot.knowledge import api as knowledge_api
from support_copilot.knowledge import health_api, templates_api, versions_api
from support_copilot.knowledge.gaps import new_gaps
from support_copilot.knowledge.health import new_uses
from support_copilot.lookup import api as lookup_api
from support_copilot.privacy import api as privacy_api
from support_copilot.privacy import jobs as privacy_jobs
from support_copilot.privacy.jobs import ask_for_daily_work
from support_copilot.prompts import api as prompts_api
from support_copilot.prompts import use_api
from support_copilot.reports import api as reports_api
from support_copilot.resources import Resources
from support_copilot.settings import Settings
from support_copilot.summarization import api as summarization_api
from support_copilot.summarization import jobs as summarization_jobs
from support_copilot.webhooks import api as webhooks_api
from support_copilot.webhooks import jobs as webhooks_jobs
from support_copilot.webhooks.events import DELIVER, watch_for_webhooks
from support_copilot.wiring import open_resources
from support_copilot.worker import Chore, JobHandler, Worker

Announce = Callable[[str, Resources], None]
Service = Literal["gateway", "analysis", "guidance", "summarization"]

#: Which service answers for which routes; "all" is every one of them in one process.
ROUTERS: Mapping[Service, tuple[APIRouter, ...]] = {
    "gateway": (
        auth_api.router,
        account_api.router,
        users_api.router,
        teams_api.router,
        keys_api.router,
        audit_api.router,
        privacy_api.router,
        webhooks_api.router,
    ),
    "analysis": (
        analysis_api.router,
        queued_replies_api.router,
        incidents_api.router,
        merging_api.router,
        issues_api.router,
        files_api.router,
        clocks_api.router,
        saved_views_api.router,
        live_api.router,
        mentions_api.router,
        reading_api.router,
        customers_api.router,
        customer_merging_api.router,
        lookup_api.router,
        reports_api.router,
        jobs_api.router,
        connect_api.router,
    ),
    "guidance": (
        guidance_api.router,
        assist_api.router,
        policy_api.router,
        templates_api.router,
        prompts_api.router,
        use_api.router,
    ),
    "summarization": (summarization_api.router, knowledge_api.router, versions_api.router, health_api.router),
}
JOB_HANDLERS: Mapping[str, JobHandler] = {
    **analysis_jobs.HANDLERS,
    **summarization_jobs.HANDLERS,
    **privacy_jobs.HANDLERS,
    **connect_jobs.HANDLERS,
    **webhooks_jobs.HANDLERS,
}
#: What may wait for a language model, however long that takes.
WAITING_JOBS: Final = frozenset(
    {"analysis.ask_models", "summarization.summarize_issue", "summarization.propose_knowledge"}
)
#: What may wait for programs of others, so long as they are given to answer.
SENDING_JOBS: Final = frozenset({DELIVER})

_FORGET_EVERY_S: Final = 30.0

_DESCRIPTION = """A copilot beside the support agent through the whole life of an issue.

Errors are `application/problem+json`: programs switch on `code`, people read `detail`. Lists take `limit` and `cursor`.
Creates take `Idempotency-Key`; edits answer an `ETag` and take `If-Match`."""


def build_app(
    resources: Resources,
    config: ServerConfig,
    services: tuple[Service, ...] = tuple(ROUTERS),
    identity: IdentityConfig = IdentityConfig(),  # noqa: B008  # frozen
    limits: RateLimitsConfig = RateLimitsConfig(),  # noqa: B008  # frozen
    attachments: AttachmentsConfig = AttachmentsConfig(),  # noqa: B008  # frozen
    inbox: InboxConfig = InboxConfig(),  # noqa: B008  # frozen
) -> FastAPI:
    """The ASGI application of these services over opened resources; each verifies keys and tokens itself."""
    app = FastAPI(
        title="Support Copilot",
        version=support_copilot.__version__,
        description=_DESCRIPTION,
        openapi_url=None,  # served by our own route
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan(config.threads),
    )
    app.state.resources = resources
    app.state.metrics = HttpMetrics(resources.metrics)
    app.state.attachments, app.state.inbox = attachments, inbox
    app.state.max_upload_bytes = config.max_upload_bytes
    app.state.identity = build_identity(resources, identity)
    app.state.outlooks, app.state.readings = new_outlooks(), new_readings()
    app.state.uses_of_articles, app.state.gaps = new_uses(), new_gaps()
    app.state.live = LiveFeed(resources.database, resources.clock)
    watch_database(resources)
    if "gateway" in services:
        serve_console(app, Console())
    app.router.routes.extend(_routes(services).routes)
    install_error_handlers(app)
    describe_security(app)
    serve_openapi(app)
    if resources.spaces is not None:
        app.add_middleware(OneSpaceMiddleware, spaces=resources.spaces)
    app.state.load = Load()
    app.state.model_places, app.state.provider_places = Places(config.model_places), Places(config.provider_places)
    app.state.upload_places = Places(config.upload_places)
    add_layers(app, config, limits, resources.cache, public_url=identity.public_url)
    return app


@cache
def _routes(services: tuple[Service, ...]) -> APIRouter:
    """The routes of these services; what each takes and answers is worked out once a process, in tenths of a second."""
    routes = APIRouter(generate_unique_id_function=_operation_id, strict_content_type=True)
    for router in chain.from_iterable(ROUTERS[service] for service in services):
        routes.include_router(router)
    for router in (auth_api.jwks_router, health.router, metrics.router):
        routes.include_router(router)
    return routes


def serve(settings: Settings, services: tuple[Service, ...], announce: Announce) -> None:
    """Run until interrupted; requests in progress and the job in hand are finished first.

    Args:
        announce: called once with the address and what is behind it, as soon as it answers.

    Raises:
        AddressUnavailableError: another program listens there, or this machine has no such address.
    """
    with listening(settings.server) as listener, open_resources(settings) as resources:
        app = build_app(
            resources,
            settings.server,
            services,
            settings.identity,
            settings.limits,
            settings.attachments,
            settings.inbox,
        )
        heads = HeadKeeper(resources.database, settings.audit.heads_path, resources.clock)
        worker = _worker(resources, settings, heads)
        resources.llm.prepare()
        if services == tuple(ROUTERS):
            worker.start()
        try:
            Server(app, settings.server, lambda address: announce(address, resources)).run([listener])
        finally:
            worker.stop()
            heads.keep()


def work(settings: Settings) -> None:
    """Run the background worker alone until interrupted."""
    with open_resources(settings) as resources:
        watch_database(resources)
        heads = HeadKeeper(resources.database, settings.audit.heads_path, resources.clock)
        worker = _worker(resources, settings, heads)
        resources.llm.prepare()
        try:
            worker.run()
        except KeyboardInterrupt:
            worker.stop()
        finally:
            heads.keep()


def watch_database(resources: Resources) -> None:
    """Have the audit trail and webhooks told of each change, in the transaction that makes it."""
    webhooks = watch_for_webhooks(resources.outgoing, resources.clock)

    def watch() -> Observer:
        trail = watch_changes(resources.clock)
        return webhooks if trail is None else partial(_tell, (trail, webhooks))

    resources.database.watch(watch)


def _tell(observers: Sequence[Observer], session: WriteSession, changes: Sequence[RowChange]) -> None:
    for observer in observers:
        observer(session, changes)


def _worker(resources: Resources, settings: Settings, heads: HeadKeeper) -> Worker:
    chores = _chores(resources, settings.audit, heads)
    return Worker(resources, settings.worker, JOB_HANDLERS, chores, WAITING_JOBS, SENDING_JOBS)


def _chores(resources: Resources, audit: AuditConfig, heads: HeadKeeper) -> tuple[Chore, ...]:
    estimates = RiskEstimates(resources)

    def estimate() -> None:
        estimates.run()

    chores = [
        Chore(timedelta(seconds=audit.keep_head_every_s), heads.keep),
        Chore(timedelta(days=1), lambda: ask_for_daily_work(resources)),
        Chore(timedelta(hours=1), lambda: forget_what_ended(resources.database, resources.clock())),
        Chore(timedelta(seconds=5), estimate),
    ]
    if audit.keep_days is not None:
        kept = timedelta(days=audit.keep_days)

        def seal() -> None:
            now = resources.clock()
            seal_before(resources.database, now - kept, now=now, actor=None)

        chores.append(Chore(timedelta(days=1), seal))
    return tuple(chores)


def _lifespan(threads: int) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = threads
        forgetting = asyncio.create_task(_forget(app))
        yield
        forgetting.cancel()
        app.state.identity.close()

    return lifespan


async def _forget(app: FastAPI) -> None:
    """Let go of what caches hold of issues that may be erased by now, also when nobody looks any more."""
    while True:
        await asyncio.sleep(_FORGET_EVERY_S)
        now = app.state.resources.clock()
        for kept in (app.state.outlooks, app.state.readings, app.state.uses_of_articles, app.state.gaps):
            kept.forget(now)


def _operation_id(route: APIRoute) -> str:
    """The function's own name: generated clients then read well; names are unique, which a test checks."""
    return route.name
