"""Phones, cards, bank accounts, numbers that a state gives to a person, dates of birth, licence plates."""

import re
from collections.abc import Callable, Iterator
from typing import Final

import phonenumbers
from stdnum import iban, luhn
from stdnum.be import nn
from stdnum.br import cpf
from stdnum.ch import ssn as ahv
from stdnum.es import dni, nie
from stdnum.exceptions import ValidationError
from stdnum.fi import hetu
from stdnum.fr import nir
from stdnum.it import codicefiscale
from stdnum.se import personnummer
from stdnum.us import ssn

from support_copilot.ml.entities import label_before
from support_copilot.ml.personal_data import near
from support_copilot.ml.personal_data.spans import RANK_PATTERN, RANK_SECRET, RANK_WEAK, Finding, PersonalDataType

_PHONE: Final = re.compile(
    r"(?<![\w.,:/@#=+&$€£-])[+(]{0,2}\d(?:[ \u00a0\u202f\u2010-\u2013().\-/]{0,3}\d){5,16}(?![\w%€$£])(?:[ ,]{1,2}(?:ext\.?|x|durchwahl|dw|poste|int\.?) ?\d{1,6}(?!\w))?",
    re.IGNORECASE,
)
_PHONE_AFTER: Final = re.compile(
    r"[ \t-]{0,3}(?:\(?(?:office|fax|mobile|cell|home|work|phone|direct|mobil|büro|privat|portable|móvil)\b)",
    re.IGNORECASE,
)
_NOT_PHONE: Final = re.compile(
    r"\d{4}[-./ ]\d{1,2}[-./ ]\d{1,2}(?:\D.{0,12})?|\d{1,2}[-./]\d{1,2}[-./]\d{2,4}(?:\D.{0,12})?|\d{1,3}(?:[., \u00a0\u202f]\d{3})+|\d+\.\d+|(?:\d{1,3}\.){3}\d{1,3}|[1-9]\d{0,3}(?: \d{1,2}){4,}|\d{4}\s?-\s?\d{4}"
)
#: Where people who write a language live: their phones may be written without the country.
_REGIONS: Final = {
    "en": ("US", "GB", "AU"), "de": ("DE", "AT", "CH"), "es": ("ES", "MX", "AR"), "fr": ("FR", "BE", "CH"), "it": ("IT", "CH"),
    "pt": ("PT", "BR"), "nl": ("NL", "BE"), "pl": ("PL",), "sv": ("SE",), "da": ("DK",), "cs": ("CZ",), "hu": ("HU",),
}  # fmt: skip
_OTHER_REGIONS: Final = ("US", "GB", "DE", "FR", "IT", "NL")
_US_FORM: Final = re.compile(r"\(?[2-9]\d\d\)?[ .-]{0,2}[2-9]\d\d[ .-]\d{4}|1[ .-][2-9]\d\d[ .-]\d{3}[ .-]\d{4}")
#: Checks against numbering plans cost 30 µs each; beyond so many, the form alone decides.
_MAX_CHECKS: Final = 400

_CARD: Final = re.compile(r"(?<![\w.+-])\d(?:[ -]?\d){11,18}(?![\w-])")
_CARD_PREFIXES: Final = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]\d{2}|222[1-9]|22[3-9]\d|2[3-6]\d{2}|27[01]\d|2720)\d{12}|3[47]\d{13}|"
    r"(?:6011|65\d\d|64[4-9]\d|62\d\d)\d{12,15}|3(?:0[0-5]|[68]\d)\d{11}|35(?:2[89]|[3-8]\d)\d{12}|(?:2131|1800)\d{11}|220[0-4]\d{12}"
)
_IBAN: Final = re.compile(
    r"(?<![A-Za-z\d])[A-Za-z]{2}\d{2}(?: ?[A-Za-z\d]{4}){2,7}(?: ?[A-Za-z\d]{1,3})?(?![A-Za-z\d])"
)

_DATE: Final = re.compile(
    r"(?<![\w./-])(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2}|"
    r"\d{1,2}(?:\.|st|nd|rd|th|er|º)?(?: of| de)? [^\W\d_]{3,10}\.?,?(?: de)? (?:19|20)\d\d|[^\W\d_]{3,10}\.? \d{1,2}(?:st|nd|rd|th)?,? (?:19|20)\d\d)(?![\w/-])"
)

_BORN_AFTER: Final = re.compile(r" (?:geboren|urodz)", re.IGNORECASE)

