"""Durable delivered messages a second, visitor to agent, their delivery time, and the processor time they cost."""

import subprocess
import tempfile
from pathlib import Path

import msgspec

from bench import machine
from bench.servers import serving

WINDOW = 4
TEXT = 60


class Load(msgspec.Struct, frozen=True):
    """What the generator reports."""

    conversations: int
    messages: int
    sent: int
    per_second: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    cpu_ms_per_message: float
    server_busy: float
    generator_busy: float
    lost: int
    doubled: int
    out_of_order: int
    unacked: int
    refused: int
    wrong_acks: int
    ack_p50_ms: float = 0.0
    ack_p99_ms: float = 0.0
    """From the visitor's send to its ack."""
    last_p50_ms: float = 0.0
    last_p99_ms: float = 0.0
    """From the visitor's send until the last of all agents has it."""

    @property
    def sound(self) -> bool:
        """Everything arrived once, in order and acked."""
        return not (
            self.lost or self.doubled or self.out_of_order or self.unacked or self.refused or self.wrong_acks
        )


def measure(server: str, conversations: int, seconds: float, warmup: float = 1.0, rate: float = 0.0) -> Load:
    """One run against a fresh server. ``rate`` 0: as fast as it goes."""
    with serving(server) as running:
        pids = [running.pid, *running.beside]
        return drive(running.port, pids, running.plan(conversations), seconds, warmup, rate)


def drive(
    port: int, pids: list[int], plan: list[str], seconds: float, warmup: float, rate: float = 0.0
) -> Load:
    """``pids``: whose processor time counts, children included."""
    with tempfile.NamedTemporaryFile("w", suffix=".plan") as file:
        file.write("\n".join(plan) + "\n")
        file.flush()
        command: list[str | Path] = [
            machine.LOAD, str(port), file.name, "--window", str(WINDOW), "--text", str(TEXT),
            "--pid", ",".join(map(str, pids)),
            "--seconds", str(seconds), "--warmup", str(warmup), "--rate", str(rate),
        ]  # fmt: skip
        done = subprocess.run(
            machine.pinned(machine.LOAD_CORE, command), capture_output=True, text=True, check=False
        )
    if not done.stdout:
        raise RuntimeError(f"the generator failed: {done.stderr.strip()}")
    return msgspec.json.decode(done.stdout, type=Load)
