"""Asking a model: what becomes of the answer when its record cannot be kept."""

from support_copilot.kit.ids import new_id
from support_copilot.ml.personal_data import PlaceholderMasker
from support_copilot.prompts.asking import ask_for_text
from support_copilot.prompts.outgoing import Outgoing
from support_copilot.prompts.prompt import render
from support_copilot.prompts.reply import ReplyMaterial, reply_prompt
from support_copilot.resources import Resources
from tests.flows.modelled import says, with_model


def test_an_answer_about_an_issue_that_was_erased_meanwhile_is_still_given(resources: Resources) -> None:
    prompt = reply_prompt(ReplyMaterial("Sync", [("m1", "customer", "It does not sync.")], []))
    with with_model(resources) as (server, own):
        server.script(says("Sign in again."))
        info = own.llm.describe("reply")
        assert info is not None
        rendered = render(prompt, mark="k", room=8000)
        text, _ = ask_for_text(own, Outgoing(prompt, rendered, PlaceholderMasker(), info, new_id("issue"), None))
    assert text == "Sign in again."
