"""Starts desks by forking itself: a thousand restarts then cost a fraction of a thousand interpreter starts.

``python launcher.py [MUTANT]`` reads one JSON object a line, ``{"env": {...}, "log": path}``, and answers with the
process id; when a desk ends it says ``{"ended": pid, "code": code}``. Each desk is ``balie serve`` in a process group
of its own. MUTANT names a deliberate bug of ``mutants.py``. The desks end with the launcher's stdin.
"""

import asyncio  # noqa: F401 - what the desk needs is imported once, before the fork
import contextlib
import gc
import importlib
import json
import os
import resource
import selectors
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

from balie import cli
from balie.edge import passwords


def main() -> None:
    if len(sys.argv) > 1:
        import mutants

        mutants.MUTANTS[sys.argv[1]]()
    _warm_up()
    reading, waking = os.pipe()
    os.set_blocking(waking, False)
    signal.set_wakeup_fd(waking, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    selector = selectors.DefaultSelector()
    selector.register(0, selectors.EVENT_READ)
    selector.register(reading, selectors.EVENT_READ)
    gc.collect()
    gc.freeze()
    children: set[int] = set()
    rest = b""
    _say({"ready": True})
    while True:
        for key, _ in selector.select():
            if key.fd == reading:
                os.read(reading, 4096)
                _reap(children)
                continue
            data = os.read(0, 65_536)
            if not data:
                _end(children)
                return
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                children.add(_start(json.loads(line)))


def _warm_up() -> None:
    """Do once what each start would do again: late imports, and the slow hash that hides unknown addresses."""
    for late in ("litestar.plugins.pydantic", "uvicorn.lifespan.on", "uvicorn.protocols.http.httptools_impl"):
        importlib.import_module(late)
    nobody = "nobody has this password"
    hashed, hash_ = passwords.PasswordHasher().hash(nobody), passwords.PasswordHasher.hash
    passwords.PasswordHasher.hash = (  # type: ignore[method-assign]
        lambda self, password, **more: hashed if password == nobody else hash_(self, password, **more)
    )


def _start(order: dict[str, Any]) -> int:
    pid = os.fork()
    if pid:
        with contextlib.suppress(OSError):
            os.setpgid(pid, pid)
        _say({"started": pid})
        return pid
    code = 1
    try:
        os.setpgid(0, 0)
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _serve(order)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _serve(order: dict[str, Any]) -> None:
    with Path(order["log"]).open("ab") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.closerange(3, 64)
    os.environ.update(order["env"])
    if order["handles"]:
        resource.setrlimit(resource.RLIMIT_NOFILE, (order["handles"], order["handles"]))
    sys.argv = ["balie", "serve"]
    cli.main()


def _reap(children: set[int]) -> None:
    for pid in tuple(children):
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            children.discard(pid)
            _say({"ended": pid, "code": os.waitstatus_to_exitcode(status)})


def _end(children: set[int]) -> None:
    for pid in children:
        with contextlib.suppress(OSError):
            os.killpg(pid, signal.SIGKILL)


def _say(word: dict[str, Any]) -> None:
    os.write(1, json.dumps(word).encode() + b"\n")


if __name__ == "__main__":
    main()
