"""Why something is proposed is stored as a sentence, and told by its code."""

import pytest

from support_copilot.knowledge.why import NOT_THERE, OTHER_FIX, code_of_stored, only_told


@pytest.mark.parametrize(
    ("stored", "code"),
    [
        (str(NOT_THERE), "proposal.not_there"),
        (str(OTHER_FIX), "proposal.other_fix"),
        (only_told(str(NOT_THERE)), "proposal.told_not_there"),
        (only_told(str(OTHER_FIX)), "proposal.told_other_fix"),
        ("The newer fix speaks against the article: it says to enable it.", None),
        (only_told("The newer fix speaks against the article."), None),
    ],
)
def test_a_stored_sentence_has_its_code(stored: str, code: str | None) -> None:
    found = code_of_stored(stored)
    assert (found and found.code) == code


def test_what_only_the_conversation_tells_is_said_before_the_reason() -> None:
    said = only_told("Because.")
    assert said.startswith("Nobody recorded how it was solved")
    assert said.endswith(" Because.")
