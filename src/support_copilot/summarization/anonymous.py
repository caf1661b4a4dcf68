"""Takes people out of what everybody will read: what identifies one of them becomes the name of its kind."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from support_copilot.ml.content_words import content_words
from support_copilot.ml.entities import Entity, extract_entities
from support_copilot.ml.personal_data import KnownPerson, PersonalData, PersonalDataType, find_personal_data
from support_copilot.ml.personal_data.features import look_at
from support_copilot.ml.personal_data.near import BIRTH, says
from support_copilot.ml.sentences import split_sentences
from support_copilot.summarization.identifying import NAMED, ORDINARY, find_codes

_KINDS: Final[Mapping[PersonalDataType, str]] = {
    "person": "[name]", "email": "[e-mail address]", "phone": "[phone number]", "address": "[address]",
    "place": "[place]", "card": "[card number]", "iban": "[IBAN]", "national_id": "[ID number]",
    "ip_address": "[IP address]", "mac_address": "[MAC address]", "birth_date": "[date of birth]",
    "username": "[user name]", "url": "[link]", "secret": "[secret]", "licence_plate": "[number plate]",
}  # fmt: skip
_ENTITIES: Final[Mapping[str, str]] = {
    "email": "[e-mail address]", "phone": "[phone number]", "iban": "[IBAN]", "card_number": "[card number]",
    "ip_address": "[IP address]", "identifier": "[number]", "order_number": "[order number]",
    "invoice_number": "[invoice number]", "ticket_number": "[ticket number]", "tracking_number": "[tracking number]",
    "account_number": "[customer number]", "reference_number": "[reference number]", "amount": "[amount]",
    "registration_number": "[company number]",
}  # fmt: skip
#: Numbers of products and faults, which say what an article is about.
_TECHNICAL: Final = frozenset({"version", "error_code", "http_status", "product_code", "file_path", "time", "date"})
_MARK: Final = re.compile(r"\[[A-Za-z][A-Za-z -]{2,18}\]")
#: Behind the mark of a name that may be a word of the sentence.
_DOUBT: Final = "\0"
_ROW: Final = re.compile(r"(\[name\]\0?)(?: ?\[name\]\0?)+")
_WHOSE: Final = re.compile(
    r" (?:of|for|from|by|von|für|bei|de|para|pour|van|voor|di|per) \[name\](?: \[name\])?(?![\w'’\0])"
)
#: The tagger takes a capital in the middle of instructions for a name now and then.
_SURE_IN_OURS: Final = 0.55
#: From here on a name that was found in one sentence is one in every other.
_SURE: Final = 0.75
#: In the words of the support team a date may be what it is about; of a birth it is not.
_LIVING: Final = re.compile(r"(?:19\d\d|200\d)(?!\d)")
_YEAR: Final = re.compile(r"(?:19|20)\d\d(?!\d)|[./-]\d\d\Z")
#: A word on no list of names is one from here on.
_SURE_UNLISTED: Final = 0.5
#: Addresses with a word for a street in them, or a postcode, are surer than this.
_SURE_ADDRESS: Final = 0.6
_WORD: Final = re.compile(r"[^\W\d_]+")
_GOES_ON: Final = re.compile(r" [a-zß-ÿ]")
_LEAST_MARK: Final = 4
_LEAST_NAME: Final = 3
#: What may mean something else in another sentence.
_PASSING: Final = frozenset({"[place]", "[date]", "[amount]"})
_TICKET_DIGITS: Final = 3


@dataclass(frozen=True, slots=True)
class People:
    """Who an issue tells of: those of the record and those that are named in it, and the numbers that belong to them.

    ``marks`` are texts with what stands in their place; ``small`` are words that the issue has without a capital, which
    hardly are names; ``language`` is an ISO 639-1 code.
    """

    known: tuple[KnownPerson, ...] = ()
    marks: tuple[tuple[str, str], ...] = ()
    small: frozenset[str] = frozenset()
    language: str = "en"

    @classmethod
    def of(cls, known: Iterable[KnownPerson], said: Sequence[str], language: str) -> "People":
        """The people of an issue.

        Args:
            known: those of the record.
            said: everything that was written in the issue: whoever it names is known from then on.
        """
        small = frozenset(
            word for text in said if _has_capitals(text) for word in _WORD.findall(text) if word.islower()
        )
        people = cls(tuple(person for each in known if (person := _named(each))), (), small, language)
        named, marks = set[str](), dict[str, str]()
        for text in said:
            for start, end, kind, confidence in _found(text, people):
                if kind == "[name]":
                    named |= set(_sure_names(text[start:end], confidence))
                elif end - start >= _LEAST_MARK and kind not in _PASSING and any(map(str.isdecimal, text[start:end])):
                    marks.setdefault(text[start:end], kind)
        return replace(people.with_names(sorted(named)), marks=tuple(sorted(marks.items(), key=lambda m: -len(m[0]))))

    def with_names(self, names: Iterable[str]) -> "People":
        """The same and more people."""
        return replace(self, known=(*self.known, *(person for name in names if (person := _named(KnownPerson(name))))))


def depersonalize(text: str, people: People, *, ours: bool = False) -> str:
    """The text with the name of its kind in the place of all that identifies somebody.

    Args:
        ours: written by the support team as a solution: places and dates in it may be what it is about.
    """
    for person in people.known:
        if person.name and " " in person.name:
            text = re.sub(rf"(?<!\w){re.escape(person.name)}(?!\w)", "[name]", text, flags=re.IGNORECASE)
    for mark, kind in people.marks:
        text = re.sub(rf"(?<!\w){re.escape(mark)}(?!\w)", kind, text)
    found = [each for each in _found(text, people) if not _is_mark(text, each)]
    if ours:
        found = _of_people(text, found)
    pieces, reached = [], 0
    for start, end, kind, _ in found:
        doubt = _DOUBT if kind == "[name]" and _may_be_word(text, start, end) else ""
        pieces += [text[reached:start], kind + doubt]
        reached = end
    # Whose it was says nothing to others: "the scanner of [name]" is the scanner.
    marked = _WHOSE.sub("", _ROW.sub(r"\1", "".join((*pieces, text[reached:]))))
    return marked.replace(f"[name]{_DOUBT}", "[name]")


def _may_be_word(text: str, start: int, end: int) -> bool:
    """Whether what is taken for a name may carry the sentence ("for Export of invoices"): then its mark has to stay.

    Words that are on no list do where a word in small letters follows: "for Zebra printers".
    """
    lists = [look_at(word).lists for word in _WORD.findall(text[start:end])]
    if all("o" in of and "g" not in of for of in lists):
        return True
    return not any(map(_is_listed, lists)) and bool(_GOES_ON.match(text, end))


def without_empty(text: str, language: str) -> str:
    """The text without sentences that say next to nothing once the person is out of them; at least one stays."""
    sentences = split_sentences(text, language)
    kept = [sentence for sentence in sentences if says_something(sentence)]
    return text if len(kept) == len(sentences) or not kept else " ".join(kept)


def says_something(text: str) -> bool:
    """Whether more than marks of what was taken out is left, and words that only say what it was."""
    taken = len(_MARK.findall(text))
    return not taken or len(content_words(_MARK.sub(" ", text))) > taken + 1


_Span = tuple[int, int, str, float]


def _found(text: str, people: People) -> list[_Span]:
    """What identifies somebody, in the order of the text, without overlap."""
    spans: list[_Span] = [
        (each.start, each.end, _KINDS[each.type], each.confidence)
        for each in find_personal_data(text, known=people.known, language=people.language)
        if not (
            _is_product(each) if each.type == "address" else each.type == "person" and _is_ordinary(text, each, people)
        )
    ]
    entities = extract_entities(text)
    spans += [(e.start, e.end, _ENTITIES[e.type], 1.0) for e in entities if e.type in _ENTITIES and not _is_short(e)]
    technical = [(e.start, e.end) for e in entities if e.type in _TECHNICAL]
    spans += [
        (start, end, "[number]", 1.0) for start, end, sure in find_codes(text)
        if sure or not any(start < last and first < end for first, last in technical)
    ]  # fmt: skip
    spans += [
        (e.start, e.end, "[date of birth]" if says(BIRTH, text, e.start) else "[date]", 1.0)
        for e in entities if e.type == "date" and (_YEAR.search(e.text) or says(BIRTH, text, e.start))
    ]  # fmt: skip
    spans += [(start, end, "[name]", 1.0) for start, end in _introduced(text)]
    return list(_apart(text, spans))


def _is_product(found: PersonalData) -> bool:
    """Whether what the tagger takes for an address is rather a name with a number: "the Vogon 7"."""
    return found.confidence < _SURE_ADDRESS


def _is_ordinary(text: str, found: PersonalData, people: People) -> bool:
    """Whether a word that the tagger takes for a name is rather one of the sentence: "Blank labels"."""
    words = _WORD.findall(text[found.start : found.end])
    parts = {part.casefold() for person in people.known for part in _WORD.findall(person.name or "")}
    if any(word.casefold() in parts for word in words):
        return False
    lists = [look_at(word).lists for word in words]
    if all(of == "o" and _only_begins_like(word, parts) for word, of in zip(words, lists, strict=True)):
        return True
    common = ["o" in of or ("f" in of and "g" not in of) for of in lists]
    if all(common) and all(word.casefold() in people.small for word in words):
        return True
    if not any(map(_is_listed, lists)) and found.confidence < _SURE_UNLISTED:
        return True
    at_start = not text[: found.start].strip() or text[: found.start].rstrip()[-1:] in ".!?:"
    return at_start and all("o" in of and "g" not in of for of in lists)


def _only_begins_like(word: str, parts: set[str]) -> bool:
    """Whether a word is none of the names, nor owned by one, and only begins like one: "Export" of somebody "Expor"."""
    small = word.casefold()
    return small.removesuffix("s") not in parts and any(
        len(part) >= _LEAST_NAME and small.startswith(part) for part in parts
    )


def _has_capitals(text: str) -> bool:
    """Whether its writer begins sentences and names with them; who writes all small says nothing by it."""
    return any(word[0].isupper() for word in _WORD.findall(text))


def _is_listed(lists: str) -> bool:
    """Whether a word is on a list of given or family names."""
    return "g" in lists or "f" in lists


def _is_short(entity: Entity) -> bool:
    """Whether it is named like a ticket and has too few digits for one ("SPA-2" is a zone)."""
    return entity.type == "ticket_number" and sum(map(str.isdecimal, entity.text)) < _TICKET_DIGITS


def _apart(text: str, spans: Iterable[_Span]) -> Iterator[_Span]:
    """Of two that overlap the first, and what the other claims beyond it."""
    reached = 0
    for start, end, kind, confidence in sorted(spans, key=lambda span: (span[0], -span[1], -span[3])):
        # "(0176 …": the bracket belongs to the sentence.
        first = start + 1 if text[start] == "(" and ")" not in text[start:end] else start
        if end > reached:
            yield max(first, reached), end, kind, confidence
            reached = end


def _introduced(text: str) -> Iterator[tuple[int, int]]:
    """Names behind a title or a word for who somebody is: "my mother Ottilie", "Frau Krämer"."""
    for pattern, listed in NAMED:
        for match in pattern.finditer(text):
            start, end = match.span("name")
            words = list(re.finditer(r"\S+", text[start:end]))
            kept = 0
            for word in words:
                lists = look_at(word[0].strip(".,'’")).lists
                if _is_listed(lists) if listed else lists != "o":
                    kept = word.end()
                else:
                    break
            if kept:
                yield start, start + len(text[start : start + kept].rstrip(".,'’-"))


def _of_people(text: str, found: Sequence[_Span]) -> list[_Span]:
    """Without places that stand alone, dates that nobody was born on, and capitals that hardly are names."""
    kept = [
        each for each in found
        if not (each[2] == "[name]" and each[3] < _SURE_IN_OURS)
        and not (each[2] == "[date]" and not _LIVING.search(text[each[0] : each[1]]))
    ]  # fmt: skip
    personal = any(each[2] != "[place]" for each in kept)
    return [each for each in kept if personal or each[2] != "[place]"]


def _is_mark(text: str, span: _Span) -> bool:
    return any(mark.start() < span[1] and span[0] < mark.end() for mark in _MARK.finditer(text))


def _sure_names(found: str, confidence: float) -> Iterator[str]:
    for word in re.findall(r"[^\W\d_][\w'’-]*[^\W\d_]", found):
        lists = look_at(word).lists
        if "o" not in lists and (confidence >= _SURE or _is_listed(lists)):
            yield word


def _named(person: KnownPerson) -> KnownPerson | None:
    """The person without the words of a name that are words of any sentence ("Support Team")."""
    words = [word for word in (person.name or "").split() if word.casefold().strip(".,") not in ORDINARY]
    if not words and not (person.emails or person.phones or person.usernames):
        return None
    return replace(person, name=" ".join(words) or None)
