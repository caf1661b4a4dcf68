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


#: For texts that are no customer's: articles, templates, what somebody types into a search box.
NOBODY: Final = Speaker()


def speaker_of(customer: Customer | None) -> Speaker:
    """The customer as the way out needs to know them."""
    if customer is None:
        return NOBODY
    return Speaker(customer.language_model_allowed, (known_person(customer),))


def known_person(customer: Customer) -> KnownPerson:
    """What the customer is called by, to be found in texts in every form."""
    return KnownPerson(
        customer.name,
        emails=(customer.email,) if customer.email else (),
        phones=(customer.phone,) if customer.phone else (),
        usernames=(customer.external_id,) if customer.external_id else (),
    )


def without_persons(text: str, speaker: Speaker) -> str:
    """The text with a label in the place of each person, address, number and secret."""
    return mask(text, find_personal_data(text, known=speaker.known))


def to_send(texts: Sequence[str], speakers: Sequence[Speaker]) -> list[str]:
    """The texts as a service is sent them.

    Args:
        speakers: of each text; all of them allow it.
    """
    return [without_persons(text, speaker) for text, speaker in zip(texts, speakers, strict=True)]
