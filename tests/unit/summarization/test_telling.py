"""Which sentence stands for what a side said."""

from support_copilot.summarization.parser import parse_conversation
from support_copilot.summarization.telling import ANSWER, PROBLEM, centrality, most_telling
from tests.unit.summarization.samples import conversation

SAID = parse_conversation(
    conversation(
        "customer: The invoice of March shows the wrong address of our company.",
        "customer: It is so annoying!",
        "agent: Which address should it be, please tell us the street and the city?",
        "customer: Elm Road 4.",
        "agent: The invoice of March was made again with the address of your company on Elm Road 4.",
        "agent: Feel free to ask.",
    )
)


def test_a_problem_is_told_at_the_beginning_and_an_answer_at_the_end() -> None:
    central = centrality(SAID.sentences)

    assert most_telling(SAID.by("customer"), central, PROBLEM)[0].text.startswith("The invoice of March shows")
    assert most_telling(SAID.by("agent"), central, ANSWER)[0].text.startswith("The invoice of March was made again")


def test_each_sentence_is_ranked_once() -> None:
    ranked = most_telling(SAID.sentences, centrality(SAID.sentences), ANSWER)

    assert sorted(sentence.position for sentence in ranked) == [sentence.position for sentence in SAID.sentences]


def test_of_nothing_comes_nothing() -> None:
    assert (most_telling([], {}, PROBLEM), centrality([])) == ([], {})
