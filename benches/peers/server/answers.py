"""Row 8 and what else issue 4 asks for: start to the first tile, memory, facets, search; and growth."""

import shutil
import statistics
import subprocess
from pathlib import Path

import load
import ours
import peers
import prepare
import tilelist
from measure import Job, alternate, run, say, summary
from prepare import WORK
from processes import NotStarted, Server

FACETS = ["", "theme=food", "theme=culture,sport", "kind=association", "within=region:11", "within=department:59",
          "bbox=-1,43,3,46", "theme=energy&kind=project&within=region:84"]  # fmt: skip
WORDS = ["saint", "lyon", "mar", "jardin partage", "repair cafe", "atelier velo", "marseil", "bibliotheque", "75011",
         "strasbuorg", "ile", "chorale des", "la", "montpellier", "toulouze", "fablab"]  # fmt: skip


def started(runs: int) -> dict:
    """From the start of the process to the first whole tile, and its memory then, after a run of tiles."""
    row: dict = {"servers": {}, "failed": {}}
    starters = {
        "parvis, France demo": (lambda: peers.parvis(prepare.DEMO), "/tiles/boundaries/0/0/0"),
        "parvis, 1 M actors": (peers.parvis, "/tiles/actors/6/32/22?theme=food"),
        "parvis, 1 M actors, both cores": (lambda: peers.parvis(cores="0,1"), "/tiles/actors/6/32/22?theme=food"),
        "martin, boundaries alone": (lambda: peers.martin_archive("/boundaries/0/0/0"), "/boundaries/0/0/0"),
    }
    for name, (starter, first) in starters.items():
        times, memories = [], []
        try:
            for _ in range(runs):
                with starter() as server:
                    times.append(server.ready_ms + load.ask(server, [first])[0].milliseconds)
                    memories.append((server.memory_mb(), after_tiles(server, name)))
        except NotStarted as error:
            row["failed"][name] = str(error)
            continue
        row["servers"][name] = {"ms": round(statistics.median(times)), "all_ms": [round(t) for t in times],
                                "memory_mb": statistics.median(m[0] for m in memories),
                                "memory_after_mb": statistics.median(m[1] for m in memories)}  # fmt: skip
        say(f"  {name}: {row['servers'][name]}")
    return row


def after_tiles(server: Server, name: str) -> int:
    """Memory after some hundreds of tiles."""
    prefix = "/tiles/boundaries" if name.startswith("parvis") else "/boundaries"
    load.ask(server, [f"{prefix}/{z}/{x}/{y}" for z, x, y in tilelist.around(list(range(13)), 300)])
    return server.memory_mb()


def counted(runs: int) -> dict:
    """Facets over a million rows and search, each asked for the first time, and again."""
    with peers.prepared() as server:
        facets = [f"/collections/actors/facets?by=theme,kind,department&{f}&edition={{}}".replace("&&", "&") for f in FACETS]
        edition = (prepare.SCALE / "data/CURRENT").read_text().strip()
        paths = [path.format(edition) for path in facets]
        searches = [f"/search?q={word.replace(' ', '%20')}" for word in WORDS]
        times = {}
        for name, wanted in {"facets": paths, "search": searches}.items():
            first, again = load.ask(server, wanted), [a for _ in range(5) for a in load.ask(server, wanted)]
            wrong = [f"{a.path}: {a.status}" for a in first if a.status != 200]
            if wrong:
                raise ValueError("; ".join(wrong))
            times[name] = {"first": load.percentiles([a.milliseconds for a in first]),
                           "again": load.percentiles([a.milliseconds for a in again])}  # fmt: skip
            times[name]["slowest"] = max(first, key=lambda a: a.milliseconds).path
            say(f"  {name}: first {times[name]['first']}, again {times[name]['again']}")
    del runs
    return times


def growth(runs: int) -> dict:
    """Ten times the actors: ingest, start, memory. The boundaries and the events are the same in both, and are taken
    off by an ingest without any actor."""
    data = {}
    for label, rows in {"0": 0, "100k": 100_000, "1m": 1_000_000}.items():
        folder = WORK / f"growth-{label}"
        if not (folder / "territory.toml").exists():
            command = ["benches/gen/run.sh", str(rows), str(folder)]
            subprocess.run(command, check=True, env={**prepare.os.environ, "PARVIS_BIN": ""}, stdout=subprocess.DEVNULL)
        data[label] = folder
    jobs = [ingest(label, folder) for label, folder in data.items()]
    done, failed = alternate(jobs, 1)
    del runs
    row = {"tools": {name: summary(r, data[name] / "report.json") for name, r in done.items()}, "failed": failed}
    return row


def ingest(label: str, folder: Path) -> Job:
    shutil.rmtree(folder / "data", ignore_errors=True)
    report = folder / "report.json"
    command = [ours.PROGRAM, "ingest", str(folder / "territory.toml"), "--data", str(folder / "data"), "--report", str(report)]
    return Job(label, [command], report)
