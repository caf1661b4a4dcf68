"""All personal data of a text."""

from collections.abc import Sequence

from support_copilot.ml.personal_data.addresses import find_addresses
from support_copilot.ml.personal_data.contacts import find_emails, find_links, find_machines, find_usernames
from support_copilot.ml.personal_data.known import find_known
from support_copilot.ml.personal_data.numbers import find_numbers
from support_copilot.ml.personal_data.secrets import find_secrets
from support_copilot.ml.personal_data.spans import Finding, KnownPerson, PersonalData, settle


def find_personal_data(
    text: str, *, known: Sequence[KnownPerson] = (), language: str | None = None
) -> list[PersonalData]:
    """Everything in a text that is about a person, in its order, none overlapping another.

    The whole text is read, however long, in time that grows with its length; nothing leaves this process.

    Args:
        known: the people of the issue; their names, e-mails, phones are found in every form.
        language: ISO 639-1 code; decides which national forms of phones are looked for first. Names are looked for in
            all languages.
    """
    findings: list[Finding] = []
    findings.extend(find_secrets(text))
    findings.extend(find_emails(text))
    findings.extend(find_links(text))
    findings.extend(find_machines(text))
    findings.extend(find_numbers(text, language))
    findings.extend(find_known(text, known))
    findings.extend(find_addresses(text))
    findings.extend(find_usernames(text))
    return settle(text, findings)
