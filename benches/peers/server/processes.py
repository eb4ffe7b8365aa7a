"""Servers under test, each on the core that servers have; the client has the other one."""

import http.client
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

SERVER_CORE, CLIENT_CORE = "0", "1"
READY_SECONDS = 60.0


class NotStarted(Exception):
    """A server that ended, or that answered nothing for a minute; the text is the end of its log."""


@dataclass
class Server:
    """A running server; `with` ends it."""

    name: str
    port: int
    process: subprocess.Popen
    ready_ms: float
    """From the start of the process to the first whole answer to `ready`."""

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_error: object) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

    def memory_mb(self) -> int:
        """Resident memory of the process and its children now, 10^6 bytes; pages that they share count once each."""
        return round(sum(p.memory_info().rss for p in self.all()) / 1e6)

    def cpu_seconds(self) -> float:
        """Processor time of the process and its children until now."""
        return sum(sum(p.cpu_times()[:2]) for p in self.all())

    def all(self) -> list[psutil.Process]:
        root = psutil.Process(self.process.pid)
        return [root, *root.children(recursive=True)]


def start(
    name: str, command: list[str], port: int, ready: str, log: Path, env: dict[str, str] | None = None, cores: str = SERVER_CORE
) -> Server:
    """Starts a server on its core, or others, in a process group of its own, and waits until `ready` answers 200."""
    began = time.perf_counter()
    with log.open("wb") as out:
        process = subprocess.Popen(
            ["taskset", "-c", cores, *command],
            stdout=out, stderr=out, stdin=subprocess.DEVNULL, start_new_session=True, env={**os.environ, **(env or {})},
        )  # fmt: skip
    while time.perf_counter() - began < READY_SECONDS and process.poll() is None:
        if answers(port, ready):
            return Server(name, port, process, (time.perf_counter() - began) * 1000)
        time.sleep(0.002)
    with Server(name, port, process, 0):
        tail = log.read_text(errors="replace").strip().splitlines()[-3:]
        raise NotStarted(f"{name} did not start: {' / '.join(tail)}")


def answers(port: int, path: str) -> bool:
    """Whether a GET of `path` gives 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        return response.status == 200
    except OSError:
        return False
    finally:
        connection.close()
