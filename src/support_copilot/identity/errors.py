"""Refusals at the front door. None tells whether a user, a key or a password exists."""

from typing import ClassVar

from support_copilot.http.errors import ChallengeError
from support_copilot.kit.errors import AppError, NotFoundError


class UnauthenticatedError(ChallengeError):
    """Nobody has said who they are."""

    status, code, title = 401, "unauthenticated", "Sign in, or send a token or key as `Authorization: Bearer …`"
    challenge: ClassVar[str] = 'Bearer realm="support-copilot"'


class InvalidTokenError(ChallengeError):
    """A token, key or session that is not, or no longer, good. ``reason`` is for the log alone."""

    status, code, title = 401, "invalid_token", "The token, key or session is not valid or has ended"
    challenge: ClassVar[str] = 'Bearer realm="support-copilot", error="invalid_token"'

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


class PermissionDeniedError(ChallengeError):
    status, code, title = 403, "permission_denied", "This needs a permission that you do not have"
    challenge: ClassVar[str] = 'Bearer realm="support-copilot", error="insufficient_scope"'


class CsrfError(AppError):
    status, code, title = 403, "csrf_failed", "The request did not come from the product's own page"


class SignInFailedError(ChallengeError):
    status, code, title = 401, "sign_in_failed", "The address, the password or the code is not right"
    challenge: ClassVar[str] = 'Bearer realm="support-copilot"'


class SecondFactorRequiredError(ChallengeError):
    status, code, title = (
        401,
        "second_factor_required",
        "Send the code of your authenticator as well, or a recovery code",
    )
    challenge: ClassVar[str] = 'Bearer realm="support-copilot"'


class EnrolmentRequiredError(PermissionDeniedError):
    code, title = "second_factor_enrolment_required", "Your role needs a second factor: set one up first"


class NoRoleError(AppError):
    status, code, title = 403, "no_role", "You have no role in this product; ask whoever runs it"


class NoProviderError(NotFoundError):
    code, title = "no_identity_provider", "This installation has no identity provider"


class LinkRefusedError(AppError):
    status, code, title = 403, "link_refused", "This link was used, has expired, or is not meant for this place"
