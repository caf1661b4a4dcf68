"""Sentences for people that programs can say in another language."""

from typing import Any, Self

Value = str | int | float


class Reason(str):
    """An English sentence that remembers its code and what varies in it, as markupsafe's ``Markup`` remembers its own.

    Everywhere a plain string: whoever only shows or compares it need not know. Answers of the API carry the code
    beside the sentence (``http/reasons.py``), and the console says it in the language of the page.
    """

    __slots__ = ("code", "values")

    code: str
    #: Numbers and names as they are, not as the sentence writes them: hours, counts, a severity, a language code.
    values: dict[str, Value]

    def __new__(cls, code: str, text: str, **values: Value) -> Self:
        made = super().__new__(cls, text)
        made.code, made.values = code, values
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), self.code, str(self), self.values)


def _again(kind: type[Reason], code: str, text: str, values: dict[str, Value]) -> Reason:
    return kind(code, text, **values)
