"""The file that holds the desk's secret: base64 of 32 bytes, one a line. The first seals; those below it are former
ones and still open what they sealed. Blank lines and lines that begin with # count for nothing."""

import base64
import binascii
import os
from pathlib import Path

from balie.lib.seals import KEY_BYTES, new_key


class SecretError(Exception):
    """The file cannot be used; the message says why, and nothing of what it holds."""


class NoFileError(SecretError):
    """There is none."""


def read_secrets(path: Path) -> list[bytes]:
    """The secrets, the one that seals first. SecretError."""
    try:
        lines = path.read_text("ascii").splitlines()
    except FileNotFoundError:
        raise NoFileError(f"{path} is not there") from None
    except OSError as error:
        raise SecretError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SecretError(f"{path} is no text") from None
    found = [
        _secret(path, number, line)
        for number, line in enumerate(lines, 1)
        if line.strip() and not line.startswith("#")
    ]
    if not found:
        raise SecretError(f"{path} holds no secret")
    return found


def read_or_make(path: Path) -> list[bytes]:
    """The same; where there is no file, one is made that its owner alone may read. SecretError."""
    try:
        return read_secrets(path)
    except NoFileError:
        _make(path)
    return read_secrets(path)


def _make(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f"{path.name}.{os.urandom(4).hex()}")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(base64.b64encode(new_key()) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(beside, path)  # of two processes that make one at once, one wins and both read it
        except FileExistsError:
            pass
        finally:
            beside.unlink()
    except OSError as error:
        raise SecretError(f"{path} cannot be made: {error.strerror}") from None


def _secret(path: Path, number: int, line: str) -> bytes:
    try:
        found = base64.b64decode(line.strip(), validate=True)
    except binascii.Error:
        found = b""
    if len(found) != KEY_BYTES:
        raise SecretError(f"line {number} of {path} is not base64 of {KEY_BYTES} bytes")
    return found
