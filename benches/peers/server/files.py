"""Rows 6 and 7: a million points written to a file of each format, and found in six levels of units."""

import csv
import re
import statistics
import subprocess
import sys
from pathlib import Path

import duckdb
import ours
import prepare
import pyogrio
from measure import Job, alternate, say, summary, warm
from prepare import CSV, DUCKDB, GPKG, SCALE, SPATIAL, WORK

OGR = {"csv": "CSV", "geojson": "GeoJSON", "geojsonseq": "GeoJSONSeq", "fgb": "FlatGeobuf"}
DUCK = {"csv": "FORMAT csv, HEADER", "parquet": "FORMAT parquet, COMPRESSION zstd",
        "geojson": "FORMAT gdal, DRIVER 'GeoJSON'", "geojsonseq": "FORMAT gdal, DRIVER 'GeoJSONSeq'",
        "fgb": "FORMAT gdal, DRIVER 'FlatGeobuf'"}  # fmt: skip
EVERY, SOME = "kind <> 'nothing'", "kind <> 'business'"
"""True of every row: a selection that must be looked at, where the whole download would only be copied. True of some rows
everywhere: no row group of a table is wanted whole."""
CASES = {"csv": ("csv", EVERY), "geojson": ("geojson", EVERY), "geojsonseq": ("geojsonseq", EVERY), "fgb": ("fgb", EVERY),
         "parquet": ("parquet", EVERY), "parquet, some rows": ("parquet", SOME)}  # fmt: skip


def export(runs: int) -> dict:
    """Each format by ours (through a filter), ogr2ogr from a GeoPackage and DuckDB's COPY from its own file; once each
    where it takes long enough to tell."""
    folder = WORK / "export"
    folder.mkdir(exist_ok=True)
    warm(GPKG, DUCKDB)
    row: dict = {"formats": {}, "failed": {}, "rows": {}}
    for case, (form, which) in CASES.items():
        say(f"export: {case}")
        jobs = [job for job in (ours_job(form, which, folder), ogr(form, which, folder), duck(form, which, folder)) if job]
        done, failed = alternate(jobs, runs if form == "parquet" else 1)
        outputs = {job.name: job.output for job in jobs}
        row["formats"][case] = {name: summary(r, outputs[name]) for name, r in done.items()}
        row["failed"] |= {f"{case}, {name}": error for name, error in failed.items()}
        row["rows"][case] = {name: rows(outputs[name], form) for name in done}
        for output in outputs.values():
            output.unlink(missing_ok=True)
    return row


def ours_job(form: str, which: str, folder: Path) -> Job:
    out = folder / f"parvis.{form}"
    command = prepare.export(form, out)
    helped = subprocess.run([ours.PROGRAM, "help", "export"], capture_output=True, text=True, check=False).stdout
    return Job("parvis", [[*command, *(["--filter", which] if "--filter" in helped else [])]], out)


def ogr(form: str, which: str, folder: Path) -> Job | None:
    if form not in OGR:
        return None
    out = folder / f"ogr2ogr.{form}"
    extra = ["-lco", "GEOMETRY=AS_XY"] if form == "csv" else []
    return Job("ogr2ogr", [["ogr2ogr", "-f", OGR[form], str(out), str(GPKG), "actors", "-where", which, *extra]], out)


def duck(form: str, which: str, folder: Path) -> Job:
    out = folder / f"duckdb.{form}"
    plain = "* EXCLUDE (themes, x, y), array_to_string(themes, ';') AS themes"
    geometry = "" if form == "csv" else ", ST_Point(lon, lat) AS geom"
    statement = f"LOAD '{SPATIAL}'; COPY (SELECT {plain}{geometry} FROM actors WHERE {which}) TO '{out}' ({DUCK[form]})"
    code = f"import duckdb; duckdb.connect({str(DUCKDB)!r}, read_only=True).execute({statement!r})"
    return Job("DuckDB COPY", [[sys.executable, "-c", code]], out)


