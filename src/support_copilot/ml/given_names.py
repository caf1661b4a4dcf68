"""By which word of a name somebody is greeted, if it is one of a person at all."""

import re
from typing import Final

from support_copilot.ml.personal_data.features import look_at

#: Legal forms, departments and places of work, in seven languages, in lower case; ``look_at`` knows more.
_ORGANISATION_WORDS: Final = """
gmbh ag kg ohg ug ev eg se ltd limited llc llp plc inc corp corporation company co sa sas sarl srl spa bv nv vof ab as
aps oy lda ltda eirl snc scp group holding foundation trust association society council ministry university college
school clinic hospital pharmacy bakery restaurant office department dept division unit desk reception accounting
accounts payable purchasing procurement sales marketing finance logistics warehouse workshop laboratory maintenance
facilities helpdesk support service services team staff administration admin info abteilung buchhaltung einkauf
vertrieb verwaltung empfang sekretariat personalabteilung lager werkstatt labor praxis klinik krankenhaus apotheke
bäckerei schule hochschule universität amt gemeinde stadt verein stiftung kanzlei büro zentrale station haustechnik
technik kundendienst kundenservice service comptabilité achats ventes direction accueil secrétariat atelier
laboratoire cabinet clinique hôpital pharmacie boulangerie école université mairie association société établissements
entreprise bureau équipe departamento contabilidad compras ventas recepción administración secretaría almacén taller
laboratorio clínica hospital farmacia panadería escuela universidad ayuntamiento asociación sociedad empresa oficina
equipo contabilidade vendas receção recepção administração secretaria armazém oficina laboratório farmácia padaria
escola universidade câmara associação sociedade escritório equipa equipe afdeling boekhouding inkoop verkoop receptie
secretariaat magazijn werkplaats kliniek ziekenhuis apotheek bakkerij school universiteit gemeente vereniging
stichting kantoor bedrijf reparto contabilità acquisti vendite ricezione segreteria magazzino officina laboratorio
clinica ospedale farmacia panificio scuola università comune associazione società azienda ufficio squadra
"""
_ORGANISATIONS: Final = frozenset(_ORGANISATION_WORDS.split())
_COMPOUNDS: Final = (
    "abteilung", "verwaltung", "dienst", "klinik", "krankenhaus", "apotheke", "schule", "werk", "werke", "betriebe",
    "zentrum", "stelle", "handel", "technik", "verlag", "verein", "afdeling", "bedrijf", "dienst", "winkel",
)  # fmt: skip
_ARTICLES: Final = frozenset({"the", "der", "die", "das", "les", "het"})
_TITLES: Final = frozenset(
    {
        "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "madam", "herr", "herrn", "frau", "hr", "fr",
        "dipl-ing", "ing", "m", "mme", "mlle", "monsieur", "madame", "sr", "sra", "srta", "señor", "señora", "don",
        "doña", "senhor", "senhora", "dhr", "mevr", "mevrouw", "meneer", "sig", "sig.ra", "signor", "signora", "dott",
        "dra",
    }
)  # fmt: skip
#: "Station 7" is a place, "kim7" is what somebody calls themselves.
_NO_NAME: Final = re.compile(r"(?<!\w)\d|[@&/+_|:]")
_ACRONYM: Final = re.compile(r"[A-ZÄÖÜ]{2,5}")
_COMPOUND_CHARS: Final = 4
_SHORT_FORM: Final = 3


def given_name(name: str | None) -> str | None:
    """The word to greet with: ``Ana`` of "Ana Example" and of "Example, Ana"; None for companies, departments, initials
    and for whom only the family name is known ("Dr. Weber").
    """
    if not name or not name.strip() or _NO_NAME.search(name):
        return None
    last, comma, given = name.partition(",")
    words = (given if comma and given.strip() else last).split()
    called = [word for word in words if not _is_title(word)]
    if _is_organisation([*called, *(last.split() if comma else ())]):
        return None
    first = next((place for place, word in enumerate(called) if len(word.rstrip(".")) > 1), None)
    # What follows an initial or a title alone is the family name.
    alone = first is None or (not comma and first == len(called) - 1 and len(words) > 1)
    return None if first is None or alone else called[first]


def names_person(name: str) -> bool:
    """Whether it may be the name of a person: no company, no department, no address."""
    words = [word for word in name.replace(",", " ").split() if not _is_title(word)]
    return bool(words) and not _NO_NAME.search(name) and not _is_organisation(words)


def _is_title(word: str) -> bool:
    return word.casefold().rstrip(".") in _TITLES


def _is_organisation(words: list[str]) -> bool:
    """Whether it is no person's name; the word that the person would be greeted by is the first."""
    if any(_names_one(word, at_end=place == len(words) - 1 > 0) for place, word in enumerate(words)):
        return True
    if not all(map(str.isupper, words)) and any(_ACRONYM.fullmatch(word) and not _is_listed(word) for word in words):
        return True
    ordinary = [look_at(word).lists == "o" for word in words]
    if words and words[0].casefold() in _ARTICLES:
        return True
    # Behind a given name one word of any sentence may be a family name.
    return ordinary[:1] == [True] or sum(ordinary) > 1


def _names_one(word: str, *, at_end: bool) -> bool:
    folded = word.casefold().strip(".'’")
    if len(folded) <= _SHORT_FORM:
        # "Se", "Sa" and "Co" are names too; a legal form stands at the end.
        return at_end and folded in _ORGANISATIONS
    compound = any(folded.endswith(end) and len(folded) >= len(end) + _COMPOUND_CHARS for end in _COMPOUNDS)
    return folded in _ORGANISATIONS or (compound and not _is_listed(word))


def _is_listed(word: str) -> bool:
    """Whether a word is on a list of given or family names."""
    return any(mark in look_at(word).lists for mark in "gf")
