"""Serves a territory for a while under half load and bad manners, with a new edition each minute, and judges.

usage: main.py PROGRAM TERRITORY.toml WORK_FOLDER SECONDS
"""

import asyncio
import os
import re
import resource
import statistics
import sys
import time
from pathlib import Path

import load
import nuisance
from editions import Publisher

CLIENTS, IDLE, SLOW, LEAVERS = 16, 2_000, 20, 8
EDITION_EVERY = float(os.environ.get("SOAK_EDITION_SECONDS", "60"))
FLAT_SHARE, FLAT_MB = 1.15, 40
"""Memory is flat when its last fifth is not larger than its second one by more than this."""


class Server:
    """The program under test."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self.process, self.port = process, port
        self.samples: list[tuple[float, float, int]] = []

    @classmethod
    async def start(cls, program: str, data: Path, log: Path) -> "Server":
        process = await asyncio.create_subprocess_exec(
            program, "serve", "--data", str(data), "--bind", "127.0.0.1:0", "--log", "warn",
            stdout=asyncio.subprocess.PIPE, stderr=log.open("wb"),
        )  # fmt: skip
        assert process.stdout
        line = (await asyncio.wait_for(process.stdout.readline(), 120)).decode()
        found = re.search(r"http://[0-9.]+:(\d+)", line)
        if not found:
            raise RuntimeError(f"the server printed no address: {line} {log.read_text()}")
        return cls(process, int(found[1]))

    async def sample(self) -> None:
        """Resident memory (MB) and open files, once a second."""
        folder = Path(f"/proc/{self.process.pid}")
        began = time.monotonic()
        while True:
            status = (folder / "status").read_text()
            resident = int(re.search(r"VmRSS:\s+(\d+)", status)[1]) * 1024 / 1e6
            self.samples.append((time.monotonic() - began, resident, len(os.listdir(folder / "fd"))))
            await asyncio.sleep(1)


async def measure_capacity(pace: load.Pace, tally: load.Tally) -> float:
    """Requests a second when nobody waits, for five seconds after two to warm up."""
    await asyncio.sleep(2)
    before = len(tally.milliseconds)
    await asyncio.sleep(5)
    rate = (len(tally.milliseconds) - before) / 5
    pace.rate = rate / 2
    return rate


async def soak(program: str, territory: Path, work: Path, seconds: float) -> list[str]:
    publisher = Publisher(program, territory, work)
    await publisher.publish()
    server = await Server.start(program, work / "data", work / "serve.err")
    host, port, tally, pace = "127.0.0.1", server.port, load.Tally(), load.Pace()
    tasks = [load.client(host, port, n, pace, tally) for n in range(CLIENTS)]
    running = [asyncio.ensure_future(task) for task in tasks]
    capacity = await measure_capacity(pace, tally)
    print(f"capacity {capacity:.0f} requests/s with {CLIENTS} connections; {pace.rate:.0f} from here on", flush=True)
    tally.milliseconds.clear()
    tasks = [load.freshness(host, port, publisher, tally), server.sample(), nuisance.idle(host, port, IDLE, tally)]
    tasks += [nuisance.slow_reader(host, port, nuisance.LONG) for _ in range(SLOW)]
    tasks += [nuisance.leaver(host, port, n) for n in range(LEAVERS)]
    tasks += [nuisance.large_headers(host, port, tally) for _ in range(2)]
    running += [asyncio.ensure_future(task) for task in tasks]
    ends = time.monotonic() + seconds
    while (left := ends - time.monotonic()) > 0:
        done, _ = await asyncio.wait(running, timeout=min(EDITION_EVERY, left), return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
        if server.process.returncode is not None:
            break
        if ends - time.monotonic() > 10:
            await publisher.publish()
    ended = server.process.returncode
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    if ended is None:
        server.process.terminate()
        await asyncio.wait_for(server.process.wait(), 60)
    log = (work / "serve.err").read_text()
    return judge(server, publisher, tally, ended, log)


def judge(server: Server, publisher: Publisher, tally: load.Tally, ended: int | None, log: str) -> list[str]:
    """Prints what was seen; gives what must not have been."""
    times = sorted(tally.milliseconds)
    at = lambda share: times[min(len(times) - 1, int(share * len(times)))]  # noqa: E731
    fifth = max(1, len(server.samples) // 5)
    early = statistics.median(s[1] for s in server.samples[fifth : 2 * fifth] or server.samples)
    late = statistics.median(s[1] for s in server.samples[-fifth:])
    print(f"{len(times)} answers, {dict(tally.statuses)}; p50 {at(0.5):.1f} ms, p95 {at(0.95):.1f}, p99 {at(0.99):.1f}")
    print(f"{publisher.count} editions, ingest {statistics.median(publisher.seconds):.1f} s; {tally.checked} answers known fresh")
    print(f"memory: {early:.0f} MB early, {late:.0f} MB late, {max(s[1] for s in server.samples):.0f} MB at most")
    print(f"open files: {max(s[2] for s in server.samples)} at most, {server.samples[-1][2]} at the end")
    wrong = [f"{count} times: {what}" for what, count in tally.wrong.most_common(20)]
    if ended is not None:
        wrong.append(f"the server ended by itself with {ended}")
    if log.strip():
        wrong.append(f"its log is not clean: {log[:2000]}")
    if late > early * FLAT_SHARE + FLAT_MB:
        wrong.append(f"memory grew from {early:.0f} to {late:.0f} MB")
    if not tally.checked:
        wrong.append("no answer could be told fresh")
    return wrong


def main() -> None:
    program, territory, work, seconds = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), float(sys.argv[4])
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65_536), hard))
    wrong = asyncio.run(soak(program, territory, work, seconds))
    for line in wrong:
        print(f"WRONG: {line}")
    print("soak: " + ("failed" if wrong else f"nothing wrong in {seconds:.0f} s"))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
