"""What a reply says beyond the templates it was made from: words that everybody has at hand teach nothing."""

import re
from collections.abc import Iterable
from typing import Final

from support_copilot.db.models import Template
from support_copilot.ml.sentences import split_sentences
from support_copilot.resources import Resources
from support_copilot.retrieval.embedding import embed_text
from support_copilot.retrieval.find import find_documents
from support_copilot.retrieval.outside import Speaker
from support_copilot.summarization.cues import COURTESY

#: Templates that are compared: those most like the reply.
_LOOKED_AT: Final = 10
#: A sentence with this share of its words in one sentence of a template was taken from there; a blank was filled maybe.
_SAME: Final = 0.75
#: Longer than this, what begins like a courtesy says more.
_COURTESY_WORDS: Final = 9
_BLANK: Final = re.compile(r"\{\{[^}]*\}\}|\[[^\]]*\]")
_WORD: Final = re.compile(r"\w+")


def own_words(resources: Resources, text: str, language: str, speaker: Speaker) -> str:
    """What a fix says that is in no template: all of it, or what was added to one; empty where nothing was."""
    vector = embed_text(resources, text, speaker)
    hits = find_documents(resources, text, vector, kinds=["template"], limit=_LOOKED_AT)
    with resources.database.read() as session:
        rows = [session.get(Template, hit.id) for hit in hits]
        bodies = [row.body for row in rows if row is not None]
    known = [words for body in bodies for words in _sentences_of(_BLANK.sub(" ", body), language)]
    said = split_sentences(text, language)
    own = [sentence for sentence in said if not _is_known(set(_words(sentence)), known)]
    if len(own) == len(said):
        return text
    return " ".join(s for s in own if not COURTESY.match(s) or len(s.split()) > _COURTESY_WORDS)


def _sentences_of(text: str, language: str) -> Iterable[set[str]]:
    return (set(_words(sentence)) for sentence in split_sentences(text, language))


def _words(sentence: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(sentence)]


def _is_known(words: set[str], known: Iterable[set[str]]) -> bool:
    return not words or any(len(words & sentence) >= _SAME * max(len(words), len(sentence)) for sentence in known)
