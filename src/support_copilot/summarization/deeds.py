"""Phrases by which somebody tells what they did, will do at a time, tried themselves, or that all is well now."""

import re
from typing import Final

_I: Final = re.IGNORECASE

#: Something that the support team did: what solved an issue is told so.
DEED: Final = re.compile(
    r"\b(?:i|we|our (?:\w+ )?\w+)(?:'ve| have| had)?(?: just| now| also| already| since| then| therefore)*"
    r" (?!(?:look|check|tri|ask|notic|receiv|need|want|apologi[sz]|understand|investigat|escalat|forward|pass|confirm|mention|"
    r"suggest|recommend|hop|expect|miss)\w*\b)(?:(?:re-?)?\w{2,}ed|(?:re)?set|put|(?:re)?sent|(?:re)?built|gave|made|took|"
    r"cut|split|(?:re)?wrote|found and)\b|"
    r"\b(?:has|have) (?:now |just )?been (?!(?:notifi|inform|forward|escalat|receiv)\w*)\w{3,}(?:ed|set|sent|built)\b|"
    r"\b(?:ich habe|habe ich|wir haben|haben wir|wurden?)\b[^.!?]*\b(?!gesehen|geprüft|nachgesehen|gebeten|gefragt|erhalten|"
    r"verstanden|bemerkt|geschaut|nachgeschaut|gefunden|gehört|weitergeleitet|festgestellt)(?:\w*ge\w{2,}(?:t|en)|\w+iert|"
    r"(?:er|ver|ent|be|zer|über|wieder|her)\w{2,}(?:t|en))\b|"
    r"\b(?:j['’]ai|nous avons|on a|je l['’]ai|nous l['’]avons|nous les avons|je les ai)(?: \w+){0,2}? "
    r"(?!vérifié|regardé|reçu|vu|constaté|demandé|transmis|compris|noté)\w+(?:é|i|is|it|u|ert)e?s?\b|"
    r"\b(?:he|hemos) (?!visto|recibido|comprobado|pedido|notado|revisado|entendido)\w+(?:ado|ido|sto|cho|rto)\b|"
    r"(?:^|[,;:.] |\b(?:y|lo|la|los|las|le|ya|e|o|a|os|as|já) )(?!(?:est|esper|lament|sent|agradec|ser|quer|pod|tem|vam|sab|necesit|"
    r"precis|revis|recib|receb)\w*)[^\W\d_]{3,}(?:é|amos|imos|ei|ámos|emos|ímos)\b|\be (?:reduzi|abri|corrigi|defini)\b|"
    r"\b(?:ik heb|heb ik|we hebben|wij hebben|hebben we|is|zijn)\b[^.!?]*\b(?!gezien|gevraagd|gekeken|ontvangen|begrepen|"
    r"gevonden|gemerkt|doorgestuurd)(?:\w*ge\w{2,}(?:d|t|en)|(?:ver|her|be|ont)\w{2,}(?:d|t|en))\b|"
    r"\b(?:ho|abbiamo) (?!visto|ricevuto|controllato|chiesto)\w+(?:ato|ito|uto|so|sto|tto|rto)\b",
    _I,
)
_DAY: Final = re.compile(
    r"\b(?:today|tonight|tomorrow|this (?:morning|afternoon|evening|week)|next week|in the (?:morning|evening)|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|heute|morgen|übermorgen|nächste woche|(?:mon|diens|donners|frei|sams|sonn)tag|"
    r"mittwoch|aujourd['’]hui|demain|ce soir|cet après-midi|la semaine prochaine|lundi|mardi|mercredi|jeudi|vendredi|samedi|"
    r"dimanche|hoy|mañana|esta (?:tarde|noche|semana)|la próxima semana|lunes|martes|miércoles|jueves|viernes|sábado|domingo|"
    r"hoje|amanhã|segunda|terça|quarta|quinta|sexta|vandaag|overmorgen|vanavond|vanmiddag|volgende week|maandag|dinsdag|"
    r"woensdag|donderdag|vrijdag|zaterdag|zondag|oggi|domani|stasera|lunedì|martedì|mercoledì|giovedì|venerdì)\b",
    _I,
)
_COMES: Final = re.compile(
    r"\b(?:(?:i'?m|i am|we'?re|we are) (?:\w+ )?(?:send|com|call|post|ship|bring|visit|deliver|order|replac|phon|ring|swapp|courier)\w*ing|"
    r"(?:i|we) (?:send|call|ship|post|come|bring|ring|phone|write|replace|deliver|visit)|"
    r"(?:technician|engineer|colleague|courier|somebody|someone|fitter|driver|part|parcel|unit|replacement|\w+ team)(?: \w+){0,3} "
    r"(?:comes?|(?:will|'ll) (?:be|come|arrive)|is coming|arrives?|visits?|goes out|leaves?)|you (?:get|receive) (?:a|an|the|your)\b(?! error)|"
    r"(?:rufe|rufen|schicke|schicken|sende|senden|melde|melden|bringe|bringen|liefern|liefere|versende|versenden|schreibe|tausche|tauschen)|"
    r"(?:kommt|kommen|bekommen sie|erhalten sie|geht|gehen|trifft|ist)\b.*\b(?:techniker\w*|monteur\w*|kolleg\w+|vorbei|zu ihnen|"
    r"bei ihnen|raus|ein|express|sie)|(?:techniker\w*|monteur\w*|kolleg\w+)\b.*\b(?:kommt|ist|besucht)|(?:bekommen|erhalten) sie|"
    r"(?:envoie|envoyons|expédie|expédions|appelle|appelons|rappelle|rappelons|passe|passera|passent|vient|viendra|livrons|recevez|"
    r"recevrez|part|partira|écris|écrivons)|(?:envío|enviamos|mando|mandamos|llamo|llamamos|llamará|pasa|pasará|viene|vendrá|visita|"
    r"visitará|sale|saldrá|recibe|recibirá|escribo|escribimos)|va (?:un|una|el|la|nuestr[oa])|"
    r"(?:envio|enviamos|mando|mandamos|ligo|ligamos|telefono|telefonamos|passa|passará|vai|vem|virá|sai|recebe|receberá|escrevo)|"
    r"(?:stuur|sturen|verstuur|versturen|bel|bellen|komt|komen|krijgt|ontvangt|breng|brengen|schrijf|langs)|"
    r"(?:invio|mando|chiamo|richiamo|passa|viene|arriva|riceve|spedisco|spediamo))\b",
    _I,
)
#: A customer tells what they did themselves before they wrote, and nothing of when it began.
_OWN: Final = re.compile(
    r"^\W*(?:i|we|ich|wir|j['’]ai|nous (?:avons|l['’]avons)|on a|he|hemos|ya|já|ik|we|al|ho|abbiamo|[^\W\d_]+(?:amos|imos|ámos|ímos))\b|"
    r"\b(?:already|schon|bereits|déjà|ya|já|al|reeds|già)\b",
    _I,
)
_ONSET: Final = re.compile(
    r"\b(?:since|after|when|but|now|seit\w*|nachdem|als|aber|jetzt|depuis|après|quand|mais|desde|después|cuando|pero|ahora|após|"
    r"quando|mas|agora|sinds|nadat|toen|maar|nu|da quando|dopo|ma|ora)\b",
    _I,
)
_WELL: Final = re.compile(
    r"^\W*(?:it'?s |everything'?s |it has |been |all |runs? |running )*(?:stable|smoothly|rock solid) (?:since|now|again)\b|"
    r"\b(?:it'?s|it is|they'?re|they are|everything is|all is) (?:all )?(?:there|here) (?:now|again)\b|\b(?:ran|went|came) through\b|"
    r"\b(?:everything|all of it|it|they|the \w+) (?:has |have )?(?:just |finally )?arrived\b(?! (?:broken|damaged|late|empty|without|wrong|in))|"
    r"\ball (?:is )?(?:good|fine|well|ok(?:ay)?)(?: (?:now|again|since)|[,.! ]*(?:thanks?|cheers|thank you)|\W*$)|\bsorted it\b|"
    r"\b(?:sie|er|es|alles) (?:ist|sind) (?:\w+ )?(?:da|angekommen)\b|\b(?:ist|sind) (?:jetzt |nun |wieder )*(?:alles |wieder )+da\b|"
    r"\bwieder da\b|\bläuft (?:(?:jetzt|wieder|nun|alles|seit|seitdem|gestern|heute|montag|tagen) )*(?:stabil|wieder|rund|durch|einwandfrei)\b|"
    r"\balles (?:bestens|gut|in ordnung|wieder gut|läuft)\b|"
    r"\btout (?:va bien|est (?:bon|rentré dans l['’]ordre|arrivé|revenu))\b|\b(?:c['’]est|il est|elle est|ils sont|elles sont) (?:bien )?(?:arrivée?s?|là)\b|"
    r"\bje l['’]ai (?:bien )?reçue?\b|\bestable desde\b|\bya (?:ha|han|lo he|he) (?:llegado|recibido)\b|\bya (?:va|van|entran?|est[áa]n?|anda|imprime)\b|"
    r"\bahora (?:sí|funcionan?|graban?|va|van|entran?|está)\b|\b(?:está|ficou|estão) (?:já )?(?:tudo )?(?:certos?|resolvido|a funcionar|bem)\b|"
    r"\bjá (?:chegou|chegaram|aparecem?|funcionam?|está|recebi|imprime)\b|\bestável desde\b|\balles in orde\b|\bdoe[tn] het (?:weer|nu)\b|"
    r"\bdraait (?:weer|nu|stabiel)\b|\b(?:is|zijn) (?:nu )?(?:binnen|aangekomen)\b|\bklopt nu\b|\btutto (?:a posto|bene|in ordine)\b|\bè arrivat[oa]\b",
    _I,
)
_QUIET: Final = re.compile(
    r"\bno more \w+(?: \w+)? since\b|\b(?:seitdem|seit \w+) keine?\b.*\bmehr\b|\bkeine \w+ mehr seit\b|"
    r"\bplus (?:de |d['’]|aucun\w* )\w+ depuis\b|\bgeen \w+ meer sinds\b|\bsindsdien geen\b",
    _I,
)
_PRAISE: Final = re.compile(
    r"^\W*(?:that'?s |c['’]est |das ist )?(?:perfect|brilliant|excellent|awesome|great|perfekt|super|prima|klasse|parfait|génial|"
    r"nickel|perfecto|genial|estupendo|perfeito|ótimo|top|perfetto|confirmado|klopt)\b(?! storm)",
    _I,
)
_DENIED: Final = re.compile(
    r"n['’]t\b|\b(?:not|never|nicht|kein\w*|nie|pas|jamais|no|nunca|não|niet|geen|nooit|non|but|aber|mais|pero|mas|maar|ma|"
    r"still|noch|encore|toujours|todavía|aún|ainda|nog|until|bis|jusqu\w*|hasta|até|tot)\b",
    _I,
)


def promises_at_a_time(text: str) -> bool:
    """Whether it says, without a future form, that something comes or is done on a day ("I'm sending it today")."""
    return bool(_DAY.search(text) and _COMES.search(text))


def is_own_try(text: str) -> bool:
    """Whether a step is one that the customer took already; not where it tells when the trouble began."""
    return bool(_OWN.search(text)) and not _ONSET.search(text)


def is_well(text: str) -> bool:
    """Whether a customer says in other words than "it works" that all is well now."""
    return bool(_QUIET.search(text)) or (bool(_WELL.search(text)) and not _DENIED.search(text))


def is_praise(text: str) -> bool:
    """Whether a customer only praises: what for, tells what was said before."""
    return bool(_PRAISE.search(text)) and not _DENIED.search(text)
