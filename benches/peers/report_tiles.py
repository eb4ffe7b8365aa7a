"""The part of the report on tiles: time and size of the pyramids, gaps and overlaps in them."""

import ours
from gaps import WHOLE_UNTIL
from markdown import memory, phases, ratio, seconds, table, verdict
from truth import MARGIN

PYRAMID = """## Boundary pyramid, zooms 0 to 12

The same polygons, ids, properties and first zooms for every tiler, and nothing dropped. Ours starts from the PBF, and draws
border lines and labels too; tippecanoe (`--no-simplification-of-shared-nodes --no-tiny-polygon-reduction`, no limits)
and freestiler start from our GeoJSONSeq; tilemaker from the PBF, its boundaries retagged as multipolygons beforehand.
*Polygon layers*: without other layers, every tool's compressed again by the same gzip. Against tippecanoe, aim: a fifth
of the time, polygon layers no larger; least: a third, archive 1.4 times."""

GAPS = f"""## Gaps and overlaps between neighbours

*Overlap*: area that two polygons of a level share in a tile; vertices are whole numbers, so 0 is none at all. Pairs of
units that overlap in the source already are counted apart. *Gap*: what a level's territory, {MARGIN} tile units in from its
own border, does not find covered. Square metres of ground, all levels together."""


def pyramid(row: dict) -> str:
    tools, mine = row["tools"], row["tools"].get("parvis", {})
    lines = []
    for name in in_order(tools):
        tool = tools[name]
        times = [seconds(tool), ratio(mine, tool, "seconds", "slower"), memory(tool)]
        whole = [megabytes(tool, "bytes"), ratio(mine, tool, "bytes", "larger")]
        layers = [megabytes(tool, "polygon_bytes"), ratio(mine, tool, "polygon_bytes", "larger")]
        tiles = [f"{tool['tiles']:,}", f"{tool['largest_tile'] / 1e3:.0f} kB"]
        lines.append([name + (" (once)" if name in row["once"] else ""), *times, *whole, *layers, *tiles])
    columns = ["tiler", "time", "ours ÷ it", "memory", "archive", "ours ÷ it", "polygon layers", "ours ÷ its"]
    units = ", ".join(f"{count:,} {name}" for name, count in row["units"].items() if count)
    out = [f"### {row['input']}: {units}", table([*columns, "tiles", "largest tile"], lines)]
    peer = tools.get("tippecanoe")
    if peer and mine:
        said = f"polygon layers {verdict(mine['polygon_bytes'] / peer['polygon_bytes'], 1.0, 1.0)}; "
        said += f"archive {verdict(mine['bytes'] / peer['bytes'], 1.0, 1.4)}"
        if "seconds" in mine:
            said = f"time {verdict(mine['seconds'] / peer['seconds'], 1 / 5, 1 / 3)}; {said}"
        out.append(f"Against tippecanoe: {said}.")
    if "ingest" in row:
        out.append(f"`parvis boundaries --tiles`: {phases(row['ingest'])}")
    return "\n\n".join(out)


def in_order(tools: dict | set) -> list[str]:
    """Ours first."""
    return sorted(tools, key=lambda name: (name != "parvis", name))


def megabytes(tool: dict, key: str) -> str:
    return f"{tool[key] / 1e6:.1f} MB"


def gaps(found: dict) -> str:
    rows = found["rows"]
    tools = in_order({row["tool"] for row in rows})
    overlaps = {name: told for name, told in found["source_overlaps"].items() if told["pairs"]}
    source = ", ".join(f"{told['pairs']} pairs of {name} ({told['m2']:,} m²)" for name, told in overlaps.items())
    out = [
        f"### {found['input']}",
        f"{sum(found['tiles'].values()):,} tiles: all up to zoom {WHOLE_UNTIL}, then those that touch "
        f"{' and '.join(found['boxes'])}. In the source itself overlap: {source or 'none'}.",
    ]
    lines = []
    for zoom in range(ours.LAST_ZOOM + 1):
        line = [str(zoom), f"{found['tiles'][str(zoom)]:,}"]
        for tool in tools:
            own = [row for row in rows if row["tool"] == tool and row["zoom"] == zoom]
            line += [area(own, "gap"), area(own, "overlap")]
        lines.append(line)
    columns = ["zoom", "tiles"] + [f"{tool} {what}" for tool in tools for what in ("gap", "overlap")]
    out += [table(columns, lines), *whole(rows, tools), *not_zero(rows)]
    return "\n\n".join(out)


def area(rows: list[dict], what: str) -> str:
    """Square metres of all levels of a tool at a zoom; a plain 0 only where there is none."""
    metres = sum(row[f"{what}_m2"] for row in rows)
    tiles = sum(row[f"{what}_tiles"] for row in rows)
    return "0" if tiles == 0 else f"{metres:,.0f}" if metres >= 1 else "under 1"


def whole(rows: list[dict], tools: list[str]) -> list[str]:
    """All zooms and levels of a tool together."""
    lines = []
    for tool in tools:
        own = [row for row in rows if row["tool"] == tool]
        total = {key: sum(row[key] for row in own) for key in own[0] if key not in ("tool", "zoom", "level", "units")}
        parts = [f"{total[key] / total['drawn_m2'] * 1e6:.3g}" for key in ("gap_m2", "overlap_m2", "apart_m2")]
        inside = total["invalid"] - total["invalid_in_buffer"]
        shown = sum(row["units"] or 0 for row in own if row["zoom"] == WHOLE_UNTIL)
        counts = [f"{total['polygons']:,}", f"{inside:,}", f"{total['invalid_in_buffer']:,}"]
        lines.append([tool, *parts, *counts, f"{shown:,}"])
    columns = ["tiler", "gaps", "overlaps", "parents, children apart", "polygons", "invalid", "invalid in the buffer"]
    return [
        "All zooms and levels: parts per million of the area drawn; polygons that break OGC's rules (crossing or "
        f"touching themselves) in the tile or only in its buffer; different units shown at zoom {WHOLE_UNTIL}.",
        table([*columns, f"units at zoom {WHOLE_UNTIL}"], lines),
    ]


def not_zero(rows: list[dict]) -> list[str]:
    """Where ours has gaps or overlaps after all."""
    wrong = [row for row in rows if row["tool"] == "parvis" and (row["gap_tiles"] or row["overlap_tiles"])]
    if not wrong:
        return ["Ours: no gap, no overlap."]
    lines = [
        [f"{row['level']}, zoom {row['zoom']}"]
        + [f"{row[what + '_units']:.3g} in {row[what + '_tiles']} tiles" for what in ("gap", "overlap")]
        for row in wrong
    ]
    return ["**Ours is not zero** here, in square tile units:", table(["level", "gap", "overlap"], lines)]
