"""What is told in a summary: what was done, who comes when, what worked; six languages."""

import pytest

from support_copilot.ml.thin_fix import is_thin
from support_copilot.summarization.generator import Facts, in_short, summarize
from support_copilot.summarization.parser import parse_conversation
from tests.unit.summarization.samples import conversation

_FIXES = [
    ("en", ["customer: Nightly sync stops with error 504 since Monday.", "agent: I looked into it.", "agent: The gateway closes connections after 60 seconds. We set the limit to 300 seconds for your account. Please start the sync again.", "customer: It ran through. Great!"], "300 seconds"),
    ("de", ["customer: Beim Import kommt immer die Meldung Zeilenlimit.", "agent: Die Ursache ist eine Grenze im Tarif von 500 Zeilen. Ich habe sie für Sie auf 5000 erhöht. Bitte noch einmal hochladen.", "customer: Super, jetzt ist alles da."], "auf 5000"),
    ("fr", ["customer: La caisse n'imprime plus les tickets depuis hier.", "agent: Le pilote a été écrasé par la mise à jour. Nous avons remis la version 2.8 à distance. Relancez la caisse.", "customer: Parfait, merci !"], "2.8"),
    ("es", ["customer: El portal no deja entrar a los alumnos.", "agent: El certificado caducó anoche. Lo hemos renovado y reiniciamos el servidor. Pruebe otra vez.", "customer: Perfecto, ya entran."], "renovado"),
    ("pt", ["customer: Os relatórios aparecem vazios desde ontem.", "agent: O índice estava danificado. Reconstruímos o índice esta manhã. Abra o relatório de novo.", "customer: Perfeito, já aparecem."], "Reconstruímos"),
    ("nl", ["customer: De kassa synchroniseert niet met de webshop.", "agent: De API-sleutel was verlopen. Ik heb een nieuwe sleutel ingesteld. Probeer het nog eens.", "customer: Top, hij doet het weer."], "nieuwe sleutel"),
    ("en", ["customer: Guests cannot open the spa door with their cards.", "agent: The cards were encoded for the wrong zone. I re-encoded all of them for zone SPA-2.", "customer: It's there now, doors open."], "SPA-2"),
    ("en", ["customer: Push messages reach only half of our users.", "agent: Found it: your sender key was capped at 50 messages a minute. I lifted the cap to 2000. Could you send a test?", "customer: Everyone got it. Brilliant."], "2000"),
    ("de", ["customer: Die Heizungs-App zeigt keine Werte mehr.", "agent: Der Messwertdienst hing seit Mitternacht. Wir haben ihn neu gestartet und die Werte nachgeladen. Schauen Sie bitte nach.", "customer: Perfekt, die Werte sind wieder da."], "nachgeladen"),
    ("fr", ["customer: Les élèves ne voient plus leurs notes.", "agent: Un droit manquait au groupe Élèves. J'ai ajouté le droit de lecture. Pouvez-vous vérifier ?", "customer: C'est parfait, elles sont là."], "ajouté le droit"),
    ("es", ["customer: Las cámaras no graban por la noche.", "agent: El disco estaba lleno por los registros. Borré los registros y amplié la cuota a 2 TB. Reinicie el grabador.", "customer: Ahora graban, genial."], "2 TB"),
    ("pt", ["customer: O site mostra preços antigos.", "agent: A cache não era renovada. Limpei a cache e reduzi o prazo para 5 minutos. Pode confirmar?", "customer: Confirmado, está certo, obrigado."], "5 minutos"),
    ("nl", ["customer: Facturen komen dubbel binnen.", "agent: Een regel stond twee keer in de mailserver. We hebben de dubbele regel verwijderd. Kunt u het testen?", "customer: Klopt, nu komt er nog maar één."], "dubbele regel verwijderd"),
    ("en", ["customer: The lift panel reads DOOR FAULT.", "agent: The light curtain lost its calibration. Our technician recalibrated the curtain this morning.", "customer: Running since then, cheers."], "recalibrated"),
]  # fmt: skip
_THIN = [
    "Solved, see conversation.",
    "done",
    "Erledigt, siehe Verlauf.",
    "Résolu, voir échange ci-dessus",
    "resuelto, ver chat",
    "Fixed - see above",
    "Resolvido, ver conversa.",
    "Opgelost, zie boven",
    "as discussed with the customer",
    "see chat",
    "Issue resolved with customer.",
    "Ticket closed, details above.",
    "Wie besprochen gelöst.",
    "Réglé avec le client par téléphone",
    "Solucionado según lo hablado",
    "Tratado, ver mensagens",
    "Afgehandeld, zie gesprek",
    "ok, works now",
    "Customer confirmed, closing",
    "s. o.",
]
_TOLD = [
    "Reset the paper size.",
    "Cleared the cache.",
    "Spooler neu gestartet.",
    "Changed DNS server.",
    "Solved by replacing the cable.",
    "Fixed: firmware 4.3 installed",
    "Carte remplacée.",
    "Reinició el router.",
    "Done: raised max_rows to 100000",
]
_HANDOVERS = [
    ("en", ["customer: The dough mixer trips the fuse. We swapped the cable and cleaned the motor.", "agent: Which model is it?", "customer: MX-40", "agent: An engineer will be with you Friday. I'm posting the new fuse today."], ["engineer", "fuse today"], "Which model", ["swapped", "MX-40"]),
    ("de", ["customer: Die Waage zeigt Fehler 9. Wir haben sie schon gereinigt und das Kabel getauscht.", "agent: Welche Seriennummer hat sie?", "customer: SN 20-771", "agent: Morgen kommt unser Monteur vorbei. Das Kabel geht heute per Express raus. Am Montag melden wir uns bei Ihnen."], ["Monteur", "Express", "Montag"], "Welche", ["gereinigt", "20-771"]),
    ("fr", ["customer: Le four s'arrête toutes les heures. Nous avons nettoyé les filtres et changé la sonde.", "agent: Quelle version affiche l'écran ?", "customer: 3.0.2", "agent: Notre technicien vient mardi. Je vous expédie la carte aujourd'hui et je vous appelle demain matin."], ["technicien", "appelle demain"], "Quelle version", ["nettoyé", "3.0.2"]),
    ("es", ["customer: La lavadora industrial pierde agua. Cambiamos la goma y limpiamos el desagüe.", "agent: ¿Qué modelo es?", "customer: LX-9", "agent: El lunes pasa un técnico. Le mando la junta hoy y mañana le escribo."], ["técnico", "junta hoy"], "Qué modelo", ["limpiamos", "LX-9"]),
    ("pt", ["customer: A câmara fria não arrefece. Já limpámos o condensador e trocámos o fusível.", "agent: Qual é a temperatura agora?", "customer: 9 graus", "agent: Na quinta passa um técnico. Envio-lhe a peça hoje e amanhã ligo-lhe."], ["técnico", "peça hoje"], "Qual é", ["trocámos", "9 graus"]),
    ("nl", ["customer: De vaatwasser geeft code A5. Filter al vervangen en sensor schoongemaakt.", "agent: Welk serienummer staat erop?", "customer: 4471-B", "agent: Ik stuur donderdag een monteur langs. Het onderdeel verstuur ik vandaag en ik bel u morgen."], ["monteur", "vandaag"], "Welk serienummer", ["schoongemaakt", "4471-B"]),
    ("en", ["customer: The conveyor halts at noon. We already tightened the belt and wiped the sensors.", "agent: What does the display say?", "customer: F7 blinking", "agent: We're sending somebody out on Wednesday. You get a loan unit tomorrow, and I call you in the evening."], ["Wednesday", "loan unit"], "What does", ["tightened", "F7"]),
    ("de", ["customer: Der Aufzug bleibt im zweiten Stock stehen. Strom schon aus- und eingeschaltet, Türkontakt geputzt.", "agent: Seit wann passiert das?", "customer: seit gestern Abend", "agent: Der Techniker ist übermorgen bei Ihnen. Die Platine bekommen Sie am Freitag. Heute Nachmittag rufe ich zurück."], ["Techniker", "Platine", "rufe ich zurück"], "Seit wann", ["geputzt", "gestern Abend"]),
    ("fr", ["customer: La porte ne se ferme plus. On a déjà graissé le rail et remplacé la pile.", "agent: Y a-t-il un message d'erreur ?", "customer: Aucun", "agent: Un collègue passera vendredi matin. La pièce part ce soir, nous vous rappelons lundi."], ["collègue", "rappelons lundi"], "Y a-t-il", ["graissé"]),
    ("es", ["customer: El ascensor se para. Ya apagamos todo y cambiamos los fusibles.", "agent: ¿Desde cuándo ocurre?", "customer: desde ayer", "agent: Mañana le visita nuestro técnico. El repuesto sale esta tarde. Le llamamos el viernes."], ["técnico", "Le llamamos"], "Desde cuándo", ["fusibles", "desde ayer"]),
    ("pt", ["customer: O forno não liga. Já trocamos a tomada e resetamos o disjuntor.", "agent: Qual o modelo do forno?", "customer: FR 220", "agent: Amanhã o nosso técnico vai aí. Mando a resistência hoje e telefono na sexta."], ["técnico", "resistência"], "Qual o modelo", ["trocamos", "FR 220"]),
    ("nl", ["customer: De koeling piept. We hebben de deur al afgesteld en de stekker eruit gehaald.", "agent: Welke temperatuur ziet u?", "customer: 12 graden", "agent: Morgen komt er iemand langs. U krijgt vrijdag een nieuwe thermostaat. Maandag bellen we u."], ["iemand langs", "thermostaat"], "Welke temperatuur", ["afgesteld", "12 graden"]),
]  # fmt: skip
_WELL = [
    "Stable since this morning, thanks.",
    "Perfect, thank you.",
    "It's there now.",
    "Danke, sie ist da.",
    "Läuft seit gestern stabil.",
    "Parfait, c'est arrivé.",
    "Estable desde ayer, gracias.",
    "Perfecto, ya ha llegado.",
    "Perfeito, já chegou.",
    "Top, hij doet het weer.",
    "All good now, cheers.",
    "Tout est rentré dans l'ordre.",
    "Runs smoothly since the change.",
    "No more dropouts since yesterday.",
    "Got it, everything arrived.",
    "Alles bestens, danke.",
    "Seitdem keine Abbrüche mehr.",
    "Tout va bien maintenant.",
    "Ya va bien, mil gracias.",
    "Já está tudo certo.",
    "Alles in orde nu.",
    "Excellent, that sorted it.",
    "Je l'ai reçu, merci.",
    "Der Drucker läuft wieder.",
]
_NOT_WELL = [
    "It is not stable since this morning.",
    "It was perfect until the update.",
    "The parcel is not there.",
    "Sie ist nicht da.",
    "Läuft nicht stabil.",
    "Ce n'est pas parfait, ça coupe encore.",
    "Todavía no ha llegado.",
    "Não chegou ainda.",
    "Hij doet het niet.",
    "The app runs slowly since yesterday.",
    "The stable version crashes.",
    "Is it there now?",
    "The error is there now.",
    "The perfect storm: nothing works.",
    "Alles gut versucht, aber es läuft nicht.",
    "It arrived broken.",
    "The noise is back, it is there all the time.",
]


