"""Whose words the title of an incident has."""

import pytest

from support_copilot.analysis.incident_titles import whose_words

SUBJECTS = {"iss_1": "My divorce and error 502", "iss_2": "Error 502 at the checkout", "iss_3": "Zahlung geht nicht"}


@pytest.mark.parametrize(
    ("title", "whose"),
    [
        ("My divorce and error 502", "iss_1"),
        ("divorce, Error 502!", "iss_1"),
        ("Checkout: error 502", "iss_2"),
        ("Error 502", "iss_1"),
        ("Zahlung geht nicht mehr", "iss_3"),
        ("Provider of payments down since Monday, error 502", None),
        ("…", None),
    ],
)
def test_a_title_has_the_words_of_the_issue_that_says_most_of_it(title: str, whose: str | None) -> None:
    assert whose_words(title, SUBJECTS) == whose
