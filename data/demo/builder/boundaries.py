"""From the contours of the source to the two PBF files: mesh, mend, attribute voids, write."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import shapely

import pbf
import units
import voids
from mesh import Mesh, Ring
from sources import Territory
from topology import Mending, mend


def _report(mending: Mending, found: list[voids.Void], names: list[str]) -> dict[str, Any]:
    lenses = sorted(mending.lenses, key=lambda lens: -lens[0])
    return {
        "inserted_nodes": mending.inserted,
        "inserted_crossings": mending.crossings,
        "lenses": [{"kind": kind, "square_metres": round(area, 1), "communes": sorted(names[i] for i in unit_set)}
                   for area, kind, unit_set in lenses],
        "touched": sorted({names[i] for i in mending.units}),
        "voids": [{"whose": void.whose, "hectares": round(void.hectares, 1),
                   "commune": names[void.place] if void.place is not None else None,
                   "neighbours": sorted(names[i] for i in void.neighbours)}
                  for void in sorted(found, key=lambda void: (void.whose, names[void.neighbours[0]]))],
    }


def build(territory: Territory, path: Path, region: str | None = None) -> dict[str, Any]:
    """Write one PBF, of all of France or of one region; returns counts and the mending report."""
    places = [place for place in territory.places if region in (None, place.region)]
    mesh = Mesh()
    for i, place in enumerate(places):
        if place.geometry is not None:
            mesh.add(i, place.geometry)
    cover = shapely.STRtree([p.geometry for p in places if p.is_commune and p.geometry is not None])
    mending = mend(mesh, lambda unit: places[unit].is_commune, cover)
    found = voids.find(mesh, [ring for ring in mesh.rings if places[ring.unit].is_commune], places)

    rings_of: dict[int, list[Ring]] = defaultdict(list)
    for ring in mesh.rings:
        rings_of[ring.unit].append(ring)
    # A commune without contour has no relation of its own, but its land counts in the levels above it.
    for void in found:
        if void.place is not None:
            rings_of[void.place].extend(void.rings(void.place))
    all_units = units.of(territory, places)
    extra: dict[int, list[Ring]] = defaultdict(list)
    for number, unit in enumerate(all_units):
        if unit.level <= 7:
            inside = set(unit.places)
            for void in found:
                if void.whose == "unattributed" and inside.issuperset(void.neighbours):
                    extra[number].extend(void.rings(-1))
    counts = pbf.write(path, mesh, all_units, rings_of, extra)
    names = [f"{place.code} {place.name}" for place in places]
    return {"counts": counts, **_report(mending, found, names)}
