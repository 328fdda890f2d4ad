"""A private ejabberd with its message archive in SQL: own configuration, folder and port, no service, no epmd."""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench import machine, postgres
from bench.servers import free_port, office_folder, wait_for_port

HOST = "localhost"
PASSWORD = "bench"
_SQL = Path("/usr/share/ejabberd/sql")

_CONFIG = """
hosts: [{host}]
loglevel: error
auth_method: internal
auth_password_format: plain
default_db: mnesia
{sql}
sql_pool_size: {pool}
listen:
  - port: {port}
    ip: "127.0.0.1"
    module: ejabberd_c2s
    starttls: false
    backlog: 1024
modules:
  mod_mam:
    db_type: sql
    default: always
    request_activates_archiving: false
"""


@contextmanager
def serving(engine: str, users: int) -> Iterator[tuple[int, list[int]]]:
    """Its port and processes, with the users u1 … registered."""
    ebin = next(iter(sorted(Path("/usr/lib").glob("*/ejabberd-*/ebin"))), None)
    if ebin is None:
        raise machine.MissingError(
            "The peer needs ejabberd: apt-get install ejabberd erlang-p1-sqlite3 erlang-p1-pgsql"
        )
    with ExitStack() as held:
        folder = held.enter_context(office_folder())
        port = free_port()
        config = folder / "ejabberd.yml"
        beside = []
        if engine == "sqlite":
            sql, pool = f"sql_type: sqlite\nsql_database: {folder / 'archive.db'}", 1
        else:
            url = postgres.server().database()
            held.callback(postgres.server().drop, url)
            postgres.server().execute((_SQL / "pg.sql").read_bytes(), url.rpartition("/")[2])
            where = f"sql_server: 127.0.0.1\nsql_port: {postgres.server().port}\nsql_username: balie"
            sql, pool = (
                f"sql_type: pgsql\n{where}\nsql_password: ''\nsql_database: {url.rpartition('/')[2]}",
                10,
            )
            beside = [postgres.pid()]
        config.write_text(_CONFIG.format(host=HOST, port=port, sql=sql, pool=pool))
        register = (
            f'[ejabberd_auth:try_register(<<"u",(integer_to_binary(N))/binary>>,<<"{HOST}">>,<<"{PASSWORD}">>)'
            f' || N <- lists:seq(1,{users})], file:write_file("{folder}/registered", <<>>).'
        )
        command = [
            "erl", "-noinput", "-pa", str(ebin), "-mnesia", "dir", f'"{folder}/mnesia"', "+P", "250000",
            "-s", "ejabberd", "-eval", f"ejabberd:start(), timer:sleep(3000), {register}",
        ]  # fmt: skip
        env = {
            "EJABBERD_CONFIG_PATH": str(config),
            "EJABBERD_LOG_PATH": str(folder / "ejabberd.log"),
            "HOME": str(folder),
            "ERL_CRASH_DUMP": "/dev/null",
        }
        with (folder / "told").open("wb") as told:
            process = held.enter_context(
                machine.running(machine.SERVER_CORE, command, env, stdout=told, stderr=subprocess.STDOUT)
            )
        held.callback(process.send_signal, signal.SIGKILL)
        try:
            wait_for_port(port, process)
            _wait_for(folder / "registered", process)
        except RuntimeError as error:
            log = folder / "ejabberd.log"
            said = (folder / "told").read_text()[-2_000:] + (log.read_text()[-2_000:] if log.exists() else "")
            raise RuntimeError(f"ejabberd does not start: {said}") from error
        yield port, [process.pid, *beside]


def _wait_for(file: Path, process: "subprocess.Popen[str]") -> None:
    end = time.monotonic() + 60
    while not file.exists():
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError("the users were not registered")
        time.sleep(0.05)
