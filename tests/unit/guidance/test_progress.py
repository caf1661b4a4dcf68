"""Which steps of a procedure a conversation says were asked for, done, or tried without success."""

import pytest

from support_copilot.guidance import progress
from support_copilot.guidance.progress import Said, read_progress

STEPS = ("Open Settings and choose Accounts", "Sign out", "Sign in again", "Restart the phone")


def told(text: str, number: int = 1) -> Said:
    return Said(f"a{number}", text, ours=True)


def answered(text: str, number: int = 1) -> Said:
    return Said(f"c{number}", text, ours=False)


def note(text: str, number: int = 1) -> Said:
    return Said(f"n{number}", text, ours=True, internal=True)


def states(*said: Said, language: str = "en") -> list[str]:
    return [each.state for each in read_progress(STEPS, said, language)]


def test_a_step_that_nobody_speaks_of_is_open() -> None:
    assert states(answered("My calendar does not sync.")) == ["open"] * 4


@pytest.mark.parametrize(("said", "expected"), [
    ((told("Please sign out."),), ["open", "told", "open", "open"]),
    ((told("Could you restart the phone?"),), ["open", "open", "open", "told"]),
    ((answered("I signed out already."),), ["open", "done", "open", "open"]),
    ((answered("I signed in again, no change."),), ["open", "open", "done", "open"]),
    ((answered("I have not restarted the phone yet."),), ["open"] * 4),
    ((answered("Should I restart the phone?"),), ["open"] * 4),
    ((answered("I opened Settings but I cannot choose Accounts there."),), ["stuck", "open", "open", "open"]),
    ((answered("I tried steps 1 to 3."),), ["done", "done", "done", "open"]),
    ((answered("I did steps 1 and 4."),), ["done", "open", "open", "done"]),
    ((answered("I have done all steps."),), ["done"] * 4),
    ((note("Restarted the phone with the customer."),), ["open", "open", "open", "done"]),
    ((note("Customer should restart the phone."),), ["open"] * 4),
    ((told("We have signed out your phone from here."),), ["open", "done", "open", "open"]),
    ((answered("I have never restarted the phone."),), ["open"] * 4),
    ((answered("Ich habe schon Schritt 2 versucht."),), ["open", "done", "open", "open"]),
])  # fmt: skip
def test_what_a_conversation_says_of_steps(said: tuple[Said, ...], expected: list[str]) -> None:
    assert states(*said) == expected


def test_what_was_asked_for_counts_as_done_once_the_customer_says_that_it_did_not_help() -> None:
    asked = told("Please sign out. Then sign in again.")
    assert states(asked) == ["open", "told", "told", "open"]
    progress = read_progress(STEPS, [asked, answered("That did not help.")], "en")
    assert [(each.state, each.message_id) for each in progress] == [
        ("open", None), ("done", "c1"), ("done", "c1"), ("open", None),
    ]  # fmt: skip


def test_a_question_says_nothing_of_what_was_asked_for() -> None:
    asked = told("Please sign out.")
    assert states(asked, answered("I still have a question: where is the menu?"))[1] == "told"
    assert states(asked, answered("Is it still not working for others?"))[1] == "told"


def test_however_much_is_written_so_many_sentences_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    monkeypatch.setattr(progress, "_spoken_of", lambda sentence, _steps: read.append(sentence) or [])
    read_progress(STEPS, [answered("A b. " * 600, number) for number in range(60)], "en")
    assert len(read) <= 600


def test_a_step_that_could_not_be_done_stays_so_whatever_else_is_said() -> None:
    said = (told("Please restart the phone."), answered("I could not restart the phone. It still fails."))
    assert states(*said)[3] == "stuck"


def test_a_step_that_was_done_stays_done_when_it_is_asked_for_again() -> None:
    assert states(answered("I restarted the phone."), told("Please restart the phone."))[3] == "done"
