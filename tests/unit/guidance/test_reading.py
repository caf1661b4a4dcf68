"""Reading instructions, layouts, wording and needs."""

import pytest

from support_copilot.guidance.context import ContextItem, within_budget
from support_copilot.guidance.draft import Block, Draft, Piece
from support_copilot.guidance.instructions import read_instruction
from support_copilot.guidance.layout import TextBlock, parse_blocks, plain_markdown
from support_copilot.guidance.needs import is_settled, missing_things
from support_copilot.guidance.phrasebook import LANGUAGES, phrases_of
from support_copilot.guidance.phrases import THINGS
from support_copilot.guidance.wording import is_for_colleagues, repeats, word_runs
from support_copilot.ml.content_words import share_of_words
from tests.unit.guidance.samples import context


class TestInstructions:
    @pytest.mark.parametrize(
        "text", ["make it shorter", "bitte kürzer", "plus court", "más corto", "korter", "mais curta"]
    )
    def test_shorter(self, text: str) -> None:
        assert read_instruction(text).short

    def test_several_wishes_in_one_line(self) -> None:
        wishes = read_instruction("Apologize, ask for the order number and the version, no signature. Warm tone.")
        assert (wishes.apology, wishes.ask, wishes.closing, wishes.tone) == (
            True, ("order_number", "version"), False, "warm",
        )  # fmt: skip
        assert wishes.unmet == ()

    def test_a_wish_can_be_negative(self) -> None:
        wishes = read_instruction("don't apologize; ohne Anrede")
        assert (wishes.apology, wishes.greeting) == (False, False)

    @pytest.mark.parametrize("text", ["promise a refund", "translate into Klingon", "not so formal", "🙂"])
    def test_what_is_not_understood_is_kept(self, text: str) -> None:
        assert read_instruction(text).unmet == (text,)

    @pytest.mark.parametrize("text", [None, "", " , ; \n"])
    def test_nothing_is_wished(self, text: str | None) -> None:
        assert read_instruction(text) == read_instruction("")


class TestLayout:
    def test_headings_paragraphs_and_lists(self) -> None:
        text = "# Export\nOpen it. Then wait.\n\n1. One\n2) Two\n   goes on\n- Three\n\nLast line"
        assert parse_blocks(text, "en") == [
            TextBlock("heading", ("Export",)),
            TextBlock("paragraph", ("Open it.", "Then wait.")),
            TextBlock("list", ("One", "Two goes on", "Three")),
            TextBlock("paragraph", ("Last line",)),
        ]

    def test_a_list_with_empty_lines_between_is_one(self) -> None:
        assert parse_blocks("1. One\n\n2. Two", "en") == [TextBlock("list", ("One", "Two"))]

    def test_marks_go_and_addresses_stay(self) -> None:
        assert plain_markdown("**Press** `Start`, see [help](https://help.example/a)") == (
            "Press Start, see help (https://help.example/a)"
        )

    @pytest.mark.parametrize("text", ["", "\n\n", "#", "- ", "1. "])
    def test_nothing_makes_no_block(self, text: str) -> None:
        assert [part for block in parse_blocks(text, "en") for part in block.parts if not part] == []


class TestWording:
    def test_five_words_in_a_row_are_a_repetition(self) -> None:
        runs = word_runs(["He threatens to leave us and wants money back"])
        assert repeats("Ana threatens to leave us and more.", runs)
        assert not repeats("We are sorry that you want to leave us.", runs)

    def test_a_short_note_is_repeated_as_a_whole(self) -> None:
        runs = word_runs(["very difficult person"])
        assert repeats("You are a very difficult person indeed.", runs)
        assert not repeats("That is a difficult person.", runs)

    @pytest.mark.parametrize(
        "text", ["Told the customer to wait.", "Customer confirmed.", "Escalated to L2 team.", "Dem Kunden erklärt."]
    )
    def test_for_colleagues(self, text: str) -> None:
        assert is_for_colleagues(text)

    def test_for_customers(self) -> None:
        assert not is_for_colleagues("Contact customer service at any time.")

    def test_nothing_to_find_is_found(self) -> None:
        assert share_of_words("?", "anything") == 1.0
        assert share_of_words("invoice download", "Download it here") == 0.5


class TestNeeds:
    @pytest.mark.parametrize(
        ("text", "needed"),
        [
            ("My parcel has not arrived", "order_number"),
            ("Meine Rechnung stimmt nicht", "invoice_number"),
            ("L'application plante à chaque fois", "version"),
            ("No puedo iniciar sesión", "account"),
        ],
    )
    def test_the_topic_says_what_is_needed(self, text: str, needed: str) -> None:
        assert missing_things(context(text, subject="-", values={}))[0] == needed

    def test_the_address_on_record_is_not_asked_for(self) -> None:
        known = context("I cannot log in", subject="-", values={"customer": {"email": "ana@example.com"}})
        assert "account" not in missing_things(known)

    def test_a_how_to_question_needs_nothing(self) -> None:
        assert missing_things(context("How do I share a calendar?")) == ()

    def test_still_broken_is_not_settled(self) -> None:
        assert not is_settled(context("Thanks, but it still fails."))


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_can_be_asked_for_in_every_language(language: str) -> None:
    phrases = phrases_of(language)
    assert set(phrases.things) == set(THINGS)
    assert phrases.things["order_number"] in phrases.question(["order_number", "serial_number"])
    assert "serial number" in phrases.question(["serial_number"])


def test_what_exceeds_the_budget_is_left_out_with_the_reason() -> None:
    small = ContextItem("article", "art_1", "A", 0)
    big = ContextItem("article", "art_2", "B", 0)
    unfit = ContextItem("issue", "iss_1", "C", 0, "the fix did not last")
    items = within_budget([(big, "word " * 2000), (small, "word"), (unfit, "word")])
    assert [item.reason for item in items] == ["over the token budget", None, "the fix did not last"]
    assert items[0].tokens > 2000


def test_an_introduction_stays_while_something_follows() -> None:
    draft = Draft((Block("paragraph", (Piece("Try:"),)), Block("steps", (Piece("a"), Piece("b")))), "en", "offline/1")
    assert draft.keep(lambda piece: piece.text != "a").text() == "Try:\n\n1. b"
    assert draft.keep(lambda piece: piece.text == "Try:").text() == ""
