"""Errors of the business: a definite no with a stable ``code``. Shown as RFC 9457 problems and refusals.

``UnavailableError`` (the store cannot be used now) is no business error; it lives with the engine ports.
"""

from typing import NamedTuple


class Flaw(NamedTuple):
    """One thing wrong with an input: ``pointer`` is a JSON pointer into the body, or a parameter's name."""

    pointer: str
    detail: str


class BalieError(Exception):
    """A definite no. ``code`` is stable, for programs; ``detail`` English, for people. Holds no secrets."""

    status: int = 400
    code: str = "bad_request"

    def __init__(self, detail: str = "", *, code: str | None = None) -> None:
        super().__init__(detail or type(self).__doc__ or "")
        self.detail = detail or (type(self).__doc__ or "")
        if code is not None:
            self.code = code


class InvalidError(BalieError):
    """The input is not valid."""

    status = 400
    code = "invalid"

    def __init__(
        self, detail: str = "", *, code: str | None = None, errors: list[Flaw] | None = None
    ) -> None:
        super().__init__(detail, code=code)
        self.errors = errors or []


class NotSignedInError(BalieError):
    """Sign in first."""

    status = 401
    code = "not_signed_in"


class ForbiddenError(BalieError):
    """Your role does not allow this."""

    status = 403
    code = "not_allowed"


class NotFoundError(BalieError):
    """There is nothing here that you may see."""

    status = 404
    code = "not_found"


class ConflictError(BalieError):
    """This does not go together with what is stored."""

    status = 409
    code = "conflict"


class TooManyError(BalieError):
    """Too many attempts; wait a while."""

    status = 429
    code = "too_many_requests"

    def __init__(self, detail: str = "", *, code: str | None = None, retry_after_s: float = 1.0) -> None:
        super().__init__(detail, code=code)
        self.retry_after_s = retry_after_s
