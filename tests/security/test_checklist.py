"""The checklist names tests and files that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "security.md").read_text("utf-8")


def test_every_test_that_the_checklist_names_exists() -> None:
    missing, checked, file = [], 0, ROOT
    for path, name in re.findall(r"`((?:[a-z_/]+\.py|…))(?:::(\w+))?`", TEXT):
        if path.startswith(("security/", "flows/", "unit/", "contract/", "faults/")):
            file = ROOT / "tests" / path
        elif path != "…":
            if not (ROOT / "src" / "support_copilot" / path).is_file():
                missing.append(path)
            continue
        checked += 1
        text = file.read_text("utf-8") if file.is_file() else ""
        if not text or (name and not re.search(rf"^def {name.rstrip('_')}", text, re.MULTILINE)):
            missing.append(f"{file.name}::{name}")

    assert checked > 50
    assert missing == []
