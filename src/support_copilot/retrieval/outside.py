"""What an embedding service is sent: nothing of customers who opted out, and of others nothing that names a person.

The same words are masked alike wherever they come from, so that a question and the document it is about meet.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from support_copilot.db.models import Customer
from support_copilot.ml.personal_data import KnownPerson, find_personal_data, mask


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whose words a text is."""

    #: Whether a model outside of this process may be given them.
    allowed: bool = True
    known: tuple[KnownPerson, ...] = ()


#: Texts are cut somewhat above this (``embedding.embedded_text``), at the end of a word.
_MAY_BE_CUT: Final = 3_800
#: Longer than a number, an address or a name.
_LEFT_OUT: Final = 160
#: For texts that are no customer's: articles, templates, what somebody types into a search box.
NOBODY: Final = Speaker()


def speaker_of(customer: Customer | None) -> Speaker:
    """The customer as the way out needs to know them."""
    if customer is None:
        return NOBODY
    return Speaker(customer.language_model_allowed, known_people(customer))


def known_people(customer: Customer) -> tuple[KnownPerson, ...]:
    """What the customer is called by, also by records merged into this one, to be found in texts in every form."""
    return tuple(
        KnownPerson(
            known.name,
            emails=(known.email,) if known.email else (),
            phones=(known.phone,) if known.phone else (),
            usernames=(known.external_id,) if known.external_id else (),
        )
        for known in customer.known_as
    )


def without_persons(text: str, speaker: Speaker) -> str:
    """The text with a label in the place of each person, address, number and secret.

    A long text comes cut, and half a number is not found: what stands before its end is looked at and left out.
    """
    found = find_personal_data(text, known=speaker.known)
    edge = len(text)
    if edge > _MAY_BE_CUT:
        edge -= _LEFT_OUT
        edge = max(text.rfind(" ", 0, edge), text.rfind("\n", 0, edge), 0)
        edge = min([edge, *(each.start for each in found if each.start < edge < each.end)])
    return mask(text[:edge], [each for each in found if each.end <= edge])


def to_send(texts: Sequence[str], speakers: Sequence[Speaker]) -> list[str]:
    """The texts as a service is sent them.

    Args:
        speakers: of each text; all of them allow it.
    """
    return [without_persons(text, speaker) for text, speaker in zip(texts, speakers, strict=True)]
