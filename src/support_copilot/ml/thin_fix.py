"""Whether what was written down as a fix says how it was solved, in seven languages."""

from typing import Final

from support_copilot.ml.content_words import words_of
from support_copilot.ml.function_words import FUNCTION_WORDS

#: Words with which a typed resolution says that it is solved, or where that is told, and not how.
_WORDS: Final = """
fixed done resolved solved closed ok okay duplicate won't fix do wontfix invalid cannot reproduce works working work
now again abandoned later implemented bug problem issue ticket case none na n a see chat conversation thread above
below details history notes comments mail email message messages discussed agreed confirmed confirms customer client
closing call phone via per by with as all good fine completed handled answered sorted finished erledigt gelöst behoben
geschlossen fertig siehe verlauf gespräch oben unten nachricht nachrichten besprochen kunde kunden kundin telefonisch
telefon abgeschlossen geklärt wie s o vgl bestätigt passt résolu résolue réglé réglée traité traitée fait clos clôturé
voir échange échanges ci-dessus ci dessus fil historique cliente téléphone convenu terminé vu resuelto resuelta
solucionado solucionada hecho cerrado listo ver véase conversación arriba mensajes hilo historial según lo hablado
teléfono acordado terminado resolvido resolvida tratado tratada feito fechado pronto conversa acima mensagens
histórico telefone combinado concluído encerrado opgelost afgehandeld gedaan klaar gesloten zie boven gesprek
berichten geschiedenis klant besproken afgerond risolto fatto chiuso vedi conversazione sopra messaggi concluso
"""
_THIN_WORDS: Final = frozenset(_WORDS.split())


def is_thin(fix: str) -> bool:
    """Whether a typed resolution only says that it is solved, or where to read how ("Solved, see conversation")."""
    return all(word in _THIN_WORDS or word in FUNCTION_WORDS for word in words_of(fix))
