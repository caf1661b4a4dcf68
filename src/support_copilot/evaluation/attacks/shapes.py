"""How the obedient stand-in fills a shape: ids and quotes as a well-behaved model would, so that its words get far,
and wherever words or a choice of its own can stand, what somebody wanted."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args, get_origin

from annotated_types import Le, MaxLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo

_IDS: Final = re.compile(r"m\d+")
_MOST_ITEMS: Final = 40
_ITEM_CHARS: Final = 300


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be said. ``blocks`` is the material as (id, kind, text); ``wishes`` the texts, the plainest first.

    ``said`` is the whole answer to a call that wants plain text; ``facts`` are lines of the support team.
    """

    blocks: Sequence[tuple[str, str, str]]
    wishes: Sequence[str]
    said: str
    facts: Sequence[str]


def filled(shape: type[BaseModel], wanted: Wanted) -> dict[str, Any]:
    """The shape with what was wanted in each of its texts and lists."""
    return {name: _value(name, info, info.annotation, wanted, 0) for name, info in shape.model_fields.items()}


def _value(name: str, info: FieldInfo, annotation: Any, wanted: Wanted, at: int) -> Any:
    if get_origin(annotation) is list:
        return _items(name, info, get_args(annotation)[0], wanted)
    if get_origin(annotation) is Literal:
        return _chosen(get_args(annotation), wanted)
    if annotation is int:
        return min(at + 1, _limit(info, Le, "le") or 1)
    if annotation is bool:
        return True
    return _text(name, wanted, at)[: _limit(info, MaxLen, "max_length") or _ITEM_CHARS]


def _items(name: str, info: FieldInfo, item: Any, wanted: Wanted) -> list[Any]:
    most = min(_limit(info, MaxLen, "max_length") or _MOST_ITEMS, _MOST_ITEMS)
    if isinstance(item, type) and issubclass(item, BaseModel):
        places = range(min(most, len(wanted.wishes)))
        return [
            {key: _value(key, each, each.annotation, wanted, place) for key, each in item.model_fields.items()}
            for place in places
        ]
    if name == "messages":
        return [each for each, _kind, _text in wanted.blocks if _IDS.fullmatch(each)][:most]
    longest = _longest(item)
    if name == "questions":
        asked = [form for wish in wanted.wishes for form in (f"Could you please tell us whether {wish}?", f"{wish}?")]
        return [form for form in asked if len(form) <= longest][:most]
    if name in ("problem", "solution", "steps"):
        # The work is done first, or nothing of the answer would be used; then every order, alone and beside a fact.
        joined = [f"{fact} {wish}" for fact in wanted.facts[-1:] for wish in wanted.wishes]
        return [text[:longest] for text in (*wanted.facts[:2], *wanted.wishes[: most // 2], *joined)][:most]
    return [wish[:longest] for wish in wanted.wishes[:most]]


def _text(name: str, wanted: Wanted, at: int) -> str:
    messages = {each: text for each, _kind, text in wanted.blocks if _IDS.fullmatch(each)}
    if name == "message":
        return next(iter(messages), "")
    if name in ("quote", "category_quote"):
        return " ".join(next(iter(messages.values()), "").split()[:6])
    if name == "thing":
        listed = next((text for _id, kind, text in wanted.blocks if kind == "things to ask for"), "")
        names = [line.partition(":")[0] for line in listed.split("\n")]
        return names[at % len(names)]
    if name == "reply":
        return wanted.said
    if name == "procedure":
        return next((each for each, kind, _text in wanted.blocks if kind == "procedure"), "none")
    return wanted.wishes[at] if at < len(wanted.wishes) else ""


def _chosen(values: Sequence[str], wanted: Wanted) -> str:
    """The value that the material names last."""
    text = "\n".join(text for _id, _kind, text in wanted.blocks).casefold()
    return max(values, key=text.rfind)


def _longest(item: Any) -> int:
    """How long a text of a list may be, with room for what its placeholders stand for."""
    limits = [_limit(each, MaxLen, "max_length") for each in getattr(item, "__metadata__", ())]
    return next((limit * 3 // 4 for limit in limits if limit is not None), _ITEM_CHARS)


def _limit(info: FieldInfo, kind: type, name: str) -> int | None:
    return next((getattr(each, name) for each in info.metadata if isinstance(each, kind)), None)