def told(language: str, lines: list[str], fix: str | None = None, *, handover: bool = False) -> dict[str, str]:
    said = parse_conversation(conversation(*lines), language)
    facts = Facts("Matter", language, resolution_text=fix)
    sections = summarize(said, facts, handover=handover)
    return {section.name: " ".join(line.text for line in section.lines) for section in sections} | {
        "short": in_short(said, facts)
    }


@pytest.mark.parametrize(("language", "lines", "done"), _FIXES)
def test_what_was_done_is_told_beside_what_it_was(language: str, lines: list[str], done: str) -> None:
    assert done in told(language, lines)["resolution"]


_CARDS = [
    "customer: Guests cannot open the spa door with their cards.",
    "agent: I re-encoded your card with zone SPA-2 in Saflok; please try once more.",
    "customer: That works, thank you!!",
]


@pytest.mark.parametrize("typed", _THIN)
def test_who_types_only_that_it_is_solved_gets_the_fix_of_the_conversation(typed: str) -> None:
    said = told("en", _CARDS, typed)
    assert is_thin(typed)
    assert said["resolution"].index("SPA-2") < said["resolution"].index(typed)
    assert "Resolution: I re-encoded your card with zone SPA-2" in said["short"]
    assert told("en", _CARDS[:1], typed)["resolution"] == typed


