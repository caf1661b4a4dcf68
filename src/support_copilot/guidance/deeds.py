"""Sentences that say of the company that something has been done, which nobody may have done for this customer."""

import re
from typing import Final

_BOUND: Final = r"[^.;:!?]"
#: "If we have looked it up": nothing is claimed yet.
_NOT_YET: Final = re.compile(
    r"\b(?:if|once|when|until|till|after|before|whether|unless|as soon as|sobald|wenn|falls|nachdem|bevor|ob|bis|"
    r"sofern|"
    r"si|dès que|lorsque|quand|une fois que|après que|avant que|cuando|en cuanto|una vez que|hasta que|"
    r"antes de que|se|"
    r"quando|assim que|logo que|depois de|zodra|als|wanneer|nadat|voordat|totdat|non appena|finché|"
    r"dopo che)\b[^,;]*$",
    re.IGNORECASE,
)
_DENIED: Final = re.compile(
    r"\b(?:not|never|n['’]t|nichts?|kein\w*|nie|pas|jamais|no|nunca|não|niet|geen|nooit|non)\b", re.IGNORECASE
)
_TEAM: Final = r"our (?:\w+ ){0,2}(?:team|engineers?|colleagues?|technicians?|specialists?|developers?)|my colleagues?"
_DONE: Final = (
    r"(?:\w{2,}ed|sent|made|done|found|taken|given|written|put|set|reset|begun|brought|built|chosen|paid|repaid|"
    r"spoken|told|"
    r"shut|undone|drawn)"
)
_KNOWN: Final = r"(?:received|noticed|limited|based|experienced|decided|listed|needed|used)\b"
_ENGLISH: Final = (
    (
        rf"\b(?:we|i|{_TEAM})(?:['’]ve| have| has)(?: been)?(?: already| just| now| also| since| therefore|"
        rf" immediately)* "
        rf"(?!{_KNOWN}){_DONE}\b(?: (?:for|in|to|on|up|off|out|back))?"
    ),
    (
        r"\b(?:we|i)(?: already| just| now| also)? (?:opened|asked|requested|sent|passed|forwarded|refunded|"
        r"credited|cancell?ed|"
        r"reset|unlocked|restored|changed|updated|corrected|ordered|shipped|called|contacted|escalated|informed|"
        r"notified|created|"
        r"raised|filed|reported|started|initiated|arranged|booked|removed|deleted|added|extended|activated|"
        r"deactivated|replaced|"
        r"issued|transferred|blocked|fixed|checked|reviewed|moved|increased|enabled|disabled|reopened|closed)\b"
    ),
    rf"\b(?:has|have)(?: now| already| just)* been (?!{_KNOWN}){_DONE}\b(?: in)?",
    r"\bis (?:already |now )?on (?:its|the) way\b",
)
#: German and Dutch: the word for the deed closes its clause. Nouns begin with a capital letter in German.
_CLOSES: Final = r"(?=\s*(?:[.,;:!?)]|$)|\s+(?:und|oder|en|of|bei|bij|voor|an|aan)\b)"
_GERMAN: Final = (
    (
        rf"\b(?:(?:[Ww]ir|[Ii]ch|[Uu]nser\w* \w+) (?:haben|habe|hat)|(?:haben|habe|[Hh]abe) (?:wir|"
        rf"ich))\b{_BOUND}{{0,120}}?"
        r" (?!erhalten|bekommen|gesehen|verstanden|gelesen|gehört|bemerkt|bedauert|vernommen|entschieden)"
        rf"(?:\w{{0,9}}ge\w{{2,}}(?:t|en)|\w{{2,}}iert|(?:ver|be|er|ent|über)\w+(?:t|en|ssen))\b{_CLOSES}"
    ),
    (
        rf"\b(?:ist|sind|wurde|wurden)\b{_BOUND}{{0,80}}?\b(?:veranlasst|beauftragt|gestellt|angefordert|"
        rf"beantragt|eingeleitet|"
        r"gerufen|informiert|verständigt|weitergeleitet|weitergegeben|gesperrt|entsperrt|erstattet|gutgeschrieben|"
        r"überwiesen|"
        r"storniert|freigeschaltet|freigegeben|zurückgesetzt|wiederhergestellt|behoben|korrigiert|geändert|"
        r"verschickt|versandt|"
        r"versendet|unterwegs|bestellt|ausgelöst|angelegt|erstellt|eröffnet|hinterlegt|vermerkt|aktualisiert|"
        r"verlängert|aktiviert|"
        r"deaktiviert|gelöscht|eskaliert)\b(?! werden)"
    ),
)
_FRENCH: Final = (
    (
        r"\b(?:nous(?: (?:vous|le|la|les|en|y|lui|leur))* (?:l['’])?avons|j['’](?:en )?ai|je (?:vous |les? |la |"
        r"lui |l['’])+ai|on a|"
        rf"(?:notre|nos) {_BOUND}{{1,40}}? (?:a|ont))(?: (?:déjà|bien|aussi|donc|immédiatement|aussitôt))* "
        r"(?!reçu|vu|lu|compris|eu\b|plus|aussi|ainsi|constaté|appris)(?:été )?\w+(?:é|ée|és|ées|i|is|it|u|us|ert|"
        r"erte|ait)\b"
    ),
    (
        r"\b(?:est|sont|a été|ont été)(?: (?:déjà|bien|maintenant))* (?:demandé|ouvert|transmis|envoyé|expédié|"
        r"remboursé|crédité|"
        r"annulé|bloqué|débloqué|réinitialisé|rétabli|corrigé|modifié|informé|prévenu|alerté|signalé|lancé|engagé|"
        r"commandé|créé|"
        r"effectué|activé|désactivé|supprimé|prolongé|remplacé|résolu|saisi|mis(?:e|es)? à jour)\w{0,2}\b"
    ),
)
_SPANISH: Final = (
    r"\b(?:hemos|he)(?: ya)? (?!recibido|visto|leído|entendido|comprendido|tenido|podido)\w+(?:ado|ido|to|cho)\b",
    rf"\b(?:nuestro|nuestros|el) (?:equipo|técnicos?){_BOUND}{{0,25}}? (?:ha|han) \w+(?:ado|ido|to|cho)\b",
    r"\b(?:ha|han) sido \w+(?:ad|id|rt|ch)[oa]s?\b",
    (
        r"\b(?:está|están|queda|quedan)(?: ya)? (?:solicitad|pedid|enviad|abiert|bloquead|reembolsad|cancelad|"
        r"corregid|tramitad|"
        r"iniciad|avisad|informad)\w+"
    ),
    r"\b(?:solicité|pedí|envié|abrí|trasladé|reembolsé|bloqueé|corregí|cancelé|avisé)\b",
)
_PORTUGUESE: Final = (
    r"\b\w{3,}ámos\b|\bjá \w{2,}[aei]mos\b",
    (
        r"\b(?:abrimos|solicitamos|encaminhamos|reembolsamos|bloqueamos|cancelamos|corrigimos|pedimos) "
        r"(?:um|uma|o|a|os|as)\b"
    ),
    (
        r"\b(?:pedi|solicitei|enviei|abri|bloqueei|encaminhei|passei|reembolsei|corrigi|cancelei|atualizei|alterei|"
        r"informei)\b"
    ),
    (
        r"\b(?:foi|foram|está|estão)(?: já)? (?:pedid|solicitad|enviad|abert|bloquead|reembolsad|cancelad|"
        r"corrigid|encaminhad|"
        r"informad|avisad|alterad|atualizad|repost|resolvid|chamad|iniciad)\w+"
    ),
)
_DUTCH: Final = (
    (
        rf"\b(?:(?:we|wij|ik|ons \w+|onze \w+) (?:heb|hebben|heeft)|(?:heb|hebben) (?:we|wij|"
        rf"ik))\b{_BOUND}{{0,120}}? "
        r"(?!ontvangen|gezien|gelezen|begrepen|gehoord|gemerkt|bericht|besloten)"
        rf"(?:\w{{0,9}}ge\w{{2,}}(?:d|t|en)|(?:\w{{0,6}}(?:ver|be|her|ont))\w+(?:d|t|en)|aangevraagd|"
        rf"ingediend)\b{_CLOSES}"
    ),
    (
        rf"\b(?:is|zijn|werd|werden)\b{_BOUND}{{0,60}}?\b(?:aangevraagd|geopend|ingediend|verzonden|verstuurd|"
        rf"terugbetaald|"
        r"teruggestort|geblokkeerd|gedeblokkeerd|hersteld|aangepast|gecorrigeerd|doorgestuurd|doorgegeven|"
        r"ingeschakeld|"
        r"geïnformeerd|gewaarschuwd|geannuleerd|besteld|gestart|verwijderd|toegevoegd|bijgewerkt|verlengd|"
        r"vervangen|opgelost|"
        r"gemeld|geroepen)\b"
    ),
)
_ITALIAN: Final = (
    r"\b(?:abbiamo|ho)(?: già)? (?!ricevuto|visto|letto|capito|bisogno)\w+(?:ato|ito|uto|sto|tto|rto)\b",
    r"\b(?:è stat[oa]|sono stat[ie]) \w+(?:at|it|ut|st|rt)[oaie]\b",
)


def _read(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


#: By the language of the letter; German tells nouns from verbs by capitals.
_DEEDS: Final = {
    "en": _read(*_ENGLISH), "de": tuple(map(re.compile, _GERMAN)), "fr": _read(*_FRENCH), "es": _read(*_SPANISH),
    "pt": _read(*_PORTUGUESE), "nl": _read(*_DUTCH), "it": _read(*_ITALIAN),
}  # fmt: skip


def deed_in(sentence: str, language: str) -> str | None:
    """The words of a sentence that claim a deed of the company ("We have asked for"), None where none is claimed."""
    for pattern in _DEEDS.get(language, ()):
        for found in pattern.finditer(sentence):
            if not (_NOT_YET.search(sentence[: found.start()]) or _DENIED.search(found[0])):
                return found[0]
    return None
