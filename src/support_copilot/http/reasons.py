"""How reasons look in answers: the English sentence, and beside it its code with its values."""

from typing import Any

from pydantic import BaseModel, Field, model_validator

from support_copilot.kit.reasons import Reason, Value


class ReasonCode(BaseModel):
    """What a sentence says, for clients that say it in other words; ``values`` are what varies in it."""

    code: str = Field(examples=["satisfaction.waiting"])
    values: dict[str, Value] = {}


class WithReasons(BaseModel):
    """A model whose field ``x`` holds a reason and ``x_code`` its code; of a list, the codes in the same order."""

    @model_validator(mode="before")
    @classmethod
    def _put_codes_beside(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        coded = {name: given[said] for name in cls.model_fields if (said := name.removesuffix("_code")) in given}
        return given | {
            name: code_of(said)
            for name, said in coded.items()
            if name.endswith("_code") and name not in given and code_of(said) is not None
        }


def code_of(said: Any) -> ReasonCode | list[ReasonCode | None] | None:
    """The code of a sentence that has one; of a list, one for each, None where a sentence has none."""
    if isinstance(said, Reason):
        return ReasonCode(code=said.code, values=said.values)
    if isinstance(said, list | tuple):
        return [ReasonCode(code=one.code, values=one.values) if isinstance(one, Reason) else None for one in said]
    return None
