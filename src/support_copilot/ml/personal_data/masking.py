"""Texts without the personal data that was found in them, for good."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal

from support_copilot.ml.personal_data.spans import PersonalData, PersonalDataType

#: ``label``: [EMAIL]. ``numbered``: [EMAIL_1], the same number for the same value. ``blocks``: as many ■ as characters.
MaskStyle = Literal["label", "numbered", "blocks"]

#: One word each, so that a person and a model read them.
LABELS: Final[Mapping[PersonalDataType, str]] = {
    "person": "PERSON", "email": "EMAIL", "phone": "PHONE", "address": "ADDRESS", "place": "PLACE", "card": "CARD",
    "iban": "IBAN", "national_id": "ID", "ip_address": "IP", "mac_address": "MAC", "birth_date": "BIRTHDATE",
    "username": "USERNAME", "url": "URL", "secret": "SECRET", "licence_plate": "PLATE",
}  # fmt: skip


def mask(text: str, found: Sequence[PersonalData], style: MaskStyle = "label") -> str:
    """The text with everything in ``found`` replaced; nothing of it can be brought back from the result.

    Args:
        found: of this text, in its order, without overlap, as ``find_personal_data`` gives it.
    """
    numbers: dict[tuple[str, str], int] = {}
    counts: dict[str, int] = {}
    pieces: list[str] = []
    position = 0
    for each in found:
        value, label = text[each.start : each.end], LABELS[each.type]
        pieces.append(text[position : each.start])
        position = each.end
        if style == "blocks":
            pieces.append("■" * len(value))
        elif style == "label":
            pieces.append(f"[{label}]")
        else:
            key = (label, " ".join(value.casefold().split()))
            if key not in numbers:
                counts[label] = counts.get(label, 0) + 1
                numbers[key] = counts[label]
            pieces.append(f"[{label}_{numbers[key]}]")
    pieces.append(text[position:])
    return "".join(pieces)
