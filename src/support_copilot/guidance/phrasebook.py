"""The polite frame of a reply in the seven languages of the offline engine (data)."""

from collections.abc import Mapping
from functools import cache
from typing import Final

from support_copilot.guidance.phrases import ByTone, Phrases
from support_copilot.ml.content_words import words_of

FALLBACK_LANGUAGE: Final = "en"

_ENGLISH: Final = Phrases(
    greeting=ByTone("Dear {name},", "Hi {name},", "Hello {name},"),
    greeting_unnamed=ByTone("Dear customer,", "Hi there,", "Hello,"),
    closing=ByTone("Kind regards,", "Warm regards,", "Best regards,"),
    thanks=ByTone("Thank you for contacting us.", "Thanks for getting in touch.", "Thank you for your message."),
    apology=ByTone(
        "We apologise for the inconvenience this has caused.",
        "I am really sorry about this, I understand how frustrating it must be.",
        "We are sorry for the trouble this has caused.",
    ),
    glad=ByTone(
        "Thank you for letting us know; we are pleased to hear it.",
        "That is great to hear, thank you for telling us.",
        "Thank you for letting us know, we are glad to hear it.",
    ),
    follow_up=ByTone(
        "Please let us know whether this resolves the matter.",
        "Let me know how it goes, I am happy to help further.",
        "Please let us know whether this helps.",
    ),
    check_back="We would like to know whether our last message answered your question.",
    anything_else="If anything else comes up, simply reply to this message.",
    about_topic="Thank you for your message about “{topic}”.",
    no_source="We do not have a confirmed solution for this yet, so we will look into what you describe.",
    incident="We are treating this with the highest priority and will write again as soon as we know more.",
    fix_lead="A similar issue was solved as follows:",
    steps_lead="Please try these steps:",
    article_lead="Our help article “{title}” explains:",
    ask="Could you please tell us {things}?",
    conjunction="and",
    things={
        "order_number": "your order number",
        "invoice_number": "the invoice number",
        "version": "which version you are using",
        "error_message": "the exact wording of the error message",
        "account": "the e-mail address of your account",
        "tracking_number": "the tracking number",
        "device": "which device and operating system you are using",
        "details": "what exactly happens and since when",
    },
    unknown_thing="the {name}",
    greeting_words=("hi", "hello", "dear", "hey", "good morning", "good afternoon", "good evening"),
)

_GERMAN: Final = Phrases(
    greeting=ByTone("Guten Tag {name},", "Hallo {name},", "Guten Tag {name},"),
    greeting_unnamed=ByTone("Sehr geehrte Damen und Herren,", "Hallo,", "Guten Tag,"),
    closing=ByTone("Mit freundlichen Grüßen", "Herzliche Grüße", "Freundliche Grüße"),
    thanks=ByTone("Vielen Dank für Ihre Anfrage.", "Danke, dass Sie uns schreiben.", "Vielen Dank für Ihre Nachricht."),
    apology=ByTone(
        "Wir bitten die Unannehmlichkeiten zu entschuldigen.",
        "Das tut mir wirklich leid, ich kann Ihren Ärger gut verstehen.",
        "Es tut uns leid, dass Sie damit Schwierigkeiten haben.",
    ),
    glad=ByTone(
        "Vielen Dank für Ihre Rückmeldung, das freut uns.",
        "Das freut mich sehr, danke für Ihre Rückmeldung.",
        "Vielen Dank für Ihre Rückmeldung, das freut uns.",
    ),
    follow_up=ByTone(
        "Bitte teilen Sie uns mit, ob die Angelegenheit damit gelöst ist.",
        "Geben Sie gern Bescheid, ob es geklappt hat, ich helfe sonst weiter.",
        "Bitte geben Sie uns Bescheid, ob das geholfen hat.",
    ),
    check_back="Wir möchten gern wissen, ob unsere letzte Nachricht Ihre Frage beantwortet hat.",
    anything_else="Wenn noch etwas ist, antworten Sie einfach auf diese Nachricht.",
    about_topic="Vielen Dank für Ihre Nachricht zu „{topic}“.",
    no_source="Eine bestätigte Lösung haben wir dafür noch nicht, wir sehen uns Ihre Schilderung deshalb genauer an.",
    incident="Wir behandeln das mit höchster Priorität und melden uns, sobald wir mehr wissen.",
    fix_lead="Ein ähnlicher Fall wurde so gelöst:",
    steps_lead="Bitte versuchen Sie diese Schritte:",
    article_lead="Unser Hilfeartikel „{title}“ erklärt dazu:",
    ask="Könnten Sie uns bitte {things} mitteilen?",
    conjunction="und",
    things={
        "order_number": "Ihre Bestellnummer",
        "invoice_number": "die Rechnungsnummer",
        "version": "die verwendete Version",
        "error_message": "den genauen Wortlaut der Fehlermeldung",
        "account": "die E-Mail-Adresse Ihres Kontos",
        "tracking_number": "die Sendungsnummer",
        "device": "Ihr Gerät und Betriebssystem",
        "details": "den genauen Ablauf und den Beginn des Problems",
    },
    unknown_thing="die Angabe „{name}“",
    greeting_words=("hallo", "guten tag", "guten morgen", "guten abend", "sehr geehrte", "liebe", "moin"),
)