Check = Callable[[str], str]
#: Forms that speak for themselves, with the check digits or the dates in them.
_FORMED: Final[tuple[tuple[re.Pattern[str], Check], ...]] = (
    (re.compile(r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])"), ssn.validate),
    (re.compile(r"(?<!\w)[XYZ]-?\d{7}-?[A-Z](?!\w)"), nie.validate),
    (re.compile(r"(?<!\w)\d{8}-?[A-Z](?!\w)"), dni.validate),
    (re.compile(r"(?<!\w)[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z](?!\w)", re.IGNORECASE), codicefiscale.validate),
    (re.compile(r"(?<!\w)[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}(?!\w)"), nir.validate),
    (re.compile(r"(?<![\w.-])\d{3}\.\d{3}\.\d{3}-\d{2}(?!\w)"), cpf.validate),
    (re.compile(r"(?<![\w.-])756\.\d{4}\.\d{4}\.\d{2}(?!\w)"), ahv.validate),
    (re.compile(r"(?<![\w.-])\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}(?!\w)"), nn.validate),
    (re.compile(r"(?<![\w.-])(?:\d{2})?\d{6}[-+]\d{4}(?!\w)"), personnummer.validate),
    (re.compile(r"(?<![\w.-])\d{6}[-+A]\d{3}[\dA-Y](?!\w)"), hetu.validate),
)
#: UK national insurance number: letters that are given out, six digits, A to D.
_NINO: Final = re.compile(
    r"(?<!\w)(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)"
)

_GAP: Final = r"(?:[ \t]{0,2}(?:number|no|nr|num|n[°º]|n[uú]mer[oó]?|numéro|nummer|is|ist|lautet|est|es|è|é|to|:|=|#|\.|-)){0,3}[ \t]{0,2}"
_ID_WORDS: Final = (
    r"ssn|social security|passport|national id(?:entity)?|tax(?:payer)? id|id[ -]card|identity card|identification|driver'?s?'? licen[cs]e|driving licen[cs]e|"
    r"national insurance|nino|nhs|aadhaar|medicare|sin|tin|itin|(?:personal)?ausweis(?:nummer|nr\.?)?|reisepass(?:nummer|nr\.?)?|steuer-?(?:id(?:nr)?|nummer)|"
    r"sozialversicherungs(?:nummer|nr\.?)|rentenversicherungsnummer|führerschein(?:nummer|nr\.?)?|carte d['’]identité|passeport|sécurité sociale|permis de conduire|"
    r"dni|nie|nif|nuss|pasaporte|curp|rfc|seguridad social|codice fiscale|carta d['’]identità|passaporto|patente|cpf|rg|passaporte|"
    r"cartão de cidadão|bilhete de identidade|bsn|burgerservicenummer|paspoort(?:nummer)?|rijbewijs(?:nummer)?|identiteitskaart|pesel|dow[oó]d(?:u osobistego)?|"
    r"paszport(?:u)?|personnummer|cpr|ahv"
)
_PLATE_WORDS: Final = (
    r"licen[cs]e plate|number plate|registration plate|vehicle registration|kennzeichen|nummernschild|plaque(?: d['’]immatriculation)?|immatriculation|"
    r"matr[ií]cula|placa|targa|kenteken|numer(?:y)? rejestracyjn\w{1,2}|tablic\w{1,2} rejestracyjn\w{1,3}"
)
_LABELLED: Final[tuple[tuple[PersonalDataType, re.Pattern[str]], ...]] = (
    (
        "national_id",
        re.compile(rf"(?<!\w)(?:{_ID_WORDS})(?!\w){_GAP}(?P<value>(?:[A-Z]{{1,3}}[ -]?)?\d(?:[ ./-]?\d|-?[A-Z](?![A-Z]{{2}})){{3,17}})(?!\w)", re.IGNORECASE),
    ),
    (
        "licence_plate",
        re.compile(rf"(?<!\w)(?i:{_PLATE_WORDS})(?!\w)(?i:{_GAP})(?P<value>(?=[\w -]{{0,8}}\d)[A-ZÄÖÜ\d]{{1,4}}(?:[ -]?[A-Z\d]{{1,4}}){{1,3}})(?!\w)"),
    ),
)  # fmt: skip


