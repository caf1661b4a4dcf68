"""People read what a permission is in words, in each language of the console."""

import re
from pathlib import Path

import pytest

from support_copilot.identity.permissions import PERMISSIONS

STRINGS = Path(__file__).parents[3] / "web" / "src" / "strings"


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_permission_of_the_table_has_words(language: str) -> None:
    text = (STRINGS / language / "permissions.ts").read_text("utf-8")
    words = dict(re.findall(r"^  '([a-z.]+)': '(.+)',$", text, re.MULTILINE))

    assert set(words) == set(PERMISSIONS)
    assert len(set(words.values())) == len(words)
