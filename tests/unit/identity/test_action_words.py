"""People read what the audit trail says was done, in each language of the console."""

import ast
import re
from pathlib import Path
from typing import cast

import pytest

import support_copilot
from support_copilot.identity.audit_changes import RECORDS

SOURCES = Path(cast(str, support_copilot.__file__)).parent
STRINGS = Path(__file__).parents[3] / "web" / "src" / "strings"


def _written() -> set[str]:
    """Actions that are written out where they are recorded."""
    found = set()
    for path in SOURCES.rglob("*.py"):
        source = path.read_text("utf-8")
        for call in ast.walk(ast.parse(source)) if "AuditEvent(" in source else ():
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "AuditEvent":
                action = call.args[0]
                if isinstance(action, ast.Constant):
                    found.add(str(action.value))
    return found


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_action_has_words(language: str) -> None:
    text = (STRINGS / language / "audit.ts").read_text("utf-8")
    kinds, events, actions = (
        dict(re.findall(r"'?([\w.]+)'?: '([^']+)'", text.partition(f"  {part}: {{")[2].partition("}")[0]))
        for part in ("kinds", "events", "actions")
    )
    actually = _written() | {
        f"{kind}.{event}" for kind in RECORDS.values() for event in ("created", "edited", "deleted")
    }
    actually |= {f"{kind}.imported" for kind in ("issues", "messages", "customers", "articles", "templates")}
    actually |= {f"{kind}.read_in_bulk" for kind in ("issues", "customers", "users")}
    unsaid = {
        action
        for action in actually
        if action not in actions and not (action.partition(".")[0] in kinds and action.partition(".")[2] in events)
    }

    assert len(actually) > 60
    assert unsaid == set()
