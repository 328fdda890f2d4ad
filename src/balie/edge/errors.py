"""One shape for every error of the HTTP side: problem+json (RFC 9457). Catching everything happens here."""

import math
from http import HTTPStatus
from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.status_codes import HTTP_500_INTERNAL_SERVER_ERROR

from balie.edge.call import call_of
from balie.engine.ports import UnavailableError
from balie.lib.errors import BalieError, Flaw, InvalidError, TooManyError

MEDIA_TYPE = "application/problem+json"
_log = structlog.get_logger("balie.http")

_CODES = {
    400: "bad_request",
    401: "not_signed_in",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "json_expected",
    500: "internal",
    503: "try_later",
}


class ProblemFlaw(msgspec.Struct, frozen=True):
    """One thing wrong with the input."""

    pointer: str
    detail: str


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An error (RFC 9457). ``code`` is stable, for programs; ``instance`` is the request id in our logs."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    instance: str = ""
    errors: list[ProblemFlaw] | None = None


def to_problem(error: Exception, request_id: str) -> tuple[Problem, dict[str, str]]:
    """What the outside may know of ``error``, and the headers that go with it."""
    headers: dict[str, str] = {}
    flaws: list[Flaw] = []
    if isinstance(error, BalieError):
        status, code, detail = error.status, error.code, error.detail
        if isinstance(error, InvalidError):
            flaws = error.errors
        if isinstance(error, TooManyError):
            headers["retry-after"] = str(max(1, math.ceil(error.retry_after_s)))
    elif isinstance(error, UnavailableError):
        status, code, detail = (
            503,
            "try_later",
            "The store cannot be used now. Nothing was stored; try again.",
        )
        headers["retry-after"] = "1"
    elif isinstance(error, ValidationException):
        status, code, detail = 400, "invalid", "The parameters are not valid."
        flaws = _parameter_flaws(error.extra)
    elif isinstance(error, HTTPException) and error.status_code < HTTP_500_INTERNAL_SERVER_ERROR:
        status, code = error.status_code, _CODES.get(error.status_code, "bad_request")
        detail = HTTPStatus(status).description or HTTPStatus(status).phrase
        headers.update(error.headers or {})
    else:
        status, code, detail = (
            500,
            "internal",
            "Something went wrong on our side; the log knows it by this instance.",
        )
    return (
        Problem(
            type=f"urn:balie:problem:{code}",
            title=HTTPStatus(status).phrase,
            status=status,
            detail=detail,
            code=code,
            instance=request_id,
            errors=[ProblemFlaw(*flaw) for flaw in flaws] or None,
        ),
        headers,
    )


def answer_error(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Litestar's handler of last resort for every exception."""
    call = call_of(request.scope)
    problem, headers = to_problem(error, call.request_id)
    if problem.status >= HTTP_500_INTERNAL_SERVER_ERROR:
        known = isinstance(error, UnavailableError | BalieError)
        _log.error("request_failed", code=problem.code, path=call.path, exc_info=None if known else error)
    return Response(
        msgspec.json.encode(problem), status_code=problem.status, media_type=MEDIA_TYPE, headers=headers
    )


def _parameter_flaws(extra: Any) -> list[Flaw]:
    items = extra if isinstance(extra, list) else []
    return [
        Flaw("", "a JSON body is required")
        if item.get("key") == "data"
        else Flaw(str(item.get("key", "")), str(item.get("message", "is not valid"))[:300])
        for item in items
        if isinstance(item, dict)
    ]