_FRENCH: Final = Phrases(
    greeting=ByTone("Bonjour {name},", "Bonjour {name},", "Bonjour {name},"),
    greeting_unnamed=ByTone("Madame, Monsieur,", "Bonjour,", "Bonjour,"),
    closing=ByTone("Veuillez agréer nos salutations distinguées,", "Bien à vous,", "Cordialement,"),
    thanks=ByTone("Nous vous remercions de votre message.", "Merci de nous avoir écrit.", "Merci pour votre message."),
    apology=ByTone(
        "Nous vous prions de nous excuser pour la gêne occasionnée.",
        "Je regrette vraiment ce désagrément et je comprends votre agacement.",
        "Nous regrettons la gêne occasionnée.",
    ),
    glad=ByTone(
        "Nous vous remercions de votre retour et nous en réjouissons.",
        "C'est une excellente nouvelle, merci de nous l'avoir dit.",
        "Merci pour votre retour, nous en sommes ravis.",
    ),
    follow_up=ByTone(
        "Nous vous prions de nous indiquer si cela résout le problème.",
        "Dites-moi si cela fonctionne, je reste à votre écoute.",
        "Merci de nous dire si cela vous aide.",
    ),
    check_back="Nous aimerions savoir si notre dernier message a répondu à votre question.",
    anything_else="Pour toute autre question, il vous suffit de répondre à ce message.",
    about_topic="Merci pour votre message au sujet de « {topic} ».",
    no_source="Nous n'avons pas encore de solution confirmée et allons examiner ce que vous décrivez.",
    incident="Nous traitons ce problème en toute priorité et vous recontacterons dès que nous en saurons plus.",
    fix_lead="Un problème semblable a été résolu ainsi :",
    steps_lead="Veuillez essayer les étapes suivantes :",
    article_lead="Notre article d'aide « {title} » explique :",
    ask="Pourriez-vous nous indiquer {things} ?",
    conjunction="et",
    things={
        "order_number": "votre numéro de commande",
        "invoice_number": "le numéro de la facture",
        "version": "la version que vous utilisez",
        "error_message": "le texte exact du message d'erreur",
        "account": "l'adresse e-mail de votre compte",
        "tracking_number": "le numéro de suivi",
        "device": "votre appareil et son système d'exploitation",
        "details": "ce qui se passe exactement et depuis quand",
    },
    unknown_thing="« {name} »",
    greeting_words=("bonjour", "bonsoir", "cher", "chère", "madame", "monsieur", "salut"),
)

_SPANISH: Final = Phrases(
    greeting=ByTone("Buenos días, {name}:", "Hola, {name}:", "Hola, {name}:"),
    greeting_unnamed=ByTone("Buenos días:", "Hola:", "Hola:"),
    closing=ByTone("Atentamente,", "Un cordial saludo,", "Saludos,"),
    thanks=ByTone(
        "Le agradecemos que se haya puesto en contacto con nosotros.",
        "Gracias por escribirnos.",
        "Gracias por su mensaje.",
    ),
    apology=ByTone(
        "Le pedimos disculpas por las molestias ocasionadas.",
        "Siento mucho lo ocurrido, entiendo perfectamente su malestar.",
        "Sentimos las molestias que esto le ha causado.",
    ),
    glad=ByTone(
        "Le agradecemos que nos lo haya comunicado; nos alegra saberlo.",
        "¡Cuánto me alegro! Gracias por contárnoslo.",
        "Gracias por avisarnos, nos alegra saberlo.",
    ),
    follow_up=ByTone(
        "Le rogamos que nos indique si con esto queda resuelto.",
        "Cuénteme si le funciona, con gusto le sigo ayudando.",
        "Díganos, por favor, si esto le ayuda.",
    ),
    check_back="Queríamos saber si nuestro último mensaje respondió a su pregunta.",
    anything_else="Si necesita algo más, basta con que responda a este mensaje.",
    about_topic="Gracias por su mensaje sobre «{topic}».",
    no_source="Todavía no tenemos una solución confirmada, así que vamos a revisar lo que nos describe.",
    incident="Lo estamos tratando con la máxima prioridad y le escribiremos en cuanto sepamos más.",
    fix_lead="Un caso parecido se resolvió así:",
    steps_lead="Por favor, pruebe estos pasos:",
    article_lead="Nuestro artículo de ayuda «{title}» explica:",
    ask="¿Podría indicarnos {things}, por favor?",
    conjunction="y",
    things={
        "order_number": "su número de pedido",
        "invoice_number": "el número de la factura",
        "version": "la versión que utiliza",
        "error_message": "el texto exacto del mensaje de error",
        "account": "el correo electrónico de su cuenta",
        "tracking_number": "el número de seguimiento",
        "device": "su dispositivo y sistema operativo",
        "details": "qué ocurre exactamente y desde cuándo",
    },
    unknown_thing="«{name}»",
    greeting_words=("hola", "buenos días", "buenas tardes", "buenas noches", "estimad", "apreciad"),
)

