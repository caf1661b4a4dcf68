"""Commands about the installation itself: model, config, doctor."""

import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Literal
from urllib.parse import quote

import typer
from rich.table import Table
from sqlalchemy import func, select

from support_copilot.backends.embedder.config import MiniLmConfig
from support_copilot.backends.embedder.open import prepare_model, why_unprepared
from support_copilot.cli.listening import why_not_listening
from support_copilot.cli.session import EXIT_FAILED, DataDirOption, JsonOption, command, people, print_json
from support_copilot.db.documents import last_seq
from support_copilot.db.engine import DatabaseUnavailableError
from support_copilot.db.migrate import current_revision, head_revision
from support_copilot.db.model_spending import spent_on
from support_copilot.db.models import Issue, Job
from support_copilot.http.health import check_parts
from support_copilot.kit.errors import AppError
from support_copilot.kit.text import one_line, shorten
from support_copilot.resources import Resources
from support_copilot.retrieval.change import change_progress
from support_copilot.retrieval.embedding import count_waiting
from support_copilot.settings import Settings
from support_copilot.wiring import open_resources

Verdict = Literal["ok", "warning", "failed"]
_LOW_DISK_BYTES = 1_000_000_000
_SHOWN_REASON = 400
#: Signatures come out daily.
_OLD_SIGNATURES = timedelta(days=4)


@dataclass(frozen=True, slots=True)
class Finding:
    """What the doctor saw at one place, and what to do about it."""

    check: str
    verdict: Verdict
    detail: str


def model_command(data_dir: DataDirOption = None, as_json: JsonOption = False) -> None:
    """Prepare the local embedding model (done by `make run`; a second time it only checks)."""
    with command(data_dir, as_json=as_json) as settings:
        if not isinstance(settings.embedder, MiniLmConfig):
            people.print("The settings name another embedder; there is nothing to prepare.")
            return
        folder = prepare_model(settings.embedder, report=people.print)
        if as_json:
            print_json({"model_dir": str(folder)})


def config_command(data_dir: DataDirOption = None, as_json: JsonOption = False) -> None:
    """Print the settings in force, secrets hidden."""
    with command(data_dir, as_json=as_json) as settings:
        shown = printable_settings(settings)
        if as_json:
            print_json(shown)
            return
        for name, value in _flat(shown):
            print(f"{name} = {json.dumps(value)}")  # noqa: T201  # the result of the command


def doctor_command(data_dir: DataDirOption = None, as_json: JsonOption = False) -> None:
    """Say what is wrong with this installation, and what to do about it."""
    with command(data_dir, as_json=as_json) as settings:
        findings = list(examine(settings))
    if as_json:
        print_json({"findings": [asdict(finding) for finding in findings]})
    else:
        _show(findings)
    if any(finding.verdict == "failed" for finding in findings):
        raise typer.Exit(EXIT_FAILED)


def printable_settings(settings: Settings) -> dict[str, Any]:
    """The settings as plain values, without the passwords that stand in addresses."""
    shown: dict[str, Any] = _without_passwords(settings.model_dump(mode="json"))
    return shown


