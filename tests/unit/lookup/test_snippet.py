"""The part of a text that a search shows."""

import pytest

from support_copilot.lookup.service import snippet

LONG = "Good morning to all of you. " * 30 + "The exporter stops with error E4711 since Monday. " + "Thank you. " * 30


def test_a_short_text_is_shown_whole_on_one_line() -> None:
    assert snippet("It\nfails  again", ["fails"]) == "It fails again"


def test_headings_of_an_article_are_shown_without_their_marks() -> None:
    assert snippet("## Problem\n\nTicket #12 fails.\n\n### Solution\nRestart.", []) == (
        "Problem Ticket #12 fails. Solution Restart."
    )


def test_a_long_text_is_shown_around_the_first_match() -> None:
    shown = snippet(LONG, ["E4711"])
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert "error E4711 since" in shown
    assert len(shown) <= 240


def test_without_a_match_the_beginning_is_shown() -> None:
    assert snippet(LONG, ["absent"]).startswith("Good morning")


@pytest.mark.parametrize("body", ["", " \n ", "\x00", "x" * 10_000, "🎉" * 500])
def test_any_text_has_a_snippet(body: str) -> None:
    assert len(snippet(body, ["x"])) <= 240
