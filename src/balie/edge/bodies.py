"""Reading JSON bodies: strict, bounded, and with every flaw named at once instead of the first one only."""

import json
import re
from typing import Annotated, Any, dataclass_transform, get_args, get_origin

import msgspec
from litestar.connection import Request
from litestar.exceptions import InternalServerException

from balie.lib.errors import BalieError, Flaw, InvalidError
from balie.lib.text import clean

DEPTH_LIMIT = 32
STRANGERS_LIMIT = 8_192
"""Bytes of a body on routes that ask nobody who they are: reading one must cost the others nothing (I10)."""
_ALL_FLAWS_UP_TO = 16_384
"""Bytes up to which every flaw is looked for; beyond, the first one has to do."""

Line = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$(?!\n)")]
"""One line of text: a name, a title. No control characters."""

Email = Annotated[
    str, msgspec.Meta(max_length=254, pattern=r"^[^\s@\x00-\x1f\x7f]+@[^\s@\x00-\x1f\x7f]+$(?!\n)")
]


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Input(msgspec.Struct, rename="camel", frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of request bodies. A key nobody knows is a flaw: it is most often a misspelt one."""


def filled(text: str, pointer: str) -> str:
    """``text`` cleaned; InvalidError when nothing is left of it."""
    cleaned = clean(text)
    if not cleaned:
        raise InvalidError("The body is not valid.", errors=[Flaw(pointer, "needs text")])
    return cleaned


class MediaTypeError(BalieError):
    """The body must be JSON: send content-type application/json."""

    status = 415
    code = "json_expected"


class IncompleteError(BalieError):
    """The connection ended before the body did."""

    code = "body_incomplete"


class JsonRequest(Request[Any, Any, Any]):
    """A request whose body is checked strictly against the type of the handler's ``data``."""

    async def body(self) -> bytes:
        try:
            return await super().body()
        except InternalServerException:
            # Whoever hangs up in the middle is no fault of ours, and must not fill the log with traces.
            raise IncompleteError from None

    async def json(self) -> Any:
        if self.content_type[0] != "application/json":
            raise MediaTypeError
        body = await self.body()
        data = self.route_handler.parsed_fn_signature.parameters.get("data")
        if data is not None and len(body) > _ALL_FLAWS_UP_TO:
            _first_flaw(body, data.annotation)
        value = decode(body)
        return value if data is None else check(value, data.annotation)


def decode(body: bytes) -> Any:
    """The JSON value of ``body``. InvalidError for what other parsers read otherwise: NaN, lone surrogates,
    a key given twice, invalid UTF-8, nesting deeper than DEPTH_LIMIT."""
    try:
        value = msgspec.json.decode(body)
    except RecursionError:
        raise _too_deep() from None
    except UnicodeDecodeError:
        raise InvalidError("The body is not valid UTF-8.", code="not_utf8") from None
    except msgspec.MsgspecError as error:
        raise InvalidError(f"The body is not valid JSON: {error}.", code="not_json") from None
    if _depth(value) > DEPTH_LIMIT:
        raise _too_deep()
    # Numbers as text: Python refuses to read integers of thousands of digits, and nobody looks at them here.
    json.loads(body, object_pairs_hook=_unique, parse_int=str, parse_float=str)
    return without_nul(value) if NUL in body else value


NUL = b"\\u0000"
"""U+0000 as JSON writes it. No text needs it, and PostgreSQL takes none that has it."""


def without_nul(value: Any) -> Any:
    """A JSON value without U+0000 in any of its texts."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, list):
        return [without_nul(one) for one in value]
    if isinstance(value, dict):
        return {without_nul(key): without_nul(one) for key, one in value.items()}
    return value


def _first_flaw(body: bytes, type_: Any) -> None:
    """InvalidError at the first value of another type, before anything is made of the rest."""
    try:
        msgspec.json.decode(body, type=type_, strict=True)
    except msgspec.ValidationError as error:
        raise InvalidError("The body is not valid.", errors=[_flaw(error, "")]) from None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return  # no JSON: ``decode`` says what it is


def check(value: Any, type_: Any) -> Any:
    """``value`` as ``type_``; InvalidError with all its flaws."""
    try:
        return msgspec.convert(value, type_, strict=True)
    except msgspec.ValidationError as error:
        flaws = _flaws(value, type_, "") or [_flaw(error, "")]
        raise InvalidError("The body is not valid.", errors=flaws) from None


def _flaws(value: Any, type_: Any, pointer: str) -> list[Flaw]:
    """msgspec stops at the first flaw, so each field of a Struct is tried by itself."""
    struct = _struct(type_)
    if struct is None or not isinstance(value, dict):
        try:
            msgspec.convert(value, type_, strict=True)
        except msgspec.ValidationError as error:
            return [_flaw(error, pointer)]
        return []
    flaws: list[Flaw] = []
    fields = msgspec.structs.fields(struct)
    for field in fields:
        here = f"{pointer}/{field.encode_name}"
        if field.encode_name in value:
            flaws += _flaws(value[field.encode_name], field.type, here)
        elif field.required:
            flaws.append(Flaw(here, "is required"))
    if struct.__struct_config__.forbid_unknown_fields:
        known = {field.encode_name for field in fields}
        flaws += [Flaw(f"{pointer}/{key[:100]}", "is not known") for key in value if key not in known][:20]
    return flaws


def _struct(type_: Any) -> type[msgspec.Struct] | None:
    """The Struct of ``X``, ``Annotated[X, …]`` or ``X | None``."""
    if get_origin(type_) is Annotated:
        type_ = get_args(type_)[0]
    choices = [arg for arg in get_args(type_) if arg is not type(None)]
    if len(choices) == 1:
        type_ = choices[0]
    return type_ if isinstance(type_, type) and issubclass(type_, msgspec.Struct) else None


_PATH = re.compile(r" - at `\$([^`]*)`$")


def _flaw(error: msgspec.ValidationError, pointer: str) -> Flaw:
    text = str(error)
    path = _PATH.search(text)
    if path:
        pointer += re.sub(r"\.|\[", "/", path[1]).replace("]", "")
        text = text[: path.start()]
    return Flaw(pointer, text[:300])


def _depth(value: Any) -> int:
    depth, level = 0, [value]
    while level and depth <= DEPTH_LIMIT:
        level = [
            child
            for node in level
            if isinstance(node, dict | list)
            for child in (node.values() if isinstance(node, dict) else node)
        ]
        depth += 1
    return depth


def _unique(pairs: list[tuple[str, Any]]) -> None:
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise InvalidError("A key stands twice in one object.", code="key_twice")


def _too_deep() -> InvalidError:
    return InvalidError(f"The body is nested deeper than {DEPTH_LIMIT} levels.", code="too_deep")
