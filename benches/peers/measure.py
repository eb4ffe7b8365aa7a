"""Runs programs side by side: wall seconds, processor seconds and peak memory of each run."""

import os
import platform
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

TIME = "/usr/bin/time"


class Failed(Exception):
    """A program that ended with an error; the text is its last line."""


@dataclass
class Job:
    """What one program has to do: its steps one after the other, and the file they leave."""

    name: str
    steps: list[list[str]]
    output: Path
    scratch: list[Path] = field(default_factory=list)
    """Files of steps in between, removed before every run like `output`."""


@dataclass
class Run:
    """One run of a job, from the start of its first process to the end of its last."""

    seconds: float
    """Wall time."""
    cpu_seconds: float
    """Processor time of all its threads, user and system."""
    peak_mb: float
    """The largest resident set of any of its processes, 10^6 bytes."""
    log: str
    """What it wrote to standard error."""


def run(job: Job) -> Run:
    """Runs a job once. Memory is GNU time's: its own process is so small that nothing of ours is counted."""
    for path in [job.output, *job.scratch]:
        path.unlink(missing_ok=True)
    usage = job.output.with_suffix(".usage")
    wall = cpu = peak = 0.0
    logs = []
    for step in job.steps:
        began = time.perf_counter()
        done = subprocess.run(
            [TIME, "--quiet", "-f", "%U %S %M", "-o", str(usage), *step],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace", check=False,
        )  # fmt: skip
        wall += time.perf_counter() - began
        if done.returncode != 0:
            last = (done.stderr.strip() or "no message").splitlines()[-1]
            raise Failed(f"{Path(step[0]).name} ended with {done.returncode}: {last}")
        user, system, kilobytes = usage.read_text().split()[-3:]
        cpu += float(user) + float(system)
        peak = max(peak, int(kilobytes) * 1024 / 1e6)
        logs.append(done.stderr)
    usage.unlink()
    if not job.output.exists():
        raise Failed(f"{job.name} left no {job.output.name}")
    return Run(wall, cpu, peak, "".join(logs))


def alternate(jobs: list[Job], runs: int) -> tuple[dict[str, list[Run]], dict[str, str]]:
    """All jobs in turn, `runs` times (A B A B …), so that a slow minute of the machine meets all of them.

    Gives the runs by job, and the error of each job that failed (it is not run again).
    """
    done: dict[str, list[Run]] = {}
    failed: dict[str, str] = {}
    for turn in range(runs):
        for job in jobs:
            if job.name in failed:
                continue
            try:
                one = run(job)
            except Failed as error:
                failed[job.name] = str(error)
                say(f"  {job.name}: {error}")
                continue
            done.setdefault(job.name, []).append(one)
            say(f"  {turn + 1}/{runs} {job.name}: {one.seconds:.2f} s, {one.peak_mb:.0f} MB")
    return {name: rows for name, rows in done.items() if name not in failed}, failed


def summary(runs: list[Run], output: Path) -> dict:
    """Medians of the runs, for results.json."""
    return {
        "seconds": round(statistics.median(r.seconds for r in runs), 3),
        "all_seconds": [round(r.seconds, 3) for r in runs],
        "cpu_seconds": round(statistics.median(r.cpu_seconds for r in runs), 2),
        "peak_mb": round(statistics.median(r.peak_mb for r in runs)),
        "bytes": output.stat().st_size,
    }


def warm(*paths: Path) -> None:
    """Reads files once, so that no run waits for the disk."""
    for path in paths:
        with path.open("rb") as file:
            while file.read(1 << 20):
                pass


def first_line(*command: str) -> str:
    """The first line a program prints, on either stream; empty when it cannot be run."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return next(iter((done.stdout + done.stderr).strip().splitlines()), "")


def machine() -> dict:
    """The machine, for the head of the report."""
    facts = dict(line.split(":", 1) for line in Path("/proc/cpuinfo").read_text().splitlines() if ":" in line)
    model = next((v.strip() for k, v in facts.items() if k.strip() == "model name"), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    name = dict(l.split("=", 1) for l in Path("/etc/os-release").read_text().splitlines() if "=" in l)["PRETTY_NAME"]
    cores = len(os.sched_getaffinity(0))
    return {"cores": cores, "processor": model, "memory_gb": round(memory / 1e9, 1), "system": name.strip('"')}


def say(text: str) -> None:
    """A line of progress."""
    print(text, file=sys.stderr, flush=True)


def as_json(run_: Run) -> dict:
    """A run without its log."""
    return {k: v for k, v in asdict(run_).items() if k != "log"}
