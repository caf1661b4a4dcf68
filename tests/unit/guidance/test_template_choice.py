"""Which templates a draft may follow."""

from dataclasses import replace
from typing import Final

from support_copilot.backends.search.port import SearchHit
from support_copilot.db.models import Template
from support_copilot.guidance.context import Material
from support_copilot.guidance.template_choice import fitting_templates
from support_copilot.knowledge.template_choice import Matter
from support_copilot.ml.matters import matters_of
from tests.unit.guidance.samples import fix

DOUBLE: Final = "Double charge: apology and refund"
AFTER_END: Final = "Charged after cancelling: check and refund"


def chosen(
    question: str,
    *titles: str,
    likeness: float = 0.5,
    category: str | None = "payments",
    proven: tuple[Material, ...] = (),
    body: str = "We refund the second payment.",
) -> list[str]:
    hit = SearchHit("tpl_1", "template", likeness, likeness, 5.0, ("charged", "refund"))
    rows = [
        (hit, Template(id=f"tpl_{n}", title=title, body=body, category="payments", language="en", version=1,
                       accepted_count=0, edited_count=0, rejected_count=0))
        for n, title in enumerate(titles)
    ]  # fmt: skip
    matter = Matter(category, asked=matters_of(question))
    return [option.source.title for option in fitting_templates(rows, matter, None, 1, proven, "en")]


def test_a_template_of_another_matter_is_none_however_like_it_is() -> None:
    assert chosen("You charged me after I cancelled.", DOUBLE, AFTER_END, likeness=0.7) == [AFTER_END]
    assert chosen("You charged me twice.", DOUBLE, AFTER_END, likeness=0.7) == [DOUBLE]


def test_what_is_named_fits_though_the_model_finds_it_little_like() -> None:
    assert chosen("Mir wurde zweimal abgebucht.", DOUBLE, likeness=0.1, category=None) == [DOUBLE]


def test_one_for_something_of_its_own_is_not_taken_for_its_drawer_alone() -> None:
    assert chosen("The card machine in the office makes a noise.", DOUBLE) == []
    assert chosen("The card machine in the office makes a noise.", "Payments: what we need") != []


def test_one_for_something_of_its_own_is_not_taken_for_its_likeness_alone() -> None:
    assert chosen("You charged me 59 dollars that I do not owe.", DOUBLE, AFTER_END, likeness=0.8) == []


def test_a_letter_of_an_outage_needs_one_that_is_reported_or_great_likeness() -> None:
    assert chosen("How do I add a bank account?", "Payment outage: we are on it") == []
    assert chosen("How do I add a bank account?", "Payment outage: we are on it", likeness=0.7) != []


def test_the_fix_of_an_issue_that_is_nearly_the_same_speaks_against_a_template_of_other_words() -> None:
    same = replace(fix("The return period was set to 30 days, then the button appeared."), likeness=0.9)
    about = "Labels: what to do"

    assert chosen("Return button is missing", about, proven=(same,)) == []
    assert chosen("Return button is missing", about, proven=(same,), body="Set the return period to 30 days.") != []
    assert chosen("Return button is missing", about, proven=(replace(same, likeness=0.6),)) != []