@pytest.mark.parametrize("typed", _TOLD)
def test_a_fix_that_was_typed_is_the_resolution(typed: str) -> None:
    said = told("en", _CARDS, typed)
    assert "SPA-2" not in said["resolution"] + said["short"]


@pytest.mark.parametrize(("language", "lines", "promised", "answered", "anywhere"), _HANDOVERS)
def test_a_handover_tells_who_comes_when_and_asks_nothing_again(
    language: str, lines: list[str], promised: list[str], answered: str, anywhere: list[str]
) -> None:
    said = told(language, lines, handover=True)
    assert [words for words in promised if words not in said["next_step"]] == []
    assert answered not in said["next_step"] + said["open_points"]
    assert [words for words in anywhere if words not in " ".join(said.values())] == []


def test_what_the_customer_tried_before_writing_is_told_as_tried() -> None:
    said = told("en", ["customer: The filler stops with error F23. We already replaced the filters and cleaned it."])
    assert said["tried"].startswith("We already replaced the filters")
    assert "filters" not in said["problem"]


@pytest.mark.parametrize(("words", "well"), [*((w, True) for w in _WELL), *((w, False) for w in _NOT_WELL)])
def test_what_says_that_all_is_well(words: str, well: bool) -> None:
    said = parse_conversation(
        conversation("customer: The VPN drops on carts.", "agent: We changed the DNS server.", f"customer: {words}")
    )
    assert any(sentence.confirmation for sentence in said.sentences) is well
    lines = ["customer: The VPN drops on carts.", "agent: We changed the DNS server.", f"customer: {words}"]
    assert not (well and words.rstrip(".") in told("en", lines)["problem"])


def test_praise_of_a_promise_confirms_nothing() -> None:
    lines = [
        "customer: The parcel is lost.",
        "agent: I am sending you another one today.",
        "customer: Perfect, thanks.",
    ]
    assert "another one today" in told("en", lines, handover=True)["next_step"]
