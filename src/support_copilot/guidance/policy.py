"""What no reply may say, whoever wrote it: promises of money, promises of dates, legal advice, requests for secrets."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

RuleName = Literal["money", "dates", "legal", "secrets", "words"]
#: ``withhold``: the sentence is left out. ``flag``: it stays, marked for the agent. ``off``: not looked for.
Action = Literal["withhold", "flag", "off"]

#: The speaker promises, or says that it was done: in seven languages.
_PROMISE: Final = (
    r"(?:\b(?:we|i)(?:['’](?:ll|ve|m|re)|\s+(?:will|shall|have|can|could|are|am|hereby|already|just|promise|guarantee|"
    r"confirm|agree|offer|grant|issue|process|approve)\w*)|\b(?:you|your)\b.{0,30}\b(?:will|shall|are (?:getting|entitled)|"
    r"get|receive|is (?:approved|granted|guaranteed)|has been|have been)|\bhas been\b|\bguarantee\w*|\bpromise\w*|"
    r"\b(?:wir|ich)\b.{0,40}\b(?:werden?|haben|erstatten|überweisen|garantieren|versprechen|schreiben)|\bsie (?:erhalten|bekommen)\b|"
    r"\b(?:nous|je|vous)\b.{0,30}\b(?:allons|vais|avons|ai|rembours\w+|garanti\w+|promett\w+|recevrez|accord\w+)|"
    r"\b(?:le|les)\s+(?:reembols\w+|devolv\w+|garantiz\w+)|\b(?:vamos|hemos|recibirá|garantizamos|prometemos|reembolsaremos|"
    r"devolveremos|iremos|receberá|garantimos|prometemos|rimborseremo|riceverà|garantiamo|promettiamo|abbiamo|zullen|"
    r"hebben|ontvangt|garanderen|beloven|krijgt)\b)"
)
_MONEY: Final = (
    r"\b(?:refund\w*|reimburs\w*|credit(?:ed|s)?\b|compensat\w*|voucher\w*|coupon\w*|discount\w*|rebate\w*|free of charge|"
    r"for free|money back|waive\w*|gift ?cards?|replacement|warranty|erstatt\w*|rückerstatt\w*|gutschrift\w*|gutschein\w*|"
    r"rabatt\w*|kostenlos\w*|entschädig\w*|ersatzgerät|garantie\w*|rembours\w*|avoir|dédommag\w*|remise|gratuit\w*|"
    r"bon d'achat|reembols\w*|devoluci[oó]n|devolv\w*|compensaci[oó]n|descuento\w*|cup[oó]n|gratis|desconto\w*|compensação|"
    r"rimbors\w*|sconto|buono|risarc\w*|gratuit\w*|terugbetal\w*|korting\w*|tegoed\w*|vergoed\w*|cadeaubon)"
)
_WHEN: Final = (
    r"\b(?:today|tonight|tomorrow|by (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|noon|the end of)|"
    r"(?:within|in|after)\s+(?:the next\s+)?(?:\d+|a|an|one|two|three|few|\w+-\w+)\s+(?:minutes?|hours?|days?|weeks?|business days?|working days?)|"
    r"next (?:week|month|monday|tuesday|wednesday|thursday|friday)|this week|heute|morgen|übermorgen|bis (?:montag|dienstag|"
    r"mittwoch|donnerstag|freitag|ende)|innerhalb|nächste woche|in \w+ (?:stunden|tagen|wochen)|aujourd'hui|demain|d'ici|"
    r"sous \d+|la semaine prochaine|dans les \w+ (?:heures|jours)|hoy|mañana|en \w+ (?:horas|días)|la próxima semana|hoje|"
    r"amanhã|dentro de|oggi|domani|entro|vandaag|binnen|volgende week)\b|\bon \d{1,2}[./ ]|\b\d{4}-\d{2}-\d{2}\b|"
    r"\bon (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|march|april|may|june|july|august|"
    r"september|october|november|december)\b"
)
_LEGAL: Final = (
    r"\b(?:lawsuits?|sue|suing|sued|attorneys?|lawyers?|legal(?:ly)?\b.{0,30}\b(?:claim|action|right|entitled|obliged|advice|"
    r"binding|responsib)\w*|liabilit\w+|liable|admit\w*\b.{0,20}\b(?:fault|guilt|negligence)|negligen\w+|breach of (?:contract|law)|"
    r"statut\w+|small claims|court\b|rechtlich\w*|rechtsanwalt\w*|anwalt\w*|klage\b|verklag\w*|haft(?:bar|ung)\w*|schadensersatz\w*|"
    r"avocat\w*|tribunal|poursui\w+|juridiqu\w+|abogad\w+|demanda judicial|responsabilidad legal|advogad\w+|processo judicial|"
    r"avvocat\w+|risarcimento|advocaat|rechtszaak|aansprakelijk\w*)\b|§"
)
_VALUABLE: Final = (
    r"(?:pass ?words?|passwort\w*|kennwort\w*|mot de passe|contraseña\w*|senhas?|wachtwoord\w*|passcodes?|pin(?: (?:code|number))?|"
    r"cvv|cvc|security code|one[- ]time (?:code|password)|verification code|2fa codes?|otp|card numbers?|credit card|"
    r"kartennummer\w*|numéro de carte|número de (?:la )?tarjeta|recovery (?:codes?|phrase)|seed phrase|private key|api[ _-]?keys?|"
    r"(?:access|session) tokens?|social security|bank (?:details|login)|numero di carta)"
)
_HANDING: Final = (
    r"\b(?:send|give|tell|share|provide|confirm|reply with|respond with|enter|type|post|e-?mail|submit|supply|forward|need|"
    r"what is|what's|schicken|senden|geben|nennen|teilen|bestätigen|envoyez|donnez|indiquez|communiquez|confirmez|envíe\w*|"
    r"facilite\w*|indique\w*|confirme\w*|envie|informe|stuur|geef|invii?|fornisca|comunichi|confermi)\b"
)
_NEVER: Final = re.compile(
    r"\b(?:never|not|n['’]t|nie(?:mals)?|nicht|kein\w*|jamais|ne|nunca|no|não|nooit|niet|mai|non)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Policy:
    """Rules in force. ``words`` are the desk's own: a sentence with one of them falls under the rule ``words``."""

    actions: Mapping[RuleName, Action] = field(default_factory=dict)
    words: tuple[str, ...] = ()

    def action(self, name: RuleName) -> Action:
        return self.actions.get(name, DEFAULT_ACTIONS[name])


