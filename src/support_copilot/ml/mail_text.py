"""What a person wrote, out of what a mail program sent."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CleanedMessage:
    """The new words of a message, and what was set aside: quoted history and the signature."""

    text: str
    quoted: str
    signature: str


def clean_message(text: str, *, html: bool = False) -> CleanedMessage:
    return CleanedMessage(plain_text(text) if html else text.strip(), "", "")


def plain_text(html: str) -> str:
    return html


def split_sentences(text: str, language: str = "en") -> list[str]:
    return [text.strip()] if text.strip() else []
