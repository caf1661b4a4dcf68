"""Topics of the sample company are named in each language of the console."""

import re
from pathlib import Path

import pytest

from support_copilot.connect.sample.writing import families, read_content

STRINGS = Path(__file__).parents[3] / "web" / "src" / "strings"


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_topic_of_the_sample_company_has_a_name(language: str) -> None:
    named = set(re.findall(r"^  (\w+): '.+',$", (STRINGS / language / "topics.ts").read_text("utf-8"), re.MULTILINE))
    used = {one["category"] for one in (*families(), *read_content("templates.json"), *read_content("articles.json"))}

    assert used <= named
