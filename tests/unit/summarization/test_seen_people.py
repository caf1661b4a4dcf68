"""Everybody whom the record, the addresses and the signatures of an issue name is taken out of proposed articles."""

from types import SimpleNamespace
from typing import Any

import pytest

from support_copilot.summarization.anonymous import depersonalize
from support_copilot.summarization.seen_people import people_of

FIRST = """Hello,
the printer on floor 2 prints blank labels.

Best regards
Zdzislawa Brzęczyk
Oakmill Textiles"""
SECOND = """From: Quillon Vexley <qvexley@oakmill-textiles.example>
Sent: Monday

The same with me, write to torben.askvig@gmail.com if need be."""


def record(**customer: Any) -> Any:
    known = {
        "name": "Thessaly Orrin", "email": "torrin@oakmill-textiles.example", "phone": None, "external_id": None,
        "company": "Oakmill Ltd",
    }  # fmt: skip
    messages = [
        SimpleNamespace(body=body, author_name=name) for body, name in ((FIRST, None), (SECOND, "Quillon Vexley"))
    ]
    issue = SimpleNamespace(subject="Blank labels")
    person = SimpleNamespace(**{**known, **customer})
    person.known_as = (person,)
    return SimpleNamespace(issue=issue, customer=person, messages=messages)


@pytest.mark.parametrize(
    ("fix", "gone"),
    [
        ("Reset the printer of Brzęczyk and told Zdzislawa.", ("Brzęczyk", "Zdzislawa")),
        ("Vexley signs in as qvexley and prints again.", ("Vexley", "qvexley")),
        ("Set torrin as owner of the queue, then restart it.", ("torrin",)),
        ("At Oakmill Textiles choose the label size.", ("Oakmill",)),
        ("The queue of Oakmill Ltd was full, empty it.", ("Oakmill",)),
        ("Thessaly or Orrin press OK, Askvig watches.", ("Thessaly", "Orrin", "Askvig")),
    ],
)
def test_nobody_whom_the_issue_shows_is_left(fix: str, gone: tuple[str, ...]) -> None:
    told = depersonalize(fix, people_of(record(), (fix,), "en"), ours=True)
    assert [word for word in gone if word.casefold() in told.casefold()] == []


def test_words_of_any_sentence_in_addresses_stay() -> None:
    fix = "Write to the label service, then open the orders of the shop and print the labels."
    messages = [SimpleNamespace(body="Sent to orders@acme.example and label.service@gmail.com", author_name=None)]
    given = SimpleNamespace(issue=SimpleNamespace(subject="Labels"), customer=None, messages=messages)
    assert depersonalize(fix, people_of(given, (fix,), "en"), ours=True) == fix


def test_a_provider_of_mail_is_no_company() -> None:
    given = record(email="someone@gmail.com", company=None)
    assert "Gmail" in depersonalize("Open Gmail and look for the code.", people_of(given, (), "en"), ours=True)