_PORTUGUESE: Final = Phrases(
    greeting=ByTone("Bom dia, {name},", "Olá, {name},", "Olá, {name},"),
    greeting_unnamed=ByTone("Bom dia,", "Olá,", "Olá,"),
    closing=ByTone("Atenciosamente,", "Um abraço,", "Cumprimentos,"),
    thanks=ByTone("Agradecemos o seu contacto.", "Obrigado por nos escrever.", "Obrigado pela sua mensagem."),
    apology=ByTone(
        "Pedimos desculpa pelo incómodo causado.",
        "Lamento muito o que aconteceu, compreendo bem a sua frustração.",
        "Lamentamos o incómodo que isto lhe causou.",
    ),
    glad=ByTone(
        "Agradecemos a sua resposta e ficamos satisfeitos por saber.",
        "Que boa notícia, obrigado por nos contar.",
        "Obrigado por nos avisar, ficamos contentes por saber.",
    ),
    follow_up=ByTone(
        "Pedimos que nos informe se a questão fica assim resolvida.",
        "Diga-me se resultou, terei todo o gosto em continuar a ajudar.",
        "Diga-nos, por favor, se isto ajuda.",
    ),
    check_back="Gostaríamos de saber se a nossa última mensagem respondeu à sua pergunta.",
    anything_else="Se precisar de mais alguma coisa, basta responder a esta mensagem.",
    about_topic="Obrigado pela sua mensagem sobre “{topic}”.",
    no_source="Ainda não temos uma solução confirmada, por isso vamos analisar o que descreve.",
    incident="Estamos a tratar disto com a máxima prioridade e voltaremos a escrever assim que soubermos mais.",
    fix_lead="Um caso semelhante foi resolvido assim:",
    steps_lead="Por favor, experimente estes passos:",
    article_lead="O nosso artigo de ajuda “{title}” explica:",
    ask="Poderia indicar-nos {things}, por favor?",
    conjunction="e",
    things={
        "order_number": "o número da sua encomenda",
        "invoice_number": "o número da fatura",
        "version": "a versão que utiliza",
        "error_message": "o texto exato da mensagem de erro",
        "account": "o e-mail da sua conta",
        "tracking_number": "o número de seguimento",
        "device": "o seu dispositivo e sistema operativo",
        "details": "o que acontece exatamente e desde quando",
    },
    unknown_thing="“{name}”",
    greeting_words=("olá", "bom dia", "boa tarde", "boa noite", "prezad", "car", "estimad"),
)

_DUTCH: Final = Phrases(
    greeting=ByTone("Geachte {name},", "Hallo {name},", "Beste {name},"),
    greeting_unnamed=ByTone("Geachte heer/mevrouw,", "Hallo,", "Beste klant,"),
    closing=ByTone("Hoogachtend,", "Hartelijke groet,", "Met vriendelijke groet,"),
    thanks=ByTone("Dank u voor uw bericht.", "Fijn dat u ons schrijft.", "Bedankt voor uw bericht."),
    apology=ByTone(
        "Onze excuses voor het ongemak.",
        "Het spijt me echt, ik begrijp heel goed dat dit vervelend is.",
        "Het spijt ons dat u hier last van hebt.",
    ),
    glad=ByTone(
        "Dank u voor uw reactie, dat doet ons genoegen.",
        "Wat fijn om te horen, bedankt voor uw bericht.",
        "Bedankt voor uw reactie, fijn om te horen.",
    ),
    follow_up=ByTone(
        "Wij vernemen graag of hiermee alles is opgelost.",
        "Laat gerust weten of het gelukt is, ik help graag verder.",
        "Laat ons weten of dit helpt.",
    ),
    check_back="Wij horen graag of ons laatste bericht uw vraag heeft beantwoord.",
    anything_else="Is er nog iets, antwoord dan gewoon op dit bericht.",
    about_topic="Bedankt voor uw bericht over ‘{topic}’.",
    no_source="We hebben hiervoor nog geen bevestigde oplossing en gaan bekijken wat u beschrijft.",
    incident="We behandelen dit met de hoogste prioriteit en laten van ons horen zodra we meer weten.",
    fix_lead="Een vergelijkbaar probleem is zo opgelost:",
    steps_lead="Probeert u deze stappen:",
    article_lead="Ons helpartikel ‘{title}’ legt uit:",
    ask="Kunt u ons {things} doorgeven?",
    conjunction="en",
    things={
        "order_number": "uw bestelnummer",
        "invoice_number": "het factuurnummer",
        "version": "de versie die u gebruikt",
        "error_message": "de precieze tekst van de foutmelding",
        "account": "het e-mailadres van uw account",
        "tracking_number": "het trackingnummer",
        "device": "uw apparaat en besturingssysteem",
        "details": "wat er precies gebeurt en sinds wanneer",
    },
    unknown_thing="‘{name}’",
    greeting_words=("hallo", "hoi", "beste", "geachte", "goedemorgen", "goedemiddag", "dag"),
)

