"""Placeholders that there are not: told with what is like them."""

import pytest

from support_copilot.kit.errors import InvalidRequestError
from support_copilot.knowledge.known_placeholders import KNOWN, check_placeholders, unknown_placeholders
from support_copilot.ml.entities import extract_entities


@pytest.mark.parametrize(
    ("name", "near"),
    [("customer.firstname", "customer.first_name"), ("issue.ordernumber", "issue.order_number"),
     ("Customer.Name", "customer.name"), ("agent.first_name", "agent.name")],
)  # fmt: skip
def test_a_typo_is_told_with_what_was_meant(name: str, near: str) -> None:
    (unknown,) = unknown_placeholders(f"Hello {{{{ {name} }}}}")
    assert unknown.name == name
    assert near in unknown.near


def test_what_is_known_or_asked_for_is_no_typo() -> None:
    body = "{{ customer.first_name }} {{ issue.tracking_number }} {{ agent.name }} {{ ask.colour_of_the_lamp }}"
    assert unknown_placeholders(body) == []


def test_whatever_is_found_in_texts_has_a_placeholder() -> None:
    text = "Order no. 1001, error code E-77, version 2.4.1, call +49 30 1234567, HTTP error 404, tracking 4711 0815."
    found = {f"issue.{entity.type}" for entity in extract_entities(text)}
    assert found
    assert found <= set(KNOWN)


def test_the_refusal_names_line_name_and_near_ones() -> None:
    with pytest.raises(InvalidRequestError) as refused:
        check_placeholders("Hello,\n{{ customer.firstname }}")
    (error,) = refused.value.errors
    assert (error.field, error.code) == ("body", "unknown_placeholder")
    assert error.message.startswith(
        "line 2: there is no placeholder customer.firstname; did you mean customer.first_name"
    )


def test_an_edit_does_not_stumble_over_what_stood_there_before() -> None:
    check_placeholders("{{ nonsense.thing }}", spared=("nonsense.thing",))
    with pytest.raises(InvalidRequestError):
        check_placeholders("{{ nonsense.thing }} {{ nonsense.other }}", spared=("nonsense.thing",))
