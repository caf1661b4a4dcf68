"""What a merged record gives to the customer it is merged into; the console tells it before by the same cases."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from support_copilot.customers.filling import MOST_ATTRIBUTES, fill
from support_copilot.db.models import Customer

_CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[3] / "web" / "src" / "test" / "customer-filling.json").read_text()
)


def record(fields: dict[str, Any]) -> Customer:
    known = dict(fields)
    if value := known.pop("value", None):
        known |= {"value_amount": Decimal(value["amount"]), "value_currency": value["currency"]}
    row = Customer(id="cus_one")
    row.merge_record = {}
    for name, each in ({"attributes": {}} | known).items():
        setattr(row, name, each)
    return row


@pytest.mark.parametrize("case", _CASES, ids=[case["why"] for case in _CASES])
def test_what_is_taken_over_is_what_the_console_tells(case: dict[str, Any]) -> None:
    source, target = record(case["source"]), record(case["target"])

    fill(source, target)

    assert sorted(source.merge_record["filled"]) == sorted(case["filled"])


def test_no_more_attributes_than_a_customer_may_have() -> None:
    source = record({"attributes": {f"new_{at}": at for at in range(5)}})
    target = record({"attributes": {f"old_{at}": at for at in range(MOST_ATTRIBUTES - 2)}})

    fill(source, target)

    assert len(target.attributes) == MOST_ATTRIBUTES
    assert len(source.merge_record["filled"]) == 2
