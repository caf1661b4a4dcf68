"""Nobody reaches an article: whoever an issue names, in six languages, and what belongs to them."""

import re
from pathlib import Path

import pytest

from support_copilot.ml.personal_data import KnownPerson
from support_copilot.summarization import anonymous
from support_copilot.summarization.anonymous import People, depersonalize, without_empty
from support_copilot.summarization.parser import parse_conversation
from support_copilot.summarization.updater import evidence_of, learn
from tests.unit.summarization.samples import Said

#: Language, customer, subject, what they wrote, the fix, what may not stay, what has to stay of the fix.
_ISSUES = [
    (
        "en",
        "Maria Lopez",
        "Login page loops after reset",
        "Since Tuesday the login page loops after the password reset. I am writing for my husband Gordon, born 4 July 1951, member number MB-220917, who lives at 48 Alder Road, Leeds LS6 2AB.",
        "Cleared the stale session of Gordon's account MB-220917 and told him to delete the cookies of the login page.",
        ["Gordon", "4 July 1951", "MB-220917", "Alder", "LS6", "Leeds"],
        ["login page", "cookies"],
    ),
    (
        "de",
        "Jens Pohl",
        "Rechnung im Portal nicht abrufbar",
        "Die Rechnung meiner Oma Hedwig lässt sich im Portal nicht öffnen, Vertragsnummer VT-9920134, geboren am 2.5.1939, Ausweis L01X00T47, wohnhaft Am Alten Markt 7, 18055 Rostock. Der PDF-Betrachter bleibt leer.",
        "Der PDF-Betrachter blockiert Dateien über 10 MB; Hedwigs Rechnung wurde kleiner erzeugt. In den Einstellungen den externen Betrachter wählen.",
        ["Hedwig", "VT-9920134", "2.5.1939", "L01X00T47", "Alten Markt", "18055"],
        ["PDF-Betrachter", "10 MB"],
    ),
    (
        "fr",
        "Paul Girard",
        "Prélèvement refusé",
        "Le formulaire de prélèvement refuse l'IBAN FR14 2004 1010 0505 0001 3M02 606 de ma fille Capucine, née le 9 août 2004, numéro client 7745120, 14 rue des Tilleuls, 69003 Lyon.",
        "Le formulaire refusait les IBAN avec des espaces; saisir l'IBAN de Capucine sans espaces.",
        ["FR14", "3M02", "Capucine", "9 août 2004", "7745120", "Tilleuls", "69003"],
        ["IBAN", "espaces"],
    ),
    (
        "es",
        "Ana Ruiz",
        "La app no acepta la tarjeta",
        "La app no acepta la tarjeta 5555 5555 5555 4444 de mi hermano Eusebio Ruiz, DNI 12345678Z, nacido el 3 de marzo de 1970, calle Mayor 5, 28013 Madrid. Mi móvil es 612 345 678.",
        "Actualizar la app a la versión 5.2.1 y quitar la tarjeta de Eusebio antes de volver a añadirla.",
        ["5555", "Eusebio", "12345678Z", "3 de marzo de 1970", "Mayor 5", "28013", "612 345 678"],
        ["5.2.1", "app"],
    ),
    (
        "pt",
        "Rui Alves",
        "Fatura não chega por e-mail",
        "A fatura não chega por e-mail à minha sogra Felismina, NIF 123456789, nascida em 10/11/1945, rua das Flores 12, 4050-262 Porto, contribuinte desde sempre. O endereço dela é felismina.alves@example.pt.",
        "O filtro de spam retinha a fatura; adicionar o remetente aos contactos da Felismina.",
        ["Felismina", "123456789", "10/11/1945", "Flores 12", "4050-262", "felismina.alves"],
        ["filtro de spam"],
    ),
    (
        "nl",
        "Sanne Bakker",
        "Router valt steeds uit",
        "De router valt steeds uit bij mijn vader Wiebe, geboren op 21-06-1948, klantnummer 55120934, Kerkstraat 12, 1017 GC Amsterdam, MAC 00:1A:2B:3C:4D:5E.",
        "De router van Wiebe kreeg firmware 7.3; kanaal 11 instellen en de stekker tien seconden uittrekken.",
        ["Wiebe", "21-06-1948", "55120934", "Kerkstraat", "1017", "00:1A"],
        ["firmware 7.3", "kanaal 11"],
    ),
    (
        "en",
        "Tom Reed",
        "Scanner rejects badges",
        "Our nurse Ingrid and Dr Okafor cannot scan their badges, badge no. 8841-2293. The scanner rejects every badge since the update. Call me on 020 7946 0958.",
        "Reset the badge cache in the admin menu; Ingrid's badge 8841-2293 had to be enrolled again.",
        ["Ingrid", "Okafor", "8841-2293", "7946"],
        ["badge cache"],
    ),
    (
        "de",
        "Erika Vogt",
        "Gutschein wird nicht angenommen",
        "Mein Gutschein wird an der Kasse nicht angenommen. Ich heiße Erika, meine Kollegin Svetlana auch betroffen. Kundennr. 4455-8812.",
        "Der Gutschein war auf Svetlana ausgestellt; an der Kasse das Feld Name leer lassen.",
        ["Erika", "Svetlana", "4455-8812"],
        ["Kasse", "Feld"],
    ),
    (
        "en",
        "Peter Shaw",
        "Meter reading cannot be sent",
        "The meter reading form fails with error E-204 for my late aunt Winifred Cole, date of birth 17/02/1933, policy 0099812773, 3 Harbour View Terrace, Plymouth PL1 3RP.",
        "The form rejected readings with a comma. Winifred's reading was entered with a dot; use a dot in the reading field.",
        ["Winifred", "Cole", "17/02/1933", "0099812773", "Harbour", "PL1"],
        ["comma", "dot"],
    ),
    (
        "en",
        "Lee Chan",
        "Export stops at 5 percent",
        "Hello, I'm Lee. Export stops at 5 percent since release 8.1. My assistant Bronwyn (bronwyn@chan.example, +44 7700 900123) sees the same on her laptop, IP 203.0.113.77.",
        "Raise import.max_rows from 10000 to 100000 in the settings; Bronwyn has to sign out and in again.",
        ["Bronwyn", "bronwyn@", "7700", "203.0.113.77"],
        ["10000", "100000"],
    ),
    (
        "de",
        "Karl Maier",
        "TAN-Gerät zeigt Fehler",
        "Das TAN-Gerät zeigt Fehler 17. Es gehört meinem Schwiegervater Leopold, Kontonummer 0532013000, geb. 30.09.1944, Reisepass C4VP1XW3H, Rosengasse 4a, 1010 Wien.",
        "Fehler 17 heißt leere Batterie: beim Gerät von Leopold zwei Batterien CR2032 wechseln und neu synchronisieren.",
        ["Leopold", "0532013000", "30.09.1944", "C4VP1XW3H", "Rosengasse", "1010"],
        ["Fehler 17", "CR2032"],
    ),
    (
        "fr",
        "Luc Petit",
        "Colis bloqué",
        "Le suivi du colis de ma voisine Solange reste bloqué, n° d'adhérent AD-118834, née le 01/12/1950, 27 bis avenue Victor Hugo, 75116 Paris, tél. 06 12 34 56 78.",
        "L'étiquette était illisible; réimprimer l'étiquette au format A6. Solange a reçu un nouveau code.",
        ["Solange", "AD-118834", "01/12/1950", "Victor Hugo", "75116", "06 12 34"],
        ["étiquette", "A6"],
    ),
    (
        "es",
        "Marta Gil",
        "El lector no funciona",
        "El lector de tarjetas no funciona desde la actualización. Es de mi jefe Fulgencio Prieto, pasaporte PAA123456, número de socio 990231, avenida de la Constitución 21, 41001 Sevilla.",
        "Reinstalar el controlador 3.4 del lector y reiniciar; Fulgencio debe aceptar el certificado.",
        ["Fulgencio", "Prieto", "PAA123456", "990231", "Constitución", "41001"],
        ["3.4", "certificado"],
    ),
    (
        "pt",
        "Ines Costa",
        "App fecha sozinha",
        "A app fecha sozinha no telemóvel do meu filho Baltazar, nascido a 5 de maio de 2011, número de cliente 8812-441, Travessa do Carmo 8, 1200-095 Lisboa.",
        "Limpar a cache da app e instalar a versão 2.9; no telemóvel do Baltazar faltava espaço.",
        ["Baltazar", "5 de maio de 2011", "8812-441", "Carmo", "1200-095"],
        ["cache", "2.9"],
    ),
    (
        "nl",
        "Joost Vos",
        "Alarm gaat steeds af",
        "Het alarm gaat steeds af bij mijn buurvrouw Geertruida, BSN 111222333, polisnummer P-4471920, Lange Voorhout 34, 2514 EE Den Haag.",
        "De bewegingsmelder stond te gevoelig; zet hem op stand 2. Geertruida heeft de nieuwe code ontvangen.",
        ["Geertruida", "111222333", "P-4471920", "Voorhout", "2514"],
        ["bewegingsmelder", "stand 2"],
    ),
    (
        "en",
        "Priya Nair",
        "Coffee machine shows descale",
        "The coffee machine shows descale all the time. It stands at our office, ask for Thulani at reception. IBAN GB29 NWBK 6016 1331 9268 19 if you refund.",
        "Descale with two tablets, then hold the steam button for 5 seconds; Thulani confirmed it with card 4111111111111111.",
        ["Thulani", "GB29", "NWBK", "4111111111111111"],
        ["steam button", "5 seconds"],
    ),
]
#: Solutions that name nobody.
_PLAIN = [
    ("en", "Open the Saflok encoder, choose zone SPA-2 and re-encode the card."),
    ("en", "Install Windows update KB5034441 and set registry value 0x80070643 aside; restart Outlook 365."),
    ("en", "Set the MTU to 1400 on the VPN client, version 11.4.2, port 8443, and restart the Zebra ZD420 printer."),
    (
        "de",
        "Im Druckdienst das Papierformat auf 100 x 150 mm stellen und den Spooler neu starten; gilt ab Firmware 4.2.",
    ),
    ("fr", "Ouvrez Réglages > Réseau, choisissez le canal 11 et redémarrez la box Livebox 6."),
    ("es", "En Ajustes > Pagos active 3D Secure y vuelva a añadir la tarjeta Visa."),
    ("pt", "O serviço de spool tinha parado; reiniciar o serviço e limpar a fila de impressão no Windows 11."),
    ("nl", "Zet de bewegingsmelder op stand 2 en vervang de batterij CR2032; daarna opnieuw koppelen via Bluetooth."),
    (
        "en",
        "Certificates issued before 01.06.2025 are rejected by Chrome 124; upload the certificate again in Azure AD.",
    ),
    ("en", "In Salesforce open Setup > Users, assign the profile Sales Manager and clear the Redis cache."),
    ("de", "In SAP Fiori die Rolle Einkauf zuweisen, dann den Browser Edge neu starten (Fehler F23)."),
    ("fr", "Dans Google Agenda, supprimez le compte Exchange puis ajoutez-le avec le serveur outlook.office365.com."),
]


