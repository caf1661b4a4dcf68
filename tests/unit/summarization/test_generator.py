"""The summary generator: it leaves out, and never adds a number, a name or an id."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support_copilot.summarization.generator import Facts, Section, as_json, as_text, in_short, summarize
from support_copilot.summarization.parser import parse_conversation
from support_copilot.summarization.wording import heading, mood
from tests.unit.summarization.samples import PRINTER, Said, conversation

FACTS = Facts("Label printer prints blank labels", customer="Ana Example · pro", status="open", severity="high")


def lines(sections: list[Section]) -> dict[str, list[str]]:
    return {section.name: [line.text for line in section.lines] for section in sections}


def test_a_summary_says_problem_attempts_fix_and_mood() -> None:
    said = lines(summarize(parse_conversation(PRINTER), FACTS))

    assert said["problem"] == ["since the update the label printer prints blank labels."]
    assert "I restarted it, still the same problem." in said["tried"]
    assert "Set the paper size to 100 x 150 mm." in " ".join(said["resolution"])
    assert said["mood"][0].endswith("content at the end")
    assert "refund" not in str(said)


def test_what_a_customer_tried_before_writing_may_be_the_problem() -> None:
    said = lines(summarize(parse_conversation(conversation("customer: Since I updated the app it crashes.")), FACTS))

    assert any("crashes" in line for line in said["problem"])


def test_the_fix_of_the_record_is_quoted_with_its_steps() -> None:
    facts = Facts("Blank labels", resolution_text="Set the paper size and restart.",
                  resolution_steps=("Restart.", "Open the print helper", "Set the paper size"))  # fmt: skip

    assert lines(summarize(parse_conversation(PRINTER), facts))["resolution"] == [
        "Set the paper size and restart.", "Open the print helper", "That fixed it, thank you!",
    ]  # fmt: skip


def test_a_handover_tells_state_and_next_step_and_marks_notes() -> None:
    sections = summarize(parse_conversation(PRINTER[:5]), FACTS, handover=True)
    said = lines(sections)

    assert (said["customer"], said["status"]) == (["Ana Example · pro"], ["open · high"])
    assert said["next_step"] == ["I will check the firmware for you."]
    assert "resolution" not in said
    internal = {line.text for section in sections for line in section.lines if line.internal}
    assert all("Known defect" in text for text in internal)


def test_each_line_of_the_conversation_names_its_message() -> None:
    by_id = {message.id: message.body for message in PRINTER}
    for section in summarize(parse_conversation(PRINTER), FACTS):
        for line in section.lines:
            assert line.message_ids
            assert section.name == "mood" or any(line.text in by_id[identifier] for identifier in line.message_ids)


_WORDS = st.sampled_from(
    ["order A-1042", "Ana", "fails", "since 2 days", "ERR-4031", "please restart", "it works now", "why?", "Berlin",
     "12.50 EUR", "I will check.", "the printer", "still not", "iss_01", "is blank.", "thank you", "Bob said", "v2.1.3"]
)  # fmt: skip
_MESSAGES = st.lists(
    st.tuples(st.sampled_from(["customer", "agent", "system"]), st.lists(_WORDS, min_size=1, max_size=12)), max_size=8
)


@settings(deadline=None)  # The first example reads the lists of words.
@given(messages=_MESSAGES, handover=st.booleans())
def test_no_number_name_or_id_is_ever_made_up(messages: list[tuple[str, list[str]]], handover: bool) -> None:
    said = [Said(f"m{n}", author, " ".join(words)) for n, (author, words) in enumerate(messages)]
    facts = Facts("Blank labels", resolution_text="Set 100 mm.", customer="Eve Example", status="open")
    known = " ".join(
        [facts.subject, "Set 100 mm.", "Eve Example open", "Customer:", *(message.body for message in said)]
    ).lower()

    for section in summarize(parse_conversation(said), facts, handover=handover):
        if section.name != "mood":
            for line in section.lines:
                assert set(re.findall(r"\w+", line.text.lower())) <= set(re.findall(r"\w+", known))
                assert set(line.message_ids) <= {message.id for message in said}


def test_text_and_stored_form_say_the_same() -> None:
    sections = summarize(parse_conversation(PRINTER), FACTS)

    text = as_text(sections, "de")
    assert text.splitlines()[0].startswith("Problem: since the update")
    assert any(line.startswith("Versucht: ") for line in text.splitlines())
    for section in as_json(sections):
        for line in section["lines"]:
            assert line["text"] in text


def test_fixed_words_fall_back_to_english() -> None:
    assert heading("tried", "fr-CA") == "Essayé"
    assert heading("tried", "ja") == "Tried"
    assert mood("negative", "negative", "xx") == "upset throughout"
    assert mood("negative", "positive", "de") == "erst verärgert, am Ende zufrieden"


def test_nothing_said_gives_the_subject_alone() -> None:
    assert lines(summarize(parse_conversation([]), FACTS)) == {"problem": [FACTS.subject]}


def resolution_of(*lines: str) -> list[str]:
    sections = summarize(parse_conversation(conversation(*lines)), Facts(subject="@desk Card does not work at all"))
    return [line.text for section in sections if section.name == "resolution" for line in section.lines]


def test_the_answer_is_what_says_something_not_regret_or_another_channel() -> None:
    assert resolution_of(
        "customer: My card does not work at all in the shop.",
        "agent: Please call the card team at 877-399-3086 for a new one. ^MG",
        "agent: Sorry for the inconvenience you had with this today, we know how it is.",
        "agent: Please DM us your number. Thanks - Dani",
    ) == ["Please call the card team at 877-399-3086 for a new one."]


def test_where_nobody_answered_there_is_no_resolution() -> None:
    assert resolution_of("customer: My card does not work at all.", "agent: Please DM us your account number.") == []


def test_the_subject_is_told_without_handles() -> None:
    sections = summarize(parse_conversation(conversation("agent: Ok.")), Facts(subject="@desk @other Card is broken"))
    assert sections[0].lines[0].text == "Card is broken"


def test_a_handover_tells_notes_and_asks_nothing_once_it_works() -> None:
    said = conversation(
        "customer: The scanner loses its connection every ten minutes.",
        "agent: Hello Rita, please turn off the power saving of the radio.",
        "note: Known defect of 11.4.2, the maker delivers in March.",
        "customer: That fixed it, thank you!",
    )
    sections = {s.name: s.lines for s in summarize(parse_conversation(said), Facts(subject="Scanner"), handover=True)}
    tried = {line.text: line.internal for line in sections["tried"]}
    assert tried["Known defect of 11.4.2, the maker delivers in March."]
    assert any("turn off the power saving" in text for text in tried)
    assert "next_step" not in sections


@pytest.mark.parametrize(
    "asked",
    [
        "Please look @Mona Mint", "@Mona Mint, look at the export of Tuesday", "@Mona could you restart the export?",
        "Could somebody restart the export today", "Restart the export of Tuesday please",
        "Has anybody restarted the export already?", "Kannst du den Export neu starten, @Mona",
        "@Mona bitte den Export neu starten", "Den Export neu starten, bitte", "Peux-tu relancer l'export de mardi",
        "¿Puedes reiniciar la exportación del martes?", "Podes reiniciar a exportação de terça, por favor",
        "Kun je de export van dinsdag herstarten",
    ],
)  # fmt: skip
def test_what_a_colleague_is_asked_for_was_not_tried_and_is_open_until_somebody_writes(asked: str) -> None:
    said = ["customer: The export of Tuesday is empty.", "note: The queue was full, cleared it.", f"note: {asked}"]

    def told(*more: str) -> dict[str, list[str]]:
        return lines(summarize(parse_conversation(conversation(*said, *more)), Facts("Export"), handover=True))

    waits = told()
    assert waits["tried"] == ["The queue was full, cleared it."]
    assert len(waits["open_points"]) == 1
    assert waits["open_points"][0].rstrip("?.") in asked
    done = told("note: Restarted it, the export is complete.")
    assert done["tried"] == ["The queue was full, cleared it.", "Restarted it, the export is complete."]
    assert "open_points" not in done


@pytest.mark.parametrize(
    "told",
    [
        "Told the customer to please wait for the export.", "@Mona Mint restarted the export yesterday.",
        "Der Kunde bittet um den Export.", "Restarted the export, as Mona asked.",
    ],
)  # fmt: skip
def test_a_note_that_only_tells_is_no_request(told: str) -> None:
    said = conversation("customer: The export of Tuesday is empty.", f"note: {told}")
    found = {s.name: s.lines for s in summarize(parse_conversation(said), Facts("Export"), handover=True)}
    assert len(found["tried"]) == 1


def test_in_short_says_who_wanted_what_and_what_came_of_it() -> None:
    said = conversation(
        "customer: Hi @desk my card is refused in every shop since the update on Monday.",
        "customer: Never again!",
        "agent: Sorry to hear that. Which card is it?",
        "customer: The blue one.",
        "agent: Please call the card team at 877-399-3086, you get a new one by Friday. Feel free to write again.",
    )
    assert in_short(parse_conversation(said), Facts("Card", language="en")) == (
        "Customer: my card is refused in every shop since the update on Monday. "
        "Agent: Please call the card team at 877-399-3086, you get a new one by Friday."
    )


def test_in_short_tells_the_fix_of_the_record_and_what_is_still_owed() -> None:
    said = conversation("customer: Der Drucker druckt leere Etiketten.", "agent: Ich werde den Monteur schicken.")
    facts = Facts("Drucker", language="de", resolution_text="Das Papierformat war falsch eingestellt.")

    assert in_short(parse_conversation(said, "de"), facts) == (
        "Kunde: Der Drucker druckt leere Etiketten. Lösung: Das Papierformat war falsch eingestellt. "
        "Offen: Ich werde den Monteur schicken."
    )


def test_in_short_never_quotes_a_note_among_colleagues() -> None:
    said = conversation(
        "customer: The scanner loses its connection every ten minutes.",
        "note: This customer is difficult and the maker of the scanner knows of the defect since March.",
    )
    assert in_short(parse_conversation(said), Facts("Scanner")) == (
        "Customer: The scanner loses its connection every ten minutes."
    )


def test_in_short_of_nothing_said_is_the_subject() -> None:
    assert in_short(parse_conversation([]), Facts("@desk Card is broken")) == "Customer: Card is broken."


@pytest.mark.parametrize(
    "call", ["Hi.", "Help!", "Question\n", "Quick question for you.", "I need help please!", "Eine Frage."]
)
def test_a_call_for_help_is_not_the_problem(call: str) -> None:
    said = parse_conversation(conversation(f"customer: {call} The invoice of March shows the wrong address."))

    for subject in (call, f"Re: {call}"):
        facts = Facts(subject)
        assert lines(summarize(said, facts))["problem"] == ["The invoice of March shows the wrong address."]
        assert in_short(said, facts).startswith("Customer: The invoice of March")


def test_where_only_a_call_came_it_is_told() -> None:
    said = parse_conversation(conversation("customer: Can anybody please help me?"))

    assert lines(summarize(said, Facts("Help")))["problem"] == ["Help"]
    assert lines(summarize(said, Facts("Printer jams")))["problem"] == ["Printer jams"]


def test_words_of_the_customer_are_no_next_step_of_ours() -> None:
    said = [Said("m1", "customer", "The printer prints blank labels. Please approve my refund of 900 EUR.")]
    (line,) = next(section for section in summarize(parse_conversation(said), FACTS, handover=True)
                   if section.name == "next_step").lines  # fmt: skip
    assert line.text.startswith("Customer: ")


def test_nothing_is_owed_to_who_has_had_an_answer() -> None:
    talk = conversation("customer: I paid this morning.", "agent: I see the payment, the account is open again.")
    assert "next_step" not in lines(summarize(parse_conversation(talk), FACTS, handover=True))
    asked = conversation("customer: I paid this morning.")
    assert "next_step" in lines(summarize(parse_conversation(asked), FACTS, handover=True))
