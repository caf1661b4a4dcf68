"""Placeholders of templates: filled, missing, asked for; and templates that would do harm."""

import contextlib
from datetime import UTC, datetime

import pytest

from support_copilot.db.models import Customer, Issue
from support_copilot.issues.queries import IssueRecord
from support_copilot.kit.errors import InvalidRequestError
from support_copilot.knowledge.documents import template_text
from support_copilot.knowledge.rendering import (
    Placeholder,
    check_template,
    marker,
    placeholder_values,
    placeholders,
    render_template,
    with_overrides,
)
from support_copilot.ml.entities import Entity

NOW = datetime(2026, 3, 2, tzinfo=UTC)
VALUES = {"customer": {"first_name": "Ana"}, "issue": {"id": "iss_1"}}


def test_known_values_are_filled_and_missing_ones_shown_by_name() -> None:
    done = render_template("Hi {{ customer.first_name }}, order {{ issue.order_number }}, {{ask.phone}}.", VALUES)
    assert done.text == "Hi Ana, order [order number], [phone]."
    assert done.missing == ("issue.order_number", "ask.phone")
    assert done.placeholders == (
        Placeholder("customer.first_name", filled=True, ask=False),
        Placeholder("issue.order_number", filled=False, ask=False),
        Placeholder("ask.phone", filled=False, ask=True),
    )


def test_a_default_and_a_condition_make_nothing_missing() -> None:
    body = "Hi {{ customer.name | default: 'there' }}{% if issue.order_number %} ({{ issue.order_number }}){% endif %}!"
    done = render_template(body, VALUES)
    assert (done.text, done.missing) == ("Hi there!", ())


def test_a_blank_value_counts_as_missing() -> None:
    assert render_template("{{ customer.name }}", {"customer": {"name": "  "}}).missing == ("customer.name",)


def test_liquid_in_a_value_stays_text() -> None:
    done = render_template("{{ customer.name }}", {"customer": {"name": "{{ agent.name }}{% raw %}"}})
    assert done.text == "{{ agent.name }}{% raw %}"


@pytest.mark.parametrize("text", ["", "plain", "}} %}", "שלום 🎉", "<b>x</b>", "100% of {braces}"])
def test_text_without_placeholders_stays(text: str) -> None:
    assert render_template(text, {}).text == text


def test_placeholders_come_in_order_of_appearance() -> None:
    assert placeholders("{{ b.x }}{% if a.y %}{{ c.z }}{% endif %}{{ b.x }}") == ("b.x", "a.y", "c.z")


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("one\ntwo {{ customer.name", 2, "expected"),
        ("one\n\n{% if a.b %}\n", 3, "endif"),
        ("{{ a.b | base64_encode }}", 1, "filter"),
        ("x\n{% include 'secrets' %}", 2, "include"),
        ("{% render 'x' %}", 1, "render"),
        ("{% assign x = 'y' %}", 1, "assign"),
        ("{% for i in (1..100000000) %}x{% endfor %}", 1, "for"),
        ("{{ a[b] }}", 1, "words with dots"),
        ("{{ a }}{{ a.b }}", 1, "group"),
        ("{{ x | truncatewords: 'b' }}", 1, "integer"),
    ],
)
def test_a_template_that_cannot_be_rendered_is_refused_with_its_line(body: str, line: int, words: str) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        check_template(body)
    (error,) = refused.value.errors
    assert (error.field, error.code) == ("body", "invalid_template")
    assert error.message.startswith(f"line {line}: ")
    assert words in error.message


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "body",
    [
        "{% if a %}" * 2000,
        "{{ " + "(" * 15_000,
        "{% if " + " and ".join(["a"] * 2500) + " %}x{% endif %}",
        "{{ a" + ".b" * 9_000 + " }}",
        "x" * 20_001,
        "{{ 'x'" + " | append: 'yyyyyyyyyy'" * 800 + " }}",
    ],
)
def test_hostile_templates_end_quickly(body: str) -> None:
    with contextlib.suppress(InvalidRequestError):
        assert len(render_template(body, VALUES).text) < 20_000


def test_output_beyond_the_limit_is_refused() -> None:
    with pytest.raises(InvalidRequestError):
        render_template("{{ a.b }}" * 2000, {"a": {"b": "x" * 500}})


def test_values_come_from_issue_customer_agent_and_entities() -> None:
    issue = Issue(id="iss_1", subject="Charged\ntwice", channel="email", category="billing", severity=None)
    customer = Customer(id="cus_1", name="Ana Example", email="ana@example.com", plan="gold", language=None)
    entities = [Entity("order_number", "1001", 0, 4), Entity("order_number", "1002", 5, 9)]
    values = placeholder_values(IssueRecord(issue, customer, ()), "Kim", entities)
    assert values["customer"] == {
        "name": "Ana Example", "email": "ana@example.com", "plan": "gold", "first_name": "Ana",
    }  # fmt: skip
    assert values["issue"]["subject"] == "Charged twice"
    assert values["issue"]["order_number"] == values["ask"]["order_number"] == "1001"
    assert values["agent"] == {"name": "Kim"}


def test_without_an_issue_only_the_agent_is_known() -> None:
    assert placeholder_values(None, "Kim") == {"customer": {}, "issue": {}, "agent": {"name": "Kim"}, "ask": {}}


def test_values_given_go_before_values_known() -> None:
    values = with_overrides(VALUES, {"customer.first_name": "Bo", "ask.phone": "123", "odd": "x"})
    assert render_template("{{ customer.first_name }} {{ ask.phone }} {{ issue.id }}", values).text == "Bo 123 iss_1"


def test_a_marker_reads_as_words() -> None:
    assert marker("issue.order_number") == "[order number]"


def test_the_words_of_a_template_are_found_without_its_signs() -> None:
    assert (
        template_text("Hi {{ customer.first_name | default: 'x' }},{% if a %} yes{% endif %}") == "Hi first name,  yes "
    )
