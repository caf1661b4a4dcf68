"""All personal data of a text."""

from collections.abc import Sequence

from support_copilot.ml.personal_data.addresses import find_addresses
from support_copilot.ml.personal_data.contacts import find_emails, find_links, find_machines, find_usernames
from support_copilot.ml.personal_data.known import find_known
from support_copilot.ml.personal_data.numbers import find_numbers
from support_copilot.ml.personal_data.secrets import find_secrets
from support_copilot.ml.personal_data.spans import Finding, KnownPerson, PersonalData, settle
from support_copilot.ml.personal_data.tagger import Weights, find_names


def find_personal_data(
    text: str, *, known: Sequence[KnownPerson] = (), language: str | None = None, weights: Weights | None = None
) -> list[PersonalData]:
    """Everything in a text that is about a person, in its order, none overlapping another.

    The whole text is read, however long, in time that grows with its length; nothing leaves this process.

    Args:
        known: the people of the issue; their names, e-mails, phones are found in every form.
        language: ISO 639-1 code; decides which national forms of phones are looked for first. Names are looked for in
            all languages.
        weights: of the tagger of names; the shipped ones by default. Measuring passes those that never saw the text.
    """
    findings = _patterned(text, language)
    findings.extend(find_known(text, known))
    findings.extend(find_names(text, weights))
    return settle(text, findings)


def find_by_pattern(text: str, language: str | None = None) -> list[PersonalData]:
    """Only what its own form gives away: no names, and addresses only where they have a word for a street."""
    return settle(text, _patterned(text, language))


def _patterned(text: str, language: str | None) -> list[Finding]:
    return [
        *find_secrets(text),
        *find_emails(text),
        *find_links(text),
        *find_machines(text),
        *find_numbers(text, language),
        *find_addresses(text),
        *find_usernames(text),
    ]
