"""Words beside a number that say what it is, in the languages that customers write."""

import re
from typing import Final

_REACH: Final = 48


def _words(pattern: str) -> re.Pattern[str]:
    # The word stands before the number, with at most a few short words ("number", "is", "ist") between.
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)[^\n\d]{{0,32}}\n?[^\n\d]{{0,8}}\Z", re.IGNORECASE)


PHONE: Final = _words(
    r"(?:tele|mobile )?phone(?: ?(?:no|number))?s?|tel|tlf|call(?:ed|ing)?|ring|reach(?:ed)?|mobile|cell(?:phone)?|fax|"
    r"whats ?app|signal|sms|text(?: me)?|messages? to|answering|dial(?:ed)?|number|telefon\w{0,8}|handy\w{0,8}|mobil\w{0,8}|"
    r"rückruf\w{0,4}|anrufen|erreich\w{1,6}|t[ée]l[ée]phone|t[ée]l|portable|appel\w{0,3}|joindre|rappel\w{0,3}|"
    r"tel[eé]fono|tel[eé]fone|m[oó]vil|celular|telem[oó]vel|llam\w{2,5}|ll[aá]m\w{2,5}|contact\w{0,6}|cellulare|"
    r"chiam\w{2,6}|lig(?:ar|ue|uem)|telefoon\w{0,6}|mobiel|bel(?:len)?|bereik\w{2,6}|telefonu|komórk\w{1,4}|"
    r"zadzwoni\w{0,4}|numer"
)
CARD: Final = _words(
    r"(?:credit|debit|bank)? ?cards?(?: (?:no|number))?|visa|master ?card|amex|american express|maestro|diners|discover|"
    r"(?:kredit|bank|debit|giro|ec-)?karten?\w{0,8}|carte(?: bancaire| de crédit| bleue)?|cb|tarjetas?|cart[aã]o|carta|"
    r"carte|creditcard|kaart\w{0,8}|pinpas|kart[ay]\w{0,5}|pan"
)
BIRTH: Final = _words(
    r"born(?: on)?|birth ?da(?:y|te)(?: is)?|date of birth|d\.?o\.?b\.?|geb(?:oren|\.)?(?: am)?|geburts(?:datum|tag)\w{0,2}|"
    r"née?(?: le)?|date de naissance|nacid[oa](?: el)?|nac[ií](?: el)?|fecha de nacimiento|nat[oa](?: il)?|"
    r"data di nascita|nascid[oa](?: em)?|nasci(?: em)?|data de nascimento|geboortedatum|geboren op|urodz\w{2,8}|"
    r"data urodzenia|ur\."
)
IBAN: Final = _words(
    r"iban|account|konto\w{0,8}|bank ?verbindung|compte|cuenta|conto|conta|rekening\w{0,8}|kont[oa]\w{0,3}"
)
VERSION: Final = _words(r"version|versión|versão|versione|versie|release|build|firmware|v|ver|wersj[aię]")
MONEY: Final = re.compile(r"(?:[€$£¥]|\b(?:eur|usd|gbp|chf|pln|zł))\s?\Z", re.IGNORECASE)


def says(words: re.Pattern[str], text: str, start: int) -> bool:
    """Whether the words stand shortly before ``start``."""
    return words.search(text, max(0, start - _REACH), start) is not None