DEFAULT_ACTIONS: Final[Mapping[RuleName, Action]] = {
    "money": "withhold", "dates": "withhold", "legal": "withhold", "secrets": "withhold", "words": "withhold",
}  # fmt: skip
DEFAULT_POLICY: Final = Policy()
RULES: Final[Mapping[RuleName, str]] = {
    "money": "promises money: a refund, credit, discount, replacement or the like",
    "dates": "promises a date or a deadline",
    "legal": "gives legal advice or speaks of liability",
    "secrets": "asks for a password, code or card number",
    "words": "has a word that the desk does not want in replies",
}

_PROMISED: Final = re.compile(_PROMISE, re.IGNORECASE)
_MONIES: Final = re.compile(_MONEY, re.IGNORECASE)
_MOMENTS: Final = re.compile(_WHEN, re.IGNORECASE)
_LAW: Final = re.compile(_LEGAL, re.IGNORECASE)
_SECRETS: Final = re.compile(rf"\b{_VALUABLE}\b", re.IGNORECASE)
_HANDED: Final = re.compile(_HANDING, re.IGNORECASE)


def broken_rules(sentence: str, policy: Policy) -> list[RuleName]:
    """The rules in force that a sentence breaks."""
    promised = bool(_PROMISED.search(sentence))
    found: Sequence[tuple[RuleName, bool]] = (
        ("money", promised and bool(_MONIES.search(sentence))),
        ("dates", promised and bool(_MOMENTS.search(sentence))),
        ("legal", bool(_LAW.search(sentence))),
        ("secrets", _asks_for_secrets(sentence)),
        ("words", any(_has_word(sentence, word) for word in policy.words)),
    )
    return [name for name, broken in found if broken and policy.action(name) != "off"]


def _asks_for_secrets(sentence: str) -> bool:
    if not (_SECRETS.search(sentence) and _HANDED.search(sentence)):
        return False
    # "Never send us your password" is good advice; "do not forget to send it" is not.
    warned = _NEVER.search(sentence)
    return warned is None or bool(
        re.search(r"\b(?:forget|hesitate|vergessen|oublie\w*|olvid\w*)\b", sentence, re.IGNORECASE)
    )


def _has_word(sentence: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", sentence, re.IGNORECASE) is not None
