"""Where an issue stands: settled, or in need of what the customer has not said yet."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from support_copilot.guidance.context import GuidanceContext, Material
from support_copilot.guidance.phrases import THINGS
from support_copilot.guidance.schemas import GuidanceRequest
from support_copilot.ml.content_words import content_words, share_of_words
from support_copilot.ml.mail_kind import UNANSWERED
from support_copilot.ml.sentences import split_sentences
from support_copilot.ml.severity import speaks_of
from support_copilot.ml.severity_cues import read_cues

#: What is written about, in seven languages, and what is then needed; the first ones count most.
_TOPICS: Final[Mapping[str, re.Pattern[str]]] = {
    name: re.compile(rf"\b(?:{pattern})", re.IGNORECASE)
    for name, pattern in {
        "invoice_number": (
            r"invoice(?!s)|charged|billing|bill\b|rechnung(?!en)|abgebucht|factur(?![ae]s)|prélev|cobr|fatura(?!s)|fattura|"
            r"addebit|factuur|afgeschreven"
        ),
        "order_number": (
            r"order(?:ed)?\b|deliver|parcel|package|shipp|refund|bestell|liefer|paket|erstattung|commande|"
            r"livraison|colis|rembours|pedido|entrega|paquete|reembols|encomend|ordine|consegna|pacco|rimbors|pakket|terugbetal"
        ),
        "error_message": (
            r"error|exception|fail(?:s|ed|ing)?\b|fehler|scheitert|erreur|échou|fallo|falla|erro\b|falha|errore|fallisce|"
            r"fout|mislukt"
        ),
        "version": (
            r"crash|freez|update|upgrade|install|app\b|software|plugin|abst[uü]rz|stürzt|aktualisier|plante|"
            r"mise à jour|cuelga|actualiz|atualiz|aggiorn|loopt vast|bijgewerkt"
        ),
        "account": (
            r"log ?in|log ?on|sign ?in|password|locked out|two.factor|2fa|authenticator|zugang|anmeld|einlogg|passwort|"
            r"zwei.faktor|connexion|connecter|mot de passe|"
            r"iniciar sesión|contraseña|senha|entrar na|accedere|inloggen|wachtwoord"
        ),
        "device": (
            r"slow|screen|display|browser|bluetooth|wi-?fi|langsam|bildschirm|lent\b|écran|pantalla|lento|ecrã|tela\b|"
            r"schermo|traag|scherm"
        ),
    }.items()
}
_ANY_NUMBER: Final = frozenset({"reference_number", "identifier", "ticket_number", "product_code"})
#: Which entities in the customer's words answer a need.
_ANSWERED_BY: Final[Mapping[str, frozenset[str]]] = {
    "invoice_number": _ANY_NUMBER | {"invoice_number", "order_number"},
    "order_number": _ANY_NUMBER | {"order_number", "tracking_number"},
    "error_message": frozenset({"error_code", "http_status"}),
    "version": frozenset({"version"}),
    "account": frozenset({"email", "account_number"}),
}
#: With one of these a text is no mere wish.
_TROUBLES: Final = frozenset(
    {"outage", "data_loss", "security", "privacy", "payment", "blocked", "crash", "broken", "again"}
)
#: What a diagnosis needs and a routine request does not.
_OF_FAULTS: Final = frozenset({"version", "error_message", "device", "details"})
#: What helps to find what is down.
_TELLING_OF_INCIDENTS: Final = frozenset({"error_message", "details"})
_PAPERS: Final = frozenset({"order_number", "invoice_number"})
_QUOTED: Final = re.compile(r"[\"“”„«»][^\"“”„«»]{8,}[\"“”„«»]|\w(?:Exception|Error)\b")
#: Shorter descriptions leave open what happens.
_SHORT_WORDS: Final = 40
#: An outage is told in fewer: who asks somebody in trouble for more holds them up.
_SHORT_REPORT_WORDS: Final = 15
_MOST: Final = 2
#: How people begin with another matter, in seven languages.
_ADDS: Final = re.compile(
    r"\W*(?:(?:and|oh|und|et|y|e|en)\W+)?(?:also|by the way|btw|one more (?:thing|question)|another (?:thing|question)|"
    r"in addition|additionally|besides|furthermore|separately|on another note|second(?:ly)?\W|außerdem|ausserdem|"
    r"zudem|zusätzlich|ferner|des weiteren|weiterhin|noch (?:etwas|eine)|nebenbei|übrigens|auch|en outre|de plus|"
    r"par ailleurs|autre (?:chose|question)|d'autre part|aussi|además|también|asimismo|por otra parte|por cierto|"
    r"otra (?:cosa|pregunta)|além disso|também|outra (?:coisa|pergunta)|já agora|por outro lado|daarnaast|bovendien|"
    r"verder|ook|nog (?:iets|een)|overigens|tevens|inoltre|anche|un'altra cosa)\b",
    re.IGNORECASE,
)
#: Such sentences of fewer words press or ask back ("Can you help?"); with such a share of them they are taken up.
_ADDED_WORDS: Final = 3
_TAKEN_UP: Final = 0.3
_THANKS_WORDS: Final = 25
_SOLVED: Final = re.compile(
    r"\b(?:thank|thanks|thx|cheers|works (?:now|again)|solved|fixed|danke|funktioniert (?:jetzt|wieder)|gelöst|"
    r"erledigt|merci|résolu|gracias|resuelto|obrigad[oa]|resolvido|bedankt|dank|opgelost|grazie|risolto)\b",
    re.IGNORECASE,
)
_UNSOLVED: Final = re.compile(
    r"\?|\b(?:but|still|not|however|aber|noch|nicht|mais|encore|pas|pero|todavía|no|mas|ainda|não|maar|nog|niet|ma|"
    r"ancora|non|please|bitte|in advance|im voraus|d'avance|de antemano)\b|n['’]t\b",
    re.IGNORECASE,
)

#: Words that deny nothing but that an answer is wanted.
_NO_ANSWER: Final = re.compile(
    r"\b(?:no (?:need (?:to|for an?) )?(?:answer|reply|respond|response)(?: (?:needed|necessary|required))?|"
    r"no need to write back|nothing (?:else|more)(?: needed)?|keine antwort (?:nötig|erforderlich)|"
    r"pas besoin de (?:répondre|réponse)|no hace falta (?:responder|respuesta)|não é preciso responder|"
    r"antwoord(?:en)? (?:is )?niet nodig|hoeft niet te antwoorden)\b",
    re.IGNORECASE,
)


def missing_things(context: GuidanceContext) -> tuple[str, ...]:
    """What to ask the customer for, most important first, at most two; empty when enough was said."""
    if context.mail is not None:
        return ()
    return worth_asking(_missing(context), context)


def worth_asking(names: Iterable[str], context: GuidanceContext) -> tuple[str, ...]:
    """Those of the things that matter here: no number of one customer's ends an outage or grants a wish."""
    if context.incident:
        return tuple(name for name in names if name not in THINGS or name in _TELLING_OF_INCIDENTS)
    if is_wish(context):
        return tuple(name for name in names if name not in THINGS)
    if is_routine(context):
        return tuple(name for name in names if name not in _OF_FAULTS)
    return tuple(names)


