"""The conversation parser."""

import pytest

from support_copilot.summarization.parser import parse_conversation
from tests.unit.summarization.samples import PRINTER, Said, conversation


def test_who_said_what_and_what_each_sentence_does() -> None:
    parsed = parse_conversation(PRINTER)

    said = {sentence.text.rstrip(".!?"): sentence for sentence in parsed.sentences}
    assert said["Please restart the print helper"].step
    assert said["Which firmware do you use"].question
    assert said["I restarted it, still the same problem"].failure
    assert said["I will check the firmware for you"].promise
    assert said["That fixed it, thank you"].confirmation
    assert [s.text for s in parsed.by("agent", internal=True)] == ["Known defect of 4.2, order A-10442 gets a refund."]
    assert [s.position for s in parsed.sentences] == list(range(len(parsed.sentences)))


def test_quotes_signatures_greetings_and_thanks_are_left_out() -> None:
    body = (
        "Hello,\nThe export fails with ERR-4031.\n\nBest regards\nAna Example\n+49 30 1234567\n\n"
        "On Mon, 2 Mar 2026, Support wrote:\n> Did you try again?\n> We cannot see it."
    )

    parsed = parse_conversation([Said("m1", "customer", body)])

    assert [sentence.text for sentence in parsed.sentences] == ["The export fails with ERR-4031."]


def test_automatic_messages_are_nobodys_word() -> None:
    assert parse_conversation(conversation("system: Your request was received.")).sentences == ()


def test_turns_change_with_the_speaker_and_the_audience() -> None:
    parsed = parse_conversation(
        conversation("customer: It still fails here.", "customer: It is urgent for us.", "note: Ask the team about it.",
                     "agent: We look into it now.")
    )  # fmt: skip

    assert [sentence.turn for sentence in parsed.sentences] == [0, 0, 1, 2]


@pytest.mark.parametrize(
    ("lines", "open_questions"),
    [
        (["customer: Where is my order now?"], ["Where is my order now?"]),
        (["customer: Where is my order now?", "agent: It left the warehouse today."], []),
        (["customer: It does not work here.", "agent: Which version do you use?"], ["Which version do you use?"]),
        (["customer: Where is my order now?", "note: No idea where that is?"], ["Where is my order now?"]),
    ],
)
def test_a_question_is_open_until_the_other_side_speaks(lines: list[str], open_questions: list[str]) -> None:
    assert [s.text for s in parse_conversation(conversation(*lines)).open_questions] == open_questions


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        (["agent: I will check with the warehouse."], False),
        (["agent: I will check with the warehouse.", "customer: Thanks, that fixed it already."], True),
        (["agent: I will check with the warehouse.", "customer: Any news on this?", "agent: It arrives today."], True),
    ],
)
def test_a_promise_is_open_until_more_is_said(lines: list[str], kept: bool) -> None:
    assert (parse_conversation(conversation(*lines)).open_promises == ()) is kept


def test_of_a_very_long_conversation_beginning_and_end_are_read() -> None:
    parsed = parse_conversation(conversation(*[f"customer: Message number {n} fails." for n in range(5000)]))

    ids = {sentence.message_id for sentence in parsed.sentences}
    assert len(ids) == 400
    assert {"m0", "m4999"} <= ids


@pytest.mark.parametrize("body", ["", " \n ", "🎉🎉🎉", "\u202e", "?" * 5000, "x" * 200_000, "> quoted only"])
def test_every_body_can_be_read(body: str) -> None:
    for sentence in parse_conversation([Said("m1", "customer", body)]).sentences:
        assert sentence.text in body


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("@Desk @Other Please don't send your password here. ^MG", "Please don't send your password here."),
        (
            "Sorry to hear that it fails, we look into it - Dani",
            "Sorry to hear that it fails, we look into it",
        ),
        ("I don't know what @Desk has done to the site.", "I don't know what @Desk has done to the site."),
        ("The limit is 3/4 of the quota for everybody 2/2", "The limit is 3/4 of the quota for everybody"),
        ("Set it to 100 - 150 mm for the label", "Set it to 100 - 150 mm for the label"),
    ],
)
def test_nothing_is_cut_that_changes_what_is_said(said: str, kept: str) -> None:
    assert [s.text for s in parse_conversation(conversation(f"agent: {said}")).sentences] == [kept]


@pytest.mark.parametrize("said", ["It worked perfectly before and now it is a mess.", "Bisher war es gelöst."])
def test_what_worked_before_is_no_confirmation(said: str) -> None:
    assert not any(s.confirmation for s in parse_conversation(conversation(f"customer: {said}")).sentences)


def test_greetings_of_somebody_by_name_are_cut_and_what_was_tried_is_seen() -> None:
    said = parse_conversation(
        conversation(
            "customer: Die App hängt. Neustart und Neuinstallation haben nichts gebracht.",
            "agent: Guten Tag Herr Muster, bitte melden Sie sich in der App ab und wieder an.",
            "customer: Ora funziona, grazie.",
        ),
        "de",
    ).sentences

    assert [sentence.text for sentence in said if sentence.step] == [
        "Neustart und Neuinstallation haben nichts gebracht.",
        "bitte melden Sie sich in der App ab und wieder an.",
    ]
    assert said[1].failure
    assert said[-1].confirmation
