"""Words beside which a name or a number belongs to one person, and numbers that no product has; six languages."""

import re
from collections.abc import Iterator
from typing import Final

#: Words of names that are words of any sentence.
_ORDINARY_WORDS: Final = """
the and for our support service services team customer help desk helpdesk company group shop store online user admin
test bot system gmbh ltd inc llc kundendienst kundenservice client clientèle soporte suporte atendimento
klantenservice equipo equipe équipe info office
"""
ORDINARY: Final = frozenset(_ORDINARY_WORDS.split())
_NAME: Final = r"(?P<name>[A-ZÀ-Þ][\w'’-]+(?: (?:(?:de|da|do|dos|del|van|der|von|di|le|la) )?[A-ZÀ-Þ][\w'’-]+){0,2})"
_RELATED: Final = (
    (
        r"(?i:my|our|his|her|their|the)(?: \w+)? (?i:mother|mom|mum|father|dad|husband|wife|son|daughter|sister|brother|"
        r"aunt|uncle|grand\w+|colleague|co-?worker|boss|assistant|neighbou?r|partner|friend|patient|nurse|teacher|manager|"
        r"secretary|trainee|intern|landlord|tenant|flatmate|cousin|niece|nephew|\w+-in-law)"
    ),
    (
        r"(?i:meine?|unsere?|ihre?|seine?|dein|eure?)[rmsn]?(?: \w+)? (?i:mutter|mama|vater|papa|frau|mann|ehe\w+|sohn|"
        r"tochter|schwester|bruder|tante|onkel|oma|opa|gro(?:ß|ss)\w+|kolleg\w+|chef\w*|assistent\w*|nachbar\w*|partner\w*|"
        r"freund\w*|schwieger\w+|schwager|schwägerin|enkel\w*|cousin\w*|nichte|neffe|mieter\w*|patient\w*|azubi)"
    ),
    (
        r"(?i:mon|ma|notre|votre|son|sa)(?: \w+)? (?i:mère|maman|père|papa|mari|femme|épou\w+|fils|fille|sœur|soeur|frère|"
        r"tante|oncle|grand-\w+|collègue|chef\w*|patronne?|assistante?|voisine?|conjointe?|amie?|belle-\w+|beau-\w+|"
        r"cousine?|nièce|neveu|patiente?|stagiaire)"
    ),
    (
        r"(?i:mi|nuestr[oa]|su)(?: \w+)? (?i:madre|padre|marido|mujer|espos[oa]|hij[oa]|herman[oa]|tí[oa]|abuel[oa]|"
        r"compañer[oa]|colega|jef[ea]|asistente|vecin[oa]|soci[oa]|amig[oa]|suegr[oa]|cuñad[oa]|prim[oa]|sobrin[oa]|"
        r"secretari[oa]|paciente)"
    ),
    (
        r"(?i:meu|minha|nosso|nossa|seu|sua)(?: \w+)? (?i:mãe|pai|marido|mulher|espos[oa]|filh[oa]|irmão|irmã|ti[oa]|"
        r"av[óô]|colega|chefe|patrão|patroa|assistente|vizinh[oa]|amig[oa]|sogr[oa]|cunhad[oa]|prim[oa]|sobrinh[oa]|"
        r"secretári[oa]|paciente)"
    ),
    (
        r"(?i:mijn|onze|zijn|haar)(?: \w+)? (?i:moeder|mama|vader|papa|man|vrouw|zoon|dochter|zus|broer|tante|oom|oma|opa|"
        r"collega|baas|chef|assistente?|buur\w+|partner|vriendin|vriend|schoon\w+|nicht|neef|stagiaire?)"
    ),
)
_TITLE: Final = (
    r"(?:Mr|Mrs|Ms|Miss|Dr|Prof|Herrn?|Frau|Hr|Fr|M|Mme|Mlle|Monsieur|Madame|Sra?|Señora?|Don|Doña|Dra|Senhora?|"
    r"Mevr|Mevrouw|Dhr|Meneer|Signora?|Sig)\.?"
)
_CALLED: Final = (
    r"(?i:my name is|ask for|named|ich hei(?:ß|ss)e|mein name ist|namens|je m['’]appelle|nommée?|mon nom est|demandez|"
    r"me llamo|mi nombre es|llamad[oa]|pregunte por|chamo-me|me chamo|o meu nome é|meu nome é|chamad[oa]|ik heet|"
    r"mijn naam is|genaamd|vraag naar)"
)
_SAYS_WHO: Final = r"(?i:i'?m|i am|ich bin|je suis|soy|sou|ik ben|sono)"
#: Where a name stands, and whether it counts only where it is on a list of names.
NAMED: Final = (
    *((re.compile(rf"(?<!\w){words},? {_NAME}"), False) for words in _RELATED),
    (re.compile(rf"(?<!\w)(?:{_TITLE} ){{1,3}}{_NAME}"), False),
    (re.compile(rf"(?<!\w){_CALLED} {_NAME}"), False),
    (re.compile(rf"(?<!\w){_SAYS_WHO} {_NAME}"), True),
)
_LABELS: Final = (
    r"customer|client|member(?:ship)?|badge|policy|patient|contract|employee|student|account|staff|loyalty|insurance|"
    r"passport|subscri\w+|licen[cs]e holder|"
    r"kunden?|mitglieds?|versicherten|versicherungs\w*|vertrags?|personal|matrikel|ausweis|konto|policen?|patienten|"
    r"adhérente?|abonnée?|contrat|matricule|compte|dossier|passeport|sociétaire|assurée?|"
    r"cliente|soci[oa]|contrato|póliza|expediente|cuenta|pasaporte|abonad[oa]|afiliad[oa]|"
    r"utente|apólice|sóci[oa]|conta|contribuinte|processo|passaporte|"
    r"klant|lid|polis|rekening|personeels|paspoort|pati[eë]nt"
)
_LABELLED: Final = re.compile(
    rf"(?<!\w)(?i:{_LABELS})(?i:nummer|nr|kennung|-?id)?(?:[\s.:#°º-]{{0,3}}(?i:no|nr|num|number|nummer|numéro|número|n|id|"
    r"card|karte|is|ist|est|es|é|lautet|die|le|der)(?!\w)){0,3}[\s.:#°º]{1,3}(?P<value>[A-Z0-9][\w/-]{2,23})"
)
_CODE: Final = re.compile(r"(?<![\w.,/\\-])[A-Z]{0,4}[-/]?\d[\dA-Z]*(?:[-/]\d[\dA-Z]*){0,4}(?![\w%])")
#: Names of updates, gaps and norms, and sizes.
_PUBLIC: Final = re.compile(r"(?:KB|CVE|RFC|ISO|DIN|EN|IEC|ERR|MS|CR|ORA)[-/]?\d")
_SIZE: Final = re.compile(r" ?(?:bytes?|[kKMG]i?B|rows?|lines?|records?|Zeilen|lignes|filas|linhas|rijen|ms|Hz)(?!\w)")
_LABEL_DIGITS: Final = 4
_MIXED_DIGITS: Final = 6
_BARE_DIGITS: Final = 7


def find_codes(text: str) -> Iterator[tuple[int, int, bool]]:
    """Start, end and whether a word before says that it is somebody's, of numbers and codes that belong to a person."""
    for match in _LABELLED.finditer(text):
        if _digits(match["value"]) >= _LABEL_DIGITS:
            yield (*match.span("value"), True)
    for match in _CODE.finditer(text):
        code = match[0]
        least = _BARE_DIGITS if code.isdecimal() else _MIXED_DIGITS
        if _digits(code) < least or _PUBLIC.match(code) or _SIZE.match(text, match.end()):
            continue
        if not (code.isdecimal() and _is_limit(int(code))):
            yield (*match.span(), False)


def _digits(text: str) -> int:
    return sum(map(str.isdecimal, text))


def _is_limit(number: int) -> bool:
    """Whether it is a limit of computers: a power of two or one less, or a round number."""
    return number & (number - 1) == 0 or number & (number + 1) == 0 or str(number).rstrip("0") in {"1", "2", "5"}
