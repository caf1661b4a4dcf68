"""Words that say nothing about the matter, and the ones that two texts share without them."""

import re
import unicodedata
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

#: English, German, French, Spanish, Portuguese, Dutch, Italian; lower case.
_LIST: Final = """
a about after again ago all also always am an and any are as at be because been before being both but by can could
day days did do does doing done each else etc even ever every few first for from get gets getting got had has have
having he her here hers him his how i if im in into is it its ive just know last let like made make many may me more
most much must my need never new next no none nor not now of off often ok on once one only or other our out over own
per please put same say says she should since so some soon still such than thank thanks that the their them then
there these they thing things this those through till time times to too two under until up us use used using very
via want wants was way we week well went were what when where which while who why will with without would yes yet
ve ll re don didn doesn isn aren wasn that's it's what's there's i've i'm
you your yours able hello hi regards ab aber als alle alles am an auch auf aus bei beim bin bis bitte da damit dann
das dass dein dem den denn der des die dies diese diesem diesen dieser dieses doch du durch ein eine einem einen
einer eines er es für gegen guten habe haben hallo hat hatte hier ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in
ins ist ja jetzt kann kein keine keinen können liebe mal man mehr mein meine meinem meinen meiner mich mir mit
morgen nach nicht noch nun nur ob oder ohne schon sehr sein seine seit sich sie sind so tag über um und uns unser
unsere unter viel viele vielen vom von vor wann war waren warum was weil wenn wer werde werden wie wieder will wir
wird wo wurde zu zum zur immer au aux avec avoir bonjour car ce cela ces cet cette comme dans de depuis des donc du
elle elles en encore est et être eu fait faire ils j je jamais l la le les leur lui ma mais me même merci mes moi
mon ne nos notre nous on ont ou où par pas pour pourquoi qu quand que qui sa sans se ses si son sont suis sur ta te
tes toi ton tout très tu un une vos votre vous y al algo aquí buenas buenos como con cual cuando del desde donde e
el ella ellos ella era es esta estas este esto está están estoy gracias ha hace hacer hay he hola la las le lo los
mas me mi mis muy nada ni nos nuestra nuestro o para pero por porque puede puedo que quiero se ser si sido sin sobre
solo son su sus también te tengo tiene todo todos un una unos usted ya yo ainda ao aos aqui as até com como da das
dela dele depois dos ela ele em era essa esse esta estão estou eu fazer foi isso já mais mas meu minha muito na nas
nem no nos não o obrigado obrigada olá os ou pela pelo pode posso quando quero que se sem ser seu sua são também tem
um uma você aan als bent bij dag dan dat de deze die dit door een en er geen goede haar had heb hebben hebt heeft
het hij hoe iets ik is je jullie kan kunt maar me meer met mij mijn naar nee niet nog of om omdat onze ook op over
te toch tot u uit uw van veel voor waar waarom wanneer was wat we wel wie wij zal ze zich zij zijn zo wordt ai alla
alle anche ancora buongiorno c che chi ci come con cosa cui da dai dal dalla dalle degli dei del della delle di dopo
dove ed era fare gli grazie ha hai hanno ho il io la lei lo loro lui ma mi mia mio nel nella noi non nostro o ogni
perché più può potete quello questa questo se sei si sono su sua sul sulla suo ti tra tu tutti un una uno vi voi
مرحبا مرحبًا أهلا السلام عليكم شكرا شكرًا هل من في على إلى عن ما لا أن إن هذا هذه ذلك التي الذي لم لن قد كل مع أو ثم
منذ عند كيف متى أين لماذا هناك يمكن يمكنكم أريد لدي نحن أنا هو هي كان كانت بعد قبل
здравствуйте привет добрый день спасибо пожалуйста и в на не что как я мы вы с по для это от у к из за но мне меня мой
merhaba teşekkürler teşekkür ederim lütfen bir ve bu için ile ama ne nasıl benim çok
dzień dobry dziękuję proszę cześć nie się jest że jak dla czy ale mam mój moje
two three four zwei drei vier deux trois quatre dos tres cuatro dois duas três quatro twee drie vier due tre quattro
question questions frage fragen anfrage pregunta preguntas pergunta perguntas vraag vragen domanda domande demande
hej tack snälla inte och att det som för med på jag kan har min mitt tak hilsen ikke og jeg
"""


def _folded(word: str) -> str:
    if word.isascii():
        return word.lower()
    return "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))


FUNCTION_WORDS: Final = frozenset(_LIST.split())
_FOLDED: Final = frozenset(map(_folded, FUNCTION_WORDS))
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W_]+(?:[.'’_-][^\W_]+)*")
_PARTS: Final = re.compile(r"[.'’_-]")
#: Two texts with a shorter number in common may mean anything by it.
_LEAST_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class Wording:
    """How a text writes its words: folded form -> as written; ``linked``: folded pieces of its web addresses."""

    written: Mapping[str, str]
    linked: frozenset[str]


def read_wording(text: str) -> Wording:
    """Read a text once, to ask for many terms of it."""
    written: dict[str, str] = {}
    addresses = " ".join(_ADDRESS.findall(text))
    for match in _WORD.finditer(_ADDRESS.sub(" ", text)):
        for form in (match[0], *_PARTS.split(match[0])):
            folded = _folded(form)
            written.setdefault(folded, form.lower() if form.istitle() else form)
            written.setdefault(folded.removesuffix("s"), form.lower() if form.istitle() else form)
    linked = {_folded(form) for match in _WORD.finditer(addresses) for form in (match[0], *_PARTS.split(match[0]))}
    return Wording(written, frozenset(linked))


def telling_words(terms: Iterable[str], wording: Wording) -> list[str]:
    """The search terms that say something, each once, as they are written; parts of compounds and of web addresses
    left out.

    Args:
        terms: lower case, without accents and plural s, as a search index keeps them.
        wording: of the text where they come from.
    """
    words = [wording.written.get(term, term) for term in terms if _tells(term, wording)]
    parts = {part for word in words if _PARTS.search(word) for part in _PARTS.split(word)}
    return list(dict.fromkeys(word for word in words if word not in parts))


def telling_terms(terms: Iterable[str], wording: Wording) -> frozenset[str]:
    """The search terms that say something, as they are; of a compound the whole, and no number that may be any.

    Args:
        terms: lower case, without accents and plural s, as a search index keeps them.
        wording: of the text where they come from.
    """
    telling = {term for term in terms if _tells(term, wording) and not (term.isdecimal() and len(term) < _LEAST_DIGITS)}
    parts = {form for term in telling if _PARTS.search(term) for part in _PARTS.split(term) for form in _forms(part)}
    return frozenset(telling - parts)


def _tells(term: str, wording: Wording) -> bool:
    said = term in wording.written or term not in wording.linked
    return said and term not in _FOLDED and len(term) > 1


def _forms(part: str) -> tuple[str, str]:
    return part, part.removesuffix("s")


def terms_within(text: str) -> frozenset[str]:
    """The words of a short text as search terms, a compound as a whole."""
    return frozenset(_folded(match[0]) for match in _WORD.finditer(text))


def is_held(term: str, held: Container[str]) -> bool:
    """Whether a text holds a search term, also where it writes the parts of a compound as words of their own."""
    return term in held or all(
        any(form in held or form in _FOLDED for form in _forms(part)) for part in _PARTS.split(term)
    )
