"""Street addresses in the forms of several countries; what has no word for a street is left to the tagger."""

import re
from collections.abc import Iterator
from typing import Final

from support_copilot.ml.personal_data.spans import RANK_ADDRESS, Finding

_NUMBER: Final = r"\d{1,5}(?: ?[A-Za-z](?!\w))?(?:[-/]\d{1,4}[a-z]?)?"
_NAME: Final = r"[^\W\d_][\w.'’-]{0,30}"
_CAPITAL: Final = r"(?:[A-ZÀ-ÞŁŚŻŹĆ](?:[\w'’-]{0,30}|\w{0,3}\.)|\d{1,3}(?:st|nd|rd|th))"
_LINKS: Final = r"(?:de|du|des|la|le|les|l['’]|d['’]|del|della|dei|degli|di|da|das|do|dos|el|los|las|y|e|van|der|den|und|am|im|an|zum|zur)"
_UNIT: Final = (
    r"(?:(?:apt|apartment|suite|ste|unit|flat|floor|fl|room|rm|app|appt|bât|étage|piso|puerta|interno|int|andar|apto|m|lok|"
    r"whg|wohnung|stock|top|bus|box|lej|th|dpt|Apt|Apartment|Suite|Ste|Unit|Flat|Floor|Room|Rm|App|Appt|Bât|Piso|Int|Whg|"
    r"Wohnung|Top|Bus|Box|APT|SUITE)\.? ?#?\d{1,5}[A-Za-z]?|#\d{1,5}|\d{1,2}(?:st|nd|rd|th) [Ff]loor)"
)
_POSTCODE: Final = (
    r"(?:[A-Z]{1,2}-)?(?:\d{5}(?:-\d{3,4})?|\d{4}(?:-\d{3}| ?[A-Z]{2}(?!\w))?|\d{2}-\d{3}|\d{3} \d{2}|"
    r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d)"
)
_CITY: Final = (
    rf"[A-ZÀ-ÞŁŚŻŹĆ][\w'’.-]{{1,30}}"
    rf"(?:[ -](?:{_CAPITAL}|(?:am|an|der|im|sur|de|la|le|del|do|da|upon|on|in)(?!\w))){{0,3}}"
)
#: "12345 City", "City, ST 12345", "Apt. 5", each on its line or behind a comma.
_TAILS: Final = re.compile(
    rf"(?:(?:,? ?\n? ?|,\s{{1,3}}|\s{{1,3}})(?:{_UNIT}|{_POSTCODE}(?!\w)(?: {_CITY})?|"
    rf"{_CITY},? ?(?:[A-Z]{{2}} )?{_POSTCODE}(?!\w)|{_CITY},? [A-Z]{{2}}(?!\w))){{1,4}}"
)
_WHOLE: Final = (
    # 12 Long Elm Street, 221B Baker St
    re.compile(
        rf"(?<![\w.,/:-])#?\d{{1,6}}(?:[A-Za-z](?!\w))?(?:[-/]\d{{1,4}})?,? (?:{_CAPITAL} ){{1,4}}"
        r"(?<!Hard )(?<!USB )(?<!Google )(?<!Flash )(?<!Disk )(?<!Data )"
        r"(?:[Ss]treet|STREET|St|ST|[Rr]oad|Rd|RD|[Aa]venue|Ave|AVE|[Ll]ane|Ln|Drive|Dr|[Bb]oulevard|Blvd|Court|Ct|Terrace|"
        r"Highway|Hwy|Parkway|Pkwy|Crescent|Cres|Gardens|Grove|Mews|Circle|Cir|Square|Sq|Way|Close|Place|Pl|Row|Hill|Trail|"
        r"Turnpike|Alley)(?!\w)\.?(?: (?:North|South|East|West|N|S|E|W|NE|NW|SE|SW)(?!\w))?"
    ),
    # rue de la Paix 12, Calle Mayor, 5, ul. Długa 7/9
    re.compile(
        r"(?<!\w)(?:rue|avenida|avda?\.?|calle|c/|plaza|carrer|viale|piazzale?|vicolo|rua|travessa|praça|impasse|chemin|"
        rf"ul\.|ulica) (?:(?:{_NAME}|\d{{1,2}}) ){{0,4}}(?:{_NAME}),?(?: n[°º.]{{0,2}})? {_NUMBER}(?!\w)",
        re.IGNORECASE,
    ),
    # The same behind words that are also words of a sentence
    re.compile(
        r"(?<!\w)(?:Via|Place|Route|Cours|Largo|Strada|Camino|Corso|Paseo|Ronda|Carretera|Alameda|Estrada|Quai|Al\.|Aleja|"
        rf"Os\.|Osiedle|Pl\.|al\.|os\.|pl\.|R\.|Bd|Boulevard|Avenue|Av\.) (?:{_LINKS} ?){{0,3}}{_CAPITAL}"
        rf"(?: (?:{_LINKS} ){{0,2}}{_CAPITAL}){{0,3}},?(?: n[°º.]{{0,2}})? {_NUMBER}(?!\w)"
    ),
    # 12, rue de la Paix
    re.compile(
        r"(?<![\w.,/:-])\d{1,4}(?: ?(?:bis|ter))?,? (?:[Rr]ue|[Aa]venue|[Aa]v\.|[Bb]oulevard|[Bb]d\.?|[Pp]lace|[Cc]hemin|"
        rf"[Aa]llée|[Ii]mpasse|[Qq]uai|[Rr]oute|[Cc]ours) (?:{_LINKS} ?){{0,3}}{_CAPITAL}"
        rf"(?:[ -](?:{_LINKS}[ -]?){{0,2}}{_CAPITAL}){{0,3}}"
    ),
    re.compile(
        r"(?<!\w)(?:P\.? ?O\.? ?Box|Postfach|Boîte postale|Apartado(?: de correos)?|Casella postale|Caixa postal|Postbus|"
        r"Skr(?:ytka|\.) poczt(?:owa|\.)) ?\d[\d -]{0,9}\d?",
        re.IGNORECASE,
    ),
    # Military mail of the United States
    re.compile(
        r"(?<!\w)(?:PSC|Unit|CMR) \d{1,5},? Box \d{1,5}(?:,?\s{1,3}[ADF]PO,? A[AEP] \d{5}(?:-\d{4})?)?|"
        r"(?<!\w)US[SNC]\w? \w{2,20}(?: \w{2,20})?\s{1,3}FPO,? A[AEP] \d{5}"
    ),
)
_LAST: Final = re.compile(rf"(?<=[^\W\d_][ ,.]) ?{_NUMBER}(?!\w)")
#: Lange Straße 12, Kirchweg 3a: looked for from the number backwards, since the word before the ending may be any.
_BEFORE_NUMBER: Final = re.compile(
    rf"(?:(?:{_CAPITAL}|{_LINKS})[ -]){{0,3}}(?:[^\W\d_][\w-]{{0,40}}"
    r"(?:straße|strasse|str\.?|gasse|weg|allee|damm|chaussee|stieg|straat|laan|plein|kade|gracht|singel|gade|vej|vejen|allé|"
    r"gatan|vägen|gata|veien|vegen|katu|kuja|polku|stræti|braut|(?<!arbeits)(?<!sitz)(?<!stell)(?<!park)platz)|"
    r"(?:Straße|Strasse|Str\.|Gasse|Weg|Allee|Platz|Ring|Ufer|Straat|Laan|Plein|Gade|Vej|Gatan|Vägen))"
    r"[ ,]{1,2}\Z",
)
_WORD_START: Final = re.compile(r"(?<!\w)\w")
_LABELLED: Final = re.compile(
    rf"(?<!\w)(?:address|adresse|anschrift|wohnhaft|dirección|domicilio|indirizzo|endereço|morada|adres\w{{0,3}}|zip|zip ?code|"
    rf"postal ?code|post ?code|plz|postleitzahl|code postal|código postal|cp|cap|cep|kod pocztowy)"
    rf"(?: (?:is|ist|est|es|è|é|to))?[ :=]{{1,3}}(?P<value>{_POSTCODE}(?!\w)(?-i: {_CITY})?)",
    re.IGNORECASE,
)


def find_addresses(text: str) -> Iterator[Finding]:
    if not any(map(str.isdecimal, text)):
        return
    for pattern in _WHOLE:
        for match in pattern.finditer(text):
            yield _with_tail(text, match.start(), match.end())
    for number in _LAST.finditer(text):
        start = _street_before(text, number.start() + len(number[0]) - len(number[0].lstrip()))
        if start is not None:
            yield _with_tail(text, start, number.end())
    for match in _LABELLED.finditer(text):
        yield Finding(*match.span("value"), "address", 0.8, RANK_ADDRESS)


def _street_before(text: str, end: int) -> int | None:
    begin = max(0, end - 80)
    # From the farthest word on, so that "Unter der Lange Straße 5" is found whole; at most eight words.
    starts = [match.start() for match in _WORD_START.finditer(text, begin, end)][-8:]
    for start in starts:
        if _BEFORE_NUMBER.match(text, start, end):
            return start
    return None


def _with_tail(text: str, start: int, end: int) -> Finding:
    tail = _TAILS.match(text, end)
    return Finding(start, tail.end() if tail else end, "address", 0.85, RANK_ADDRESS)