def is_routine(context: GuidanceContext) -> bool:
    """Whether the customer wants something usual done ("please change our address"), and nothing is wrong."""
    cues = read_cues(context.subject, context.open_turn).keys()
    return "admin" in cues and "question" not in cues and cues.isdisjoint(_TROUBLES)


def is_wish(context: GuidanceContext) -> bool:
    """Whether the customer asks for something new, and nothing is wrong."""
    cues = read_cues(context.subject, context.open_turn).keys()
    return "feature" in cues and cues.isdisjoint(_TROUBLES)


def fit_to_tell(context: GuidanceContext) -> Sequence[Material]:
    """The fixes and passages that may answer here.

    During an incident only what is written about such incidents: an earlier one had its own cause and its own end, and
    no customer can do what ended it. To a wish nobody has a fix: what once ended another wish grants none.
    """
    if context.incident:
        return [each for each in context.passages if speaks_of(context.incident, each.source.title, each.text())]
    if is_wish(context):
        return context.passages
    return (*context.fixes, *context.passages)


def _missing(context: GuidanceContext) -> tuple[str, ...]:
    text = f"{context.subject}\n{context.open_turn}"
    places = {name: found.start() for name, topic in _TOPICS.items() if (found := topic.search(text))}
    # What is named first is what it is about; orders and invoices named later often just suffer from it.
    topics = sorted(places, key=lambda name: places[name])
    topics = [name for name in topics if name == topics[0] or name not in _PAPERS][:_MOST]
    if topics[:1] == ["account"]:
        # Who cannot get in uses no version.
        topics = [name for name in topics if name != "version"]
    needed = [name for name in topics if not is_known(name, context)]
    short = _SHORT_REPORT_WORDS if context.incident else _SHORT_WORDS
    if not topics and "?" not in text and len(text.split()) < short:
        needed = ["details"]
    return tuple(needed)


def is_known(name: str, context: GuidanceContext) -> bool:
    """Whether the customer, or the customer's record, told this already."""
    if name in context.known() or context.known() & _ANSWERED_BY.get(name, frozenset()):
        return True
    if name == "account":
        return "email" in context.values.get("customer", {})
    return name == "error_message" and bool(_QUOTED.search(context.said()))


def is_settled(context: GuidanceContext) -> bool:
    """Whether there is nothing to answer: the customer praises, or says after an answer that it works."""
    text = _NO_ANSWER.sub(" ", context.open_turn)
    if is_wish(context):
        return False
    if context.sentiment == "positive" and not _UNSOLVED.search(text) and missing_things(context) in ((), ("details",)):
        return True
    answered = any(turn.author == "agent" for turn in context.turns)
    short = 0 < len(text.split()) <= _THANKS_WORDS
    return answered and short and bool(_SOLVED.search(text)) and not _UNSOLVED.search(text)


def things_added(context: GuidanceContext, answer: str) -> list[int]:
    """The numbers, from 1, of sentences in which the customer adds another matter that an answer does not take up."""
    sentences = split_sentences(context.open_turn, context.language)
    questions = [sentence.rstrip().endswith(("?", "？", "؟")) for sentence in sentences]
    added: list[int] = []
    for number, sentence in enumerate(sentences, start=1):
        # A single question mostly asks about what was told before it; a second one may not.
        asked = questions[number - 1] and any(questions[: number - 1])
        if not (asked or _ADDS.match(sentence)) or len(content_words(sentence)) < _ADDED_WORDS:
            continue
        rest = "\n".join((context.subject, *sentences[: number - 1], *sentences[number:]))
        if max(share_of_words(sentence, answer), share_of_words(sentence, rest)) < _TAKEN_UP:
            added.append(number)
    return added


def is_set_aside(context: GuidanceContext, request: GuidanceRequest) -> bool:
    """Whether it is no request for help, so that only receipt is confirmed, or nothing said at all.

    An agent who names a template, or says what to write to whom nobody would answer, knows better.
    """
    if context.mail is None or request.template_id:
        return False
    return not (request.instruction and context.mail.name in UNANSWERED)