_ITALIAN: Final = Phrases(
    greeting=ByTone("Gentile {name},", "Buongiorno {name},", "Buongiorno {name},"),
    greeting_unnamed=ByTone("Gentile cliente,", "Buongiorno,", "Buongiorno,"),
    closing=ByTone("Distinti saluti,", "Un caro saluto,", "Cordiali saluti,"),
    thanks=ByTone(
        "La ringraziamo per averci contattato.", "Grazie per averci scritto.", "Grazie per il suo messaggio."
    ),
    apology=ByTone(
        "Ci scusiamo per il disagio arrecato.",
        "Mi dispiace molto, capisco bene quanto sia frustrante.",
        "Ci dispiace per il disagio che questo le ha causato.",
    ),
    glad=ByTone(
        "La ringraziamo del riscontro, siamo lieti di saperlo.",
        "Che bella notizia, grazie per avercelo detto.",
        "Grazie per avercelo comunicato, ne siamo lieti.",
    ),
    follow_up=ByTone(
        "La preghiamo di farci sapere se la questione è così risolta.",
        "Mi faccia sapere com'è andata, la aiuto volentieri ancora.",
        "Ci faccia sapere se questo l'aiuta.",
    ),
    check_back="Vorremmo sapere se il nostro ultimo messaggio ha risposto alla sua domanda.",
    anything_else="Se le serve altro, basta rispondere a questo messaggio.",
    about_topic="Grazie per il suo messaggio su “{topic}”.",
    no_source="Non abbiamo ancora una soluzione confermata, quindi esamineremo quanto ci descrive.",
    incident="Ce ne stiamo occupando con la massima priorità e le scriveremo non appena sapremo di più.",
    fix_lead="Un caso simile è stato risolto così:",
    steps_lead="Provi a seguire questi passaggi:",
    article_lead="Il nostro articolo di assistenza “{title}” spiega:",
    ask="Potrebbe indicarci {things}?",
    conjunction="e",
    things={
        "order_number": "il numero dell'ordine",
        "invoice_number": "il numero della fattura",
        "version": "la versione che utilizza",
        "error_message": "il testo esatto del messaggio di errore",
        "account": "l'indirizzo e-mail del suo account",
        "tracking_number": "il numero di tracciamento",
        "device": "il suo dispositivo e il sistema operativo",
        "details": "che cosa succede esattamente e da quando",
    },
    unknown_thing="“{name}”",
    greeting_words=("ciao", "buongiorno", "buonasera", "gentile", "caro", "cara", "salve"),
)

_BY_LANGUAGE: Final[Mapping[str, Phrases]] = {
    "en": _ENGLISH, "de": _GERMAN, "fr": _FRENCH, "es": _SPANISH, "pt": _PORTUGUESE, "nl": _DUTCH, "it": _ITALIAN,
}  # fmt: skip
LANGUAGES: Final = tuple(_BY_LANGUAGE)
#: Lines that close a letter, in lower case.
CLOSINGS: Final = frozenset(
    line.casefold().rstrip(",")
    for phrases in _BY_LANGUAGE.values()
    for line in (phrases.closing.formal, phrases.closing.warm, phrases.closing.neutral)
)
GREETING_WORDS: Final = tuple(word for phrases in _BY_LANGUAGE.values() for word in phrases.greeting_words)


def phrases_of(language: str) -> Phrases:
    """The frame in this language, in English where there is none."""
    return _BY_LANGUAGE.get(language, _ENGLISH)


@cache
def phrase_words() -> frozenset[str]:
    """Every word of every phrase, in lower case: a word that is one of these names nobody."""
    return frozenset(words_of(repr(_BY_LANGUAGE)))