def find_numbers(text: str, language: str | None = None) -> Iterator[Finding]:
    """Everything that is made of digits; order numbers, amounts, dates and versions are left alone."""
    if not any(map(str.isdecimal, text)):
        return
    yield from _ibans(text)
    yield from _cards(text)
    yield from _national_ids(text)
    yield from _birth_dates(text)
    yield from _phones(text, language or "en")


def _holds(check: Check, found: str) -> bool:
    try:
        check(found)
    except ValidationError:
        return False
    return True


def _ibans(text: str) -> Iterator[Finding]:
    for match in _IBAN.finditer(text):
        found = match[0]
        # A word may follow an IBAN in groups of four: shorten until the check digits fit.
        for length in range(len(found), 14, -1):
            if (length == len(found) or found[length] == " ") and _holds(iban.validate, found[:length]):
                yield Finding(match.start(), match.start() + length, "iban", 0.99, RANK_SECRET)
                break
        else:
            if near.says(near.IBAN, text, match.start()) and sum(map(str.isdecimal, found)) >= 8:
                yield Finding(match.start(), match.end(), "iban", 0.7, RANK_PATTERN)


def _cards(text: str) -> Iterator[Finding]:
    for match in _CARD.finditer(text):
        digits = "".join(filter(str.isdecimal, match[0]))
        said = near.says(near.CARD, text, match.start())
        sound = _holds(luhn.validate, digits)
        if said and (sound or len(digits) >= 13):
            yield Finding(match.start(), match.end(), "card", 0.95 if sound else 0.6, RANK_PATTERN)
        elif sound and _CARD_PREFIXES.fullmatch(digits) and label_before(text, match.start()) is None:
            yield Finding(match.start(), match.end(), "card", 0.9 if len(digits) >= 15 else 0.7, RANK_PATTERN)


def _national_ids(text: str) -> Iterator[Finding]:
    for pattern, check in _FORMED:
        for match in pattern.finditer(text):
            if _holds(check, match[0]) and label_before(text, match.start()) is None:
                yield Finding(match.start(), match.end(), "national_id", 0.9, RANK_PATTERN)
    for match in _NINO.finditer(text):
        yield Finding(match.start(), match.end(), "national_id", 0.85, RANK_PATTERN)
    for kind, pattern in _LABELLED:
        for match in pattern.finditer(text):
            yield Finding(*match.span("value"), kind, 0.85, RANK_PATTERN)


def _birth_dates(text: str) -> Iterator[Finding]:
    for match in _DATE.finditer(text):
        if near.says(near.BIRTH, text, match.start()) or _BORN_AFTER.match(text, match.end()):
            yield Finding(match.start(), match.end(), "birth_date", 0.95, RANK_PATTERN)


def _phones(text: str, language: str) -> Iterator[Finding]:
    regions = tuple(dict.fromkeys((*_REGIONS.get(language, ()), *_OTHER_REGIONS)))
    checks = 0
    for match in _PHONE.finditer(text):
        found = match[0]
        if not 7 <= sum(map(str.isdecimal, found)) <= 17 or near.MONEY.search(
            text, max(0, match.start() - 5), match.start()
        ):
            continue
        checks += 1
        confidence = _phone_confidence(text, match.start(), found, regions if checks <= _MAX_CHECKS else ())
        if confidence:
            yield Finding(match.start(), match.end(), "phone", confidence, RANK_WEAK)


def _phone_confidence(text: str, start: int, found: str, regions: tuple[str, ...]) -> float:
    """0 where it is no phone number: by its form, by the words around it, by the numbering plans."""
    if found.lstrip("(").startswith("+"):
        return _confidence_abroad(found)
    said = near.says(near.PHONE, text, start) or _PHONE_AFTER.match(text, start + len(found)) is not None
    if label_before(text, start) is not None or (_NOT_PHONE.fullmatch(found) and not said):
        return 0.0
    if said:
        return 0.85
    if len(re.findall(r"\d+", found)) < 2:
        return 0.0
    planned = found[0] in "(0" and (not regions or any(_is_valid(found, region) for region in regions))
    return 0.8 if planned or _US_FORM.fullmatch(found) else 0.0


def _confidence_abroad(found: str) -> float:
    try:
        number = phonenumbers.parse(found, None)
    except phonenumbers.NumberParseException:
        return 0.6 if sum(map(str.isdecimal, found)) >= 8 else 0.0
    return 0.97 if phonenumbers.is_possible_number(number) else 0.7


def _is_valid(found: str, region: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(found, region))
    except phonenumbers.NumberParseException:
        return False
