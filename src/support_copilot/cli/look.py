"""The command that shows what the copilot makes of a text: analyze."""

import sys
from typing import Annotated

import typer
from rich.console import Console, Group
from rich.panel import Panel as Box
from rich.table import Table
from rich.text import Text

from support_copilot.analysis.schemas import Panel
from support_copilot.analysis.service import analyze_words
from support_copilot.cli.session import DataDirOption, JsonOption, command, print_json
from support_copilot.http.fields import MAX_BODY_CHARS
from support_copilot.issues.service import NewMessage
from support_copilot.kit.errors import InvalidRequestError
from support_copilot.kit.text import one_line, shorten, storable
from support_copilot.wiring import open_resources

_COLOURS = {"critical": "bold red", "high": "dark_orange", "medium": "yellow", "low": "green"}


def analyze_command(
    text: Annotated[str, typer.Argument(help="What the customer wrote; - reads standard input.", show_default=False)],
    data_dir: DataDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Analyze a text: severity, similar issues, mood, forecasts. Nothing is stored."""
    with command(data_dir, as_json=as_json) as settings:
        words = storable(sys.stdin.read(MAX_BODY_CHARS + 1) if text == "-" else text).strip()
        if not words or len(words) > MAX_BODY_CHARS:
            raise InvalidRequestError.of_field("text", "invalid_length", f"must have 1 to {MAX_BODY_CHARS} characters")
        with open_resources(settings) as resources:
            subject = shorten(one_line(words[:2000]), 120)
            panel = analyze_words(resources, subject, [NewMessage("customer", words)], None)
    if as_json:
        print_json(panel.model_dump(mode="json"))
    else:
        Console().print(_view(panel))


def _view(panel: Panel) -> Group:
    facts = Table.grid(padding=(0, 2))
    for name, value in _facts(panel):
        facts.add_row(Text(name, style="dim"), value)
    blocks = [Box(facts, title=f"Analyzed in {panel.duration_ms:.0f} ms", title_align="left")]
    if panel.similar_issues.items:
        blocks.append(Box(_similar(panel), title="Similar past issues", title_align="left"))
    return Group(*blocks)


def _facts(panel: Panel) -> list[tuple[str, Text]]:
    severity, time, risk = panel.severity, panel.resolution_time, panel.satisfaction_risk
    shown = Text(f"{severity.value or '?'}", style=_COLOURS.get(severity.value or "", ""))
    shown.append(f"  {(severity.confidence or 0):.0%}{_doubt(severity.status)}", style="dim")
    rows = [("Severity", shown)]
    rows += [("", Text(f"{'+' if f.effect > 0 else '−'} {f.label}", style="dim")) for f in severity.factors[:4]]
    if panel.critical.value:
        rows.append(("Critical", Text("; ".join(panel.critical.reasons) or "yes", style="bold red")))
    rows.append(("Mood", Text(panel.sentiment.label or "?")))
    rows.append(("Language", Text(f"{panel.language.code or '?'}{_doubt(panel.language.status)}")))
    rows.append(("Category", Text(f"{panel.category.value or '?'}{_doubt(panel.category.status)}")))
    if time.median_hours is not None:
        span = f"about {time.median_hours:.1f} h ({time.low_hours:.1f} to {time.high_hours:.1f} h)"
        rows.append(("Resolution time", Text(span + _doubt(time.status))))
    if risk.probability is not None:
        rows.append(("Dissatisfaction", Text(f"{risk.probability:.0%}{_doubt(risk.status)}")))
    if panel.entities.items:
        rows.append(("Found", Text(", ".join(f"{e.type}: {e.text}" for e in panel.entities.items[:8]))))
    if panel.templates.items:
        rows.append(("Template", Text(panel.templates.items[0].title)))
    return rows


def _similar(panel: Panel) -> Table:
    table = Table(box=None, expand=True)
    table.add_column("Likeness", justify="right")
    table.add_column("Issue and what solved it", ratio=1)
    for item in panel.similar_issues.items[:5]:
        told = Text(item.subject, style="bold")
        if item.resolution:
            told.append(f"\n{shorten(item.resolution.text, 300)}", style="")
        told.append(f"\n{'; '.join(item.why)}", style="dim")
        by_words = " of words" if item.similarity_of == "words" else ""
        table.add_row(f"{item.similarity:.0%}{by_words}", told)
    return table


def _doubt(status: str) -> str:
    return "  (not sure)" if status == "unsure" else ""
