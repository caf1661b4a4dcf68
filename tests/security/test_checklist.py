"""The checklist names tests and files that exist, and requirements of ASVS 5.0."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "security.md").read_text("utf-8")
#: How many requirements each section of ASVS 5.0 has, by chapter.
SECTIONS = {
    1: (2, 10, 12, 3, 3),
    2: (3, 3, 5, 2),
    3: (1, 3, 5, 8, 8, 1, 5),
    4: (5, 5, 2, 4),
    5: (1, 6, 3, 3),
    6: (3, 12, 8, 6, 8, 4, 2, 4),
    7: (3, 4, 2, 5, 3, 2),
    8: (4, 4, 3, 2),
    9: (3, 4),
    10: (2, 3, 5, 16, 5, 2, 3),
    11: (4, 5, 5, 4, 2, 2, 2),
    12: (5, 2, 5),
    13: (4, 6, 4, 7),
    14: (2, 8, 3),
    15: (5, 5, 7, 4),
    16: (1, 5, 4, 3, 4),
    17: (2, 8, 2),
}


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


def test_every_number_that_the_checklist_names_is_a_requirement() -> None:
    cells = re.findall(r"^\| (\d[^|]*) \|", TEXT, re.MULTILINE)
    numbers = [tuple(map(int, each)) for cell in cells for each in re.findall(r"(\d+)\.(\d+)\.(\d+)", cell)]

    assert len(numbers) > 150
    assert [each for each in numbers if each[2] > dict(enumerate(SECTIONS.get(each[0], ()), 1)).get(each[1], 0)] == []
