"""Texts of customers, articles and past issues are data: words in them that address a machine are never repeated.

The offline engine obeys no text at all. This keeps such words out of replies, where they would reach a customer or
the next program that reads the conversation.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from support_copilot.ml.plain_text import visible
from support_copilot.ml.sentences import split_sentences

_DROP: Final = (
    r"(?:ignor\w*|disregard|forget|override|bypass|vergiss|missachte|oublie\w*|olvid\w*|esqueça|dimentica\w*|"
    r"negeer|vergeet)"
)
_ORDERS: Final = (
    r"(?:instruction|instrucc|instruç|istruzion|instructie|anweisung|consigne|prompt|rule|regel|direction|guideline|"
    r"command)"
)
_BEFORE: Final = (
    r"(?:previous|prior|above|earlier|preceding|all|any|your|system|vorherig|obig|bisherig|alle|précédent|antérieur|"
    r"anterior|previ|precedent|eerdere|vorige|bovenstaand)"
)
_HAND_OVER: Final = (
    r"(?:send|give|reveal|tell|print|output|forward|leak|e-?mail|send[ea]|schicke|verrate|envoie|envoyez|donne|"
    r"envía|envíame|envie|revela|invia|rivela|stuur|geef)"
)
_TO_WHOM: Final = r"(?:me|us|them|him|her|the|your|all|mir|das|ihr|le|la|el|os?|as?|il|het)"
_VALUABLES: Final = (
    r"(?:passwords?|passwd|api[ _-]?keys?|secrets?|tokens?|credentials?|credit cards?|passwort|kennwort|mot de passe|"
    r"contraseña|senha|wachtwoord|internal notes?|system prompt)"
)
_MACHINE: Final = r"(?:ai|llm|language model|chatbot|copilot|assistant|bot)"
_PATTERNS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_DROP}\b.{{0,40}}\b{_BEFORE}\w*.{{0,40}}\b{_ORDERS}",
        rf"\b{_DROP}\b.{{0,30}}\b{_ORDERS}\w*.{{0,40}}\b{_BEFORE}",
        rf"\b{_DROP}\W+(?:everything|all|what)\b.{{0,30}}\b(?:above|before|said|told)\b",
        rf"\b{_HAND_OVER}\b.{{0,40}}\b{_TO_WHOM}\b.{{0,40}}\b{_VALUABLES}\b",
        rf"\b(?:you are|act as|pretend to be|du bist)\b.{{0,30}}\b(?:now|jetzt|dan|an? (?:admin|{_MACHINE}))\b",
        rf"\b(?:as an?|dear|hey|attention|note to(?: the)?)\W{{0,3}}{_MACHINE}\b",
        r"\b(?:system|assistant|developer)\s*(?:prompt|message|override|mode)\b",
        r"<\|?/?\s*(?:im_start|im_end|system|assistant|user|endoftext|inst)\b|\[/?(?:inst|system)\]",
        r"^\s*(?:system|assistant)\s*:|#{2,}\s*(?:instruction|system|response)",
        r"\bnew (?:instructions?|task|rules?)\s*:",
        r"\b(?:jailbreak|prompt injection|do anything now)\b",
    )
)
#: Cyrillic letters and digits that stand in for Latin letters to hide a word from a pattern.
_LOOK_ALIKES: Final = str.maketrans("аеорсухіѕԁ013", "aeopcyxisdoie")
#: Texts are read in parts of this size, each beginning a bit before the last one ended, so that no order falls between.
_READ_CHARS: Final = 4000
_OVERLAP_CHARS: Final = 400
_LONGEST_SOURCE_CHARS: Final = 100_000
#: Stands where a sentence was kept from a model.
WITHHELD: Final = "[a sentence addressed to a program was left out]"
#: Orders to whoever writes answers, in seven languages.
_WRITER: Final = re.compile(
    r"\b(?:when|whenever|while|before)\s+(?:you\s+)?(?:answer|reply|replies|respond|summari[sz]|draft)\w*|"
    r"\b(?:in|at|to|with)\s+(?:every|each|all|any)\s+(?:\w+\s+)?(?:answers?|repl(?:y|ies)|responses?|drafts?|summar(?:y|ies))\b|"
    r"\b(?:end|beginning|top|bottom|start) of (?:the|your|every|each|all)\s+(?:\w+\s+)?(?:answers?|repl(?:y|ies)|responses?|"
    r"drafts?|summar(?:y|ies)|outputs?)\b|"
    r"\b(?:reply|respond|answer|say|write|output|print|append|prepend|insert|include|repeat|render|begin|end)\b.{0,30}"
    r"\b(?:exactly|verbatim|word for word|the following|this (?:link|image|text|sentence|line|url))\b|"
    r"\b(?:tell|inform|ask|instruct|send|direct)\s+(?:the|every|each|all|any)?\s*(?:customers?|users?|readers?|clients?)\b|"
    r"\b(?:antworte|schreibe?|füge|sage?|gib|réponds|répondez|écris|écrivez|ajoute[zr]?|responde|escribe|añade|incluye|"
    r"escreva|responda|inclua|antwoord|schrijf|voeg|rispondi|scrivi|aggiungi)\b.{0,30}"
    r"(?:\b(?:genau|folgend\w*|exactement|suivant\w*|exactamente|siguiente\w*|exatamente|seguinte\w*|precies|volgende|"
    r"esattamente|seguente)\b|[:\"“„«])",
    re.IGNORECASE,
)


def without_lures(text: str, language: str) -> str:
    """The text without the sentences that address a machine, so that they cannot steer a search either."""
    return "\n".join(sentence for sentence in split_sentences(text, language) if not addresses_a_machine(sentence))


def withhold_lures(text: str) -> str:
    """The text line by line as it is, with a mark in place of each sentence that addresses a machine."""
    if len(text) <= _READ_CHARS and not addresses_a_machine(text):
        return text
    lines: list[str] = []
    for line in text.split("\n"):
        kept = [WITHHELD if addresses_a_machine(part) else part for part in split_sentences(line)]
        lines.append(" ".join(kept))
    plain = "\n".join(lines)
    # Cut into sentences or lines an order can look harmless; as a whole it must not pass either.
    return WITHHELD if addresses_a_machine(plain.replace(WITHHELD, "")) else plain


def addresses_the_writer(text: str) -> bool:
    """Whether a text tells whoever answers what to write. A source that does is not shown to a model at all.

    Nor is one that is too long to be looked at as a whole.
    """
    if len(text) > _LONGEST_SOURCE_CHARS:
        return True
    plain = unicodedata.normalize("NFKC", visible(text))
    return any(_WRITER.search(part) for part in _parts(plain)) or any(
        addresses_a_machine(part) for line in plain.split("\n") for part in (line, *split_sentences(line))
    )


def addresses_a_machine(text: str) -> bool:
    """Whether a text reads like an instruction to a program, or like a lure for secrets, in seven languages."""
    plain = unicodedata.normalize("NFKC", visible(text)).replace("\n", " ")
    return any(pattern.search(form) for part in _parts(plain) for form in _forms(part) for pattern in _PATTERNS)


def _parts(text: str) -> Iterator[str]:
    """The whole text in parts that overlap; one part where it is short."""
    step = _READ_CHARS - _OVERLAP_CHARS
    return (text[start : start + _READ_CHARS] for start in range(0, max(1, len(text) - _OVERLAP_CHARS), step))


def _forms(plain: str) -> tuple[str, ...]:
    folded = plain.casefold()
    swapped = folded.translate(_LOOK_ALIKES)
    # Most texts have no look-alike, and the patterns do not mind case.
    return (plain,) if swapped == folded else (plain, swapped)
