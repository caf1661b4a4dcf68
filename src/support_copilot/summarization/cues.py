"""Phrases by which a sentence of a support conversation shows what it does, in seven languages."""

import re
from typing import Final

from support_copilot.ml.content_words import words_of
from support_copilot.ml.function_words import FUNCTION_WORDS

_I: Final = re.IGNORECASE

#: Greetings, thanks and endings: they say nothing about the issue.
COURTESY: Final = re.compile(
    r"^(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|hallo|guten (?:tag|morgen|abend)|liebe[rs]?|sehr geehrte|"
    r"moin|servus|bonjour|bonsoir|salut|cher|chère|madame|monsieur|hola|buen[oa]s|estimad[oa]s?|querid[oa]|olá|oi|bom dia|"
    r"boa (?:tarde|noite)|car[oa]|prezad[oa]s?|beste|goede(?:morgen|middag|navond|ndag)|thanks?|thank you|many thanks|thx|"
    r"danke|vielen dank|besten dank|merci|gracias|muchas gracias|obrigad[oa]|muito obrigad[oa]|bedankt|dank je|dank u|"
    r"cheers|(?:kind|best|warm)? ?regards|best wishes|sincerely|mit freundlichen grüßen|viele grüße|beste grüße|lg|mfg|"
    r"cordialement|bien à vous|saludos|un saludo|atentamente|atenciosamente|abraços|met vriendelijke groet|groetjes?|"
    r"you'?re welcome|no problem|my pleasure|gern(?: geschehen)?|de rien|de nada|graag gedaan|please help|help!?)\b",
    _I,
)
#: Something done, or to be done, about the problem.
STEP: Final = re.compile(
    r"\b(?:tried|restarted|rebooted|reset|reinstalled|uninstalled|cleared|updated|upgraded|checked|changed|"
    r"removed|deleted|disabled|enabled|unplugged|replaced|switched|swapped|cleaned|tightened|wiped|split|reseated|re-?paired|logged (?:out|in)|signed (?:out|in)|reconnected|resent|"
    r"cancelled|rolled back|have you (?:tried|checked)|(?:please|could you|can you|you can|you could) (?:then |also )?(?:try|turn|switch|unplug|set|press|choose|select|install|upgrade|replace|disconnect|reconnect|"
    r"restart|reset|reinstall|clear|update|check|change|remove|delete|disable|enable|log|sign|open|go|click|use|send)|"
    r"versucht|ausprobiert|neu gestartet|neugestartet|zurückgesetzt|neu installiert|gelöscht|geleert|geprüft|überprüft|"
    r"aktualisiert|geändert|gereinigt|geputzt|getauscht|ausgetauscht|gewechselt|ersetzt|eingeschaltet|ausgesteckt|abgesteckt|deaktiviert|aktiviert|neustart|neuinstallation|bitte (?:versuchen|starten|prüfen|löschen|öffnen|gehen|klicken|leeren|aktualisieren|installieren|schalten|deaktivieren|aktivieren|wählen|setzen|stellen|tippen|ändern|entfernen|trennen|verbinden|melden sie sich (?:in|ab|neu|erneut))|"
    r"provato|riavviato|reinstallato|cancellato|controllato|verificato|aggiornato|disattivato|riattivato|(?:provi|riavvii|controlli|verifichi|apra|prema|selezioni) |"
    r"essayé|réessayé|nettoyé|changé|remplacé|graissé|débranché|rebranché|relancé|redémarré|réinitialisé|réinstallé|vidé|vérifié|supprimé|désactivé|activé|veuillez|pourriez-vous|"
    r"intentado|limpiado|limpi(?:é|amos)|cambi(?:é|amos)|reemplazado|reemplaz(?:amos)|apagu?(?:é|amos)|reinici(?:é|amos)|prob(?:é|amos)|desenchuf(?:é|amos)|probado|reiniciado|restablecido|reinstalado|borrado|comprobado|cambiado|desactivado|intente|pruebe|"
    r"reinicie|compruebe|limp[aá]mos|tro(?:quei|c[aá]mos)|mud(?:ei|[aá]mos)|deslig(?:uei|[aá]mos)|resetei|reset[aá]mos|reinici[aá]mos|tentei|tentamos|reiniciei|reinstalei|apaguei|verifiquei|limpei|tente|verifique|"
    r"geprobeerd|opnieuw (?:opgestart|geïnstalleerd)|gereset|gewist|vervangen|schoongemaakt|afgesteld|herstart|uitgezet|losgekoppeld|gewisseld|verwisseld|gecontroleerd|bijgewerkt|probeer|controleer)\b",
    _I,
)
#: In a note: a colleague is asked for something, which nobody has done by that.
REQUEST: Final = re.compile(
    r"(?:^|[,:;.–-] *|@[^\W\d_]\w*(?: [^\W\d_]\w*)? +)(?:please|pls|(?:can|could|would|will) (?:you|someone|somebody|anyone|anybody)|"
    r"bitte|(?:kannst|könntest|magst) du|(?:könnt|könntet) ihr|(?:kann|könnte|mag) (?:bitte )?(?:jemand|wer)|"
    r"s['’]il (?:te|vous) pla[iî]t|(?:peux|pourrais)-tu|(?:pouvez|pourriez)-vous|"
    r"por favor|puedes|podrías|podéis|podes|poderias|"
    r"graag|alsjeblieft|(?:kun|kan|zou) (?:je|jij|iemand)|kunnen jullie|per favore|puoi|potresti)\b|"
    r"\b(?:please|pls|bitte|svp|stp|por favor|alsjeblieft|graag|per favore)\W*$|"
    r"^\W*@[^\W\d_]\w*(?: [^\W\d_]\w*)?\s*[,:]",
    _I,
)
#: An agent's word on what comes next.
PROMISE: Final = re.compile(
    r"\b(?:(?:i|we)(?:'ll| will| am going to| are going to|'re going to|'m going to)|get back to you|keep you (?:posted|"
    r"updated|informed)|let you know|will be (?:refunded|sent|shipped|replaced|fixed|credited)|"
    r"(?:ich werde|wir werden|melde mich|melden uns|halte sie|halten sie|geben ihnen bescheid|gebe ihnen bescheid)|"
    r"(?:je vais|nous allons|je vous (?:tiens|recontacte)|nous vous (?:tiendrons|recontacterons))|"
    r"(?:voy a|vamos a|le (?:avisaré|informaré|avisaremos|informaremos)|nos pondremos en contacto)|"
    r"(?:vou|iremos|entraremos em contato|entrarei em contato|avisaremos)|"
    r"(?:le faremo sapere|la terremo|la ricontatt\w+|provvederemo|invieremo|la informer\w+)|(?:ik (?:zal|ga)|we (?:zullen|gaan)|wij (?:zullen|gaan)|laten? (?:het )?u weten|nemen contact))\b",
    _I,
)
#: A customer says that it works.
CONFIRMATION: Final = re.compile(
    r"\b(?:(?:that|this|it) (?:has |just )?(?:fixed|worked|did (?:it|the trick)|solved|helped)|(?:it |everything |all )?"
    r"work(?:s|ing) (?:now|again|fine|perfectly)|(?:it'?s|is|now|all|been) (?:fixed|solved|resolved|sorted|good now)|"
    r"problem (?:solved|gone)|funktioniert (?:jetzt|wieder|nun|alles)|geht (?:jetzt|wieder)|hat (?:geklappt|geholfen|funktioniert)|"
    r"gelöst|erledigt|(?:ça|cela) (?:marche|fonctionne|a marché)|c'est (?:réglé|résolu|bon)|résolu|ya (?:funciona|está)|"
    r"(?:se )?(?:solucionó|resolvió)|solucionado|resuelto|agora (?:funciona|está)|funcionou|deu certo|resolvido|"
    r"ora funziona|adesso funziona|funziona di nuovo|ha funzionato|risolto|werkt (?:nu|weer)|het (?:werkt|is gelukt)|opgelost)\b",
    _I,
)
#: What was tried did not help.
FAILURE: Final = re.compile(
    r"\b(?:still (?:not|doesn'?t|does not|isn'?t|is not|no|the same|broken|failing|having|getting)|did(?:n'?t| not) (?:help|work|fix)|"
    r"does(?:n'?t| not) (?:help|work)|no luck|to no avail|same (?:error|problem|issue)|not (?:fixed|working|resolved)|"
    r"immer noch|nach wie vor|hilft nicht|(?:hat|haben) nichts? (?:geholfen|gebracht)|ohne erfolg|sans succès|sin éxito|sem sucesso|senza successo|zonder succes|"
    r"ancora non|non (?:funziona|va) (?:ancora|più)|non (?:è )?risolto|(?:geht|läuft) (?:immer noch )?nicht|funktioniert (?:immer noch )?nicht|"
    r"toujours (?:pas|le même)|ne (?:marche|fonctionne) (?:toujours )?pas|sigue (?:sin|igual)|no funciona|todavía no|"
    r"ainda não|não (?:funciona|funcionou)|continua|nog steeds|werkt (?:nog (?:steeds )?)?niet|helpt niet)\b",
    _I,
)
#: What a customer says of the time before the problem confirms nothing.
PAST: Final = re.compile(
    r"\b(?:before|until|used to|previously|last time|früher|vorher|bisher|avant|antes|voorheen|prima)\b", _I
)
#: An agent's regret, or a plea for another channel: no answer to the problem.
EMPTY: Final = re.compile(
    r"^(?:(?:really|very|so|terribly|extremely|we'?re|we are|i'?m|i am|es tut|nous sommes|lo|lamento|lamentamos|onze|our|my) )*"
    r"(?:sorry|apolog\w+|leid|désolé\w*|sentimos|lamentamos|excuses?|glad|happy to help)\b(?!.*\b(?:but|however|aber|mais|pero|maar)\b)|"
    r"\b(?:keep us posted|let us know|let me know|reach out to us|move to (?:dm|pm)|(?:please|could you|can you) (?:please )?(?:dm|pm|"
    r"message|share|provide|send us)|via dm|in dm|direct message|follow us|thanks? for (?:your|the|reaching|contacting|letting)|"
    r"bitte (?:per|via) (?:pn|dm)|en mp|por dm)\b",
    _I,
)
#: How an agent takes leave: nothing about the matter, however long.
CLOSING: Final = re.compile(
    r"\b(?:anything else|any(?:thing)? (?:other|further|more) (?:questions?|help|assistance|issues?|concerns?)|feel free to|"
    r"in the future,? (?:then )?(?:please |feel )|(?:need|require) (?:any |some |more |further |additional )*(?:help|assistance)\b|"
    r"(?:always|we'?re|we are|i'?m|i am) (?:always )?here (?:to help|for you|if)|"
    r"(?:have|enjoy) (?:a|an|the rest of your) (?:\w+ )?(?:day|one|evening|weekend|night|time)|that'?s (?:good|great) (?:news|to hear)|"
    r"contact (?:me|us) again|get back in touch|we appreciate your|weitere fragen|noch fragen|jederzeit (?:gerne )?melden|"
    r"schönen tag|schönes wochenende|d'autres questions|n'hésitez pas|bonne (?:journée|soirée)|cualquier otra (?:duda|consulta)|"
    r"no dude en|buen día|qualquer outra dúvida|fico à disposição|bom dia|andere vragen|fijne dag|altre domande|buona giornata)\b",
    _I,
)
#: Handles at the beginning, initials and counts ("^MG", "- Dani", "1/2") at the end.
HANDLES: Final = re.compile(r"^(?:[.\s]*@\w+[\s,:;]*)+")
SIGNED: Final = re.compile(
    r"(?:\s*(?:\^\s?\w{1,12}|/[A-Z]{2}|\(?\b\d/\d\)?|(?:thanks|cheers|ty)?\s?[-–~]\s?[A-Z][a-z]{1,11}|&gt;&gt;|>>))+\s*$",
    re.ASCII,
)
#: Openings that may be cut from a sentence without changing what it says.
OPENING: Final = re.compile(
    r"^(?:(?:hi|hiya|hello|hey|dear|hallo|guten tag|bonjour|hola|olá|buongiorno|sehr geehrte[rs]?)(?:(?: (?:herr|frau|mr|mrs|ms|dr|monsieur|madame|señora?|senhora?|signora?|dhr|mevr)\b\.?)?(?: (?:there|team|all|again|zusammen|(?-i:[A-ZÀ-Þ]\w+)))?[,!.:-]+ *|(?: @\w+)+[\s,!.:-]*)|"
    r"(?:well|so|also|ok(?:ay)?|anyway|actually|and|unfortunately|thanks?|thank you|danke|merci|gracias|obrigado|also|nun),? )+",
    _I,
)
#: How mail programs mark an answer or something passed on, in front of a subject.
REPLY_PREFIX: Final = re.compile(
    r"^(?:(?:re|aw|fwd?|wg|tr|rv|sv|vs|antw|res|enc)\s*(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE
)
#: Words that call for somebody and leave open what for.
_CALL_WORDS: Final = """
help assist assistance support question questions quick problem problems issue issues trouble request enquiry inquiry
query urgent urgently important asap sos emergency attention need hey hiya greetings folks
guys team everyone everybody anyone anybody someone somebody sir madam dear friend
hope fine doing
hilfe frage fragen problem probleme anfrage anliegen dringend wichtig eilig kurze kurz brauche helfen zusammen leute
jemand servus moin team beschwerde
aide aider question questions problème problèmes demande urgent urgence besoin salut réclamation quelqu'un
ayuda ayudar pregunta preguntas consulta duda problema problemas urgente necesito alguien queja saludos
ajuda ajudar dúvida pergunta pedido preciso alguém oi
hulp vraag vragen probleem dringend verzoek iemand hoi
aiuto domanda richiesta problema bisogno qualcuno ciao salve
"""
_CALLS: Final = frozenset(_CALL_WORDS.split())


def is_call(text: str) -> bool:
    """Whether a text only calls for somebody ("Help!", "Quick question for you") and does not say what for."""
    return all(word in _CALLS or word in FUNCTION_WORDS for word in words_of(text))


PERSONAL_FIX_KINDS: Final = frozenset(
    {"refund", "goodwill", "credit", "duplicate", "spam", "no_reply", "customer_error"}
)