def rows(path: Path, form: str) -> int:
    """The rows of a file, by somebody else's reader where that is quick."""
    if form in ("csv", "parquet"):
        reader = f"read_csv('{path}', all_varchar = true)" if form == "csv" else f"read_parquet('{path}')"
        return duckdb.sql(f"SELECT count(*) FROM {reader}").fetchone()[0]
    if form == "fgb":
        return pyogrio.read_info(path, force_feature_count=True)["features"]
    with path.open("rb") as lines:
        return sum(line.count(b'"type": "Feature"') + line.count(b'"type":"Feature"') for line in lines)


def levels(runs: int) -> dict:
    """A million points to their units: ours through `parvis serve` and POST /lookup, all six levels in one go; DuckDB one
    level, the municipalities; geopandas that and all six. DuckDB takes half a minute for 20,000 points in all six, whose
    outlines it walks whole for every point: that is not waited for."""
    points = WORK / "points.csv"
    if not prepare.fresh(points):
        with CSV.open(encoding="utf-8", newline="") as source, points.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(["lon", "lat"])
            writer.writerows([row["lon"], row["lat"]] for row in csv.DictReader(source) if row["lon"])
    units = {}
    for name in ours.COLLECTIONS:
        units[name] = WORK / f"{name}.parquet"
        if not prepare.fresh(units[name]):
            units[name].unlink(missing_ok=True)
            command = [ours.PROGRAM, "export", name, "--format", "parquet", "--data", str(SCALE / "data"), "-o"]
            subprocess.run([*command, str(units[name])], check=True, stderr=subprocess.DEVNULL)
    here = Path(__file__).parent
    warm(points, *units.values())
    jobs = []
    for label, wanted in {"municipalities": [units["municipalities"]], "six levels": list(units.values())}.items():
        for tool in ("duckdb", "geopandas")[len(wanted) > 1 :]:
            out = WORK / f"levels-{tool}.json"
            command = [sys.executable, str(here / "levels_job.py"), tool, str(SPATIAL), str(points), str(out)]
            jobs.append(Job(f"{tool}, {label}", [[*command, *map(str, wanted)]], out))
    done, failed = alternate(jobs, 1)
    row = {"tools": {}, "failed": failed, "found": {}}
    outputs = {job.name: job.output for job in jobs}
    for name, all_runs in done.items():
        row["tools"][name] = summary(all_runs, outputs[name])
        row["found"][name] = outputs[name].read_text()
    row |= lookup(points) | {"library": library(runs)}
    return row


def library(runs: int) -> dict:
    """The same without HTTP or CSV, on both cores: the program `speed` of parvis-store, first and second round of each run."""
    command = [ours.SPEED, str(SCALE / "data")]
    if not Path(ours.SPEED).exists():
        return {}
    seconds: dict[str, list[float]] = {}
    for _ in range(runs):
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        for turn, took in re.findall(r"points to six levels, (first|again): ([0-9.]+) s", said):
            seconds.setdefault(turn, []).append(float(took))
    return {turn: statistics.median(took) for turn, took in seconds.items()}


def lookup(points: Path) -> dict:
    """`POST /lookup` with the same points; both ends of the connection on one machine."""
    import http.client
    import time

    import peers

    body = points.read_bytes()
    with peers.parvis() as server:
        began = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=300)
        connection.request("POST", "/lookup", body=body, headers={"Content-Type": "text/csv", "Accept": "text/csv"})
        answer = connection.getresponse()
        if answer.status != 200:
            return {"lookup": None}
        lines = located = 0
        while block := answer.read(1 << 20):
            lines += block.count(b"\n")
            located += block.count(b"municipality:")
        seconds = time.perf_counter() - began
        return {"lookup": {"seconds": round(seconds, 3), "rows": lines - 1, "in_a_municipality": located,
                           "memory_mb": server.memory_mb()}}  # fmt: skip