@pytest.mark.parametrize(("language", "customer", "subject", "body", "fix", "private", "kept"), _ISSUES)
def test_an_article_identifies_nobody_and_keeps_the_solution(
    language: str, customer: str, subject: str, body: str, fix: str, private: list[str], kept: list[str]
) -> None:
    people = People.of([KnownPerson(customer)], [subject, body, fix], language)
    said = parse_conversation([Said("m1", "customer", body), Said("m2", "agent", fix)], language)

    made = learn(evidence_of(subject, said, fix, [fix]), people=people, language=language, category=None)

    # Sentence by sentence too: an article may tell any of them.
    everything = str(made) + depersonalize(body, people)
    assert [mark for mark in private if mark in everything] == []
    assert [words for words in kept if words not in made.fix or words not in str(made.steps)] == []


@pytest.mark.parametrize(("language", "fix"), _PLAIN)
def test_a_solution_that_names_nobody_stays_word_for_word(language: str, fix: str) -> None:
    people = People.of([KnownPerson("Zoe Zed"), KnownPerson("Support Team")], ["Matter of all", fix], language)
    assert depersonalize(fix, people, ours=True) == fix


def test_who_was_named_once_is_known_everywhere() -> None:
    people = People.of([], ["The form fails for my aunt Winifred, badge no. 8841-2293."], "en")
    assert depersonalize("Winifreds form works; 8841-2293 was enrolled.", people, ours=True) == (
        "[name] form works; [number] was enrolled."
    )


