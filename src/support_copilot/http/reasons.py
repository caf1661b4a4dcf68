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
        wanted = [name for name in cls.model_fields if name.endswith("_code") and name not in given]
        codes = {name: code_of(given.get(name.removesuffix("_code"))) for name in wanted}
        return given | {name: code for name, code in codes.items() if code is not None}


def code_of(said: Any) -> ReasonCode | list[ReasonCode | None] | None:
    """The code of a sentence that has one; of a list, one for each, None where a sentence has none."""
    return [_code_of_one(one) for one in said] if isinstance(said, list | tuple) else _code_of_one(said)


def _code_of_one(said: Any) -> ReasonCode | None:
    return ReasonCode(code=said.code, values=said.values) if isinstance(said, Reason) else None
