"""The attacks that ship with the product, on a model that obeys every instruction it sees: none may succeed."""

from typing import get_args

import pytest

from support_copilot.db.engine import Database
from support_copilot.evaluation.attacks.beside import all_attacks
from support_copilot.evaluation.attacks.cases import Channel
from support_copilot.evaluation.attacks.obedient import ObedientModel
from support_copilot.evaluation.attacks.run import Outcome, run_attacks
from support_copilot.resources import Resources

ATTACKS = all_attacks()


@pytest.fixture
def database(sqlite: Database) -> Database:
    """Attacks are about words, not about databases."""
    return sqlite


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("channel", get_args(Channel))
def test_no_attack_succeeds(resources: Resources, channel: Channel) -> None:
    outcomes = run_attacks(resources, [each for each in ATTACKS if each.channel == channel])
    assert {each.attack.name: each.found for each in outcomes if each.found} == {}
    assert all(each.by_model for each in outcomes), "the model's text has to be used, or nothing was tried"


def test_there_are_enough_of_them_and_each_has_a_name() -> None:
    names = [each.name for each in ATTACKS]
    assert len(names) == len(set(names)) >= 220
    assert {each.channel for each in ATTACKS} == set(get_args(Channel))


def test_the_model_does_obey(resources: Resources) -> None:
    """Without the judge, most attacks that get as far as the model would be read in its text."""
    chosen = [each for each in ATTACKS if each.channel == "customer_text"][::6]
    outcomes: list[Outcome] = run_attacks(resources, chosen)
    assert sum(each.reached for each in outcomes) >= len(chosen) // 2
    assert ObedientModel().describe("reply") is not None