def test_who_writes_all_small_hides_nobody() -> None:
    people = People.of([KnownPerson("ottilie krämer")], ["my mother ottilie cannot log in"], "en")
    assert "ttilie" not in depersonalize("Unlocked the login of Ottilie.", people, ours=True)


def test_a_sentence_that_is_left_with_nothing_but_marks_is_no_part_of_a_solution() -> None:
    assert without_empty("My mail is [e-mail address], mobile [phone number]. Clear the cache.", "en") == (
        "Clear the cache."
    )
    assert without_empty("Call [phone number].", "en") == "Call [phone number]."


def test_a_title_is_the_subject_or_one_sentence_without_third_persons() -> None:
    body = (
        "Wasser tropft von der Decke in Zimmer 12. Herr Özdemir von nebenan (0176 5554433) hat es auch, Frau Dr. "
        "Lindqvist ebenfalls."
    )
    fix = "Der Abfluss war verstopft und wurde gereinigt. Herr Özdemir und Frau Dr. Lindqvist wurden informiert."
    people = People.of([KnownPerson("Karl Voss")], ["Wasserschaden Zimmer 12", body, fix], "de")
    said = parse_conversation([Said("m1", "customer", body), Said("m2", "agent", fix + " In Zimmer 12.")], "de")

    made = learn(evidence_of("Wasserschaden Zimmer 12", said, fix, []), people=people, language="de", category=None)

    assert made.title == "Wasserschaden Zimmer 12"
    assert not {"Özdemir", "Lindqvist", "0176"} & set(str(made).replace("(", " ").replace(".", " ").split())
    assert "([phone number])" in depersonalize(body, people)


