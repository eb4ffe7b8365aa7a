"""Row 1: an extract to GeoJSONSeq of its administrative units, ours with status and hierarchy, osmium-tool's without.

And growth: the same with a tenth of the data.
"""

from collections import Counter
from pathlib import Path

import inputs
import ours
import shapely
from inputs import BUILD, Input
from measure import Failed, Job, alternate, run, say, summary, warm
from shapely.geometry import shape

OSMIUM = ["r/boundary=administrative,local_authority"]
"""The relations that can be units; what osmium-tool's filter keeps."""

SAME_AREA = 1e-6
"""Areas that differ by a greater share are not the same area."""


def osmium_tool(source: Input, out: Path) -> Job:
    """PBF to GeoJSONSeq of all areas that osmium-tool can assemble."""
    filtered = out.with_suffix(".osm.pbf")
    return Job(
        "osmium-tool",
        [
            ["osmium", "tags-filter", str(source.path), *OSMIUM, "-o", str(filtered), "--overwrite"],
            ["osmium", "export", str(filtered), "-o", str(out), "-f", "geojsonseq", "--geometry-types=polygon"]
            + ["--add-unique-id=type_id", "-x", "print_record_separator=false", "--overwrite"],
        ],
        out,
        scratch=[filtered],
    )


def compare(source: Input, runs: int) -> dict:
    """One extract, both programs in turn, and whether what they wrote can be compared."""
    say(f"{source.title}: PBF to units")
    theirs = osmium_tool(source, BUILD / f"{source.name}-osmium.geojsonseq")
    units = BUILD / f"{source.name}-units.geojsonseq"
    jobs = [ours.boundaries(source.path, source.countries, units)] if ours.has("boundaries") else []
    warm(source.path)
    done, failed = alternate([*jobs, theirs], runs)
    outputs = {"parvis": units, "osmium-tool": theirs.output}
    row = {"input": source.title, "file": source.path.name, "bytes": source.path.stat().st_size}
    row |= {"failed": failed, "tools": {name: summary(r, outputs[name]) for name, r in done.items()}}
    if "parvis" not in done:
        row["failed"].setdefault("parvis", "this build has no command `parvis boundaries`")
        row["ingest"] = by_ingest(source, units)
    if theirs.name in done and units.exists():
        row["same"] = same(units, theirs.output)
    return row


def by_ingest(source: Input, units: Path) -> dict:
    """Units by way of a whole ingest, once: no measure of row 1, but of its phases, and something to compare."""
    made = ours.edition(source.path, source.countries, BUILD / f"{source.name}-edition")
    one = run(made.job)
    ours.collect(made)
    units.write_bytes(made.units.read_bytes())
    return {"seconds": round(one.seconds, 2), "peak_mb": round(one.peak_mb), "phases": ours.phases(one)}


def same(units: Path, areas: Path) -> dict:
    """Compares our units with osmium-tool's areas by the number of their relation."""
    mine = {u["properties"]["osm_id"]: u for u in ours.read_units(units) if u["properties"].get("osm_id")}
    whole = {id_: u for id_, u in mine.items() if ours.has_boundary(u)}
    # osmium numbers the area of relation r as 2r + 1, of a closed way w as 2w.
    theirs = {a["id"]: a for a in ours.read_units(areas)}
    relations = {f"r{int(id_[1:]) // 2}": a for id_, a in theirs.items() if int(id_[1:]) % 2 == 1}
    both = sorted(whole.keys() & relations.keys())
    differences = area_differences([whole[i] for i in both], [relations[i] for i in both])
    apart = {i: float(d) for i, d in zip(both, differences, strict=True) if d > SAME_AREA}
    return {
        "ours": len(whole),
        "theirs": len(relations),
        "both": len(both),
        "with_parent": sum(1 for u in whole.values() if u["properties"].get("parent_id")),
        "largest_difference": max((float(d) for d in differences if d <= SAME_AREA), default=0.0),
        "areas_apart": [[label(whole[i]), whole[i]["properties"]["status"], d] for i, d in sorted(apart.items())],
        "not_ours": not_ours(relations, mine, whole),
        "ours_alone": listed([whole[i] for i in whole.keys() - relations.keys()]),
        "without_relation": unrelated(units),
    }


def area_differences(mine: list[dict], theirs: list[dict]) -> list[float]:
    """By unit, the difference of the planar areas (square degrees) as a share of osmium-tool's."""
    a = shapely.area([shape(u["geometry"]) for u in mine])
    b = shapely.area([shape(u["geometry"]) for u in theirs])
    return list(abs(a - b) / b)


def not_ours(relations: dict, mine: dict, whole: dict) -> dict[str, int]:
    """Areas of osmium-tool that are no whole unit of ours, counted by what they are."""
    kinds: Counter[str] = Counter()
    for id_ in relations.keys() - whole.keys():
        tags = relations[id_]["properties"]
        kind = f"{tags.get('boundary')}, admin_level {tags.get('admin_level', 'none')}"
        known = f"{mine[id_]['properties']['status']} here" if id_ in mine else "no level in the country's rules"
        kinds[f"{kind}: {known}"] += 1
    return dict(sorted(kinds.items()))


def label(unit: dict) -> str:
    """A unit as the report names it."""
    told = unit["properties"]
    return f"{told.get('id') or unit['id']} {told['name']}"


def listed(units: list[dict]) -> dict[str, list[str]]:
    """Units by collection and status."""
    groups: dict[str, list[str]] = {}
    for unit in units:
        told = unit["properties"]
        groups.setdefault(f"{ours.COLLECTIONS[told['level'] - 1]}, {told['status']}", []).append(label(unit))
    return {group: sorted(names) for group, names in sorted(groups.items())}


def unrelated(units: Path) -> dict[str, list[str]]:
    """Our units that no relation stands for: dissolved from their members."""
    return listed([u for u in ours.read_units(units) if ours.has_boundary(u) and not u["properties"].get("osm_id")])


def growth(runs: int) -> dict:
    """A tenth of France and all of it, in turn: does time grow with the data?"""
    whole = inputs.france()
    small = inputs.tenth(whole)
    say(f"growth: {small.title} and {whole.title}")
    rows = {"small": small.title, "large": whole.title}
    rows["data"] = {source.title: inputs.count(source.path) for source in (small, whole)}
    warm(small.path, whole.path)
    for what, make, suffix in [("boundaries", ours.boundaries, "geojsonseq"), ("tiles", ours.tiles, "pmtiles")]:
        if not ours.has(what):
            continue
        jobs = [make(s.path, s.countries, BUILD / f"growth-{s.name}.{suffix}") for s in (small, whole)]
        for job, source in zip(jobs, (small, whole), strict=True):
            job.name = source.title
        done, failed = alternate(jobs, runs)
        if failed:
            raise Failed(f"growth of {what}: {failed}")
        rows[what] = {job.name: summary(done[job.name], job.output) for job in jobs}
    if "boundaries" not in rows:
        jobs = [ours.edition(s.path, s.countries, BUILD / f"growth-{s.name}").job for s in (small, whole)]
        rows["ingest"] = {s.title: by_phase(job) for s, job in zip((small, whole), jobs, strict=True)}
    return rows


def by_phase(job: Job) -> dict:
    """One ingest and its phases."""
    one = run(job)
    return {"seconds": round(one.seconds, 2), "phases": ours.phases(one)}