def _without_passwords(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_passwords(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_without_passwords(item) for item in value]
    # Up to the last @ before the path: a password may hold one that nobody escaped.
    return re.sub(r"(://[^/:@\s]*):[^/\s]*@", r"\1:***@", value) if isinstance(value, str) else value


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at everything that can be wrong, going on after a failure where that makes sense."""
    yield Finding("python", "ok", sys.version.split()[0])
    free = shutil.disk_usage(settings.data_dir if settings.data_dir.exists() else settings.data_dir.anchor).free
    low = free < _LOW_DISK_BYTES
    refused = why_not_listening(settings.server)
    yield Finding("port", "failed" if refused else "ok", refused or f"{settings.server.host}:{settings.server.port}")
    yield Finding("disk", "warning" if low else "ok", f"{free // 1_000_000} MB free" + ("; make room" if low else ""))
    if settings.database.url is None and not settings.database_path.exists():
        nothing = f"nothing is installed in {settings.data_dir}: `support-copilot serve` begins there, or name another"
        yield Finding("start", "failed", f"{nothing} folder with --data-dir")
        return
    if settings.data_dir.exists() and not os.access(settings.data_dir, os.W_OK):
        yield Finding("start", "failed", f"nothing can be written in {settings.data_dir}: let it be writable")
        return
    try:
        with open_resources(settings) as resources:
            yield from _examine_parts(resources, settings)
            yield _examine_scanner(resources, embedded=settings.database.url is None)
            yield from _examine_record(resources)
    except AppError as error:
        where = _where(settings, error)
        yield Finding("start", "failed", f"{error.detail} ({where}){_drivers_reason(settings, error)}")
    except OSError as error:
        yield Finding("start", "failed", f"{error.strerror or type(error).__name__}: {error.filename or 'unnamed'}")
    except Exception as error:  # noqa: BLE001  # whoever asks what is wrong gets an answer, whatever it is
        yield Finding("start", "failed", f"{type(error).__name__}: see what `support-copilot serve` says")


def _where(settings: Settings, error: AppError) -> str:
    """Which database does not answer; else the code, by which the sentence is found in the docs."""
    if not isinstance(error, DatabaseUnavailableError):
        return error.code
    url = settings.database.address()
    return str(url.render_as_string(hide_password=True) if url else settings.database_path)


def _drivers_reason(settings: Settings, error: AppError) -> str:
    """What the driver of the database says, in brackets, without the password; nothing where it says nothing."""
    cause = error.__cause__
    said = one_line(str(getattr(cause, "orig", None) or "")) if isinstance(error, DatabaseUnavailableError) else ""
    url = settings.database.address()
    for password in {url.password, quote(str(url.password or ""), safe="")} if url else ():
        said = said.replace(str(password), "***") if password else said
    return f" The driver says: {shorten(said, _SHOWN_REASON)}" if said else ""


def _examine_parts(resources: Resources, settings: Settings) -> Iterator[Finding]:
    for name, state in check_parts(resources).parts.items():
        if state.status == "ok":
            yield Finding(name, "ok", "answers")
        elif name == "embedder":
            why = why_unprepared(settings.embedder) if isinstance(settings.embedder, MiniLmConfig) else None
            said = f" {why}" if why else " Run `support-copilot model`."
            yield Finding(name, "warning", f"no embedding model, search uses keywords only.{said}")
        else:
            yield Finding(name, "failed", state.code or "does not answer")
    if not (providers := resources.llm.providers()):
        yield Finding("language model", "ok", "none set; the offline engine answers")
    for provider in (resources.llm.examine(each.name) for each in providers):
        name = f"language model {provider.provider}"
        answers = f"{provider.model} answers, first word after {provider.first_token_ms:.0f} ms"
        yield Finding(name, "warning" if provider.problem else "ok", provider.problem or answers)


def _examine_scanner(resources: Resources, *, embedded: bool) -> Finding:
    """That it answers is among the parts; here what it knows."""
    check = "scanning of files"
    if resources.scanner is None:
        off = "off: files are kept without being scanned for malware; SUPPORT_COPILOT_SCANNER__KIND=clamd turns it on"
        return Finding(check, "ok" if embedded else "warning", off)
    try:
        version = resources.scanner.version()
    except AppError as error:
        return Finding(check, "failed", f"no file is taken: {error.detail}")
    if version.signatures_at is None:
        return Finding(
            check, "warning", f"{version.text}; of when its signatures are it does not say: does freshclam run?"
        )
    if version.signatures_at < resources.clock() - _OLD_SIGNATURES:
        return Finding(check, "warning", f"{version.text}; its signatures are old: let freshclam run")
    return Finding(check, "ok", version.text)


def _examine_record(resources: Resources) -> Iterator[Finding]:
    revision, needed = current_revision(resources.database), head_revision()
    fits = revision == needed
    yield Finding(
        "schema", "ok" if fits else "failed", revision or "empty" if fits else "run `support-copilot migrate`"
    )
    with resources.database.read() as session:
        issues = session.scalar(select(func.count()).select_from(Issue))
        buried = session.scalar(select(func.count()).select_from(Job).where(Job.status == "buried"))
        behind = max(0, last_seq(session) - resources.search.position())
        cost_usd = spent_on(session, resources.clock().date()) / 1_000_000
    yield Finding("record", "ok", f"{issues} issues")
    yield _counted(
        "index", behind, "changes not applied yet; a running server applies them, or `support-copilot reindex`"
    )
    yield Finding("model cost", "ok", f"{cost_usd:.2f} USD today (UTC)")
    yield _counted("embedding", count_waiting(resources), "documents wait; a running server works on them")
    if (change := change_progress(resources)) is not None:
        waiting = f"{change.waiting} of {change.documents} documents wait for {change.new}"
        yield Finding("embedding model", "warning", f"{waiting}; until then {change.old} serves")
    yield _counted("jobs", int(buried or 0), "buried after their last attempt: GET /v1/jobs?status=buried")


def _counted(check: str, count: int, consequence: str) -> Finding:
    return Finding(check, "warning", f"{count} {consequence}") if count else Finding(check, "ok", "nothing waits")


def _show(findings: list[Finding]) -> None:
    colours: dict[Verdict, str] = {"ok": "green", "warning": "yellow", "failed": "red"}
    table = Table("Check", "Verdict", "Detail", box=None)
    for finding in findings:
        table.add_row(finding.check, f"[{colours[finding.verdict]}]{finding.verdict}[/]", finding.detail)
    people.print(table)


def _flat(values: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value
