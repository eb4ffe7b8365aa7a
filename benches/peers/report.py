"""Writes what was measured as Markdown: the same results.json gives the same bytes."""

import report_tiles
from markdown import memory, phases, ratio, seconds, table, verdict

LISTED = 60
"""Names in a list before it is cut and counted."""

UNITS = """## PBF to units, both writing GeoJSONSeq

Ours: `parvis boundaries`: all levels with status, hierarchy, names and codes. Peer: `osmium tags-filter` and
`osmium export`: areas with their tags; no hierarchy, no status, and what does not close left out in silence.
Aim: a quarter of the peer's time under 300 MB; least: half."""


def text(results: dict) -> str:
    """The whole report."""
    parts = [head(results)]
    if "units" in results:
        parts += [UNITS, units(results["units"])]
    if "growth" in results:
        parts.append(growth(results["growth"]))
    if "tiles" in results:
        parts += [report_tiles.PYRAMID, *(report_tiles.pyramid(row) for row in results["tiles"])]
    if "gaps" in results:
        parts += [report_tiles.GAPS, *(report_tiles.gaps(found) for found in results["gaps"])]
    parts.append(absent(results))
    return "\n\n".join(parts) + "\n"


def head(results: dict) -> str:
    machine, runs = results["machine"], results["runs"]
    versions = "; ".join(f"{name}: {said}" for name, said in results["versions"].items() if said)
    medians = f"both are medians of {runs} runs" if runs > 1 else "**each was run once only: a look, no measure**"
    return f"""# Side by side

Written by `make bench-peers` ([how](peers/README.md)) on {results["date"]}: {machine["cores"]} cores
({machine["processor"]}), {machine["memory_gb"]} GB, {machine["system"]}. Seconds are wall time from a program's start
to its end, memory is the largest resident set of any of its processes; {medians},
ours and the peers' in turn on the same files, read once before. **ours ÷ peer** below 1 means that ours takes less;
above 1 it says slower, more or larger.

Versions: {versions}."""


def units(rows: list[dict]) -> str:
    lines = []
    for row in rows:
        mine, theirs = row["tools"].get("parvis", {}), row["tools"].get("osmium-tool", {})
        said = "not measured"
        if mine and theirs:
            said = verdict(mine["seconds"] / theirs["seconds"], 0.25, 0.5)
            said += "" if mine["peak_mb"] < 300 else ", **over 300 MB**"
        times = [seconds(mine), seconds(theirs), ratio(mine, theirs, "seconds", "slower")]
        memories = [memory(mine), memory(theirs), ratio(mine, theirs, "peak_mb", "more")]
        lines.append([f"{row['input']} ({row['bytes'] / 1e6:.1f} MB)", *times, *memories, said])
    columns = ["input", "ours", "osmium-tool", "ours ÷ peer", "our memory", "its memory", "ours ÷ peer", "time"]
    out = [table(columns, lines)]
    out += [f"{row['input']}: `parvis boundaries` {phases(row['ingest'])}" for row in rows if "ingest" in row]
    out += [comparable(row["input"], row["same"]) for row in rows if "same" in row]
    return "\n\n".join(out)


def comparable(title: str, same: dict) -> str:
    """Whether both wrote the same units."""
    equal = same["both"] - len(same["areas_apart"])
    first = (
        f"**{title}, compared by relation**: osmium-tool wrote {same['theirs']:,} areas of relations, ours "
        f"{same['ours']:,} whole units ({same['with_parent']:,} with a parent). {same['both']:,} are the same relation; "
        f"{equal:,} of those have the same area to 1e-6 (the largest difference: {same['largest_difference']:.0e}). "
        "The others:"
    )
    lines = [f"- another area, by {share:.1e} of it: {name} ({status})" for name, status, share in same["areas_apart"]]
    lines += [f"- osmium-tool alone: {count:,} {kind}" for kind, count in same["not_ours"].items()]
    lines += [f"- ours alone, {group}: {names(listed)}" for group, listed in same["ours_alone"].items()]
    lines += [f"- ours, without a relation, {group}: {names(all_)}" for group, all_ in same["without_relation"].items()]
    return first + "\n\n" + "\n".join(lines or ["- none"])


def names(listed: list[str]) -> str:
    """A list, cut where it is long."""
    more = f" and {len(listed) - LISTED} more" if len(listed) > LISTED else ""
    return f"{len(listed)}: " + ", ".join(listed[:LISTED]) + more


def growth(found: dict) -> str:
    small, large = found["small"], found["large"]
    counts = found["data"]
    times_of = {kind: counts[large][kind] / counts[small][kind] for kind in ("relations", "nodes")}
    data = min(times_of.values())
    out = [
        f"## Growth\n\n{large} has {times_of['relations']:.1f} times the relations of {small} "
        f"({counts[small]['relations']:,}) and {times_of['nodes']:.1f} times the nodes; the lesser counts. "
        "Ten times the data may take twelve times as long: time ÷ data at most 1.2, aim 1.1."
    ]
    rows = []
    for command in [name for name in ("boundaries", "tiles") if name in found]:
        a, b = found[command][small], found[command][large]
        times = b["seconds"] / a["seconds"]
        said = [f"{times:.1f}", f"{times / data:.2f}", verdict(times / data, 1.1, 1.2), memory(a), memory(b)]
        told = {"boundaries": "`parvis boundaries`", "tiles": "the same with `--tiles`"}[command]
        rows.append([told, seconds(a), seconds(b), *said])
    if rows:
        columns = ["command", small, large, "times", "time ÷ data", "", f"memory, {small}", f"memory, {large}"]
        out.append(table(columns, rows))
    for title, ingest in found.get("ingest", {}).items():
        out.append(f"{title}: `parvis boundaries` {phases(ingest)}")
    return "\n\n".join(out)


def absent(results: dict) -> str:
    """What could not be measured, with the error."""
    lines = [f"- {package}: not installed: {error}" for package, error in sorted(results["not_installed"].items())]
    for row in [*results.get("units", []), *results.get("tiles", [])]:
        lines += [f"- {row['input']}, {name}: {error}" for name, error in sorted(row["failed"].items())]
    return "## Not measured\n\n" + "\n".join(lines or ["Nothing is missing."])
