"""Measures the rows of the server, one after the other, and writes their part of benches/RESULTS.md."""

import argparse
import datetime
import json
import os
import subprocess
import time
import traceback

import answers
import files
import filtered
import items
import ours
import peers
import prepare
import report_server
import results_file
import stored
from measure import first_line, machine, say
from prepare import WORK

STEPS = {
    "stored": stored.measure, "filtered": filtered.measure, "items": items.measure, "export": files.export,
    "levels": files.levels, "start": answers.started, "counts": answers.counted, "growth": answers.growth,
}  # fmt: skip
RESULTS = WORK / "results.json"


def main() -> None:
    """Keeps what each step found in results.json, so that one step can be run again alone."""
    arguments = argparse.ArgumentParser(description=__doc__)
    told = f"steps, of {','.join(STEPS)}; 'prepare' makes the inputs alone, 'report' writes again what is known"
    arguments.add_argument("--only", default=",".join(STEPS), help=told)
    steps = arguments.parse_args().only.split(",")
    runs = int(os.environ.get("RUNS", "5"))
    began = time.perf_counter()
    if steps != ["report"]:
        prepare.everything()
        with prepare.PostGIS():
            pass
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    for step in [s for s in STEPS if s in steps]:
        say(step)
        since = time.perf_counter()
        try:
            results[step] = STEPS[step](runs) | {"runs": runs}
        except Exception as error:  # the other rows are worth having all the same
            traceback.print_exc()
            results[step] = {"broken": True, "failed": {"the whole row": f"{type(error).__name__}: {error}"[:300]}}
        results |= {"date": datetime.date.today().isoformat(), "machine": machine(), "versions": versions()}
        RESULTS.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n")
        say(f"{step}: {time.perf_counter() - since:.0f} s")
    if results and steps != ["prepare"]:
        results_file.write("server", report_server.text(results))
        say(f"{results_file.REPORT} written; {time.perf_counter() - began:.0f} s in all")


def versions() -> dict[str, str]:
    """Versions of everything that was run."""
    from importlib.metadata import version

    postgis = subprocess.run(["dpkg-query", "-W", "-f=${Version}", "postgresql-15-postgis-3"], capture_output=True, text=True, check=False)
    return {
        "parvis": ours.version(),
        "martin": first_line(peers.MARTIN, "--version"),
        "nginx": first_line("/usr/sbin/nginx", "-v").split("/")[-1],
        "PostgreSQL": first_line(str(prepare.PG_BIN / "postgres"), "--version").split(" ")[2],
        "PostGIS": postgis.stdout,
        "ogr2ogr": first_line("ogr2ogr", "--version").split(",")[0],
        "wrk": first_line("dpkg-query", "-W", "-f=${Version}", "wrk"),
        **{name: version(name) for name in ("duckdb", "duckdb-extension-spatial", "geopandas", "tipg", "pygeoapi")},
    }


if __name__ == "__main__":
    main()
