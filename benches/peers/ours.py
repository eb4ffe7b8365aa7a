"""Parvis in the comparison: one function a command. When a command changes, it changes here and nowhere else."""

import functools
import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from measure import Job, Run, first_line, say

PROGRAM = str(Path(os.environ.get("PARVIS_BIN", "./bin/parvis")).absolute())

SPEED = os.environ.get("PARVIS_SPEED", "target/release/examples/speed")
"""`store/examples/speed.rs` compiled (`cargo build --release --workspace --example speed`), which measures without a server."""

COLLECTIONS = ["countries", "regions", "departments", "intercommunalities", "municipalities", "neighbourhoods"]
"""The six levels, strongest first: the names of their collections, tile layers and downloads."""

FIRST_ZOOM = dict(zip(COLLECTIONS, [0, 2, 4, 5, 7, 9], strict=True))
"""From which zoom a level is drawn (DESIGN 8)."""

LAST_ZOOM = 12

NOMENCLATURE = Path("data/demo/nomenclature").absolute()
"""Official lists of France, from whose members units that do not close are dissolved."""


def boundaries(pbf: Path, countries: str, out: Path) -> Job:
    """PBF to one GeoJSONSeq of all units of all levels with their hierarchy."""
    return Job("parvis", [[PROGRAM, "boundaries", str(pbf), "--countries", countries, "-o", str(out)]], out)


def tiles(pbf: Path, countries: str, out: Path) -> Job:
    """PBF to the boundary pyramid, zooms 0 to 12."""
    return Job("parvis", [[PROGRAM, "boundaries", str(pbf), "--countries", countries, "--tiles", str(out)]], out)


@functools.cache
def has(what: str) -> bool:
    """Whether this build can do `boundaries` or `tiles`."""
    helped = subprocess.run([PROGRAM, "help", "boundaries"], capture_output=True, text=True, check=False)
    return helped.returncode == 0 and {"boundaries": "--output", "tiles": "--tiles"}[what] in helped.stdout


def version() -> str:
    """What the program says of its version, and the commit of the tree it stands in."""
    commit = first_line("git", "rev-parse", "--short", "HEAD")
    return f"{first_line(PROGRAM, '--version')} ({commit})"


def phases(run: Run) -> dict[str, float]:
    """Seconds by phase, as the program prints them when nobody watches (`hierarchy    0.2 s`)."""
    found = re.findall(r"^(\S.*?)\s{2,}.*?([\d.]+) s$", run.log, re.MULTILINE)
    return {name: float(seconds) for name, seconds in found}


def has_boundary(feature: dict) -> bool:
    """Whether a unit's outline is whole: those are drawn, and compared."""
    return feature["geometry"] is not None and feature["properties"]["status"] in ("complete", "repaired", "derived")


def read_units(path: Path) -> list[dict]:
    """The features of a GeoJSONSeq, with or without record separators."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line.lstrip("\x1e")) for line in lines if line.strip()]


@dataclass
class Edition:
    """A whole ingest of one PBF: the way to units and tiles of a build that lacks the two commands."""

    units: Path
    tiles: Path
    job: Job


def edition(pbf: Path, countries: str, folder: Path) -> Edition:
    """How to ingest a PBF (and, for France, the official lists) into `folder`."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    config, data, log = folder / "territory.toml", folder / "data", folder / "report.json"
    source = 'producer = "OSM"\nlicence = "etalab-2.0"\n'
    text = f'id = "peers"\ntitle = {{ fr = "Pairs", en = "Peers" }}\ncountries = ["{countries}"]\n'
    text += 'window = { from = "2026-01-01", to = "2027-01-01" }\nstart = { lon = 0, lat = 0, zoom = 1 }\n'
    text += f'\n[[source]]\nid = "boundaries"\nreader = "osm-pbf"\npath = "{pbf}"\n{source}'
    if countries == "FR":
        text += f'\n[[source]]\nid = "nomenclature"\nreader = "nomenclature"\npath = "{NOMENCLATURE}"\n{source}'
    config.write_text(text)
    ingest = [PROGRAM, "ingest", str(config), "--data", str(data), "--report", str(log)]
    return Edition(folder / "units.geojsonseq", folder / "boundaries.pmtiles", Job("parvis ingest", [ingest], log))


def collect(made: Edition) -> None:
    """Brings the units and the tiles of an ingested edition together, untimed."""
    data = made.job.output.parent / "data"
    say("  exporting the six collections of the edition")
    with made.units.open("wb") as out:
        for collection in COLLECTIONS:
            export = [PROGRAM, "export", collection, "--format", "geojsonseq", "-o", "-", "--data", str(data)]
            subprocess.run(export, stdout=out, stderr=subprocess.DEVNULL, check=True)
    newest = max(data.rglob("*.pmtiles"), key=lambda path: path.stat().st_mtime)
    made.tiles.write_bytes(newest.read_bytes())
