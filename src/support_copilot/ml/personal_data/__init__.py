"""Personal data in texts: found, masked for good, or masked for the way to a model and back."""

from support_copilot.ml.personal_data.find import find_personal_data
from support_copilot.ml.personal_data.masking import MaskStyle, mask
from support_copilot.ml.personal_data.placeholders import PlaceholderMasker, StreamRestorer
from support_copilot.ml.personal_data.spans import KnownPerson, PersonalData, PersonalDataType

__all__ = [
    "KnownPerson",
    "MaskStyle",
    "PersonalData",
    "PersonalDataType",
    "PlaceholderMasker",
    "StreamRestorer",
    "find_personal_data",
    "mask",
]
