"""Columns find their fields by usual names, and the operator has the last word."""

import pytest

from support_copilot.connect.columns import MappingError, choose_columns, parse_overrides


def test_usual_names_are_detected() -> None:
    columns = ["id", "title", "description", "priority", "created", "hours_to_resolve", "final_status", "split"]

    assert choose_columns("issues", columns, {}) == {
        "id": "external_id",
        "title": "subject",
        "description": "body",
        "priority": "severity",
        "created": "created_at",
        "hours_to_resolve": "resolved_in_hours",
        "final_status": "status",
    }


def test_case_spaces_and_dashes_do_not_matter() -> None:
    assert choose_columns("issues", ["Ticket ID", "Created-At"], {}) == {
        "Ticket ID": "external_id",
        "Created-At": "created_at",
    }


def test_the_likelier_name_wins_and_no_field_is_filled_twice() -> None:
    assert choose_columns("issues", ["title", "subject", "text", "body"], {}) == {"subject": "subject", "body": "body"}


def test_companies_alone_are_names_and_beside_names_they_are_companies() -> None:
    assert choose_columns("customers", ["id", "company"], {}) == {"id": "external_id", "company": "name"}
    assert choose_columns("customers", ["name", "company"], {}) == {"name": "name", "company": "company"}


def test_an_override_wins_over_detection() -> None:
    assert choose_columns("issues", ["subject", "headline"], {"headline": "subject"}) == {"headline": "subject"}


def test_an_empty_override_leaves_a_column_out() -> None:
    assert choose_columns("issues", ["id", "priority"], {"priority": ""}) == {"id": "external_id"}


@pytest.mark.parametrize("pair", ["priority", "=severity", "priority=colour"])
def test_a_mapping_of_another_form_is_refused(pair: str) -> None:
    with pytest.raises(MappingError):
        parse_overrides("issues", [pair])
