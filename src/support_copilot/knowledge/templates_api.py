"""Endpoints of reply templates."""

from functools import partial
from typing import Annotated, cast

from fastapi import APIRouter, Query, Response

from support_copilot.http.concurrency import IfMatch, set_etag
from support_copilot.http.dependencies import ResourcesDep
from support_copilot.http.errors import PROBLEM_RESPONSES
from support_copilot.http.fields import LanguageCode, Slug
from support_copilot.http.idempotency import IdempotencyKeyHeader, fingerprint
from support_copilot.http.paging import Page, PageArgs, page_of
from support_copilot.identity.access import GuardedRoute, PrincipalDep, requires
from support_copilot.identity.visibility import check_issue_seen
from support_copilot.knowledge.queries import get_template, list_templates, ratings_of_templates
from support_copilot.knowledge.schemas import (
    PreviewOut,
    PreviewRequest,
    TemplateEdit,
    TemplateIn,
    TemplateOut,
    TextPreviewRequest,
    render_preview,
    render_template_row,
)
from support_copilot.knowledge.templates import (
    NewTemplate,
    TemplateChanges,
    create_template,
    edit_template,
    preview_template,
    preview_text,
)

router = APIRouter(tags=["templates"], responses=PROBLEM_RESPONSES, route_class=GuardedRoute)


@router.get("/v1/templates", dependencies=[requires("templates.read")])
def get_templates(
    resources: ResourcesDep,
    page: PageArgs,
    active: Annotated[bool | None, Query(description="False lists archived ones; leave out for all.")] = None,
    category: Annotated[Slug | None, Query()] = None,
    language: Annotated[LanguageCode | None, Query()] = None,
    folder: Annotated[str | None, Query(max_length=80)] = None,
) -> Page[TemplateOut]:
    """List templates, newest first."""
    with resources.database.read() as session:
        rows = list_templates(session, active=active, category=category, language=language, folder=folder, page=page)
        ratings = ratings_of_templates(session, [row.id for row in rows])
    render = partial(render_template_row, ratings=ratings)
    return page_of(rows, page, lambda row: row.created_at, lambda row: row.id, render)


@router.post(
    "/v1/templates",
    status_code=201,
    responses={200: {"model": TemplateOut, "description": "A template with this external reference was there."}},
    dependencies=[requires("templates.edit")],
)
def post_template(
    body: TemplateIn, resources: ResourcesDep, response: Response, idempotency_key: IdempotencyKeyHeader = None
) -> TemplateOut:
    """Store a template. One that cannot be rendered is refused, naming the line."""
    new = NewTemplate(
        title=body.title,
        body=body.body,
        language=body.language,
        category=body.category,
        folder=body.folder,
        tone=body.tone,
        tags=body.tags,
        add_tags=body.add_tags,
        then_status=body.then_status,
        external_source=body.external_ref.source if body.external_ref else None,
        external_id=body.external_ref.id if body.external_ref else None,
    )
    creation = create_template(resources, new, idempotency_key, fingerprint(body))
    response.status_code = creation.status
    return get_one_template(creation.resource_id, resources, response)


@router.get("/v1/templates/{template_id}", dependencies=[requires("templates.read")])
def get_one_template(template_id: str, resources: ResourcesDep, response: Response) -> TemplateOut:
    """Read one template, archived or not."""
    with resources.database.read() as session:
        template = get_template(session, template_id)
        ratings = ratings_of_templates(session, [template_id])
    set_etag(response, template.version)
    return render_template_row(template, ratings)


@router.patch("/v1/templates/{template_id}", dependencies=[requires("templates.edit")])
def patch_template(
    template_id: str, body: TemplateEdit, resources: ResourcesDep, response: Response, if_match: IfMatch = None
) -> TemplateOut:
    """Edit, archive or bring back a template."""
    template = edit_template(resources, template_id, cast("TemplateChanges", body.changes()), if_match=if_match)
    with resources.database.read() as session:
        ratings = ratings_of_templates(session, [template_id])
    set_etag(response, template.version)
    return render_template_row(template, ratings)


@router.delete("/v1/templates/{template_id}", status_code=204, dependencies=[requires("templates.edit")])
def archive_template(template_id: str, resources: ResourcesDep, if_match: IfMatch = None) -> None:
    """Archive a template: it is suggested no more; its figures stay and it can be brought back."""
    edit_template(resources, template_id, {"active": False}, if_match=if_match)


@router.post("/v1/templates/{template_id}/preview", dependencies=[requires("templates.read")])
def post_template_preview(
    template_id: str, body: PreviewRequest, resources: ResourcesDep, principal: PrincipalDep
) -> PreviewOut:
    """Fill a template for an issue, or with values given, and tell what is missing."""
    with resources.database.read() as session:
        check_issue_seen(session, body.issue_id, principal.sees)
    return render_preview(preview_template(resources, template_id, body.issue_id, body.values, principal.name))


@router.post("/v1/templates/preview", dependencies=[requires("templates.read")])
def post_text_preview(body: TextPreviewRequest, resources: ResourcesDep, principal: PrincipalDep) -> PreviewOut:
    """Fill a text that is not stored, as an editor shows it."""
    with resources.database.read() as session:
        check_issue_seen(session, body.issue_id, principal.sees)
    return render_preview(preview_text(resources, body.body, body.issue_id, body.values, principal.name))
