"""One error family. A subclass lives next to the code that raises it and reads as a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field of a request; ``message`` never repeats the value sent."""

    field: str
    code: str
    message: str


class AppError(Exception):
    """An expected refusal that a client can act on.

    ``code`` is what programs switch on, ``detail`` what people read; neither carries personal data.
    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    title: ClassVar[str] = "Something went wrong"

    def __init__(
        self,
        detail: str | None = None,
        *,
        errors: Sequence[FieldError] = (),
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.errors = tuple(errors)
        self.retry_after_s = retry_after_s


class NotFoundError(AppError):
    status, code, title = 404, "not_found", "There is nothing under this id"


class ConflictError(AppError):
    status, code, title = 409, "conflict", "The request does not fit the present state"


class StaleVersionError(AppError):
    status, code, title = 412, "stale_version", "Somebody changed this record since it was read"


class PayloadTooLargeError(AppError):
    status, code, title = 413, "payload_too_large", "The request is larger than the limit"


class InvalidRequestError(AppError):
    status, code, title = 422, "invalid_request", "Some fields are not valid"

    @classmethod
    def of_field(cls, field: str, code: str, message: str) -> "InvalidRequestError":
        """A refusal that names one field."""
        return cls(f"{field}: {message}", errors=[FieldError(field, code, message)])


class UnavailableError(AppError):
    """A part that is needed does not answer now; the same request may succeed later."""

    status, code, title = 503, "unavailable", "A needed part does not answer at the moment"