def test_a_long_title_is_cut_behind_its_first_sentence() -> None:
    body = (
        "Water drips from the ceiling of room twelve. It has done so since the storm of the weekend came over us all."
    )
    said = parse_conversation(
        [Said("m1", "customer", body), Said("m2", "agent", "Water drips no more; ceiling sealed.")]
    )
    evidence = evidence_of("Help", said, "The ceiling of the room was sealed.", [])
    assert learn(evidence, people=People(), language="en", category=None).title == body.partition(" It")[0]


@pytest.mark.parametrize(
    "text", ["Milk frother of the Vogon 7 whistles", "Unscrew the steam tip of the Vogon 7, clear it."]
)
def test_a_name_with_a_number_is_a_product_and_no_address(text: str) -> None:
    assert depersonalize(text, People.of([], [text], "en")) == text


@pytest.mark.parametrize(
    ("customer", "fix", "stays"),
    [
        # No form of the name: nobody is called so.
        ("Rev Expor", "Solution for Export of invoices: choose Exports.", "Solution for Export of invoices: choose Exports."),
        # One in any case.
        ("Rev Expor", "Told Expor about Expors invoice.", "Told [name] about [name] invoice."),
        # What may carry the sentence leaves its mark, so that who reads it sees that something is missing.
        ("Rev Export", "Solution for Export of invoices: press Renew.", "Solution for [name] of invoices: press Renew."),
        ("Rev Zebra", "Settings for Zebra printers were wrong.", "Settings for [name] printers were wrong."),
        ("Anna Weber", "Reset the scanner of Anna and the login of Anna Weber.", "Reset the scanner and the login."),
        ("Mirko Thulani", "Reset the scanner of Thulani.", "Reset the scanner."),
    ],
)  # fmt: skip
def test_no_word_goes_without_a_trace_that_may_carry_the_sentence(customer: str, fix: str, stays: str) -> None:
    assert depersonalize(fix, People.of([KnownPerson(customer)], [fix], "en"), ours=True) == stays


def test_the_console_knows_every_mark() -> None:
    marks = {*anonymous._KINDS.values(), *anonymous._ENTITIES.values(), "[date]", "[company]"}
    source = Path(__file__).parents[3].joinpath("web/src/lib/takenOut.ts").read_text(encoding="utf-8")
    listed = re.findall(r"'([^'\n]+)'", source.partition("MARKS = [")[2].partition("]")[0])
    assert {f"[{each}]" for each in listed} == marks
