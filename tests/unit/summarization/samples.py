"""Conversations for the tests of summarization."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Said:
    id: str
    author: str
    body: str
    visibility: str = "public"


def conversation(*lines: str) -> list[Said]:
    """One message for each line such as ``customer: It fails.``; ``note:`` is an internal one of the agent."""
    messages = []
    for number, line in enumerate(lines):
        author, _, body = line.partition(": ")
        visibility = "internal" if author == "note" else "public"
        messages.append(Said(f"m{number}", "agent" if author == "note" else author, body, visibility))
    return messages


PRINTER = conversation(
    "customer: Hi there, since the update the label printer prints blank labels.",
    "agent: Please restart the print helper. Which firmware do you use?",
    "customer: I restarted it, still the same problem. Firmware 4.2.",
    "note: Known defect of 4.2, order A-10442 gets a refund.",
    "agent: Set the paper size to 100 x 150 mm. I will check the firmware for you.",
    "customer: That fixed it, thank you!",
)
