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
#: Requirements of level 3 alone; all others belong to level 2.
LEVEL_3 = """
1.2.10 1.3.12 1.5.3 2.3.5 2.4.2 3.1.1 3.2.3 3.3.5 3.4.7 3.4.8 3.5.6 3.5.7 3.5.8 3.6.1 3.7.3 3.7.4 3.7.5 4.1.4 4.1.5
4.2.2 4.2.3 4.2.4 4.2.5 5.2.4 5.2.5 5.2.6 5.3.3 6.3.5 6.3.6 6.3.7 6.3.8 6.4.5 6.4.6 6.5.6 6.5.7 6.5.8 6.6.4 6.7.1
6.7.2 7.5.3 8.1.3 8.1.4 8.2.4 8.3.2 8.3.3 8.4.2 10.2.3 10.3.5 10.4.12 10.4.13 10.4.14 10.4.15 10.4.16 11.1.3 11.1.4
11.2.4 11.2.5 11.3.4 11.3.5 11.5.2 11.6.2 11.7.1 11.7.2 12.1.4 12.1.5 12.3.5 13.1.2 13.1.3 13.1.4 13.2.6 13.3.3
13.3.4 13.4.6 13.4.7 14.2.5 14.2.6 14.2.7 14.2.8 15.1.4 15.1.5 15.2.4 15.2.5 15.4.1 15.4.2 15.4.3 15.4.4 16.5.4
17.1.2 17.2.5 17.2.6 17.2.7 17.2.8
"""


def test_every_test_that_the_checklist_names_exists() -> None:
    missing, checked, file = [], 0, ROOT
    for path, name in re.findall(r"`((?:[a-z_/]+\.py|…))(?:::(\w+))?`", TEXT):
        if path.startswith(("security/", "flows/", "unit/", "contract/", "faults/", "web/")):
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


def _numbers(text: str) -> set[tuple[int, ...]]:
    """All that a text names, also as ``1.2.3 to 1.2.5``."""
    found = {tuple(map(int, each)) for each in re.findall(r"\b(\d+)\.(\d+)\.(\d+)\b", text)}
    for first, last in re.findall(r"(\d+\.\d+\.\d+)\s+to\s+(\d+\.\d+\.\d+)", text):
        (*section, start), (*_, end) = (tuple(map(int, each.split("."))) for each in (first, last))
        found |= {(*section, number) for number in range(start, end + 1)}
    return found


def test_no_requirement_of_levels_1_and_2_is_left_out() -> None:
    wanted = {
        (chapter, section, number)
        for chapter, sections in SECTIONS.items()
        for section, count in enumerate(sections, 1)
        for number in range(1, count + 1)
    } - _numbers(LEVEL_3)

    assert len(wanted) == 253
    assert sorted(wanted - _numbers(TEXT)) == []


def test_every_kind_of_line_in_the_log_is_in_the_inventory() -> None:
    inventory = (ROOT / "docs" / "operations.md").read_text("utf-8")
    kinds = {
        kind
        for path in (ROOT / "src").rglob("*.py")
        for kind in re.findall(
            r"_log\.(?:debug|info|warning|error|exception)\(\s*\"([a-z_]+)\.", path.read_text("utf-8")
        )
    }

    assert len(kinds) > 10
    assert [kind for kind in sorted(kinds) if f"`{kind}.…`" not in inventory] == []
