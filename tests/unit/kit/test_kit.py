"""Clock, ids, texts and errors."""

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_copilot.kit.clock import as_utc, hours_between, utc_now
from support_copilot.kit.errors import InvalidRequestError, NotFoundError
from support_copilot.kit.ids import ID_MAX_LENGTH, PREFIXES, is_id, new_id
from support_copilot.kit.text import count_tokens, heading, one_line, shorten, storable, unescaped


def test_moments_are_in_utc() -> None:
    assert utc_now().tzinfo is UTC
    naive = datetime(2026, 3, 2, 9, 0)  # noqa: DTZ001  # what is read as UTC
    assert as_utc(naive) == datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    east = datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=2)))
    assert as_utc(east).isoformat() == "2026-03-02T07:00:00+00:00"
    assert hours_between(east, as_utc(east) + timedelta(minutes=90)) == 1.5


@pytest.mark.parametrize("kind", sorted(PREFIXES))
def test_ids_have_a_prefix_and_a_shape(kind: str) -> None:
    identifier = new_id(kind)

    assert identifier.startswith(PREFIXES[kind] + "_")
    assert len(identifier) <= ID_MAX_LENGTH
    assert is_id(identifier, kind)
    assert not any(is_id(identifier, other) for other in PREFIXES if other != kind)


def test_ids_are_distinct_and_sort_by_time(monkeypatch: pytest.MonkeyPatch) -> None:
    first = [new_id("issue") for _ in range(2000)]
    moment = time.time_ns() // 1_000_000
    while time.time_ns() // 1_000_000 == moment:
        pass
    later = new_id("issue")

    assert len(set(first)) == 2000
    assert max(first) < later


@pytest.mark.parametrize(
    "value", ["", "iss_", "iss_x", "iss_" + "8" + "0" * 25, "iss_" + "0" * 25 + "\n", "iss_" + "u" * 26]
)
def test_what_only_looks_like_an_id_is_none(value: str) -> None:
    assert not is_id(value, "issue")


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\x00b\x07", "ab"),
        ("\ud83c", ""),
        ("e\u0301", "é"),
        ("tab\t", "tab\t"),
        ("🎉", "🎉"),
    ],
)
def test_texts_keep_what_a_person_typed(text: str, stored: str) -> None:
    assert storable(text) == stored


def test_a_heading_cannot_turn_what_stands_beside_it() -> None:
    assert heading("\u202e Evil\n\u2067Name\u2069\u202c\x07") == "Evil Name"
    assert heading("\u05e9\u200f Ana\u200d") == "\u05e9\u200f Ana\u200d"


@given(st.text())
def test_a_storable_text_stays_as_it_is_and_can_be_encoded(text: str) -> None:
    kept = storable(text)

    assert storable(kept) == kept
    kept.encode("utf-8")
    assert "\n" not in one_line(text)


@given(st.text(max_size=200), st.integers(min_value=2, max_value=80))
def test_a_shortened_text_keeps_to_its_limit(text: str, limit: int) -> None:
    short = shorten(text, limit)

    assert len(short) <= limit
    assert short == text if len(text) <= limit else short.endswith("…")


def test_a_text_is_cut_between_words() -> None:
    assert shorten("one two three four", 12) == "one two…"
    assert shorten("x" * 50, 10) == "x" * 9 + "…"


def test_tokens_are_estimated() -> None:
    assert count_tokens("") == 0
    assert 80 <= count_tokens("word " * 75) <= 120
    assert count_tokens("打" * 40) > 5


def test_errors_read_as_sentences() -> None:
    assert NotFoundError().detail == "There is nothing under this id"
    assert NotFoundError("There is no such key").detail == "There is no such key"
    refused = InvalidRequestError.of_field("name", "too_long", "is too long")
    assert (refused.detail, refused.errors[0].field, refused.status) == ("name: is too long", "name", 422)


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("it&#39;s 5 &gt; 4 &amp; ok", "it's 5 > 4 & ok"),
        ("&amp;lt;script&amp;gt;", "&lt;script&gt;"),
        ("AT&T says &quot;no&quot;", 'AT&T says "no"'),
        ("write &lt;br&gt; & not <br>", "write &lt;br&gt; & not <br>"),
        ("&#60;b> is markup", "&#60;b> is markup"),
        ("a?b=1&copy=2", "a?b=1&copy=2"),
        ("&nosuchthing; &", "&nosuchthing; &"),
    ],
)
def test_what_was_escaped_is_decoded_once(sent: str, meant: str) -> None:
    assert unescaped(sent) == meant
