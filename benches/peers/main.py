"""Measures all rows, one after the other, and writes benches/RESULTS.md (run.sh starts it)."""

import argparse
import datetime
import json
import os
import time

import gaps
import inputs
import osmium
import ours
import report
import results_file
import shapely
import tiles
import units
from inputs import BUILD
from measure import first_line, machine, say

STEPS = ["units", "growth", "tiles", "gaps"]
RESULTS = BUILD / "results.json"


def main() -> None:
    """Keeps what each step found in results.json, so that one step can be run again alone."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--only", default=",".join(STEPS), help=f"steps, of {','.join(STEPS)}; 'report' for none")
    steps = arguments.parse_args().only.split(",")
    runs = int(os.environ.get("RUNS", "5"))
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() and steps != STEPS else {}
    began = time.perf_counter()
    for step in [s for s in STEPS if s in steps]:
        results[step] = {"units": row_units, "growth": units.growth, "tiles": tiles.build, "gaps": row_gaps}[step](runs)
        results |= {"runs": runs, "date": datetime.date.today().isoformat(), "machine": machine()}
        results |= {"versions": versions(), "not_installed": not_installed()}
        RESULTS.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n")
    results_file.write("boundaries", report.text(results))
    say(f"{results_file.REPORT} written; {time.perf_counter() - began:.0f} s in all")


def row_units(runs: int) -> list[dict]:
    """Row 1, extract by extract."""
    return [units.compare(source, runs) for source in inputs.extracts()]


def row_gaps(_runs: int) -> list[dict]:
    """The archives that row 2 left, against the units they were made of."""
    found = []
    for row in json.loads(RESULTS.read_text())["tiles"]:
        paths = {tool: BUILD / file for tool, file in row["archives"].items()}
        levels = inputs.levels(BUILD / f"{row['name']}-tiles")
        found.append({"input": row["input"], **gaps.measure(paths, levels, gaps.BOXES[row["name"]])})
    return found


def versions() -> dict[str, str]:
    """Versions of everything that was run."""
    from importlib.metadata import version

    return {
        "parvis": ours.version(),
        "osmium-tool": first_line("osmium", "--version"),
        **tiles.versions(),
        "freestiler": version("freestiler"),
        "shapely": f"{shapely.__version__} (GEOS {shapely.geos_version_string})",
        "pyosmium": version("osmium"),
    }


def not_installed() -> dict[str, str]:
    """What install.sh could not install, and the error."""
    lines = (BUILD / "not-installed").read_text().splitlines()
    return dict(line.split("\t", 1) for line in lines)


if __name__ == "__main__":
    main()
