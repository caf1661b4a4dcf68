"""What the product is made of is written down whole, from the lock files."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from tools.sbom import ROOT, write_sbom

UV = ROOT / ".tools" / "bin" / "uv"
pytestmark = pytest.mark.skipif(not UV.exists(), reason="uv is not there: run make")


def test_every_locked_package_that_ships_is_in_it(tmp_path: Path) -> None:
    python, console = (json.loads(path.read_text("utf-8")) for path in write_sbom(str(UV), tmp_path))

    assert {python["bomFormat"], console["bomFormat"]} == {"CycloneDX"}
    locked = {each["name"]: each["version"] for each in tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))["package"]}
    named = versions_of(python)
    assert named.items() <= locked.items()
    assert {"cryptography", "fastapi", "openai", "redis", "sqlalchemy"} <= named.keys()
    assert "pytest" not in named
    assert "react" in versions_of(console)


def versions_of(document: dict[str, Any]) -> dict[str, str]:
    return {each["name"]: each["version"] for each in document["components"]}
