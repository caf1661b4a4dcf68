"""Which sentence stands for what a side said."""

from support_copilot.summarization.parser import parse_conversation
from support_copilot.summarization.telling import ANSWER, PROBLEM, answers_of, centrality, most_telling
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


WORKED = parse_conversation(
    conversation(
        "customer: The console loses its connection with error 262144 since Monday.",
        "agent: Can you send a picture of the speeds that your console shows at the moment?",
        "customer: Here it is.",
        "agent: Can you try unplugging both the router and the console for five minutes?",
        "customer: Thanks, that worked!",
        "agent: That's good news, if you need assistance in the future then feel free to reach out to us at any time.",
    )
)


def test_what_was_said_before_it_worked_is_the_answer() -> None:
    assert [sentence.text for sentence in answers_of(WORKED)] == [
        "Can you try unplugging both the router and the console for five minutes?"
    ]


def test_taking_leave_is_no_answer() -> None:
    said = parse_conversation(
        conversation(
            "customer: The label shows the wrong price.",
            "agent: The shop in Cardiff changed the label.",
            "agent: If there is anything else I can help you with please get back in touch with us.",
        )
    )
    assert [sentence.text for sentence in answers_of(said)] == ["The shop in Cardiff changed the label."]
