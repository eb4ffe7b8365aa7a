"""Asking: wrk for rates, one connection in Python for the time of single answers."""

import gzip
import http.client
import json
import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from processes import CLIENT_CORE, Server

LUA = Path(__file__).with_name("paths.lua")


def rates(server: Server, paths: list[str], connections: int, seconds: int, scratch: Path) -> dict:
    """Requests a second, percentiles in milliseconds, errors (a status over 399 is one), the share of its core that the
    server used."""
    scratch.write_text("\n".join(paths) + "\n")
    command = ["taskset", "-c", CLIENT_CORE, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s"]
    command += ["-s", str(LUA), f"http://127.0.0.1:{server.port}"]
    before = server.cpu_seconds()
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "PATHS": str(scratch)})
    cpu = server.cpu_seconds() - before
    line = next(line for line in done.stdout.splitlines() if line.startswith("JSON "))
    found = json.loads(line.removeprefix("JSON "))
    return {
        "connections": connections,
        "per_second": round(found["requests"] / found["seconds"], 1),
        "mb_per_second": round(found["bytes"] / found["seconds"] / 1e6, 1),
        **{name: round(found[name], 3) for name in ("p50", "p95", "p99")},
        "errors": found["errors"],
        "busy": round(cpu / found["seconds"], 3),
    }


@dataclass
class Answer:
    """A whole answer and how long it took, in milliseconds."""

    path: str
    status: int
    headers: dict[str, str]
    body: bytes
    milliseconds: float

    def plain(self) -> bytes:
        """The body without its coding."""
        return gzip.decompress(self.body) if self.headers.get("content-encoding") == "gzip" else self.body


def ask(server: Server, paths: list[str]) -> list[Answer]:
    """One after the other on one connection, from the client's core; the connection is opened before."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {int(CLIENT_CORE)} & before or before)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    connection.connect()
    out = []
    try:
        for path in paths:
            began = time.perf_counter()
            connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
            response = connection.getresponse()
            body = response.read()
            took = (time.perf_counter() - began) * 1000
            headers = {name.lower(): value for name, value in response.getheaders()}
            out.append(Answer(path, response.status, headers, body, took))
    finally:
        connection.close()
        os.sched_setaffinity(0, before)
    return out


def percentiles(milliseconds: list[float]) -> dict:
    """p50, p95, p99 and how many; nearest rank."""
    ordered = sorted(milliseconds)

    def rank(share: float) -> float:
        return round(ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))], 3)

    return {"count": len(ordered), "p50": rank(0.5), "p95": rank(0.95), "p99": rank(0.99)}
