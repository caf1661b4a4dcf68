"""Reasons keep their codes on the way into answers, and the console says each of them in German."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from pydantic import BaseModel

import support_copilot
from support_copilot.http.reasons import ReasonCode, WithReasons
from support_copilot.kit.reasons import Reason
from support_copilot.ml.severity_cues import cues

SOURCES = Path(cast(str, support_copilot.__file__)).parent
GERMAN = Path(__file__).parents[3] / "web" / "src" / "strings" / "de" / "reasons.ts"


class Shown(WithReasons, BaseModel):
    label: str
    label_code: ReasonCode | None = None
    why: list[str] = []
    why_code: list[ReasonCode | None] = []


def test_a_code_stands_beside_its_sentence_and_survives_being_stored() -> None:
    shown = Shown(
        label=Reason("time.similar", "2 issues took 3 h", count=2, hours=3.0), why=["plain", Reason("a", "b")]
    )
    stored = Shown.model_validate_json(shown.model_dump_json())

    assert stored == shown
    assert stored.label_code == ReasonCode(code="time.similar", values={"count": 2, "hours": 3.0})
    assert stored.why_code == [None, ReasonCode(code="a")]
    assert Shown(label="plain").label_code is None


def test_every_reason_has_german_words_for_all_that_varies_in_it() -> None:
    text = GERMAN.read_text("utf-8").partition("export const rules")[0]
    lines = re.findall(r"^  '([\w.]+)': '(.+)',$", text, re.MULTILINE)
    german = {code: set(re.findall(r"{(\w+)}", said)) for code, said in lines}
    ours = dict(_reasons()) | {cue.label.code: set(cue.label.values) for cue in cues()}

    assert set(german) == set(ours)
    assert {code for code in ours if not german[code] <= ours[code]} == set(), "words name what is not sent"


def _reasons() -> Iterator[tuple[str, set[str]]]:
    """Code and names of values of every reason in the sources that is written out."""
    for path in SOURCES.rglob("*.py"):
        source = path.read_text("utf-8")
        for call in ast.walk(ast.parse(source)) if "Reason(" in source else ():
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Reason":
                code = call.args[0]
                if isinstance(code, ast.Constant):
                    yield str(code.value), {str(keyword.arg) for keyword in call.keywords}
